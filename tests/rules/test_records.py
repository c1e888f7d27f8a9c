"""Decision records: what was decided, objected and chosen stands on its page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from mlops_architecture import consequences
from mlops_architecture.design import PHASES, Design, make_design
from mlops_architecture.facts import Facts
from mlops_architecture.facts_told import show_value
from mlops_architecture.files import Files
from mlops_architecture.promises import HELD, promises
from mlops_architecture.records import Record, Reference, cited, read_reference, records
from mlops_architecture.red_flags import Raised, Resolution, Severity

from rules.cases import CHURN, CHURN_STATED, PLANES, WEATHER
from rules.operation import operated_facts

METRICS = read_reference(
    "capabilities/model-evaluation",
    "# Model evaluation\n\n## In ten lines\n`training_split`\n\n## Decisions it informs\n"
    "- `training_metric`: capacity first.\n\n## Sources\n- `x`\n",
)
DRIFT = METRICS.model_copy(update={"name": "drift", "informs": frozenset({"monitoring_drift"})})


def record(design: Design, name: str, references: tuple[Reference, ...] = ()) -> Record:
    found = records(Files(design, "churn"), "by a person", (), references)
    return next(each for each in found if each.slug.endswith(name))


def test_a_reference_informs_the_decisions_of_its_own_section_alone() -> None:
    assert METRICS.name == "model-evaluation" and METRICS.title == "Model evaluation"
    assert METRICS.informs == {"training_metric"}


def test_references_of_a_skipped_phase_are_not_cited() -> None:
    whole, part = make_design(CHURN, {}), make_design(CHURN, {"monitoring_plan": "skip"})
    assert cited(whole, (METRICS, DRIFT)) == (METRICS, DRIFT)
    assert cited(part, (METRICS, DRIFT)) == (METRICS,)
    assert record(part, "monitoring_drift", (METRICS, DRIFT)).references == ()


def test_a_record_argues_with_facts_and_their_provenance() -> None:
    page = record(make_design(CHURN_STATED, {}), "training_metric", (METRICS,))
    assert page.slug == "2d_training_metric"
    assert ("rows", "7,043", "stated") in page.context
    assert page.status == "corrected by an objection, quoted below"
    assert "accuracy" in page.objections[0][0]
    assert page.references == (METRICS,)
    assert (page.rule, page.unsourced) == ("E3", "our judgement")
    assert "Log loss" in dict(page.alternatives)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(45_000.0, "45,000"), (999_999.5, "1,000,000"), (0.26543, "0.2654"), (240.0, "240")],
)
def test_a_number_is_written_as_people_write_it(value: float, shown: str) -> None:
    assert show_value(value) == shown


def test_a_regression_rests_on_rows_and_on_no_rarer_class() -> None:
    proposals = [entry.proposal for entry in make_design(PLANES, {}).decisions.entries]
    read = {each.decision: [entry.fact for entry in each.inputs] for each in proposals}
    assert read["training_gate"] == ["rows", "guardrails"]
    assert read["training_search"] == ["rows"]
    assert not any("n_positive" in facts for facts in read.values())


def test_what_a_person_chose_stands_beside_what_was_proposed() -> None:
    page = record(make_design(CHURN, {"data_gates": "report"}), "data_gates")
    assert page.status == "chosen by a person"
    assert page.choice == "A failed gate is only logged"
    assert "already failed" in page.reason
    assert page.instead.startswith("A failed gate stops the run: 9 gates")
    assert page.choice not in dict(page.alternatives)
    validator = record(
        make_design(CHURN, {"stack_data_validator": "evidently"}), "stack_data_validator"
    )
    assert validator.instead.startswith("None: the gates are steps: The gates over")


@pytest.mark.parametrize(
    ("resolution", "status", "became"),
    [
        (Resolution.corrected, "corrected by an objection", "corrected: Accuracy was asked for"),
        (Resolution.owed, "accepted as proposed", "a waiver is owed"),
        (Resolution.waived, "accepted as proposed", "waived by Ada: a trial"),
    ],
)
def test_an_objection_is_quoted_with_what_became_of_it(
    resolution: Resolution, status: str, became: str
) -> None:
    flag = Raised(
        id="RF05", severity=Severity.block, phase="training", decision="training_metric",
        message="Always answering no scores 73 %.", references=(), resolution=resolution,
        answer="Ada: a trial", asked="Accuracy",
    )  # fmt: skip
    design = replace(make_design(CHURN, {}), raised=(flag,))
    page = record(design, "training_metric")
    assert page.status.startswith(status)
    assert page.objections[0][0] == "Always answering no scores 73 %."
    assert page.objections[0][1].startswith(became)
    assert record(design, "training_split").objections == ()


def test_a_rule_that_rests_on_an_experiment_is_called_measured_and_no_judgement() -> None:
    churn = make_design(CHURN, {})
    assert record(churn, "monitoring_window_rows").unsourced == "our measurement"
    assert record(make_design(WEATHER, {}), "feature_dates").unsourced == "our measurement"
    assert record(churn, "monitoring_performance").unsourced == ""


def test_what_is_not_built_says_what_stands_in() -> None:
    built = record(make_design(CHURN, {}), "deployment_mode")
    assert built.consequence.startswith("`churn score` writes one Parquet file")
    later = record(make_design(CHURN, {"deployment_promotion": "ci_gate"}), "deployment_promotion")
    assert later.consequence.startswith("Yours to add") and "churn promote" in later.consequence


def test_a_service_that_was_skipped_is_not_said_to_run() -> None:
    facts = CHURN.model_copy(update={"consumption": "realtime"})
    served = record(make_design(facts, {}), "deployment_serving")
    assert "`churn serve`" in served.consequence
    cloud = make_design(facts.model_copy(update={"cloud": "aws"}), {})
    assert "`Dockerfile`" in record(cloud, "deployment_serving").consequence
    skipped = record(make_design(facts, {"deployment_plan": "skip"}), "deployment_serving")
    assert skipped.consequence.startswith("There is no service")


def test_a_record_says_which_setting_holds_the_decision_and_none_where_it_is_not_there() -> None:
    churn = make_design(CHURN, {})
    assert record(churn, "training_metric").promises == (
        ("configs/training.yaml", f"metric: {churn['training_metric']}"),
    )
    assert len(record(churn, "monitoring_window_rows").promises) == 2
    skipped = make_design(CHURN, {"monitoring_plan": "skip"})
    assert record(skipped, "monitoring_window_rows").promises == ()


def test_each_promise_is_of_a_decision_and_a_setting_that_exist() -> None:
    files = Files(make_design(CHURN, {}), "p")
    decisions = {name for phase in PHASES for name in phase.rules.OPTIONS}
    assert set(HELD) <= decisions | {"training_intervals"}
    for name in HELD:
        promises(name, files.configs)


def test_every_decision_says_what_follows_from_it() -> None:
    silent = [
        name
        for phase in PHASES
        for name, options in phase.rules.OPTIONS.items()
        if (any(o.built for o in options) and name not in consequences.BUILT)
        or (not all(o.built for o in options) and name not in consequences.MEANWHILE)
    ]
    assert silent == []


@settings(max_examples=200)
@given(operated_facts)
def test_any_facts_have_a_whole_record_for_each_decision(facts: Facts) -> None:
    design = make_design(facts, {"monitoring_plan": "skip"})
    found = records(Files(design, "p"), "unattended", (), (METRICS, DRIFT))
    assert len({page.slug for page in found}) == len(found) == len(design.decisions.entries)
    for page in found:
        assert page.reason and page.consequence and page.rule and page.context
        assert all(label and why for label, why in page.alternatives)
        assert not any("`" in line for line in page.details)
