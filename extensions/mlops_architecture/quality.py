"""Quality requirements as scenarios: when X, the system does Y within Z, in project numbers."""

from __future__ import annotations

from math import ceil

from .configuration import BatchInferenceSettings
from .decision import Frozen
from .design import Design
from .phases import training
from .phases._deployment_plan import MINIMUM_GAIN, is_realtime
from .phases._inputs import counted, number, percent
from .phases._pace import cadence_days, duration, load, period, rows_per_period, scored

RANGE_FAIL = 0.01
"""Rule C5: share of rows out of range that stops a run."""
BUDGET_FACTOR = 2
"""Monthly cost over its estimate from which the owner looks: our judgement."""


class Scenario(Frozen):
    """One requirement that can be tested; `held` says by what, or that it is yours to add."""

    quality: str
    when: str
    does: str
    within: str
    held: str


def scenarios(design: Design, monthly_cost: float) -> tuple[Scenario, ...]:
    """Six at most: speed, freshness, bad data, a worse model, recovery, cost."""
    return (
        _speed(design),
        _freshness(design),
        _bad_data(design),
        _worse_model(design),
        _recovery(design),
        _cost(design, monthly_cost),
    )


def _speed(design: Design) -> Scenario:
    facts = design.facts
    if is_realtime(design["deployment_mode"]):
        mode = design.decisions.find("deployment_mode")
        budget = f"{facts.latency_ms} ms" if facts.latency_ms else "200 ms (assumed)"
        return Scenario(
            quality="speed",
            when=f"requests come at the peak of {load(facts)}",
            does="answers 99 of 100",
            within=budget,
            held="a load test at twice the peak, before the first request"
            if mode.built
            else "yours to add, with the service",
        )
    days = cadence_days(facts)
    return Scenario(
        quality="speed",
        when=f"the {scored(facts).removeprefix('the ')} of one {period(facts)} are to be scored",
        does="writes every prediction, with time left to repeat a failed run",
        within=duration(days / 2) if days else "half of the time until they are needed",
        held="the length of each run, in its record",
    )


def _freshness(design: Design) -> Scenario:
    facts = design.facts
    return Scenario(
        quality="freshness",
        when=f"somebody acts on a prediction of {facts.target}",
        does="has made it from rows no older than is acceptable",
        within=f"{number(facts.staleness_ok_hours)} h",
        held="yours to add: when the run starts, and a look at the predictions' time",
    )


def _bad_data(design: Design) -> Scenario:
    facts = design.facts
    share = BatchInferenceSettings().maximum_rejected_share
    rows = rows_per_period(facts)
    some = f"{counted(ceil(share * rows), 'row')} of a batch" if rows else f"{percent(share)} of it"
    features = counted(facts.n_numeric + facts.n_categorical, "feature")
    stops = design["data_gates"] == "stop"
    return Scenario(
        quality="bad data",
        when=f"more than {percent(RANGE_FAIL)} of one of the {features} is out of range, or over "
        f"{some} {'do' if rows else 'does'} not fit the contract",
        does="stops, names column and limit, and leaves the earlier predictions in place"
        if stops
        else "logs column and limit; a batch that does not fit writes nothing",
        within="the same run",
        held="the gates in data/contract.yaml, at every run",
    )


def _worse_model(design: Design) -> Scenario:
    metric = design.decisions.find("training_metric").label.partition(":")[0].lower()
    cases = training.expected_test_positives(design.facts, int(design["training_test_share"]))
    noun = "rows" if design.facts.problem_type == "regression" else "cases of the rarer class"
    return Scenario(
        quality="a worse model",
        when=f"the gain of a new version in {metric}, on {cases:,} {noun}, is under "
        f"{percent(MINIMUM_GAIN)} or its 95 % interval touches 0",
        does="refuses it; the champion stays",
        within="the same training run",
        held="the gate, in every training run",
    )


def _recovery(design: Design) -> Scenario:
    facts = design.facts
    days = cadence_days(facts)
    realtime = is_realtime(design["deployment_mode"])
    cycle = f"one cycle ({duration(days)})" if days else "the next run"
    return Scenario(
        quality="recovery",
        when=f"the live model of {facts.target} turns out to be wrong",
        does="serves the previous version again, or the fallback: "
        f"{design.decisions.find('deployment_fallback').label.lower()}",
        within="5 minutes" if realtime else cycle,
        held="one command in docs/runbook.md; the rehearsal is yours to add",
    )


def _cost(design: Design, monthly_cost: float) -> Scenario:
    owner = design.facts.owner or "the owner (to be named)"
    return Scenario(
        quality="cost",
        when=f"a month costs more than {number(round(BUDGET_FACTOR * monthly_cost))}, "
        f"{BUDGET_FACTOR} times the estimate below",
        does=f"makes {owner} look at cadence, machine and hours",
        within="the next month",
        held="yours to add: a budget alarm where the bill is",
    )
