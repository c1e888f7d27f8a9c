"""Rules D1 to D8, and which columns never become features."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from mlops_architecture.design import make_design
from mlops_architecture.facts import ColumnProfile, Facts
from mlops_architecture.phases import feature
from mlops_architecture.phases._columns import sensitive_columns

from rules.cases import (
    CHURN,
    CHURN_STATED,
    NO_TABLE,
    PLANES,
    WEATHER,
    category,
    facts_of,
    number,
    random_facts,
    table,
)
from rules.expectations import assert_well_argued, proposals_by_name

ROWS = 1_000
TIMED = {"event_time": "seen_at"}


def with_columns(*columns: ColumnProfile, **values: Any) -> Facts:
    events = {"first_event": "2024-01-01T00:00:00Z", "last_event": "2025-06-30T00:00:00Z"}
    return facts_of(rows=ROWS, positive_rate=0.3, profile=table(ROWS, *columns, **events), **values)


TAME = number("tame", skewness=1.0, tail_ratio=3.0)
RULES: list[tuple[str, str, Facts, str]] = [
    ("D1 tame", "feature_scaling", with_columns(TAME), "standard"),
    ("D1 skewness past 2", "feature_scaling", with_columns(number("x", skewness=-2.1)), "power"),
    ("D1 skewness at 2", "feature_scaling", with_columns(number("x", skewness=2.0)), "standard"),
    ("D1 tail past 10 medians", "feature_scaling",
     with_columns(number("x", tail_ratio=10.1)), "power"),
    ("D1 a rare flag is no tail", "feature_scaling",
     with_columns(number("x", skewness=9.0, distinct=2)), "standard"),
    ("D1 no numbers", "feature_scaling", with_columns(category("a", 3)), "none"),
    ("D2 few levels", "feature_encoding", with_columns(category("a", 15)), "by_cardinality"),
    ("D2 many levels", "feature_encoding", with_columns(category("a", 51)), "by_cardinality"),
    ("D2 many levels, reasons owed", "feature_encoding",
     with_columns(category("a", 51), interpretability="per_decision"), "onehot"),
    ("D2 few levels, reasons owed", "feature_encoding",
     with_columns(category("a", 50), interpretability="per_decision"), "by_cardinality"),
    ("D3 1 % missing", "feature_missing",
     with_columns(number("x", missing=10, missing_share=0.01)), "median_indicator"),
    ("D3 under 1 %", "feature_missing",
     with_columns(number("x", missing=9, missing_share=0.009)), "median"),
    ("D3 nothing missing", "feature_missing", with_columns(TAME), "median"),
    ("D3 unmeasured", "feature_missing", NO_TABLE, "median_indicator"),
    ("D4 one feature in ten positives", "feature_selection",
     facts_of(rows=400, positive_rate=0.3, n_numeric=12, n_categorical=0), "drop_useless"),
    ("D4 more than that", "feature_selection",
     facts_of(rows=400, positive_rate=0.3, n_numeric=13, n_categorical=0), "l1"),
    ("D5 always", "feature_bundling", NO_TABLE, "pipeline"),
    ("D6 batch", "feature_store", facts_of(n_models=9, n_numeric=99), "none"),
    ("D6 real time, three models share", "feature_store",
     facts_of(consumption="realtime", n_models=3, n_numeric=10, n_categorical=0), "feast"),
    ("D6 real time, two models", "feature_store",
     facts_of(consumption="realtime", n_models=2, n_numeric=10, n_categorical=0), "none"),
    ("D6 real time, three models share too little", "feature_store",
     facts_of(consumption="realtime", n_models=3, n_numeric=9, n_categorical=0), "none"),
    ("D6 aggregates within 100 ms", "feature_store",
     facts_of(consumption="both", latency_ms=99, entity_key="id"), "feast"),
    ("D6 100 ms is slow enough", "feature_store",
     facts_of(consumption="both", latency_ms=100, entity_key="id"), "none"),
    ("D7 static", "feature_point_in_time", NO_TABLE, "static"),
    ("D7 one table in time", "feature_point_in_time", with_columns(TAME, **TIMED), "row_time"),
    ("D7 joined history", "feature_point_in_time",
     facts_of(entity_key="id", data_location="warehouse", **TIMED), "asof"),
    ("D7 an extract was measured", "feature_point_in_time",
     with_columns(TAME, entity_key="id", data_location="warehouse", **TIMED), "row_time"),
    ("D8 temporal", "feature_dates", facts_of(**TIMED), "calendar"),
    ("D8 no time", "feature_dates", NO_TABLE, "none"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "decision", "facts", "expected"), RULES, ids=[row[0] for row in RULES]
)
def test_rule(rule: str, decision: str, facts: Facts, expected: str) -> None:
    proposal = proposals_by_name(feature, facts)[decision]
    assert proposal.value == expected
    assert proposal.rule == rule.split()[0]


MONTHS = ("January", "February", "March")
EXCLUDED: list[tuple[str, ColumnProfile, dict[str, Any], str]] = [
    ("identifier", number("x", identifier=True), {}, "identifier: unique for each row"),
    ("text mostly unique", category("x", 501), {}, "too many levels: 501 in 1,000 rows"),
    ("text unique where there is some", category("x", 60, identifier=True, missing=940), {},
     "too many levels: 60 in 60 rows"),
    ("half unique", category("x", 500), {}, ""),
    ("a number may be unique", number("x", distinct=1_000), {}, ""),
    ("post-outcome", number("x"), {"post_outcome_columns": ("x",)}, "filled in after the outcome"),
    ("AUC 0.95", number("x", target_auc=0.95), {}, "suspected leak: alone reaches AUC 0.950"),
    ("AUC 0.94", number("x", target_auc=0.94), {}, ""),
    ("R² 0.95", number("x", target_r2=0.95), {}, "suspected leak: alone reaches R² 0.950"),
    ("R² of many levels", category("x", 127, target_r2=0.996), {}, ""),
    ("R² of few levels", category("x", 3, target_r2=0.996), {},
     "suspected leak: alone reaches R² 0.996"),
    ("constant", number("x", constant=True), {}, "constant"),
    ("99.5 % one value", number("x", top_share=0.995), {}, "99.5 % one value"),
    ("99.4 % one value", number("x", top_share=0.994), {}, ""),
    ("past 95 % missing", number("x", missing_share=0.951), {}, "95.1 % missing"),
    ("95 % missing", number("x", missing_share=0.95), {}, ""),
    ("duplicate", number("x", duplicate_of="y"), {}, "duplicate of y"),
    ("outcome date after the last event",
     ColumnProfile(name="closed_date", type="datetime", maximum="2025-07-01"), TIMED,
     "suspected leak: named like an outcome, with times after the last event"),
    ("outcome date before it",
     ColumnProfile(name="closed_date", type="datetime", maximum="2025-06-01"), TIMED, ""),
    ("another date after it",
     ColumnProfile(name="due", type="datetime", maximum="2025-07-01"), TIMED, ""),
    ("day of month", number("DayOfMonth", minimum=1, maximum=31), TIMED,
     "raw calendar part of seen_at"),
    ("day without a time", number("day", minimum=1, maximum=31), {}, ""),
    ("month as tenure", number("month", minimum=1, maximum=72), TIMED, ""),
    ("year of the events", number("year", minimum=2024, maximum=2025), TIMED,
     "raw calendar part of seen_at"),
    ("year of make", number("year", minimum=1956, maximum=2013), TIMED, ""),
    ("week of the event time", number("seen_week_number", minimum=1, maximum=53), TIMED,
     "raw calendar part of seen_at"),
    ("month of something else", number("birth_month", minimum=1, maximum=12), TIMED, ""),
    ("months in words", category("m", 3, levels=MONTHS), TIMED, "raw calendar part of seen_at"),
    ("contracts in words", category("m", 2, levels=("Month-to-month", "Monday")), TIMED, ""),
    ("protected in credit", number("applicant_age"), {"regulations": ("ecoa",)},
     "protected ground"),
    ("protected in hiring", category("Sex", 2), {"use_case": "hiring"},
     "protected ground"),
    ("age elsewhere", number("age"), {}, ""),
    ("mileage is no age", number("mileage"), {"regulations": ("ecoa",)}, ""),
    ("names a person", category("E-mail", 400), {"personal_data": "direct"}, "names a person"),
    ("phone service names nobody", category("PhoneService", 2), {"personal_data": "direct"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "column", "values", "reason"), EXCLUDED, ids=[row[0] for row in EXCLUDED]
)
def test_excluded_column(
    case: str, column: ColumnProfile, values: dict[str, Any], reason: str
) -> None:
    facts = with_columns(column, TAME, **values)
    assert dict(feature.excluded_columns(facts)).get(column.name, "") == reason
    kept = {kept.name for kept in feature.feature_columns(facts)}
    assert (column.name in kept) == (not reason)


def test_real_tables_lose_what_cannot_help() -> None:
    assert [name for name, _ in feature.excluded_columns(CHURN)] == ["customerID"]
    assert [name for name, _ in feature.excluded_columns(WEATHER)] == ["month", "day", "hour"]
    assert feature.excluded_columns(PLANES) == (
        ("tailnum", "identifier: unique for each row"),
        ("speed", "99.3 % missing"),
    )


def test_target_time_and_entity_are_never_listed() -> None:
    leaking = number("y", identifier=True, target_auc=1.0)
    for role in ("target", "event_time", "entity_key"):
        assert feature.excluded_columns(with_columns(leaking, **{role: "y"})) == ()


def test_without_a_table_stated_post_outcome_columns_are_listed() -> None:
    facts = facts_of(post_outcome_columns=("refund",))
    assert feature.excluded_columns(facts) == (("refund", "filled in after the outcome"),)


def test_a_single_column_that_tells_much_is_kept_and_pointed_at() -> None:
    assert feature.doubtful_columns(WEATHER) == (("humid", "alone reaches AUC 0.921"),)
    reason = proposals_by_name(feature, WEATHER)["feature_selection"].reason
    assert "Look at humid (alone reaches AUC 0.921)." in reason


def test_doubtful_columns_are_named_the_strongest_first_then_times_that_follow_the_event() -> None:
    facts = with_columns(
        number("distance", target_r2=0.85), number("total", target_r2=0.949),
        ColumnProfile(name="dropoff", type="datetime", after_event=0.999),
        ColumnProfile(name="booked", type="datetime", after_event=0.5), **TIMED,
    )  # fmt: skip
    assert feature.doubtful_columns(facts) == (
        ("total", "alone reaches R² 0.949"), ("distance", "alone reaches R² 0.850"),
        ("dropoff", f"never lies before {facts.event_time}"),
    )  # fmt: skip
    reason = proposals_by_name(feature, facts)["feature_selection"].reason
    assert "Look at total (alone reaches R² 0.949), distance and dropoff." in reason


def test_missing_values_are_named_with_their_shares() -> None:
    churn = proposals_by_name(feature, CHURN)["feature_missing"].reason
    weather = proposals_by_name(feature, WEATHER)["feature_missing"].reason
    assert "TotalCharges 11" in churn
    assert "wind_gust 79.6 %" in weather and "In wind_gust, absence" in weather


def test_one_is_counted_as_one() -> None:
    rare = {"rows": 1_000, "positive_rate": 0.001, "data_size_gb": 0.0000646}
    for x in (number("x"), number("x", skewness=9.0)):
        profile = table(1_000, x, category("plan", 4))
        design = make_design(facts_of(profile=profile, **rare), {})
        for name in ("feature_scaling", "feature_selection", "training_candidates",
                     "training_search", "data_engine"):  # fmt: skip
            proposal = design.decisions.find(name).proposal
            told = " ".join((proposal.reason, *(each.why_not for each in proposal.alternatives)))
            assert not re.search(r"\b1 (numeric )?(cases|columns)|1 column have|e-0", told), told


def test_parameters_count_levels_and_fold_target_codes() -> None:
    assert feature.n_parameters(CHURN) == 4 + 5 + 8 * 2 + 2 + 3
    assert feature.n_parameters(with_columns(category("a", 3), category("b", 127))) == 2 + 1
    assert feature.n_parameters(facts_of(n_numeric=8, n_categorical=4)) == 8 + 5 * 4
    assert feature.n_parameters(facts_of(n_numeric=0, n_categorical=0)) == 1


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_well_argued(facts: Facts) -> None:
    assert_well_argued(feature, facts)


@settings(deadline=None)
@given(random_facts)
def test_any_facts_are_well_argued(facts: Facts) -> None:
    assert_well_argued(feature, facts)


@pytest.mark.parametrize(
    "name",
    [
        "age",
        "age_years",
        "customerAge",
        "Gender",
        "sex_code",
        "Race",
        "raceethnicity",
        "race_ethnicity",
        "native_country",
        "Country of Birth",
    ],
)
def test_a_column_named_like_a_protected_ground_is_kept_for_the_fairness_test(name: str) -> None:
    people = CHURN.model_copy(update={"profile": table(100, category(name, 2))})
    assert sensitive_columns(people) == (name,)


@pytest.mark.parametrize(
    "name", ["usage", "page_years", "sextant", "average", "stage", "country", "place"]
)
def test_a_name_that_merely_holds_the_word_is_no_protected_ground(name: str) -> None:
    things = CHURN.model_copy(update={"profile": table(100, category(name, 2))})
    assert sensitive_columns(things) == ()
