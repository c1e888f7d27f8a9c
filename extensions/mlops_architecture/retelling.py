"""What an update says at a terminal: in one line what stands, where nothing moved since last time.

Each function returns an empty string where something did move, or is owed: that is told whole.
"""

from __future__ import annotations

from collections.abc import Collection

from .design import PHASES, Design, Phase
from .facts import Facts
from .intake import unstated
from .interview import owed, place, propose, report
from .phases._inputs import counted
from .red_flags import Raised, Resolution
from .text import wrap

_OPENS = "“Change something” shows"
"""How a person sees what is told in a line only."""


def opening(upgrades: bool) -> str:
    """The first lines of an update: what is told, and how the rest is seen."""
    told = (
        "The template is another than last time: all is told whole. Enter keeps what stands."
        if upgrades
        else "What moved since the last time, or is owed, is told whole; what stands as it did, in "
        f"a line or two. Enter keeps it; {_OPENS} it whole before anything is picked."
    )
    return "\n" + wrap(
        f"This goes through your architecture again. {told} Ctrl-C leaves everything as it was."
    )


def facts(was: Facts, now: Facts) -> str:
    """That the facts are those of the last time."""
    if was != now or unstated(now):
        return ""
    count = counted(sum(1 for _ in now.provenance), "fact")
    return "\n" + wrap(f"The same {count} as last time. {_OPENS} them.", indent="  ")


def phase(phase: Phase, was: Design, now: Design, known: Collection[str]) -> str:
    """That a phase stands, with what today's rules would propose otherwise.

    `known` are the decisions that were logged: one that is new has never been told.
    """
    if not _stands(phase, was, now, known):
        return ""
    before = PHASES[: PHASES.index(phase)][-1:]
    reports = [report(each, now) for each in before if not _stands(each, was, now, known)]
    stands = f"{place(phase)}, as it was: {_what_stands(phase, now)}. {_OPENS} it whole."
    kept = [propose(decision) for decision in now.of(phase.prefix) if decision.kept]
    return "\n".join((*reports, "\n" + wrap(stands, indent="  "), *kept))


def _what_stands(phase: Phase, design: Design) -> str:
    if design.skipped(phase.prefix):
        return f"skipped; {phase.when_skipped}"
    return ", ".join(
        f"{each.proposal.decision.removeprefix(f'{phase.prefix}_').replace('_', ' ')} {each.value}"
        + (" (yours)" if each.differs and not each.kept else "")
        for each in design.of(phase.prefix)
    )


def _stands(phase: Phase, was: Design, now: Design, known: Collection[str]) -> bool:
    """Whether everything in a phase is as it was, and nothing is owed."""
    decided, objections = now.of(phase.prefix), _raised(phase, now)
    return (
        decided == was.of(phase.prefix)
        and objections == _raised(phase, was)
        and all(each.proposal.decision in known for each in decided)
        and not any(each.resolution is Resolution.owed for each in objections)
    )


def _raised(phase: Phase, design: Design) -> list[Raised]:
    return [each for each in design.raised if each.phase == phase.prefix]


def approval(was: Design, now: Design) -> str:
    """That everything stands as it was approved."""
    if was != now or owed(now):
        return ""
    told = "[9/9] 2I  Nothing moved: it stands as approved, in architecture.md."
    return "\n" + wrap(told, indent="  ")
