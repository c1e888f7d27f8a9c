"""What could go wrong: each risk fires on its facts, the gravest stands first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from mlops_architecture.design import Design, make_design
from mlops_architecture.facts import Facts, Provenance
from mlops_architecture.red_flags import Raised, Resolution, Severity
from mlops_architecture.risks import Risk, risks

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER
from rules.operation import operated_facts

STATED = {
    "impact": "low", "decision_mode": "advisory", "personal_data": "pseudonymous",
    "regulations": (),
}  # fmt: skip
COSTS = {"cost_false_positive": 20.0, "cost_false_negative": 240.0, "save_rate": 0.25}


def design(facts: Facts, values: dict[str, Any] | None = None, **answers: Any) -> Design:
    known = facts.provenance + tuple((name, Provenance.stated) for name in values or {})
    changed = facts.model_copy(update={"provenance": known} | (values or {}))
    return make_design(changed, answers)


def titled(title: str, found: Design) -> Risk | None:
    return next((risk for risk in risks(found) if risk.title.startswith(title)), None)


@pytest.mark.parametrize(
    ("title", "facts", "values", "answers", "number"),
    [
        ("No table was measured", NO_TABLE, {}, {}, "10,000 rows"),
        ("Nobody stated impact", CHURN, {}, {}, "decisions rest"),
        ("Skipped: features", CHURN, {}, {"feature_plan": "skip"}, "8 decisions"),
        ("Acting can lose money", CHURN, COSTS, {}, "33.3 %"),
        ("Acting can lose money", CHURN, COSTS | {"capacity": 300}, {}, "6,000"),
        ("Nobody said what a mistake costs", CHURN, {}, {}, "7,043 rows and no costs"),
        ("A wrong prediction of seats weighs", PLANES, {"impact": "high"}, {}, "3,322 rows"),
        ("Nobody owns it", CHURN, {"horizon": "prototype"}, {}, "15 minutes"),
        ("One person builds it", CHURN, {"owner": "Ada"}, {}, "while Ada is away"),
        ("A fall stays unseen for 30 days", CHURN, {}, {}, "7,043 rows"),
        ("Nothing watches", CHURN, {}, {"monitoring_drift": "none"}, "3 of 5"),
        ("Part of the design", CHURN, {}, {}, "1 of 59 decisions is not built"),
        ("The world is shifting", CHURN, {"stability": "shifting"}, {}, "days"),
        ("Tested at one moment", CHURN, {}, {}, "no time of their own"),
        ("Tested at one moment", PLANES, {}, {}, "no time but in year, so the test"),
        ("No season repeats", WEATHER, {}, {}, "364 days"),
        ("The test itself", CHURN, {}, {}, "45 or 55 %"),
        ("The test itself", PLANES, {}, {}, "664 rows"),
        ("Erasure and deletion", CHURN, {}, {}, "30 days"),
    ],
)
def test_a_risk_stands_where_its_facts_hold_with_its_number(
    title: str, facts: Facts, values: dict[str, Any], answers: dict[str, Any], number: str
) -> None:
    risk = titled(title, design(facts, values, **answers))
    assert risk is not None
    assert number in risk.text


@pytest.mark.parametrize(
    ("title", "facts", "values"),
    [
        ("No table was measured", CHURN, {}),
        ("Nobody stated", CHURN, STATED),
        ("Skipped", CHURN, {}),
        ("Acting can lose money", CHURN, {}),
        ("Nobody said what a mistake costs", CHURN, COSTS),
        ("Nobody said what a mistake costs", PLANES, {}),
        ("A wrong prediction of seats weighs", PLANES, {}),
        ("Nobody owns it", CHURN, {"owner": "Ada"}),
        ("One person builds it", CHURN, {"owner": "Ada", "team_size": 4}),
        ("The world is", CHURN, {}),
        ("Tested at one moment", WEATHER, {}),
        ("No season repeats", WEATHER, {"stability": "stable"}),
        ("Erasure and deletion", CHURN, {"personal_data": "none"}),
    ],
)
def test_a_risk_is_silent_where_its_facts_do_not_hold(
    title: str, facts: Facts, values: dict[str, Any]
) -> None:
    assert titled(title, design(facts, values)) is None


def raised(id: str, severity: Severity, resolution: Resolution, answer: str = "") -> Raised:
    return Raised(
        id=id, severity=severity, phase="training", decision="training_metric",
        message=f"{id} is wrong. Do the other thing.", references=(), resolution=resolution,
        answer=answer,
    )  # fmt: skip


def test_objections_stand_in_the_order_of_what_is_owed_and_waived() -> None:
    flags = (
        raised("RF05", Severity.block, Resolution.corrected),
        raised("RF23", Severity.warn, Resolution.recorded),
        raised("RF13", Severity.block, Resolution.waived, "Ada: it is an experiment"),
        raised("RF02", Severity.justify, Resolution.owed),
        raised("RF19", Severity.block, Resolution.owed),
    )
    found = risks(replace(design(CHURN_STATED), raised=flags))
    by_flag = [risk.flags[0] for risk in found if risk.title.endswith("is wrong")]
    assert by_flag == ["RF19", "RF13", "RF02", "RF23"]
    assert found[1].title == "RF13 is wrong" and found[1].text == "Do the other thing"
    assert found[1].response == "waived by Ada: it is an experiment"
    assert "RF05" not in {flag for risk in found for flag in risk.flags}


@pytest.mark.parametrize(
    ("message", "title", "text"),
    [
        ("Nobody owns it; name one.", "Nobody owns it", "name one"),
        ("A 24-hour-old score is fine. That is batch.", "A 24-hour-old score is fine",
         "That is batch"),
        ("Nothing can be learned.", "Nothing can be learned", ""),
    ],
)  # fmt: skip
def test_an_objection_is_split_into_verdict_and_fix(message: str, title: str, text: str) -> None:
    flag = raised("RF14", Severity.justify, Resolution.owed)
    flag = replace(flag, message=message)
    risk = next(r for r in risks(replace(design(CHURN), raised=(flag,))) if r.flags == ("RF14",))
    assert (risk.title, risk.text) == (title, text)


def test_a_flag_takes_the_place_of_the_risk_that_says_the_same() -> None:
    flag = raised("RF11", Severity.warn, Resolution.recorded)
    found = replace(design(CHURN), raised=(flag,))
    assert titled("The test itself", found) is None


def test_what_nobody_measured_outranks_everything_that_follows_from_it() -> None:
    assert [risk.title for risk in risks(design(NO_TABLE))[:3]] == [
        "No table was measured",
        "A team of 1 in production and no owner",
        "Nobody stated impact, decision mode, personal data and regulations",
    ]


@pytest.mark.parametrize(("rate", "rank"), [(0.1, 2), (0.3, 1)])
def test_the_fewer_cases_the_test_holds_the_graver_its_doubt(rate: float, rank: int) -> None:
    found = titled("The test itself", design(CHURN, {"positive_rate": rate}))
    assert found is not None and found.weight == rank


@given(operated_facts)
def test_any_facts_have_three_risks_each_with_a_number_and_an_answer(facts: Facts) -> None:
    found = risks(make_design(facts, {}))
    assert len(found) >= 3
    assert [risk.weight for risk in found] == sorted((r.weight for r in found), reverse=True)
    for risk in found:
        assert risk.flags or any(letter.isdigit() for letter in risk.text), risk
        assert risk.response and len(risk.text.split()) <= 40


@pytest.mark.parametrize(("rate", "flag", "rank"), [(0.01, "is owed", 6), (0.04, "recorded", 3)])
def test_a_test_that_is_too_small_is_a_flag_with_the_weight_of_its_risk(
    rate: float, flag: str, rank: int
) -> None:
    found = next(r for r in risks(design(CHURN, {"positive_rate": rate})) if r.flags == ("RF11",))
    assert found.weight == rank and flag in found.response
