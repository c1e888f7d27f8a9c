"""Text that breaks formats, wherever a person may write: refused with a sentence, or unharmed."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier.errors import UserMessageError
from hostile import BREAKS, CONTROLS, LENGTHS, OPENINGS, PIECES, texts_of
from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture import answers, intake, session
from mlops_architecture.data_profile import ProfileError, profile_table
from mlops_architecture.problem_statement import write_problem_statement
from mlops_architecture.red_flags import ANSWERS, wanting
from support import generate, recorded
from test_questions import QUESTIONS

FREE = [
    name
    for name, question in QUESTIONS.items()
    if question["type"] == "str" and not question.get("choices")
]
PLACES = {
    "project_name", "package_name", "problem_statement", "data_file", "adopt", "positive_class",
}  # fmt: skip
"""Names and paths, which take no sentence."""
WRITTEN = [name for name in FREE if name not in PLACES and name not in answers.RECORDED]
HOSTILE = (*PIECES, *OPENINGS, *CONTROLS, *BREAKS, *LENGTHS.values())
PEOPLE = {"horizon": "production", "personal_data": "direct", "regulations": "[gdpr]"}
DESIGNS: tuple[dict[str, Any], ...] = (
    {
        "owner": "", "data_gates": "report", "data_engine": "spark", "feature_store": "feast",
        "training_tracker": "mlflow", "stack_data_validator": "evidently", "data_size_gb": 40,
        "stack_orchestrator": "kubernetes", "deployment_mode": "realtime", "n_numeric": 10,
        "monitoring_drift": "library_defaults", "monitoring_trigger": "drift",
        "use_case": "fraud", "monitoring_exploration": "none", "ci": "gitlab",
    },
    {
        "rows": 1000, "positive_rate": 0.1, "training_candidates": "lightgbm",
        "training_imbalance": "resample", "data_plan": "skip", "impact": "high",
        "governance_approval": "author", "label_delay_days": 0.125, "ci": "github",
        "monitoring_retrain_days": 0, "consumption": "both", "cloud": "aws",
        "cost_false_positive": 20, "cost_false_negative": 240, "save_rate": 0.05,
        "training_calibration": "none",
    },
    {
        "use_case": "credit", "regulations": "[eu_ai_act]", "data_retention_months": 24,
        "baseline_kind": "model", "baseline_value": 0.995, "primary_metric": "roc_auc",
        "rows": 500, "positive_rate": 0.1, "training_candidates": "deep", "impact": "medium",
        "personal_data": "cardholder", "stack_artifact_store": "local", "label_delay_days": 60,
        "consumption": "realtime", "deployment_strategy": "shadow_canary", "cloud": "gcp",
    },
    {
        **PEOPLE, "data_retention_months": 72, "training_candidates": "tabpfn",
        "training_threshold": "half", "positive_rate": 0.3,
        "cost_false_positive": 20, "cost_false_negative": 240, "save_rate": 0.25,
        "monitoring_plan": "skip", "cloud": "onprem_vm",
    },
)  # fmt: skip
"""Answers to which much is objected, so that reasons and waivers are written."""
ABOUT_A_TABLE = {"rf32_reason"}
"""Reasons that only a table asks for; they are written where the others are."""


def marked(name: str, text: str) -> str:
    """`text` between marks, as the answer `name` takes it."""
    words = f"Mark{name.replace('_', '')} we know {text} end"
    if name in {"guardrails", "post_outcome_columns", "existing_tools"}:
        words = words.replace(";", ",")
    if name == "post_outcome_columns":
        words = words.replace(",", " ")
    return f"Ada Lovelace: {words}" if name.endswith("_waiver") else words


def flat(text: str) -> str:
    return " ".join(text.split())


def harmed(project: Path, told: Iterable[str]) -> list[tuple[str, str]]:
    """Files that hold the mark of a text and not the text, and what they hold instead.

    An argument may be cut at a semicolon, to be short.
    """
    wanted = {text.split()[0]: flat(text) for text in told}
    found = []
    for path in project.rglob("*"):
        if path.is_file():
            texts = "\n".join(map(flat, texts_of(path)))
            found += [
                (str(path.relative_to(project)), texts[texts.index(mark) :][: len(whole)])
                for mark, whole in wanted.items()
                if mark in texts
                and whole not in texts
                and not (";" in whole and whole.partition(";")[0] in texts)
            ]
    return found


@given(st.sampled_from(FREE), st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_any_text_is_taken_or_refused_with_a_sentence(name: str, text: str) -> None:
    problem = answers.outside_objection({name: text})
    assert problem == "" or problem.startswith(f"-d {name}: ")
    assert problem == "" or problem.endswith(".")
    if name in WRITTEN and any(control in text for control in (*CONTROLS, "\n", "\x00")):
        assert problem


PAIRS = [" ".join(pair) for pair in zip(PIECES[::2], [*PIECES[1::2], "."], strict=True)]


@pytest.mark.parametrize("position", range(len(PAIRS)))
def test_what_people_write_arrives_unharmed_in_every_file(
    position: int, template: Path, tmp_path: Path
) -> None:
    text, design = PAIRS[position], DESIGNS[position % len(DESIGNS)]
    told = {name: marked(name, text) for name in WRITTEN} | design
    project = generate(template, tmp_path / "p", **told)
    kept = recorded(project)
    words = [name for name in WRITTEN if name not in design and name in kept]
    assert {name: kept[name] for name in words} == {name: told[name] for name in words}
    assert "formulation" in words and len(words) >= 15
    marks = [told[name].removeprefix("Ada Lovelace: ") for name in words]
    assert harmed(project, marks) == []
    document = "".join(map(flat, texts_of(project / "architecture.md")))
    assert [mark for mark in marks if mark.split()[0] not in document] == []


def test_every_reason_and_waiver_is_asked_for_by_one_of_these_designs() -> None:
    asked: set[str] = set()
    for design in DESIGNS:
        facts = tuple(
            (name, answers.typed(name, design[name])) for name in intake.BY_NAME if name in design
        )
        decided = tuple((name, value) for name, value in design.items() if name not in dict(facts))
        raised = session.design_of(session.Known("p", "", "", facts), decided, "stack").raised
        asked |= {name for name in ANSWERS if any(map(wanting(name).raised_as, raised))}
    assert set(ANSWERS) - asked == ABOUT_A_TABLE


@pytest.mark.parametrize("turn", range(3))
def test_what_begins_like_a_mark_is_read_as_text(turn: int, template: Path, tmp_path: Path) -> None:
    texts = [f"{text} that we know" for text in OPENINGS]
    told = {
        name: texts[(7 * position + 11 * turn) % len(texts)]
        for position, name in enumerate(WRITTEN)
        if not name.endswith("_waiver")
    } | DESIGNS[turn]
    project = generate(template, tmp_path / "p", **told)
    words = {*told} - {*DESIGNS[turn]}
    kept = {name: value for name, value in recorded(project).items() if name in words}
    assert kept == {name: told[name] for name in kept} and len(kept) >= 12
    shown = [each for path in project.rglob("*.md") for each in map(flat, texts_of(path))]
    for name in ("formulation", "success_criteria", "residency"):
        assert any(told[name] in each for each in shown), told[name]


STATED = (
    "title", "formulation", "success_criteria", "guardrails", "target", "event_time",
    "entity_key", "known_issues", "consumer", "decision_time", "business_outcome",
    "target_definition", "business", "product", "model", "data",
)  # fmt: skip


@pytest.mark.parametrize("position", range(0, len(PAIRS), 2))
def test_a_statement_in_words_like_these_is_read_back_and_shown_unharmed(
    position: int, template: Path, tmp_path: Path
) -> None:
    text = PAIRS[position]
    told = {name: marked(name, text) for name in STATED}
    statement = tmp_path / "statement.md"
    statement.write_text(write_problem_statement(told), encoding="utf-8")
    project = generate(template, tmp_path / "p", problem_statement=str(statement))
    kept = recorded(project)
    assert kept["formulation"] == told["formulation"] and kept["target"] == told["target"]
    assert harmed(project, told.values()) == []
    copied = (project / "problem_statement.md").read_text("utf-8")
    assert copied.strip() == statement.read_text("utf-8").strip()


SECTIONS = re.findall(r"(?m)^(?:## .*|- \*\*.*?\*\*:)", write_problem_statement(
    {"problem_type": "binary", "rows": 10, **dict.fromkeys(STATED, "x y")}
))  # fmt: skip


def stated(folder: Path, texts: Iterable[str]) -> Path:
    """A statement with each section in turn in the words of one of these."""
    words = cycle(text.encode("utf-8", "replace").decode() for text in texts)
    statement = folder / "statement.md"
    lines = [f"{section}\n{next(words)}" for section in SECTIONS]
    statement.write_text("\n\n".join(lines), encoding="utf-8")
    return statement


READABLE = [text for text in HOSTILE if "\x00" not in text]


@pytest.mark.parametrize(
    "texts", [READABLE[turn::4] for turn in range(4)], ids=("first", "second", "third", "fourth")
)
def test_a_statement_of_anything_is_read(texts: list[str], template: Path, tmp_path: Path) -> None:
    statement = stated(tmp_path, texts)
    project = generate(template, tmp_path / "p", problem_statement=str(statement))
    for path in project.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            texts_of(path)


def test_a_statement_that_is_no_text_is_refused(template: Path, tmp_path: Path) -> None:
    statement = stated(tmp_path, [CONTROLS[0]])
    with pytest.raises(UserMessageError, match=r"problem_statement.*\.$"):
        generate(template, tmp_path / "p", problem_statement=str(statement))


RARE = "{{ 'si' }} \"`|\\ # ü"
"""A class: what a score is of."""


def table(path: Path, names: list[str]) -> Path:
    """600 rows: the columns are, in turn, a time, a key of few, a class, and numbers."""
    draw = random.Random(4)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in range(600):
            day = f"2025-{1 + row // 60:02}-{1 + row % 28:02}T{row % 24:02}:00:00"
            numbers = [round(draw.random(), 3) for _ in names[3:]]
            writer.writerow([day, f"k{row % 40}", draw.choice(["no", "no", RARE]), *numbers])
    return path


COLUMNS = [*PIECES, *OPENINGS, "long " * 100 + "x"]


@pytest.mark.parametrize("turn", range(4))
def test_columns_by_any_name_keep_it(turn: int, template: Path, tmp_path: Path) -> None:
    names = COLUMNS[3 * turn :] + COLUMNS[: 3 * turn]
    file = table(tmp_path / "it's {{ a }} table.csv", names)
    keys = {"event_time": names[0], "entity_key": names[1], "target": names[2]}
    project = generate(template, tmp_path / "p", data_file=str(file), **keys, consumption="both")
    contract = yaml.safe_load((project / "data/contract.yaml").read_text("utf-8"))
    assert [column["name"] for column in contract["columns"]] == names
    assert {name: contract[name] for name in keys} == keys
    assert contract["table"] == file.name
    assert contract["positive_class"] == recorded(project)["positive_class"] == RARE
    texts = {path: texts_of(path) for path in project.rglob("*") if path.is_file()}
    shown = "".join(map(flat, texts[project / "architecture.md"]))
    assert all(flat(name) in shown for name in keys.values())


@pytest.mark.parametrize(
    "name", [*CONTROLS[:-1], *BREAKS, "x" * 50_000], ids=lambda name: ascii(name[:9])
)
def test_columns_that_no_file_could_name_are_refused(name: str, tmp_path: Path) -> None:
    file = table(tmp_path / "table.csv", ["when", "who", "left", name])
    with pytest.raises(ProfileError) as refusal:
        profile_table(file)
    assert "column" in str(refusal.value) and len(str(refusal.value)) < 400
