"""Monitoring: its settings, and what a run of it finds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, PositiveInt, computed_field

from .intervals import Interval
from .prediction_log import LoggedRun
from .yaml_model import StrictModel

ALERTS = Path("alerts/alerts.jsonl")
HISTORY, PAGE = Path("reports/monitoring.jsonl"), Path("reports/monitoring.html")
"""What a run adds to, and what it draws; relative to the project's root."""

Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4"]
"""As docs/runbook.md defines them."""
URGENT: tuple[Severity, ...] = ("SEV1", "SEV2")
"""Severities that fail the command; a scheduler sees it."""
ALERTED: tuple[Severity, ...] = ("SEV1", "SEV2", "SEV3")
"""Severities that somebody is told of; the rest are lines on the page."""
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
"""The gravest first."""


class MonitoringSettings(StrictModel):
    """The content of `configs/monitoring.yaml`."""

    owner: str = ""
    """Who is told."""
    alerts: bool = True
    """Whether `alerts/alerts.jsonl` is written, and the stack's alerter is used where it has one.
    """
    cadence_days: float | None = Field(default=None, gt=0)
    """Days between two scorings; None where the table comes once."""
    late_periods: float = Field(default=1.5, gt=0)
    missed_periods: float = Field(default=3.0, gt=0)
    """Periods since the last scoring after which it is late, and after which it was missed."""
    volume_warn: float = Field(default=0.3, gt=0)
    """Change against the usual number of rows, relative to it."""
    volume_least: float = Field(default=0.5, ge=0)
    volume_most: float = Field(default=2.0, gt=0)
    """Multiples of the usual number of rows beyond which something is broken."""
    rejected_warn: float = Field(default=0.01, ge=0, le=1)
    """Share of the rows of the last table that could not be scored."""
    window_rows: PositiveInt = 1000
    """Newest predictions that the distribution of scores and the metric are taken from."""
    distance: float = Field(default=0.1, gt=0)
    """Wasserstein distance of the scores in standard deviations of the holdout's (rule G1)."""
    significance: float = Field(default=0.01, gt=0, lt=1)
    """p of the Kolmogorov-Smirnov test, beside the distance."""
    share_distance: float = Field(default=0.1, gt=0)
    """Total variation of what is decided (rule G1)."""
    share_significance: float = Field(default=0.001, gt=0, lt=1)
    """p of the χ² test, beside it."""
    fewest_expected: PositiveInt = 5
    """Classes with fewer expected cases are merged for χ²."""
    retrain_days: PositiveInt = 90
    """Age of the champion from which it is due for retraining."""
    estimate: bool = True
    """Whether the metric is estimated from calibrated scores where labels are not there yet."""


class Check(BaseModel):
    """One thing that was looked at; `severity` is None where nothing is wrong."""

    name: str
    severity: Severity | None = None
    what: str
    """One sentence."""


class Performance(Interval):
    """The champion's primary metric on its newest predictions, beside that of the holdout."""

    metric: str
    label: str
    rows: int
    """Rows that it was measured on."""
    holdout: Interval
    judged: bool
    """Whether there are enough rows: 100, with 30 positives where the target is binary."""
    worse: bool
    """Judged, and its interval lies wholly on the worse side of the holdout's."""


class LabelIntake(BaseModel):
    """What a file of labels held; `rows` are all of its rows."""

    rows: int
    kept: int
    """Keys with a label that are now known."""
    unlabelled: int
    """Rows without a label or without a key."""
    repeated: int
    """Rows of a key that came up again: the last one counts."""
    conflicting: int
    """Keys that came up with different labels."""
    unknown: int
    """Keys of which the prediction log knows nothing."""


class Collected(BaseModel):
    """The scoring runs in the prediction log, the oldest first, and what a file of labels held."""

    model_version: int
    """The champion at that time, which the run is about."""
    runs: tuple[LoggedRun, ...]
    labels: LabelIntake | None


class Health(BaseModel):
    """What was looked at without a label."""

    checks: tuple[Check, ...]


class Quality(BaseModel):
    """The metric with labels, None where none are known, and as calibrated scores let expect it."""

    performance: Performance | None
    estimate: Performance | None


class Monitoring(BaseModel):
    """What one run of monitoring found."""

    as_of: datetime
    model_version: int
    checks: tuple[Check, ...]
    labels: LabelIntake | None
    performance: Performance | None
    estimate: Performance | None
    """It cannot see a change of the target given the features."""
    raised: int
    """Alerts that this run raised."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def worst(self) -> Severity | None:
        """The gravest severity found."""
        found = {check.severity for check in self.checks}
        return next((severity for severity in SEVERITIES if severity in found), None)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def breach(self) -> bool:
        """Whether labels show that quality fell below that of the holdout."""
        return self.performance is not None and self.performance.worse
