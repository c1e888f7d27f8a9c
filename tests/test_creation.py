"""What is generated: whole, parseable, formatted, and free of traces of the template."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from covering import all_pairs, identify
from pytest_copie.plugin import Copie
from support import generate, recorded
from tables import TABLES, write

FACTORS: dict[str, list[Any]] = {
    "table": ["none", *TABLES],
    "ci": ["none", "github", "gitlab"],
    "approval": ["approve", "document"],
    "consumption": ["batch", "both", "realtime"],
    "cloud": ["none", "aws", "gcp", "azure", "onprem_vm", "onprem_k8s"],
    "horizon": ["production", "prototype", "learning"],
    "impact": ["low", "high"],
    "personal_data": ["none", "direct", "special_or_phi"],
    "monitoring_plan": ["good", "skip"],
    "training_plan": ["good", "skip"],
    "deployment_plan": ["good", "skip"],
    "project_name": ["churn", "A rather long project name of forty ch", "class"],
}
CASES = all_pairs(FACTORS)
RUFF = str(Path(sys.executable).with_name("ruff"))
ALWAYS = {".copier-answers.yml", "architecture.md", "docs", "problem_statement.md"}
PROJECT = ALWAYS | {
    ".gitignore", "Makefile", "README.md", "configs", "data",
    "pyproject.toml", "src", "stacks", "tests", "uv.lock",
}  # fmt: skip
SERVED = {".dockerignore", "Dockerfile", "benchmarks", "deploy"}
BY_CI = {"none": set[str](), "github": {".github"}, "gitlab": {".gitlab-ci.yml"}}


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tables")
    return {name: write(make(), folder / f"{name}.csv") for name, (make, _) in TABLES.items()}


def answers(case: dict[str, Any], tables: dict[str, Path]) -> dict[str, Any]:
    given = {name: value for name, value in case.items() if name != "table"}
    if case["table"] != "none":
        given |= {"data_file": str(tables[case["table"]]), "target": TABLES[case["table"]][1]}
    return given


@pytest.mark.parametrize("case", CASES, ids=lambda case: identify(case, ("table", "ci", "cloud")))
def test_every_combination_gives_a_whole_project(
    case: dict[str, Any], template: Path, tmp_path: Path, tables: dict[str, Path]
) -> None:
    project = generate(template, tmp_path / "p", **answers(case, tables))
    expected = PROJECT | BY_CI[case["ci"]] if case["approval"] == "approve" else ALWAYS
    watched = case["monitoring_plan"] == "good" and case["horizon"] == "production"
    if watched and case["approval"] == "approve" and case["ci"] == "none":
        expected = expected | {"schedules"}
    answering = recorded(project)["deployment_mode"] in ("realtime", "both")
    if answering and case["deployment_plan"] == "good" and case["approval"] == "approve":
        expected = expected | SERVED
    beyond = (project / "stacks/production.yaml").exists()
    if beyond and case["cloud"] in ("aws", "azure", "gcp"):
        expected = expected | {"infrastructure"}
    assert {path.name for path in project.iterdir()} == expected
    for path in project.rglob("*"):
        if path.is_file():
            parse(path)
    lint(project)
    document = (project / "architecture.md").read_text("utf-8")
    assert len(re.findall(r"^## \d+\. ", document, re.M)) == 12
    assert recorded(project)["monitoring_plan"] == case["monitoring_plan"]


def parse(path: Path) -> None:
    """Holds a generated file to its format, and against traces of Jinja."""
    _parse(Path(path.name), path.read_text("utf-8"))


@lru_cache(maxsize=4096)
def _parse(path: Path, text: str) -> None:
    if path.suffix == ".py":
        ast.parse(text)
    elif path.suffix in {".yaml", ".yml"}:
        assert all(part is not None for part in yaml.load_all(text, yaml.CSafeLoader))
    elif path.suffix == ".json":
        json.loads(text)
    elif path.suffix in {".toml", ".lock"}:
        tomllib.loads(text)
    if path.name != ".copier-answers.yml":
        # a secret of ZenML, an expression of GitHub
        text = re.sub(r"\{\{\w+\.\w+\}\}|\$\{\{.*?\}\}", "", text)
        assert not re.search(r"\{% |\{\{ ?[a-z]", text), f"Jinja is left in {path}"
    assert "\n\n\n" not in text or path.suffix in {".py", ".lock"}, f"a hole in {path}"
    assert text.endswith("\n") or not text


def lint(project: Path) -> None:
    """The formatter leaves no diff and the linter finds nothing."""
    if not (project / "pyproject.toml").is_file():
        return
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        run = subprocess.run(
            [RUFF, *command, "."], cwd=project, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_a_second_copy_of_the_same_answers_is_the_same(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    given = {"data_file": str(churn), "target": "left", "project_name": "same"}
    first = generate(template, tmp_path / "a", **given)
    second = generate(template, tmp_path / "b", **given)
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


def test_no_cell_of_an_identifier_enters_the_project(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(template, tmp_path / "p", data_file=str(churn), target="left")
    written = "".join(path.read_text("utf-8") for path in project.rglob("*") if path.is_file())
    assert "C00001" not in written
    assert "customer_id" in written


def test_the_template_bakes_as_a_plain_copier_template(copie: Copie, template: Path) -> None:
    result = copie.copy(extra_answers={"project_name": "baked"}, template_dir=template)
    assert result.exit_code == 0 and result.exception is None
    assert (result.project_dir / "src" / "baked" / "cli.py").is_file()
