"""What could go wrong, the gravest first: what was objected to, and what the facts say.

A risk has no likelihood, which nobody could check: it has a number, and what is done about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .design import PHASES, Design
from .red_flags import Raised, Resolution, Severity
from .standing_risks import Risk, standing

__all__ = ["Risk", "became", "risks"]


def risks(design: Design) -> tuple[Risk, ...]:
    """Every risk, the gravest first; a flag takes the place of the standing risk it speaks of.

    A flag that corrected the design is no risk any more; `became` tells of it.
    """
    flags = [flag for flag in design.raised if flag.resolution is not Resolution.corrected]
    raised = {flag.id for flag in flags}
    always = tuple(standing(design))
    found = [_of_flag(flag, always) for flag in flags]
    found += [risk for risk in always if not raised & set(risk.flags)]
    return tuple(sorted(found, key=lambda risk: -risk.weight))


def _weight(flag: Raised) -> int:
    """Order of a flag among risks: what is owed on a choice outweighs what was accepted."""
    if flag.resolution is Resolution.owed:
        chosen = any(flag.decision in phase.rules.OPTIONS for phase in PHASES)
        return 6 if flag.severity is Severity.block else 4 if chosen else 3
    return {Resolution.waived: 5, Resolution.accepted: 3}.get(flag.resolution, 2)


def _of_flag(flag: Raised, always: Sequence[Risk]) -> Risk:
    verdict, *fix = re.split(r"[.;:] ", flag.message.rstrip("."), maxsplit=1)
    same = [risk for risk in always if flag.id in risk.flags]
    return Risk(
        title=verdict,
        text="".join(fix),
        response=became(flag),
        weight=max([_weight(flag), *(risk.weight for risk in same)]),
        limit=any(risk.limit for risk in same),
        flags=(flag.id,),
    )


def became(flag: Raised) -> str:
    """What became of a flag, as a clause: corrected, owed, accepted, waived or recorded."""
    return {
        Resolution.corrected: "corrected" + (f": {flag.asked} was asked for" if flag.asked else ""),
        Resolution.owed: "a waiver is owed: a name and a reason"
        if flag.severity is Severity.block
        else "a reason is owed",
        Resolution.accepted: f"accepted: {flag.answer}",
        Resolution.waived: f"waived by {flag.answer}",
        Resolution.recorded: "recorded",
    }[flag.resolution].rstrip(".")
