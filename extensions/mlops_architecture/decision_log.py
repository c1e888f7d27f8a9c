"""The decision log: one line for each change of a decision, appended and never rewritten.

It travels as a plain text answer, so that an update on another machine continues it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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

    @property
    def changes(self) -> bool:
        """Whether it stood otherwise before: not where it was first taken, or only confirmed."""
        return self.before not in {NEW, self.after}


class Run(NamedTuple):
    """One run of the flow, as its entries tell of it."""

    date: str
    version: str
    approver: str
    """Who approves: `person`, or `unattended`."""
    reason: str
    """Why something changes, as it was given."""
    moved: Mapping[str, str] = {}
    """The facts that moved, in words: they tell why where nobody did."""
    blocked: Mapping[str, str] = {}
    """Why what stood before may not stand any more, for decisions that had to give way."""
    named: frozenset[str] = frozenset()
    """The decisions that a person took by name, be it as they are proposed."""
    taking_effect: frozenset[str] = frozenset()
    """The decisions that a person took earlier, and that nothing blocks any more."""


def parse(log: str) -> tuple[Entry, ...]:
    """The entries of a log; lines that are no entry are left out."""
    rows = (line.split("|", _FIELDS - 1) for line in log.splitlines())
    return tuple(
        Entry(*(part.strip() for part in row)) for row in rows if len(row) in (_FIELDS - 1, _FIELDS)
    )


def standing(log: str) -> dict[str, Entry]:
    """The last entry of each decision."""
    return {entry.decision: entry for entry in parse(log)}


def chosen(log: str, name: str, value: str | int) -> bool:
    """Whether a person asked for a value that is recorded: no proposal brought it there."""
    by = [entry.by for entry in parse(log) if (entry.decision, entry.after) == (name, str(value))]
    return by[-1:] in ([], ["person"])


def claimed(log: str, answers: Mapping[str, Any], named: Collection[str]) -> str:
    """The log as it reads once what a person names is theirs."""
    names = sorted(answers.keys() & named)
    known = standing(log) if names else {}
    mine = (
        known[name]._replace(before=known[name].after, after=str(answers[name]), by="person")
        for name in names
        if name in known
    )
    return "\n".join((*log.splitlines(), *(" | ".join(entry[:-1]) for entry in mine)))


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


def overruled(today: Design, adopted: Design, log: str) -> str:
    """What people chose that stands today and would not in `adopted`, in words; or empty."""
    known = standing(log)
    return "; ".join(
        _overruled(entry, adopted.decisions.find(name))
        for name, entry in today.decisions.by_name.items()
        if entry.value != adopted[name]
        and name in known
        and (known[name].by, known[name].after) == ("person", str(entry.value))
    )


def _overruled(choice: Decision, then: Decision) -> str:
    refused = then.refused
    why = f" ({refused.flag}: {refused.objection.partition('. ')[0]})" if refused else ""
    return f"{choice.proposal.decision} {choice.value}, a person's choice, would give way{why}"


def gives_way(decision: Decision, log: str) -> bool:
    """Whether what is recorded is blocked now, and was a proposal: nobody's choice is lost."""
    if decision.refused is None:
        return False
    last = standing(log).get(decision.proposal.decision)
    return last is not None and (last.by, last.after) == ("proposal", str(decision.refused.value))


def extended(log: str, design: Design, answers: Mapping[str, Any], run: Run) -> str:
    """The log, with a line for each decision that differs from what it says last.

    What was a proposal, or approved unattended, gets a line too once a person stands for it.
    While a phase is skipped its decisions rest: taken up again, they stand as they did.
    """
    known = standing(log)
    lines = log.splitlines()
    for name, value, by, rests in _present(design, answers, run, known):
        last = known.get(name)
        if last and (rests or (last.after == value and not _stands_for(by, last, run))):
            continue
        entry = Entry(run.date, run.version, name, last.after if last else NEW, value, by)
        reason = _reason(entry, design.decisions.by_name.get(name), run)
        lines.append(" | ".join((*entry[:-1], reason) if reason else entry[:-1]))
    return "\n".join(lines)


def _stands_for(by: str, last: Entry, run: Run) -> bool:
    """Whether a person now stands for what nobody chose before."""
    if last.decision == "approval":
        return (last.by, by) == ("unattended", "person")
    return last.decision in run.named and (last.by, by) == ("proposal", "person")


def _reason(entry: Entry, decision: Decision | None, run: Run) -> str:
    """Why a decision changed: what blocks it, what was said, or the moved facts it rests on."""
    if not entry.changes:
        return run.reason if entry.decision in run.named and entry.before != NEW else ""
    block = run.blocked.get(entry.decision, "") if entry.by == "proposal" else ""
    if block or run.reason:
        return "; ".join(filter(None, (block, run.reason)))
    if entry.decision in run.taking_effect and entry.by == "person":
        return "asked for earlier, and no longer blocked"
    read = decision.proposal.inputs if decision else ()
    moved = (run.moved[each.fact] for each in read if each.fact in run.moved)
    return "; ".join(dict.fromkeys(moved)) or _UNSAID[entry.by]


_UNSAID = {
    "proposal": "as it is proposed today",
    "person": "no reason given",
    "unattended": "no reason given",
}
"""What stands for a reason where nobody gave one, and no fact moved that it rests on."""


def _present(
    design: Design, answers: Mapping[str, Any], run: Run, known: Mapping[str, Entry]
) -> Iterator[tuple[str, str, str, bool]]:
    """Name and value of each decision, who took it, and whether it rests."""
    for phase in PHASES:
        rests = design.skipped(phase.prefix)
        by = "person" if rests or phase.plan in known or phase.plan in run.named else "proposal"
        yield phase.plan, "skip" if rests else "good", by, False
        for entry in design.of(phase.prefix):
            theirs = entry.proposal.decision in run.named | run.taking_effect
            theirs = theirs and not (rests or entry.refused)
            by = "person" if entry.differs or theirs else "proposal"
            yield entry.proposal.decision, str(entry.value), by, rests
    yield "approval", str(answers.get("approval", "approve")), run.approver, False
