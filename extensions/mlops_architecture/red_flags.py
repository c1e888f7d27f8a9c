"""What an architect would object to: each flag a small named check over facts and decisions."""

from __future__ import annotations

from enum import StrEnum

from .decision import Frozen


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


class Raised(Frozen):
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
