"""A synthetic table drawn from the contract: its columns and marginals, and a made-up signal.

It stands in for a table that is not there yet, and for one that continuous integration must
not see. Numbers measured on it say that the pipelines work, and nothing about the problem.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .contract import Column, Contract
from .data import write_frames
from .settings import SAMPLE, DataSource

Array = npt.NDArray[np.float64]

SAMPLE_FILE = "data/sample.parquet"
FEWEST_ROWS = 500
MOST_ROWS = 20_000
SIGNAL_FEATURES = 8
NOISE = 0.5
"""Standard deviation of the noise beside a signal of 1: R² is 1 / (1 + 0.5²) = 0.8."""
INTERACTION = 0.5
"""Weight of the product of the two strongest features, which only trees can learn."""
UNLISTED_LEVELS = 20
FIRST_TIME, LAST_TIME = "2025-01-01", "2026-01-01"
FEWEST_PER_CLASS = 10


def source_uri(source: DataSource, contract: Contract, root: Path) -> str:
    """The table's URI; where it is `sample`, the sample is drawn first."""
    uri = source.location(root)
    if uri != SAMPLE:
        return uri
    path = root / SAMPLE_FILE
    rows = min(max(contract.rows, FEWEST_ROWS), MOST_ROWS)
    write_frames([draw(contract, rows, seed=0)], path)
    return str(path)


def draw(contract: Contract, rows: int, seed: int) -> pd.DataFrame:
    """`rows` rows that fit the contract; the same seed gives the same rows.

    Each feature follows its own marginal, independent of the others; the target follows its
    marginal too, arranged by a weighted sum of the features, one interaction, and noise. What is
    done today is right more often than chance. Excluded columns are absent, save those that group
    people. Times are in order, entities and identifiers made up.
    """
    random = np.random.default_rng(seed)
    columns = {column.name: _marginal(column, rows, random) for column in contract.used_in_training}
    frame = pd.DataFrame(columns)
    latent = _latent(frame, contract, random)
    frame[contract.target] = _target(contract, rows, random)[latent.argsort().argsort()]
    if contract.incumbent is not None:
        frame[contract.incumbent.name] = _todays_way(frame, contract, contract.incumbent, random)
    for column in contract.features:
        frame[column.name] = frame[column.name].mask(random.random(rows) < column.missing)
    return frame


def _marginal(column: Column, rows: int, random: np.random.Generator) -> pd.Series:
    """Values of one column, drawn independently of all others."""
    if column.role == "identifier":
        return _identifiers(column, rows)
    if column.role == "event_time":
        return _times(column, (np.arange(rows) + random.random(rows)) / rows)
    if column.type == "datetime":
        return _times(column, random.random(rows))
    if column.numeric and column.role != "entity":
        return pd.Series(_numbers(column, rows, random))
    if column.type == "boolean":
        return _booleans(column, rows, random)
    levels = _levels(column)
    chosen = random.choice(len(levels), rows, p=_shares(column, len(levels)))
    return pd.Series(np.array(levels, dtype=object)[chosen], dtype="str")


def _identifiers(column: Column, rows: int) -> pd.Series:
    if column.numeric:
        return pd.Series(np.arange(1, rows + 1))
    return pd.Series([f"{column.name}-{row:06d}" for row in range(1, rows + 1)], dtype="str")


def _times(column: Column, position: Array) -> pd.Series:
    """Times between the column's minimum and maximum; `position` is in [0, 1)."""
    limits = [str(column.minimum or FIRST_TIME), str(column.maximum or LAST_TIME)]
    first, last = pd.to_datetime(limits, utc=True, format="ISO8601").tz_localize(None)
    return pd.Series(first + position * (last - first)).astype("datetime64[us]")


def _levels(column: Column) -> list[str]:
    number = min(column.distinct or UNLISTED_LEVELS, MOST_ROWS)
    return list(column.levels) or [f"{column.name}-{i}" for i in range(1, number + 1)]


def _shares(column: Column, levels: int) -> Array:
    shares: Array = np.array(column.level_shares or [1.0] * levels)
    shares /= shares.sum()
    return shares


def _booleans(column: Column, rows: int, random: np.random.Generator) -> pd.Series:
    shares = dict(zip(column.labels, column.level_shares, strict=False))
    return pd.Series(random.random(rows) < shares.get("true", 0.5)).astype("boolean")


def _numbers(column: Column, rows: int, random: np.random.Generator) -> Array:
    """Numbers with the column's range, mean and deviation (a scaled beta distribution).

    The beta's parameters follow from mean and variance (method of moments); without a range
    the numbers are normal, without a mean or deviation uniform.
    """
    if column.minimum is None or column.maximum is None:
        deviation = 1.0 if column.deviation is None else column.deviation
        return _rounded(column, random.normal(column.mean or 0.0, deviation, rows))
    low, span = float(column.minimum), float(column.maximum) - float(column.minimum)
    if span == 0:
        return np.full(rows, low)
    mean = 0.5 if column.mean is None else np.clip((column.mean - low) / span, 0.001, 0.999)
    variance = 1 / 12 if column.deviation is None else (column.deviation / span) ** 2
    widest = mean * (1 - mean)
    concentration = widest / np.clip(variance, 1e-6, 0.99 * widest) - 1
    position = random.beta(mean * concentration, (1 - mean) * concentration, rows)
    return _rounded(column, low + span * position)


def _rounded(column: Column, values: Array) -> Array:
    return values.round() if column.type == "integer" else values


def _latent(frame: pd.DataFrame, contract: Contract, random: np.random.Generator) -> Array:
    """What the target is arranged by; features that are complete and coarse weigh most."""
    telling = [c for c in contract.features if frame[c.name].nunique() > 1 and c.type != "datetime"]
    telling.sort(key=lambda column: (column.missing, bool(column.distinct)))
    scores = [_score(frame[column.name], random) for column in telling[:SIGNAL_FEATURES]]
    noise = random.normal(size=len(frame))
    if not scores:
        return noise
    signal: Array = np.zeros(len(frame))
    for place, score in enumerate(scores, start=1):
        signal += score / np.sqrt(place)
    if len(scores) > 1:
        signal += INTERACTION * scores[0] * scores[1]
    return NOISE * noise + signal / np.std(signal)


def _score(values: pd.Series, random: np.random.Generator) -> Array:
    """A feature as numbers of mean 0 and deviation 1; each level of a text has its own."""
    if pd.api.types.is_numeric_dtype(values):
        numbers: Array = values.to_numpy(dtype=float)
    else:
        codes, levels = values.factorize()
        numbers = random.permutation(np.linspace(-1, 1, len(levels)))[codes]
    numbers = numbers - numbers.mean()
    return numbers / np.std(numbers)


def _target(contract: Contract, rows: int, random: np.random.Generator) -> npt.NDArray[Any]:
    """Values of the target in rising order; classes in their exact shares, positive last."""
    column = contract.target_column
    if not contract.classification:
        return np.sort(_numbers(column, rows, random))
    classes = _class_shares(contract)
    counts = [max(round(share * rows), FEWEST_PER_CLASS) for share in classes.values()]
    counts[int(np.argmax(counts))] += rows - sum(counts)
    labels = pd.to_numeric(list(classes)) if column.numeric else np.array([*classes], dtype=object)
    return np.repeat(labels, counts)


def _todays_way(
    frame: pd.DataFrame, contract: Contract, column: Column, random: np.random.Generator
) -> pd.Series:
    """The target in half of the rows, and that of another row elsewhere."""
    target = frame[contract.target]
    drawn = target.where(random.random(len(frame)) < 0.5, random.permutation(target))
    if contract.problem_type != "binary" or column.type == "string":
        return drawn
    acted = drawn.map(contract.target_column.label) == contract.positive_label
    return acted.astype("boolean" if column.type == "boolean" else "int64")


def _class_shares(contract: Contract) -> dict[str, float]:
    """Each class with its share; the positive class, where there is one, comes last."""
    column, positive = contract.target_column, contract.positive_label
    labels = list(column.labels) or _unlisted_classes(contract)
    shares = dict(zip(labels, _shares(column, len(labels)), strict=True))
    if positive in shares:
        shares[positive] = shares.pop(positive)
    return shares


def _unlisted_classes(contract: Contract) -> list[str]:
    """Classes of a target whose levels the contract does not list."""
    column, positive = contract.target_column, contract.positive_label
    if column.numeric and column.minimum is not None and column.maximum is not None:
        return [str(label) for label in range(int(column.minimum), int(column.maximum) + 1)]
    if positive is not None:
        return [f"not {positive}", positive]
    return ["a", "b", "c"]
