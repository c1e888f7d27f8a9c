"""From raw scores to probabilities, and from probabilities to decisions.

Both are plain data beside the Pipeline, so that every runtime applies the same few numbers. Only
fitting them needs SciPy and scikit-learn.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .settings import TrainingSettings
from .yaml_model import StrictModel

Floats = NDArray[np.float64]
TINY = 1e-12
"""Probabilities are kept this far from 0 and 1 where a logarithm is taken."""


class Calibration(StrictModel):
    """A map from scores to probabilities; `apply` is all that a runtime needs.

    sigmoid: expit(slope * logit(score) + intercept), after Platt. temperature: the same for
    several classes, softmax(slope * log(score)). isotonic: linear between the points
    (`scores`, `probabilities`), both increasing.
    """

    method: Literal["none", "sigmoid", "isotonic", "temperature"] = "none"
    slope: float = 1.0
    intercept: float = 0.0
    scores: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()

    def apply(self, scores: Floats) -> Floats:
        """Probabilities of the same shape: (n,) for two classes, (n, k) for several."""
        if self.method == "sigmoid":
            return _expit(self.slope * _logit(scores) + self.intercept)
        if self.method == "temperature":
            return np.exp(_log_softmax(self.slope * np.log(np.clip(scores, TINY, None))))
        if self.method == "isotonic":
            return np.interp(scores, self.scores, self.probabilities)
        return scores


def fit_calibration(
    method: Literal["sigmoid", "isotonic", "none"], scores: Floats, truth: NDArray[np.int64]
) -> Calibration:
    """The calibration of out-of-fold `scores`, (n,) or (n, k), against the classes in `truth`.

    Several classes take one temperature whatever the method, which keeps their order.
    """
    if method == "none":
        return Calibration()
    if scores.ndim == 2:
        return _temperature(scores, truth)
    return _sigmoid(scores, truth) if method == "sigmoid" else _isotonic(scores, truth)


def _logit(scores: Floats) -> Floats:
    clipped = np.clip(scores, TINY, 1 - TINY)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def _expit(values: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -values)))


def _log_softmax(values: Floats) -> Floats:
    """Of each row (n, k)."""
    return np.asarray(values - np.logaddexp.reduce(values, axis=1, keepdims=True))


def _sigmoid(scores: Floats, truth: NDArray[np.int64]) -> Calibration:
    """Platt scaling, with his targets that keep the two numbers finite on separable scores."""
    from scipy.optimize import minimize

    positives = int(truth.sum())
    negatives = truth.size - positives
    target = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    values = _logit(scores)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        linear = parameters[0] * values + parameters[1]
        error = _expit(linear) - target
        cross_entropy = np.logaddexp(0, linear) - target * linear
        return float(cross_entropy.mean()), np.array([(error * values).mean(), error.mean()])

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS").x
    if slope <= 0 or np.ptp(values) == 0:
        return Calibration(method="sigmoid", slope=0.0, intercept=float(_logit(target.mean())))
    return Calibration(method="sigmoid", slope=float(slope), intercept=float(intercept))


def _temperature(scores: Floats, truth: NDArray[np.int64]) -> Calibration:
    from scipy.optimize import minimize_scalar

    values = np.log(np.clip(scores, TINY, None))
    rows = np.arange(truth.size)

    def loss(log_slope: float) -> float:
        return float(-_log_softmax(np.exp(log_slope) * values)[rows, truth].mean())

    best = minimize_scalar(loss, bounds=(-3, 3), method="bounded").x
    return Calibration(method="temperature", slope=float(np.exp(best)))


def _isotonic(scores: Floats, truth: NDArray[np.int64]) -> Calibration:
    """Centred isotonic regression (Oron and Flournoy 2017): each step becomes one point.

    Unlike plain steps it ties no scores, so the order of cases, and with it the AUC, is kept.
    """
    from sklearn.isotonic import IsotonicRegression

    steps = IsotonicRegression(y_min=0, y_max=1).fit_transform(scores, truth)
    values, block = np.unique(steps, return_inverse=True)
    centres = np.bincount(block, weights=scores) / np.bincount(block)
    margin = 0.5 / truth.size
    inside = (centres > 0) & (centres < 1)
    probabilities = np.clip(values[inside], margin, 1 - margin)
    return Calibration(
        method="isotonic",
        scores=(0.0, *centres[inside].tolist(), 1.0),
        probabilities=(margin / 2, *probabilities.tolist(), 1 - margin / 2),
    )


class Costs(NamedTuple):
    """Cost of one case by its outcome, in the settings' currency; a true negative costs nothing.

    With a save rate below 1 acting is an offer: it is paid for every case acted on, and rescues
    that share of the true positives. With a save rate of 1 only a false positive is paid for.
    """

    true_positive: float
    false_positive: float
    false_negative: float

    @property
    def threshold(self) -> float:
        """The probability above which acting is cheaper (Elkan 2001, equation 2).

        c_fp / (c_fp + c_fn) with a save rate of 1, c_fp / (save_rate * c_fn) below.
        """
        saved = self.false_negative - self.true_positive
        return self.false_positive / (self.false_positive + saved)


def case_costs(settings: TrainingSettings) -> Costs | None:
    """The costs by outcome, or None where they are not stated."""
    rule = settings.threshold
    if not rule.cost_false_positive or not rule.cost_false_negative:
        return None
    if rule.save_rate < 1:
        lost = (1 - rule.save_rate) * rule.cost_false_negative
        return Costs(
            rule.cost_false_positive + lost, rule.cost_false_positive, rule.cost_false_negative
        )
    return Costs(0.0, rule.cost_false_positive, rule.cost_false_negative)


class Threshold(StrictModel):
    """Act where the probability reaches `value`; None where the rule decides nothing."""

    rule: Literal["cost", "capacity", "tuned", "half", "none"] = "none"
    value: float | None = None


def choose_threshold(
    settings: TrainingSettings, scores: Floats, truth: NDArray[np.int64]
) -> Threshold:
    """The threshold of rule E8 for calibrated out-of-fold `scores` (n,) and `truth` (n,) of 0/1."""
    rule = settings.threshold.rule
    costs = case_costs(settings)
    if rule == "cost" and costs is not None:
        return Threshold(rule=rule, value=costs.threshold)
    if rule == "capacity":
        share = settings.threshold.capacity_share or 1.0
        return Threshold(rule=rule, value=float(np.quantile(scores, 1 - share)))
    if rule == "tuned":
        return Threshold(rule=rule, value=_tuned(settings, scores, truth))
    return Threshold(rule=rule, value=0.5 if rule == "half" else None)


def _tuned(settings: TrainingSettings, scores: Floats, truth: NDArray[np.int64]) -> float:
    """The cut, midway between two scores, that is best by F1, F2 or expected cost."""
    values, group = np.unique(scores, return_inverse=True)
    positives = np.bincount(group, weights=truth)
    totals = np.bincount(group)
    hits = np.cumsum(positives[::-1])[::-1]
    false_alarms = np.cumsum(totals[::-1])[::-1] - hits
    misses = truth.sum() - hits
    costs = case_costs(settings)
    if settings.metric == "expected_cost" and costs is not None:
        value = -(
            costs.true_positive * hits
            + costs.false_positive * false_alarms
            + costs.false_negative * misses
        )
    else:
        weight = 4 if settings.metric == "f2" else 1
        value = (1 + weight) * hits / ((1 + weight) * hits + weight * misses + false_alarms)
    best = int(np.argmax(value))
    below = values[best - 1] if best else values[0]
    return float((values[best] + below) / 2)
