"""The last words of the flow: where the design stands, what an update changed, what is next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .changes import Changes
from .decision import Decision
from .design import Design
from .interview import owed
from .text import lower_first, sentence, wrap

_MOST_FILES = 12


class Project(NamedTuple):
    """The project that the last words are about."""

    folder: Path
    package_name: str
    approval: str
    """`approve` or `document`."""
    sample_contract: bool
    """Whether the contract is that of the sample, edited, though there is a table."""
    in_repository: bool
    """Whether the folder lies in a git repository already."""


class Traces(NamedTuple):
    """What an update did to files, beside writing them."""

    changed: bool
    """Whether there is anything to commit."""
    left: tuple[str, ...]
    edited: tuple[str, ...]
    """Those that left and held a person's edits."""
    conflicts: tuple[str, ...]


def closing(design: Design, project: Project) -> str:
    """The last words of a creation: the architecture is locked, where it stands, what is next."""
    document = project.folder / "architecture.md"
    if project.approval == "document":
        return "\n".join((
            "The document is written; no code yet.",
            f"  Read it:     {document}",
            "  Then add the project (in a git repository, all committed):",
            "               copier update --trust -d approval=approve",
        ))  # fmt: skip
    folder, here = shlex.quote(str(project.folder)), project.folder == Path()
    there, directory = ("", "") if here else (f"cd {folder} && ", f"--directory {folder} ")
    lines = (
        "Architecture locked. It is the blueprint of the project beside it.",
        f"  Read it:     {document}",
        f"  Train:       {there}make setup train",
        f"               (or: uv run {directory}{project.package_name} train)",
        *_keeping(project),
    )
    return "\n".join((*lines, *_to_do(design, project)))


def _keeping(project: Project) -> tuple[str, ...]:
    if project.in_repository:
        return (
            "  Keep it:     git diff shows what was overwritten; then",
            "               git add . && git commit -m 'Generated'",
        )
    return (
        "  Keep it:     git init && git add -A && git commit -m 'Generated'",
        "               (`copier update --trust` needs a clean git repository)",
    )


def updated(design: Design, project: Project, changes: Changes, traces: Traces) -> str:
    """The last words of an update: a diff of the decisions, and what became of files."""
    lines = [*_decisions(design, changes), *_files(traces), *_to_do(design, project)]
    if changes.contract and not project.sample_contract:
        told = "data/contract.yaml is yours and stayed; every run goes by it. Edit it to follow:"
        lines += (_line("Contract:", told), *map(_item, changes.contract))
    if not traces.changed:
        return "\n".join(("Nothing changed: no fact, no decision and no file.", *lines))
    look = "git add -A && git diff --cached" if traces.conflicts else "git add -N . && git diff"
    first = "settle the conflicts; then " if traces.conflicts else ""
    review = f"{first}{look}, then commit; docs/updating.md says more"
    return "\n".join((*(lines or ["No fact and no decision changed."]), _line("Review:", review)))


def _decisions(design: Design, changes: Changes) -> Iterator[str]:
    if changes.moved:
        yield _line("Facts:", "; ".join(map(str, changes.moved)))
    if changes.unheeded:
        told = "; ".join(
            f"{name} {stated}, answered {answered}" for name, stated, answered in changes.unheeded
        )
        yield _line("Stated:", f"{told}: what was answered stays, until -d NAME=VALUE says else")
    if changes.unused:
        yield _line(
            "Not used:",
            f"the reason “{changes.unused}”: no decision changed, and the log tells of decisions "
            "only; the commit of this update can say it",
        )
    if changes.decided:
        yield "  Decided anew:"
    for entry in changes.decided:
        why = f" ({entry.reason})" if entry.reason else ""
        known = design.decisions.by_name.get(entry.decision)
        yours = "" if known is None or known.built else ", yours to add"
        yield _item(f"{entry.decision}: {entry.before} → {entry.after}{yours}{why}")
    if changes.refused:
        yield "  Refused:"
    for decision in changes.refused:
        yield _item(_refused(decision))
    if changes.proposed:
        free = any(decision.is_adoptable for decision in changes.proposed)
        how = "adopt all with -d adopt=all, one with -d NAME=VALUE, or pick at a terminal"
        yield wrap(
            f"  Proposed anew, and kept as they are{f' ({how})' if free else ''}:", indent="  "
        )
    yield from map(_item, map(_proposed, changes.proposed))
    if changes.drifted:
        yield _line("Kept too:", f"{_names(changes.drifted)}; proposed otherwise since earlier")
    held = [decision for decision in (*changes.proposed, *changes.drifted) if decision.held]
    if held:
        yield "  Not adopted, unless -d NAME=VALUE says so:"
    for decision in held:
        yield _item(f"{decision.proposal.decision} {decision.proposal.value}: {decision.held}")


def _proposed(decision: Decision) -> str:
    proposal = decision.proposal
    yours = "" if decision.kept else ", chosen by a person and never adopted"
    return (
        f"{proposal.decision}: {decision.value}{yours}; today {proposal.value}: "
        f"{lower_first(sentence(proposal.reason))}"
    )


def _refused(decision: Decision) -> str:
    name, refused = decision.proposal.decision, decision.refused
    asked = f"{refused.value}: {refused.flag}: {refused.objection}" if refused else ""
    return f"{name} {asked} {decision.value} stands."


def _names(decisions: Iterable[Decision]) -> str:
    return ", ".join(decision.proposal.decision for decision in decisions)


def _files(traces: Traces) -> Iterator[str]:
    if traces.conflicts:
        yield _line(
            "Conflicts:", f"{', '.join(traces.conflicts)}: search for <<<<<<<, keep what is right"
        )
    if traces.left:
        count = len(traces.left)
        which = "1 file, with what asked for it" if count == 1 else (
            f"{count} files, with what asked for them"
        )  # fmt: skip
        yield _line("Left:", f"{which} (git ls-files --deleted)")
    if traces.edited:
        yield "  Among them are edits of yours; this brings them back:"
    for start in range(0, len(traces.edited), _MOST_FILES):
        yield f"    git checkout HEAD -- {shlex.join(traces.edited[start : start + _MOST_FILES])}"


def _to_do(design: Design, project: Project) -> Iterator[str]:
    if project.sample_contract:
        yield _line(
            "Contract:",
            "data/contract.yaml still describes the synthetic sample and "
            "refuses your table; you edited it, so it stayed. Rename it and update once more: "
            "the one of your table is written, and your edits can be carried over.",
        )
    if missing := owed(design):
        yield _line(
            "Owed:",
            f"{', '.join(missing)}: nobody gave these; the next "
            "`copier update --trust` at a terminal asks for them.",
        )


def _line(name: str, text: str) -> str:
    return wrap(f"  {name:<12} {text}", indent=" " * 15)


def _item(text: str) -> str:
    return wrap(f"    • {text}", indent="      ")
