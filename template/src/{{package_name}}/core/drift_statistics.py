"""How far two samples of a column lie apart, and how surely (rule G1): NumPy and SciPy only.

Each numeric column is sorted once in the reference and once in the window; both of its
statistics come from one pass over the merged values. Other columns are counted by level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, kstwo

Floats = NDArray[np.float64]
Counts = Mapping[str, int]
"""Rows of each level; those that lack a value under `ABSENT`."""
ABSENT = ""
"""The level of rows without a value: text is never blank."""
BINS = 24
LEVELS_SHOWN = 12
ENDS = 0.005
"""Share of a sample beyond either end of its picture; it counts in the last bin."""


class Shift(NamedTuple):
    """How far a column moved, and the probability of as much by chance."""

    effect: float
    p: float


class Picture(NamedTuple):
    """Two distributions as shares of their rows, bin by bin or level by level."""

    labels: tuple[str, ...]
    reference: tuple[float, ...]
    current: tuple[float, ...]


class Numbers(NamedTuple):
    """The finite values of a numeric column in rising order, and the rows that have none."""

    values: Floats
    missing: int

    @classmethod
    def of(cls, values: Floats) -> Numbers:
        """Those of a column as it is stored: (n,) with NaN or infinity where nothing is known."""
        finite = np.sort(values[np.isfinite(values)])
        return cls(finite, values.size - finite.size)

    @property
    def presence(self) -> Counts:
        """Rows with and without a value."""
        return {ABSENT: self.missing, "present": self.values.size}


def numeric_shift(reference: Floats, current: Floats) -> Shift | None:
    """Wasserstein-1 distance in reference deviations, and Kolmogorov and Smirnov's p.

    Both arrays are sorted. Where the reference never varies, the distance is the share of
    current values that differ from it. p is two-sided and asymptotic, as in SciPy's
    `ks_2samp(method="asymp")`. None where one of them is empty.
    """
    n, m = reference.size, current.size
    if not n or not m:
        return None
    merged = np.concatenate([reference, current])
    order = np.argsort(merged, kind="stable")
    merged = merged[order]
    below = np.cumsum(order < n)[:-1]
    apart = np.abs(below / n - (np.arange(1, n + m) - below) / m)
    steps = np.diff(merged)
    statistic = min(float(apart.max(initial=0.0, where=steps > 0)), 1.0)
    deviation = float(reference.std())
    if reference[0] == reference[-1]:
        effect = float((current != reference[0]).mean())
    else:
        effect = float(apart @ steps) / deviation
    return Shift(effect, float(kstwo.sf(statistic, np.round(n * m / (n + m)))))


def level_shift(reference: Counts, current: Counts, fewest: int) -> Shift:
    """Total variation distance, and the p of χ² on the same counts.

    For χ² levels of which fewer than `fewest` cases are expected on either side are merged.
    The distance is between 0 and 1; with a single level, or an empty side, p is 1.
    """
    levels = sorted({*reference, *current})
    counts = np.array([[side.get(level, 0) for level in levels] for side in (reference, current)])
    rows = counts.sum(axis=1, keepdims=True)
    if not rows.all():
        return Shift(0.0, 1.0)
    shares = counts / rows
    effect = float(np.abs(shares[0] - shares[1]).sum() / 2)
    return Shift(effect, _chi_squared_p(_merged(counts, fewest)))


def _merged(counts: NDArray[np.int64], fewest: int) -> NDArray[np.int64]:
    """(2, levels): rare levels as one; if that one is rare too, it joins the next rarest."""
    totals = counts.sum(axis=0)
    order = np.argsort(totals, kind="stable")
    expected = totals[order] * counts.sum(axis=1).min() / counts.sum()
    rare = int((expected < fewest).sum())
    while 0 < rare < totals.size and expected[:rare].sum() < fewest:
        rare += 1
    if not rare:
        return counts
    pooled = counts[:, order[:rare]].sum(axis=1, keepdims=True)
    return np.hstack([pooled, counts[:, order[rare:]]])


def _chi_squared_p(counts: NDArray[np.int64]) -> float:
    """p of Pearson's χ² for (2, levels) counts, without a correction for continuity."""
    if counts.shape[1] < 2:
        return 1.0
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), counts.shape[1] - 1))


def numeric_picture(reference: Floats, current: Floats) -> Picture:
    """Both sorted samples in bins of one width; the label of a bin is where it begins."""
    ends = [
        side[[int(ENDS * (side.size - 1)), int((1 - ENDS) * (side.size - 1))]]
        for side in (reference, current)
        if side.size
    ]
    low, high = (min(end[0] for end in ends), max(end[1] for end in ends)) if ends else (0.0, 1.0)
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    shares = [
        np.diff([0, *np.searchsorted(side, edges[1:-1]), side.size]) / max(side.size, 1)
        for side in (reference, current)
    ]
    return Picture(
        tuple(f"{edge:.4g}" for edge in edges[:-1]),
        tuple(shares[0].tolist()),
        tuple(shares[1].tolist()),
    )


def level_picture(reference: Counts, current: Counts) -> Picture:
    """The most frequent levels of both samples, and all others together."""
    rows = [max(sum(side.values()), 1) for side in (reference, current)]
    shares = {
        level: (reference.get(level, 0) / rows[0], current.get(level, 0) / rows[1])
        for level in {*reference, *current}
    }
    levels = sorted(shares, key=lambda level: (-sum(shares[level]), level))
    drawn = [(level or "missing", *shares[level]) for level in levels[:LEVELS_SHOWN]]
    if rest := [shares[level] for level in levels[LEVELS_SHOWN:]]:
        drawn.append(("others", sum(before for before, _ in rest), sum(now for _, now in rest)))
    labels, before, now = zip(*drawn, strict=True)
    return Picture(labels, before, now)
