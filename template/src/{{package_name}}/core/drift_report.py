"""The report on one window: one HTML page that needs no other file."""

from __future__ import annotations

from html import escape

import numpy as np
from matplotlib.axes import Axes

from .drift import ColumnDrift, Compared, DriftFinding, Verdict
from .drift_statistics import Picture
from .figures import PANEL, figure
from .numbers import shown
from .page import Cell, page, section, table

FILE = "reports/drift.html"
"""Relative to the project's root; the last run's is kept."""
LOOKS: dict[Verdict, tuple[str, str]] = {
    "too small": ("review", "Too small to judge"),
    "silent": ("promote", "No drift"),
    "flagged": ("review", "Flagged: something drifted"),
    "alarm": ("refuse", "Alarm: drift goes on"),
}
"""The style and the heading of each verdict."""


def render(title: str, finding: DriftFinding, compared: Compared) -> str:
    """The whole page: the verdict, each column, and both distributions of those to look at."""
    sections = (
        _opening(title, finding),
        _verdict(finding),
        _columns(finding),
        *(
            _drawing(column, picture)
            for column, picture in zip(compared.columns, compared.pictures, strict=True)
            if column.part == "score" or column.drifted
        ),
    )
    return page(f"{title}: drift report", sections)


def _opening(title: str, finding: DriftFinding) -> str:
    return (
        f"<h1>{escape(title)}: drift</h1><p class='quiet'>{finding.rows:,} rows of "
        f"{escape(finding.source)} (snapshot {finding.snapshot[:12]}) beside the rows that model "
        f"version {finding.model_version} was trained on; the score beside that on its holdout.</p>"
    )


def _verdict(finding: DriftFinding) -> str:
    style, heading = LOOKS[finding.verdict]
    said = escape(finding.said)
    return f"<section class='verdict {style}'><h2>{heading}</h2><p>{said}</p></section>"


def _columns(finding: DriftFinding) -> str:
    if not finding.columns:
        return ""
    names = ("column", "part", "effect", "significance", "missing", "drift")
    note = (
        "Effect: Wasserstein distance in reference deviations (numeric) or total variation "
        "(categorical). Significance: q of Kolmogorov and Smirnov after Benjamini and Hochberg, or "
        "p of χ². Drift needs both; the limits are in configs/drift_detection.yaml."
    )
    return section("What moved?", table(names, map(_row, finding.columns), caption=note))


def _row(column: ColumnDrift) -> tuple[Cell, ...]:
    missing = f"{column.missing_reference:.1%}, now {column.missing_current:.1%}"
    numbers = shown(column.effect), shown(column.significance)
    return (column.name, column.part, *numbers, missing, column.why or "no")


def _drawing(column: ColumnDrift, picture: Picture) -> str:
    """Both distributions as shares of their rows, bin by bin or level by level."""

    def bars(axes: Axes) -> None:
        places = np.arange(len(picture.labels))
        axes.bar(places - 0.2, picture.reference, 0.4, label="reference", color="0.7")
        axes.bar(places + 0.2, picture.current, 0.4, label="window")
        axes.set_xticks(places, [label[:20] for label in picture.labels], rotation=60, ha="right")
        axes.set(ylabel="share of rows")
        axes.legend(frameon=False)

    told = f"<p>{escape(column.why)}</p>" if column.why else ""
    label = f"{column.name} in the reference and in the window"
    return section(escape(column.name), told, figure(label, bars, height=0.75 * PANEL))
