"""What an architect would object to: each flag a small named check over facts and decisions.

One module for each phase. `refusals` is asked while a phase is decided: what is blocked and
not waived gives way to the proposal. `raise_flags` is asked at the end: every flag that
fired, and what became of it. RF15 is withdrawn: ONNX is the default of this template.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..decision import Decisions, Refusal
from ..facts import Facts
from ..reasons import is_owed, read_waiver
from . import data, deployment, feature, governance, monitoring, pipeline, stack, training
from ._flag import FLAGS, Flag, Raised, Resolution, Severity

__all__ = [
    "ANSWERS",
    "FLAGS",
    "Flag",
    "Raised",
    "Resolution",
    "Severity",
    "hopeless",
    "is_waivable",
    "missing",
    "raise_flags",
    "refusals",
    "wanting",
]

MODULES = (pipeline, data, feature, training, deployment, monitoring, governance, stack)
"""Imported for the flags that they register, in the order of the phases."""
_PHASES = [module.__name__.rpartition(".")[2] for module in MODULES]
FLAGS.sort(key=lambda flag: _PHASES.index(flag.phase))
ANSWERS = tuple(
    dict.fromkeys(
        f"{flag.id.lower()}_{'waiver' if flag.severity is Severity.block else 'reason'}"
        for flag in FLAGS
        if flag.waivable or flag.severity is Severity.justify
    )
)
"""Answers that hold a reason (`rf03_reason`) or a waiver (`rf13_waiver`)."""


def hopeless(facts: Facts) -> str:
    """Why no supervised model on this table can do it, or an empty string."""
    stops = (flag for flag in FLAGS if flag.id in {"RF44", "RF06", "RF59"})
    return next(filter(None, (flag.objection(facts, Decisions(())) for flag in stops)), "")


def missing(name: str, facts: Facts, answers: Mapping[str, Any]) -> str:
    """What is objected to the lack of the fact `name`, unless a reason for it was given."""
    for flag in FLAGS:
        owed = is_owed(str(answers.get(f"{flag.id.lower()}_reason", "")))
        if flag.about_absence and flag.about == name and owed:
            return flag.objection(facts, Decisions(()))
    return ""


def wanting(answer: str) -> Flag:
    """The flag that wants `answer`, one of `ANSWERS`."""
    id, _, kind = answer.partition("_")
    severity = Severity.block if kind == "waiver" else Severity.justify
    return next(f for f in FLAGS if (f.id.lower(), f.severity) == (id, severity))


def is_waivable(refusal: Refusal) -> bool:
    """Whether a named person may take the risk of what was refused."""
    return any(flag.waivable for flag in FLAGS if flag.id == refusal.flag)


def refusals(
    phase: str, facts: Facts, decisions: Decisions, answers: Mapping[str, Any]
) -> dict[str, Refusal]:
    """Decisions of a phase that were changed into something blocked, by name.

    What a named person waived is not refused.
    """
    refused: dict[str, Refusal] = {}
    for flag in FLAGS:
        if flag.phase != phase or flag.severity is not Severity.block:
            continue
        wish = decisions.by_name.get(flag.about)
        if wish is None or not wish.differs or (flag.waivable and _waived(flag.id, answers)):
            continue
        if message := flag.objection(facts, decisions):
            refusal = Refusal(value=wish.value, label=wish.label, flag=flag.id, objection=message)
            refused.setdefault(flag.about, refusal)
    return refused


def raise_flags(
    facts: Facts, decisions: Decisions, phases: Collection[str], answers: Mapping[str, Any]
) -> tuple[Raised, ...]:
    """Every flag of `phases` that fired, in their order, and what became of it."""
    raised = []
    for flag in FLAGS:
        if flag.phase not in phases:
            continue
        decision = decisions.by_name.get(flag.about)
        if decision and decision.refused and decision.refused.flag == flag.id:
            if flag.severity is Severity.block:
                raised.append(_corrected(flag, decision.refused))
        elif message := flag.objection(facts, decisions):
            raised.append(_raised(flag, message, answers))
    return tuple(raised)


def _corrected(flag: Flag, refusal: Refusal) -> Raised:
    return _describe(flag, refusal.objection, Resolution.corrected, asked=refusal.label)


def _raised(flag: Flag, message: str, answers: Mapping[str, Any]) -> Raised:
    if flag.severity is Severity.warn:
        return _describe(flag, message, Resolution.recorded)
    if flag.corrects:
        return _describe(flag, message, Resolution.corrected)
    if flag.severity is Severity.block:
        waiver = _waived(flag.id, answers)
        return _describe(flag, message, Resolution.waived if waiver else Resolution.owed, waiver)
    reason = str(answers.get(f"{flag.id.lower()}_reason", ""))
    if is_owed(reason):
        return _describe(flag, message, Resolution.owed)
    return _describe(flag, message, Resolution.accepted, reason)


def _describe(
    flag: Flag, message: str, resolution: Resolution, answer: str = "", asked: str = ""
) -> Raised:
    return Raised(
        id=flag.id, severity=flag.severity, phase=flag.phase, decision=flag.about,
        message=message, references=flag.references, resolution=resolution, answer=answer,
        asked=asked,
    )  # fmt: skip


def _waived(flag: str, answers: Mapping[str, Any]) -> str:
    """The waiver of a flag as it was written, or an empty string."""
    text = str(answers.get(f"{flag.lower()}_waiver", ""))
    return text if read_waiver(text) else ""
