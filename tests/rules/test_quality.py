"""Quality requirements: each scenario can be tested, in the project's own numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.quality import Scenario, scenarios

from rules.cases import CHURN, PLANES, facts_of
from rules.operation import operated_facts


def by_name(facts: Facts, cost: float = 240.0, **answers: Any) -> dict[str, Scenario]:
    found = scenarios(make_design(facts, answers), cost)
    return {scenario.quality: scenario for scenario in found}


def test_six_qualities_are_required_in_order() -> None:
    names = ["speed", "freshness", "bad data", "a worse model", "recovery", "cost"]
    assert list(by_name(CHURN)) == names


@pytest.mark.parametrize(
    ("quality", "values", "part", "says"),
    [
        ("speed", {}, "when", "10,000 rows"),
        ("speed", {}, "within", "15 days"),
        ("speed", {"consumption": "realtime", "latency_ms": 50}, "within", "50 ms"),
        ("speed", {"consumption": "realtime", "peak_rps": 9.0}, "when", "9 requests/s"),
        ("freshness", {"staleness_ok_hours": 6.0}, "within", "6 h"),
        ("bad data", {}, "when", "over 5 % of a batch of 10,000 rows"),
        ("recovery", {}, "within", "30 days"),
        ("recovery", {"consumption": "realtime"}, "within", "5 minutes"),
        (
            "recovery",
            {"decision_mode": "automated", "consumption": "realtime"},
            "held",
            "the fallback is yours to add",
        ),
        ("cost", {"owner": "Ada"}, "does", "has Ada look"),
        ("cost", {}, "when", "480"),
    ],
)
def test_a_scenario_says_the_projects_own_number(
    quality: str, values: dict[str, Any], part: str, says: str
) -> None:
    assert says in getattr(by_name(facts_of(**values))[quality], part)


def test_who_delivers_both_ways_has_a_limit_for_requests_and_one_for_batches() -> None:
    design = make_design(facts_of(consumption="both", latency_ms=50), {})
    limits = [each.within for each in scenarios(design, 240.0) if each.quality == "speed"]
    assert limits == ["50 ms", "15 days"]


def test_a_table_that_only_reports_does_not_claim_to_stop() -> None:
    assert by_name(CHURN)["bad data"].does.startswith("stops")
    assert by_name(CHURN, data_gates="report")["bad data"].does.startswith("logs")


def test_a_worse_model_is_refused_in_the_metric_that_was_decided() -> None:
    assert "under 1 % in log loss, " in by_name(CHURN)["a worse model"].when
    assert "under 1 % in mean absolute error, " in by_name(PLANES)["a worse model"].when


@given(operated_facts)
def test_any_facts_have_a_scenario_of_each_quality_that_can_be_tested(facts: Facts) -> None:
    found = scenarios(make_design(facts, {}), 240.0)
    assert len({scenario.quality for scenario in found}) == 6
    for scenario in found:
        said = f"{scenario.when} {scenario.within}"
        assert scenario.does and scenario.held
        assert any(letter.isdigit() for letter in said) or scenario.quality == "recovery"
