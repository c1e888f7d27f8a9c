"""The decision log: one line for each change of a decision, appended and never rewritten.

It travels as a plain text answer, so that an update on another machine continues it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from .decision import Decision
from .design import PHASES, Design


class Entry(NamedTuple):
    """A decision taken or changed; `by` is `proposal`, `person` or `unattended`."""

    date: str
    version: str
    decision: str
    before: str
    after: str
    by: str


def parse(log: str) -> tuple[Entry, ...]:
    """The entries of a log; lines that are no entry are left out."""
    rows = (tuple(part.strip() for part in line.split("|")) for line in log.splitlines())
    return tuple(Entry(*row) for row in rows if len(row) == len(Entry._fields))


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


def extended(
    log: str, design: Design, answers: Mapping[str, Any], date: str, version: str, approver: str
) -> str:
    """The log, with a line for each decision that differs from what it says last.

    `approver` is who approves this run: `person`, or `unattended`.
    """
    known = standing(log)
    lines = log.splitlines()
    for name, value, by in _present(design, answers, approver):
        before = known[name].after if name in known else "–"
        if before != value:
            lines.append(" | ".join(Entry(date, version, name, before, value, by)))
    return "\n".join(lines)


def _present(
    design: Design, answers: Mapping[str, Any], approver: str
) -> list[tuple[str, str, str]]:
    rows = []
    for phase in PHASES:
        plan = "skip" if design.skipped(phase.prefix) else "good"
        rows.append((phase.plan, plan, "person" if plan == "skip" else "proposal"))
        for entry in design.of(phase.prefix):
            by = "person" if entry.differs else "proposal"
            rows.append((entry.proposal.decision, str(entry.value), by))
    rows.append(("approval", str(answers.get("approval", "approve")), approver))
    return rows
