"""The last words fit where the project lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlops_architecture.changes import Changes
from mlops_architecture.closing import Project, Traces, closing, updated
from mlops_architecture.decision_log import Entry
from mlops_architecture.design import make_design

from rules.cases import NO_TABLE, facts_of
from rules.test_red_flags import SETTLED


@pytest.mark.parametrize(
    ("folder", "in_repository", "said", "unsaid"),
    [
        ("p", False, ("cd p && make setup train", "git init && git add -A"), "overwritten"),
        ("p", True, ("cd p && make setup train", "git diff shows what was"), "git init"),
        (".", True, ("make setup train", "(or: uv run churn train)"), "cd "),
    ],
)
def test_the_closing_names_the_folder_and_begins_no_repository_inside_another(
    folder: str, in_repository: bool, said: tuple[str, ...], unsaid: str
) -> None:
    project = Project(Path(folder), "churn", "approve", False, in_repository)
    words = closing(make_design(NO_TABLE, {}, "stack"), project)
    assert all(each in words for each in said) and unsaid not in words


def test_the_report_of_an_update_is_aligned_and_counts_one_as_one() -> None:
    entry = Entry("2026-01-05", "0.1.0", "data_gates", "stop", "report", "person", "It is.")
    nothing = Changes((), (), (), (), "", (), (), ())
    told = nothing._replace(decided=(entry,), contract=("a: 1 → 2",))
    traces = Traces(changed=True, left=("a.py",), edited=("a.py",), conflicts=())
    project = Project(Path("p"), "churn", "approve", False, True)
    lines = updated(make_design(NO_TABLE, {}, "stack"), project, told, traces).splitlines()
    assert all(line.startswith("  ") for line in lines)
    assert "    • data_gates: stop → report (It is.)" in lines and "    • a: 1 → 2" in lines
    assert any("1 file, with what asked for it (git" in line for line in lines)
    words = updated(
        make_design(NO_TABLE, {}, "stack"), project, told, traces._replace(conflicts=("b.py",))
    )
    assert "settle the conflicts; then git add -A && git diff --cached" in " ".join(words.split())


@pytest.mark.parametrize(
    ("owner", "changed", "first", "reviewed"),
    [
        ("Ada", False, "Nothing changed: no fact, no decision and no file.", False),
        ("Ada", True, "No fact and no decision changed.", True),
        ("", False, "Nothing changed: no fact, no decision and no file.", False),
        ("", True, "  Owed: ", True),
    ],
)
def test_the_report_of_an_update_asks_to_review_only_what_changed(
    owner: str, changed: bool, first: str, reviewed: bool
) -> None:
    facts = facts_of(**(SETTLED | {"owner": owner, "decision_mode": "advisory"}))
    project = Project(Path("p"), "churn", "approve", False, True)
    traces = Traces(changed=changed, left=(), edited=(), conflicts=())
    nothing = Changes((), (), (), (), "", (), (), ())
    told = updated(make_design(facts, {}, "stack"), project, nothing, traces)
    assert told.startswith(first) and ("git add -N . && git diff, then" in told) is reviewed
    assert ("Owed:" in told) is (owner == "")
