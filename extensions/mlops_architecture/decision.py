"""What a phase proposes, and what the person decided.

A *rule* reads facts and earlier decisions and returns a `Proposal`. The person
accepts it, changes it or skips the phase; what stands in the end is a `Decision`.
These are made by our own code, hundreds in each render, so they are plain frozen
dataclasses; what comes from people and files is validated by pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from .facts import Provenance


class Frozen(BaseModel):
    """A value object: immutable, hashable, strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Option:
    """One possible value of a decision, and whether the template builds it."""

    value: str | int
    label: str
    built: bool = True


@dataclass(frozen=True)
class Alternative:
    """An option that was not recommended, and why not."""

    value: str | int
    why_not: str


@dataclass(frozen=True)
class Input:
    """A fact that a rule looked at, for the reader who wants to check it."""

    fact: str
    value: Any
    provenance: Provenance


@dataclass(frozen=True)
class Proposal:
    """The recommendation of one rule for one decision.

    `reason` argues with the person's own numbers; `changes_if` lists the conditions
    that would turn the recommendation; `rule` and `references` say where it comes from.
    """

    decision: str
    value: str | int
    reason: str
    rule: str
    references: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    changes_if: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An option that was asked for and blocked: the proposal was taken instead."""

    value: str | int
    label: str
    flag: str
    objection: str


@dataclass(frozen=True)
class Decision:
    """What stands: the proposal beside the value that was taken."""

    proposal: Proposal
    value: str | int
    label: str
    built: bool
    skipped: bool = False
    refused: Refusal | None = None
    kept: str = ""
    """The day it was proposed, where another value is proposed today and nobody chose; or empty."""
    held: str = ""
    """What people chose that could not stand beside today's proposal, so that adopting leaves it
    out; or empty."""

    @property
    def differs(self) -> bool:
        """True where something else than today's proposal stands."""
        return self.value != self.proposal.value

    @property
    def is_adoptable(self) -> bool:
        """True where today's proposal can replace what stands, and nobody's choice is lost."""
        return bool(self.kept) and not self.held

    @property
    def turns(self) -> tuple[str, ...]:
        """What would change it: the proposal's conditions are no word on what stands instead."""
        name, value = self.proposal.decision, self.proposal.value
        if self.differs:
            though = f", though {self.held}" if self.held else ""
            command = f"copier update --trust -d {name}={value}"
            return (f"somebody takes what is proposed{though}: {command}",)
        return self.proposal.changes_if


@dataclass(frozen=True)
class Decisions:
    """The decisions of the phases so far, readable by name: `earlier["data_engine"]`."""

    entries: tuple[Decision, ...] = ()
    skipped: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> dict[str, Decision]:
        """The decisions by their names; of two with one name the first counts."""
        return {entry.proposal.decision: entry for entry in reversed(self.entries)}

    def __getitem__(self, name: str) -> str | int:
        return self.by_name[name].value

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def find(self, name: str) -> Decision:
        """The decision called `name`.

        Raises KeyError where no phase so far decides it.
        """
        return self.by_name[name]
