"""What an update changed: a diff of facts, of decisions, and of what would be proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from . import contract_edits, decision_log
from .decision import Decision
from .design import Design
from .facts import Provenance
from .facts_told import show_value
from .files import Files
from .intake import resolve
from .session import Answers, Recorded, design_before, sources_of

_LONGEST = 40
"""Characters of a fact that are shown."""


class Moved(NamedTuple):
    """A fact that is no longer what it was."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name} {self.before} → {self.after}"


class Changes(NamedTuple):
    """One update as its report tells of it."""

    moved: tuple[Moved, ...]
    decided: tuple[decision_log.Entry, ...]
    """Decisions that stand otherwise than before."""
    proposed: tuple[Decision, ...]
    """Decisions that stand, and are proposed otherwise since the facts moved."""
    unheeded: tuple[Moved, ...]
    """Facts that the statement, read anew, says otherwise than a person answered: these stay."""
    unused: str
    """A reason for a change that no decision made, so that the log does not hold it."""
    drifted: tuple[Decision, ...]
    """The others that stand as they were once proposed, and would be proposed otherwise."""
    refused: tuple[Decision, ...]
    """Decisions for which something was asked for now that is blocked, so that they stand."""
    contract: tuple[str, ...]
    """Edits that the person's contract needs, to follow."""


def moved(before: Answers, now: Answers) -> tuple[Moved, ...]:
    """The facts whose answers differ, in the order in which they are asked."""
    known = dict(before)
    return tuple(
        Moved(name, _shown(known[name]), _shown(value))
        for name, value in now
        if name in known and known[name] != value
    )


def _shown(value: object) -> str:
    flat = " ".join(show_value(value).split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1].rstrip()}…"


def changes(was: Recorded, now: Recorded, design: Design, reason: str, contract: str) -> Changes:
    """What changed from one answers file to the next, which gives `design`.

    `reason` is what the person gave for it, `contract` the text of the one at hand.
    """
    entries = decision_log.parse(now.log)[len(decision_log.parse(was.log)) :]
    before = design_before(was)
    known = before.decisions.by_name if before else {}
    proposed = {name: entry.proposal.value for name, entry in known.items()}
    differing = [entry for entry in design.decisions.entries if entry.differs]
    anew = [entry for entry in differing if _is_proposed_anew(entry, proposed)]
    decided = tuple(entry for entry in entries if entry.before != entry.after)
    told = {entry.decision for entry in decided}
    return Changes(
        moved=moved(was.known.answers, now.known.answers),
        decided=decided,
        proposed=tuple(anew),
        unheeded=_unheeded(was, now),
        unused="" if any(entry.reason for entry in entries) else reason,
        drifted=tuple(entry for entry in differing if entry.kept and entry not in anew),
        refused=tuple(
            entry
            for name, entry in design.decisions.by_name.items()
            if entry.refused and name not in told and not _was_refused(known.get(name), entry)
        ),
        contract=_contract_edits(contract, before, design) if before else (),
    )


def _was_refused(before: Decision | None, now: Decision) -> bool:
    return before is not None and before.refused == now.refused


def _unheeded(was: Recorded, now: Recorded) -> tuple[Moved, ...]:
    if was.known.stated == now.known.stated:
        return ()
    return tuple(
        Moved(name, _shown(each.default.value), _shown(each.value))
        for name, each in resolve(sources_of(now.known)).items()
        if each.answered and each.default.provenance is Provenance.stated
    )


def _contract_edits(at_hand: str, before: Design, today: Design) -> tuple[str, ...]:
    was, now = (Files(design, "").contract for design in (before, today))
    return contract_edits.edits(at_hand, was, now)


def _is_proposed_anew(decision: Decision, before: Mapping[str, str | int]) -> bool:
    name, value = decision.proposal.decision, decision.proposal.value
    return before.get(name, value) != value
