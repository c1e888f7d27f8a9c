"""What it costs: the sums follow from facts and decisions, and show what they are made of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from mlops_architecture import cost, limits
from mlops_architecture.cost import Estimate
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts

from rules.cases import CHURN, WEATHER, facts_of
from rules.operation import operated_facts


def estimate(facts: Facts, values: dict[str, Any] | None = None, **answers: Any) -> Estimate:
    return cost.estimate(make_design(facts.model_copy(update=values or {}), answers))


def test_a_first_batch_model_is_level_one() -> None:
    found = estimate(CHURN, monitoring_exploration="none")
    assert found.person_weeks == cost.WEEKS_BY_LEVEL[1]
    assert found.build.startswith("2 (level 1 around 5 pipelines) = 2 person-weeks")


@pytest.mark.parametrize(
    ("values", "answers", "more"),
    [
        ({"consumption": "realtime"}, {}, cost.WEEKS_REALTIME),
        ({"impact": "high"}, {}, cost.WEEKS_OF_REVIEW),
        ({}, {"data_versioning": "dvc"}, cost.WEEKS_PER_COMPONENT),
        ({}, {"data_storage": "bucket"}, cost.WEEKS_PER_DECISION),
        ({}, {"training_tracker": "wandb"}, cost.WEEKS_PER_COMPONENT),
        ({"existing_tools": ("wandb",)}, {}, cost.WEEKS_PER_DECISION),
        ({}, {"feature_store": "feast"}, cost.WEEKS_PER_COMPONENT),
    ],
)
def test_what_is_decided_is_built_and_paid_for(
    values: dict[str, Any], answers: dict[str, Any], more: float
) -> None:
    before = estimate(CHURN).person_weeks
    after = estimate(CHURN, values, **answers).person_weeks
    extras = after - before - more
    assert extras >= 0 and extras % cost.WEEKS_PER_COMPONENT == 0


def test_what_waits_for_its_trigger_costs_nothing_yet() -> None:
    first = {"horizon": "prototype", "personal_data": "none", "profile": None}
    found = estimate(CHURN, first)
    assert found.build.startswith("2 (level 1 around 2 pipelines) = 2 person-weeks")


def test_more_people_are_sooner_done_up_to_a_point() -> None:
    alone, three, ten = (estimate(CHURN, {"team_size": size}) for size in (1, 3, 10))
    assert alone.weeks == alone.person_weeks
    assert three.weeks < alone.weeks
    assert ten.weeks == ten.person_weeks / cost.MOST_PEOPLE
    assert cost.spell(1.04, "week") == "1 week" and cost.spell(2.5, "week") == "2.5 weeks"


@pytest.mark.parametrize(("weeks", "says"), [(1, "1 more than the 1 week"), (8, "within the 8")])
def test_the_weeks_that_there_are_stand_beside(weeks: int, says: str) -> None:
    facts = facts_of(weeks=weeks)
    assert cost.fits(estimate(facts), facts).startswith(says)


def test_a_service_runs_all_month_and_somebody_is_on_call() -> None:
    batch = estimate(CHURN)
    service = estimate(CHURN, {"consumption": "realtime", "peak_rps": 9.0})
    assert service.monthly > batch.monthly + cost.CARE_HOURS_REALTIME * cost.PERSON_PER_HOUR
    assert "1,460 h of service" in service.run


def test_what_a_service_answers_is_kept_and_paid_for() -> None:
    asked = {"consumption": "realtime", "peak_rps": 100.0, "personal_data": "direct"}
    files = estimate(CHURN, asked, deployment_log="files")
    database = estimate(CHURN, asked, deployment_log="postgres")
    answers = 100.0 * limits.F3_MEAN_OF_PEAK * 730 * 3600 * limits.C7_PERSONAL_MONTHS
    gigabytes = f"{answers * cost.LOG_LINE_BYTES / 1e9:.0f} GB"
    assert f"{gigabytes} kept × 0.03 +" in files.run
    assert f"{gigabytes} logged × 0.12 + 50 for PostgreSQL" in database.run


def test_scoring_each_hour_costs_more_machine_than_each_month() -> None:
    hourly = estimate(CHURN, {"data_cadence": "hourly"})
    assert "730 scoring" in hourly.run
    assert hourly.monthly > estimate(CHURN).monthly


def test_a_thousand_predictions_take_their_share_of_the_month() -> None:
    found = estimate(CHURN)
    assert found.per_thousand == pytest.approx(1000 * found.monthly / 7_043)
    assert "7,043 predictions a month" in found.thousand


def test_rows_that_nobody_counted_have_no_price() -> None:
    found = estimate(WEATHER, {"profile": None})
    assert found.per_thousand is None
    assert "nobody has counted" in found.thousand


@given(operated_facts)
def test_any_facts_have_a_cost_that_is_the_sum_it_shows(facts: Facts) -> None:
    found = estimate(facts)
    assert found.monthly > 0 and found.person_weeks > 0
    assert 0 < found.weeks <= found.person_weeks
    for line in (found.build, found.run, found.thousand, found.assumptions):
        assert any(letter.isdigit() for letter in line)
