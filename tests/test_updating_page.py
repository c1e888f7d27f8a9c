"""Each command of `docs/updating.md` does what the page says of it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from copier._cli import CopierApp
from support import ROOT, Terminal, commit, generate, git, recorded

PAGE = (ROOT / "template" / "docs" / "updating.md").read_text("utf-8")
CONTROLS = {"adopt", "reread", "change_reason"}
"""Answers that say how, and are not recorded."""
GROWN = ("A fact has moved", "A decision: adopt, choose, skip")
MOVED = ("To a cluster or a cloud",)
RUN = ["Each time", *GROWN, *MOVED, "What left", "Conflicts"]
"""The sections whose commands these tests run."""


def commands(section: str) -> Iterator[list[str]]:
    """The commands of a section in `RUN`, each as words."""
    assert section in RUN
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    for block in re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace(" && ", "\n").splitlines():
            yield shlex.split(line, comments=True)


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory, churn: Path) -> Path:
    folder = tmp_path_factory.mktemp("updating") / "p"
    project = generate(repository, folder, data_file=str(churn), target="left")
    commit(project)
    return project


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as it was made, in which the commands are run."""
    project = shutil.copytree(made, tmp_path / "p")
    monkeypatch.chdir(project)
    return project


def run(project: Path, command: list[str]) -> None:
    """One command as it was typed; an update is checked and committed."""
    if command[0] != "copier":
        subprocess.run(command, check=True, cwd=project, env=None)
        return
    _, code = CopierApp.run(command, exit=False)
    assert code == 0, command
    assert not git(project, "ls-files", "--unmerged"), command
    given = dict(word.split("=", 1) for word in command if re.match(r"[a-z_]+=", word))
    answers = recorded(project)
    for name in given.keys() - CONTROLS:
        assert str(answers[name]).removesuffix(".0") == given[name], command
    if reason := given.get("change_reason"):
        assert f" | {reason}" in answers["decision_log"].splitlines()[-1]
    commit(project)


def test_every_command_is_run_by_one_of_these_tests() -> None:
    shown = re.findall(r"^(?:copier|git|uv) .*$", PAGE, re.MULTILINE)
    sections = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    assert sections == [*RUN, "What an update never overwrites"]
    assert sum(line.count(" && ") + 1 for line in shown) == sum(
        len(list(commands(section))) for section in RUN
    )


def test_each_time(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask, add, undo, quiet = commands("Each time")
    Terminal(monkeypatch)
    assert CopierApp.run(ask, exit=False)[1] == 0
    assert git(project, "status", "--porcelain", "--", "src", "configs", "stacks") == ""
    (project / "src/p/new.py").write_text("")
    run(project, add)
    run(project, undo)
    assert git(project, "status", "--porcelain") == "" and not (project / "src/p/new.py").exists()
    run(project, quiet)
    assert CopierApp.run(["copier", "check-update"], exit=False)[1] == 0
    assert "up-to-date" in capsys.readouterr().out


@pytest.mark.parametrize("sections", [GROWN, MOVED])
def test_updates(sections: tuple[str, ...], project: Path) -> None:
    for section in sections:
        for command in commands(section):
            run(project, command)


def test_what_left_comes_back(project: Path) -> None:
    listing, back = commands("What left")
    (project / "docs/runbook.md").unlink()
    assert git(project, *listing[1:]) == "docs/runbook.md\n"
    run(project, back)
    assert git(project, "status", "--porcelain") == ""


def test_a_lock_in_conflict_is_locked_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, lock = commands("Conflicts")
    path = project / "uv.lock"
    text = path.read_text("utf-8")
    path.write_text(f"<<<<<<< before updating\n{text}=======\n>>>>>>> after updating\n", "utf-8")
    assert git(project, "grep", "-l", "<<<<<<< before", "--", "uv.lock") == "uv.lock\n"
    run(project, theirs)
    monkeypatch.setenv("UV_OFFLINE", "1")
    run(project, lock)
    assert path.read_text("utf-8") == text
