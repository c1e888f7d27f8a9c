"""Facts that cannot both hold are named, both of them; defaults and what is unwise are not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from mlops_architecture.checks import Check
from mlops_architecture.contradictions import (
    CHECKS,
    ORDER,
    REGRESSION_METRICS,
    contradictions,
    objecting_to,
)
from mlops_architecture.fact_defaults import Sources
from mlops_architecture.facts import DataProfile, Facts
from mlops_architecture.intake import BY_NAME, COUNTED
from mlops_architecture.problem_statement import ProblemStatement, parse_problem_statement
from mlops_architecture.statement.metrics import METRICS

from rules.cases import number, table
from rules.operation import operated_facts

Answers = dict[str, Any]
CASES: dict[str, tuple[Answers, Answers]] = {
    "rate_without_labels": (
        {"labels": "none", "positive_rate": 0.03}, {"labels": "partial", "positive_rate": 0.03},
    ),
    "rate_of_a_number": (
        {"problem_type": "regression", "positive_rate": 0.1},
        {"problem_type": "regression", "positive_rate": 0.0},
    ),
    "metric_of_another_kind": (
        {"problem_type": "regression", "primary_metric": "roc_auc"},
        {"problem_type": "regression", "primary_metric": "expected_cost"},
    ),
    "more_committers_than_people": (
        {"team_size": 1, "committers": 5}, {"team_size": 5, "committers": 5},
    ),
    "time_is_the_target": (
        {"event_time": "left", "target": "left"}, {"event_time": "when", "target": "left"},
    ),
    "key_is_the_target": (
        {"entity_key": "left", "target": "left"}, {"entity_key": "customer", "target": "left"},
    ),
    "key_is_the_time": (
        {"event_time": "when", "entity_key": "when"}, {"event_time": "", "entity_key": ""},
    ),
    "target_listed_as_later": (
        {"target": "left", "post_outcome_columns": "closed; left"},
        {"target": "left", "post_outcome_columns": "closed"},
    ),
    "time_known_too_late": (
        {"event_time": "when", "post_outcome_columns": "when"},
        {"event_time": "when", "post_outcome_columns": "closed_when"},
    ),
    "key_known_too_late": (
        {"entity_key": "customer", "post_outcome_columns": "customer"},
        {"entity_key": "", "post_outcome_columns": ""},
    ),
    "unseen_without_a_key": (
        {"entity_key": "", "unseen_entities": True}, {"entity_key": "", "unseen_entities": False},
    ),
    "static_and_growing": (
        {"data_cadence": "daily", "data_mutability": "static"},
        {"data_cadence": "once", "data_mutability": "static"},
    ),
    "stream_that_came_once": (
        {"data_cadence": "once", "data_mutability": "stream"},
        {"data_cadence": "hourly", "data_mutability": "stream"},
    ),
    "streamed_once": (
        {"data_location": "stream", "data_cadence": "once"},
        {"data_location": "warehouse", "data_cadence": "once"},
    ),
    "batch_within_moments": (
        {"consumption": "batch", "latency_ms": 5}, {"consumption": "batch", "latency_ms": 60_000},
    ),
    "batch_of_the_last_moment": (
        {"consumption": "batch", "staleness_ok_hours": 0.01},
        {"consumption": "batch", "staleness_ok_hours": 0.5},
    ),
    "batch_with_requests": (
        {"consumption": "batch", "peak_rps": 50.0}, {"consumption": "both", "peak_rps": 50.0},
    ),
    "service_without_requests": (
        {"consumption": "realtime", "peak_rps": 0.0}, {"consumption": "batch", "peak_rps": 0.0},
    ),
    "missing_is_free": (
        {"cost_false_positive": 20.0, "cost_false_negative": 0.0},
        {"cost_false_positive": 0.0, "cost_false_negative": 0.0},
    ),
    "acting_is_free": (
        {"cost_false_positive": 0.0, "cost_false_negative": 240.0},
        {"cost_false_positive": 20.0, "cost_false_negative": 240.0},
    ),
    "acting_rescues_nobody": (
        {"save_rate": 0.0, "cost_false_negative": 240.0},
        {"save_rate": 0.01, "cost_false_negative": 240.0},
    ),
    "protected_data_of_nobody": (
        {"personal_data": "none", "regulations": ("gdpr",)},
        {"personal_data": "none", "regulations": ("sox", "eu_ai_act")},
    ),
    "none_beside_others": ({"regulations": ("gdpr", "none")}, {"regulations": ("gdpr", "sox")}),
}  # fmt: skip
MEASURED = {"labels_later_than_the_data", *(f"{name}_unlike_the_table" for name in COUNTED)}
"""Checks that read the table, with tests of their own."""


def found(answers: Answers, profile: DataProfile | None = None) -> list[str]:
    """The names of the checks that object to answers given by `-d`."""
    sources = Sources(profile=profile, answers=tuple(answers.items()))
    return [each.check for each in contradictions(sources, outside=set(answers))]


def test_each_check_has_a_case_and_asks_a_question() -> None:
    assert {check.name for check in CHECKS} == set(CASES) | MEASURED
    assert all("Which holds?" in check.template for check in CHECKS)


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_found_and_its_neighbour_is_not(name: str) -> None:
    contradictory, consistent = CASES[name]
    assert found(contradictory) == [name]
    assert found(consistent) == []


@pytest.mark.parametrize("name", CASES)
def test_the_sentence_names_every_fact_with_its_value_and_origin(name: str) -> None:
    answers = CASES[name][0]
    sources = Sources(answers=tuple(answers.items()))
    (each,) = contradictions(sources, outside=set(answers))
    assert each.facts and set(each.facts) <= set(answers)
    for fact in each.facts:
        assert fact in each.sentence and each.shown[fact] in each.sentence
        assert each.shown[fact].endswith("(-d)")
    assert "\n" not in each.sentence and len(each.sentence) < 260


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_fact_that_is_asked_for_first_is_named_first(check: Check) -> None:
    named = re.findall(r"\{(\w+)\}", check.template)
    facts = [name for name in named if name in ORDER]
    assert facts == sorted(facts, key=ORDER.index)
    assert set(named) == set(check.inputs)


@pytest.mark.parametrize("metric", METRICS)
def test_each_metric_goes_with_one_kind_of_prediction_or_with_all(metric: str) -> None:
    kinds = {
        kind
        for kind in ("binary", "multiclass", "regression")
        if not found({"problem_type": kind, "primary_metric": metric})
    }
    if metric == "expected_cost":
        assert len(kinds) == 3
    else:
        assert kinds == (
            {"regression"} if metric in REGRESSION_METRICS else {"binary", "multiclass"}
        )


def spanning(days: int) -> DataProfile:
    return table(
        1000, number("x"), event_time="when", first_event="2025-12-01 00:00:00+00",
        last_event=f"2025-12-{days + 1:02} 00:00:00+00",
    )  # fmt: skip


def test_labels_that_come_later_than_half_the_table_leave_nothing_to_learn_from() -> None:
    assert found({"label_delay_days": 15}, spanning(29)) == ["labels_later_than_the_data"]
    assert found({"label_delay_days": 14}, spanning(29)) == []
    assert found({"label_delay_days": 15}, table(1000, number("x"))) == []


def test_a_delay_that_nobody_gave_is_still_measured_against_the_table() -> None:
    (each,) = contradictions(Sources(profile=spanning(29)))
    assert "30 (assumed)" in each.sentence and "29 days (measured in the table)" in each.sentence


def test_a_number_given_beside_a_table_that_shows_another_names_both() -> None:
    profile = table(7043, number("x"), classes=("n", "y"), class_shares=(0.7, 0.3))
    sources = Sources(profile=profile, answers=(("rows", 10),))
    (each,) = contradictions(sources, outside={"rows"})
    assert "rows is 10 (-d), and in the table it is 7,043 (measured in the table)" in each.sentence
    assert found({"rows": 7000}, profile) == []
    rare = {"problem_type": "binary", "positive_rate": 0.03}
    assert found(rare, profile) == ["positive_rate_unlike_the_table"]
    assert found({"n_numeric": 40}, profile) == ["n_numeric_unlike_the_table"]
    assert found({"n_categorical": 40}, profile) == ["n_categorical_unlike_the_table"]
    assert found({"rows": 10}) == []


# Who said so -----------------------------------------------------------------------------


def stated(text: str) -> ProblemStatement:
    return parse_problem_statement(f"# Problem\n\n{text}\n")


def test_a_default_contradicts_nothing() -> None:
    assert found({"consumption": "batch"}) == []
    assert found({"cost_false_negative": 240.0}) == []
    assert found({"problem_type": "regression"}) == []
    assert found({"data_mutability": "static"}) == []
    assert found({"committers": 5}) == []


def test_an_untouched_zero_is_no_cost_and_a_typed_one_is() -> None:
    untouched = (("cost_false_positive", 0.0), ("cost_false_negative", 240.0))
    assert contradictions(Sources(answers=untouched)) == ()
    statement = stated("An offer costs 20 €.")
    assert statement.cost_false_positive == 20
    (each,) = contradictions(Sources(statement=statement, answers=untouched))
    assert "0 (answered)" in each.sentence and "240 (answered)" in each.sentence


def test_what_the_statement_says_can_contradict_itself_and_what_is_given_beside_it() -> None:
    statement = stated("## Constraints\n- **Latency**: daily batch, each answer within 5 ms")
    assert (statement.consumption, statement.latency_ms) == ("batch", 5)
    (each,) = contradictions(Sources(statement=statement))
    assert each.sentence.count("stated in the problem statement") == 2
    fast = stated("## Constraints\n- **Latency**: real time, within 50 ms")
    (each,) = contradictions(
        Sources(statement=fast, answers=(("consumption", "batch"),)), {"consumption"}
    )
    assert "batch (-d)" in each.sentence
    assert "50 (stated in the problem statement)" in each.sentence


def test_a_batch_with_an_hour_to_run_has_no_latency_to_contradict() -> None:
    statement = stated("## Constraints\n- **Latency**: batch, done within 20 minutes")
    assert statement.latency_ms == 1_200_000
    assert contradictions(Sources(statement=statement)) == ()


def test_a_recorded_default_stays_a_default_when_another_fact_changes() -> None:
    recorded = {"consumption": "realtime", "latency_ms": 200}
    moved = {"consumption": "batch", "latency_ms": 200}
    sources = Sources(answers=tuple(moved.items()))
    assert contradictions(sources, {"consumption"}, recorded) == ()
    recorded["latency_ms"] = moved["latency_ms"] = 50
    sources = Sources(answers=tuple(moved.items()))
    (each,) = contradictions(sources, {"consumption"}, recorded)
    assert "50 (answered)" in each.sentence


# Whom to ask -----------------------------------------------------------------------------


def test_the_later_fact_is_asked_again_unless_it_cannot_be() -> None:
    answers = CASES["batch_within_moments"][0]
    several = contradictions(Sources(answers=tuple(answers.items())), set(answers))
    assert objecting_to("consumption", several, outside=()) is None
    assert objecting_to("latency_ms", several, outside=()) == several[0]
    assert objecting_to("consumption", several, outside={"latency_ms"}) == several[0]
    assert objecting_to("owner", several, outside=answers) is None


def test_a_choice_is_greyed_out_with_the_other_fact() -> None:
    answers = CASES["batch_within_moments"][0]
    (each,) = contradictions(Sources(answers=tuple(answers.items())), set(answers))
    assert each.beside("consumption") == "latency_ms is 5 (-d)"


def test_the_order_of_the_flow_holds_every_fact_once() -> None:
    assert sorted(ORDER) == sorted(BY_NAME)


@settings(max_examples=300)
@given(operated_facts)
def test_any_facts_are_judged(facts: Facts) -> None:
    answers = {
        name: "; ".join(value) if name in {"guardrails", "post_outcome_columns"} else value
        for name, value in dict(facts).items()
        if name in BY_NAME and value is not None
    }
    profile = facts.profile if facts.profile and facts.profile.columns else None
    sources = Sources(profile=profile, answers=tuple(answers.items()))
    for outside in ((), set(answers)):
        several = contradictions(sources, outside, answers)
        for each in several:
            assert set(each.facts) <= set(BY_NAME) and "{" not in each.sentence
            assert objecting_to(max(each.facts, key=ORDER.index), several, ()) is not None
