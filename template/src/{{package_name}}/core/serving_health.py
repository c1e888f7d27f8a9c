"""What monitoring looks at where requests are answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from .monitoring import Check, Severity
from .prediction_log import LoggedRun
from .serving_log import MILLISECONDS
from .serving_settings import ServingSettings
from .slices import FEWEST_ROWS


def known_by(now: datetime, runs: Sequence[LoggedRun]) -> list[LoggedRun]:
    """All but what the service answered since: it goes on while monitoring runs."""
    return [run for run in runs if run.source == "table" or run.scored_at <= now]


def checks(
    runs: Sequence[LoggedRun], newest: pd.DataFrame, settings: ServingSettings, now: datetime
) -> tuple[Check, ...]:
    """All of it; `newest` are the newest predictions, of tables and requests alike."""
    served = [run for run in runs if run.source == "service"]
    return _traffic(served, now), _latency(newest, settings)


def _traffic(runs: Sequence[LoggedRun], now: datetime) -> Check:
    """What was answered, and when last; how much is usual depends on who asks."""
    if not runs:
        return Check(name="requests", what="The service has answered nothing yet.")
    rows = sum(run.rows for run in runs)
    hours = (now - runs[-1].scored_at).total_seconds() / 3600
    what = f"The service answered about {rows:,} rows so far, the last {hours:.1f} hours ago."
    return Check(name="requests", what=what)


def _latency(rows: pd.DataFrame, settings: ServingSettings) -> Check:
    """The 99th percentile of the time to a prediction, of the newest ones, within the service."""
    name = "latency"
    times = rows.get(MILLISECONDS, pd.Series(dtype=float)).dropna()
    if len(times) < FEWEST_ROWS:
        return Check(name=name, what="Too few requests were answered to judge their latency.")
    slowest = float(times.quantile(0.99))
    what = f"99 of 100 of the newest {len(times):,} answers took at most {slowest:.3g} ms inside"
    if settings.latency_ms is None:
        return Check(name=name, what=f"{what}; no budget was stated.")
    severity: Severity | None = "SEV3" if slowest > settings.latency_ms else None
    return Check(name=name, severity=severity, what=f"{what}; {settings.latency_ms:g} are allowed.")
