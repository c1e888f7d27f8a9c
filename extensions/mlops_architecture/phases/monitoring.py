"""2F, monitoring and drift: tests, windows, performance, alerts, retraining, incidents."""

from __future__ import annotations

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _monitoring_retraining as retraining
from . import _monitoring_watch as watch
from ._monitoring_plan import (
    Postponed,
    Severity,
    add_monitoring_when,
    alert_policy,
    drift_plan,
    incident_severities,
    postponed,
    quality_plan,
    retrain_interval_days,
    retraining_plan,
    runbook,
)

__all__ = [
    "OPTIONS",
    "Postponed",
    "Severity",
    "add_monitoring_when",
    "alert_policy",
    "drift_plan",
    "incident_severities",
    "postponed",
    "propose",
    "quality_plan",
    "retrain_interval_days",
    "retraining_plan",
    "runbook",
]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "monitoring_drift": watch.DRIFT,
    "monitoring_window_rows": watch.WINDOW_ROWS,
    "monitoring_performance": watch.PERFORMANCE,
    "monitoring_exploration": watch.EXPLORATION,
    "monitoring_alerts": watch.ALERTS,
    "monitoring_retrain_days": retraining.RETRAIN_DAYS,
    "monitoring_trigger": retraining.TRIGGER,
    "monitoring_incidents": retraining.INCIDENTS,
}


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2F."""
    return (
        watch.drift(facts),
        watch.window_rows(facts),
        watch.performance(facts, earlier),
        watch.exploration(facts),
        watch.alerts(facts),
        retraining.retrain_days(facts),
        retraining.trigger(facts, earlier),
        retraining.incidents(facts, earlier),
    )
