"""What a model may not lose while it gains: guardrail metrics, calibration, latency (rule E10)."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from pydantic import BaseModel
from scipy.special import expit, logit

from .calibration import TINY
from .intervals import Interval, Resampling
from .metrics import Floats, Predictions, Truth, Weighted, build_metric
from .models import TrainedModel
from .settings import TrainingSettings

STEPS = 25
"""Newton steps of the slope; it converges in fewer than ten."""
WARM_UP, ANSWERS = 5, 200
"""Rows predicted one by one before the clock counts, and while it does."""


class Guarded(BaseModel):
    """A guardrail metric on the holdout beside the limit that the settings give it."""

    label: str
    higher_is_better: bool
    model: Interval
    limit: float

    @property
    def held(self) -> bool:
        """Whether the value is on the right side of the limit; an undefined one is not."""
        if self.model.value is None:
            return False
        if self.higher_is_better:
            return self.model.value >= self.limit
        return self.model.value <= self.limit


def measure_guardrails(
    truth: Truth, predictions: Predictions, settings: TrainingSettings, resampling: Resampling
) -> tuple[Guarded, ...]:
    """Each of `gate.guardrails`. Raises SettingsError if one lacks costs or capacity."""
    found = []
    for name, limit in settings.gate.guardrails.items():
        metric = build_metric(name, settings)
        (draws,) = resampling.draws(metric.bind(truth, predictions))
        model = resampling.interval(metric.value(truth, predictions), draws)
        found.append(
            Guarded(
                label=metric.label,
                higher_is_better=metric.higher_is_better,
                model=model,
                limit=limit,
            )
        )
    return tuple(found)


def calibration_slope(
    truth: Truth, predictions: Predictions, resampling: Resampling
) -> Interval | None:
    """The slope of a logistic regression of `truth` (n,) on the log-odds of the scores (Cox 1958).

    1 where probabilities are neither too bold (below) nor too timid (above). Resamples take one
    Newton step from the whole's fit. None where the scores are all the same.
    """
    odds = logit(np.clip(predictions.score, TINY, 1 - TINY))
    if np.ptp(odds) == 0:
        return None
    fit = np.array([0.0, 1.0])
    everything = np.ones((1, truth.size))
    for _ in range(STEPS):
        fit = _newton(truth, odds, fit)(everything)[0]
    (draws,) = resampling.draws(_slope(truth, odds, fit))
    return resampling.interval(float(fit[1]), draws)


def _slope(truth: Truth, odds: Floats, fit: Floats) -> Weighted:
    step = _newton(truth, odds, fit)
    return lambda weights: step(weights)[:, 1]


def _newton(truth: Truth, odds: Floats, fit: Floats) -> Weighted:
    """From weights (b, n) to (b, 2): intercept and slope one Newton step on from `fit`."""
    chance = expit(fit[0] + fit[1] * odds)
    error, bend = truth - chance, chance * (1 - chance)
    terms = np.stack([error, error * odds, bend, bend * odds, bend * odds**2], axis=1)

    def step(weights: Floats) -> Floats:
        first, second, flat, mixed, steep = (weights @ terms).T
        room = np.maximum(flat * steep - mixed**2, TINY)
        moves = [steep * first - mixed * second, flat * second - mixed * first]
        return fit + np.stack(moves, axis=1) / room[:, None]

    return step


def latency_p99(model: TrainedModel, rows: pd.DataFrame) -> float:
    """Milliseconds within which 99 of 100 rows are answered, one at a time, in this process."""
    seconds = []
    for turn in range(WARM_UP + ANSWERS):
        row = rows.iloc[[turn % len(rows)]]
        started = time.perf_counter()
        model.predict(row)
        seconds.append(time.perf_counter() - started)
    return float(1000 * np.quantile(seconds[WARM_UP:], 0.99))
