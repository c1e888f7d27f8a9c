"""Every pair of answers that changes a file, in a few hundred projects.

A run takes one share of them, always the same, so that a commit fails for what it holds and not for
its date; `COVERING=3` takes another share, and `COVERING=all` every project. One project of a share
is held to its type checker, and trained and scored; of all of them, another tenth on each night.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations, product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from choices import DECISIONS, FACTS
from covering import Value, all_pairs, pairs_of
from mlops_architecture import contradictions, design, intake
from mlops_architecture.fact_defaults import Sources
from support import generate
from tables import TABLES, write
from test_creation import lint, parse
from test_generated_projects import ENVIRONMENT, hurry, uv

SAMPLES: dict[str, dict[str, Any]] = {
    "sample": {"problem_type": "binary"},
    "sample in time": {"event_time": "at"},
    "sample of many": {"event_time": "at", "entity_key": "who"},
    "sample of classes": {"problem_type": "multiclass"},
    "sample of numbers": {"problem_type": "regression", "entity_key": "who"},
}
MEASURED = {"temporal": {"data_cadence": "hourly"}}
"""What a table shows by itself that an answer can contradict."""
NUMBERS: dict[str, list[Any]] = {
    "team_size": [1, 6],
    "current_level": [0, 2],
    "months_operated": [0, 12],
    "n_models": [1, 4],
    "label_delay_days": [0.1, 15],
    "data_size_gb": [0.1, 400],
    "capacity": [0, 100],
    "latency_ms": [0, 40],
    "cost_false_positive": [0, 20],
    "cost_false_negative": [0, 240],
}
LISTS = {
    "regulations": ["[gdpr]", "[eu_ai_act, ecoa]", "[hipaa, sox]", "[none]"],
    "existing_tools": ["mlflow; airflow", "wandb; bentoml"],
    "owner": ["Ada"],
    "residency": ["the EU"],
}


FACTORS: dict[str, list[Any]] = {
    "table": [*SAMPLES, *TABLES],
    "project_name": ["churn", "A rather long project name of forty ch", "class"],
    "approval": ["approve", "document"],
    **{phase.plan: ["good", "skip"] for phase in design.PHASES},
    **{name: [None, *values] for name, values in (FACTS | NUMBERS | LISTS).items()},
    **{name: [None, *values] for name, values in DECISIONS.items() if len(values) > 1},
}
"""Every answer that changes a file, and what it may be; None is what the flow proposes."""


HELD_TOGETHER = [{*check.inputs} & {*intake.BY_NAME} for check in contradictions.CHECKS]


@cache
def contradicts(one: Value, other: Value) -> bool:
    """Whether two facts cannot both hold."""
    facts = {name: value for name, value in (one, other) if value is not None}
    table = facts.pop("table", "")
    known = SAMPLES.get(table, {}) | MEASURED.get(table, {}) | facts
    if not any(names <= set(known) for names in HELD_TOGETHER if len(names) > 1):
        return False
    if "regulations" in known:
        known["regulations"] = tuple(known["regulations"].strip("[]").split(", "))
    return bool(contradictions.contradictions(Sources(answers=tuple(known.items())), tuple(known)))


EVERY = all_pairs(FACTORS, contradicts)
SHARES = 10


def chosen() -> list[dict[str, Any]]:
    """The projects of this run."""
    asked = os.environ.get("COVERING", "")
    return EVERY if asked == "all" else EVERY[int(asked or 0) % SHARES :: SHARES]


CASES = chosen()


def named(case: dict[str, Any]) -> str:
    return f"{EVERY.index(case)}-{case['table']}".replace(" ", "_")


def test_every_pair_of_answers_that_can_hold_together_occurs() -> None:
    occurring = {pair for case in EVERY for pair in pairs_of(case)}
    for first, second in combinations(FACTORS, 2):
        for one, other in product(FACTORS[first], FACTORS[second]):
            pair = (first, one), (second, other)
            assert (pair in occurring) != contradicts(*pair), pair
    assert len(EVERY) >= 200


def made(case: dict[str, Any], template: Path, folder: Path) -> Path:
    """The project of a case."""
    given = {name: value for name, value in case.items() if value is not None and name != "table"}
    if case["table"] in TABLES:
        make, target = TABLES[case["table"]]
        given |= {"data_file": str(write(make(), folder / "table.csv")), "target": target}
    return generate(template, folder / "p", **given, **SAMPLES.get(case["table"], {}))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_pair_of_answers_gives_a_whole_project(
    case: dict[str, Any], template: Path, tmp_path: Path, stack_check: ModuleType
) -> None:
    project = made(case, template, tmp_path)
    files = [path for path in project.rglob("*") if path.is_file()]
    for path in files:
        parse(path)
    lint(project)
    assert not list(missing_modules(files))
    assert not list(missing_files(project, files))
    for path in project.glob("stacks/*.yaml"):
        stack_check.check(stack_check.Project(project), path)


def missing_modules(files: list[Path]) -> Iterator[str]:
    """Modules of the project itself that are imported and do not exist."""
    for path in files:
        if path.suffix == ".py" and "src" in path.parts:
            for level, module, names in imports(path.read_text("utf-8")):
                folder = path.parents[level - 1].joinpath(*module.split("." if module else None))
                if folder.with_suffix(".py").is_file():
                    continue
                if not (folder / "__init__.py").is_file():
                    yield f"{path}: {module}"
                elif not module:
                    inside = [(folder / name, folder / f"{name}.py") for name in names]
                    defined = (folder / "__init__.py").read_text("utf-8")
                    yield from (
                        f"{path}: {package.name}"
                        for package, file in inside
                        if not (package.is_dir() or file.is_file() or package.name in defined)
                    )


@lru_cache(maxsize=2048)
def imports(source: str) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Level, module and names of each relative import."""
    return tuple(
        (node.level, node.module or "", tuple(alias.name for alias in node.names))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level
    )


def missing_files(project: Path, files: list[Path]) -> Iterator[str]:
    """Relative links of the documents that lead nowhere."""
    for path in files:
        if path.suffix == ".md":
            for link in re.findall(r"(?<!\\)\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
                if not (path.parent / link).exists():
                    yield f"{path.relative_to(project)}: {link}"


WHOLE = [case for case in CASES if case["approval"] == "approve"]
NIGHT = int(os.environ.get("GITHUB_RUN_NUMBER", "0"))
TONIGHT = WHOLE[NIGHT % SHARES :: SHARES] if CASES == EVERY else WHOLE[:1]
_checked: set[str] = set()
"""Trees of code that the type checker found good in this process."""


@pytest.mark.parametrize("case", WHOLE if CASES == EVERY else WHOLE[:1], ids=named)
def test_the_code_of_every_pair_passes_its_type_checker(
    case: dict[str, Any],
    template: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = made(case | {"project_name": "churn"}, template, tmp_path)
    code = "".join(path.read_text("utf-8") for path in sorted(project.rglob("*.py")))
    tree = hashlib.sha256(code.encode()).hexdigest()
    if tree in _checked:
        return
    shared = tmp_path_factory.getbasetemp()
    monkeypatch.setitem(ENVIRONMENT, "UV_PROJECT_ENVIRONMENT", str(shared / "environment"))
    uv(project, "sync", "--locked")
    uv(project, "run", "--no-sync", "mypy", "--cache-dir", str(shared / "types"))
    _checked.add(tree)


@pytest.mark.parametrize("case", TONIGHT, ids=named)
def test_a_part_of_them_is_trained_and_scored(
    case: dict[str, Any], template: Path, tmp_path: Path
) -> None:
    project = made(case | {"project_name": "churn"}, template, tmp_path)
    hurry(project)
    assert "dummy" in uv(project, "run", "churn", "train").stdout
    assert "scored" in uv(project, "run", "churn", "score").stdout
