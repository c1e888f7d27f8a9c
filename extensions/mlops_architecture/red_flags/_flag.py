"""The form of a red flag: a small named check whose docstring is what it says.

    @red_flag("RF09", Severity.block, "training_split", "RULES", "KAPOOR")
    def random_split(temporal: bool, event_time: str, training_split: str) -> Found:
        '''You will predict the future but test on the past. Split by {event_time}.'''
        return temporal and not training_split.startswith("forward")

Its parameters are facts and decisions by name, or `facts` and `decisions` as a whole. It
returns whether it fires, or what its message needs besides its parameters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from ..decision import Decisions
from ..facts import Facts

Found = bool | Mapping[str, object]
Check = Callable[..., Found]


class Severity(StrEnum):
    """How much a flag asks of the person."""

    block = "block"
    justify = "justify"
    warn = "warn"


class Resolution(StrEnum):
    """What became of a flag that was raised."""

    corrected = "corrected"
    """The safe branch was taken instead of what was asked for."""
    owed = "owed"
    """A reason or a name is still missing."""
    accepted = "accepted"
    """A person gave a reason."""
    waived = "waived"
    """A named person takes the risk, in writing."""
    recorded = "recorded"
    """A warning: nothing is asked."""


@dataclass(frozen=True)
class Raised:
    """A flag that fired, with its message in the person's own numbers."""

    id: str
    severity: Severity
    phase: str
    """Prefix of the phase that it belongs to."""
    decision: str
    """The decision or the fact that it objects to."""
    message: str
    references: tuple[str, ...]
    resolution: Resolution
    answer: str = ""
    """The reason, or `Name: reason` of a waiver, as it was given."""
    asked: str = ""
    """The label of the option that was asked for, where it was corrected."""


class Flag(NamedTuple):
    """A check, and what it means when it fires."""

    id: str
    severity: Severity
    phase: str
    about: str
    references: tuple[str, ...]
    waivable: bool
    """A named person may take the risk."""
    corrects: bool
    """The proposals already do the right thing, so there is nothing left to ask."""
    about_absence: bool
    """The natural answer is the fact itself: it is asked for before a reason for lacking it."""
    message: str
    inputs: tuple[str, ...]
    check: Check

    def raised_as(self, raised: Raised) -> bool:
        """Whether `raised` is this flag, fired."""
        return (raised.id, raised.severity) == (self.id, self.severity)

    def objection(self, facts: Facts, decisions: Decisions) -> str:
        """The message where the flag fires, else an empty string."""
        values = {name: _value(name, facts, decisions) for name in self.inputs}
        found = self.check(**values)
        if not found:
            return ""
        return self.message.format_map({**values, **(found if found is not True else {})})


FLAGS: list[Flag] = []
"""Every flag, in the order of the phases."""


def red_flag(
    id: str,
    severity: Severity,
    about: str,
    *references: str,
    waivable: bool = False,
    corrects: bool = False,
    about_absence: bool = False,
) -> Callable[[Check], Check]:
    """Register a check as the flag `id` of the phase that its module is named after."""

    def register(check: Check) -> Check:
        FLAGS.append(
            Flag(
                id=id,
                severity=severity,
                phase=check.__module__.rpartition(".")[2],
                about=about,
                references=references,
                waivable=waivable,
                corrects=corrects,
                about_absence=about_absence,
                message=" ".join((check.__doc__ or "").split()),
                inputs=tuple(inspect.signature(check).parameters),
                check=check,
            )
        )
        return check

    return register


_FACTS = {*Facts.model_fields, *(name for name in dir(Facts) if not name.startswith("_"))}


def _value(name: str, facts: Facts, decisions: Decisions) -> Any:
    if name == "facts":
        return facts
    if name == "decisions":
        return decisions
    return getattr(facts, name) if name in _FACTS else decisions[name]
