"""Rule E11 for people: which groups are compared, which are withheld, and what a gap does."""

from __future__ import annotations

from typing import Any

import pytest
from mlops_architecture.configuration import training_settings
from mlops_architecture.contract import make_contract
from mlops_architecture.design import make_design
from mlops_architecture.facts import ColumnProfile, Facts
from mlops_architecture.phases import deployment, training
from mlops_architecture.phases._groups import withheld_groups

from rules.cases import CHURN, PLANES, WEATHER, category, facts_of, identifier, number, table

US = {"personal_data": "direct", "regulations": ("none",)}


def people(*columns: ColumnProfile, **values: Any) -> Facts:
    profile = table(5_000, identifier("id", 5_000), *columns, number("income"), category("paid", 2))
    return facts_of(**{"profile": profile, "target": "paid", "positive_rate": 0.2} | US | values)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (category("gender", 2), {}),
        (category("gender", 2), {"personal_data": "not_stated"}),
        (number("age"), {}),
        (number("Age"), {"personal_data": "not_stated", "use_case": "health"}),
        (category("ethnicity", 4), {}),
        (category("marital_status", 4), {"regulations": ("gdpr",)}),
        (category("sex", 2), {"regulations": ("ecoa",)}),
    ],
)
def test_a_column_that_surely_names_groups_is_compared(
    column: ColumnProfile, values: dict[str, Any]
) -> None:
    assert training.compared_groups(people(column, **values)) == (column.name,)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (category("gender", 2), {"personal_data": "none"}),
        (number("age"), {"personal_data": "not_stated", "use_case": "maintenance"}),
        (category("post_code", 40), {}),
        (category("gender", 2, identifier=True), {}),
        (category("gender", 1, constant=True), {}),
        (category("gender", 2, missing_share=0.99), {}),
        (category("plan", 3), {}),
    ],
)
def test_nothing_is_compared_where_it_is_not_sure(
    column: ColumnProfile, values: dict[str, Any]
) -> None:
    assert training.compared_groups(people(column, **values)) == ()


@pytest.mark.parametrize("regulation", ["gdpr", "eu_ai_act", "not_stated"])
def test_a_special_category_waits_for_a_legal_basis(regulation: str) -> None:
    facts = people(category("Religion", 5), category("gender", 2), regulations=(regulation,))
    assert training.compared_groups(facts) == ("gender",)
    assert withheld_groups(facts) == ("Religion",)
    checks = {check.name: check.limit for check in training.evaluation_checks(facts)}
    assert "with a legal basis in writing, group: true" in checks["No fairness by Religion"]


def test_where_no_column_names_a_group_the_check_says_how_to_name_one() -> None:
    for facts in (people(), people(personal_data="not_stated", use_case="credit")):
        checks = {check.name: check.limit for check in training.evaluation_checks(facts)}
        assert "group: true in data/contract.yaml marks one" in checks["Fairness"]
    for facts in (WEATHER, PLANES):
        assert not any("airness" in check.name for check in training.evaluation_checks(facts))


def test_a_group_is_marked_in_the_contract_and_a_forbidden_one_keeps_no_level() -> None:
    sex = category("sex", 2, levels=("f", "m"), level_shares=(0.4, 0.6))
    feature = make_contract(people(sex), "stop").columns[1]
    assert (feature.role, feature.group, feature.levels) == ("feature", True, ("f", "m"))
    aside = make_contract(people(sex, regulations=("ecoa",)), "stop").columns[1]
    assert (aside.role, aside.reason, aside.group) == ("excluded", "protected ground", True)
    assert (aside.levels, aside.level_shares, aside.distinct) == ((), (), 2)


@pytest.mark.parametrize(
    ("values", "favourable", "on_breach", "told"),
    [
        ({"use_case": "churn"}, "acted_on", "report", "share acted on ≥ 80 % of the highest"),
        ({"use_case": "hiring"}, "acted_on", "review", "else a person decides"),
        ({"use_case": "credit"}, "left_alone", "review", "share left alone ≥ 80 % of the highest"),
        ({"use_case": "fraud"}, "left_alone", "report", "else the report says so"),
        ({"use_case": "fraud", "impact": "high"}, "left_alone", "review", "else a person decides"),
    ],
)
def test_what_people_hope_for_and_what_a_gap_does_follow_from_the_use(
    values: dict[str, Any], favourable: str, on_breach: str, told: str
) -> None:
    facts = people(category("gender", 2), **values)
    fairness = training_settings(make_design(facts, {})).gate["fairness"]
    assert fairness == {
        "favourable": favourable, "selection_ratio": 0.8, "rate_gap": 0.1, "on_breach": on_breach,
    }  # fmt: skip
    checks = {check.name: check.limit for check in training.evaluation_checks(facts)}
    assert told in checks["Fairness by gender"]


def test_a_gap_is_a_condition_of_promotion_only_where_it_holds_one() -> None:
    for use_case, waits in (("hiring", True), ("churn", False)):
        facts = people(category("gender", 2), use_case=use_case)
        conditions = deployment.promotion_conditions(facts, make_design(facts, {}).decisions)
        assert any("groups by gender are treated alike" in each for each in conditions) is waits


@pytest.mark.parametrize(
    ("facts", "held"),
    [(WEATHER, False), (PLANES, False), (CHURN.model_copy(update={"profile": None}), True)],
)
def test_without_people_or_a_selection_no_fairness_is_set(facts: Facts, held: bool) -> None:
    assert bool(training_settings(make_design(facts, {})).gate["fairness"]) is held
