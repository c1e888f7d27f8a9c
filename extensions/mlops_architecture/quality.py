"""Quality requirements as scenarios: when X, the system does Y within Z, in project numbers."""

from __future__ import annotations

from . import limits
from .configuration import BatchInferenceSettings
from .decision import Frozen
from .design import Design
from .facts import Facts
from .phases._columns import n_features
from .phases._deployment_plan import is_realtime
from .phases._inputs import counted, number, percent
from .phases._pace import cadence_days, duration, load, period, rows_per_period, scored

ASSUMED_MS = 200
"""Budget of an answer where nobody stated one."""
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
    """Speed, once for each way of delivery, freshness, bad data, a worse model, recovery, cost."""
    mode = design["deployment_mode"]
    return (
        *((_speed_of_answers(design.facts),) if is_realtime(mode) else ()),
        *((_speed_of_a_batch(design.facts),) if mode != "realtime" else ()),
        _freshness(design),
        _bad_data(design),
        _worse_model(design),
        _recovery(design),
        _cost(design, monthly_cost),
    )


def _speed_of_answers(facts: Facts) -> Scenario:
    budget = f"{facts.latency_ms} ms" if facts.latency_ms else f"{ASSUMED_MS} ms (assumed)"
    return Scenario(
        quality="speed",
        when=f"requests come at the peak of {load(facts)}",
        does="answers (99th percentile)",
        within=budget,
        held=f"monitoring, and your load test at {limits.F6_LOAD_TEST_FACTOR} times the peak",
    )


def _speed_of_a_batch(facts: Facts) -> Scenario:
    days = cadence_days(facts)
    return Scenario(
        quality="speed",
        when=f"the {scored(facts).removeprefix('the ')} of one {period(facts)} are to be scored",
        does="writes every prediction, with time to repeat a failed run",
        within=duration(days * limits.F6_WINDOW_SHARE)
        if days
        else "half of the time until they are needed",
        held="seen in the run's record",
    )


def _freshness(design: Design) -> Scenario:
    facts = design.facts
    return Scenario(
        quality="freshness",
        when=f"somebody acts on a prediction of {facts.target}",
        does="has made it from rows that are fresh enough",
        within=f"{number(facts.staleness_ok_hours)} h",
        held="yours to time",
    )


def _bad_data(design: Design) -> Scenario:
    facts = design.facts
    share = BatchInferenceSettings().maximum_rejected_share
    rows = rows_per_period(facts)
    batch = f"a batch of {counted(round(rows), 'row')}" if rows else "a batch"
    features = counted(n_features(facts), "feature")
    stops = design["data_gates"] == "stop"
    return Scenario(
        quality="bad data",
        when=f"more than {percent(limits.C5_RANGE_FAIL_SHARE)} of one of the {features} is out of "
        f"range, or over {percent(share)} of {batch} does not fit the contract",
        does="stops, says why, and keeps the earlier predictions"
        if stops
        else "logs it; a batch that does not fit writes nothing",
        within="the same run",
        held="the contract's gates",
    )


def _worse_model(design: Design) -> Scenario:
    metric = design.decisions.find("training_metric").label.partition(":")[0].lower()
    return Scenario(
        quality="a worse model",
        when=f"a new version gains under {percent(limits.E10_MINIMUM_GAIN)} in {metric}, or "
        f"its {percent(limits.E9_LEVEL)} interval is not all above 0",
        does="refuses it and keeps the champion",
        within="the same run",
        held="the gate",
    )


def _recovery(design: Design) -> Scenario:
    facts = design.facts
    days = cadence_days(facts)
    realtime = is_realtime(design["deployment_mode"])
    cycle = f"one cycle ({duration(days)})" if days else "the next run"
    built = design.decisions.find("deployment_fallback").built
    return Scenario(
        quality="recovery",
        when=f"the live version for {facts.target} turns out to be wrong",
        does="goes back to the previous version or the fallback",
        within=f"{limits.F5_MINUTES} minutes" if realtime else cycle,
        held="one command, once rehearsed" + ("" if built else "; the fallback is yours to add"),
    )


def _cost(design: Design, monthly_cost: float) -> Scenario:
    owner = design.facts.owner or "the owner (to be named)"
    budget = number(round(BUDGET_FACTOR * monthly_cost))
    return Scenario(
        quality="cost",
        when=f"a month of predicting {design.facts.target} costs more than {budget}, "
        f"{BUDGET_FACTOR} times the estimate",
        does=f"has {owner} look at it",
        within="the next month",
        held="the alarm is yours to add",
    )
