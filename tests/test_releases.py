"""Releases: versions that agree, notes that exist, workflows that are safe, updates that arrive."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import copier
import pytest
from at_hand import templates_at_hand
from copier._main import get_update_data
from mlops_architecture import __version__
from moves import Move
from support import ROOT, commit, copy_template, git, recorded
from versions import TAGS, tagged_versions
from walk import NEVER_LEAVES, Walk

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
NOTES = runpy.run_path(str(ROOT / ".ci" / "release_notes.py"))
OWN = "# Our own line, which no update may lose."
MIGRATION = """\
_migrations:
  - version: v0.2.0
    when: "{{ _stage == 'before' }}"
    command: [git, mv, -k, docs/runbook.md, docs/incidents.md]
"""
"""How a release renames a file that people edit: no shell, and nothing but git."""
EARLY = "cedcf303dfb53da088cf485b74c9116b45de61b0"
"""A commit of 24 November 2026, half of our history ago."""


def test_the_version_is_one_and_the_changelog_has_its_section() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    day, text = NOTES["section"](CHANGELOG, __version__)
    assert re.fullmatch(r"Unreleased|\d{4}-\d\d-\d\d", day) and "### Added" in text


def unsaid(changelog: str) -> list[str]:
    """Versions after the first whose section does not begin with what an update does."""
    *later, _first = re.findall(r"^## \[(.+?)\]", changelog, re.M)
    begins = "### What an update does\n"
    sections = [(version, NOTES["section"](changelog, version)) for version in later]
    return [each for each, found in sections if not (found and found[1].startswith(begins))]


def test_each_section_after_the_first_begins_with_what_an_update_does() -> None:
    assert unsaid(CHANGELOG) == []
    says, first = "### What an update does\n\nIt moves.\n", "## [0.1.0] - 2026-01-01\n\nAll.\n"
    late = "## [0.3.0] - Unreleased\n\n### Added\n\nMuch.\n\n" + says
    assert unsaid(f"# C\n\n{late}\n## [0.2.0] - 2026-02-01\n\n{says}\n{first}") == ["0.3.0"]


@pytest.mark.parametrize(
    ("tag", "day", "refusal"),
    [
        ("v1.2", "2027-01-01", "is no tag of a release"),
        ("v1.2.4", "2027-01-01", "is not the version in pyproject.toml"),
        ("v1.2.3", "Unreleased", "write the day"),
    ],
)
def test_a_release_without_its_notes_is_refused(tag: str, day: str, refusal: str) -> None:
    with pytest.raises(SystemExit, match=refusal):
        NOTES["notes"](tag, f"## [1.2.3] - {day}\n\nA step.\n", "1.2.3")


def test_the_notes_of_a_release_are_its_section_alone() -> None:
    changelog = "# C\n\n## [1.2.3] - 2027-01-01\n\nA step.\n\n## [1.2.2] - 2026-01-01\n\nOld.\n"
    assert NOTES["notes"]("v1.2.3", changelog, "1.2.3") == "A step.\n"
    with pytest.raises(SystemExit, match="has no section"):
        NOTES["notes"]("v1.2.4", changelog, "1.2.4")


def test_the_workflows_of_this_repository_are_valid_and_safe() -> None:
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert [path.stem for path in workflows] == ["ci", "nightly", "release"]
    fits = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent)
    assert zizmor
    for command in ([*fits, *workflows], [zizmor, "--offline", ROOT / ".github"]):
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


def test_a_project_of_the_first_version_goes_through_every_version_to_the_newest(
    tmp_path: Path,
) -> None:
    with templates_at_hand():
        walk = Walk(tagged_versions(tmp_path / "template"), tmp_path / "p")
        walk.make(Move("create", {"ci": "github", "consumption": "both"}))
        assert not [path for path in NEVER_LEAVES if not (walk.project / path).is_file()]
        for path in ("README.md", "docs/runbook.md", "src/p/core/metrics.py"):
            walk.write(path, ["", OWN], len((walk.project / path).read_text("utf-8")))
        walk.commit("Our lines")
        assert get_update_data(walk.project) == (True, TAGS[0][1:], TAGS[-1][1:])
        walk.make(Move("fact", {"owner": "Ada"}))
        assert (walk.tag, recorded(walk.project)["owner"]) == (TAGS[0], "Ada")
        before = recorded(walk.project)
        for tag in TAGS[1:]:
            walk.make(Move("version", {"tag": tag}))
            assert walk.tag == tag
        assert get_update_data(walk.project)[0] is False
    after = recorded(walk.project)
    assert {name for name in after if after[name] != before[name]} == {"_commit"}
    assert not (walk.project / "docs" / "glossary.md").exists()
    readme = (walk.project / "README.md").read_text("utf-8")
    assert "## Start\n" in readme and "## Getting started" not in readme
    assert walk.conflicts == 0


def test_a_file_that_a_release_renames_keeps_what_was_written_into_it(tmp_path: Path) -> None:
    template, project = copy_template(tmp_path / "template"), tmp_path / "p"
    commit(template)
    git(template, "tag", "v0.1.0")
    git(template, "mv", "template/docs/runbook.md.jinja", "template/docs/incidents.md.jinja")
    settings = template / "copier.yml"
    settings.write_text(MIGRATION + settings.read_text("utf-8"), encoding="utf-8")
    commit(template)
    git(template, "tag", "v0.2.0")
    with templates_at_hand():
        copier.run_copy(
            str(template), project, vcs_ref="v0.1.0", defaults=True, unsafe=True, quiet=True
        )
        runbook = project / "docs" / "runbook.md"
        runbook.write_text(f"{runbook.read_text('utf-8')}\n{OWN}\n", encoding="utf-8")
        commit(project)
        copier.run_update(project, defaults=True, unsafe=True, quiet=True, overwrite=True)
    assert not runbook.exists()
    renamed = (project / "docs" / "incidents.md").read_text("utf-8")
    assert OWN in renamed and renamed.count("<<<<<<< before updating") == 1


def test_a_project_of_an_early_commit_arrives_at_the_newest_state(tmp_path: Path) -> None:
    template, project = tmp_path / "template", tmp_path / "p"
    known = subprocess.run(["git", "cat-file", "-e", EARLY], cwd=ROOT, check=False)
    if known.returncode:
        pytest.skip("a shallow clone has no early commit")
    git(tmp_path, "clone", "-q", str(ROOT), str(template))
    git(template, "tag", "v0.0.1", EARLY)
    shutil.copytree(copy_template(tmp_path / "now"), template, dirs_exist_ok=True)
    git(template, "add", "-A")
    git(template, "commit", "-q", "--allow-empty", "-m", "The working tree")
    git(template, "tag", "v0.1.0")
    with templates_at_hand():
        copier.run_copy(
            str(template), project, vcs_ref="v0.0.1", defaults=True, unsafe=True, quiet=True
        )
        (features,) = project.glob("src/*/core/features.py")
        features.write_text(f"{features.read_text('utf-8')}\n\n{OWN}\n", encoding="utf-8")
        commit(project)
        before = recorded(project)
        copier.run_update(project, defaults=True, unsafe=True, quiet=True, overwrite=True)
    after = recorded(project)
    assert {name for name in before if after[name] != before[name]} <= {"_commit", "decision_log"}
    assert after["decision_log"].startswith(before["decision_log"])
    assert OWN in features.read_text("utf-8")
    assert "<<<<<<< before updating" not in git(project, "diff", "HEAD")
