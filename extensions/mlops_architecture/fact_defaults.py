"""The value of each fact that Enter accepts, and where it comes from.

Order of trust: what was measured, then what was stated, then what follows from other
facts, then an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .data_profile import (
    guess_entity,
    guess_event_time,
    guess_positive_class,
    guess_problem_type,
    guess_target,
    may_be_either,
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
        sure = not may_be_either(column)
        return Known(
            guess_problem_type(column), Provenance.measured if sure else Provenance.assumed
        )
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


def positive_class(sources: Sources) -> Known:
    """The stated one, else a guess; that it is the commoner class is for a person to say."""
    shares = sources.profile.share_of if sources.profile else {}
    if not shares or sources.answer("problem_type", "binary") != "binary":
        return Known("", Provenance.derived)
    told = (sources.statement and sources.statement.positive_class) or ""
    for label in shares:
        if label.casefold() == told.casefold():
            return Known(label, Provenance.stated)
    guess = guess_positive_class(shares)
    commoner = 2 * shares[guess] > 1
    return Known(guess, Provenance.assumed if commoner else Provenance.derived)


def positive_rate(sources: Sources) -> Known:
    problem_type = sources.answer("problem_type", "binary")
    profile = sources.profile
    if problem_type == "regression":
        told = stated("positive_rate", 0.0)(sources)
        return told if told.value else Known(0.0, Provenance.derived)
    if profile is not None and profile.class_shares:
        positive = sources.answer("positive_class") or positive_class(sources).value
        share = profile.share_of.get(positive, min(profile.class_shares))
        return Known(round(share, 4), Provenance.measured)
    return stated("positive_rate", 0.2)(sources)


def labels(sources: Sources) -> Known:
    """As stated, save that a table with gaps in its target has labels in part."""
    known, column = stated("labels", "available")(sources), _target_column(sources)
    if known.value == "available" and column is not None and column.missing:
        return Known("partial", Provenance.measured)
    return known


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
    """With a time on each row and many of them, a few steps of the table; else a month.

    How often rows come says little of when their outcome is known: it is for a person to say.
    """
    timed = sources.profile if sources.answer("event_time") else None
    return stated("label_delay_days", (timed and timed.some_steps) or 30.0)(sources)


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


_TEAMS = (1, 2, 6, 16)
"""The smallest team of each bracket of rule A.2."""


def committers(sources: Sources) -> Known:
    """As many as in the smallest team of that bracket: not everybody commits code."""
    team = sources.answer("team_size", 1)
    return Known(max(size for size in _TEAMS if size <= max(team, 1)), Provenance.derived)


def approver(sources: Sources) -> Known:
    return Known(sources.answer("owner", ""), Provenance.derived)


def location(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known("local_file", Provenance.derived)
    return Known("local_file", Provenance.assumed)
