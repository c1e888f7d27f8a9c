"""Which facts are asked, derived or assumed, and the default that Enter accepts.

Order of trust: what was measured, then what was stated, then what follows from other
facts, then an assumption. Legal facts are never assumed in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from . import limits
from .data_profile import (
    guess_entity,
    guess_event_time,
    guess_problem_type,
    guess_target,
    table_gb,
)
from .decision import Frozen
from .facts import CADENCE_DAYS, ColumnProfile, DataProfile, Facts, Provenance
from .problem_statement import ProblemStatement

Theme = Literal["problem", "people", "data", "use", "risk", "infrastructure"]
Treatment = Literal["asked", "derived", "assumed"]
Kind = Literal["text", "names", "integer", "number", "choice", "choices", "yes_no"]


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


class FactQuestion(Frozen):
    """How one fact is come by."""

    name: str
    theme: Theme
    treatment: Treatment
    kind: Kind
    default: Callable[[Sources], Known]
    legal: bool = False


def _assume(value: Any) -> Callable[[Sources], Known]:
    return lambda sources: Known(value, Provenance.assumed)


def _stated(name: str, otherwise: Any) -> Callable[[Sources], Known]:
    """The statement's `name` where it says so, else an assumption."""

    def default(sources: Sources) -> Known:
        value = getattr(sources.statement, name, None)
        if value is None or value == "" or value == ():
            return Known(otherwise, Provenance.assumed)
        return Known(value, Provenance.stated)

    return default


def _target(sources: Sources) -> Known:
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


def _problem_type(sources: Sources) -> Known:
    stated = sources.statement.problem_type if sources.statement else None
    column = _target_column(sources)
    if stated:
        return Known(stated, Provenance.stated)
    if column is not None:
        return Known(guess_problem_type(column), Provenance.measured)
    return Known("binary", Provenance.assumed)


def _rows(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(sources.profile.rows, Provenance.measured)
    return _stated("rows", 10_000)(sources)


def _positive_rate(sources: Sources) -> Known:
    problem_type = sources.answer("problem_type", "binary")
    profile = sources.profile
    if problem_type == "regression":
        stated = _stated("positive_rate", 0.0)(sources)
        return stated if stated.value else Known(0.0, Provenance.derived)
    if profile is not None and profile.class_shares:
        shares = dict(zip(profile.classes, profile.class_shares, strict=True))
        share = shares.get(profile.positive_class, min(profile.class_shares))
        return Known(round(share, 4), Provenance.measured)
    return _stated("positive_rate", 0.2)(sources)


def _n_columns(kinds: set[str], stated: str, otherwise: int) -> Callable[[Sources], Known]:
    def default(sources: Sources) -> Known:
        if sources.profile is None:
            return _stated(stated, otherwise)(sources)
        found = [
            column
            for column in sources.profile.columns
            if column.type in kinds
            and not column.identifier
            and column.name != sources.answer("target")
        ]
        return Known(len(found), Provenance.measured)

    return default


def _size_gb(sources: Sources) -> Known:
    """Size of the table, reckoned from its shape where nothing was measured."""
    if sources.profile is not None:
        return Known(sources.profile.size_gb, Provenance.measured)
    columns = sources.answer("n_numeric", 8) + sources.answer("n_categorical", 4)
    gb = table_gb(sources.answer("rows", 10_000), columns)
    return Known(round(gb, 4), Provenance.derived)


def _event_time(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(guess_event_time(sources.profile), Provenance.derived)
    return _stated("event_time", "")(sources)


def _entity_key(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known(guess_entity(sources.profile), Provenance.derived)
    return _stated("entity_key", "")(sources)


def _unseen_entities(sources: Sources) -> Known:
    """Entities that repeat without a time: a prediction is for the next, unseen one."""
    repeats = bool(sources.answer("entity_key")) and not sources.answer("event_time")
    return Known(repeats, Provenance.derived)


def _cadence(sources: Sources) -> Known:
    seconds = sources.profile.seconds_between_events if sources.profile else None
    if seconds is not None and seconds > 0:
        day = 86_400.0
        limits = ((day / 2, "hourly"), (day * 3.5, "daily"), (day * 15, "weekly"))
        cadence = next((name for limit, name in limits if seconds < limit), "monthly")
        return Known(cadence, Provenance.measured)
    return _stated("data_cadence", "monthly")(sources)


def _mutability(sources: Sources) -> Known:
    appended = sources.answer("event_time") or sources.answer("data_cadence") != "once"
    return Known("append" if appended else "static", Provenance.derived)


def _label_delay(sources: Sources) -> Known:
    """With a time on each row, three steps of the table; else a month."""
    known = _stated("label_delay_days", 30.0)(sources)
    seconds = sources.profile.seconds_between_events if sources.profile else None
    if known.provenance is Provenance.assumed and seconds and sources.answer("event_time"):
        return Known(round(3 * seconds / 86_400, 4), Provenance.derived)
    return known


def _consumption(sources: Sources) -> Known:
    statement = sources.statement
    if statement and statement.consumption:
        return Known(statement.consumption, Provenance.stated)
    if statement and statement.latency_class:
        realtime = statement.latency_class == "realtime"
        return Known("realtime" if realtime else "batch", Provenance.derived)
    return Known("unsure", Provenance.assumed)


SHORTEST_BATCH_SECONDS = 60
"""No batch answers sooner: a shorter limit asks for a service."""


def _latency(sources: Sources) -> Known:
    """A service has a limit; a batch has none, unless one was stated that it cannot meet."""
    consumption, stated = sources.answer("consumption"), _stated("latency_ms", 200)(sources)
    if consumption in {"realtime", "both"}:
        return stated
    expected = _consumption(sources)
    agreed = expected.provenance is Provenance.stated or consumption != expected.value
    short = stated.value < 1000 * SHORTEST_BATCH_SECONDS
    if consumption == "batch" and agreed and short and stated.provenance is Provenance.stated:
        return stated
    return Known(0, Provenance.derived)


_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def _capacity(sources: Sources) -> Known:
    """The stated capacity, for one period of the table's cadence."""
    known = _stated("capacity", 0)(sources)
    stated_days = _DAYS.get((sources.statement and sources.statement.capacity_period) or "")
    days = CADENCE_DAYS.get(sources.answer("data_cadence", ""))
    if known.value and stated_days and days and stated_days != days:
        return Known(max(1, round(known.value * days / stated_days)), Provenance.derived)
    return known


def _personal_data(sources: Sources) -> Known:
    known = _stated("personal_data", "not_stated")(sources)
    under_gdpr = sources.statement is not None and "gdpr" in sources.statement.regulations
    if known.provenance is Provenance.assumed and under_gdpr:
        return Known("pseudonymous", Provenance.derived)
    return known


def _committers(sources: Sources) -> Known:
    return Known(1 if sources.answer("team_size", 1) < 2 else 2, Provenance.derived)


def _approver(sources: Sources) -> Known:
    return Known(sources.answer("owner", ""), Provenance.derived)


def _location(sources: Sources) -> Known:
    if sources.profile is not None:
        return Known("local_file", Provenance.derived)
    return Known("local_file", Provenance.assumed)


def _question(
    name: str,
    theme: Theme,
    treatment: Treatment,
    kind: Kind,
    default: Callable[[Sources], Known],
    legal: bool = False,
) -> FactQuestion:
    return FactQuestion(
        name=name, theme=theme, treatment=treatment, kind=kind, default=default, legal=legal
    )


QUESTIONS: tuple[FactQuestion, ...] = (
    _question("target", "problem", "asked", "text", _target),
    _question("problem_type", "problem", "asked", "choice", _problem_type),
    _question("formulation", "problem", "asked", "text", _stated("formulation", "")),
    _question("use_case", "problem", "derived", "choice", _stated("use_case", "other")),
    _question("rows", "problem", "asked", "integer", _rows),
    _question("positive_rate", "problem", "asked", "number", _positive_rate),
    _question("labels", "problem", "assumed", "choice", _stated("labels", "available")),
    _question("primary_metric", "problem", "assumed", "choice",
              _stated("primary_metric", "unsure")),
    _question("guardrails", "problem", "derived", "names", _stated("guardrails", ())),
    _question("baseline_kind", "problem", "assumed", "choice", _stated("baseline_kind", "none")),
    _question("baseline_value", "problem", "assumed", "number", _stated("baseline_value", 0.0)),
    _question("success_criteria", "problem", "assumed", "text", _stated("success_criteria", "")),
    _question("horizon", "people", "asked", "choice", _assume("production")),
    _question("weeks", "people", "assumed", "integer", _assume(8)),
    _question("team_size", "people", "asked", "integer", _assume(1)),
    _question("platform_skill", "people", "asked", "choice", _assume("none")),
    _question("owner", "people", "asked", "text", _assume("")),
    _question("approver", "people", "derived", "text", _approver),
    _question("current_level", "people", "assumed", "integer", _assume(0)),
    _question("months_operated", "people", "assumed", "integer", _assume(0)),
    _question("n_models", "people", "assumed", "integer", _assume(1)),
    _question("committers", "people", "derived", "integer", _committers),
    _question("event_time", "data", "derived", "text", _event_time),
    _question("entity_key", "data", "derived", "text", _entity_key),
    _question("unseen_entities", "data", "derived", "yes_no", _unseen_entities),
    _question("post_outcome_columns", "data", "assumed", "names", _assume(())),
    _question("n_numeric", "data", "derived", "integer",
              _n_columns({"integer", "number"}, "n_numeric", 8)),
    _question("n_categorical", "data", "derived", "integer",
              _n_columns({"string", "boolean"}, "n_categorical", 4)),
    _question("data_location", "data", "asked", "choice", _location),
    _question("data_cadence", "data", "asked", "choice", _cadence),
    _question("data_mutability", "data", "derived", "choice", _mutability),
    _question("data_size_gb", "data", "derived", "number", _size_gb),
    _question("consumption", "use", "asked", "choice", _consumption),
    _question("latency_ms", "use", "derived", "integer", _latency),
    _question("staleness_ok_hours", "use", "assumed", "number",
              _stated("staleness_ok_hours", 24.0)),
    _question("peak_rps", "use", "assumed", "number", _assume(1.0)),
    _question("capacity", "use", "asked", "integer", _capacity),
    _question("cost_false_positive", "use", "asked", "number", _stated("cost_false_positive", 0.0)),
    _question("cost_false_negative", "use", "asked", "number", _stated("cost_false_negative", 0.0)),
    _question("save_rate", "use", "assumed", "number", _stated("save_rate", 1.0)),
    _question("label_delay_days", "use", "asked", "number", _label_delay),
    _question("stability", "use", "asked", "choice", _assume("seasonal")),
    _question("impact", "risk", "asked", "choice", _assume("not_stated"), legal=True),
    _question("decision_mode", "risk", "asked", "choice", _assume("not_stated"), legal=True),
    _question("personal_data", "risk", "asked", "choice", _personal_data, legal=True),
    _question("regulations", "risk", "asked", "choices",
              _stated("regulations", ("not_stated",)), legal=True),
    _question("residency", "risk", "assumed", "text", _assume("")),
    _question("interpretability", "risk", "assumed", "choice", _stated("interpretability", "none")),
    _question("cloud", "infrastructure", "asked", "choice", _assume("none")),
    _question("ci", "infrastructure", "asked", "choice", _assume("none")),
    _question("existing_tools", "infrastructure", "assumed", "names", _assume(())),
)  # fmt: skip

BY_NAME: dict[str, FactQuestion] = {question.name: question for question in QUESTIONS}
_ABSENT_AS_ZERO = {
    "capacity", "cost_false_positive", "cost_false_negative", "latency_ms", "baseline_value",
}  # fmt: skip


def default_of(name: str, sources: Sources) -> Known:
    """The value that Enter accepts for the fact `name`."""
    return BY_NAME[name].default(sources)


def is_asked(name: str, sources: Sources) -> bool:
    """True where a newcomer has to be asked for `name`.

    With a problem statement *and* a table, the remaining assumptions are shown in one
    overview instead, save for the owner and legal facts, which nobody else can know.
    """
    question = BY_NAME[name]
    if question.treatment != "asked" or not _applies(name, sources):
        return False
    provenance = default_of(name, sources).provenance
    if question.legal or name in {"target", "owner"}:
        return provenance is not Provenance.stated
    both = sources.statement is not None and sources.profile is not None
    return provenance is Provenance.assumed and not both


def unstated(facts: Facts) -> tuple[str, ...]:
    """Legal facts that nobody stated."""
    return tuple(
        question.name
        for question in QUESTIONS
        if question.legal and facts.source(question.name) is Provenance.assumed
    )


def _applies(name: str, sources: Sources) -> bool:
    regression = sources.answer("problem_type") == "regression"
    decides_cases = {"positive_rate", "capacity", "cost_false_positive", "cost_false_negative"}
    return not (regression and name in decides_cases)


class Resolved(NamedTuple):
    """A fact's value, the default beside it, and whether an answer differs from that default."""

    value: Any
    default: Known
    answered: bool


def resolve(sources: Sources) -> dict[str, Resolved]:
    """Every fact as answered, else by default; a default sees the facts before it."""
    values = dict(sources.answers)
    found: dict[str, Resolved] = {}
    for question in QUESTIONS:
        known = question.default(sources.model_copy(update={"answers": tuple(values.items())}))
        given = values.setdefault(question.name, known.value)
        value = _tidy(question, given)
        found[question.name] = Resolved(value, known, value != _tidy(question, known.value))
    return found


def as_facts(project_name: str, sources: Sources) -> Facts:
    """Facts from the recorded answers; what equals its default keeps the default's provenance.

    Raises pydantic.ValidationError where an answer has a wrong type or is no choice.
    """
    found = resolve(sources)
    provenance = tuple(
        (name, Provenance.stated if each.answered else each.default.provenance)
        for name, each in found.items()
    )
    values = {name: each.value for name, each in found.items()}
    if values["problem_type"] == "regression":
        values["positive_rate"] = None
    for name in _ABSENT_AS_ZERO:
        values[name] = values[name] or None
    return Facts(
        project_name=project_name,
        out_of_scope=(sources.statement and sources.statement.out_of_scope) or "",
        profile=sources.profile,
        differing=_differing(sources),
        not_understood=sources.statement.not_understood if sources.statement else (),
        provenance=provenance,
        **values,
    )


def _tidy(question: FactQuestion, value: Any) -> Any:
    """An answer as the fact's type; an open legal fact takes its assumption."""
    if question.kind in {"names", "choices"}:
        names = value.split(";") if isinstance(value, str) else value
        return tuple(name.strip() for name in names if name.strip())
    if value == "not_stated" and question.name in {"impact", "decision_mode"}:
        return Facts.model_fields[question.name].default
    return value


def _differing(sources: Sources) -> tuple[tuple[str, float, float], ...]:
    """Facts that were both stated and measured, and differ too much."""
    if sources.statement is None or sources.profile is None:
        return ()
    pairs = (
        (name, getattr(sources.statement, name), default_of(name, sources).value)
        for name in ("rows", "positive_rate", "n_numeric", "n_categorical")
    )
    return tuple(
        (name, stated, measured)
        for name, stated, measured in pairs
        if stated and abs(stated - measured) > limits.A1_DIFFERENCE * stated
    )
