"""Risks that follow from facts and decisions alone, each with the project's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from statistics import NormalDist

from . import limits
from .blueprint import documented_only, pipelines
from .decision import Frozen
from .design import PHASES, Design
from .facts import Facts
from .intake import unstated
from .phases import data, training
from .phases._columns import doubtful_columns, parts_of_a_date
from .phases._deployment_plan import is_realtime
from .phases._inputs import counted, listed, number, percent
from .phases._pace import (
    cadence_days,
    duration,
    every,
    label_delay,
    period,
    rows_per_period,
    scored,
)
from .red_flags.deployment import HOLES

_UNSTEADY = (
    (limits.E4_HOPELESS_TEST_POSITIVES, 4),
    (limits.E4_TEST_POSITIVES, 3),
    (limits.E4_AMPLE_TEST_POSITIVES, 2),
)
"""Test cases below which a number is unsteady, and the weight of that."""
_HALF = 50
"""Percent: the recall that is known worst."""
_MONTH, _WEEK, _YEAR = 30, 7, 365


class Risk(Frozen):
    """Something that can go wrong: a verdict, the numbers behind it, and what is done about it."""

    title: str
    text: str
    """The numbers; empty where a flag's verdict says everything."""
    response: str
    weight: int = 1
    """Order among standing risks: 6 is the gravest. A judgement, shown nowhere."""
    limit: bool = False
    """Also a limit of the model, for its card."""
    flags: tuple[str, ...] = ()
    """Red flags that say the same; one that was raised takes this risk's place."""


def standing(design: Design) -> Iterator[Risk]:
    """Risks that follow from facts and decisions alone, in the order of equal weights."""
    yield from _no_table(design.facts)
    yield from _legal_facts(design)
    yield from _skipped(design)
    yield from _telltale_column(design.facts)
    yield from _wrong_decisions(design)
    yield from _people(design)
    yield from _late_labels(design)
    yield from _unwatched(design)
    yield from _yours(design)
    yield from _moving_world(design)
    yield from _uncertain_test(design)
    yield from _erasure(design.facts)


def _no_table(facts: Facts) -> Iterator[Risk]:
    if facts.profile is None:
        yield Risk(
            title="No table was measured",
            text=f"{counted(facts.rows, 'row')} are {facts.source('rows')}, and so is every number "
            "that follows from them; train runs on a synthetic sample until there is a table",
            response="give one: copier update --trust -d data_file=PATH",
            limit=True,
            weight=5,
        )


def _legal_facts(design: Design) -> Iterator[Risk]:
    open_facts = unstated(design.facts)
    resting = [
        entry
        for entry in design.decisions.entries
        if any(read.fact in open_facts for read in entry.proposal.inputs)
    ]
    if open_facts:
        names = listed([name.replace("_", " ") for name in open_facts], most=4)
        yield Risk(
            title=f"Nobody stated {names}",
            text=f"{counted(len(resting), 'decision')} rest on what was assumed instead; a law "
            "that applies would turn them",
            response=f"before the first decision: copier update --trust -d {open_facts[0]}=VALUE",
            weight=4 if design.facts.horizon == "production" else 2,
        )


def _skipped(design: Design) -> Iterator[Risk]:
    skipped = [phase for phase in PHASES if design.skipped(phase.prefix)]
    if skipped:
        unread = sum(len(design.of(phase.prefix)) for phase in skipped)
        grave = HOLES.keys() & {phase.prefix for phase in skipped}
        yield Risk(
            title=f"Skipped: {listed([phase.title.lower() for phase in skipped], most=4)}",
            text=f"nobody read {counted(unread, 'decision')} of {counted(len(skipped), 'phase')}",
            response=f"take up the first: copier update --trust -d {skipped[0].plan}=good",
            weight=4 if grave else 2,
            flags=("RF01",),
        )


def _telltale_column(facts: Facts) -> Iterator[Risk]:
    """Rule C5, warn: a feature that nearly gives the answer by itself."""
    for name, why in doubtful_columns(facts)[:1]:
        yield Risk(
            title=f"{name} {why}",
            text="if it is filled in after the decision, every number in the report is false",
            response="the owner of the data says in writing when it is filled in",
            limit=True,
            weight=3,
            flags=("RF52",),
        )


def _wrong_decisions(design: Design) -> Iterator[Risk]:
    facts = design.facts
    grave = facts.impact == "high"
    decided = f"{scored(facts)} each {period(facts)}"
    pays = training.cost_threshold(facts)
    if facts.problem_type == "regression" or (grave and pays is None):
        if grave:
            mode = facts.decision_mode.replace("_", " ")
            yield Risk(
                title=f"A wrong prediction of {facts.target} weighs on somebody",
                text=f"high impact, {mode}, on {decided}, after learning from {facts.rows:,} rows",
                response=f"promotion needs an independent reviewer; {_way_back(design)}",
                weight=4,
            )
    elif pays is None:
        yield Risk(
            title="Nobody said what a mistake costs",
            text=f"{counted(facts.rows, 'row')} and no costs: nothing says from which score on "
            f"acting pays, on {decided}",
            response="state both: copier update --trust -d cost_false_positive=… "
            "-d cost_false_negative=…",
            weight=2,
        )
    else:
        yield Risk(
            title="Acting can lose money",
            text=_stakes(facts, pays),
            response="the threshold keeps to it"
            if design["training_threshold"] == "cost"
            else "the record of the threshold says where acting pays",
            weight=4 if grave else 3,
            flags=("RF56",),
        )


def _way_back(design: Design) -> str:
    if design.facts.decision_mode != "automated":
        return "a person decides, and has to be free to decide against the score"
    if design["governance_recourse"] == "human_route":
        return "a person reviews each decision that is contested"
    return "nobody reviews a decision that is contested"


def _stakes(facts: Facts, pays: float) -> str:
    alarm, miss = facts.cost_false_positive or 0, facts.cost_false_negative or 0
    least = f"pays only where at least {percent(pays)} of those acted on are right"
    if facts.capacity:
        return (
            f"{facts.capacity:,} actions each {period(facts)} cost "
            f"{number(facts.capacity * alarm)}; at {number(miss)} for a miss that {least}"
        )
    return f"a false alarm costs {number(alarm)}, a miss {number(miss)}: acting {least}"


def _people(design: Design) -> Iterator[Risk]:
    facts = design.facts
    production, realtime = facts.horizon == "production", is_realtime(design["deployment_mode"])
    if not facts.owner:
        yield Risk(
            title="Nobody owns it",
            text=f"no owner is named in a team of {facts.team_size}, and a SEV1 asks for an answer "
            f"within {limits.G9_SEV1_MINUTES} minutes",
            response="name one: copier update --trust -d owner=NAME",
            weight=4 if production else 1,
            flags=("RF45", "RF21"),
        )
    elif facts.team_size <= 1:
        yield Risk(
            title="One person builds it, owns it and is woken",
            text=f"a team of {facts.team_size}: while {facts.owner} is away, a SEV1 waits longer "
            f"than its {limits.G9_SEV1_MINUTES} minutes",
            response="a second person can follow docs/runbook.md",
            weight=3 if realtime else 2 if production else 1,
        )


def _late_labels(design: Design) -> Iterator[Risk]:
    facts = design.facts
    delay, days = facts.label_delay_days, cadence_days(facts)
    rows = rows_per_period(facts)
    periods = max(1.0, delay / days) if days else 1.0
    new = f"all new rows of {duration(delay)}"
    decided = counted(round(rows * periods), "row") if rows else new
    performance = design.decisions.find("monitoring_performance")
    meanwhile = (
        "nothing, monitoring was skipped"
        if design.skipped("monitoring")
        else performance.label.lower() + ("" if performance.built else ", yours to add")
    )
    moving = facts.stability in {"shifting", "adversarial"}
    yield Risk(
        title=f"A fall stays unseen for {duration(delay)}",
        text=f"{decided} are decided on before the first label says that the model is wrong",
        response=f"meanwhile: {meanwhile}",
        limit=True,
        weight=1
        if delay < 1 or facts.horizon == "learning"
        else 3
        if delay >= _MONTH or (moving and delay >= _WEEK)
        else 2,
    )


def _unwatched(design: Design) -> Iterator[Risk]:
    five = pipelines(design)
    later = [pipeline for pipeline in five if not pipeline.built]
    if any(pipeline.name in {"monitoring", "drift_detection"} for pipeline in later):
        names = listed([pipeline.title.lower() for pipeline in later])
        yield Risk(
            title="Nothing watches the model by itself",
            text=f"{len(later)} of {len(five)} pipelines are not built ({names}): worse "
            f"predictions of {design.facts.target} show only to who looks",
            response=f"somebody reads status and rejected rows after each {_run(design.facts)}",
            weight=3 if design.facts.horizon == "production" else 1,
            flags=("RF53",),
        )


def _run(facts: Facts) -> str:
    return "run" if period(facts) == "run" else f"{period(facts)}'s run"


def _yours(design: Design) -> Iterator[Risk]:
    yours = documented_only(design)
    if yours:
        yield Risk(
            title="Part of the design is yours to build",
            text=f"{len(yours)} of {len(design.decisions.entries)} decisions "
            f"{'is' if len(yours) == 1 else 'are'} not built",
            response="each record says what stands in",
            weight=1,
        )


def _moving_world(design: Design) -> Iterator[Risk]:
    facts = design.facts
    if facts.stability in {"shifting", "adversarial"}:
        days = int(design["monitoring_retrain_days"])
        oldest = duration(round(days + facts.label_delay_days))
        yield Risk(
            title=f"The world is {facts.stability}",
            text=f"retrained {every(days)} at the soonest, with labels after "
            f"{label_delay(facts)}, the model knows nothing of the last {oldest}",
            response="what starts the next training: "
            f"{design.decisions.find('monitoring_trigger').label.lower()}; a staleness backtest "
            "replaces the interval",
            limit=True,
            weight=3,
        )
    elif not facts.temporal and facts.horizon == "production":
        parts = parts_of_a_date(facts)
        time = f"no time but in {listed(parts)}" if parts else "no time of their own"
        yield Risk(
            title="Tested at one moment, used at another",
            text=f"{counted(facts.rows, 'row')} carry {time}, so the test cannot "
            "show how fast quality falls after the first day",
            response="write the day of each row into one column, year first: then the split is "
            "in time"
            if parts
            else "keep the time of each row from now on: then the split is in time",
            limit=True,
            weight=2,
        )
    elif (span := training.span_days(facts)) and facts.stability == "seasonal" and span < _YEAR:
        yield Risk(
            title="No season repeats in the table",
            text=f"it spans {duration(span)}, less than a year",
            response="read the first year's drift against the calendar before acting on it",
            limit=True,
            weight=2,
        )


def _uncertain_test(design: Design) -> Iterator[Risk]:
    found = training.tested_as_decided(design.facts, design.decisions)
    cases = found.cases
    weight = next((w for limit, w in _UNSTEADY if cases < limit), 1)
    if design.facts.problem_type == "regression":
        spread = NormalDist().inv_cdf((1 + limits.E9_LEVEL) / 2) / sqrt(max(cases, 1))
        text = (
            f"{found.said} to test on: the mean error is known to ±{spread:.2g} of its own spread"
        )
    else:
        width = 100 * training.recall_half_width(cases)
        low, high = max(_HALF - width, 0), min(_HALF + width, 100)
        text = (
            f"{found.said} in the test: a {found.measure} of {_HALF} % may be {low:.0f} or "
            f"{high:.0f} %"
        )
    yield Risk(
        title="The test itself is uncertain",
        text=text,
        response=f"the gate asks for a {percent(limits.E9_LEVEL)} interval of the gain above 0",
        limit=True,
        weight=weight,
        flags=("RF11",),
    )


def _erasure(facts: Facts) -> Iterator[Risk]:
    if data.owes_erasure(facts):
        yield Risk(
            title="Erasure and deletion are done by hand",
            text=f"of {counted(facts.rows, 'row')} a person's own have to go within "
            f"{limits.C8_ERASURE_DAYS} days of asking, and no code deletes them",
            response="the path is in the record of data retention",
            weight=3 if facts.personal_data == "special_or_phi" else 2,
            flags=("RF18",),
        )
