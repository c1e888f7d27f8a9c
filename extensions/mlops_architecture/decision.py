"""What a phase proposes, and what the person decided.

A *rule* reads facts and earlier decisions and returns a `Proposal`. The person
accepts it, changes it or skips the phase; what stands in the end is a `Decision`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, computed_field

from .facts import Provenance


class Frozen(BaseModel):
    """A value object: immutable, hashable, strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Frozen):
    """One possible value of a decision, and whether the template builds it."""

    value: str | int
    label: str
    built: bool = True


class Alternative(Frozen):
    """An option that was not recommended, and why not."""

    value: str | int
    why_not: str


class Input(Frozen):
    """A fact that a rule looked at, for the reader who wants to check it."""

    fact: str
    value: Any
    provenance: Provenance


class Proposal(Frozen):
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


class Decision(Frozen):
    """What stands: the proposal beside the value that was taken."""

    proposal: Proposal
    value: str | int
    label: str
    built: bool
    skipped: bool = False

    @computed_field  # type: ignore[prop-decorator]
    @property
    def differs(self) -> bool:
        """True where the person took something else than today's proposal."""
        return self.value != self.proposal.value


class Decisions(Frozen):
    """The decisions of the phases so far, readable by name: `earlier["data_engine"]`."""

    entries: tuple[Decision, ...] = ()
    skipped: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> str | int:
        return self.find(name).value

    def __contains__(self, name: str) -> bool:
        return any(entry.proposal.decision == name for entry in self.entries)

    def find(self, name: str) -> Decision:
        """The decision called `name`.

        Raises KeyError where no phase so far decides it.
        """
        for entry in self.entries:
            if entry.proposal.decision == name:
                return entry
        raise KeyError(name)
