"""The champion's metric on its newest predictions: measured with labels, or estimated without."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .contract import Contract
from .evaluation import Evaluation
from .intervals import Interval, make_resampling
from .metrics import Floats, Metric, Predictions, primary_metric
from .models import TrainedModel, fingerprint
from .monitoring import Performance
from .monitoring_labels import LABEL
from .settings import TrainingSettings
from .slices import FEWEST_POSITIVES, FEWEST_ROWS
from .target import encode_target


def unseen(rows: pd.DataFrame, model: TrainedModel, contract: Contract) -> pd.DataFrame:
    """The rows that the model was not trained on, where an identifier tells them apart."""
    if rows.empty or not contract.identifiers:
        return rows
    return rows[~np.isin(fingerprint(rows, contract), model.seen)]


def measure(
    rows: pd.DataFrame, evaluation: Evaluation, contract: Contract, settings: TrainingSettings
) -> Performance | None:
    """The primary metric of predictions with their `LABEL`; None where there are none.

    `settings` are those that the champion was trained with, so that its holdout and its
    predictions are measured alike.
    """
    if rows.empty:
        return None
    metric = primary_metric(settings)
    truth = encode_target(rows[LABEL], contract, evaluation.classes)
    known = truth >= 0 if contract.problem_type == "multiclass" else np.ones(len(truth), bool)
    rows, truth = rows[known], truth[known]
    predictions = _predictions(rows, evaluation)
    positives = truth.sum() if contract.problem_type == "binary" else FEWEST_POSITIVES
    enough = truth.size >= FEWEST_ROWS and positives >= FEWEST_POSITIVES
    bound = metric.bind(truth, predictions)
    return _performance(rows, metric, bound, evaluation, contract, settings, bool(enough))


def estimate(
    rows: pd.DataFrame, evaluation: Evaluation, contract: Contract, settings: TrainingSettings
) -> Performance | None:
    """The primary metric that calibrated probabilities lead to expect, without labels.

    Each row counts once as each class, with the class's probability as its weight: confidence-based
    performance estimation (CBPE) for every metric that takes row weights. It holds as long as the
    scores stay calibrated, so it cannot see a change of the target given the features. None for
    regression, and where there are no rows.
    """
    if rows.empty or contract.problem_type == "regression":
        return None
    metric = primary_metric(settings)
    said = _predictions(rows, evaluation)
    binary = said.score.ndim == 1
    chances = np.stack([1 - said.score, said.score]) if binary else said.score.T
    truth = np.repeat(np.arange(len(chances)), len(rows))
    bound = metric.bind(truth, said[np.tile(np.arange(len(rows)), len(chances))])

    def expected(weights: Floats) -> Floats:
        return bound(np.hstack([weights * chance for chance in chances]))

    enough = len(rows) >= FEWEST_ROWS
    return _performance(rows, metric, expected, evaluation, contract, settings, enough)


def _predictions(rows: pd.DataFrame, evaluation: Evaluation) -> Predictions:
    """What the champion said of the rows, from the columns of the log."""
    if evaluation.problem_type == "regression":
        return Predictions(rows["prediction"].to_numpy(dtype=float))
    if evaluation.problem_type == "binary":
        return Predictions(rows["score"].to_numpy(dtype=float), evaluation.threshold.value)
    columns = [f"probability_{label}" for label in evaluation.classes]
    return Predictions(rows[columns].to_numpy(dtype=float))


def _performance(
    rows: pd.DataFrame,
    metric: Metric,
    statistic: Callable[[Floats], Floats],
    evaluation: Evaluation,
    contract: Contract,
    settings: TrainingSettings,
    judged: bool,
) -> Performance:
    resampling = make_resampling(rows, contract, settings.intervals, settings.seed)
    value = float(statistic(np.ones((1, len(rows))))[0])
    found = resampling.interval(value, resampling.draws(statistic)[0])
    holdout = evaluation.primary.model
    return Performance(
        **found.model_dump(),
        metric=metric.name,
        label=metric.label,
        rows=len(rows),
        holdout=holdout,
        judged=judged,
        worse=judged and apart(found, holdout, metric.higher_is_better),
    )


def apart(found: Interval, holdout: Interval, higher_is_better: bool) -> bool:
    """Whether all of `found` lies on the worse side of all of `holdout`."""
    if None in (found.low, found.high, holdout.low, holdout.high):
        return False
    if higher_is_better:
        return bool(found.high < holdout.low)  # type: ignore[operator]
    return bool(found.low > holdout.high)  # type: ignore[operator]
