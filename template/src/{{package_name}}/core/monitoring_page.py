"""The page of monitoring: what was found last, and how it came to that. One file, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .intervals import shown
from .monitoring import Check, Monitoring, Performance
from .monitoring_alerts import Alert

WIDTH, HEIGHT, MARGIN = 720, 180, 30
RUNS_SHOWN = 60
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color-scheme: light dark; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884;
  vertical-align: top; }
.SEV1, .SEV2 { color: #c62828; font-weight: 600; } .SEV3 { color: #b26a00; font-weight: 600; }
.SEV4 { color: #8a7a00; }
svg { width: 100%; height: auto; }
"""


def render(name: str, history: Sequence[Monitoring], alerts: Iterable[Alert]) -> str:
    """The page for the runs of `history`, the oldest first; there is one at least."""
    last = history[-1]
    recent = history[-RUNS_SHOWN:]
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(name)}</title>"
        f"<style>{STYLE}</style><h1>Monitoring of {escape(name)}</h1>"
        f"<p>As of {last.as_of:%Y-%m-%d %H:%M} (UTC), model version {last.model_version}.</p>"
        + _table(("check", "", "what was found"), map(_check, last.checks))
        + _standing(alerts)
        + _quality(recent)
        + "<h2>History</h2>"
        + _table(("as of", "version", "worst", "quality", "failing"), map(_run, reversed(recent)))
        + "</html>"
    )


def _check(check: Check) -> tuple[str, str, str]:
    return escape(check.name), _severity(check.severity), escape(check.what)


def _standing(alerts: Iterable[Alert]) -> str:
    rows = [
        (_severity(alert.severity), escape(alert.check), f"{alert.since:%Y-%m-%d %H:%M}",
         escape(alert.owner or "nobody yet"), escape(alert.runbook))
        for alert in alerts
    ]  # fmt: skip
    if not rows:
        return "<h2>Alerts</h2><p>None stands.</p>"
    return "<h2>Alerts that stand</h2>" + _table(("", "check", "since", "owner", "runbook"), rows)


def _quality(history: Sequence[Monitoring]) -> str:
    """The measured metric of each run with its interval, over that of the holdout."""
    measured = [run.performance for run in history if run.performance is not None]
    if not measured:
        return "<h2>Quality</h2><p>No label of the champion's predictions is known yet.</p>"
    label = measured[-1].label
    found = [one for one in measured if one.label == label]
    return f"<h2>Quality: {escape(label)}, measured with labels</h2>{_chart(found, label)}"


def _chart(found: Sequence[Performance], label: str) -> str:
    bounds = [
        bound
        for one in found
        for bound in (one.value, one.low, one.high, one.holdout.low, one.holdout.high)
        if bound is not None
    ]
    low, high = min(bounds, default=0.0), max(bounds, default=1.0)
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN)

    step = (WIDTH - 2 * MARGIN) / max(len(found), 1)
    parts = []
    for place, one in enumerate(found):
        x = MARGIN + step * (place + 0.5)
        if one.holdout.low is not None and one.holdout.high is not None:
            parts.append(
                f'<rect x="{x - step / 2:.1f}" width="{step:.1f}" y="{y(one.holdout.high):.1f}" '
                f'height="{y(one.holdout.low) - y(one.holdout.high):.1f}" fill="#8883"/>'
            )
        if one.low is not None and one.high is not None:
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y(one.low):.1f}" y2="{y(one.high):.1f}" '
                'stroke="currentColor" stroke-opacity=".5" stroke-width="3"/>'
            )
        if one.value is not None:
            colour = "#c62828" if one.worse else "currentColor"
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y(one.value):.1f}" r="4" fill="{colour}">'
                f"<title>{one.rows:,} rows: {shown(one.value)}</title></circle>"
            )
    parts += [
        f'<text x="0" y="{y(end) + 4:.1f}" font-size="11" fill="currentColor">{shown(end)}</text>'
        for end in (low, high)
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)} by run">'
        f"{''.join(parts)}</svg><p>Grey: the interval of the holdout.</p>"
    )


def _run(run: Monitoring) -> tuple[str, ...]:
    failing = ", ".join(check.name for check in run.checks if check.severity)
    quality = shown(run.performance.value) if run.performance else "unknown"
    worst = _severity(run.worst)
    return (f"{run.as_of:%Y-%m-%d %H:%M}", str(run.model_version), worst, quality, escape(failing))


def _severity(severity: str | None) -> str:
    return f"<span class='{severity}'>{severity}</span>" if severity else "well"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
