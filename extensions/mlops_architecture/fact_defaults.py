"""The value of each fact that Enter accepts, and where it comes from.

Order of trust: what was measured, then what was stated, then what follows from other
facts, then an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from . import limits
from .data_profile import (
    guess_entity,
    guess_event_time,
    guess_problem_type,
    guess_target,
    table_gb,
)
from .decision import Frozen
from .facts import CADENCE_DAYS, ColumnProfile, DataProfile, Provenance
from .problem_statement import ProblemStatement
from .statement.problem import use_case_of


class Known(NamedTuple):
    """A value for a fact, and where it comes from."""

    value: Any
    provenance: Provenance


class Sources(Frozen):
    """Everything a default may look at. `answers` holds the answers given so far."""

    statement: ProblemStatement | None = None
    profile: DataProfile | None = None
    answers: tuple[tuple[str, Any], ...] = ()

    def answer(self, name: str, default: Any = None) -> Any:
        """The answer given to `name` so far."""
        return dict(self.answers).get(name, default)


def assume(value: Any) -> Callable[[Sources], Known]:
    return lambda sources: Known(value, Provenance.assumed)


def stated(name: str, otherwise: Any) -> Callable[[Sources], Known]:
    """The statement's `name` where it says so, else an assumption."""

    def default(sources: Sources) -> Known:
        value = getattr(sources.statement, name, None)
        if value is None or value == "" or value == ():
            return Known(otherwise, Provenance.assumed)
        return Known(value, Provenance.stated)

    return default


def target(sources: Sources) -> Known:
    stated = sources.statement.target if sources.statement else None
    if sources.profile is None:
        return Known(stated or "target", Provenance.stated if stated else Provenance.assumed)
    names = [column.name for column in sources.profile.columns]
    matching = [name for name in names if stated and name.casefold() == stated.casefold()]
    if matching:
        return Known(matching[0], Provenance.stated)
    return Known(guess_target(sources.profile), Provenance.derived)


def _target_column(sources: Sources) -> ColumnProfile | None:
    if sources.profile is None:
        return None
    return sources.profile.by_name.get(sources.answer("target", ""))


def problem_type(sources: Sources) -> Known:
    stated = sources.statement.problem_type if sources.statement else None
    column = _target_column(sources)
    if stated:
        return Known(stated, Provenance.stated)
    if column is not None:
        return Known(guess_problem_type(column), Provenance.measured)
    return Known("binary", Provenance.assumed)


def use_case(sources: Sources) -> Known:
    """As the statement says, else by the words of the formulation, however that was given."""
    known = stated("use_case", "other")(sources)
    found = use_case_of(str(sources.answer("formulation") or ""))
    if known.provenance is Provenance.assumed and found:
        return Known(found, Provenance.derived)
    return known


def rows(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(sources.profile.rows, Provenance.measured)
    return stated("rows", 10_000)(sources)


def positive_rate(sources: Sources) -> Known:
    problem_type = sources.answer("problem_type", "binary")
    profile = sources.profile
    if problem_type == "regression":
        told = stated("positive_rate", 0.0)(sources)
        return told if told.value else Known(0.0, Provenance.derived)
    if profile is not None and profile.class_shares:
        shares = dict(zip(profile.classes, profile.class_shares, strict=True))
        share = shares.get(profile.positive_class, min(profile.class_shares))
        return Known(round(share, 4), Provenance.measured)
    return stated("positive_rate", 0.2)(sources)


def n_columns(kinds: set[str], name: str, otherwise: int) -> Callable[[Sources], Known]:
    def default(sources: Sources) -> Known:
        if sources.profile is None:
            return stated(name, otherwise)(sources)
        found = [
            column
            for column in sources.profile.columns
            if column.type in kinds
            and not column.identifier
            and column.name != sources.answer("target")
        ]
        return Known(len(found), Provenance.measured)

    return default


def size_gb(sources: Sources) -> Known:
    """Size of the table, reckoned from its shape where nothing was measured."""
    if sources.profile is not None:
        return Known(sources.profile.size_gb, Provenance.measured)
    columns = sources.answer("n_numeric", 8) + sources.answer("n_categorical", 4)
    gb = table_gb(sources.answer("rows", 10_000), columns)
    return Known(round(gb, 4), Provenance.derived)


def event_time(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(guess_event_time(sources.profile), Provenance.derived)
    return stated("event_time", "")(sources)


def entity_key(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(guess_entity(sources.profile), Provenance.derived)
    return stated("entity_key", "")(sources)


def unseen_entities(sources: Sources) -> Known:
    """Entities that repeat without a time: a prediction is for the next, unseen one."""
    repeats = bool(sources.answer("entity_key")) and not sources.answer("event_time")
    return Known(repeats, Provenance.derived)


def cadence(sources: Sources) -> Known:
    seconds = sources.profile.seconds_between_events if sources.profile else None
    if seconds is not None and seconds > 0:
        day = 86_400.0
        bounds = ((day / 2, "hourly"), (day * 3.5, "daily"), (day * 15, "weekly"))
        cadence = next((name for limit, name in bounds if seconds < limit), "monthly")
        return Known(cadence, Provenance.measured)
    return stated("data_cadence", "monthly")(sources)


def mutability(sources: Sources) -> Known:
    appended = sources.answer("event_time") or sources.answer("data_cadence") != "once"
    return Known("append" if appended else "static", Provenance.derived)


def label_delay(sources: Sources) -> Known:
    """With a time on each row and many of them, a few steps of the table; else a month."""
    known, profile = stated("label_delay_days", 30.0)(sources), sources.profile
    if known.provenance is Provenance.stated or profile is None or not sources.answer("event_time"):
        return known
    step, span = (profile.seconds_between_events or 0.0) / 86_400, profile.span_days or 0.0
    if not 0 < step <= span / limits.A1_FEWEST_STEPS:
        return known
    return Known(round(limits.A1_DELAY_STEPS * step, 4), Provenance.derived)


def consumption(sources: Sources) -> Known:
    statement = sources.statement
    if statement and statement.consumption:
        return Known(statement.consumption, Provenance.stated)
    if statement and statement.latency_class:
        realtime = statement.latency_class == "realtime"
        return Known("realtime" if realtime else "batch", Provenance.derived)
    return Known("unsure", Provenance.assumed)


SHORTEST_BATCH_SECONDS = 60
"""No batch answers sooner: a shorter limit asks for a service."""


def latency(sources: Sources) -> Known:
    """A service has a limit; a batch has none, unless one was stated that it cannot meet."""
    used, told = sources.answer("consumption"), stated("latency_ms", 200)(sources)
    if used in {"realtime", "both"}:
        return told
    expected = consumption(sources)
    agreed = expected.provenance is Provenance.stated or used != expected.value
    short = told.value < 1000 * SHORTEST_BATCH_SECONDS
    if used == "batch" and agreed and short and told.provenance is Provenance.stated:
        return told
    return Known(0, Provenance.derived)


_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def capacity(sources: Sources) -> Known:
    """The stated capacity, for one period of the table's cadence."""
    known = stated("capacity", 0)(sources)
    stated_days = _DAYS.get((sources.statement and sources.statement.capacity_period) or "")
    days = CADENCE_DAYS.get(sources.answer("data_cadence", ""))
    if known.value and stated_days and days and stated_days != days:
        return Known(max(1, round(known.value * days / stated_days)), Provenance.derived)
    return known


def personal_data(sources: Sources) -> Known:
    known = stated("personal_data", "not_stated")(sources)
    under_gdpr = sources.statement is not None and "gdpr" in sources.statement.regulations
    if known.provenance is Provenance.assumed and under_gdpr:
        return Known("pseudonymous", Provenance.derived)
    return known


def committers(sources: Sources) -> Known:
    return Known(1 if sources.answer("team_size", 1) < 2 else 2, Provenance.derived)


def approver(sources: Sources) -> Known:
    return Known(sources.answer("owner", ""), Provenance.derived)


def location(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known("local_file", Provenance.derived)
    return Known("local_file", Provenance.assumed)
