"""What could go wrong, the gravest first: what was objected to, then what the facts say.

A risk has no likelihood, which nobody could check: it has a number, and what is done about it.
"""

from __future__ import annotations

from .design import Design
from .red_flags import Raised, Resolution, Severity
from .standing_risks import Risk, standing

__all__ = ["Risk", "became", "risks"]


def risks(design: Design) -> tuple[Risk, ...]:
    """Every risk, ranked: flags that were raised, then standing risks by their weight.

    A flag that corrected the design is no risk any more; `became` tells of it.
    """
    flags = sorted(
        (flag for flag in design.raised if flag.resolution is not Resolution.corrected),
        key=_urgency,
    )
    raised = {flag.id for flag in design.raised}
    others = [risk for risk in standing(design) if not raised & set(risk.flags)]
    return (*map(_of_flag, flags), *sorted(others, key=lambda risk: -risk.weight))


def _urgency(flag: Raised) -> int:
    if flag.resolution is Resolution.owed:
        return 0 if flag.severity is Severity.block else 1
    return 2 if flag.resolution in {Resolution.accepted, Resolution.waived} else 3


def _of_flag(flag: Raised) -> Risk:
    verdict, _, fix = flag.message.partition(". ")
    return Risk(
        title=verdict.rstrip("."),
        text=fix.rstrip("."),
        response=became(flag),
        weight=0,
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
