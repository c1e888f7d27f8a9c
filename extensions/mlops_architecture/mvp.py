"""What is built first, in order, and what waits for its trigger (section J of the rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .decision import Decisions
from .design import PHASES
from .facts import Facts
from .phases._deployment_plan import CANARY_DAYS, canary_cases, is_realtime
from .phases._inputs import counted, number
from .phases._pace import period
from .phases.monitoring import add_monitoring_when
from .zenml_stack import is_schedulable

MOST_OPTIONAL = 2
"""Optional components beyond the six steps, at level 1 or below."""
ABOUT_PEOPLE = {"credit", "insurance", "hiring", "education", "health"}


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
    incumbent = "" if facts.baseline_kind == "none" else f", and today's {facts.baseline_kind},"
    rows = (
        (
            f"Load, gates, snapshot of {counted(facts.rows, 'row')}",
            "a bad fixture fails the run",
            "built",
        ),
        (
            f"Split ({_value(decisions, 'training_split')}), baseline, metric "
            f"({_value(decisions, 'training_metric')}), interval",
            f"the numbers of the {baseline}{incumbent} are printed",
            "built" if not incumbent else "built; today's numbers are yours to enter",
        ),
        (
            f"One pipeline object, candidates ({_value(decisions, 'training_candidates')}), gate "
            f"for {facts.target}",
            "the gate refuses a worse model in a test",
            "built",
        ),
        (
            "Register, promote, roll back",
            f"the rollback, within one {period(facts)}, is rehearsed in CI"
            if decisions["deployment_mode"] == "batch"
            else "the rollback, within 5 minutes, is rehearsed in CI",
            "built; the rehearsal is yours to add",
        ),
        (
            "Batch inference and prediction log",
            f"the predictions of the last {period(facts)} can be made again",
            "built",
        ),
        (
            f"One monitor, each {period(facts)}: freshness, volume, score drift, model age",
            "it fires on an injected fault",
            "deferred: see section 12",
        ),
    )
    return tuple(MvpStep(order, *row) for order, row in enumerate(rows, start=1))


def _value(decisions: Decisions, name: str) -> str:
    return str(decisions[name]).replace("_", " ")


def optional_components(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """What the decisions add to the six steps, save for tools that the team already runs.

    More than `MOST_OPTIONAL` of them at level 1 is building everything at once.
    """
    without = {
        "data_versioning": "zenml_artifacts", "feature_store": "none",
        "training_tracker": "zenml", "deployment_serving": "none",
        "governance_registry": "model_control_plane", "stack_orchestrator": "local",
        "stack_data_validator": "none", "stack_deployer": "none", "stack_step_operator": "none",
    }  # fmt: skip
    running = {tool.casefold() for tool in facts.existing_tools}
    return tuple(
        str(decisions[name])
        for name, nothing in without.items()
        if decisions[name] != nothing and decisions[name] not in running
    )


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
            yield Deferred(f"Phase {phase.number}, {phase.title.lower()}, skipped", trigger)


def _pipelines(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    watched = "monitoring" not in decisions.skipped and decisions["monitoring_drift"] != "none"
    later = add_monitoring_when(facts)
    window = decisions["monitoring_window_rows"]
    drift = f"a first window of {window:,} scored rows exists" if watched else later
    yield Deferred("Drift detection pipeline", drift)
    yield Deferred(
        "Monitoring pipeline", f"the second {period(facts)} is scored" if watched else later
    )
    yield Deferred(
        "Retraining pipeline",
        f"training was repeated once by hand, not before {decisions['monitoring_retrain_days']} "
        "days",
    )


def _automation(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    orchestrator = decisions["stack_orchestrator"]
    timer = str(orchestrator) if is_schedulable(orchestrator) else "cron or CI"
    yield Deferred("Schedule", f"two runs by hand went well; {timer} then starts them")
    if int(decisions["maturity_level"]) <= 1:
        now = counted(facts.committers, "committer")
        yield Deferred(
            "CI/CD gates (level 2)", f"a second committer, or the first bad merge; now {now}"
        )
    yield Deferred(
        "Drift alerts",
        "the first month of scored windows exists to set thresholds"
        + ("" if facts.owner else ", and an owner is named"),
    )
    yield Deferred(
        "Automatic retraining",
        f"three retrainings by hand, {decisions['monitoring_retrain_days']} days apart, had the "
        "same outcome",
    )
    if decisions["deployment_promotion"] != "automatic":
        yield Deferred("Automatic promotion", _unattended(facts))


def _unattended(facts: Facts) -> str:
    if facts.impact == "high":
        return "the impact is no longer high: until then a person promotes"
    return (
        f"level 2 was operated for 3 months (now level {facts.current_level}, "
        f"{facts.months_operated} months), the rollback is rehearsed, and waiting for a person "
        "costs more than one bad promotion"
    )


def _serving(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    mode = decisions["deployment_mode"]
    if mode == "batch":
        yield Deferred(
            "Real-time API",
            "a consumer needs scores less than 1 h old (now "
            f"{number(facts.staleness_ok_hours)} h), with objective and owner written down",
        )
    if mode == "both":
        yield Deferred(
            "Real-time API", f"batch has run two cycles (a cycle is one {period(facts)})"
        )
    if mode == "realtime":
        yield Deferred("Real-time API", "the model passed the gate, and the fallback answers")
    if decisions["deployment_strategy"] != "shadow_canary":
        start = "" if is_realtime(mode) else "requests are answered, and "
        yield Deferred(
            "Canary",
            f"{start}traffic and labels reach {counted(canary_cases(facts), 'case')} per arm "
            f"within {CANARY_DAYS} days",
        )
    if decisions["feature_store"] == "none":
        yield Deferred(
            "Feature store",
            "real-time aggregates must be read within 100 ms, or three models share ten features "
            f"(now {counted(facts.n_models, 'model')})",
        )


def _platform(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    if decisions["stack_orchestrator"] != "kubernetes":
        yield Deferred(
            "Kubernetes",
            "a platform owner is named, or there are five pipelines (now "
            f"{counted(facts.n_models, 'model')}, a team of {facts.team_size})",
        )
    if decisions["data_versioning"] == "zenml_artifacts":
        yield Deferred(
            "DVC, lakeFS or Delta",
            f"a snapshot passes 2 GB (now {number(facts.data_size_gb)}) or 50 GB a month, rows "
            "are changed in place, or teams branch the data",
        )
    if decisions["data_engine"] != "spark":
        yield Deferred(
            "Spark",
            f"a run scans 1 TB (now {number(facts.data_size_gb)} GB) that no warehouse can "
            "aggregate",
        )
    if decisions["stack_step_operator"] == "none":
        yield Deferred(
            "GPU or step operator",
            f"a profile shows more than 2 h on CPU in one step, on {counted(facts.rows, 'row')}",
        )


def _duties(facts: Facts, decisions: Decisions) -> Iterator[Deferred]:
    about_people = facts.use_case in ABOUT_PEOPLE
    yield Deferred(
        "Fairness suite",
        f"now, before the first decision: {facts.use_case} decides about people"
        if about_people
        else f"decisions on {facts.target} are about people",
    )
    per_decision = facts.interpretability == "per_decision"
    yield Deferred(
        "Explanations API",
        "now, before the first decision: each one owes its reasons"
        if per_decision
        else "a duty to explain each decision, or support tickets that ask why",
    )
