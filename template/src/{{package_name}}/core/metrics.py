"""Metrics as functions of row weights, so that one call computes all bootstrap resamples.

Each metric, bound to a truth and predictions of n rows, maps weights (b, n) to b values; weights
of one give the value itself. Ties in scores are shared out in expectation, so a constant
prediction has a ROC AUC of 0.5 and the prevalence as its precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .calibration import TINY, Costs, case_costs
from .contract import ProblemType
from .errors import SettingsError
from .settings import TrainingSettings

Floats = NDArray[np.float64]
Truth = NDArray[Any]
"""(n,): 1 for the positive class and 0 otherwise; codes of classes; or values."""
Weighted = Callable[[Floats], Floats]
Value = TypeVar("Value", float, Floats)


@dataclass(frozen=True)
class Predictions:
    """What a model says of n rows.

    `score`: P(positive) (n,) for two classes, probabilities (n, k) for several, values (n,) for
    regression. `threshold`: the score from which a binary model acts, where it decides.
    """

    score: Floats
    threshold: float | None = None

    @property
    def acted(self) -> NDArray[np.bool_]:
        """(n,): whether a binary model acts on the row, at 0.5 where no rule decides."""
        return self.score >= (0.5 if self.threshold is None else self.threshold)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Predictions:
        return Predictions(self.score[rows], self.threshold)


@dataclass(frozen=True)
class Metric:
    """A metric by its field name; `bind` gives the function of weights."""

    name: str
    label: str
    higher_is_better: bool
    bind: Callable[[Truth, Predictions], Weighted]

    def value(self, truth: Truth, predictions: Predictions) -> float:
        """The metric of these rows; NaN where it is undefined, as an AUC of one class."""
        return float(self.bind(truth, predictions)(np.ones((1, truth.size)))[0])

    def gain(self, model: Value, reference: Value) -> Value:
        """How much better `model` is than `reference`, in the metric's unit; above 0 is better."""
        return model - reference if self.higher_is_better else reference - model


BESIDE: dict[ProblemType, tuple[str, ...]] = {
    "binary": ("roc_auc", "average_precision", "log_loss", "brier"),
    "multiclass": ("log_loss", "macro_f1"),
    "regression": ("mae", "rmse", "r2"),
}
"""Metrics always reported beside the primary one."""


def primary_metric(settings: TrainingSettings) -> Metric:
    """The metric that the settings name. Raises SettingsError if it lacks costs or capacity."""
    return build_metric(settings.metric, settings)


def metrics_beside(problem_type: ProblemType, settings: TrainingSettings) -> tuple[Metric, ...]:
    """The metrics reported beside the primary one."""
    names = (name for name in BESIDE[problem_type] if name != settings.metric)
    return tuple(build_metric(name, settings) for name in names)


def build_metric(name: str, settings: TrainingSettings) -> Metric:
    """The metric `name`, with the costs, capacity or quantile of the settings that it needs."""
    if name == "expected_cost":
        costs = case_costs(settings)
        if costs is None:
            raise _lacking(name, "cost_false_positive and cost_false_negative above 0")
        return Metric(name, "expected cost per 1,000 cases", False, _expected_cost(costs))
    if name in ("precision_at_capacity", "recall_at_capacity"):
        share = settings.threshold.capacity_share
        if share is None:
            raise _lacking(name, "capacity_share")
        kind = name.partition("_")[0]
        bind = _at_capacity(kind, lambda weights: share * weights.sum(axis=1))
        return Metric(name, f"{kind} at {share:.3g} capacity", True, bind)
    if name == "pinball":
        quantile = pinball_quantile(settings)
        return Metric(name, f"pinball loss at {quantile:.2g}", False, _pinball(quantile))
    return SIMPLE[name]


def pinball_quantile(settings: TrainingSettings) -> float:
    """c_fn / (c_fn + c_fp): predicting too little costs c_fn, too much c_fp; 0.5 without costs."""
    too_much = settings.threshold.cost_false_positive
    too_little = settings.threshold.cost_false_negative
    return too_little / (too_little + too_much) if too_much and too_little else 0.5


def precision_of_as_many(acted: NDArray[np.bool_]) -> Metric:
    """Precision of as many highest scores as there are rows in `acted` (n,), in each resample."""
    bind = _at_capacity("precision", lambda weights: weights @ acted)
    return Metric("precision_of_as_many", "precision on as many rows", True, bind)


def _lacking(name: str, keys: str) -> SettingsError:
    return SettingsError(
        f"configs/training.yaml: metric {name} needs threshold.{keys}. "
        "Give it, or choose another metric."
    )


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """numerator / denominator, NaN where the denominator is 0."""
    result = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator > 0)
    return result


def _mean(losses: Floats) -> Weighted:
    """The weighted mean of row-wise `losses` (n,)."""
    return lambda weights: _ratio(weights @ losses, weights.sum(axis=1))


def share(part: NDArray[Any], whole: NDArray[Any]) -> Weighted:
    """The weighted sum of `part` (n,) over that of `whole` (n,)."""
    return lambda weights: _ratio(weights @ part, weights @ whole)


def _ranked(truth: Truth, score: Floats) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Weights (b, n) → positives and totals (b, g) of the g distinct scores, highest first."""
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=np.inf))
    positive = truth[order].astype(float)

    def groups(weights: Floats) -> tuple[Floats, Floats]:
        ordered = weights[:, order]
        if starts.size == order.size:
            return ordered * positive, ordered
        return (
            np.add.reduceat(ordered * positive, starts, axis=1),
            np.add.reduceat(ordered, starts, axis=1),
        )

    return groups


def _roc_auc(truth: Truth, predictions: Predictions) -> Weighted:
    groups = _ranked(truth, predictions.score)

    def weighted(weights: Floats) -> Floats:
        positives, totals = groups(weights)
        negatives = totals - positives
        above = np.cumsum(positives, axis=1) - positives / 2
        pairs = positives.sum(axis=1) * negatives.sum(axis=1)
        return _ratio((negatives * above).sum(axis=1), pairs)

    return weighted


def _average_precision(truth: Truth, predictions: Predictions) -> Weighted:
    groups = _ranked(truth, predictions.score)

    def weighted(weights: Floats) -> Floats:
        positives, totals = groups(weights)
        precision = np.cumsum(positives, axis=1) / np.maximum(np.cumsum(totals, axis=1), TINY)
        return _ratio((positives * precision).sum(axis=1), positives.sum(axis=1))

    return weighted


def _at_capacity(kind: str, capacity: Weighted) -> Callable[[Truth, Predictions], Weighted]:
    """Precision or recall of the rows with the highest scores, as many as `capacity` says."""

    def bind(truth: Truth, predictions: Predictions) -> Weighted:
        groups = _ranked(truth, predictions.score)

        def weighted(weights: Floats) -> Floats:
            positives, totals = groups(weights)
            room = capacity(weights)
            before = np.cumsum(totals, axis=1) - totals
            taken = np.clip(room[:, None] - before, 0, totals)
            hits = (taken * positives / np.maximum(totals, TINY)).sum(axis=1)
            whole = room if kind == "precision" else positives.sum(axis=1)
            return _ratio(hits, whole)

        return weighted

    return bind


def _log_loss(truth: Truth, predictions: Predictions) -> Weighted:
    score = predictions.score
    if score.ndim == 2:
        given = score[np.arange(truth.size), truth.astype(int)]
    else:
        given = np.where(truth == 1, score, 1 - score)
    return _mean(-np.log(np.clip(given, TINY, None)))


def _f_beta(weight: float) -> Callable[[Truth, Predictions], Weighted]:
    """F-beta, `weight` = beta²."""

    def bind(truth: Truth, predictions: Predictions) -> Weighted:
        return lambda weights: _f_score(weights, truth == 1, predictions.acted, weight)

    return bind


def _f_score(
    weights: Floats, truth: NDArray[np.bool_], said: NDArray[np.bool_], weight: float
) -> Floats:
    hits = weights @ (truth & said)
    errors = weight * (weights @ (truth & ~said)) + weights @ (~truth & said)
    return (1 + weight) * hits / np.maximum((1 + weight) * hits + errors, TINY)


def _precision(truth: Truth, predictions: Predictions) -> Weighted:
    return share((truth == 1) & predictions.acted, predictions.acted)


def _recall(truth: Truth, predictions: Predictions) -> Weighted:
    return share((truth == 1) & predictions.acted, truth == 1)


def _macro_f1(truth: Truth, predictions: Predictions) -> Weighted:
    """The mean of F1 over the classes that occur in the truth or the predictions."""
    said = predictions.score.argmax(axis=1)
    classes = np.union1d(truth, said)
    return lambda weights: np.mean(
        [_f_score(weights, truth == code, said == code, 1) for code in classes], axis=0
    )


def _expected_cost(costs: Costs) -> Callable[[Truth, Predictions], Weighted]:
    def bind(truth: Truth, predictions: Predictions) -> Weighted:
        acted = np.where(truth == 1, costs.true_positive, costs.false_positive)
        left = np.where(truth == 1, costs.false_negative, 0.0)
        return _mean(1000 * np.where(predictions.acted, acted, left))

    return bind


def _rmse(truth: Truth, predictions: Predictions) -> Weighted:
    squared = _mean((predictions.score - truth) ** 2)
    return lambda weights: np.sqrt(squared(weights))


def _wape(truth: Truth, predictions: Predictions) -> Weighted:
    """Σ|error| / Σ|truth|."""
    return share(np.abs(predictions.score - truth), np.abs(truth))


def _pinball(quantile: float) -> Callable[[Truth, Predictions], Weighted]:
    def bind(truth: Truth, predictions: Predictions) -> Weighted:
        under = truth - predictions.score
        return _mean(np.maximum(quantile * under, (quantile - 1) * under))

    return bind


def _r2(truth: Truth, predictions: Predictions) -> Weighted:
    """1 - Σ error² / Σ (truth - mean)², the mean being that of the resample."""
    centred = truth - truth.mean()
    error = (predictions.score - truth) ** 2

    def weighted(weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        spread = weights @ centred**2 - (weights @ centred) ** 2 / np.maximum(total, TINY)
        return 1 - _ratio(weights @ error, spread)

    return weighted


SIMPLE = {
    metric.name: metric
    for metric in (
        Metric("roc_auc", "ROC AUC", True, _roc_auc),
        Metric("average_precision", "average precision", True, _average_precision),
        Metric("log_loss", "log loss", False, _log_loss),
        Metric("brier", "Brier score", False, lambda t, p: _mean((p.score - t) ** 2)),
        Metric("precision", "precision", True, _precision),
        Metric("recall", "recall", True, _recall),
        Metric("f1", "F1", True, _f_beta(1)),
        Metric("f2", "F2", True, _f_beta(4)),
        Metric("macro_f1", "macro F1", True, _macro_f1),
        Metric("mae", "mean absolute error", False, lambda t, p: _mean(np.abs(p.score - t))),
        Metric("rmse", "root mean squared error", False, _rmse),
        Metric("wape", "weighted absolute percentage error", False, _wape),
        Metric("r2", "R²", True, _r2),
    )
}
