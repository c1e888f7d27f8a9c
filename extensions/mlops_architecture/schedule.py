"""When the pipelines run by themselves: the content of `schedules/` and of the CI's schedule."""

from __future__ import annotations

from .decision import Decisions
from .design import Design

_TIMES = {
    "monthly": "0 6 1 * *",
    "weekly": "0 6 * * 1",
    "daily": "0 6 * * *",
    "hourly": "5 * * * *",
    "continuous": "5 * * * *",
}
"""When a period's table is there, as cron writes it, in UTC."""
COMMANDS = ("score", "drift", "monitor", "retrain")
"""What one period asks for, in order; each runs whatever became of the one before."""


def is_watched(decisions: Decisions) -> bool:
    """Whether the project holds drift detection, monitoring and retraining (rule G13)."""
    return "monitoring" not in decisions.skipped and decisions["monitoring_drift"] != "none"


def starter(design: Design) -> str:
    """What starts the pipelines: `cron`, `github`, `gitlab`, or empty where a person does.

    Only what the template writes a file for counts.
    """
    if design.facts.data_cadence not in _TIMES or not commands(design):
        return ""
    decided = design["stack_scheduler"]
    if decided == "ci":
        return "" if design.facts.ci == "none" else design.facts.ci
    return "cron" if decided == "cron" else ""


def commands(design: Design) -> tuple[str, ...]:
    """What one period asks for, in order, of what the project holds."""
    if is_watched(design.decisions):
        return COMMANDS
    return () if design["deployment_mode"] == "realtime" else COMMANDS[:1]


def cron(design: Design) -> str:
    """The times of one run each period as cron writes them."""
    return _TIMES[design.facts.data_cadence]
