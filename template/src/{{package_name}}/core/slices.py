"""Segments in which a model may do worse than on the whole (rule E11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from .contract import Column, Contract
from .intervals import Gain, Interval, Resampling
from .metrics import Metric, Predictions, Truth

FEWEST_ROWS = 100
FEWEST_POSITIVES = 30
SEGMENT_COLUMNS = 3
GROUP_VALUES, QUARTERS = 10, 4
"""Numbers or times with more values than that group people by quarters of the rows."""
UNBOUNDED = ("expected_cost", "log_loss", "mae", "rmse", "wape", "pinball")
"""Metrics that are no share of 1: a loss in a slice is taken relative to the reference."""
TOLERANCE = 0.05

Mask = NDArray[np.bool_]


class Slice(BaseModel):
    """The primary metric on some rows of the holdout, and the paired gain over a reference."""

    name: str
    rows: int
    model: Interval
    reference: float | None
    gain: Gain

    def worse(self, metric_name: str) -> bool:
        """Worse by more than 5 points (5 % where the metric is no share), beyond its interval."""
        loss = self.gain.relative if metric_name in UNBOUNDED else self.gain.value
        if loss is None or self.gain.high is None:
            return False
        return loss < -TOLERANCE and self.gain.high < 0


def evaluate_slices(
    frame: pd.DataFrame,
    contract: Contract,
    metric: Metric,
    truth: Truth,
    predictions: tuple[Predictions, Predictions],
    resampling: Resampling,
) -> tuple[Slice, ...]:
    """Slices of `frame` for a model and its reference; those too small to judge are left out.

    Levels of the three text columns along which the target varies most, groups of people, halves
    of the period, and rows with and without missing features.
    """
    found = []
    for name, mask in _segments(frame, contract, truth):
        if not _large_enough(truth[mask], contract):
            continue
        found.append(_slice(name, mask, metric, truth, predictions, resampling))
    return tuple(found)


def groups(values: pd.Series, column: Column) -> dict[str, Mask]:
    """(n,) masks of the groups that a column divides people into, by name; the small left out.

    Quarters are open at both ends: the least and the greatest value would be one person's.
    """
    if column.type != "string" and values.nunique() > GROUP_VALUES:
        parts = pd.qcut(values, QUARTERS, labels=False, duplicates="drop")
        ends = values.groupby(parts).agg(["min", "max"])
        names = {part: f"{_shown(low)} to {_shown(high)}" for part, low, high in ends.itertuples()}
        names[0] = f"up to {_shown(ends['max'].iloc[0])}"
        names[ends.index[-1]] = f"from {_shown(ends['min'].iloc[-1])}"
    else:
        parts = values
        names = {value: _named(value, column) for value in sorted(values.dropna().unique())}
    masks = {name: (parts == part).to_numpy(dtype=bool) for part, name in names.items()}
    return {
        f"{column.name} = {name}": mask for name, mask in masks.items() if mask.sum() >= FEWEST_ROWS
    }


def _named(value: Any, column: Column) -> str:
    return ("false", "true")[int(value)] if column.type == "boolean" else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}"
    return value if isinstance(value, str) else f"{value:g}"


def _slice(
    name: str,
    mask: Mask,
    metric: Metric,
    truth: Truth,
    predictions: tuple[Predictions, Predictions],
    resampling: Resampling,
) -> Slice:
    part = resampling.of(mask)
    model, reference = (prediction[mask] for prediction in predictions)
    values = (metric.value(truth[mask], model), metric.value(truth[mask], reference))
    draws = part.draws(metric.bind(truth[mask], model), metric.bind(truth[mask], reference))
    gain = part.gain(metric, values, draws)
    return Slice(
        name=name,
        rows=int(mask.sum()),
        model=part.interval(values[0], draws[0]),
        reference=values[1] if np.isfinite(values[1]) else None,
        gain=gain,
    )


def _segments(frame: pd.DataFrame, contract: Contract, truth: Truth) -> Iterator[tuple[str, Mask]]:
    texts = [c.name for c in contract.features if c.type == "string" and c.levels and not c.group]
    texts.sort(key=lambda name: -_spread(frame[name], truth))
    for name in texts[:SEGMENT_COLUMNS]:
        for level in sorted(frame[name].dropna().unique()):
            yield f"{name} = {level}", (frame[name] == level).to_numpy(dtype=bool)
    for column in contract.groups:
        yield from groups(frame[column.name], column).items()
    if contract.event_time:
        times = frame[contract.event_time]
        middle = times.min() + (times.max() - times.min()) / 2
        yield f"until {middle:%Y-%m-%d}", (times <= middle).to_numpy(dtype=bool)
        yield f"after {middle:%Y-%m-%d}", (times > middle).to_numpy(dtype=bool)
    absent = frame[[c.name for c in contract.features]].isna().any(axis=1).to_numpy()
    if absent.any():
        yield "some feature missing", absent
        yield "no feature missing", ~absent


def _spread(column: Any, truth: Truth) -> float:
    """The variance of the target's mean between levels, by rows."""
    means = pd.Series(truth, index=column.index).groupby(column).transform("mean")
    return float(means.var()) if means.notna().any() else 0.0


def _large_enough(truth: Truth, contract: Contract) -> bool:
    if truth.size < FEWEST_ROWS:
        return False
    return contract.problem_type != "binary" or (FEWEST_POSITIVES <= truth.sum() < truth.size)
