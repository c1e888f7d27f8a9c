"""Bootstrap intervals (rule E9): by row, by entity, or by week."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from .contract import Contract
from .metrics import Floats, Metric, Predictions, Truth
from .numbers import with_bounds
from .settings import IntervalSettings

CELLS = 2_000_000
"""Weights held in memory at a time, as resamples * rows."""
WORK = 100_000_000
"""Weights drawn in all: a larger holdout gets fewer resamples, down to `FEWEST`."""
FEWEST = 200
FEWEST_UNITS = 5
WEEK = np.timedelta64(7, "D")
Kind = Literal["rows", "entities", "weeks"]


class Interval(BaseModel):
    """A value with its interval; None where it is undefined on these rows."""

    value: float | None
    low: float | None
    high: float | None


class Gain(Interval):
    """A model's gain over a reference on the same rows, in the metric's unit; above 0 is better."""

    relative: float | None
    """Gain as a share of the reference's metric; None where that is 0 or undefined."""
    standard_error: float | None
    rows: int

    def proven(self, minimum: float) -> bool:
        """Rule E10: the lower bound is above 0, and the relative gain at least `minimum`."""
        if self.low is None or self.low <= 0:
            return False
        return self.relative is None or self.relative >= minimum


@dataclass(frozen=True)
class Resampling:
    """Bootstrap draws of n rows, in whole units: rows, entities or weeks."""

    units: NDArray[np.int64]
    """(n,): the unit of each row, from 0."""
    kind: Kind
    resamples: int
    level: float
    seed: int

    def of(self, rows: NDArray[np.bool_]) -> Resampling:
        """The same resampling of some of the rows; by row where they lie in too few units."""
        units = np.unique(self.units[rows], return_inverse=True)[1]
        kind, units = _enough(self.kind, units)
        return replace(self, kind=kind, units=units.astype(np.int64))

    def weights(self) -> Iterator[Floats]:
        """How often each row is drawn, (b, n) at a time, `resamples` in all; same at each call."""
        random = np.random.default_rng(self.seed)
        count = int(self.units.max()) + 1
        size = max(1, CELLS // max(self.units.size, count))
        for start in range(0, self.resamples, size):
            batch = min(size, self.resamples - start)
            drawn = random.integers(count, size=(batch, count))
            drawn += np.arange(batch)[:, None] * count
            times = np.bincount(drawn.ravel(), minlength=batch * count).reshape(batch, count)
            yield (times if self.kind == "rows" else times[:, self.units]).astype(float)

    def draws(self, *statistics: Callable[[Floats], Floats]) -> Floats:
        """(len(statistics), resamples): each statistic on the very same resamples."""
        return np.hstack(
            [np.stack([statistic(w) for statistic in statistics]) for w in self.weights()]
        )

    def interval(self, value: float, draws: Floats) -> Interval:
        """The percentile interval of `draws` around `value`."""
        low, high = self._bounds(draws)
        return Interval(value=_finite(value), low=low, high=high)

    def gain(self, metric: Metric, values: tuple[float, float], draws: Floats) -> Gain:
        """The paired gain of a model over a reference, from their values and (2, b) draws."""
        gain = metric.gain(*values)
        differences = metric.gain(draws[0], draws[1])
        low, high = self._bounds(differences)
        relative = gain / abs(values[1]) if values[1] else float("nan")
        return Gain(
            value=_finite(gain),
            low=low,
            high=high,
            relative=_finite(relative),
            standard_error=_finite(_deviation(differences)),
            rows=self.units.size,
        )

    def _bounds(self, draws: Floats) -> tuple[float | None, float | None]:
        defined = draws[np.isfinite(draws)]
        if defined.size < draws.size / 2:
            return None, None
        tail = (1 - self.level) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return float(low), float(high)


def make_resampling(
    frame: pd.DataFrame, contract: Contract, settings: IntervalSettings, seed: int
) -> Resampling:
    """The resampling of `frame`'s rows as the settings ask.

    Falls back to rows where there are fewer than five entities or weeks: an interval from so few
    would say nothing.
    """
    kind: Kind = "rows"
    units = np.arange(len(frame))
    if settings.method == "cluster_bootstrap" and contract.entity_key:
        kind, units = "entities", pd.factorize(frame[contract.entity_key], use_na_sentinel=False)[0]
    elif settings.method == "block_bootstrap" and contract.event_time:
        times = frame[contract.event_time].to_numpy("datetime64[s]")
        kind, units = "weeks", pd.factorize((times - times.min()) // WEEK)[0]
    kind, units = _enough(kind, units)
    affordable = max(FEWEST, WORK // max(len(frame), 1))
    return Resampling(
        units=units.astype(np.int64),
        kind=kind,
        resamples=min(settings.resamples, affordable),
        level=settings.level,
        seed=seed,
    )


def _enough(kind: Kind, units: NDArray[np.int64]) -> tuple[Kind, NDArray[np.int64]]:
    few = kind != "rows" and units.max() + 1 < FEWEST_UNITS
    return ("rows", np.arange(units.size)) if few else (kind, units)


def paired_gain(
    metric: Metric,
    truth: Truth,
    model: Predictions,
    reference: Predictions,
    resampling: Resampling,
) -> Gain:
    """The gain of `model` over `reference` on the same rows and the same resamples."""
    values = (metric.value(truth, model), metric.value(truth, reference))
    draws = resampling.draws(metric.bind(truth, model), metric.bind(truth, reference))
    return resampling.gain(metric, values, draws)


def with_interval(measured: Interval) -> str:
    """A measured value for people: 0.404 [0.377, 0.433]."""
    return with_bounds(measured.value, measured.low, measured.high)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _deviation(draws: Floats) -> float:
    defined = draws[np.isfinite(draws)]
    return float(defined.std(ddof=1)) if defined.size > 1 else float("nan")
