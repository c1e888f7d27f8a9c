"""Section L: the ML Test Score of a design, test by test."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture import readiness
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.readiness import Scorecard, scorecard

from rules.cases import CHURN, NO_TABLE, PLANES, WEATHER, category, facts_of, table
from rules.operation import designed, operated_facts

EVERYTHING: dict[str, Any] = {
    "event_time": "seen_at", "impact": "medium", "ci": "github", "owner": "Ada",
    "profile": table(1_000, category("gender", 2), category("plan", 3)),
}  # fmt: skip
MODULE = (
    Path(__file__).parents[2]
    / "template" / "src" / "{{package_name}}" / "core" / "readiness.py"
)  # fmt: skip


def card(values: dict[str, Any], **answers: Any) -> Scorecard:
    facts = facts_of(**values)
    return scorecard(facts, designed(facts, **answers))


def sums(found: Scorecard) -> dict[str, float]:
    return {section.name: section.sum for section in found.sections}


def point(found: Scorecard, name: str) -> float:
    return next(t.points for section in found.sections for t in section.tests if t.id == name)


def test_everything_on_is_the_sum_of_section_l() -> None:
    found = card(EVERYTHING)
    expected = {"Data": 5.0, "Model": 5.5, "Infrastructure": 6.5, "Monitoring": 7.0}
    assert sums(found) == expected
    assert found.score == 5.0
    assert found.band.startswith("strong")


def test_a_prototype_with_monitoring_skipped_is_a_research_project_and_says_so() -> None:
    found = card(EVERYTHING | {"horizon": "prototype"}, monitoring_plan="skip")
    assert sums(found)["Monitoring"] == found.score == 0
    assert found.band.startswith("a research project")
    (told,) = found.sections[-1].missing
    assert told.startswith("Mon1 to Mon7: the monitoring phase was skipped")


@pytest.mark.parametrize(
    ("test", "values", "answers", "points"),
    [
        ("D1", {}, {}, 1),
        ("D3", {}, {}, 0.5),
        ("D5", {}, {}, 0.5),
        ("D6", {}, {}, 0),
        ("M1", {}, {}, 0.5),
        ("M2", {}, {}, 0),
        ("M4", {}, {}, 1),
        ("M4", {"event_time": ""}, {}, 0),
        ("M7", {}, {}, 1),
        ("M7", {"profile": table(1_000, category("plan", 3))}, {}, 0),
        ("M7", {"profile": None}, {}, 0),
        ("I5", {}, {}, 0.5),
        ("I6", {}, {}, 1),
        ("I6", {"impact": "low"}, {}, 0),
        ("I6", {"impact": "low", "consumption": "realtime"}, {}, 1),
        ("I6", {}, {"deployment_plan": "skip"}, 0),
        ("I7", {}, {"deployment_plan": "skip"}, 1),
        ("Mon1", {}, {}, 1),
        ("Mon1", {"ci": "none"}, {}, 1),
        ("Mon1", {"data_cadence": "once"}, {}, 0.5),
        ("Mon1", {"ci": "none", "cloud": "aws"}, {"stack_orchestrator": "sagemaker"}, 1),
        ("Mon1", {}, {"monitoring_plan": "skip"}, 0),
        ("Mon1", {}, {"monitoring_drift": "none"}, 0),
        ("Mon1", {"horizon": "prototype"}, {}, 0),
        ("Mon7", {"labels": "partial"}, {}, 1),
        ("Mon7", {"labels": "proxy"}, {}, 0),
        ("Mon7", {"data_cadence": "once"}, {}, 0.5),
        ("Mon7", {"ci": "none", "labels": "proxy"}, {}, 0),
    ],
)
def test_each_condition_fires_and_does_not(
    test: str, values: dict[str, Any], answers: dict[str, Any], points: float
) -> None:
    assert point(card(EVERYTHING | values, **answers), test) == points


def test_without_a_scheduler_no_monitoring_test_earns_more_than_half() -> None:
    section = card(EVERYTHING | {"data_cadence": "once"}).sections[-1]
    assert {test.points for test in section.tests} == {0.5}
    assert section.sum == 3.5


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "a research project"), (0.5, "serious holes"), (1, "serious holes"),
        (1.5, "a first pass"), (2, "a first pass"), (2.5, "reasonably"), (3, "reasonably"),
        (3.5, "strong"), (5, "strong"), (5.5, "exceptional"), (7, "exceptional"),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_band_below_it(score: float, band: str) -> None:
    full = card(EVERYTHING).sections[0]
    tests = tuple(
        test.model_copy(update={"points": min(max(score - n, 0), 1)})
        for n, test in enumerate(full.tests)
    )
    lone = Scorecard(sections=(full.model_copy(update={"tests": tests}),))
    assert lone.score == score
    assert lone.band.startswith(band)


def test_what_counts_less_than_one_is_named_with_its_reason() -> None:
    data, _, infrastructure, _ = card(EVERYTHING | {"impact": "low"}).sections
    assert [line.split()[0] for line in data.by_hand] == ["D3", "D5"]
    assert [line.split()[0] for line in data.missing] == ["D6"]
    assert any(line.startswith("I6 Models are canaried") for line in infrastructure.missing)
    assert all(": " in line for line in (*data.by_hand, *data.missing))


def test_there_are_28_tests_seven_to_a_section() -> None:
    names = [test.id for tests in readiness.SECTIONS.values() for test in tests]
    assert [len(tests) for tests in readiness.SECTIONS.values()] == [7] * 4
    assert len(set(names)) == 28


def test_the_generated_project_counts_the_same_tests_by_the_same_bands() -> None:
    tree = ast.parse(MODULE.read_text(encoding="utf-8"))
    found = {
        node.target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
        and node.target.id in {"SECTIONS", "BANDS"}
    }
    assert found["SECTIONS"] == {
        name: {test.id: test.title for test in tests} for name, tests in readiness.SECTIONS.items()
    }
    assert found["BANDS"] == readiness.BANDS


@pytest.mark.parametrize("facts", [CHURN, WEATHER, PLANES, NO_TABLE])
def test_real_tables_have_a_score_that_is_the_weakest_section(facts: Facts) -> None:
    found = scorecard(facts, designed(facts))
    assert found.score == min(sums(found).values())


@given(operated_facts, st.sampled_from(["good", "skip"]), st.sampled_from(["good", "skip"]))
def test_any_facts_have_a_score_within_bounds(
    facts: Facts, deployment: str, monitoring: str
) -> None:
    answers = {"deployment_plan": deployment, "monitoring_plan": monitoring}
    found = scorecard(facts, make_design(facts, answers).decisions)
    totals = sums(found)
    assert totals["Data"] == 5.0
    assert 3.5 <= totals["Model"] <= 5.5
    assert 5.5 <= totals["Infrastructure"] <= 6.5
    assert 0 <= totals["Monitoring"] <= 7
    assert found.score == min(totals.values()) <= 5.0
    for section in found.sections:
        assert {test.points for test in section.tests} <= {0, 0.5, 1}
        lines = (*section.by_hand, *section.missing)
        assert all(line.partition(": ")[2] for line in lines)
