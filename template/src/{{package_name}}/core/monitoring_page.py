"""The page of monitoring: what was found last, and how it came to that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from matplotlib.axes import Axes

from .figures import PANEL, figure
from .intervals import Interval
from .monitoring import Monitoring
from .monitoring_alerts import Alert
from .numbers import shown
from .page import Cell, page, section, table

RUNS_SHOWN = 60


def render(name: str, history: Sequence[Monitoring], alerts: Iterable[Alert]) -> str:
    """The page for the runs of `history`, the oldest first; there is one at least."""
    last, recent = history[-1], history[-RUNS_SHOWN:]
    checks = ((check.name, check.severity or "well", check.what) for check in last.checks)
    runs = table(("as of", "version", "worst", "quality", "failing"), map(_run, reversed(recent)))
    sections = (
        f"<h1>{escape(name)}: monitoring</h1><p class='quiet'>As of {last.as_of:%Y-%m-%d %H:%M} "
        f"(UTC), model version {last.model_version}.</p>",
        _verdict(last),
        section("What was checked?", table(("check", "", "what was found"), checks)),
        _standing(alerts),
        _quality(recent),
        section("What was found before?", runs),
    )
    return page(f"{name}: monitoring", sections)


def _verdict(last: Monitoring) -> str:
    failing = ", ".join(check.name for check in last.checks if check.severity)
    if not last.worst:
        return "<section class='verdict promote'><h2>All is well</h2></section>"
    style = "refuse" if last.worst in ("SEV1", "SEV2") else "review"
    return (
        f"<section class='verdict {style}'><h2>{last.worst}</h2><p>{escape(failing)}; what to do "
        "stands in docs/runbook.md.</p></section>"
    )


def _standing(alerts: Iterable[Alert]) -> str:
    rows = [
        (alert.check, alert.severity, f"{alert.since:%Y-%m-%d %H:%M}", alert.owner or "nobody yet",
         alert.runbook)
        for alert in alerts
    ]  # fmt: skip
    if not rows:
        return ""
    return section("Which alerts stand?", table(("check", "", "since", "owner", "runbook"), rows))


def _quality(history: Sequence[Monitoring]) -> str:
    """The measured metric of each run with its interval, over that of the holdout."""
    measured = [run.performance for run in history if run.performance is not None]
    found = [one for one in measured if one.label == measured[-1].label and one.value is not None]
    if not found:
        return section("How good is it now?", "<p>No prediction's label is known yet.</p>")

    def runs(axes: Axes) -> None:
        places = np.arange(len(found))
        low, high = _bounds([one.holdout for one in found])
        axes.bar(places, high - low, 1, bottom=low, color="0.88", label="holdout")
        axes.vlines(places, *_bounds(found), alpha=0.5, linewidth=3)
        values = np.array([one.value for one in found], dtype=float)
        axes.plot(places, values, "o", label="production")
        axes.set(ylabel=found[-1].label, xlim=(-0.5, max(len(found), 6) - 0.5))
        axes.set_xticks(places, [f"{one.rows:,} rows" for one in found], rotation=60, ha="right")
        axes.legend(frameon=False)

    label = f"{found[-1].label} of each run beside the interval of the holdout"
    return section("How good is it now?", figure(label, runs, height=0.75 * PANEL))


def _bounds(measured: Sequence[Interval]) -> tuple[np.ndarray, np.ndarray]:
    """Lows and highs; a bound that is undefined lies at the value."""
    ends = [
        (
            one.value if one.low is None else one.low,
            one.value if one.high is None else one.high,
        )
        for one in measured
    ]
    low, high = np.array(ends, dtype=float).T
    return low, high


def _run(run: Monitoring) -> tuple[Cell, ...]:
    failing = ", ".join(check.name for check in run.checks if check.severity)
    quality = shown(run.performance.value) if run.performance else "unknown"
    worst = run.worst or "well"
    return (f"{run.as_of:%Y-%m-%d %H:%M}", run.model_version, worst, quality, failing)
