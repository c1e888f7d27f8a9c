"""What an update changed: a diff of facts, of decisions, and of what would be proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from . import contract_edits, decision_log
from .decision import Decision
from .design import Design
from .files import Files
from .interview import show_value
from .session import Answers, Recorded, design_before

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
    drifted: tuple[Decision, ...]
    """The others that stand as they were once proposed, and would be proposed otherwise."""
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


def changes(was: Recorded, now: Recorded, design: Design, contract: str) -> Changes:
    """What changed from one answers file to the next, which gives `design`.

    `contract` is the text of the one at hand.
    """
    before = design_before(was)
    known = before.decisions.by_name if before else {}
    proposed = {name: entry.proposal.value for name, entry in known.items()}
    differing = [entry for entry in design.decisions.entries if entry.differs]
    anew = [entry for entry in differing if _is_proposed_anew(entry, proposed)]
    return Changes(
        moved=moved(was.known.answers, now.known.answers),
        decided=decision_log.parse(now.log)[len(decision_log.parse(was.log)) :],
        proposed=tuple(anew),
        drifted=tuple(entry for entry in differing if entry.kept and entry not in anew),
        contract=_contract_edits(contract, before, design) if before else (),
    )


def _contract_edits(at_hand: str, before: Design, today: Design) -> tuple[str, ...]:
    was, now = (Files(design, "").contract for design in (before, today))
    return contract_edits.edits(at_hand, was, now)


def _is_proposed_anew(decision: Decision, before: Mapping[str, str | int]) -> bool:
    name, value = decision.proposal.decision, decision.proposal.value
    return before.get(name, value) != value
