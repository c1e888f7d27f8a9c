"""Which facts are asked, derived or assumed, and the facts that follow from the answers.

Legal facts are never assumed in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from . import fact_defaults as known
from . import limits
from .data_profile import named_columns
from .decision import Frozen
from .fact_defaults import Known, Sources, assume, stated
from .facts import Facts, Provenance

Theme = Literal["problem", "people", "data", "use", "risk", "infrastructure"]
Treatment = Literal["asked", "derived", "assumed"]
Kind = Literal["text", "names", "integer", "number", "choice", "choices", "yes_no"]


class FactQuestion(Frozen):
    """How one fact is come by."""

    name: str
    theme: Theme
    treatment: Treatment
    kind: Kind
    default: Callable[[Sources], Known]
    legal: bool = False


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
    _question("target", "problem", "asked", "text", known.target),
    _question("problem_type", "problem", "asked", "choice", known.problem_type),
    _question("formulation", "problem", "asked", "text", stated("formulation", "")),
    _question("use_case", "problem", "derived", "choice", known.use_case),
    _question("rows", "problem", "asked", "integer", known.rows),
    _question("positive_class", "problem", "asked", "text", known.positive_class),
    _question("positive_rate", "problem", "asked", "number", known.positive_rate),
    _question("labels", "problem", "assumed", "choice", known.labels),
    _question("primary_metric", "problem", "assumed", "choice",
              stated("primary_metric", "unsure")),
    _question("guardrails", "problem", "derived", "names", stated("guardrails", ())),
    _question("horizon", "people", "asked", "choice", assume("production")),
    _question("baseline_kind", "problem", "assumed", "choice", stated("baseline_kind", "none")),
    _question("baseline_value", "problem", "assumed", "number", stated("baseline_value", 0.0)),
    _question("success_criteria", "problem", "assumed", "text", stated("success_criteria", "")),
    _question("weeks", "people", "assumed", "integer", assume(8)),
    _question("team_size", "people", "asked", "integer", assume(1)),
    _question("platform_skill", "people", "asked", "choice", assume("none")),
    _question("owner", "people", "asked", "text", assume("")),
    _question("approver", "people", "derived", "text", known.approver),
    _question("current_level", "people", "assumed", "integer", assume(0)),
    _question("months_operated", "people", "assumed", "integer", assume(0)),
    _question("n_models", "people", "assumed", "integer", assume(1)),
    _question("committers", "people", "derived", "integer", known.committers),
    _question("event_time", "data", "derived", "text", known.event_time),
    _question("entity_key", "data", "derived", "text", known.entity_key),
    _question("unseen_entities", "data", "derived", "yes_no", known.unseen_entities),
    _question("post_outcome_columns", "data", "assumed", "names", assume(())),
    _question("n_numeric", "data", "derived", "integer",
              known.n_columns({"integer", "number"}, "n_numeric", 8)),
    _question("n_categorical", "data", "derived", "integer",
              known.n_columns({"string", "boolean"}, "n_categorical", 4)),
    _question("data_location", "data", "asked", "choice", known.location),
    _question("data_cadence", "data", "asked", "choice", known.cadence),
    _question("data_mutability", "data", "derived", "choice", known.mutability),
    _question("data_size_gb", "data", "derived", "number", known.size_gb),
    _question("consumption", "use", "asked", "choice", known.consumption),
    _question("latency_ms", "use", "derived", "integer", known.latency),
    _question("staleness_ok_hours", "use", "assumed", "number",
              stated("staleness_ok_hours", 24.0)),
    _question("peak_rps", "use", "assumed", "number", assume(1.0)),
    _question("capacity", "use", "asked", "integer", known.capacity),
    _question("cost_false_positive", "use", "asked", "number", stated("cost_false_positive", 0.0)),
    _question("cost_false_negative", "use", "asked", "number", stated("cost_false_negative", 0.0)),
    _question("save_rate", "use", "assumed", "number", stated("save_rate", 1.0)),
    _question("label_delay_days", "use", "asked", "number", known.label_delay),
    _question("stability", "use", "asked", "choice", assume("seasonal")),
    _question("impact", "risk", "asked", "choice", assume("not_stated"), legal=True),
    _question("decision_mode", "risk", "asked", "choice", assume("not_stated"), legal=True),
    _question("personal_data", "risk", "asked", "choice", known.personal_data, legal=True),
    _question("regulations", "risk", "asked", "choices",
              stated("regulations", ("not_stated",)), legal=True),
    _question("residency", "risk", "assumed", "text", assume("")),
    _question("interpretability", "risk", "assumed", "choice", stated("interpretability", "none")),
    _question("cloud", "infrastructure", "asked", "choice", assume("none")),
    _question("ci", "infrastructure", "asked", "choice", assume("none")),
    _question("existing_tools", "infrastructure", "assumed", "names",
              stated("existing_tools", ())),
)  # fmt: skip

BY_NAME: dict[str, FactQuestion] = {question.name: question for question in QUESTIONS}
COUNTED = ("rows", "positive_rate", "n_numeric", "n_categorical")
"""Facts that a table answers better than anybody."""
FOLLOWING = (*COUNTED, "positive_class")
"""Asked facts that follow, like derived ones, where those that they were drawn from move."""
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


def is_open(name: str, value: Any) -> bool:
    """Whether `value` leaves a legal fact unsaid: the next person is asked again."""
    given = value if isinstance(value, (list, tuple)) else [value]
    return name in BY_NAME and BY_NAME[name].legal and "not_stated" in given


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
    """A fact's value, the default beside it, and whether an answer says otherwise, or more."""

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
        if question.name == "post_outcome_columns":
            given = named_columns(given, sources.profile.by_name if sources.profile else ())
        value = tidied(question, given)
        says_more = is_open(question.name, known.value) and not is_open(question.name, given)
        answered = value != tidied(question, known.value) or says_more
        found[question.name] = Resolved(value, known, answered)
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


def tidied(question: FactQuestion, value: Any) -> Any:
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
        for name in COUNTED
    )
    return tuple(
        (name, stated, measured) for name, stated, measured in pairs if far_apart(stated, measured)
    )


def far_apart(stated: float | None, measured: float | None) -> bool:
    """Whether a fact was both stated and measured, and the two differ too much."""
    if not stated or measured is None:
        return False
    return abs(stated - measured) > limits.A1_DIFFERENCE * stated
