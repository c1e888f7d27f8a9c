"""A project moves: from a laptop to a cluster or a cloud, to requests, up a level, and back."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import yaml
from support import commit, generate, git, update

MINE = "\n\ndef mine() -> str:\n    return 'mine'\n"
ALIKE = {"owner": "Ada", "ci": "github", "success_criteria": "0.6 precision by 2027-03-31"}
ADOPT = {"adopt": "all"}
TEAM = {"platform_skill": "k8s_team", "team_size": 4, **ADOPT}
ALONE = {"cloud": "none", "platform_skill": "none", "team_size": 1, **ADOPT}
DOCUMENTS = {".copier-answers.yml", "README.md", "architecture.md", "docs"}
CONFIGURATION = {"stacks", "schedules", ".github", "configs", "infrastructure"}
PACKAGING = {
    "pyproject.toml", "uv.lock", ".dockerignore", ".gitignore", "Dockerfile", "deploy",
}  # fmt: skip
CODE = {"Makefile", "benchmarks", "src", "tests"}


class Move(NamedTuple):
    """Answers that are given on an update, what may change by them, and what runs the steps then.

    `core` begins the names of the files that may come to `core/`, or leave it.
    """

    answers: dict[str, Any]
    changes: set[str]
    orchestrator: str
    core: tuple[str, ...] = ()


MOVES = {
    "a laptop's project goes to Kubernetes": Move(
        {"cloud": "onprem_k8s", "stack_orchestrator": "kubernetes"},
        DOCUMENTS | CONFIGURATION | PACKAGING,
        "kubernetes",
    ),
    "a team works on it": Move(TEAM, DOCUMENTS | CONFIGURATION | PACKAGING | CODE, "kubernetes"),
    "back to the laptop": Move(
        {"stack_orchestrator": "local", **ALONE},
        DOCUMENTS | CONFIGURATION | PACKAGING | CODE,
        "local",
    ),
    "to AWS, and up to level 2": Move(
        {
            "cloud": "aws",
            "stack_orchestrator": "sagemaker",
            "current_level": 1,
            "maturity_level": 2,
            **ADOPT,
        },
        DOCUMENTS | CONFIGURATION | PACKAGING,
        "sagemaker",
    ),
    "requests are answered, on Kubernetes": Move(
        {"consumption": "both", "cloud": "onprem_k8s", "stack_orchestrator": "kubernetes", **ADOPT},
        DOCUMENTS | CONFIGURATION | PACKAGING | CODE,
        "kubernetes",
        ("serving", "rollout"),
    ),
    "batches alone, on the laptop, at level 1": Move(
        {
            "consumption": "batch",
            "stack_orchestrator": "local",
            "current_level": 0,
            "maturity_level": 1,
            **ALONE,
        },
        DOCUMENTS | CONFIGURATION | PACKAGING | CODE,
        "local",
        ("serving", "rollout"),
    ),
}


class Moved(NamedTuple):
    """What one move did to the project."""

    files: dict[str, str]
    """Path of each changed file, and whether it was added, modified or deleted."""
    stacks: dict[str, bytes]
    document: str
    features: str
    conflicts: str


@pytest.fixture(scope="module")
def project(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laptop's project, with a person's edit below `core/`."""
    project = generate(repository, tmp_path_factory.mktemp("moves") / "movers", **ALIKE)
    features = project / "src/movers/core/features.py"
    features.write_text(features.read_text("utf-8") + MINE, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def moved(project: Path) -> dict[str, Moved]:
    """Each move in turn."""
    told = {}
    for name, move in MOVES.items():
        update(project, **move.answers)
        git(project, "add", "-A")
        listed = git(project, "diff", "--cached", "--no-renames", "--name-status").splitlines()
        stacks = {path.stem: path.read_bytes() for path in (project / "stacks").glob("*.yaml")}
        told[name] = Moved(
            {path: kind for kind, path in (line.split("\t") for line in listed)},
            stacks,
            (project / "architecture.md").read_text("utf-8"),
            (project / "src/movers/core/features.py").read_text("utf-8"),
            "".join(re.findall("^.<<<<<<<.*", git(project, "diff", "--cached"), re.MULTILINE)),
        )
    return told


@pytest.mark.parametrize("name", MOVES)
def test_a_move_touches_what_it_is_about_and_no_file_that_stays_in_core(
    name: str, moved: dict[str, Moved]
) -> None:
    files, move = moved[name].files, MOVES[name]
    folders = {path.partition("/")[0] for path in files}
    assert {".copier-answers.yml", "architecture.md", "docs"} <= folders <= move.changes
    assert files["docs/decisions/log.md"] == "M"
    core = {path: kind for path, kind in files.items() if "/core/" in path}
    assert "M" not in core.values()
    assert all(Path(path).name.startswith(move.core) for path in core), core
    assert moved[name].features.endswith(MINE)
    assert moved[name].conflicts == ""


@pytest.mark.parametrize("name", MOVES)
def test_the_stacks_are_those_of_the_document_and_fit_zenml(
    name: str, moved: dict[str, Moved], stack_check: ModuleType, tmp_path: Path
) -> None:
    stacks, orchestrator = moved[name].stacks, MOVES[name].orchestrator
    (tmp_path / "stacks").mkdir()
    for environment, content in stacks.items():
        path = tmp_path / "stacks" / f"{environment}.yaml"
        path.write_bytes(content)
        checked = stack_check.check(stack_check.Project(tmp_path), path)
        assert checked.file.name == f"movers-{environment}"
    last = stacks.get("production", stacks["local"])
    assert yaml.safe_load(last)["components"]["orchestrator"]["flavor"] == orchestrator
    assert f"(docs/decisions/2h_stack_orchestrator.md) (`{orchestrator}`)" in moved[name].document


def test_the_way_stands_in_log_and_records_and_back_is_the_project_of_before(
    repository: Path, moved: dict[str, Moved], project: Path, tmp_path: Path
) -> None:
    log = (project / "docs/decisions/log.md").read_text("utf-8")
    for step in (
        "`stack_orchestrator` | local | kubernetes | person | cloud none → onprem_k8s",
        "`stack_artifact_store` | local | s3 | proposal | RF36 no longer allows Local folder",
        "`maturity_level` | 1 | 2 | person | current_level 0 → 1 |",
        "`deployment_mode` | batch | both | proposal | consumption",
    ):
        assert step in log
    record = (project / "docs/decisions/2h_stack_artifact_store.md").read_text("utf-8")
    assert "superseded by **S3" in record and "was asked for and is blocked" not in record
    fresh = generate(repository, tmp_path / "movers", consumption="batch", **ALIKE)
    commit(fresh)
    git(project, "add", "-A")
    for folder in ("src", "tests", "configs", "stacks"):
        assert git(project, "ls-files", folder) == git(fresh, "ls-files", folder)
    for name, content in moved["batches alone, on the laptop, at level 1"].stacks.items():
        assert (fresh / f"stacks/{name}.yaml").read_bytes() == content
