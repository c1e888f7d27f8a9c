"""Facts that cannot both hold: small named checks, each naming both and asking which one does.

Only what somebody gave, or the table shows, can contradict; see `given`. What is merely unwise
is a red flag, not a contradiction. A message names the fact that is asked for first first: a
prompt cuts it short, and the fact being asked for stands in the question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from .checks import Check, check_of
from .fact_defaults import SHORTEST_BATCH_SECONDS, Sources
from .facts import DataProfile, Provenance
from .facts_told import show_value
from .given import Given, Origin, given_facts
from .intake import BY_NAME, COUNTED, far_apart, resolve

REGRESSION_METRICS = {"mae", "rmse", "rmsle", "mape", "wape", "pinball", "r2"}
_ANY_KIND = {"unsure", "expected_cost"}
"""Metrics that go with every problem type."""
_ABOUT_PEOPLE = {"gdpr", "hipaa", "pci"}
"""Regulations that apply to personal data alone."""
CHECKS: list[Check] = []
_FIRST = ("target", "problem_type", "event_time", "entity_key")
ORDER = (*_FIRST, *(name for name in BY_NAME if name not in _FIRST))
"""The facts in the order in which the flow comes to them."""


class Contradiction(NamedTuple):
    """Facts of which one at least is wrong, and the sentence that asks which."""

    check: str
    facts: tuple[str, ...]
    sentence: str
    shown: Mapping[str, str]
    """Each of the facts with its value and origin."""

    @property
    def refusal(self) -> str:
        """The sentence where nobody can be asked."""
        return f"{self.sentence} Correct {' or '.join(f'-d {name}=…' for name in self.facts)}."

    def beside(self, name: str) -> str:
        """The other facts, as the reason why a choice for `name` is not offered."""
        others = [f"{fact} is {self.shown[fact]}" for fact in self.facts if fact != name]
        return ", ".join(others) or self.sentence


def contradictions(
    sources: Sources, outside: Collection[str] = (), before: Mapping[str, Any] | None = None
) -> tuple[Contradiction, ...]:
    """Every contradiction among the facts; arguments as `given_facts` takes them."""
    given = given_facts(sources, outside, before)
    given["profile"] = Given(sources.profile, Origin.measured)
    for name, resolved in resolve(sources).items():
        counted = name in COUNTED and resolved.default.provenance is Provenance.measured
        beside = counted and given[name].origin is not Origin.measured
        measured = resolved.default.value if beside else None
        given[f"measured_{name}"] = Given(measured, Origin.measured)
    found = (_contradiction(check, given) for check in CHECKS)
    return tuple(each for each in found if each is not None)


def objecting_to(
    name: str, found: Iterable[Contradiction], outside: Collection[str]
) -> Contradiction | None:
    """The first contradiction that an answer to `name` has to end.

    Facts that come later do not count: they are asked for again, save those given by `-d`.
    """
    settled = {*ORDER[: ORDER.index(name) + 1], *outside}
    return next(
        (each for each in found if name in each.facts and settled.issuperset(each.facts)), None
    )


def _contradiction(check: Check, given: Mapping[str, Given]) -> Contradiction | None:
    values = {name: given[name].value for name in check.inputs}
    if not all(given[name].counts for name in check.given) or not check.fires(values):
        return None
    facts = tuple(name for name in check.inputs if name in BY_NAME)
    shown = {name: f"{_show(values[name])} ({given[name].origin})" for name in check.inputs}
    return Contradiction(check.name, facts, check.message(shown), shown)


def _show(value: Any) -> str:
    if isinstance(value, DataProfile):
        return f"{value.span_days:.3g} days"
    return show_value(value)


def contradiction(function: Callable[..., bool]) -> Callable[..., bool]:
    """Enters `function` among the checks; its message and inputs as `checks` describes."""
    CHECKS.append(check_of(function))
    return function


# The outcome -----------------------------------------------------------------------------


@contradiction
def rate_without_labels(positive_rate: float, labels: str) -> bool:
    """positive_rate is {positive_rate}, and labels is {labels}: a rate is counted from known
    outcomes. Which holds?"""
    return labels == "none" and positive_rate > 0


@contradiction
def rate_of_a_number(problem_type: str, positive_rate: float) -> bool:
    """problem_type is {problem_type}, and positive_rate is {positive_rate}: a number has no
    positive class. Which holds?"""
    return problem_type == "regression" and positive_rate > 0


@contradiction
def metric_of_another_kind(problem_type: str, primary_metric: str) -> bool:
    """problem_type is {problem_type}, and primary_metric is {primary_metric}: that metric does
    not measure this kind of prediction. Which holds?"""
    measures_numbers = primary_metric in REGRESSION_METRICS
    wrong = measures_numbers != (problem_type == "regression")
    return wrong and primary_metric not in _ANY_KIND


# People ----------------------------------------------------------------------------------


@contradiction
def more_committers_than_people(team_size: int, committers: int) -> bool:
    """team_size is {team_size}, and committers is {committers}: who commits code builds it.
    Which holds?"""
    return committers > team_size


# Columns ---------------------------------------------------------------------------------


@contradiction
def time_is_the_target(event_time: str, *, target: str) -> bool:
    """target is {target}, and so is event_time, {event_time}: the outcome is not known when the
    decision is taken. Which holds?"""
    return event_time == target != ""


@contradiction
def key_is_the_target(entity_key: str, *, target: str) -> bool:
    """target is {target}, and so is entity_key, {entity_key}: what a row is about cannot be what
    is predicted. Which holds?"""
    return entity_key == target != ""


@contradiction
def key_is_the_time(event_time: str, entity_key: str) -> bool:
    """event_time is {event_time}, and so is entity_key, {entity_key}: a time names nobody. Which
    holds?"""
    return event_time == entity_key != ""


@contradiction
def target_listed_as_later(post_outcome_columns: tuple[str, ...], *, target: str) -> bool:
    """target is {target}, and post_outcome_columns is {post_outcome_columns}: those columns are
    dropped, and the target must stay. Which holds?"""
    return target in post_outcome_columns


@contradiction
def time_known_too_late(event_time: str, post_outcome_columns: tuple[str, ...]) -> bool:
    """event_time is {event_time}, and post_outcome_columns is {post_outcome_columns}: the time
    of the decision lies before the outcome. Which holds?"""
    return event_time in post_outcome_columns


@contradiction
def key_known_too_late(entity_key: str, post_outcome_columns: tuple[str, ...]) -> bool:
    """entity_key is {entity_key}, and post_outcome_columns is {post_outcome_columns}: whom a row
    is about is known before the outcome. Which holds?"""
    return entity_key in post_outcome_columns


@contradiction
def unseen_without_a_key(entity_key: str, unseen_entities: bool) -> bool:
    """entity_key is {entity_key}, and unseen_entities is {unseen_entities}: without a key nobody
    can tell who was seen. Which holds?"""
    return entity_key == "" and unseen_entities


# The table -------------------------------------------------------------------------------


@contradiction
def static_and_growing(data_cadence: str, data_mutability: str) -> bool:
    """data_cadence is {data_cadence}, and data_mutability is {data_mutability}: to a static
    table no rows are added. Which holds?"""
    return data_mutability == "static" and data_cadence != "once"


@contradiction
def stream_that_came_once(data_cadence: str, data_mutability: str) -> bool:
    """data_cadence is {data_cadence}, and data_mutability is {data_mutability}: a stream goes
    on. Which holds?"""
    return data_mutability == "stream" and data_cadence == "once"


@contradiction
def streamed_once(data_location: str, data_cadence: str) -> bool:
    """data_location is {data_location}, and data_cadence is {data_cadence}: a stream goes on.
    Which holds?"""
    return data_location == "stream" and data_cadence == "once"


CHECKS += [
    Check(
        name=f"{name}_unlike_the_table",
        given=(name,),
        read=(f"measured_{name}",),
        test=lambda **values: far_apart(*values.values()),
        template=f"{name} is {{{name}}}, and in the table it is {{measured_{name}}}: the design is "
        "for the table at hand. Which holds? Else bring the table that it is true of.",
    )
    for name in COUNTED
]


@contradiction
def labels_later_than_the_data(*, label_delay_days: float, profile: DataProfile | None) -> bool:
    """The table spans {profile}, and label_delay_days is {label_delay_days}: forward in time
    nothing is left to learn from. Which holds? Else bring a longer table."""
    days = profile.span_days if profile else None
    return days is not None and label_delay_days > days / 2


# Use -------------------------------------------------------------------------------------


@contradiction
def batch_within_moments(consumption: str, latency_ms: int) -> bool:
    """consumption is {consumption}, and latency_ms is {latency_ms}: no batch answers within that
    limit. Which holds?"""
    return consumption == "batch" and 0 < latency_ms < 1000 * SHORTEST_BATCH_SECONDS


@contradiction
def batch_of_the_last_moment(consumption: str, staleness_ok_hours: float) -> bool:
    """consumption is {consumption}, and staleness_ok_hours is {staleness_ok_hours}: the scores
    of a batch are older than a minute. Which holds?"""
    return consumption == "batch" and 3600 * staleness_ok_hours < SHORTEST_BATCH_SECONDS


@contradiction
def batch_with_requests(consumption: str, peak_rps: float) -> bool:
    """consumption is {consumption}, and peak_rps is {peak_rps}: a batch takes no requests. Which
    holds?"""
    return consumption == "batch" and peak_rps > 0


@contradiction
def service_without_requests(consumption: str, peak_rps: float) -> bool:
    """consumption is {consumption}, and peak_rps is {peak_rps}: then nobody calls the service.
    Which holds?"""
    return consumption in {"realtime", "both"} and peak_rps == 0


@contradiction
def missing_is_free(cost_false_positive: float, cost_false_negative: float) -> bool:
    """cost_false_positive is {cost_false_positive}, and cost_false_negative is
    {cost_false_negative}: the cost ratio is zero, and nobody is worth acting on. Which holds?"""
    return cost_false_negative == 0 < cost_false_positive


@contradiction
def acting_is_free(cost_false_positive: float, cost_false_negative: float) -> bool:
    """cost_false_positive is {cost_false_positive}, and cost_false_negative is
    {cost_false_negative}: then act on everybody, which takes no model. Which holds?"""
    return cost_false_positive == 0 < cost_false_negative


@contradiction
def acting_rescues_nobody(cost_false_negative: float, save_rate: float) -> bool:
    """cost_false_negative is {cost_false_negative}, and save_rate is {save_rate}: acting saves
    none of that cost, and the cost ratio is zero. Which holds?"""
    return save_rate == 0 < cost_false_negative


# Law -------------------------------------------------------------------------------------


@contradiction
def protected_data_of_nobody(personal_data: str, regulations: tuple[str, ...]) -> bool:
    """personal_data is {personal_data}, and regulations is {regulations}: GDPR, HIPAA and PCI
    DSS protect data of people. Which holds?"""
    return personal_data == "none" and bool(_ABOUT_PEOPLE & set(regulations))


@contradiction
def none_beside_others(regulations: tuple[str, ...]) -> bool:
    """regulations is {regulations}: none of them, or an open question, cannot stand beside
    another. Which holds?"""
    return len(regulations) > 1 and bool({"none", "not_stated"} & set(regulations))
