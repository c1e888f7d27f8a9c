"""Section K: every flag fires where it should, is silent where it should be, and reads well."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlops_architecture import answers
from mlops_architecture.design import PHASES, make_design
from mlops_architecture.facts import Facts
from mlops_architecture.red_flags import FLAGS, Flag, Raised, Resolution, Severity
from mlops_architecture.red_flags.stack import optional_components
from mlops_architecture.sources import SOURCES

from rules.cases import (
    CHURN,
    CHURN_STATED,
    NO_TABLE,
    PLANES,
    WEATHER,
    category,
    facts_of,
    number,
    table,
)  # fmt: skip
from rules.operation import designed, operated_facts

MOST_WORDS, MOST_SENTENCES = 35, 2
SETTLED = {
    "owner": "Ada", "success_criteria": "precision 0.55 by 2027-06-30", "baseline_kind": "rules",
    "impact": "low", "regulations": (), "personal_data": "none",
}  # fmt: skip
"""Facts to which nobody objects."""
LEAKING = table(
    1000, category("left", 2), number("closed", target_auc=0.99), target="left",
    classes=("no", "yes"), class_shares=(0.7, 0.3),
)  # fmt: skip
DOUBTFUL = LEAKING.model_copy(
    update={"columns": (category("left", 2), number("calls", target_auc=0.92))}
)
ABOUT_PEOPLE = LEAKING.model_copy(update={"columns": (category("left", 2), category("gender", 2))})
CREDIT = {"use_case": "credit", "regulations": ("ecoa",)}
HIGH_RISK = {"use_case": "credit", "regulations": ("eu_ai_act",)}
ARTICLE_22 = {
    "regulations": ("gdpr",), "personal_data": "direct", "decision_mode": "automated",
    "impact": "high",
}  # fmt: skip
PRICES = table(
    1000, number("price"), target="price", target_minimum=-900, target_maximum=900,
    target_least_size=0.5, target_median_size=300,
)  # fmt: skip
COSTS = {
    "cost_false_positive": 20.0, "cost_false_negative": 240.0, "save_rate": 0.25,
    "positive_rate": 0.3,
}  # fmt: skip
LIVE = {"consumption": "realtime", "staleness_ok_hours": 0.1}


class Case(NamedTuple):
    """Facts (over `SETTLED`) and answers of a person."""

    facts: dict[str, Any] = {}  # noqa: RUF012
    answers: dict[str, Any] = {}  # noqa: RUF012


def raised(case: Case) -> tuple[Raised, ...]:
    return make_design(facts_of(**(SETTLED | case.facts)), case.answers).raised


B, J, W = Severity.block, Severity.justify, Severity.warn
CASES: dict[tuple[str, Severity, str], tuple[Case, Case]] = {
    ("RF04", B, "maturity_level"): (
        Case(answers={"maturity_level": 2}),
        Case({"current_level": 1}, {"maturity_level": 2}),
    ),
    ("RF06", B, "labels"): (Case({"labels": "none"}), Case({"labels": "partial"})),
    ("RF35", J, "success_criteria"): (
        Case({"success_criteria": "much better than today"}),
        Case({"success_criteria": "recall 0.7 by Q3 2027"}),
    ),
    ("RF44", B, "out_of_scope"): (Case({"out_of_scope": "forecasting"}), Case()),
    ("RF45", J, "owner"): (Case({"owner": ""}), Case({"owner": "", "horizon": "prototype"})),
    ("RF17", J, "data_engine"): (
        Case({"data_size_gb": 40.0}, {"data_engine": "spark"}),
        Case({"data_size_gb": 400.0}, {"data_engine": "spark"}),
    ),
    ("RF58", W, "data_size_gb"): (
        Case({"profile": LEAKING, "data_size_gb": 400.0}),
        Case({"profile": LEAKING, "data_size_gb": LEAKING.size_gb / 9}),
    ),
    ("RF61", W, "numbers read as text"): (
        Case({"profile": table(1000, category("price", 90, strays=("$4.99", "$5")))}),
        Case({"profile": table(1000, category("price", 90))}),
    ),
    ("RF18", B, "data_privacy"): (
        Case({"personal_data": "direct"}, {"data_privacy": "none"}),
        Case(answers={"data_privacy": "none"}),
    ),
    ("RF47", J, "data_gates"): (Case(answers={"data_gates": "report"}), Case()),
    ("RF50", B, "data_retention_months"): (
        Case({"regulations": ("hipaa",)}, {"data_retention_months": 24}),
        Case({"regulations": ("hipaa",)}, {"data_retention_months": 120}),
    ),
    ("RF51", J, "data_retention_months"): (
        Case(
            {"regulations": ("gdpr",), "personal_data": "direct"}, {"data_retention_months": 72}
        ),
        Case(answers={"data_retention_months": 72}),
    ),
    ("RF30", J, "data_retention_months"): (
        Case(HIGH_RISK, {"data_retention_months": 24}),
        Case(HIGH_RISK, {"data_retention_months": 120}),
    ),
    ("RF08", B, "leaking columns"): (Case({"profile": LEAKING}), Case({"profile": DOUBTFUL})),
    ("RF59", B, "features"): (
        Case({"profile": LEAKING, "target": "left"}),
        Case({"profile": DOUBTFUL, "target": "left"}),
    ),
    ("RF52", W, "doubtful columns"): (Case({"profile": DOUBTFUL}), Case({"profile": LEAKING})),
    ("RF20", J, "feature_store"): (
        Case(answers={"feature_store": "feast"}),
        Case(
            {"consumption": "realtime", "n_models": 3, "n_numeric": 12},
            {"feature_store": "feast"},
        ),
    ),
    ("RF32", B, "protected columns"): (
        Case({"profile": ABOUT_PEOPLE} | CREDIT),
        Case({"profile": ABOUT_PEOPLE}),
    ),
    ("RF32", J, "protected columns"): (
        Case({"profile": ABOUT_PEOPLE, "personal_data": "direct"}),
        Case({"profile": ABOUT_PEOPLE}),
    ),
    ("RF05", B, "primary_metric"): (
        Case({"primary_metric": "accuracy", "positive_rate": 0.04}),
        Case({"primary_metric": "accuracy", "positive_rate": 0.5}),
    ),
    ("RF42", B, "primary_metric"): (
        Case({"problem_type": "regression", "primary_metric": "mape", "profile": PRICES}),
        Case(
            {
                "problem_type": "regression", "primary_metric": "mape",
                "profile": PRICES.model_copy(update={"target_least_size": 100.0}),
            }
        ),
    ),
    ("RF07", J, "baseline_kind"): (
        Case({"baseline_kind": "none"}),
        Case({"baseline_kind": "none", "horizon": "learning"}),
    ),
    ("RF40", J, "baseline_value"): (
        Case({"baseline_kind": "model", "baseline_value": 0.995, "primary_metric": "roc_auc"}),
        Case({"baseline_kind": "model", "baseline_value": 0.995, "primary_metric": "log_loss"}),
    ),
    ("RF12", B, "training_candidates"): (
        Case({"rows": 400, "positive_rate": 0.1}, {"training_candidates": "lightgbm"}),
        Case({"rows": 400, "positive_rate": 0.1}),
    ),
    ("RF12", J, "training_candidates"): (
        Case({"rows": 1000, "positive_rate": 0.1}, {"training_candidates": "lightgbm"}),
        Case({"rows": 1000, "positive_rate": 0.1}, {"training_candidates": "linear"}),
    ),
    ("RF13", B, "training_candidates"): (
        Case({"rows": 10_000, "positive_rate": 0.3}, {"training_candidates": "deep"}),
        Case({"rows": 200_000, "positive_rate": 0.3}, {"training_candidates": "deep"}),
    ),
    ("RF33", B, "training_candidates"): (
        Case(answers={"training_candidates": "tabpfn"}),
        Case({"horizon": "learning"}, {"training_candidates": "tabpfn"}),
    ),
    ("RF31", B, "training_candidates"): (
        Case(CREDIT, {"training_candidates": "linear_ebm_lightgbm"}),
        Case(CREDIT, {"training_candidates": "linear_ebm"}),
    ),
    ("RF09", B, "training_split"): (
        Case({"event_time": "when"}, {"training_split": "random"}),
        Case(answers={"training_split": "random"}),
    ),
    ("RF10", B, "training_split"): (
        Case({"entity_key": "id", "unseen_entities": True}, {"training_split": "stratified"}),
        Case({"entity_key": "id", "unseen_entities": False}, {"training_split": "stratified"}),
    ),
    ("RF28", B, "training_validation"): (
        Case(answers={"training_validation": "test"}),
        Case(answers={"training_validation": "cross_validation"}),
    ),
    ("RF11", B, "test positives"): (
        Case({"rows": 500, "positive_rate": 0.1}),
        Case({"rows": 1_500, "positive_rate": 0.1}),
    ),
    ("RF11", W, "test positives"): (
        Case({"rows": 15_000, "positive_rate": 0.1, "capacity": 300}),
        Case({"rows": 15_000, "positive_rate": 0.1}),
    ),
    ("RF48", J, "training_calibration"): (
        Case(
            {"cost_false_positive": 1.0, "cost_false_negative": 9.0, "positive_rate": 0.3},
            {"training_calibration": "none"},
        ),
        Case({"positive_rate": 0.3}, {"training_calibration": "none"}),
    ),
    ("RF54", J, "training_threshold"): (
        Case(COSTS, {"training_threshold": "half"}),
        Case(COSTS | {"save_rate": 1 / 6}, {"training_threshold": "half"}),
    ),
    ("RF56", J, "save_rate"): (
        Case(COSTS | {"save_rate": 0.05}),
        Case(COSTS | {"save_rate": 0.1}),
    ),
    ("RF27", J, "training_imbalance"): (
        Case({"positive_rate": 0.1}, {"training_imbalance": "resample"}),
        Case(
            {"positive_rate": 0.1},
            {"training_imbalance": "resample", "training_metric": "roc_auc"},
        ),
    ),
    ("RF41", B, "training_gate"): (Case(answers={"training_gate": "better_number"}), Case()),
    ("RF01", J, "skipped phases"): (
        Case(answers={"data_plan": "skip"}),
        Case(answers={"feature_plan": "skip"}),
    ),
    ("RF14", J, "deployment_mode"): (
        Case({"staleness_ok_hours": 24.0}, {"deployment_mode": "realtime"}),
        Case({"consumption": "realtime", "staleness_ok_hours": 0.1}),
    ),
    ("RF24", J, "deployment_strategy"): (
        Case(
            {"consumption": "realtime", "impact": "medium", "label_delay_days": 60.0},
            {"deployment_strategy": "shadow_canary"},
        ),
        Case(
            {
                "consumption": "realtime", "impact": "medium", "label_delay_days": 1.0,
                "peak_rps": 50.0, "positive_rate": 0.3,
            },
            {"deployment_strategy": "shadow_canary"},
        ),
    ),
    ("RF55", B, "deployment_strategy"): (
        Case(LIVE | {"impact": "high"}, {"deployment_strategy": "swap"}),
        Case(LIVE | {"impact": "medium"}, {"deployment_strategy": "swap"}),
    ),
    ("RF57", B, "deployment_strategy"): (
        Case(answers={"deployment_strategy": "shadow_canary"}),
        Case(LIVE | {"impact": "medium"}, {"deployment_strategy": "shadow_canary"}),
    ),
    ("RF60", B, "deployment_serving"): (
        Case({"consumption": "both"}, {"deployment_serving": "none"}),
        Case({"consumption": "both"}, {"deployment_serving": "container_service"}),
    ),
    ("RF60", B, "deployment_log"): (
        Case(answers={"deployment_log": "postgres"}),
        Case({"consumption": "both"}, {"deployment_log": "postgres"}),
    ),
    ("RF60", B, "deployment_strategy"): (
        Case({"consumption": "both"}, {"deployment_strategy": "shadow"}),
        Case(answers={"deployment_strategy": "shadow"}),
    ),
    ("RF46", B, "deployment_promotion"): (
        Case({"impact": "high"}, {"deployment_promotion": "automatic"}),
        Case({"current_level": 2}, {"maturity_level": 3, "deployment_promotion": "automatic"}),
    ),
    ("RF39", B, "deployment_fallback"): (
        Case(answers={"deployment_fallback": "none"}),
        Case({"months_operated": 6}, {"deployment_fallback": "none"}),
    ),
    ("RF03", J, "monitoring_retrain_days"): (
        Case({"label_delay_days": 0.125}, {"monitoring_retrain_days": 0}),
        Case({"label_delay_days": 0.125}, {"monitoring_retrain_days": 1}),
    ),
    ("RF26", B, "monitoring_retrain_days"): (
        Case({"label_delay_days": 30.0}, {"monitoring_retrain_days": 7}),
        Case({"label_delay_days": 5.0}, {"monitoring_retrain_days": 7}),
    ),
    ("RF25", B, "monitoring_trigger"): (
        Case({"impact": "high"}, {"monitoring_trigger": "drift"}),
        Case(answers={"monitoring_trigger": "drift"}),
    ),
    ("RF25", J, "monitoring_trigger"): (
        Case(answers={"monitoring_trigger": "drift"}),
        Case(answers={"monitoring_trigger": "manual"}),
    ),
    ("RF21", B, "monitoring_alerts"): (
        Case({"owner": ""}, {"monitoring_alerts": "slack"}),
        Case(answers={"monitoring_alerts": "slack"}),
    ),
    ("RF22", J, "monitoring_drift"): (
        Case({"n_numeric": 10}, {"monitoring_drift": "library_defaults"}),
        Case(
            {"n_numeric": 3, "n_categorical": 1}, {"monitoring_drift": "library_defaults"}
        ),
    ),
    ("RF23", W, "monitoring_drift"): (
        Case(answers={"monitoring_drift": "library_defaults", "monitoring_window_rows": 500}),
        Case(answers={"monitoring_drift": "library_defaults", "monitoring_window_rows": 5000}),
    ),
    ("RF34", J, "monitoring_exploration"): (
        Case({"use_case": "fraud"}, {"monitoring_exploration": "none"}),
        Case(answers={"monitoring_exploration": "none"}),
    ),
    ("RF53", J, "monitoring_plan"): (
        Case(answers={"monitoring_plan": "skip"}),
        Case({"horizon": "prototype"}, {"monitoring_plan": "skip"}),
    ),
    ("RF43", B, "governance_registry"): (Case(answers={"governance_registry": "files"}), Case()),
    ("RF36", B, "governance_registry"): (
        Case(answers={"governance_registry": "mlflow"}),
        Case({"team_size": 2}, {"governance_registry": "mlflow"}),
    ),
    ("RF29", B, "governance_recourse"): (
        Case(ARTICLE_22, {"governance_recourse": "none"}),
        Case(ARTICLE_22 | {"decision_mode": "advisory"}, {"governance_recourse": "none"}),
    ),
    ("RF49", J, "governance_approval"): (
        Case({"impact": "high"}, {"governance_approval": "author"}),
        Case(answers={"governance_approval": "author"}),
    ),
    ("RF02", J, "optional components"): (
        Case(
            answers={
                "feature_store": "feast", "training_tracker": "mlflow",
                "stack_data_validator": "evidently",
            }
        ),
        Case(answers={"feature_store": "feast", "training_tracker": "mlflow"}),
    ),
    ("RF16", J, "stack_orchestrator"): (
        Case(answers={"stack_orchestrator": "kubernetes"}),
        Case(
            {"team_size": 6, "platform_skill": "k8s_team"},
            {"stack_orchestrator": "kubernetes"},
        ),
    ),
    ("RF37", B, "stack_scheduler"): (
        Case(answers={"stack_scheduler": "orchestrator"}),
        Case(answers={"stack_orchestrator": "vertex", "stack_scheduler": "orchestrator"}),
    ),
    ("RF19", B, "stack_artifact_store"): (
        Case({"personal_data": "cardholder"}, {"stack_artifact_store": "local"}),
        Case({"personal_data": "direct"}, {"stack_artifact_store": "local"}),
    ),
    ("RF36", B, "stack_artifact_store"): (
        Case(answers={"stack_orchestrator": "sagemaker", "stack_artifact_store": "local"}),
        Case(answers={"stack_orchestrator": "sagemaker", "stack_artifact_store": "s3"}),
    ),
    ("RF36", B, "stack_container_registry"): (
        Case(answers={"stack_orchestrator": "ssh", "stack_container_registry": "none"}),
        Case(answers={"stack_container_registry": "none"}),
    ),
    ("RF36", B, "stack_deployer"): (
        Case(answers={"stack_orchestrator": "airflow", "stack_deployer": "docker"}),
        Case(answers={"stack_deployer": "docker"}),
    ),
    ("RF38", B, "stack_deployer"): (
        Case(answers={"stack_deployer": "aws"}),
        Case(answers={"stack_deployer": "gcp"}),
    ),
    ("RF21", B, "stack_alerter"): (
        Case({"owner": ""}, {"stack_alerter": "slack"}),
        Case(answers={"stack_alerter": "slack"}),
    ),
}  # fmt: skip
WITHDRAWN = {"RF15"}


def key(flag: Flag | Raised) -> tuple[str, Severity, str]:
    about = flag.about if isinstance(flag, Flag) else flag.decision
    return flag.id, flag.severity, about


def test_all_forty_five_flags_exist_save_the_one_withdrawn() -> None:
    numbered = {f"RF{n:02}" for n in range(1, 46)}
    assert numbered - {flag.id for flag in FLAGS} == WITHDRAWN


def test_every_flag_has_a_case_that_fires_it_and_one_that_does_not() -> None:
    assert [key(flag) for flag in FLAGS if key(flag) not in CASES] == []
    assert len({key(flag) for flag in FLAGS}) == len(FLAGS)


@pytest.mark.parametrize("flag", CASES, ids=lambda flag: f"{flag[0]}-{flag[1]}-{flag[2]}")
def test_fires_where_it_should_and_nowhere_else(flag: tuple[str, Severity, str]) -> None:
    fires, silent = CASES[flag]
    assert flag in {key(each) for each in raised(fires)}
    assert flag not in {key(each) for each in raised(silent)}


def test_settled_facts_raise_no_objection() -> None:
    assert raised(Case()) == ()


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: f"{flag.id}-{flag.severity}")
def test_a_flag_belongs_to_a_phase_and_cites_sources(flag: Flag) -> None:
    assert flag.phase in {phase.prefix for phase in PHASES}
    assert set(flag.references) <= set(SOURCES)


BLOCKED = [flag for flag in CASES if flag[1] is B and "_" in flag[2] and flag[2] != "out_of_scope"]


@pytest.mark.parametrize(
    "flag", [flag for flag in BLOCKED if flag[2] != "primary_metric"], ids=lambda flag: flag[0]
)
def test_what_is_blocked_gives_way_to_the_proposal_and_says_so(
    flag: tuple[str, Severity, str],
) -> None:
    case, name = CASES[flag][0], flag[2]
    design = make_design(facts_of(**(SETTLED | case.facts)), case.answers)
    decision = design.decisions.find(name)
    assert decision.value == decision.proposal.value != case.answers[name]
    assert decision.refused is not None and decision.refused.value == case.answers[name]
    assert next(r for r in design.raised if key(r) == flag).resolution is Resolution.corrected


def test_a_waiver_by_a_named_person_lets_a_blocked_choice_stand() -> None:
    waiver = "Ada Lovelace: the paper we replicate uses a network"
    case = Case({"rows": 10_000}, {"training_candidates": "deep", "rf13_waiver": waiver})
    design = make_design(facts_of(**(SETTLED | case.facts)), case.answers)
    assert design["training_candidates"] == "deep"
    flag = next(r for r in design.raised if r.id == "RF13")
    assert (flag.resolution, flag.answer) == (Resolution.waived, waiver)


@pytest.mark.parametrize("waiver", ["", "owed", "withdraw", "because I say so", ": no name given"])
def test_without_a_name_and_a_reason_nothing_is_waived(waiver: str) -> None:
    answers = {"training_candidates": "deep", "rf13_waiver": waiver}
    assert make_design(facts_of(**SETTLED), answers)["training_candidates"] != "deep"


def test_a_reason_is_owed_until_a_person_gives_one() -> None:
    case = Case({"owner": ""})
    assert raised(case)[0].resolution is Resolution.owed
    assert raised(case._replace(answers={"rf45_reason": "owed"}))[0].resolution is Resolution.owed
    given = raised(case._replace(answers={"rf45_reason": "Ada takes it over in March"}))[0]
    assert (given.resolution, given.answer) == (
        Resolution.accepted, "Ada takes it over in March",
    )  # fmt: skip


def test_a_blocked_orchestrator_keeps_what_depends_on_it_consistent() -> None:
    answers = {"stack_orchestrator": "vertex", "stack_artifact_store": "s3"}
    design = make_design(facts_of(**SETTLED, cloud="gcp", team_size=4), answers)
    assert design["stack_orchestrator"] == "vertex"
    assert design["stack_artifact_store"] == "gcp"


def test_tools_already_run_are_no_optional_components() -> None:
    run = facts_of(team_size=2, existing_tools=("mlflow",))
    new = facts_of(team_size=2)
    assert "mlflow" in optional_components(new, designed(new))
    assert "mlflow" not in optional_components(run, designed(run))


def test_a_first_project_stays_within_the_cap() -> None:
    for facts in (CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE):
        assert len(optional_components(facts, designed(facts))) <= 2


def test_many_doubtful_columns_are_told_with_the_strongest_and_their_number() -> None:
    columns = tuple(number(f"x{i}", target_auc=0.90 + i / 100) for i in range(5))
    flag = next(each for each in raised(Case({"profile": table(1000, *columns)})) if
                each.id == "RF52")  # fmt: skip
    assert flag.message.startswith("x4 alone reaches AUC 0.940, x3 alone reaches AUC 0.930, x2 ")
    assert " and 2 more: " in flag.message and words(flag.message) <= MOST_WORDS


def words(text: str) -> int:
    return len(text.split())


def sentences(text: str) -> int:
    return len(re.findall(r"[.:?!](?=\s+[A-Z'`]|$)", re.sub(r"(?<=Art)\.", "", text)))


@pytest.mark.parametrize("flag", CASES, ids=lambda flag: f"{flag[0]}-{flag[1]}-{flag[2]}")
def test_a_message_is_a_verdict_and_a_remedy_in_few_words(
    flag: tuple[str, Severity, str],
) -> None:
    message = next(each.message for each in raised(CASES[flag][0]) if key(each) == flag)
    assert words(message) <= MOST_WORDS, message
    assert sentences(message) <= MOST_SENTENCES, message
    assert message.endswith("."), message
    assert not re.search(r"\b(might|consider|interesting|it depends)\b", message), message


ANY_ANSWER = {
    name: [option.value for option in options]
    for phase in PHASES
    for name, options in phase.rules.OPTIONS.items()
}


@settings(max_examples=500)
@given(facts=operated_facts, data=st.data())
def test_any_answers_of_a_person_are_decided_and_argued(facts: Facts, data: Any) -> None:
    picked = data.draw(st.lists(st.sampled_from(sorted(ANY_ANSWER)), max_size=6, unique=True))
    answers = {name: data.draw(st.sampled_from(ANY_ANSWER[name])) for name in picked}
    answers |= {phase.plan: data.draw(st.sampled_from(["good", "skip"])) for phase in PHASES}
    design = make_design(facts, answers)
    for each in design.raised:
        assert words(each.message) <= MOST_WORDS, each.message
        assert "{" not in each.message
    for decision in design.decisions.entries:
        assert not (decision.refused and decision.differs)


def test_accuracy_of_many_classes_is_that_of_always_giving_the_largest() -> None:
    many = table(
        1000, category("kind", 3), target="kind", classes=("a", "b", "c"),
        class_shares=(0.5, 0.45, 0.05),
    )  # fmt: skip
    facts = {
        "problem_type": "multiclass", "primary_metric": "accuracy", "positive_rate": 0.05,
        "profile": many, "rows": 1000,
    }  # fmt: skip
    message = next(each.message for each in raised(Case(facts)) if each.id == "RF05")
    assert "'a' scores 50 %" in message


@pytest.mark.parametrize(
    "values, said",
    [
        ({"positive_rate": 0.1}, "10 positives in the test"),
        ({"positive_rate": 0.9}, "10 negatives in the test"),
        ({"problem_type": "multiclass", "positive_rate": 0.002},
         "Class 'b' has 1 row (merge or drop it), 0 in the test"),
        ({"problem_type": "multiclass", "positive_rate": 0.1, "profile": None},
         "10 cases of the rarest class in the test"),
    ],
)  # fmt: skip
def test_too_small_a_test_says_which_cases_are_few(values: dict[str, Any], said: str) -> None:
    kinds = table(
        500, category("kind", 3), target="kind", classes=("a", "b", "c"),
        class_shares=(0.5, 0.002, 0.498),
    )  # fmt: skip
    test = {"training_test_share": 20}
    found = raised(Case({"rows": 500, "profile": kinds, "target": "kind"} | values, test))
    (message,) = [each.message for each in found if each.id == "RF11"]
    assert message.startswith(f"{said}: recall is known to ±")


def test_a_stated_wish_for_real_time_is_challenged_where_an_old_score_will_do() -> None:
    facts = {"consumption": "realtime", "staleness_ok_hours": 24.0}
    case = Case(facts, {"deployment_mode": "realtime"})
    assert "RF14" in {each.id for each in raised(case)}


@pytest.mark.parametrize("name", ["date_of_birth", "is_female", "ethnic_group", "zip_code", "DOB"])
def test_credit_sees_no_protected_ground_and_no_proxy_listed_for_one(name: str) -> None:
    people = LEAKING.model_copy(update={"columns": (category("left", 2), category(name, 2))})
    found = raised(Case({"profile": people} | CREDIT))
    assert ("RF32", B, "protected columns") in {key(each) for each in found}


@pytest.mark.parametrize(
    "criterion, said",
    [
        ("", "'Better'"),
        ("version 2.1 is live by 2027-06-30", "A success without a number"),
        ("Phase 2 ends in June 2027", "A success without a number"),
        ("recall 0.7", "A success without a date"),
        ("recall is better", "A success without a number and a date"),
        ("recall 0.7 by 31 June 2027", "A success by 31 June 2027, which is no one day,"),
        ("recall 0.7 by 31.02.2027", "A success by 31.02.2027, which is no one day,"),
        ("recall 0.7 by 03/04/2027", "A success by 03/04/2027, which is no one day,"),
        ("recall 0.7 by the end of 2027", ""),
        ("10 % fewer calls than version 2.1 by 30.06.2027", ""),
    ],
)
def test_a_success_needs_a_number_that_measures_and_a_day_that_exists(
    criterion: str, said: str
) -> None:
    found = raised(Case({"success_criteria": criterion}))
    messages = [each.message for each in found if each.id == "RF35"]
    assert messages == [f"{said} on target cannot be tested. Give one number and one date."] * (
        said != ""
    )


@pytest.mark.parametrize(
    "least, median, fires",
    [(0.0, 300.0, True), (2.0, 300.0, True), (100.0, 60_000.0, True), (100.0, 900.0, False)],
)
def test_a_percentage_error_explodes_by_the_least_size_of_either_sign(
    least: float, median: float, fires: bool
) -> None:
    profile = PRICES.model_copy(update={"target_least_size": least, "target_median_size": median})
    facts = {"problem_type": "regression", "primary_metric": "mape", "profile": profile}
    assert ("RF42" in {each.id for each in raised(Case(facts))}) is fires


@pytest.mark.parametrize(
    "metric, value, fires",
    [
        ("roc_auc", 0.985, False),
        ("roc_auc", 0.99, True),
        ("roc_auc", 1.01, False),
        ("accuracy", 0.995, True),
        ("recall", 1.0, False),
        ("precision_at_k", 1.0, False),
        ("expected_cost", 0.995, False),
        ("unsure", 0.995, False),
    ],
)
def test_only_a_score_that_nobody_reaches_for_nothing_is_too_good(
    metric: str, value: float, fires: bool
) -> None:
    facts = {
        "primary_metric": metric, "baseline_kind": "model", "baseline_value": value,
        "positive_rate": 0.3,
    }  # fmt: skip
    assert ("RF40" in {each.id for each in raised(Case(facts))}) is fires


def test_an_accuracy_that_always_no_reaches_is_no_leak() -> None:
    facts = {"primary_metric": "accuracy", "baseline_kind": "rules", "baseline_value": 0.995}
    assert "RF40" not in {each.id for each in raised(Case(facts | {"positive_rate": 0.005}))}


def test_a_batch_is_told_that_it_has_no_canary_and_not_that_the_canary_is_blind() -> None:
    found = raised(Case(answers={"deployment_strategy": "shadow_canary"}))
    assert [each.id for each in found if each.decision == "deployment_strategy"] == ["RF57"]


@pytest.mark.parametrize(
    ("mode", "served", "safe", "said"),
    [
        ("both", "none", "fastapi", "Without a service nothing answers"),
        ("realtime", "none", "fastapi", "Without a service nothing answers"),
        ("batch", "fastapi", "none", "A batch of 10,000 rows sends a service no request"),
    ],
)
def test_a_changed_mode_takes_what_was_decided_of_the_service_along(
    mode: str, served: str, safe: str, said: str
) -> None:
    given = {"consumption": "realtime" if mode == "realtime" else "unsure"}
    answers = {"deployment_mode": mode, "deployment_serving": served}
    design = make_design(facts_of(**(SETTLED | given)), answers)
    assert (design["deployment_mode"], design["deployment_serving"]) == (mode, safe)
    assert [each.message[: len(said)] for each in design.raised if each.id == "RF60"] == [said]


def test_a_test_that_is_too_small_cannot_be_withdrawn_from() -> None:
    assert answers.objection("rf11_waiver", "withdraw")
    assert answers.objection("rf13_waiver", "withdraw") == ""
