"""The edges of the system: what comes in, what goes out, and for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from mlops_architecture import interfaces
from mlops_architecture.contract import Contract, make_contract
from mlops_architecture.facts import Facts

from rules.cases import CHURN, PLANES, WEATHER, facts_of
from rules.operation import operated_facts

GOAL = (
    "Given a customer's contract, predict whether they leave, for the retention team, each "
    "Monday, to keep revenue."
)


def contract(facts: Facts) -> Contract:
    return make_contract(facts, "stop")


def test_the_goal_says_who_uses_it_and_when() -> None:
    facts = facts_of(formulation=GOAL)
    assert interfaces.consumer(facts) == "the retention team"
    assert interfaces.decision_time(facts) == "each Monday"


def test_without_a_goal_the_consumer_is_who_acts_on_the_target() -> None:
    assert interfaces.consumer(CHURN) == "whoever acts on Churn"
    assert interfaces.decision_time(CHURN) == ""


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        (CHURN, ["row", "customerID", "score", "decision", "model_version"]),
        (WEATHER, ["row", "origin", "time_hour", "score", "decision", "model_version"]),
        (PLANES, ["row", "tailnum", "prediction", "model_version"]),
        (
            facts_of(problem_type="multiclass"),
            ["row", "record_id", "prediction", "probability_<class>", "model_version"],
        ),
    ],
)
def test_predictions_have_the_columns_that_the_project_writes(
    facts: Facts, names: list[str]
) -> None:
    assert [column.name for column in interfaces.output_columns(contract(facts))] == names


def test_reasons_stand_before_the_version() -> None:
    written = [column.name for column in interfaces.output_columns(contract(PLANES), 4)]
    assert written == ["row", "tailnum", "prediction", "reasons", "model_version"]


def test_the_input_is_told_by_the_part_of_its_columns() -> None:
    said = interfaces.input_schema(contract(WEATHER))
    assert "entity origin" in said and "event time time_hour" in said
    assert "3 left out" in said and said.endswith("not needed for scoring")
    assert said.startswith("6 features (6 numeric)")


@given(operated_facts)
def test_any_facts_have_edges(facts: Facts) -> None:
    written = interfaces.output_columns(contract(facts))
    assert written[0].name == "row" and written[-1].name == "model_version"
    assert interfaces.input_schema(contract(facts)) and interfaces.consumer(facts)
