"""Every way of running Copier ends in a project, or in a sentence and nothing half-written."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from copier._cli import CopierApp
from support import Terminal, commit, copy_template, generate, git, recorded, stand_in

FILE = "architecture.md"


class Run:
    """What a command line of Copier came to."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capture = capfd
        self.said = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """The words of `copier` with these arguments, which ends with this code."""
        command, *rest = map(str, arguments)
        _, ended = CopierApp.run(["copier", command, "--trust", *rest], exit=False)
        captured = capfd_text(self._capture)
        assert ended == code, captured
        assert "Traceback" not in captured
        return " ".join(captured.split())


def capfd_text(capfd: pytest.CaptureFixture[str]) -> str:
    captured = capfd.readouterr()
    return captured.out + captured.err


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Path:
    """A project in git, made from a tagged template."""
    made = generate(repository, tmp_path / "p", owner="Ada", approval="document")
    commit(made)
    return made


def test_defaults_ask_nothing_and_say_so(run: Run, template: Path, tmp_path: Path) -> None:
    said = run("copy", "--defaults", template, tmp_path / "p")
    assert "Architecture locked" in said
    assert recorded(tmp_path / "p")["approved"] == "unattended"


def test_a_data_file_answers_like_data_does(run: Run, template: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("owner: Ada\nteam_size: 3\nregulations: [gdpr]\npersonal_data: direct\n")
    given = ("--data-file", answers, "--data", "team_size=4", "-d", "approval=document")
    run("copy", "--defaults", *given, template, tmp_path / "p")
    kept = recorded(tmp_path / "p")
    assert (kept["owner"], kept["team_size"], kept["regulations"]) == ("Ada", 4, ["gdpr"])


def test_the_answers_of_a_project_are_no_data_file_and_recopy_repeats_them(
    run: Run, project: Path, repository: Path, tmp_path: Path
) -> None:
    answers = project / ".copier-answers.yml"
    given = ("--defaults", "--data-file", answers)
    said = run("copy", *given, repository, tmp_path / "q", code=1)
    assert "copier recopy --trust" in said and not (tmp_path / "q").exists()
    (tmp_path / "q").mkdir()
    shutil.copy(answers, tmp_path / "q")
    run("recopy", "--defaults", tmp_path / "q")
    assert (tmp_path / "q" / FILE).read_bytes() == (project / FILE).read_bytes()


def test_pretending_lists_the_files_and_writes_none(
    run: Run, template: Path, tmp_path: Path
) -> None:
    said = run("copy", "--defaults", "--pretend", template, tmp_path / "p")
    assert "create architecture.md" in said.replace("\x1b[39m\x1b[0m", "").replace("\x1b[1m", "")
    assert "Nothing was written" in said and "locked" not in said
    assert not (tmp_path / "p").exists()


def test_answered_questions_are_skipped_when_asked_to(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch)
    run("update", "--skip-answered", project)
    kept = recorded(project)
    assert kept["owner"] == "Ada"
    assert set(terminal.asked) == {"facts_review", "rf07_reason", "rf35_reason"}


def test_recopy_overwrites_what_the_template_wrote_and_keeps_the_answers(
    run: Run, project: Path
) -> None:
    whole = (project / FILE).read_bytes()
    (project / FILE).write_text("gone")
    (project / "problem_statement.md").write_text("mine")
    run("recopy", "--defaults", "--overwrite", project)
    assert (project / FILE).read_bytes() == whole
    assert (project / "problem_statement.md").read_text() == "mine"
    assert recorded(project)["owner"] == "Ada"


@pytest.mark.parametrize("at", ["owner", "approval"])
def test_an_interrupted_conversation_leaves_nothing(
    at: str, run: Run, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch)
    terminal.keys = {at: "\x03"}
    said = run("copy", template, tmp_path / "p", code=1)
    assert terminal.asked[-1] == at and "stopped by user" in said
    assert not (tmp_path / "p").exists()


def test_an_interrupted_update_leaves_the_project_as_it_was(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch)
    terminal.keys = {"monitoring_plan": "\x03"}
    run("update", project, code=1)
    assert terminal.asked[-1] == "monitoring_plan"
    assert git(project, "status", "--porcelain") == ""


def test_a_place_that_is_no_folder_is_refused_before_anything_is_asked(
    run: Run, template: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    for place in ("file", "file/p"):
        said = run("copy", "--defaults", template, tmp_path / place, code=1)
        assert "file is no folder" in said
    assert (tmp_path / "file").read_text() == "mine"


def test_a_place_that_may_not_be_written_to_is_refused_before_anything_is_asked(
    run: Run, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    if os.access(tmp_path / "shut", os.W_OK):  # root may write where nobody else may
        shut = str(tmp_path / "shut")
        allowed = os.access
        monkeypatch.setattr(
            os, "access", lambda path, mode: str(path) != shut and allowed(path, mode)
        )
    for place in ("shut", "shut/a/b"):
        said = run("copy", "--defaults", template, tmp_path / place, code=1)
        assert "shut may not be written to" in said
    assert not any((tmp_path / "shut").iterdir())


def test_a_disk_without_room_is_refused_before_anything_is_asked(
    run: Run, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=300_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    said = run("copy", "--defaults", template, tmp_path / "p", code=1)
    assert "0.3 MB" in said and not (tmp_path / "p").exists()


def test_a_disk_that_fills_up_while_files_are_written_leaves_no_half_of_a_project(
    template: Path, tmp_path: Path
) -> None:
    """Copier takes back the folder that it made; its own error says why."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(OSError) as full:
            generate(template, tmp_path / "p")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert full.value.errno == errno.EFBIG
    assert not (tmp_path / "p").exists()


def test_an_update_wants_a_clean_repository_and_says_so(run: Run, project: Path) -> None:
    (project / FILE).write_text("mine")
    assert "repository is dirty" in run("update", "--defaults", project, code=1)
    assert (project / FILE).read_text() == "mine"


def test_an_update_wants_a_repository_and_says_so(run: Run, project: Path) -> None:
    shutil.rmtree(project / ".git")
    assert "git-tracked" in run("update", "--defaults", project, code=1)
    assert (project / FILE).is_file()


def test_a_template_with_changes_that_nobody_committed_is_used_as_it_lies_there(
    run: Run, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "template")
    commit(template)
    runbook = template / "template/docs/runbook.md.jinja"
    runbook.write_text(runbook.read_text("utf-8") + "Not committed.\n", encoding="utf-8")
    run(
        "copy",
        "--defaults",
        "--vcs-ref",
        "HEAD",
        "-d",
        "approval=document",
        template,
        tmp_path / "p",
    )
    assert "Not committed." in (tmp_path / "p/docs/runbook.md").read_text("utf-8")


def own_repository(folder: Path) -> dict[str, str]:
    """A repository with code, data and a README, and what each of its files says."""
    mine = {"README.md": "mine", "src/app.py": "x = 1\n", "data/rows.csv": "a,b\n1,2\n"}
    for name, text in mine.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    commit(folder)
    return mine


def test_a_repository_of_its_own_takes_the_document_alone_and_keeps_every_file(
    run: Run, template: Path, tmp_path: Path
) -> None:
    mine = own_repository(tmp_path / "mine")
    refused = run("copy", "--defaults", template, tmp_path / "mine", code=1)
    assert "README.md" in refused and "src/app.py" not in refused
    assert "-d approval=document" in refused and "--skip" in refused
    run("copy", "--defaults", "-d", "approval=document", template, tmp_path / "mine")
    assert git(tmp_path / "mine", "status", "--porcelain").splitlines() == [
        "?? .copier-answers.yml", "?? architecture.md", "?? docs/", "?? problem_statement.md",
    ]  # fmt: skip
    assert {name: (tmp_path / "mine" / name).read_text() for name in mine} == mine


def test_a_repository_of_its_own_takes_the_project_around_the_files_that_it_keeps(
    run: Run, template: Path, tmp_path: Path
) -> None:
    mine = own_repository(tmp_path / "mine")
    listed = run("copy", "--defaults", "--pretend", "-s", "README.md", template, tmp_path / "mine")
    assert "pyproject.toml" in listed and not (tmp_path / "mine/pyproject.toml").exists()
    run("copy", "--defaults", "--skip", "README.md", template, tmp_path / "mine")
    assert {name: (tmp_path / "mine" / name).read_text() for name in mine} == mine
    assert (tmp_path / "mine/src/mine/cli.py").is_file()
    assert " M " not in git(tmp_path / "mine", "status", "--porcelain")


def test_a_repository_of_its_own_takes_the_project_in_a_folder_of_it(
    run: Run, template: Path, tmp_path: Path
) -> None:
    own_repository(tmp_path / "mine")
    run("copy", "--defaults", template, tmp_path / "mine/model")
    assert git(tmp_path / "mine", "status", "--porcelain") == "?? model/\n"


def test_without_git_on_the_machine_a_project_is_made_all_the_same(
    template: Path, tmp_path: Path
) -> None:
    path = str(stand_in(tmp_path / "bin", "uname", "true"))
    made = copier_without_git(path, "copy", "--defaults", str(template), str(tmp_path / "p"))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "p" / FILE).is_file() and "Traceback" not in made.stderr


def copier_without_git(path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command, *rest = arguments
    environment: dict[str, Any] = {**os.environ, "PATH": path}
    return subprocess.run(
        [sys.executable, "-m", "copier", command, "--trust", *rest],
        capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip
