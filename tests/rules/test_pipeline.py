"""Rules B1 to B4: the maturity level, now and in the end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from mlops_architecture.fact_defaults import Sources
from mlops_architecture.facts import Facts
from mlops_architecture.intake import as_facts
from mlops_architecture.phases import pipeline

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER, facts_of, random_facts
from rules.expectations import assert_well_argued, proposals_by_name

LEARNER = {"horizon": "learning", "data_cadence": "once", "team_size": 1}
UNATTENDED = {
    "current_level": 2, "months_operated": 3, "stability": "shifting", "label_delay_days": 7.0,
    "impact": "medium",
}  # fmt: skip


def level(**values: Any) -> int | str:
    return proposals_by_name(pipeline, facts_of(**values))["maturity_level"].value


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("B1 default", {}, 1),
        ("B1 used once by one learner", LEARNER, 0),
        ("B1 the table comes again", LEARNER | {"data_cadence": "weekly"}, 1),
        ("B1 a second person", LEARNER | {"team_size": 2}, 1),
        ("B2 high impact", {"impact": "high"}, 2),
        ("B2 medium impact is not enough", {"impact": "medium"}, 1),
        ("B2 regulated", {"regulations": ("ecoa",)}, 2),
        ("B2 GDPR alone is no model regulation", {"regulations": ("gdpr",)}, 1),
        ("B2 three committers", {"committers": 3}, 2),
        ("B2 two committers", {"committers": 2}, 1),
        ("B2 three models", {"n_models": 3}, 2),
        ("B2 two models", {"n_models": 2}, 1),
        ("B2 a prototype needs no CI", {"impact": "high", "horizon": "prototype"}, 1),
        ("B3 all conjuncts", UNATTENDED, 3),
        (
            "B3 five models retrain slower",
            UNATTENDED | {"label_delay_days": 30.0, "n_models": 5},
            3,
        ),
        ("B3 labels come late", UNATTENDED | {"label_delay_days": 8.0}, 1),
        ("B3 two months only", UNATTENDED | {"months_operated": 2}, 1),
        ("B3 a stable world", UNATTENDED | {"stability": "stable"}, 1),
        ("B3 never at high impact", UNATTENDED | {"impact": "high"}, 2),
        ("B3 not from level 1", UNATTENDED | {"current_level": 1}, 1),
    ],
)
def test_destination(rule: str, values: dict[str, Any], expected: int) -> None:
    assert pipeline.destination(facts_of(**values)) == expected, rule


@pytest.mark.parametrize(
    ("now", "expected", "rule"), [(0, 1, "B4"), (1, 2, "B2"), (2, 2, "B2"), (3, 2, "B2")]
)
def test_never_more_than_one_level_above_the_present(now: int, expected: int, rule: str) -> None:
    facts = facts_of(impact="high", current_level=now)
    proposal = proposals_by_name(pipeline, facts)["maturity_level"]
    assert (proposal.value, proposal.rule) == (expected, rule)


@pytest.mark.parametrize(
    ("people", "who_commit"), [(0, 1), (1, 1), (2, 2), (5, 2), (6, 6), (15, 6), (16, 16), (40, 16)]
)
def test_of_a_team_as_many_commit_as_are_in_the_smallest_of_its_size(
    people: int, who_commit: int
) -> None:
    assert as_facts("p", Sources(answers=(("team_size", people),))).committers == who_commit


def test_reason_names_now_and_destination() -> None:
    proposal = proposals_by_name(pipeline, facts_of(committers=4))["maturity_level"]
    assert proposal.reason.startswith("Level 1 now, level 2 about 13 weeks later: 4 committers")


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_well_argued(facts: Facts) -> None:
    assert_well_argued(pipeline, facts)


@settings(deadline=None)
@given(random_facts)
def test_any_facts_are_well_argued(facts: Facts) -> None:
    assert_well_argued(pipeline, facts)
    value = proposals_by_name(pipeline, facts)["maturity_level"].value
    assert int(value) <= facts.current_level + 1


def test_a_level_that_nothing_starts_by_itself_is_not_built() -> None:
    built = {
        ci: [option.built for option in pipeline.allowed("maturity_level", facts_of(ci=ci))]
        for ci in ("none", "github")
    }
    assert built == {"none": [True, True, False, False], "github": [True, True, True, False]}
