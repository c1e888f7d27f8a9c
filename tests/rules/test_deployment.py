"""Rules F1 to F8 and E10: how predictions reach their use, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture import configuration, limits
from mlops_architecture.blueprint import documented_only
from mlops_architecture.decision import Decisions
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts, Provenance
from mlops_architecture.phases import deployment

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER, facts_of
from rules.operation import (
    assert_answers_any_facts,
    designed,
    operated_facts,
    proposed,
    standing_decisions,
)

REALTIME = {"deployment_mode": "realtime"}
BATCH = {"deployment_mode": "batch"}
AUTOMATED = {"decision_mode": "automated"}
SEEN = {"impact": "high", "label_delay_days": 1.0, "peak_rps": 5.0, "positive_rate": 0.2}


@pytest.mark.parametrize(
    ("rule", "decision", "values", "earlier", "expected"),
    [
        ("F1 unsure", "deployment_mode", {"consumption": "unsure"}, {}, "batch"),
        ("F1 batch", "deployment_mode", {"consumption": "batch"}, {}, "batch"),
        ("F1 both, said", "deployment_mode", {"consumption": "both"}, {}, "both"),
        ("F1 an hour old is fine", "deployment_mode",
         {"consumption": "realtime", "staleness_ok_hours": 1.0}, {}, "batch"),
        ("F1 under an hour", "deployment_mode",
         {"consumption": "realtime", "staleness_ok_hours": 0.5}, {}, "realtime"),
        ("F1 an assumed staleness argues for nothing", "deployment_mode",
         {"consumption": "realtime"}, {}, "realtime"),
        ("F2 batch", "deployment_serving", {"cloud": "aws"}, BATCH, "none"),
        ("F2 no cloud", "deployment_serving", {}, REALTIME, "fastapi"),
        ("F2 own host", "deployment_serving", {"cloud": "onprem_vm"}, REALTIME, "fastapi"),
        ("F2 cloud", "deployment_serving", {"cloud": "aws"}, REALTIME, "container_service"),
        ("F2 both", "deployment_serving", {"cloud": "gcp"}, {"deployment_mode": "both"},
         "container_service"),
        ("F2 prototype", "deployment_serving", {"cloud": "aws", "horizon": "prototype"}, REALTIME,
         "fastapi"),
        ("F7 batch", "deployment_log", {"cloud": "aws"}, BATCH, "files"),
        ("F7 one host", "deployment_log", {}, REALTIME, "files"),
        ("F7 replicas", "deployment_log", {"cloud": "aws"}, REALTIME, "postgres"),
        ("F7 follows a changed service", "deployment_log", {"cloud": "aws"},
         REALTIME | {"deployment_serving": "fastapi"}, "files"),
        ("F3 batch, low", "deployment_strategy", {"impact": "low"}, BATCH, "swap"),
        ("F3 batch, medium", "deployment_strategy", {"impact": "medium"}, BATCH, "shadow"),
        ("F3 batch, high", "deployment_strategy", {"impact": "high"}, BATCH, "shadow"),
        ("F3 realtime, low", "deployment_strategy", SEEN | {"impact": "low"}, REALTIME,
         "shadow_full"),
        ("F3 realtime, high, quality seen", "deployment_strategy", SEEN, REALTIME,
         "shadow_canary"),
        ("F3 labels later than the canary", "deployment_strategy",
         SEEN | {"label_delay_days": 8.0}, REALTIME, "shadow_full"),
        ("F3 too little traffic", "deployment_strategy", SEEN | {"peak_rps": 0.01}, REALTIME,
         "shadow_full"),
        ("F4 level 0", "deployment_promotion", {}, {"maturity_level": 0}, "manual"),
        ("F4 level 1", "deployment_promotion", {}, {"maturity_level": 1}, "manual"),
        ("F4 level 2", "deployment_promotion", {}, {"maturity_level": 2}, "ci_gate"),
        ("F4 level 3", "deployment_promotion", {"impact": "medium"}, {"maturity_level": 3},
         "automatic"),
        ("F4 level 3, regulated", "deployment_promotion", {"regulations": ("sr26_2",)},
         {"maturity_level": 3}, "ci_gate"),
        ("F4 level 3, high", "deployment_promotion", {"impact": "high"}, {"maturity_level": 3},
         "ci_gate"),
        ("F5 rules today", "deployment_fallback", {"baseline_kind": "rules"}, {},
         "incumbent_rule"),
        ("F5 nothing today, yet a person decides", "deployment_fallback",
         {"baseline_kind": "none", "decision_mode": "human_in_loop"}, REALTIME, "incumbent_rule"),
        ("F5 requests wait for nobody", "deployment_fallback", AUTOMATED, REALTIME, "base_rate"),
        ("F5 a batch of little weight", "deployment_fallback", AUTOMATED, BATCH, "base_rate"),
        ("F5 a batch that waits for people", "deployment_fallback",
         AUTOMATED | {"impact": "medium"}, BATCH, "incumbent_rule"),
        ("F5 scores survive a failed run", "deployment_fallback",
         {"months_operated": 2, "data_cadence": "daily", "staleness_ok_hours": 48.0}, BATCH,
         "last_scores"),
        ("F5 scores too old", "deployment_fallback",
         AUTOMATED | {"months_operated": 2, "data_cadence": "daily", "staleness_ok_hours": 47.0},
         BATCH, "base_rate"),
        ("F5 never ran", "deployment_fallback",
         AUTOMATED | {"data_cadence": "daily", "staleness_ok_hours": 48.0}, BATCH, "base_rate"),
        ("F5 requests have no yesterday", "deployment_fallback",
         AUTOMATED | {"months_operated": 2, "data_cadence": "daily", "staleness_ok_hours": 48.0},
         REALTIME, "base_rate"),
        ("F5 always", "deployment_rollback", {}, {}, "previous_version"),
    ],
)  # fmt: skip
def test_rule_decides(
    rule: str, decision: str, values: dict[str, Any], earlier: dict[str, Any], expected: str
) -> None:
    assert proposed(deployment, decision, values, earlier).value == expected, rule


@pytest.mark.parametrize(
    ("latency_ms", "advice"),
    [
        (19, "only ONNX in process"), (20, "no data frame per request"),
        (99, "no data frame per request"), (100, "is ample"), (None, "No latency is stated"),
    ],
)  # fmt: skip
def test_latency_budget_sets_how_the_service_answers(latency_ms: int | None, advice: str) -> None:
    reason = proposed(deployment, "deployment_serving", {"latency_ms": latency_ms}, REALTIME).reason
    assert advice in reason


@pytest.mark.parametrize("latency_ms", [10, 200, None])
@pytest.mark.parametrize(
    ("candidates", "told"), [("linear_ebm", True), ("ebm", True), ("linear_lightgbm", False)]
)
def test_what_onnx_cannot_say_is_said_to_be_served_by_scikit_learn(
    candidates: str, told: bool, latency_ms: int | None
) -> None:
    earlier = REALTIME | {"training_candidates": candidates}
    values = {"latency_ms": latency_ms, "cloud": "azure", "existing_tools": ("BentoML",)}
    reason = proposed(deployment, "deployment_serving", values, earlier).reason
    assert ("where an EBM wins" in reason and "scikit-learn object" in reason) is told
    assert len(reason.split()) <= 45


def test_app_runner_is_never_the_host() -> None:
    reason = proposed(deployment, "deployment_serving", {"cloud": "aws"}, REALTIME).reason
    assert "ECS" in reason


def test_a_tool_already_run_is_kept() -> None:
    values = {"cloud": "azure", "existing_tools": ("BentoML",)}
    assert "BentoML" in proposed(deployment, "deployment_serving", values, REALTIME).reason


@pytest.mark.parametrize(("rate", "cases"), [(0.05, 8_158), (0.01, 42_693), (0.95, 8_158)])
def test_canary_needs_the_cases_of_rule_f3(rate: float, cases: int) -> None:
    assert deployment.canary_cases(facts_of(positive_rate=rate)) == pytest.approx(cases, abs=1)


@pytest.mark.parametrize(
    ("peak", "seconds", "workers", "expected"), [(10, 0.1, 1, 3), (10, 0.1, 2, 2), (0, 0.1, 1, 1)]
)
def test_replicas_follow_rule_f6(peak: float, seconds: float, workers: int, expected: int) -> None:
    assert deployment.replicas(peak, seconds, workers) == expected


@pytest.mark.parametrize(
    ("consumption", "lines"), [("batch", ["Batch"]), ("both", ["Batch", "Real time"])]
)
def test_capacity_speaks_of_what_is_delivered(consumption: str, lines: list[str]) -> None:
    facts = facts_of(consumption=consumption)
    plan = deployment.capacity_plan(facts, designed(facts))
    assert [line.partition(":")[0] for line in plan] == lines


@pytest.mark.parametrize(
    ("candidates", "told"),
    [
        ("lightgbm", "at 1 ms each (0.34 measured through ONNX on idle cores)"),
        ("linear_ebm", "at 16 ms each (where the scikit-learn object answers)"),
    ],
)
def test_replicas_rest_on_what_was_measured_of_what_answers(candidates: str, told: str) -> None:
    facts = facts_of(consumption="realtime", peak_rps=800.0, cloud="aws")
    design = designed(facts, training_candidates=candidates)
    (line,) = deployment.capacity_plan(facts, design)
    assert told in line
    count = "3 replicas" if candidates == "lightgbm" else "23 replicas"
    assert count in line and count in design.find("deployment_log").proposal.reason


def test_batch_capacity_counts_the_rows_of_one_period() -> None:
    (line,) = deployment.capacity_plan(WEATHER, designed(WEATHER))
    assert line.startswith("Batch: 3 rows within half of one hour")


def test_personal_values_are_logged_as_a_hash() -> None:
    assert "hash of the feature values" in deployment.prediction_log_fields(CHURN)
    assert "feature values" in deployment.prediction_log_fields(facts_of(personal_data="none"))


def test_regression_logs_no_threshold() -> None:
    assert "threshold" in deployment.prediction_log_fields(CHURN)
    assert "threshold" not in deployment.prediction_log_fields(PLANES)


def test_gate_in_the_document_is_the_gate_in_the_settings() -> None:
    gate = configuration.training_settings(make_design(CHURN, {})).gate
    conditions = " ".join(deployment.promotion_conditions(CHURN, designed(CHURN)))
    assert f"at least {100 * gate['minimum_gain']:g} %" in conditions
    assert f"at least {gate['minimum_cases']} cases" in conditions


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("recall must not fall below 60 %", {}, {"recall": 0.6}),
        ("precision at 250 calls ≥ 0.45", {"capacity": 250}, {"precision_at_capacity": 0.45}),
        ("precision at 250 calls ≥ 0.45", {"capacity": 90}, {}),
        ("Brier score at most 0.15", {}, {"brier": 0.15}),
        ("MAE under 3", {"problem_type": "regression"}, {"mae": 3.0}),
        ("MAE under 3", {}, {}),
        ("recall in Bavaria at least 0.5", {}, {}),
        ("complaints below 2 per week", {}, {}),
        ("recall", {}, {}),
        ("recall at least 0.5 and precision at least 0.3", {}, {}),
    ],
)
def test_guardrails_that_the_project_measures_reach_its_gate(
    text: str, changes: dict[str, Any], expected: dict[str, float]
) -> None:
    facts = facts_of(guardrails=(text,), **changes)
    gate = configuration.training_settings(make_design(facts, {})).gate
    assert gate["guardrails"] == expected


def test_gate_times_one_row_only_where_somebody_waits_for_the_answer() -> None:
    waited, batch = facts_of(consumption="realtime", latency_ms=50), facts_of(latency_ms=50)
    gates = [configuration.training_settings(make_design(f, {})).gate for f in (waited, batch)]
    assert [gate["latency_ms"] for gate in gates] == [50, None]


def test_gate_wants_cases_unless_a_person_waived_them() -> None:
    few = CHURN.model_copy(update={"rows": 400, "positive_rate": 0.2})
    waiver = {"rf11_waiver": "Ada: a pilot of twenty calls that ends in March."}
    gates = [
        configuration.training_settings(make_design(facts, answers)).gate["minimum_cases"]
        for facts, answers in ((few, {}), (few, waiver), (PLANES, {}))
    ]
    assert gates == [limits.E4_HOPELESS_TEST_POSITIVES, 0, 0]


COSTED = facts_of(rows=7_000, positive_rate=0.3, cost_false_positive=20, cost_false_negative=240)


@pytest.mark.parametrize(
    ("facts", "condition", "holds"),
    [
        (CHURN_STATED, "the guardrail holds: precision at 300 calls ≥ 0.5", True),
        (facts_of(guardrails=("complaints below 2 a week",)), "hold: complaints below 2", True),
        (CHURN, "guardrails", False),
        (COSTED, "calibration slope reaches into 0.9 to 1.1", True),
        (CHURN_STATED, "calibration slope", False),
        (PLANES, "calibration slope", False),
        (facts_of(consumption="realtime", latency_ms=50), "within 50 ms", True),
        (CHURN, "p99", False),
    ],
)
def test_promotion_names_what_the_approver_checks(
    facts: Facts, condition: str, holds: bool
) -> None:
    conditions = "\n".join(deployment.promotion_conditions(facts, designed(facts)))
    assert (condition in conditions) is holds


def test_way_back_has_three_rungs_in_order() -> None:
    facts = facts_of(consumption="realtime", owner="Ada", baseline_kind="rules")
    version, fallback, people = deployment.rollback_ladder(facts, designed(facts))
    assert "5 minutes" in version
    assert "what is done today" in fallback
    assert "Ada" in people


@pytest.mark.parametrize(
    ("costs", "comes_to"), [(20.0, "so each is acted on"), (2000.0, "so none is acted on")]
)
def test_one_answer_for_all_says_what_it_does_and_that_it_is_not_built(
    costs: float, comes_to: str
) -> None:
    facts = facts_of(
        **AUTOMATED, consumption="realtime", positive_rate=0.2, cost_false_positive=costs,
        cost_false_negative=240.0,
    )  # fmt: skip
    design = make_design(facts, {})
    fallback = design.decisions.find("deployment_fallback")
    assert comes_to in fallback.proposal.reason
    assert fallback in documented_only(design)


def test_the_rest_of_the_phase_follows_a_changed_mode() -> None:
    decisions = designed(CHURN, deployment_mode="realtime")
    assert decisions.find("deployment_mode").differs
    assert decisions["deployment_serving"] == "fastapi"
    assert decisions["deployment_strategy"] == "shadow_full"


def test_an_assumed_impact_is_called_assumed() -> None:
    facts = Facts(provenance=(("target", Provenance.stated),))
    proposals = deployment.propose(facts, Decisions())
    (reason,) = (each.reason for each in proposals if each.decision == "deployment_strategy")
    assert "low impact (assumed)" in reason


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_answered(facts: Facts) -> None:
    assert_answers_any_facts(deployment, facts, Decisions())


@given(operated_facts, standing_decisions)
def test_any_facts_are_answered(facts: Facts, earlier: Decisions) -> None:
    assert_answers_any_facts(deployment, facts, earlier)
    deployment.prediction_log_fields(facts)
