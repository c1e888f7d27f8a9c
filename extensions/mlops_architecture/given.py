"""Which facts somebody gave, and where: what a contradiction may be built on.

A default that was derived or assumed is nobody's word. It may be recorded, and a later answer
may move it; neither makes it given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from .fact_defaults import Sources
from .facts import Provenance
from .intake import resolve


class Origin(StrEnum):
    """Where a value comes from, as a sentence says it."""

    outside = "-d"
    answered = "answered"
    stated = "stated in the problem statement"
    measured = "measured in the table"
    derived = "derived"
    assumed = "assumed"


class Given(NamedTuple):
    """A value of a fact, and where it comes from."""

    value: Any
    origin: Origin

    @property
    def counts(self) -> bool:
        """Whether somebody, or the table, said so."""
        return self.origin not in {Origin.derived, Origin.assumed}


def given_facts(
    sources: Sources, outside: Collection[str] = (), before: Mapping[str, Any] | None = None
) -> dict[str, Given]:
    """Every fact with its origin.

    `outside` names the answers given by `-d`, which count even where they repeat a default.
    `before` holds the answers that an earlier run recorded: what has not changed since keeps the
    origin that it had then.
    """
    then = given_facts(_with(sources, before)) if before else {}
    found: dict[str, Given] = {}
    for name, resolved in resolve(sources).items():
        value, default = resolved.value, resolved.default
        origin = Origin.answered if resolved.answered else _origin_of(default.provenance)
        if name in outside:
            origin = Origin.outside
        elif before and name in before and then[name].value == value:
            origin = then[name].origin
        found[name] = Given(value, origin)
    return found


def _with(sources: Sources, answers: Mapping[str, Any]) -> Sources:
    return sources.model_copy(update={"answers": tuple(answers.items())})


def _origin_of(provenance: Provenance) -> Origin:
    return Origin[provenance.value]
