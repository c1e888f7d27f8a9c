"""Objections to the deployment (2E), and to what was skipped by then."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions
from ..facts import Facts, Provenance
from ..phases._deployment_plan import canary_cases, canary_sees_quality, is_realtime
from ..phases._inputs import counted, listed, number
from ..phases._pace import label_delay, load, period
from ._flag import Found, Severity, red_flag

HOLES = {"data": "data", "training": "split", "deployment": "consumer"}
"""Phases that no default can stand in for, and what skipping each leaves unsaid."""


@red_flag("RF01", Severity.justify, "skipped phases")
def skipped(decisions: Decisions) -> Found:
    """Skipping leaves {count}: {holes}. Answer those and skip the rest."""
    holes = [hole for phase, hole in HOLES.items() if phase in decisions.skipped]
    return bool(holes) and {"count": counted(len(holes), "hole"), "holes": listed(holes)}


@red_flag("RF14", Severity.justify, "deployment_mode")
def real_time_without_need(facts: Facts, deployment_mode: str, consumption: str) -> Found:
    """{old}. That is batch."""
    if deployment_mode == "batch" or deployment_mode == consumption == "both":
        return False
    given = facts.source("staleness_ok_hours") is not Provenance.assumed
    hours = facts.staleness_ok_hours
    if given and hours >= limits.F1_STALE_HOURS:
        return {"old": f"A {number(hours)}-hour-old score is fine by your own answer"}
    return consumption in {"batch", "unsure"} and {
        "old": f"Consumption is {consumption}, and nobody said that {limits.F1_STALE_HOURS} h is "
        "too old"
    }


@red_flag("RF24", Severity.justify, "deployment_strategy", "SRE", "AWS-CD")
def blind_canary(facts: Facts, deployment_strategy: str, deployment_mode: str) -> Found:
    """Your canary cannot see quality: it needs {cases} per arm within {days} days, and labels take
    {delay}. Shadow instead."""
    canary = deployment_strategy == "shadow_canary" and is_realtime(deployment_mode)
    blind = canary and not canary_sees_quality(facts)
    return blind and {
        "cases": counted(canary_cases(facts), "case"),
        "days": limits.F3_CANARY_DAYS,
        "delay": label_delay(facts),
    }


@red_flag("RF55", Severity.block, "deployment_strategy", "SRE", "AWS-CD")
def untried_in_real_time(
    facts: Facts, deployment_strategy: str, deployment_mode: str, impact: str
) -> Found:
    """At {load} and {impact} impact a swap lets an untried version answer everybody at once.
    Shadow it for a week first."""
    untried = deployment_strategy == "swap" and is_realtime(deployment_mode)
    return untried and impact == "high" and {"load": load(facts)}


@red_flag("RF57", Severity.block, "deployment_strategy")
def no_traffic_to_split(facts: Facts, deployment_strategy: str, deployment_mode: str) -> Found:
    """A batch of {rows} has no requests to shift from one version to the next. Score with both
    for one {period}, then switch."""
    split = deployment_strategy in {"shadow_full", "shadow_canary"}
    batch = not is_realtime(deployment_mode)
    return split and batch and {"rows": counted(facts.rows, "row"), "period": period(facts)}


@red_flag("RF60", Severity.block, "deployment_serving")
def service_without_requests_or_none(
    facts: Facts, deployment_serving: str, deployment_mode: str
) -> Found:
    """{mismatch}. Change how predictions are delivered, and the service follows."""
    served = deployment_serving != "none"
    if served == is_realtime(deployment_mode):
        return False
    return {
        "mismatch": f"A batch of {counted(facts.rows, 'row')} sends a service no request"
        if served
        else f"Without a service nothing answers {load(facts)} at the peak"
    }


@red_flag("RF60", Severity.block, "deployment_log")
def log_of_no_service(facts: Facts, deployment_log: str, deployment_mode: str) -> Found:
    """Only what a service answers is shipped to PostgreSQL, and a batch of {rows} has none. Its
    runs write files."""
    shipped = deployment_log == "postgres" and not is_realtime(deployment_mode)
    return shipped and {"rows": counted(facts.rows, "row")}


@red_flag("RF60", Severity.block, "deployment_strategy", "SRE")
def cycle_of_requests(facts: Facts, deployment_strategy: str, deployment_mode: str) -> Found:
    """Requests at {load} come in no cycle that could be scored twice. Shadow them for days, then
    send all to the new version."""
    cycle = deployment_strategy == "shadow" and is_realtime(deployment_mode)
    return cycle and {"load": load(facts)}


@red_flag("RF46", Severity.block, "deployment_promotion")
def unattended_promotion(deployment_promotion: str, impact: str, maturity_level: int) -> Found:
    """At level {maturity_level} with {impact} impact a person promotes. Automatic promotion is
    for level {needed} with less than high impact."""
    early = impact == "high" or maturity_level < limits.F4_AUTOMATIC_LEVEL
    return deployment_promotion == "automatic" and early and {"needed": limits.F4_AUTOMATIC_LEVEL}


@red_flag("RF39", Severity.block, "deployment_fallback", "AWS-CD")
def no_way_back(deployment_fallback: str, horizon: str, months_operated: int) -> Found:
    """After {months_operated} months in operation the first model has nothing to roll back to.
    Name the fallback."""
    first = horizon == "production" and not months_operated
    return first and deployment_fallback == "none"
