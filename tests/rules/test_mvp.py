"""Section J: what is built first, and the trigger of everything that waits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture import mvp
from mlops_architecture.configuration import training_settings
from mlops_architecture.design import PHASES, make_design
from mlops_architecture.facts import Facts
from mlops_architecture.interview import card
from mlops_architecture.text import lower_first

from rules.cases import CHURN, CHURN_STATED, WEATHER, facts_of
from rules.operation import designed, operated_facts

REALTIME = {"consumption": "realtime"}
UNATTENDED = {"maturity_level": 3, "deployment_promotion": "automatic"}
SEEN = REALTIME | {"impact": "high", "label_delay_days": 1.0, "peak_rps": 9.0, "rows": 10_000}


def triggers(facts: Facts, **answers: Any) -> dict[str, str]:
    return {row.component: row.trigger for row in mvp.deferred(facts, designed(facts, **answers))}


def test_build_order_is_that_of_section_j() -> None:
    steps = mvp.mvp_steps(CHURN, designed(CHURN))
    assert [step.order for step in steps] == [1, 2, 3, 4, 5, 6]
    first_words = ["Load,", "Split", "One", "Register,", "Batch", "One"]
    assert [step.build.split()[0] for step in steps] == first_words
    assert steps[0].done_when == "a bad fixture fails the run"
    assert steps[-1].state == "built"
    unwatched = mvp.mvp_steps(CHURN, designed(CHURN, monitoring_plan="skip"))
    assert unwatched[-1].state.startswith("deferred")


def test_a_source_that_is_yours_to_read_is_not_called_built() -> None:
    assert mvp.mvp_steps(CHURN, designed(CHURN))[0].state == "built"
    stored = CHURN.model_copy(update={"data_location": "warehouse", "data_size_gb": 400.0})
    assert mvp.mvp_steps(stored, designed(stored))[0].state == (
        "built for files; yours to add: warehouse extract and warehouse sql"
    )


def test_steps_name_the_decisions_of_this_project() -> None:
    decisions = designed(WEATHER)
    split = mvp.mvp_steps(WEATHER, decisions)[1].build
    assert str(decisions["training_split"]).replace("_", " ") in split


def test_a_waived_network_is_yours_to_add_and_what_stands_in_is_named() -> None:
    waived = {
        "training_candidates": "deep", "rf13_waiver": "Ada: the paper we replicate uses one",
    }  # fmt: skip
    design = make_design(CHURN, waived)
    step = mvp.mvp_steps(CHURN, design.decisions)[2]
    trained = "Penalised linear model; yours to add: a deep network"
    assert lower_first(trained) in step.build and step.state == "built, with what stands in"
    assert dict(card(design))["Models"] == trained
    assert design["training_baseline"] == "dummy"
    assert training_settings(design).candidates == ["linear"]
    assert "penalties" in design.decisions.find("training_search").proposal.reason
    gaps = make_design(CHURN, {**waived, "feature_missing": "native"})
    assert training_settings(gaps).candidates == ["lightgbm"]


def test_what_decides_today_is_a_number_to_beat() -> None:
    stated, unstated = (mvp.mvp_steps(f, designed(f))[1] for f in (CHURN_STATED, CHURN))
    assert "today's rules" in stated.done_when and "role: incumbent" in stated.state
    assert "today's" not in unstated.done_when and unstated.state == "built"
    by_hand = facts_of(baseline_kind="manual")
    assert "of today's manual process," in mvp.mvp_steps(by_hand, designed(by_hand))[1].done_when


@pytest.mark.parametrize(
    ("component", "values", "answers", "waits"),
    [
        ("Real-time API", {}, {}, "less than 1 h old"),
        ("Real-time API", {"consumption": "both"}, {}, "two cycles"),
        ("Real-time API", REALTIME, {}, "passed the gate"),
        ("Feature store", {}, {}, "100 ms"),
        ("Feature store", {}, {"feature_store": "feast"}, None),
        ("CI/CD gates (level 2)", {}, {}, "a second committer, or the first bad merge; now 1 "),
        ("CI/CD gates (level 2)", {"committers": 2}, {}, "a third committer, or"),
        ("CI/CD gates (level 2)", {"committers": 6}, {}, "level 1 has run for about 13 weeks"),
        ("CI/CD gates (level 2)", {"impact": "high"}, {}, "level 1 has run for about 13 weeks"),
        ("CI/CD gates (level 2)", {"committers": 6, "horizon": "prototype"}, {}, "now prototype"),
        ("CI/CD gates (level 2)", {"current_level": 1, "committers": 3}, {}, None),
        ("Drift alerts", {}, {}, "an owner is named"),
        ("Drift alerts", {"owner": "Ada"}, {}, "first month of scored windows"),
        ("Automatic retraining", {}, {"monitoring_trigger": "manual"}, "three retrainings"),
        ("Automatic retraining", {}, {}, None),
        ("Automatic promotion", {}, {}, "rollback is rehearsed"),
        ("Automatic promotion", {"impact": "high"}, {}, "until then a person promotes"),
        ("Automatic promotion", {"regulations": ("sr26_2",)}, {}, "no regulation applies (sr26_2)"),
        ("Automatic promotion", {"current_level": 2}, UNATTENDED, None),
        ("Canary", {}, {}, "requests are answered"),
        ("Canary", REALTIME, {}, "per arm"),
        ("Canary", SEEN, {"deployment_strategy": "shadow_canary"}, None),
        ("Kubernetes", {}, {}, "five pipelines"),
        ("Kubernetes", {}, {"stack_orchestrator": "kubernetes"}, None),
        ("DVC, lakeFS or Delta", {}, {}, "2 GB"),
        ("DVC, lakeFS or Delta", {}, {"data_versioning": "dvc"}, None),
        ("Spark", {}, {}, "1 TB"),
        ("Spark", {}, {"data_engine": "spark"}, None),
        ("GPU or step operator", {}, {}, "2 h on CPU"),
        ("GPU or step operator", {}, {"stack_step_operator": "vertex"}, None),
        ("Fairness by group", {}, {}, "are about people"),
        ("Fairness by group", {"use_case": "credit"}, {}, "now, since decisions on target are"),
        ("Fairness by group", {"personal_data": "direct", "impact": "high"}, {}, "now, since"),
        ("Fairness by group", {"personal_data": "direct"}, {}, "a column names groups"),
        ("Fairness by group", {"impact": "high"}, {}, "decisions on target are about people"),
        ("Fairness by group", {"profile": CHURN.profile, "personal_data": "direct"}, {}, None),
        ("Explanations API", {}, {}, "support tickets"),
        ("Explanations API", {"interpretability": "per_decision"}, {}, None),
        ("Explanations API", REALTIME | {"interpretability": "per_decision"}, {}, None),
        ("Schedule", {}, {}, "cron then starts them"),
        ("Schedule", {"ci": "github"}, {}, "the CI then starts them"),
        ("Schedule", {"horizon": "learning"}, {}, "a third run"),
        ("Schedule", {"current_level": 1, "impact": "high"}, {}, None),
        ("Schedule", {}, {"stack_orchestrator": "sagemaker"}, "cron then starts them"),
        (
            "Schedule",
            {},
            {"stack_orchestrator": "sagemaker", "stack_scheduler": "orchestrator"},
            "sagemaker can start them, by a schedule yours to add",
        ),
        ("Drift detection pipeline", {"horizon": "prototype"}, {}, "second month"),
        ("Monitoring pipeline", {}, {}, None),
        ("Monitoring pipeline", {}, {"monitoring_plan": "skip"}, "first decision"),
        ("Retraining pipeline", {}, {"monitoring_drift": "none"}, "second month"),
    ],
)
def test_each_component_waits_for_its_trigger(
    component: str, values: dict[str, Any], answers: dict[str, Any], waits: str | None
) -> None:
    found = triggers(facts_of(**values), **answers)
    assert (component in found) is (waits is not None)
    assert waits is None or waits in found[component]


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.prefix)
def test_a_skipped_phase_waits_with_a_trigger(phase: Any) -> None:
    name = f"Phase {phase.number} ({lower_first(phase.title)}, skipped)"
    assert name not in triggers(CHURN)
    assert triggers(CHURN, **{phase.plan: "skip"})[name]


@given(operated_facts)
def test_any_facts_have_an_order_and_triggers(facts: Facts) -> None:
    decisions = make_design(facts, {}).decisions
    assert len(mvp.mvp_steps(facts, decisions)) == 6
    rows = mvp.deferred(facts, decisions)
    assert len({row.component for row in rows}) == len(rows)
    assert all(row.trigger for row in rows)
