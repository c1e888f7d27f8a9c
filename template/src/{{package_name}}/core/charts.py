"""Small drawings as inline SVG: intervals on one axis, calibration, two distributions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .evaluation import CalibrationBin, Evaluation
from .intervals import Interval

WIDTH, LEFT, LINE = 640, 130, 30
SIDE, MARGIN = 260, 40
BARS, BELOW = 160, 70


def interval_chart(evaluation: Evaluation) -> str:
    """The primary metric of model, baseline and dummy, each as a dot on its interval."""
    primary = evaluation.primary
    marks: dict[str, Interval] = {
        evaluation.family: primary.model,
        evaluation.baseline: primary.baseline,
        "dummy": primary.dummy,
    }
    drawn = [(name, *_ends(mark)) for name, mark in marks.items() if mark.value is not None]
    if not drawn:
        return ""
    low = min(least for _, _, least, _ in drawn)
    span = max(most for _, _, _, most in drawn) - low or 1.0

    def place(value: float) -> float:
        return LEFT + (value - low) / span * (WIDTH - LEFT - 70)

    parts = []
    for line, (name, value, least, most) in enumerate(drawn):
        y = LINE * line + LINE / 2
        parts.append(
            f'<text x="0" y="{y + 4}" fill="currentColor">{escape(name)}</text>'
            f'<line x1="{place(least):.1f}" x2="{place(most):.1f}" y1="{y}" y2="{y}" '
            'stroke="var(--mark)" stroke-width="4" stroke-opacity=".4"/>'
            f'<circle cx="{place(value):.1f}" cy="{y}" r="5" fill="var(--mark)"/>'
            f'<text x="{place(most) + 10:.1f}" y="{y + 4}" fill="currentColor">{value:,.4g}</text>'
        )
    height = LINE * len(drawn)
    return _svg(WIDTH, height, f"{primary.label} with intervals", parts)


def _ends(mark: Interval) -> tuple[float, float, float]:
    """Value, low and high; a bound that is undefined is drawn at the value."""
    value = mark.value or 0.0
    return value, value if mark.low is None else mark.low, value if mark.high is None else mark.high


def calibration_chart(bins: Sequence[CalibrationBin]) -> str:
    """Mean score of each bin (x) against the share of positives in it (y)."""
    whole = SIDE + 2 * MARGIN
    bottom = MARGIN + SIDE
    top = max(max(one.predicted, one.observed) for one in bins) * 1.05 or 1.0
    parts = [
        f'<path d="M{MARGIN} {MARGIN}V{bottom}H{bottom}" fill="none" stroke="var(--quiet)"/>',
        f'<line x1="{MARGIN}" y1="{bottom}" x2="{bottom}" y2="{MARGIN}" stroke="var(--quiet)" '
        'stroke-dasharray="4 4"/>',
        f'<text x="{bottom}" y="{bottom + 18}" text-anchor="end" fill="currentColor">'
        f"mean score, to {top:.0%}</text>",
        f'<text x="{MARGIN}" y="{MARGIN - 10}" fill="currentColor">came true</text>',
    ]
    parts += [
        f'<circle cx="{MARGIN + one.predicted / top * SIDE:.1f}" '
        f'cy="{bottom - one.observed / top * SIDE:.1f}" r="4" fill="var(--mark)">'
        f"<title>{one.rows:,} rows: {one.predicted:.1%} predicted, {one.observed:.1%} came true"
        "</title></circle>"
        for one in bins
    ]
    return _svg(whole, whole, "calibration on the holdout", parts)


def distribution_chart(
    name: str, labels: Sequence[str], reference: Sequence[float], current: Sequence[float]
) -> str:
    """Shares of two samples side by side for each label: the reference pale, the current full."""
    top = max(*reference, *current) or 1.0
    step = (WIDTH - 2 * MARGIN) / len(labels)
    parts = [f'<path d="M{MARGIN} {BARS}H{WIDTH - MARGIN}" stroke="var(--quiet)"/>']
    for place, (label, before, now) in enumerate(zip(labels, reference, current, strict=True)):
        x = MARGIN + place * step
        parts += [
            f'<rect x="{x + side * step * 0.42:.1f}" y="{BARS * (1 - share / top):.1f}" '
            f'width="{step * 0.4:.1f}" height="{BARS * share / top:.1f}" {look}>'
            f"<title>{escape(label)}: {share:.1%} {whose}</title></rect>"
            for side, share, whose, look in (
                (0, before, "of the reference", 'fill="var(--quiet)" fill-opacity=".55"'),
                (1, now, "of the window", 'fill="var(--mark)"'),
            )
        ]
        parts.append(
            f'<text transform="translate({x + step / 2:.1f} {BARS + 14}) rotate(35)" '
            f'fill="currentColor">{escape(label[:14])}</text>'
        )
    return _svg(WIDTH, BARS + BELOW, f"{name} in the reference and in the window", parts)


def _svg(width: int, height: int, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
