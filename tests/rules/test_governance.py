"""Rules H1 to H11: registry, approval, records and the duties of law."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture.decision import Decisions
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.interview import card
from mlops_architecture.phases import data, deployment, governance
from mlops_architecture.risks import risks

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER, facts_of
from rules.operation import (
    assert_answers_any_facts,
    designed,
    operated_facts,
    proposed,
    standing_decisions,
)

MLFLOW = {"existing_tools": ("MLflow",)}
ARTICLE_22 = {
    "regulations": ("gdpr",), "personal_data": "direct", "decision_mode": "automated",
    "impact": "high",
}  # fmt: skip
ANNEX_III = {"regulations": ("eu_ai_act",), "use_case": "credit"}
TRIAGE = {"use_case": "health", "formulation": "Given vital signs, predict ICU, for triage."}


@pytest.mark.parametrize(
    ("rule", "decision", "values", "earlier", "expected"),
    [
        ("H1 default", "governance_registry", {}, {}, "model_control_plane"),
        ("H1 MLflow run, yet not the tracker", "governance_registry", MLFLOW,
         {"training_tracker": "zenml"}, "model_control_plane"),
        ("H1 the tracker alone", "governance_registry", {}, {"training_tracker": "mlflow"},
         "model_control_plane"),
        ("H2 MLflow run and tracking", "governance_registry", MLFLOW,
         {"training_tracker": "mlflow"}, "mlflow"),
        ("H3 low", "governance_approval", {"impact": "low"}, {}, "author"),
        ("H3 medium, alone", "governance_approval", {"impact": "medium", "team_size": 1}, {},
         "cooling_off"),
        ("H3 medium, two", "governance_approval", {"impact": "medium", "team_size": 2}, {},
         "second_person"),
        ("H3 high", "governance_approval", {"impact": "high"}, {}, "independent_review"),
        ("H3 regulated", "governance_approval", {"regulations": ("sr26_2",)}, {},
         "independent_review"),
        ("H3 the gate promotes", "governance_approval", {"impact": "medium", "team_size": 9},
         {"deployment_promotion": "automatic"}, "afterwards"),
        ("H3 regulated, though the gate promotes", "governance_approval",
         {"regulations": ("sr26_2",)}, {"deployment_promotion": "automatic"},
         "independent_review"),
        ("H3 GDPR alone", "governance_approval", {"regulations": ("gdpr",)}, {}, "author"),
        ("H2 always", "governance_stages", {}, {}, "staging_production"),
        ("H4 always", "governance_audit", {}, {}, "run_record"),
        ("H6 always", "governance_card", {}, {}, "generated"),
        ("H7 always", "governance_reproducibility", {}, {}, "same_seed"),
    ],
)  # fmt: skip
def test_rule_decides(
    rule: str, decision: str, values: dict[str, Any], earlier: dict[str, Any], expected: str
) -> None:
    assert proposed(governance, decision, values, earlier).value == expected, rule


@pytest.mark.parametrize(
    ("registry", "says"), [("mlflow", "aliases"), ("model_control_plane", "staging")]
)
def test_stages_are_aliases_where_mlflow_registers(registry: str, says: str) -> None:
    earlier = {"governance_registry": registry}
    assert says in proposed(governance, "governance_stages", {}, earlier).reason


@pytest.mark.parametrize(
    ("rule", "values", "owed"),
    [
        ("H8", ANNEX_III, True),
        ("H8", ANNEX_III | {"use_case": "fraud"}, True),
        ("H8", ANNEX_III | {"regulations": ("gdpr",)}, False),
        ("H9", {"regulations": ("sr26_2",)}, True),
        ("H9", {"regulations": ("sox",)}, False),
        ("H10", ARTICLE_22, True),
        ("H10", ARTICLE_22 | {"decision_mode": "human_in_loop"}, False),
        ("H10", ARTICLE_22 | {"impact": "medium"}, False),
        ("H10", ARTICLE_22 | {"personal_data": "none"}, False),
        ("H10", ARTICLE_22 | {"regulations": ("hipaa",)}, False),
        ("H11", {"regulations": ("ecoa",)}, True),
        ("H11", {}, False),
        ("C6, C7, C8", {"regulations": ("gdpr",), "personal_data": "direct"}, True),
        ("C6, C7, C8", {"regulations": ("gdpr",), "personal_data": "none"}, False),
        ("C6, C7, C8", {"regulations": ("hipaa",), "personal_data": "direct"}, False),
        ("C6, C7", {"regulations": ("hipaa",)}, True),
        ("C6, C7", {"regulations": ("pci",)}, True),
        ("C6, C7", {"regulations": ("gdpr",), "personal_data": "direct"}, False),
    ],
)
def test_duties_are_owed_only_where_the_law_applies(
    rule: str, values: dict[str, Any], owed: bool
) -> None:
    rules = [duty.rule for duty in governance.legal_duties(facts_of(**values))]
    assert (rule in rules) is owed


@pytest.mark.parametrize(
    ("values", "high", "said"),
    [
        ({}, True, "credit falls under Annex III"),
        (TRIAGE, True, "emergency triage falls under Annex III"),
        ({"use_case": "health"}, False, "Annex III names emergency triage"),
        ({"use_case": "fraud"}, False, "because Annex III excepts the detection of fraud"),
        ({"use_case": "churn"}, False, "because Annex III does not name churn; counsel decides"),
        ({"use_case": "other"}, False, "nobody named a use of Annex III"),
    ],
)
def test_a_stated_ai_act_is_answered_whatever_the_use(
    values: dict[str, Any], high: bool, said: str
) -> None:
    facts = facts_of(**(ANNEX_III | values))
    (duty,) = governance.legal_duties(facts)
    assert said in duty.duty and duty.owed is high is facts.eu_high_risk
    audit = proposed(governance, "governance_audit", ANNEX_III | values, {})
    assert ("Asked for by EU AI Act, high risk." in audit.reason) is high
    months = proposed(data, "data_retention_months", ANNEX_III | values, {})
    assert (months.value == 120) is high


def test_duties_cite_the_law_in_force() -> None:
    text = " ".join(
        duty.duty
        for duty in governance.legal_duties(
            facts_of(**(ANNEX_III | {"regulations": ("eu_ai_act", "sr26_2")}))
        )
    )
    assert "2 December 2027" in text
    assert "SR 26-2 replaced SR 11-7" in text


@pytest.mark.parametrize(
    ("values", "said", "why_not", "way_back"),
    [
        (ARTICLE_22, "a person reviews", "Unlawful", "a person reviews each decision"),
        (ARTICLE_22 | {"decision_mode": "advisory"}, "counts as the decision (C-634/21)",
         "Owed only once", "free to decide against the score"),
        (ARTICLE_22 | {"regulations": ("hipaa",)}, "asks for no review route", "Nobody is owed",
         "nobody reviews"),
    ],
)  # fmt: skip
def test_a_score_that_is_heavily_relied_on_is_never_said_to_be_beyond_article_22(
    values: dict[str, Any], said: str, why_not: str, way_back: str
) -> None:
    facts = facts_of(**values)
    recourse = proposed(governance, "governance_recourse", values, {})
    assert said in recourse.reason and why_not in recourse.alternatives[0].why_not
    told = next(risk for risk in risks(make_design(facts, {})) if "weighs on" in risk.title)
    assert way_back in told.response


@pytest.mark.parametrize(
    ("law", "says"),
    [("gdpr", "30 days"), ("hipaa", "18 identifiers"), ("pci", "tokens only")],
)
def test_duties_on_data_say_what_is_to_be_done(law: str, says: str) -> None:
    facts = facts_of(regulations=(law,), personal_data="direct")
    (duty,) = governance.legal_duties(facts)
    assert says in duty.duty


def test_special_categories_name_their_basis() -> None:
    facts = facts_of(regulations=("gdpr",), personal_data="special_or_phi")
    duty = governance.legal_duties(facts)[0].duty
    assert "Art. 9" in duty and "a DPIA (Art. 35)" in duty


def test_audit_record_holds_every_field_of_rule_h4() -> None:
    fields = " ".join(governance.audit_fields())
    parts = (
        "commit", "lockfile", "snapshot", "query", "feature", "seed", "intervals", "threshold",
        "calibration", "approver", "previous version", "retirement",
    )  # fmt: skip
    assert [part for part in parts if part not in fields] == []
    assert len(set(governance.audit_fields())) == len(governance.audit_fields()) == 19


@pytest.mark.parametrize(
    ("values", "accountable"),
    [
        ({"owner": "Ada"}, "Ada"),
        ({"owner": "Ada", "impact": "medium"}, "Ada, after 24 hours"),
        ({"owner": "Ada", "impact": "medium", "team_size": 2}, "a second person (to be named)"),
        ({"owner": "Ada", "approver": "Grace"}, "Grace"),
        ({"owner": "Ada", "approver": "Grace", "impact": "high"}, "Grace"),
        ({"owner": "Ada", "approver": "Ada", "impact": "high"},
         "an independent reviewer (to be named)"),
        ({}, "the owner (to be named)"),
    ],
)  # fmt: skip
def test_promotion_is_answered_for_by_the_same_approver_wherever_it_is_told(
    values: dict[str, Any], accountable: str
) -> None:
    facts = facts_of(**values)
    design = make_design(facts, {})
    roles = {role.activity: role for role in governance.raci(facts, design.decisions)}
    assert roles["promotion"].accountable == accountable
    approver = accountable.removesuffix(", after 24 hours")
    stages = design.decisions.find("governance_stages").proposal
    assert f": {approver} moves a version" in stages.reason
    assert {"owner", "approver"} <= {read.fact for read in stages.inputs}
    assert dict(card(design))["People"].endswith(f"; approver: {approver}")
    conditions = deployment.promotion_conditions(facts, design.decisions)
    assert conditions[-1].startswith(f"{approver}: ")
    assert "Ada" not in design.decisions.find("deployment_promotion").proposal.reason


def test_where_the_gate_promotes_nobody_is_said_to_promote() -> None:
    facts = facts_of(
        current_level=2, months_operated=24, stability="shifting", label_delay_days=3.0,
        n_models=6, impact="medium", team_size=9, owner="Ada", approver="Grace", ci="github",
    )  # fmt: skip
    decisions = designed(facts)
    roles = {role.activity: role for role in governance.raci(facts, decisions)}
    assert (roles["promotion"].responsible, roles["promotion"].accountable) == ("the gate", "Grace")
    assert "Grace" not in roles["training and evaluation"].consulted
    assert "the gate moves a version" in decisions.find("governance_stages").proposal.reason
    assert "Grace reads its record" in decisions.find("governance_approval").proposal.reason
    assert deployment.promotion_conditions(facts, decisions)[-1].startswith("Grace, afterwards: ")
    level = decisions.find("maturity_level").proposal.alternatives[2]
    assert level.why_not == "A person would have to promote 6 models every 7 days."


def test_an_approval_that_a_person_chose_is_what_the_stages_wait_for() -> None:
    facts, chosen = facts_of(owner="Ada"), {"governance_approval": "second_person"}
    reason = make_design(facts, chosen).decisions.find("governance_stages").proposal.reason
    assert "a second person (to be named) moves" in reason


def test_the_owner_of_the_model_is_on_its_card_and_the_approver_approves() -> None:
    decided = designed(facts_of(owner="Ada", approver="Grace")).by_name
    assert "Ada" not in decided["governance_approval"].proposal.reason
    assert "Ada" in decided["governance_card"].proposal.reason


@pytest.mark.parametrize(("approver", "missing"), [("", True), ("Ada", True), ("Grace", False)])
def test_a_missing_reviewer_is_said(approver: str, missing: bool) -> None:
    values = {"impact": "high", "owner": "Ada", "approver": approver}
    reason = proposed(governance, "governance_approval", values, {}).reason
    assert ("still to be named" in reason) is missing


def test_card_and_lineage_speak_of_this_model() -> None:
    assert "7,043 rows" in dict(governance.card_fields(CHURN))["Data"]
    assert "2013-01-01" in dict(governance.card_fields(WEATHER))["Data"]
    assert "(assumed)" in dict(governance.card_fields(CHURN))["Decided by"]
    assert any("origin" in line for line in governance.lineage(WEATHER))


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_answered(facts: Facts) -> None:
    assert_answers_any_facts(governance, facts, Decisions())


@given(operated_facts, standing_decisions)
def test_any_facts_are_answered(facts: Facts, earlier: Decisions) -> None:
    assert_answers_any_facts(governance, facts, earlier)
    governance.legal_duties(facts)
