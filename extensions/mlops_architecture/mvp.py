"""What is built first, in order, and what waits for its trigger (section J of the rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import limits
from .decision import Decisions
from .design import PHASES
from .facts import Facts
from .phases import pipeline, training
from .phases._deployment_plan import canary_cases, is_realtime, is_served
from .phases._groups import compared_groups, concerns_people, decides_about_people
from .phases._inputs import counted, listed, nth, number, spelled
from .phases._pace import every, period
from .phases.monitoring import add_monitoring_when
from .schedule import is_watched
from .text import lower_first


class MvpStep(NamedTuple):
    """One step of the build order; `state` says what this project holds of it."""

    order: int
    build: str
    done_when: str
    state: str


class Deferred(NamedTuple):
    """A component that is not included, and the trigger that adds it."""

    component: str
    trigger: str


def mvp_steps(facts: Facts, decisions: Decisions) -> tuple[MvpStep, ...]:
    """The build order, each step with what proves it done."""
    baseline = "dummy and linear baseline"
    today = {"manual": "manual process"}.get(facts.baseline_kind, facts.baseline_kind)
    incumbent = "" if today == "none" else f", and of today's {today},"
    rows = (
        (
            f"Load, gates, snapshot of {counted(facts.rows, 'row')}",
            "a bad fixture fails the run",
            _reading(decisions),
        ),
        (
            f"Split ({_value(decisions, 'training_split')}), baseline, metric "
            f"({_value(decisions, 'training_metric')}), interval",
            f"the numbers of the {baseline}{incumbent} are printed",
            "built; today's, once a column has role: incumbent" if incumbent else "built",
        ),
        (
            "One pipeline object, candidates "
            f"({lower_first(training.trained_models(decisions))}), gate for {facts.target}",
            "the gate refuses a worse model in a test",
            "built"
            if decisions.find("training_candidates").built
            else "built, with what stands in",
        ),
        (
            "Register, promote, roll back",
            f"the rollback, within one {period(facts)}, is rehearsed in CI"
            if decisions["deployment_mode"] == "batch"
            else f"the rollback, within {limits.F5_MINUTES} minutes, is rehearsed in CI",
            "built, and rehearsed by a test",
        ),
        (
            "Batch inference and prediction log",
            f"the predictions of the last {period(facts)} can be made again",
            "built, for the service too" if is_served(decisions) else "built",
        ),
        (
            f"One monitor, each {period(facts)}: freshness, volume, score drift, model age",
            "it fires on an injected fault",
            "built" if is_watched(decisions) else "deferred: see section 12",
        ),
    )
    return tuple(MvpStep(order, *row) for order, row in enumerate(rows, start=1))


def _reading(decisions: Decisions) -> str:
    names = ("data_ingestion", "data_engine")
    yours = [_value(decisions, name) for name in names if not decisions.find(name).built]
    return f"built for files; yours to add: {listed(yours)}" if yours else "built"


def _value(decisions: Decisions, name: str) -> str:
    return str(decisions[name]).replace("_", " ")


def deferred(facts: Facts, decisions: Decisions) -> tuple[Deferred, ...]:
    """Everything that is not included, each with the trigger that adds it."""
    return (
        *_skipped_phases(facts, decisions),
        *_pipelines(facts, decisions),
        *_automation(facts, decisions),
        *_serving(facts, decisions),
        *_platform(facts, decisions),
        *_duties(facts, decisions),
    )


def _skipped_phases(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    triggers = {
        "deployment": f"somebody other than you reads the predictions of {facts.target}",
        "monitoring": add_monitoring_when(facts),
    }
    for phase in PHASES:
        if phase.prefix in decisions.skipped:
            trigger = triggers.get(
                phase.prefix,
                f"before the first decision on {facts.target}: its safe defaults are unreviewed",
            )
            yield Deferred(f"Phase {phase.number} ({lower_first(phase.title)}, skipped)", trigger)


def _pipelines(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    if not is_watched(decisions):
        later = add_monitoring_when(facts)
        for name in ("Drift detection", "Monitoring", "Retraining"):
            yield Deferred(f"{name} pipeline", later)


def _automation(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    went_well = f"{spelled(limits.J_RUNS)} runs by hand went well"
    orchestrator = decisions["stack_orchestrator"]
    trigger = {
        "orchestrator": f"{went_well}; {orchestrator} can start them, by a schedule yours to add",
        "ci": f"{went_well}; the CI then starts them",
        "cron": f"{went_well}; cron then starts them",
        "none": f"a {nth(limits.J_RUNS + 1)} run by hand is due",
    }
    if int(decisions["maturity_level"]) < limits.F4_CI_LEVEL:
        yield Deferred("Schedule", trigger[str(decisions["stack_scheduler"])])
        yield Deferred(f"CI/CD gates (level {limits.F4_CI_LEVEL})", _gates(facts))
    yield Deferred(
        "Drift alerts",
        "the first month of scored windows exists to set thresholds"
        + ("" if facts.owner else ", and an owner is named"),
    )
    if decisions["monitoring_trigger"] == "manual" or not is_watched(decisions):
        yield Deferred(
            "Automatic retraining",
            f"{spelled(limits.J_RETRAININGS)} retrainings by hand, "
            f"{every(int(decisions['monitoring_retrain_days']))}, had the same outcome",
        )
    if decisions["deployment_promotion"] != "automatic":
        yield Deferred("Automatic promotion", _unattended(facts))


def _gates(facts: Facts) -> str:
    if pipeline.destination(facts) >= limits.F4_CI_LEVEL:
        return f"level 1 has run for about {limits.B2_WEEKS} weeks"
    if facts.committers >= limits.B2_COMMITTERS:
        return f"it goes into production, or the first bad merge; now {facts.horizon}"
    next_one = nth(max(limits.J_COMMITTERS, facts.committers + 1))
    now = counted(facts.committers, "committer")
    return f"a {next_one} committer, or the first bad merge; now {now}"


def _unattended(facts: Facts) -> str:
    if facts.impact == "high":
        return "the impact is no longer high: until then a person promotes"
    if facts.regulated:
        return f"no regulation applies ({listed(facts.regulations)}): until then a person promotes"
    return (
        f"level {limits.B3_LEVEL} was operated for {limits.B3_MONTHS} months (now level "
        f"{facts.current_level}, {facts.months_operated} months), the rollback is rehearsed, and "
        "waiting for a person costs more than one bad promotion"
    )


def _serving(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    mode = decisions["deployment_mode"]
    if mode == "batch":
        yield Deferred(
            "Real-time API",
            f"a consumer needs scores less than {limits.F1_STALE_HOURS} h old (now "
            f"{number(facts.staleness_ok_hours)} h), with objective and owner written down",
        )
    begun = "built; it is started once " if is_served(decisions) else ""
    if mode == "both":
        cycles = f"{spelled(limits.F1_BATCH_CYCLES)} cycles (a cycle is one {period(facts)})"
        yield Deferred("Real-time API", f"{begun}batch has run {cycles}")
    if mode == "realtime":
        yield Deferred(
            "Real-time API", f"{begun}the model passed the gate, and callers have the fallback"
        )
    if decisions["deployment_strategy"] != "shadow_canary":
        start = "" if is_realtime(mode) else "requests are answered, and "
        yield Deferred(
            "Canary",
            f"{start}traffic and labels reach {counted(canary_cases(facts), 'case')} per arm "
            f"within {limits.F3_CANARY_DAYS} days",
        )
    if decisions["feature_store"] == "none":
        yield Deferred(
            "Feature store",
            f"real-time aggregates must be read within {limits.D6_AGGREGATE_MS} ms, or "
            f"{spelled(limits.D6_MODELS)} models share {spelled(limits.D6_FEATURES)} features "
            f"(now {counted(facts.n_models, 'model')})",
        )


def _platform(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    if decisions["stack_orchestrator"] != "kubernetes":
        yield Deferred(
            "Kubernetes",
            f"a platform owner is named, or there are {spelled(limits.J_PIPELINES)} pipelines (now "
            f"{counted(facts.n_models, 'model')}, a team of {facts.team_size})",
        )
    if decisions["data_versioning"] == "zenml_artifacts":
        yield Deferred(
            "DVC, lakeFS or Delta",
            f"a snapshot passes {limits.C2_SNAPSHOT_GB} GB (now {number(facts.data_size_gb)}) or "
            f"{limits.C2_MONTHLY_GB} GB a month, rows are changed in place, or teams branch the "
            "data",
        )
    if decisions["data_engine"] != "spark":
        yield Deferred(
            "Spark",
            f"a run scans {limits.C3_SPARK_TB} TB (now {number(facts.data_size_gb)} GB) that no "
            "warehouse can aggregate",
        )
    if decisions["stack_step_operator"] == "none":
        yield Deferred(
            "GPU or step operator",
            f"a profile shows more than {limits.J_CPU_HOURS} h on CPU in one step, on "
            f"{counted(facts.rows, 'row')}",
        )


def _duties(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    if not compared_groups(facts):
        yield Deferred(
            "Fairness by group",
            _comparing(facts),
        )
    if not facts.explains_each_decision:
        why = "a duty to explain each decision, or support tickets that ask why"
        yield Deferred("Explanations API", why)


def _comparing(facts: Facts) -> str:
    """When groups are to be compared, where no column names one yet."""
    about_people = f"decisions on {facts.target} are about people"
    if not concerns_people(facts):
        return about_people
    if decides_about_people(facts):
        return f"now, since {about_people}"
    return "a column names groups of the people that it decides on"
