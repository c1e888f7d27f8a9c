"""Objections to monitoring, drift and retraining (2F)."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ..phases._inputs import counted, percent
from ..phases._monitoring_plan import watched_features
from ..phases._monitoring_retraining import LONGEST_INTERVAL
from ..phases._monitoring_watch import CHANGES_ITS_LABELS, changes_its_labels
from ..phases._pace import every, label_delay
from ._flag import Found, Severity, red_flag


@red_flag("RF03", Severity.justify, "monitoring_retrain_days")
def real_time_retraining(facts: Facts, monitoring_retrain_days: int) -> Found:
    """Labels arrive after {delay}; retraining within the day re-learns the same rows. Show a
    backtest where it wins."""
    return monitoring_retrain_days < 1 and {"delay": label_delay(facts)}


@red_flag("RF26", Severity.block, "monitoring_retrain_days", "MLTS", "RULES")
def retraining_before_labels(facts: Facts, monitoring_retrain_days: int) -> Found:
    """New labels take {delay}; retraining {sooner} changes nothing."""
    sooner = max(monitoring_retrain_days, 1) < facts.label_delay_days
    return (
        sooner
        and monitoring_retrain_days < LONGEST_INTERVAL
        and {
            "delay": label_delay(facts),
            "sooner": every(monitoring_retrain_days),
        }
    )


@red_flag("RF25", Severity.block, "monitoring_trigger")
def drift_promotes_with_high_impact(monitoring_trigger: str, impact: str) -> Found:
    """Drift says inputs moved, not that the new model is better: with {impact} impact a person
    looks first."""
    return monitoring_trigger == "drift" and impact == "high"


@red_flag("RF25", Severity.justify, "monitoring_trigger")
def drift_promotes(facts: Facts, monitoring_trigger: str, impact: str) -> Found:
    """Drift says inputs moved, not that the new model is better: that shows after {delay}."""
    lower = monitoring_trigger == "drift" and impact != "high"
    return lower and {"delay": label_delay(facts)}


@red_flag("RF21", Severity.block, "monitoring_alerts", "SRE")
def unowned_alerts(monitoring_alerts: str, owner: str) -> Found:
    """No owner, no alert. Until a name is given these are lines in a report."""
    return monitoring_alerts == "slack" and not owner


@red_flag("RF22", Severity.justify, "monitoring_drift", "YURD", "EVID")
def alert_flood(facts: Facts, monitoring_drift: str) -> Found:
    """{tests} at {alone} ring in {share} of all runs with nothing wrong. Ask for size and
    significance together."""
    tests = watched_features(facts)
    flood = monitoring_drift == "library_defaults" and tests > limits.G9_FEATURE_ALERTS
    return flood and {
        "tests": counted(tests, "test"),
        "alone": percent(limits.G1_NAIVE_P),
        "share": percent(1 - (1 - limits.G1_NAIVE_P) ** tests),
    }


@red_flag("RF23", Severity.warn, "monitoring_drift", "EVID")
def default_thresholds(monitoring_drift: str, monitoring_window_rows: int) -> Found:
    """With {monitoring_window_rows} rows a library's defaults flag {least} to {most} of columns
    that did not move."""
    few = monitoring_window_rows < limits.G1_LIBRARY_ROWS
    return (
        monitoring_drift == "library_defaults"
        and few
        and {
            "least": percent(limits.G1_LEAST_LIBRARY_FLAGGED),
            "most": percent(limits.G1_MOST_LIBRARY_FLAGGED),
        }
    )


@red_flag("RF34", Severity.justify, "monitoring_exploration", "SCULLEY")
def feedback_loop(facts: Facts, monitoring_exploration: str) -> Found:
    """You only learn about cases you let through: {why}. Keep {least} to {most} random."""
    loop = changes_its_labels(facts) and monitoring_exploration == "none"
    return loop and {
        "why": CHANGES_ITS_LABELS[facts.use_case],
        "least": percent(limits.RF34_LEAST_SHARE),
        "most": percent(limits.RF34_MOST_SHARE),
    }


@red_flag("RF53", Severity.justify, "monitoring_plan", "MLTS")
def unwatched(facts: Facts, decisions: Decisions, horizon: str) -> Found:
    """In production a fall in quality would stay unseen for {delay} and longer. Say who looks,
    and when."""
    blind = horizon == "production" and "monitoring" in decisions.skipped
    return blind and {"delay": label_delay(facts)}
