"""The last words of the flow: where the design stands, and what is next."""

from __future__ import annotations

from pathlib import Path

from .design import Design
from .interview import owed
from .text import wrap


def closing(
    design: Design, approval: str, package_name: str, folder: Path, sample_contract: bool
) -> str:
    """The last words: the architecture is locked, where it stands, and what is next."""
    document = folder / "architecture.md"
    if approval == "document":
        return "\n".join((
            "The document is written; no code yet.",
            f"  Read it:     {document}",
            "  Then add the project (in a git repository, all committed):",
            "               copier update --trust -d approval=approve",
        ))  # fmt: skip
    lines = [
        "Architecture locked. It is the blueprint of the project beside it.",
        f"  Read it:     {document}",
        f"  Train:       cd {folder} && make setup train",
        f"               (or: uv run --directory {folder} {package_name} train)",
        "  Keep it:     git init && git add -A && git commit -m 'Generated'",
        "               (`copier update --trust` needs a clean git repository)",
    ]
    if sample_contract:
        lines.append(
            wrap(
                "  Contract:    data/contract.yaml still describes the synthetic sample and "
                "refuses your table; you edited it, so it stayed. Rename it and update once more: "
                "the one of your table is written, and your edits can be carried over.",
                indent=" " * 15,
            )
        )
    if missing := owed(design):
        lines.append(
            wrap(
                f"  Owed:        {', '.join(missing)}: nobody gave these; the next "
                "`copier update --trust` at a terminal asks for them.",
                indent=" " * 15,
            )
        )
    return "\n".join(lines)
