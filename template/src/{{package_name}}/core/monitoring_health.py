"""What can be said of the champion's health without a label."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

import numpy as np
import pandas as pd

from .drift_statistics import Counts, Shift, level_shift, numeric_shift
from .errors import ProjectError
from .evaluation import Evaluation
from .gates import GateReport, span
from .holdout import Holdout
from .intervals import with_interval
from .monitoring import Check, MonitoringSettings, Performance, Severity
from .prediction_log import LoggedRun
from .slices import FEWEST_ROWS

FEWEST_RUNS = 3
"""Earlier scorings that it takes to say what is usual."""
FINDINGS_SHOWN = 3


def refuse_past(runs: Sequence[LoggedRun], now: datetime) -> None:
    """Raises ProjectError where nothing was scored, or something after `now`."""
    if not runs:
        raise ProjectError("Nothing was scored yet, so there is nothing to monitor: score first.")
    if runs[-1].scored_at > now:
        raise ProjectError(
            f"The clock says {now:%Y-%m-%d %H:%M} (UTC), and the last scoring was at "
            f"{runs[-1].scored_at:%Y-%m-%d %H:%M}: correct the machine's clock, or --as-of."
        )


def freshness(runs: Sequence[LoggedRun], now: datetime, settings: MonitoringSettings) -> Check:
    """Time since the last scoring, in periods."""
    age = (now - runs[-1].scored_at) / timedelta(days=1)
    what = f"The last scoring is {span(age)} old"
    if settings.cadence_days is None:
        return Check(name="freshness", what=f"{what}; no cadence was decided.")
    periods = age / settings.cadence_days
    severity: Severity | None = None
    if periods > settings.missed_periods:
        severity = "SEV2"
    elif periods > settings.late_periods:
        severity = "SEV3"
    what = f"{what}; one is due every {span(settings.cadence_days)}."
    return Check(name="freshness", severity=severity, what=what)


def volume(runs: Sequence[LoggedRun], settings: MonitoringSettings) -> Check:
    """Rows of the last scoring against the median of those before."""
    rows = [run.rows + run.rejected for run in runs]
    *before, last = rows
    what = f"The last table had {last:,} rows"
    if len(before) < FEWEST_RUNS:
        return Check(name="volume", what=f"{what}; too few scorings came before to compare with.")
    usual = median(before)
    severity: Severity | None = None
    if not settings.volume_least <= last / usual <= settings.volume_most:
        severity = "SEV3"
    elif abs(last / usual - 1) > settings.volume_warn:
        severity = "SEV4"
    what = f"{what}, {last / usual - 1:+.0%} against the usual {usual:,.0f}."
    return Check(name="volume", severity=severity, what=what)


def rejected(runs: Sequence[LoggedRun], settings: MonitoringSettings) -> Check:
    """Share of the last table that could not be scored."""
    run = runs[-1]
    rows = run.rows + run.rejected
    share = run.rejected / rows
    severity: Severity | None = "SEV4" if share > settings.rejected_warn else None
    what = f"{run.rejected:,} of the last {rows:,} rows could not be scored ({share:.1%})."
    return Check(name="rejected rows", severity=severity, what=what)


def values(report: GateReport | None) -> Check:
    """Missing values and ranges of the last table, from its gate report."""
    if report is None or not report.findings:
        return Check(name="values", what="Missing values, ranges and levels are as agreed.")
    severity: Severity = "SEV3" if report.failures else "SEV4"
    shown = " ".join(finding.message for finding in report.findings[:FINDINGS_SHOWN])
    more = len(report.findings) - FINDINGS_SHOWN
    tail = f" And {more} more." if more > 0 else ""
    return Check(name="values", severity=severity, what=shown + tail)


def scores(
    rows: pd.DataFrame, evaluation: Evaluation, holdout: Holdout, settings: MonitoringSettings
) -> Check:
    """Scores of the newest predictions against those of the holdout: two keys (rule G1)."""
    name = "score distribution"
    if len(rows) < FEWEST_ROWS:
        what = f"The champion has scored {len(rows):,} rows: too few to compare scores."
        return Check(name=name, what=what)
    if evaluation.problem_type == "multiclass":
        counts = {str(label): int(n) for label, n in rows["prediction"].value_counts().items()}
        return _shares(name, evaluation, counts, settings)
    column = "score" if evaluation.problem_type == "binary" else "prediction"
    current = np.sort(rows[column].to_numpy(dtype=float))
    distance, p = numeric_shift(np.sort(holdout.model.score), current) or Shift(0.0, 1.0)
    moved = distance >= settings.distance and p < settings.significance
    what = (
        f"The newest {len(rows):,} scores lie {distance:.2f} standard deviations from those of "
        f"the holdout (Kolmogorov-Smirnov p {p:.2g})."
    )
    return Check(name=name, severity="SEV3" if moved else None, what=what)


def acted(
    rows: pd.DataFrame, evaluation: Evaluation, settings: MonitoringSettings
) -> tuple[Check, ...]:
    """Share of rows acted on against that of the holdout; nothing where nothing is decided."""
    if "decision" not in rows or len(rows) < FEWEST_ROWS:
        return ()
    acted = int(rows["decision"].sum())
    counts = dict(zip(evaluation.classes, (len(rows) - acted, acted), strict=True))
    return (_shares("share acted on", evaluation, counts, settings),)


def age(trained_at: datetime, now: datetime, settings: MonitoringSettings) -> Check:
    """Age of the champion against the interval of retraining."""
    days = (now - trained_at) / timedelta(days=1)
    severity: Severity | None = "SEV4" if days > settings.retrain_days else None
    what = f"The champion is {span(days)} old; retraining is due at {settings.retrain_days} days."
    return Check(name="model age", severity=severity, what=what)


def quality(performance: Performance | None, estimate: Performance | None) -> tuple[Check, ...]:
    """The metric with labels, and what is expected without."""
    found = []
    if performance is None:
        what = "No label is known of rows that the champion scored and was not trained on."
        found.append(Check(name="quality", what=what))
    else:
        worse = performance.worse
        found.append(_measured("quality", "SEV2" if worse else None, performance))
    if estimate is not None:
        worse = estimate.worse
        found.append(_measured("estimated quality", "SEV3" if worse else None, estimate))
    return tuple(found)


def _shares(
    name: str, evaluation: Evaluation, counts: Counts, settings: MonitoringSettings
) -> Check:
    """Rows by predicted class against what the model said of the holdout."""
    said = np.array(evaluation.confusion).sum(axis=0).tolist()
    reference = dict(zip(evaluation.classes, said, strict=True))
    distance, p = level_shift(reference, counts, settings.fewest_expected)
    moved = distance >= settings.share_distance and p < settings.share_significance
    if evaluation.problem_type == "binary":
        positive = evaluation.classes[1]
        shown = f"{counts[positive] / sum(counts.values()):.1%} of the newest rows are acted on, "
        shown += f"{reference[positive] / sum(said):.1%} of the holdout were"
    else:
        shown = f"The classes predicted moved by {distance:.1%} against the holdout"
    return Check(name=name, severity="SEV3" if moved else None, what=f"{shown} (χ² p {p:.2g}).")


def _measured(name: str, severity: Severity | None, found: Performance) -> Check:
    how = "expected of" if name.startswith("estimated") else "measured on"
    judged = "" if found.judged else "; too few to judge"
    what = (
        f"{found.label} {with_interval(found)}, {how} {found.rows:,} rows{judged}; the holdout had "
        f"{with_interval(found.holdout)}."
    )
    return Check(name=name, severity=severity, what=what)
