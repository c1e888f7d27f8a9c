"""Rules G1 to G13 and the incidents: what is watched, and when to train again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture.decision import Decisions
from mlops_architecture.facts import Facts
from mlops_architecture.phases import monitoring

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER, facts_of, table
from rules.operation import (
    PRODUCTION,
    assert_answers_any_facts,
    designed,
    operated_facts,
    proposed,
    standing_decisions,
)

SLOW = {"label_delay_days": 31.0, "data_cadence": "monthly"}
LEVEL = {"maturity_level": 1}
UNCALIBRATED = {"training_calibration": "none"}
YEAR = {"event_time": "at", "data_cadence": "monthly"}


def a_year_of(rows: int) -> dict[str, Any]:
    measured = table(rows, first_event="2024-01-01", last_event="2024-12-31")
    return YEAR | {"rows": rows, "profile": measured}


@pytest.mark.parametrize(
    ("rule", "decision", "values", "earlier", "expected"),
    [
        ("G1 production", "monitoring_drift", {"horizon": "production"}, {}, "two_keys"),
        ("G13 prototype", "monitoring_drift", {"horizon": "prototype"}, {}, "none"),
        ("G13 learning", "monitoring_drift", {"horizon": "learning"}, {}, "none"),
        ("G2 a period fills it", "monitoring_window_rows", {"rows": 5_000}, {}, 5000),
        ("G2 preferred", "monitoring_window_rows", {"rows": 4_999}, {}, 1000),
        ("G2 least", "monitoring_window_rows", {"rows": 999}, {}, 500),
        ("G2 widened", "monitoring_window_rows", {"rows": 20}, {}, 500),
        ("G2 pace unknown", "monitoring_window_rows", YEAR | {"rows": 10**6}, {}, 1000),
        ("G2 measured pace", "monitoring_window_rows", a_year_of(10_000), {}, 500),
        ("G6 fast labels", "monitoring_performance", SLOW | {"label_delay_days": 30.0}, {},
         "labels"),
        ("G7 slow labels", "monitoring_performance", SLOW, {}, "estimated"),
        ("G7 not calibrated", "monitoring_performance", SLOW, UNCALIBRATED, "labels"),
        ("G7 regression", "monitoring_performance", SLOW | {"problem_type": "regression"},
         UNCALIBRATED, "labels"),
        ("G7 shifting", "monitoring_performance", SLOW | {"stability": "shifting"}, {}, "sampled"),
        ("G7 labels within the month", "monitoring_performance",
         {"label_delay_days": 7.0, "data_cadence": "daily", "stability": "shifting"}, {},
         "estimated"),
        ("G7 a day, high stakes", "monitoring_performance",
         {"label_delay_days": 1.0, "data_cadence": "continuous", "impact": "high"}, {},
         "estimated"),
        ("G7 too rare to be drawn", "monitoring_performance",
         SLOW | {"stability": "adversarial", "positive_rate": 0.024}, {}, "estimated"),
        ("G7 just not too rare", "monitoring_performance",
         SLOW | {"stability": "adversarial", "positive_rate": 0.025}, {}, "sampled"),
        ("G7 adversarial", "monitoring_performance", SLOW | {"stability": "adversarial"}, {},
         "sampled"),
        ("G7 high stakes", "monitoring_performance", SLOW | {"impact": "high"}, {}, "sampled"),
        ("G9 owner", "monitoring_alerts", PRODUCTION, {}, "slack"),
        ("G9 nobody", "monitoring_alerts", PRODUCTION | {"owner": ""}, {}, "file"),
        ("G13 no alerts", "monitoring_alerts", PRODUCTION | {"horizon": "prototype"}, {}, "none"),
        ("G11 labels come with the schedule", "monitoring_trigger",
         {"label_delay_days": 30.0, "data_cadence": "daily"}, LEVEL, "schedule"),
        ("G11 labels of a day, a stable world", "monitoring_trigger",
         {"label_delay_days": 1.0, "data_cadence": "continuous", "stability": "stable"}, LEVEL,
         "quality"),
        ("G11 labels before the schedule", "monitoring_trigger", SLOW, LEVEL, "quality"),
        ("G11 quality", "monitoring_trigger", SLOW | {"label_delay_days": 7.0}, LEVEL, "quality"),
        ("G13 by hand", "monitoring_trigger", SLOW | {"horizon": "prototype"}, LEVEL, "manual"),
        ("G11 level 0", "monitoring_trigger", SLOW, {"maturity_level": 0}, "manual"),
        ("G11 comes once", "monitoring_trigger", {"data_cadence": "once"}, LEVEL, "manual"),
        ("G10 labels after the longest interval", "monitoring_trigger",
         SLOW | {"label_delay_days": 400.0}, LEVEL, "manual"),
        ("incidents always", "monitoring_incidents", {}, {}, "severities"),
    ],
)  # fmt: skip
def test_rule_decides(
    rule: str, decision: str, values: dict[str, Any], earlier: dict[str, Any], expected: str | int
) -> None:
    assert proposed(monitoring, decision, values, earlier).value == expected, rule


@pytest.mark.parametrize(
    ("rule", "values", "needed", "offered"),
    [
        ("stable", {"stability": "stable", "label_delay_days": 1.0}, 90, 90),
        ("seasonal", {"stability": "seasonal", "label_delay_days": 1.0}, 30, 30),
        ("shifting", {"stability": "shifting", "label_delay_days": 1.0}, 7, 7),
        ("adversarial", {"stability": "adversarial", "label_delay_days": 1.0}, 7, 7),
        ("labels come later", {"stability": "shifting", "label_delay_days": 8.0}, 8, 14),
        ("labels come after years", {"label_delay_days": 730.0}, 730, 365),
        ("a tenth of new rows", a_year_of(36_500) | {"stability": "shifting"}, 36.5, 90),
        ("a hundred new positives",
         a_year_of(365) | {"stability": "shifting", "positive_rate": 0.5}, 200, 365),
    ],
)  # fmt: skip
def test_retraining_waits_for_the_longest(
    rule: str, values: dict[str, Any], needed: float, offered: int
) -> None:
    facts = facts_of(**values)
    assert monitoring.retrain_interval_days(facts) == pytest.approx(needed), rule
    assert proposed(monitoring, "monitoring_retrain_days", values, {}).value == offered, rule


@given(operated_facts)
def test_nothing_retrains_on_its_own_before_labels_arrive(facts: Facts) -> None:
    values = {p.decision: p.value for p in monitoring.propose(facts, Decisions())}
    soon = float(values["monitoring_retrain_days"]) < facts.label_delay_days
    assert not soon or values["monitoring_trigger"] == "manual"


def test_prototype_says_what_is_skipped_kept_and_when_to_add() -> None:
    reason = proposed(monitoring, "monitoring_drift", {"horizon": "prototype"}, {}).reason
    for part in ("alerts", "on-call", "canary", "retraining", "Kept: data gates", "Added when"):
        assert part in reason
    postponed = monitoring.postponed(facts_of(horizon="prototype"))
    assert [p.part for p in postponed if p.kept] == ["data gates", "prediction log", "model age"]
    assert monitoring.postponed(facts_of(horizon="production")) == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rows": 6_000}, "60 to 300 of 6,000 rows each month"),
        (YEAR | {"rows": 10**6}, "1 % to 5 % of the new rows each month"),
        (a_year_of(36_500), "30 to 150 of 3,000 rows each month"),
    ],
)
def test_exploration_counts_the_rows_of_a_period_where_they_are_known(
    values: dict[str, Any], said: str
) -> None:
    values = values | {"use_case": "fraud"}
    assert said in proposed(monitoring, "monitoring_exploration", values, {}).reason
    values["use_case"] = "other"
    told = proposed(monitoring, "monitoring_exploration", values, {}).reason
    assert said.partition(" of ")[2].removesuffix(" each month") in told


@pytest.mark.parametrize(
    ("values", "opening"),
    [
        ({"label_delay_days": 1.0}, "30 days: set by a seasonal world. "),
        ({"label_delay_days": 1.0, "stability": "adversarial"}, "7 days: set by an adversarial "),
        ({"label_delay_days": 40.0}, "90 days: set by labels after 40 days. "),
    ],
)
def test_the_interval_says_what_it_is_for(values: dict[str, Any], opening: str) -> None:
    assert proposed(monitoring, "monitoring_retrain_days", values, {}).reason.startswith(opening)


def test_false_alarms_are_counted_over_the_features_there_are() -> None:
    values = {"n_numeric": 20, "n_categorical": 10}
    assert "79 %" in proposed(monitoring, "monitoring_drift", values, {}).reason


@pytest.mark.parametrize(("columns", "most"), [(1, 1), (12, 12), (500, 20)])
def test_alarm_needs_two_features_and_a_fifth_of_those_watched(columns: int, most: int) -> None:
    plan = monitoring.drift_plan(facts_of(n_numeric=columns, n_categorical=0))
    assert f"at most {most};" in plan[-2]
    assert "20 % of the watched features and two at least, in two windows in a row" in plan[-1]


def test_reference_follows_the_season() -> None:
    seasonal, stable = (
        "\n".join(monitoring.drift_plan(facts_of(stability=kind)))
        for kind in ("seasonal", "stable")
    )
    assert "same season" in seasonal
    assert "trailing months" in stable


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (facts_of(label_delay_days=1.0), "per window"),
        (facts_of(label_delay_days=90.0), "back-filled"),
        (facts_of(label_delay_days=90.0, stability="adversarial"), "100 to 200 random cases"),
        (facts_of(consumption="realtime"), "more than 0.1 % that differ is SEV2"),
        (facts_of(consumption="batch"), "a unit test covers skew"),
    ],
)
def test_quality_plan_follows_labels_and_mode(facts: Facts, says: str) -> None:
    assert says in "\n".join(monitoring.quality_plan(facts, designed(facts)))


def test_drift_never_promotes() -> None:
    assert "never promotes" in "\n".join(monitoring.retraining_plan(CHURN, designed(CHURN)))
    for level in range(4):
        trigger = proposed(monitoring, "monitoring_trigger", {}, {"maturity_level": level})
        assert "never promotes" in trigger.reason


def test_four_severities_name_the_owner() -> None:
    rows = monitoring.incident_severities(facts_of(owner="Ada"))
    assert [row.name for row in rows] == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert rows[0].first_move.startswith("Ada")
    assert monitoring.incident_severities()[0].respond == "15 minutes, page"


def test_missed_answers_are_graver_than_a_missed_batch() -> None:
    live = proposed(monitoring, "monitoring_incidents", {}, {"deployment_mode": "both"}).reason
    batch = proposed(monitoring, "monitoring_incidents", {}, {"deployment_mode": "batch"}).reason
    assert "no answers is SEV1" in live
    assert "one missed month is SEV2" in batch


def test_alerts_without_an_owner_are_lines() -> None:
    assert "nobody yet" in "\n".join(monitoring.alert_policy(facts_of(owner="")))
    assert "(Ada)" in "\n".join(monitoring.alert_policy(facts_of(owner="Ada")))


def test_runbook_contains_before_it_explains() -> None:
    steps = monitoring.runbook(CHURN)
    assert [step.split()[0] for step in steps[:4]] == ["Detect:", "Freeze", "Which", "Contain:"]


def test_window_of_an_hourly_table_says_how_many_hours_fill_it() -> None:
    proposal = monitoring.propose(WEATHER, Decisions())[1]
    assert "each hour brings 3 rows, so 168 hours fill it" in proposal.reason


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_answered(facts: Facts) -> None:
    assert_answers_any_facts(monitoring, facts, Decisions())


@given(operated_facts, standing_decisions)
def test_any_facts_are_answered(facts: Facts, earlier: Decisions) -> None:
    assert_answers_any_facts(monitoring, facts, earlier)
    assert monitoring.drift_plan(facts)


def test_hardly_any_positive_is_waited_for_a_century_and_no_longer() -> None:
    rare = WEATHER.model_copy(update={"positive_rate": 5e-324})
    assert monitoring.retrain_interval_days(rare) <= 36_525
