"""The last words fit where the project lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlops_architecture.closing import Project, closing
from mlops_architecture.design import make_design

from rules.cases import NO_TABLE


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
