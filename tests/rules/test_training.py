"""Rules E1 to E13: metric, models, split, calibration, threshold, intervals, gate, tracker."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from mlops_architecture import blueprint, configuration, cost, limits
from mlops_architecture.configuration import (
    batch_inference_settings,
    serving_settings,
    training_settings,
)
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.phases import training

from rules.cases import (
    CHURN,
    CHURN_STATED,
    NO_TABLE,
    PLANES,
    WEATHER,
    decided,
    facts_of,
    number,
    random_facts,
    table,
)
from rules.expectations import assert_well_argued, proposals_by_name

MODELS = Path(__file__).parents[2] / "template" / "src" / "{{package_name}}" / "core" / "models.py"
SHAPE = {"rows": 20_000, "positive_rate": 0.3, "n_numeric": 10, "n_categorical": 0}
COSTS = {"cost_false_positive": 20.0, "cost_false_negative": 60.0}
CAPACITY = {"capacity": 500}
REGRESSION = {"problem_type": "regression", "positive_rate": None}
TIMED, ENTITY = {"event_time": "when"}, {"entity_key": "shop"}
UNSEEN = ENTITY | {"unseen_entities": True}

METRIC: list[tuple[str, dict[str, Any], str]] = [
    ("nothing known", {}, "log_loss"),
    ("accuracy at a small minority", {"primary_metric": "accuracy", "positive_rate": 0.1},
     "log_loss"),
    ("accuracy that might stand", {"primary_metric": "accuracy"}, "log_loss"),
    ("both costs", COSTS, "expected_cost"),
    ("one cost only", {"cost_false_positive": 20.0}, "log_loss"),
    ("capacity", CAPACITY, "precision_at_capacity"),
    ("capacity outranks costs", CAPACITY | COSTS, "precision_at_capacity"),
    ("capacity for all leaves the costs", {"capacity": 20_000} | COSTS, "expected_cost"),
    ("misses dominate by cost", CAPACITY | COSTS | {"cost_false_negative": 200.0},
     "recall_at_capacity"),
    ("misses nearly dominate", CAPACITY | COSTS | {"cost_false_negative": 199.0},
     "precision_at_capacity"),
    ("the save rate counts", CAPACITY | COSTS | {"cost_false_negative": 200.0, "save_rate": 0.5},
     "precision_at_capacity"),
    ("misses dominate by name", CAPACITY | {"primary_metric": "recall"}, "recall_at_capacity"),
    ("recall without numbers", {"primary_metric": "recall"}, "f2"),
    ("precision without numbers", {"primary_metric": "precision"}, "f1"),
    ("capacity of rows that nobody counted leaves the costs", TIMED | CAPACITY | COSTS,
     "expected_cost"),
    ("precision at an unknown k", {"primary_metric": "precision_at_k"}, "average_precision"),
    ("ranking is kept without cost or k", {"primary_metric": "roc_auc"}, "roc_auc"),
    ("ranking yields to a cost", {"primary_metric": "roc_auc"} | COSTS, "expected_cost"),
    ("Brier is kept", {"primary_metric": "brier"}, "brier"),
    ("multiclass", {"problem_type": "multiclass"}, "macro_f1"),
    ("multiclass probabilities", {"problem_type": "multiclass", "primary_metric": "log_loss"},
     "log_loss"),
    ("regression", REGRESSION, "mae"),
    ("regression, quadratic", REGRESSION | {"primary_metric": "rmse"}, "rmse"),
    ("regression, R²", REGRESSION | {"primary_metric": "r2"}, "rmse"),
    ("regression, MAPE", REGRESSION | {"primary_metric": "mape"}, "wape"),
    ("regression, asymmetric", REGRESSION | COSTS | {"cost_false_negative": 80.0}, "pinball"),
    ("regression, symmetric", REGRESSION | COSTS, "mae"),
    ("regression, demand", REGRESSION | {"use_case": "demand"}, "wape"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "values", "expected"), METRIC, ids=[row[0] for row in METRIC])
def test_e3_metric(case: str, values: dict[str, Any], expected: str) -> None:
    proposal = proposals_by_name(training, facts_of(**(SHAPE | values)))["training_metric"]
    assert (proposal.value, proposal.rule) == (expected, "E3")


@pytest.mark.parametrize(
    ("values", "grounds"),
    [
        ({"positive_rate": 0.19}, ("minority 19 % < 20 %",)),
        ({"positive_rate": 0.81}, ("minority 19 % < 20 %",)),
        ({"positive_rate": 0.2}, ()),
        (COSTS, ()),
        (COSTS | {"cost_false_negative": 61.0}, ("cost ratio 3.05 > 3",)),
        (COSTS | {"cost_false_negative": 6.0}, ("cost ratio 0.3 < 1/3",)),
        (COSTS | {"cost_false_negative": 240.0, "save_rate": 0.25}, ()),
    ],
)
def test_e3_grounds_against_accuracy(values: dict[str, Any], grounds: tuple[str, ...]) -> None:
    assert training.accuracy_misleads(facts_of(**(SHAPE | values))) == grounds


def test_accuracy_is_challenged_with_the_churn_table_s_own_numbers() -> None:
    metric = proposals_by_name(training, CHURN_STATED)["training_metric"]
    assert metric.value == "precision_at_capacity"
    assert metric.reason == (
        "Always answering 'No' scores 73.5 % and finds none of the 1,869. Minority 26.5 % and "
        "cost ratio 3 (12 before the save rate) would let accuracy stand; but only 300 of 7,043 "
        "can be acted on (4.26 %): precision there is the decision."
    )


def test_a_stated_metric_is_objected_to_only_where_another_is_proposed() -> None:
    (objection,) = training.metric_objections(CHURN_STATED)
    assert objection.startswith("accuracy stated, precision at capacity proposed: Always")
    assert training.metric_objections(CHURN) == ()
    at_k = CHURN_STATED.model_copy(update={"primary_metric": "precision_at_k"})
    assert training.metric_objections(at_k) == ()


def test_churn_acts_at_capacity_with_the_cost_threshold_beside_it() -> None:
    threshold = proposals_by_name(training, CHURN_STATED)["training_threshold"]
    assert threshold.value == "capacity"
    assert "300 of 7,043" in threshold.reason
    assert "0.33 = 20 / (0.25 × 240)" in threshold.reason


@pytest.mark.parametrize(
    ("days", "split", "expected"),
    [
        (139, "forward", "bootstrap"),
        (141, "forward", "block_bootstrap"),
        (31, "random", "block_bootstrap"),
    ],
)
def test_weeks_are_drawn_where_the_test_part_spans_enough_of_them(
    days: int, split: str, expected: str
) -> None:
    last = date(2024, 1, 1) + timedelta(days=days)
    profile = table(9_000, number("x"), first_event="2024-01-01", last_event=last.isoformat())
    found = proposals_by_name(
        training, facts_of(rows=9_000, profile=profile, **TIMED), decided(training_split=split)
    )["training_intervals"]
    assert found.value == expected
    assert ("about 4 weeks of when, fewer than 5" in found.reason) == (expected == "bootstrap")


def test_weather_has_no_accuracy_and_goes_forward() -> None:
    proposals = proposals_by_name(training, WEATHER)
    assert proposals["training_split"].value == "forward"
    assert "gap of 3 hours" in proposals["training_split"].reason
    assert proposals["training_intervals"].value == "block_bootstrap"
    assert all(option.value != "accuracy" for option in training.OPTIONS["training_metric"])


RULES: list[tuple[str, str, dict[str, Any], str | int]] = [
    ("E1 linear control", "training_baseline", {}, "linear"),
    ("E1 a linear candidate", "training_baseline", {"positive_rate": 0.005}, "dummy"),
    ("E2 under 50 positives", "training_candidates", {"positive_rate": 0.0024}, "linear"),
    ("E2 under 200 positives", "training_candidates", {"positive_rate": 0.0099}, "linear"),
    ("E2 200 positives, 20 each", "training_candidates", {"positive_rate": 0.01},
     "linear_lightgbm"),
    ("E2 under 20 per parameter", "training_candidates",
     {"positive_rate": 0.05, "n_numeric": 51}, "linear"),
    ("E2 200 per parameter and 10,000 rows", "training_candidates",
     {"positive_rate": 0.1}, "lightgbm"),
    ("E2 under 200 per parameter", "training_candidates", {"positive_rate": 0.0999},
     "linear_lightgbm"),
    ("E2 under 10,000 rows", "training_candidates", {"rows": 9_999}, "linear_lightgbm"),
    ("E2 past a million rows", "training_candidates", {"rows": 1_000_001}, "lightgbm"),
    ("E2 reasons for each decision", "training_candidates",
     {"interpretability": "per_decision"}, "linear_ebm"),
    ("E2 reasons from too few cases", "training_candidates",
     {"interpretability": "per_decision", "positive_rate": 0.0099}, "linear"),
    ("E2 reasons from few rows", "training_candidates",
     {"interpretability": "per_decision", "rows": 2_000}, "linear_ebm"),
    ("E2 global reasons", "training_candidates", {"interpretability": "global"}, "lightgbm"),
    ("E2 Reg B owes reasons", "training_candidates", {"regulations": ("ecoa",)}, "linear_ebm"),
    ("E2 Art. 22 owes reasons", "training_candidates",
     {"regulations": ("gdpr",), "decision_mode": "automated", "impact": "high"}, "linear_ebm"),
    ("E2 GDPR with a human decision", "training_candidates",
     {"regulations": ("gdpr",), "decision_mode": "advisory", "impact": "high"}, "lightgbm"),
    ("E2 regression under 200 rows", "training_candidates", REGRESSION | {"rows": 199}, "linear"),
    ("E2 regression", "training_candidates", REGRESSION | {"rows": 2_000}, "linear_lightgbm"),
    ("E4 stratified", "training_split", {}, "stratified"),
    ("E4 regression", "training_split", REGRESSION, "random"),
    ("E4 time", "training_split", TIMED, "forward"),
    ("E4 time, known entities", "training_split", TIMED | ENTITY, "forward"),
    ("E4 time, unseen entities", "training_split", TIMED | UNSEEN, "forward_grouped"),
    ("E4 unseen entities", "training_split", UNSEEN, "grouped"),
    ("E4 known entities", "training_split", ENTITY, "stratified"),
    ("E4 unseen, but no key", "training_split", {"unseen_entities": True}, "stratified"),
    ("E4 under 5,000 rows", "training_validation", {"rows": 4_999}, "cross_validation"),
    ("E4 5,000 rows", "training_validation", {"rows": 5_000}, "holdout"),
    ("E4 100 positives at 20 %", "training_test_share", {"positive_rate": 0.025}, 20),
    ("E4 100 positives at 25 %", "training_test_share", {"positive_rate": 0.0245}, 25),
    ("E4 100 positives at 30 %", "training_test_share", {"positive_rate": 0.0195}, 30),
    ("E4 too few at any share", "training_test_share", {"positive_rate": 0.01}, 30),
    ("E5 random", "training_search", {}, "random"),
    ("E5 nothing to tell settings apart", "training_search", {"positive_rate": 0.0024}, "none"),
    ("E7 rows to spare", "training_calibration", {}, "isotonic"),
    ("E7 under 1,000 rows", "training_calibration", {"rows": 4_999 // 4}, "sigmoid"),
    ("E7 under 200 positives", "training_calibration", {"positive_rate": 0.049}, "sigmoid"),
    ("E7 200 positives", "training_calibration", {"positive_rate": 0.05}, "isotonic"),
    ("E7 capacity with costs keeps the order", "training_calibration", CAPACITY | COSTS,
     "sigmoid"),
    ("E7 only a ranking is used", "training_calibration", CAPACITY, "none"),
    ("E7 one of many classes", "training_calibration", {"problem_type": "multiclass"}, "none"),
    ("E8 costs", "training_threshold", COSTS, "cost"),
    ("E8 capacity", "training_threshold", CAPACITY, "capacity"),
    ("E8 capacity of rows that nobody counted", "training_threshold", TIMED | CAPACITY, "tuned"),
    ("E8 neither", "training_threshold", {}, "tuned"),
    ("E8 regression", "training_threshold", REGRESSION, "none"),
    ("E6 imbalance moves the threshold", "training_threshold", {"positive_rate": 0.05}, "tuned"),
    ("E9 exchangeable", "training_intervals", {}, "bootstrap"),
    ("E9 entities repeat", "training_intervals", ENTITY, "cluster_bootstrap"),
    ("E9 time", "training_intervals", TIMED | ENTITY, "block_bootstrap"),
    ("E9 time, unseen entities", "training_intervals", TIMED | UNSEEN, "cluster_bootstrap"),
    ("E10 always", "training_gate", {}, "beats_baseline"),
    ("E13 alone", "training_tracker", {}, "zenml"),
    ("E13 a second person", "training_tracker", {"team_size": 2}, "mlflow"),
    ("E13 W&B is kept", "training_tracker", {"existing_tools": ("W&B",)}, "wandb"),
    ("E13 MLflow is kept", "training_tracker", {"existing_tools": ("MLflow",)}, "mlflow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "decision", "values", "expected"), RULES, ids=[row[0] for row in RULES]
)
def test_rule(rule: str, decision: str, values: dict[str, Any], expected: str | int) -> None:
    proposal = proposals_by_name(training, facts_of(**(SHAPE | values)))[decision]
    assert proposal.value == expected
    assert rule.split()[0] in proposal.rule


def test_e2_under_50_positives_rules_and_labels_come_first() -> None:
    facts = facts_of(**(SHAPE | {"positive_rate": 0.002}))
    assert "a rule and more labels come first" in (
        proposals_by_name(training, facts)["training_candidates"].reason
    )


def test_e2_trees_are_said_to_be_small_and_not_to_stop_early_which_nothing_does() -> None:
    reason = proposals_by_name(training, CHURN)["training_candidates"].reason
    assert reason.endswith("so a line and small trees compete.") and "early" not in reason


def test_e2_owed_reasons_come_from_a_line_or_an_ebm_and_from_trees_only_with_a_reviewer() -> None:
    candidates = proposals_by_name(training, CHURN_STATED)["training_candidates"]
    assert "the line stands unless the curves clearly win" in candidates.reason
    assert "LightGBM gain 1 % and the reviewer accepts" in candidates.changes_if[0]
    credit = CHURN_STATED.model_copy(update={"regulations": ("ecoa",)})
    changes = proposals_by_name(training, credit)["training_candidates"].changes_if
    assert "trees with monotone constraints" in changes[0]


def test_e2_missing_values_that_stay_in_place_leave_the_ebm_where_reasons_are_owed() -> None:
    design = make_design(CHURN_STATED, {"feature_missing": "native"})
    assert design["training_candidates"] == "ebm"
    assert training_settings(design).candidates == ["ebm"]
    assert training_settings(make_design(CHURN_STATED, {})).candidates == ["linear", "ebm"]


@pytest.mark.parametrize(
    ("owed", "reasons"),
    [
        ({}, 0),
        ({"interpretability": "global"}, 0),
        ({"interpretability": "per_decision"}, 4),
        ({"regulations": ("ecoa",)}, 4),
        ({"regulations": ("gdpr",), "decision_mode": "automated", "impact": "high"}, 4),
    ],
)
def test_h11_scoring_names_reasons_exactly_where_they_are_owed(
    owed: dict[str, Any], reasons: int
) -> None:
    design = make_design(facts_of(**(SHAPE | owed)), {})
    assert batch_inference_settings(design).reasons == reasons
    assert serving_settings(design).reasons == reasons


def test_h11_what_reasons_are_not_is_said_and_what_a_notice_owes_only_under_regulation_b() -> None:
    assert "not what causes the outcome" in " ".join(training.reasons_given(CHURN, served=False))
    credit = facts_of(regulations=("ecoa",))
    assert "adverse action" in " ".join(training.reasons_given(credit, served=False))
    assert "adverse action" not in " ".join(training.reasons_given(CHURN, served=True))


def test_h11_the_service_is_told_of_only_where_there_is_one() -> None:
    assert "The service" in " ".join(training.reasons_given(CHURN, served=True))
    assert "service" not in " ".join(training.reasons_given(CHURN, served=False))


def test_e2_later_tabpfn_weights_are_kept_from_commercial_use() -> None:
    changes = proposals_by_name(training, CHURN)["training_candidates"].changes_if
    assert any("TabPFN v2 (later weights are non-commercial)" in change for change in changes)
    realtime = CHURN.model_copy(update={"consumption": "realtime"})
    changes = proposals_by_name(training, realtime)["training_candidates"].changes_if
    assert not any("TabPFN" in change for change in changes)


def test_e5_optuna_has_nothing_to_learn_from_a_list_nor_random_draws_to_promise() -> None:
    said, promised = {}, {}
    for rate in (0.265, 0.009):
        facts = facts_of(**(SHAPE | {"positive_rate": rate}))
        proposal = proposals_by_name(training, facts)["training_search"]
        said[rate] = next(a.why_not for a in proposal.alternatives if a.value == "optuna")
        promised[rate] = proposal.reason
    assert "and 59 random settings of LightGBM hold one of the best 5 %" in promised[0.265]
    assert "short list" in promised[0.009] and "probability" not in promised[0.009]
    assert "LightGBM's 7" in said[0.265]
    assert "short list" in said[0.009]


def test_each_space_is_as_wide_as_the_rule_says() -> None:
    source = MODELS.read_text("utf-8")
    spaces = source.partition("SPACES: dict")[2]
    trees, curves = (
        spaces.partition(f'"{family}": {{')[2].partition("}")[0] for family in ("lightgbm", "ebm")
    )
    assert trees.count("Range(") == limits.E5_TREE_SETTINGS > limits.E5_DIMENSIONS
    assert curves.count("Range(") == limits.E5_EBM_SETTINGS <= limits.E5_DIMENSIONS


@pytest.mark.parametrize("method", ["random", "optuna", "none"])
def test_e5_the_chosen_search_is_the_one_that_runs(method: str) -> None:
    design = make_design(CHURN, {"training_search": method})
    assert configuration.training_settings(design).search["method"] == method


@pytest.mark.parametrize(
    ("tracker", "tracked"), [("zenml", False), ("mlflow", True), ("wandb", False)]
)
def test_e13_mlflow_adds_a_step_its_modules_and_nothing_else_does(
    tracker: str, tracked: bool
) -> None:
    design = make_design(CHURN, {"training_tracker": tracker})
    steps = [step.name for step in blueprint.pipelines(design)[0].steps]
    assert ("track_run" in steps) == tracked
    for path in ("/src/p/tracking.py", "/src/p/steps/tracking.py", "/tests/test_tracking.py"):
        assert blueprint.is_excluded(design, "approve", path) != tracked
    yours = {decision.proposal.decision for decision in blueprint.documented_only(design)}
    assert ("training_tracker" in yours) == (tracker == "wandb")


def test_e6_resampling_is_ruled_out_where_classes_are_imbalanced() -> None:
    assert "resampling breaks" in proposals_by_name(training, WEATHER)["training_threshold"].reason
    assert "resampling" not in proposals_by_name(training, CHURN)["training_threshold"].reason


@pytest.mark.parametrize(
    ("decisions", "decision", "expected"),
    [
        ({"training_metric": "log_loss"}, "training_threshold", "capacity"),
        ({"training_metric": "expected_cost"}, "training_threshold", "cost"),
        ({"training_threshold": "cost"}, "training_calibration", "isotonic"),
        ({"training_candidates": "lightgbm"}, "training_baseline", "linear"),
        ({"training_split": "grouped"}, "training_intervals", "bootstrap"),
        ({"feature_missing": "native"}, "training_baseline", "dummy"),
    ],
)
def test_what_a_person_changed_carries_over(
    decisions: dict[str, str], decision: str, expected: str
) -> None:
    proposals = proposals_by_name(training, CHURN_STATED, decided(**decisions))
    assert proposals[decision].value == expected


def test_missing_values_left_in_place_leave_trees_alone() -> None:
    proposals = proposals_by_name(training, WEATHER, decided(feature_missing="native"))
    assert proposals["training_candidates"].value == "lightgbm"
    assert proposals["training_baseline"].value == "dummy"


@pytest.mark.parametrize(
    ("decision", "values", "absent"),
    [
        ("training_metric", {}, {"expected_cost", "precision_at_capacity", "mae", "macro_f1"}),
        ("training_metric", REGRESSION | COSTS, {"expected_cost", "log_loss"}),
        ("training_threshold", {}, {"cost", "capacity", "none"}),
        ("training_threshold", REGRESSION | COSTS | CAPACITY, {"cost", "capacity", "half"}),
        ("training_split", {}, {"forward", "grouped", "forward_grouped"}),
        ("training_split", REGRESSION | TIMED, {"stratified", "grouped"}),
        ("training_intervals", TIMED, {"cluster_bootstrap"}),
        ("training_calibration", REGRESSION, {"sigmoid", "isotonic"}),
    ],
)
def test_options_without_their_numbers_or_columns_are_not_offered(
    decision: str, values: dict[str, Any], absent: set[str]
) -> None:
    offered = {option.value for option in training.allowed(decision, facts_of(**(SHAPE | values)))}
    assert offered and not offered & absent


@pytest.mark.parametrize(
    ("values", "rank", "threshold_moves"),
    [({}, True, True), ({"problem_type": "multiclass"}, False, False), (REGRESSION, False, False)],
)
def test_without_two_classes_nothing_is_said_of_ranks_and_thresholds(
    values: dict[str, Any], rank: bool, threshold_moves: bool
) -> None:
    facts = facts_of(**(SHAPE | values))
    labels = {
        name: next(each.label for each in training.allowed(name, facts) if each.value == "none")
        for name in ("training_calibration", "training_imbalance")
    }
    reason = proposals_by_name(training, facts)["training_imbalance"].reason
    assert ("scores rank" in labels["training_calibration"]) == rank
    assert ("threshold" in labels["training_imbalance"]) == threshold_moves
    assert ("threshold" in reason) == threshold_moves


def test_the_half_width_of_a_recall_matches_the_measured_one() -> None:
    widths = [round(100 * training.recall_half_width(n), 1) for n in (100, 200, 385)]
    assert widths == [9.6, 6.9, 5.0]
    assert training.recall_half_width(0) == 0.5


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        ({"cost_false_positive": 20.0, "cost_false_negative": 240.0, "save_rate": 0.25}, 1 / 3),
        ({"cost_false_positive": 20.0, "cost_false_negative": 60.0}, 0.25),
        ({"cost_false_positive": 20.0, "cost_false_negative": 60.0, "save_rate": 0.1}, 1.0),
        ({"cost_false_positive": 20.0, "cost_false_negative": 60.0, "save_rate": 0.0}, 1.0),
        ({"cost_false_positive": 20.0}, None),
    ],
)
def test_cost_threshold(values: dict[str, float], threshold: float | None) -> None:
    assert training.cost_threshold(facts_of(**values)) == pytest.approx(threshold)


def test_an_action_that_never_pays_is_called_that() -> None:
    facts = facts_of(**(SHAPE | COSTS | {"save_rate": 0.1}))
    reason = proposals_by_name(training, facts)["training_threshold"].reason
    assert "Acting at 20 never pays: it saves 0.1 × 60 at best" in reason


def test_capacity_is_a_share_of_one_period() -> None:
    assert training.capacity_share(CHURN) is None
    assert training.capacity_share(CHURN_STATED) == pytest.approx(300 / 7_043)
    hourly = WEATHER.model_copy(update={"capacity": 1})
    assert training.rows_per_period(hourly) == 3
    assert training.capacity_share(hourly) == pytest.approx(1 / 3)
    assert training.capacity_share(facts_of(rows=100, capacity=500)) == 1.0


def test_a_capacity_waits_for_a_table_where_the_rows_of_a_period_are_not_known() -> None:
    facts = facts_of(**(SHAPE | TIMED | COSTS), capacity=3, data_cadence="daily",
                     guardrails=("precision at 3 calls ≥ 0.5",))  # fmt: skip
    proposals = proposals_by_name(training, facts)
    said = {
        "training_metric": "capacity of 3 decides once a table shows how many rows a day brings.",
        "training_threshold": "Capacity 3 waits for a table. Acting pays above 0.25",
    }
    for name, sentence in said.items():
        assert sentence in proposals[name].reason
        offered = " ".join(str(option.value) for option in training.allowed(name, facts))
        assert "capacity" not in offered
    asked = training_settings(make_design(facts, {}))
    assert asked.threshold["capacity_share"] is None and not asked.gate["guardrails"]


def test_evidence_of_the_churn_table() -> None:
    assert training.events_per_parameter(CHURN) == pytest.approx(1_869 / 30)
    assert training.tested_as_decided(CHURN, make_design(CHURN, {}).decisions).cases == 374
    assert training.slice_columns(CHURN)[:2] == ("Contract", "PaymentMethod")


def test_what_is_tested_and_paid_for_is_the_sample_that_training_takes() -> None:
    facts = facts_of(**(SHAPE | COSTS | {"rows": 40_000_000, "positive_rate": 0.002}),
                     data_size_gb=40.0)  # fmt: skip
    design = make_design(facts, {})
    assert training_settings(design).maximum_training_rows == 2_000_000
    reasons = {d.proposal.decision: d.proposal.reason for d in design.decisions.entries}
    assert (
        "20 % of a sample of 2,000,000 rows leaves about 800 cases"
        in (reasons["training_test_share"])
    )
    assert reasons["training_calibration"].startswith("400,000 calibration rows with 800")
    assert "on 800 positives" in reasons["training_gate"]
    assert "sample" not in reasons["training_candidates"] + reasons["training_search"]
    whole = make_design(facts, {"data_engine": "duckdb_pandas"})
    assert cost.estimate(design).monthly < cost.estimate(whole).monthly


@pytest.mark.parametrize(
    ("capacity", "cases", "said"),
    [
        (60, 12, "374 cases of the rarer class to test on, with 12 rows acted on: their precision "
         "is known to ±24.6 points"),
        (3_000, 374, "374 cases of the rarer class to test on: a recall is known to ±5.0 points"),
    ],
)  # fmt: skip
def test_at_a_capacity_the_rows_acted_on_are_the_test(capacity: int, cases: int, said: str) -> None:
    design = make_design(CHURN.model_copy(update={"capacity": capacity}), {})
    assert training.tested_as_decided(design.facts, design.decisions).cases == cases
    reasons = {d.proposal.decision: d.proposal.reason for d in design.decisions.entries}
    assert said in reasons["training_test_share"]
    assert f"on {cases} " in reasons["training_gate"]


def test_checks_name_slices_guardrails_and_sensitive_groups() -> None:
    checks = {check.name: check for check in training.evaluation_checks(CHURN_STATED)}
    assert checks["Guardrails"].limit == "precision at 300 calls ≥ 0.5"
    assert "Fairness by SeniorCitizen and gender" in checks
    assert "Latency under load" not in checks
    regression = {check.name for check in training.evaluation_checks(PLANES)}
    assert "Shuffled values, above the median" in regression
    assert not any("Fairness" in name for name in regression)


def test_checks_that_the_project_does_not_make_say_so() -> None:
    slow = CHURN_STATED.model_copy(
        update={"latency_ms": 80, "guardrails": ("precision at 300 calls ≥ 0.5", "no complaints")}
    )
    undone = [check.name for check in training.evaluation_checks(slow) if not check.built]
    assert undone == [
        "Guardrails that no metric tells",
        "Latency under load",
    ]
    many = {check.name for check in training.evaluation_checks(facts_of(problem_type="multiclass"))}
    assert "Shuffled labels" in many and "Too good" not in many


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_well_argued(facts: Facts) -> None:
    assert_well_argued(training, facts)


@settings(deadline=None)
@given(random_facts)
def test_any_facts_are_well_argued(facts: Facts) -> None:
    assert_well_argued(training, facts)
