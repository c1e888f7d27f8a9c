"""The decision log: one line for each change of a decision, appended and never rewritten.

It travels as a plain text answer, so that an update on another machine continues it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from .decision import Decision
from .design import PHASES, Design

NEW = "–"
"""What stands before a decision that is taken for the first time."""
_FIELDS = 7


class Entry(NamedTuple):
    """A decision taken or changed; `by` is `proposal`, `person` or `unattended`."""

    date: str
    version: str
    decision: str
    before: str
    after: str
    by: str
    reason: str = ""
    """Why it changed; empty where it was taken for the first time, which its record tells."""


class Run(NamedTuple):
    """One run of the flow, as its entries tell of it."""

    date: str
    version: str
    approver: str
    """Who approves: `person`, or `unattended`."""
    reason: str
    """Why something changes: as it was given, or else the facts that moved."""


def parse(log: str) -> tuple[Entry, ...]:
    """The entries of a log; lines that are no entry are left out."""
    rows = (line.split("|", _FIELDS - 1) for line in log.splitlines())
    return tuple(
        Entry(*(part.strip() for part in row)) for row in rows if len(row) in (_FIELDS - 1, _FIELDS)
    )


def standing(log: str) -> dict[str, Entry]:
    """The last entry of each decision."""
    return {entry.decision: entry for entry in parse(log)}


def mark_kept(design: Design, log: str) -> Design:
    """The design, in which what stands as it was once proposed is told from what a person chose."""
    known = standing(log)
    entries = tuple(
        _marked(entry, known.get(entry.proposal.decision)) for entry in design.decisions.entries
    )
    return replace(design, decisions=replace(design.decisions, entries=entries))


def _marked(decision: Decision, last: Entry | None) -> Decision:
    if last is None or not decision.differs:
        return decision
    kept = (last.by, last.after) == ("proposal", str(decision.value))
    return replace(decision, kept=last.date) if kept else decision


def gives_way(decision: Decision, log: str) -> bool:
    """Whether what is recorded is blocked now, and was a proposal: nobody's choice is lost."""
    if decision.refused is None:
        return False
    last = standing(log).get(decision.proposal.decision)
    return last is not None and (last.by, last.after) == ("proposal", str(decision.refused.value))


def extended(log: str, design: Design, answers: Mapping[str, Any], run: Run) -> str:
    """The log, with a line for each decision that differs from what it says last.

    While a phase is skipped its decisions rest: taken up again, they stand as they did.
    """
    known = standing(log)
    lines = log.splitlines()
    for name, value, by, rests in _present(design, answers, run.approver, known):
        before = known[name].after if name in known else NEW
        if before == value or (rests and name in known):
            continue
        reason = () if before == NEW else (run.reason or _UNSAID[by],)
        lines.append(" | ".join((run.date, run.version, name, before, value, by, *reason)))
    return "\n".join(lines)


_UNSAID = {
    "proposal": "as it is proposed today",
    "person": "no reason given",
    "unattended": "no reason given",
}
"""What stands for a reason where nobody gave one and no fact moved."""


def _present(
    design: Design, answers: Mapping[str, Any], approver: str, known: Container[str]
) -> Iterator[tuple[str, str, str, bool]]:
    """Name and value of each decision, who took it, and whether it rests."""
    for phase in PHASES:
        rests = design.skipped(phase.prefix)
        by = "person" if rests or phase.plan in known else "proposal"
        yield phase.plan, "skip" if rests else "good", by, False
        for entry in design.of(phase.prefix):
            by = "person" if entry.differs else "proposal"
            yield entry.proposal.decision, str(entry.value), by, rests
    yield "approval", str(answers.get("approval", "approve")), approver, False
