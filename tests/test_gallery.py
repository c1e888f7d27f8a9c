"""The example gallery: a change of a rule shows as a difference that can be read."""

from __future__ import annotations

import difflib
import re
from itertools import combinations
from pathlib import Path

import gallery
import pytest

ANEW = "write the documents anew with: uv run python tests/gallery.py"
EXPLANATIONS = (
    # what every project is told
    "Solid boxes are built", "What the gates check", "Without an alternative:",
    "These are duties to look into", "What the model is for", "The project runs today on",
    "Decided above, and not built", "Objections with what became", "Our judgement, to replace",
    "The [ML Test Score]", "**Designed: ", "*Assumed* is",
    "When it breaks:", "Not included, and why",
    # what the steps of a pipeline do
    "1. `ingest_data`", "1. `load_champion`", "1. `load_reference`",
    "1. `collect_predictions`", "1. `check_triggers`",
    "- Built: **Training**",
)  # fmt: skip
"""How paragraphs begin that say the same of every project."""


@pytest.fixture(scope="session")
def documents(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The document of each example, made from its answers."""
    folder = tmp_path_factory.mktemp("gallery")
    projects = {name: gallery.render(name, template, folder / name) for name in gallery.EXAMPLES}
    return {name: (path / "architecture.md").read_text("utf-8") for name, path in projects.items()}


def test_there_are_three_examples() -> None:
    assert gallery.EXAMPLES == ["card_fraud_realtime", "churn_batch", "student_regression"]


@pytest.mark.parametrize("example", gallery.EXAMPLES)
def test_the_document_is_the_one_that_is_kept(example: str, documents: dict[str, str]) -> None:
    kept = gallery.expected(example).read_text("utf-8")
    difference = difflib.unified_diff(
        kept.splitlines(), documents[example].splitlines(), "kept", "made", lineterm="", n=0
    )
    assert not list(difference), ANEW


def paragraphs(document: str) -> set[str]:
    """Blocks of more than a dozen words, diagrams and layouts left out."""
    text = re.sub(r"```.*?```", "", document, flags=re.DOTALL)
    blocks = (" ".join(block.split()) for block in text.split("\n\n"))
    return {block for block in blocks if len(block.split()) > 12}


@pytest.mark.parametrize(("one", "other"), list(combinations(gallery.EXAMPLES, 2)))
def test_two_documents_share_no_paragraph_except_explanations(
    one: str, other: str, documents: dict[str, str]
) -> None:
    shared = paragraphs(documents[one]) & paragraphs(documents[other])
    assert [block for block in shared if not block.startswith(EXPLANATIONS)] == []


@pytest.mark.parametrize("example", gallery.EXAMPLES)
def test_the_first_page_says_what_is_built_why_and_what_could_go_wrong(
    example: str, documents: dict[str, str]
) -> None:
    first_page = documents[example].partition("\n## ")[0]
    assert len(first_page.split()) < 450
    for line in ("**Goal**", "**Success**", "**Built now**", "**Gate**", "**Cost**", "**People**"):
        assert f"| {line} |" in first_page
    assert re.findall(r"^(\d)\. \*\*", first_page, re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize("example", gallery.EXAMPLES)
def test_at_most_five_diagrams(example: str, documents: dict[str, str]) -> None:
    assert 1 <= documents[example].count("```mermaid") <= 5
