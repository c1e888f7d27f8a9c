"""What is done today, measured beside the model (rule E1): one that does not beat it has no use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .calibration import choose_threshold
from .coercion import FALSE_WORDS, TRUE_WORDS
from .contract import Column, Contract
from .errors import DataError
from .intervals import Gain, Interval, Resampling, with_interval
from .metrics import SIMPLE, Metric, Predictions, Truth, precision_of_as_many, primary_metric
from .numbers import shown
from .settings import TrainingSettings
from .slices import FEWEST_POSITIVES, FEWEST_ROWS
from .target import class_labels

Kind = Literal["decision", "probability", "class", "value"]


class Incumbent(BaseModel):
    """Today's way and the model on the same holdout rows: those where today's way is known.

    A decision is compared by acting on as many rows as today's way does: the precision of its
    choices, and of the model's highest scores. A class goes by macro F1, anything else by the
    primary metric. `today`, `model` and `gain` are None where too few rows tell.
    """

    column: str
    kind: Kind
    rows: int
    acted: int | None
    """Rows that today's way acts on; None unless it is a decision."""
    label: str
    """The metric by which both are compared."""
    today: Interval | None = None
    model: Interval | None = None
    gain: Gain | None = None

    def told(self, level: float) -> str:
        """What was found, as a sentence; `level` is that of the intervals."""
        if self.today is None or self.model is None or self.gain is None:
            acts = "" if self.acted is None else f" and acts on {self.acted:,} of them"
            return (
                f"Today's way ({self.column}) is known for {self.rows:,} holdout rows{acts}: too "
                f"few to measure the model against it. {_needed(self.kind)}"
            )
        gain = f"a gain of {shown(self.gain.value)}"
        if self.gain.low is not None and self.gain.high is not None:
            gain += f", {level:.0%} interval {shown(self.gain.low)} to {shown(self.gain.high)}"
        if self.acted is None:
            return (
                f"On the {self.rows:,} holdout rows where today's way ({self.column}) is known, "
                f"its {self.label} is {with_interval(self.today)}, the model's "
                f"{with_interval(self.model)}: {gain}."
            )
        return (
            f"Of the {self.acted:,} rows that today's way ({self.column}) acts on "
            f"{_percent(self.today)} are right, of the model's {self.acted:,} highest "
            f"{_percent(self.model)}: {gain}."
        )


@dataclass(frozen=True)
class TodaysWay:
    """What is done today about each row, missing where it is not known.

    `values`: 1 where it acts and 0 where not; a probability; the label of a class; or a value.
    """

    column: str
    kind: Kind
    values: pd.Series

    def of(self, frame: pd.DataFrame) -> TodaysWay:
        """The same of the rows that are in `frame`."""
        return TodaysWay(self.column, self.kind, self.values.loc[frame.index])


def todays_way(frame: pd.DataFrame, contract: Contract) -> TodaysWay | None:
    """What the contract's `incumbent` column says of the rows of `frame`; None without one.

    For two classes 1, yes and the positive class act; numbers other than 0 and 1 are
    probabilities. Raises DataError, naming a value, if the column says something else.
    """
    column = contract.incumbent
    if column is None:
        return None
    values = frame[column.name]
    if contract.problem_type == "regression":
        return TodaysWay(column.name, "value", values)
    classes = class_labels(frame[contract.target], contract)
    if contract.problem_type == "multiclass":
        _refuse_unknown(values, classes, column, contract)
        return TodaysWay(column.name, "class", values)
    if column.type == "string":
        return TodaysWay(column.name, "decision", _acted(values, classes, column, contract))
    outside = values[(values < 0) | (values > 1)]
    if not outside.empty:
        raise DataError(
            f"{column.name}: what is done today about {contract.target} is a decision (0 or 1) or "
            f"a probability within [0, 1], and {outside.iloc[0]:g} is neither. Rescale it; or, "
            "where these numbers are classes, give the column type: string in data/contract.yaml."
        )
    decided = values.dropna().isin((0, 1)).all()
    return TodaysWay(column.name, "decision" if decided else "probability", values)


def measure_incumbent(
    today: TodaysWay,
    truth: Truth,
    predictions: Predictions,
    classes: tuple[str, ...],
    settings: TrainingSettings,
    resampling: Resampling,
) -> Incumbent:
    """Measures a model's `predictions` of n rows, in the order of `classes`, beside today's way."""
    known = today.values.notna().to_numpy()
    if today.kind == "class":
        known = known & today.values.isin(classes).to_numpy()
    truth, values = truth[known], today.values[known]
    metric, reference = _opponent(today.kind, values, truth, classes, settings)
    acted = int(values.sum()) if today.kind == "decision" else None
    found = Incumbent(
        column=today.column, kind=today.kind, rows=truth.size, acted=acted, label=metric.label
    )
    if not _enough(found, truth):
        return found
    both, resampling = (predictions[known], reference), resampling.of(known)
    draws = resampling.draws(*(metric.bind(truth, one) for one in both))
    of_model, of_today = (metric.value(truth, one) for one in both)
    return found.model_copy(
        update={
            "model": resampling.interval(of_model, draws[0]),
            "today": resampling.interval(of_today, draws[1]),
            "gain": resampling.gain(metric, (of_model, of_today), draws),
        }
    )


def _opponent(
    kind: Kind,
    values: pd.Series,
    truth: Truth,
    classes: tuple[str, ...],
    settings: TrainingSettings,
) -> tuple[Metric, Predictions]:
    """The metric, and today's way as the predictions that it judges.

    A probability acts from the threshold that suits it best on these very rows.
    """
    if kind == "decision":
        score = values.to_numpy(dtype=float)
        return precision_of_as_many(score == 1), Predictions(score)
    if kind == "class":
        said = pd.Index(classes).get_indexer(pd.Index(values))
        return SIMPLE["macro_f1"], Predictions(np.eye(len(classes))[said])
    score, threshold = values.to_numpy(dtype=float), None
    if kind == "probability" and score.size:
        threshold = choose_threshold(settings, score, truth).value
    return primary_metric(settings), Predictions(score, threshold)


def _enough(found: Incumbent, truth: Truth) -> bool:
    if found.rows < FEWEST_ROWS:
        return False
    if found.kind in ("class", "value"):
        return True
    acted = FEWEST_POSITIVES if found.acted is None else found.acted
    return min(int(truth.sum()), acted) >= FEWEST_POSITIVES


def _needed(kind: Kind) -> str:
    needed = f"{FEWEST_ROWS} are needed"
    if kind in ("decision", "probability"):
        needed += f", {FEWEST_POSITIVES} of them positive"
    return f"{needed}, and {FEWEST_POSITIVES} acted on." if kind == "decision" else f"{needed}."


def _acted(
    values: pd.Series, classes: tuple[str, ...], column: Column, contract: Contract
) -> pd.Series:
    """1.0 where the text is the positive class, or yes; 0.0 where it is the other, or no."""
    said = values.str.strip().str.lower()
    words = dict.fromkeys(TRUE_WORDS, 1.0) | dict.fromkeys(FALSE_WORDS, 0.0)
    labels = {label.lower(): float(place) for place, label in enumerate(classes)}
    meaning = labels if said.dropna().isin(labels).all() else words
    unread = values[said.notna() & ~said.isin(meaning)]
    if not unread.empty:
        more = (word for word in ("yes", "no") if word not in labels)
        raise _unreadable(unread, (*classes, *more), column, contract)
    return said.map(meaning).astype(float)


def _refuse_unknown(
    values: pd.Series, classes: tuple[str, ...], column: Column, contract: Contract
) -> None:
    unread = values[values.notna() & ~values.isin(classes)]
    if not unread.empty:
        raise _unreadable(unread, classes, column, contract)


def _unreadable(
    unread: pd.Series, readable: tuple[str, ...], column: Column, contract: Contract
) -> DataError:
    return DataError(
        f"{column.name}: what is done today about {contract.target} is one of "
        f"{', '.join(readable)}, and {unread.iloc[0]!r} is none of them. Correct "
        "the table, or give another column role: incumbent in data/contract.yaml."
    )


def _percent(share: Interval) -> str:
    return "undefined" if share.value is None else f"{share.value:.0%}".replace("%", " %")
