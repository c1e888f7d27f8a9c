"""The holdout, read once: the model beside its baseline and the dummy, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .calibration import Threshold
from .contract import Contract, ProblemType
from .fairness import Fairness, compare_groups
from .guardrails import Guarded, calibration_slope, latency_p99, measure_guardrails
from .holdout import test_rows
from .importance import Importance, permutation_importance
from .incumbent import Incumbent, measure_incumbent, todays_way
from .intervals import Gain, Interval, Resampling, make_resampling, paired_gain
from .metrics import Metric, Predictions, Truth, metrics_beside, primary_metric
from .models import ModelFamily, TrainedModel
from .settings import TrainingSettings
from .slices import Slice, evaluate_slices
from .split import Split
from .training import Training

BINS = 10
SHUFFLED = {
    "binary": "trained on shuffled labels",
    "multiclass": "trained on shuffled labels, the most frequent class against the rest",
    "regression": "trained on shuffled values, those above the median against the others",
}
"""What the check for leaks ranks, as a part of a sentence."""


class Score(BaseModel):
    """One metric of the model, its baseline and the dummy on the holdout."""

    name: str
    label: str
    higher_is_better: bool
    model: Interval
    baseline: Interval
    dummy: Interval


class CalibrationBin(BaseModel):
    """Holdout rows of similar score: the mean score beside the share of positives."""

    rows: int
    predicted: float
    observed: float


class Evaluation(BaseModel):
    """What the holdout says of the model that a training run ends with.

    `subject` tells which that is: `selected`, or the `baseline` where the selected model showed
    no gain over it; a linear model is then measured against the dummy, and `stepped_down` holds
    the gain that was not shown.
    """

    subject: Literal["selected", "baseline"]
    family: ModelFamily
    baseline: ModelFamily
    problem_type: ProblemType
    rows: int
    prevalence: float | None
    """Share of the positive class in the holdout; None unless binary."""
    primary: Score
    gain: Gain
    """Of the model over its baseline in the primary metric, on the same rows."""
    stepped_down: Gain | None
    others: tuple[Score, ...]
    slices: tuple[Slice, ...]
    threshold: Threshold
    acted_share: float | None
    """Share of the holdout that the threshold acts on."""
    confusion: tuple[tuple[int, ...], ...]
    """Counts, truth by row and prediction by column, in the order of `classes`."""
    classes: tuple[str, ...]
    calibration: tuple[CalibrationBin, ...]
    guardrails: tuple[Guarded, ...]
    calibration_slope: Interval | None
    """1 where the probabilities are calibrated; None unless binary."""
    latency_ms: float | None
    """99th percentile for one row; None where the gate does not ask for it."""
    fairness: tuple[Fairness, ...] = ()
    """Of each column that groups people, where a decision falls on them."""
    incumbent: Incumbent | None = None
    """What is done today beside the model; None where no column records it."""
    importance: tuple[Importance, ...]
    """Of each column that the model reads, the greatest first."""
    shuffled_auc: float | None
    shuffled_limit: float
    resampled: Literal["rows", "entities", "weeks"]
    resamples: int
    level: float

    @property
    def metrics(self) -> dict[str, float]:
        """The model's metrics by name; those that are undefined are left out."""
        scores = (self.primary, *self.others)
        return {one.name: one.model.value for one in scores if one.model.value is not None}

    @property
    def cases(self) -> int:
        """Holdout rows of the rarest class; all rows in regression."""
        return min((sum(row) for row in self.confusion), default=self.rows)

    @property
    def roc_auc(self) -> float | None:
        """The model's ROC AUC; None unless binary."""
        return self.metrics.get("roc_auc")


def evaluate(
    training: Training,
    frame: pd.DataFrame,
    split: Split,
    contract: Contract,
    settings: TrainingSettings,
) -> Evaluation:
    """Evaluates a training run on the rows of `split.test`.

    Two questions are asked in a fixed order: does the selected model beat its baseline; if not,
    and that baseline is linear, does the linear model beat the dummy? The run ends with the model
    that passed (see `final_models`); by chance alone one passes up to twice as often as the
    interval's level says, since either question may let it.
    """
    test, truth = test_rows(frame, split, contract, training.model)
    resampling = make_resampling(test, contract, settings.intervals, settings.seed)
    metric = primary_metric(settings)
    models = (training.model, training.baseline, training.dummy)
    predictions = [model.predict(test) for model in models]
    gain = paired_gain(metric, truth, predictions[0], predictions[1], resampling)
    simpler = training.baseline.family != "dummy"
    stepped_down = None
    if simpler and not gain.proven(settings.gate.minimum_gain):
        stepped_down = gain
        models = (training.baseline, training.dummy, training.dummy)
        predictions = [predictions[1], predictions[2], predictions[2]]
        gain = paired_gain(metric, truth, predictions[0], predictions[1], resampling)
    model, today = models[0], todays_way(frame, contract)
    binary = contract.problem_type == "binary"
    return Evaluation(
        subject="baseline" if stepped_down else "selected",
        family=model.family,
        baseline=models[1].family,
        problem_type=contract.problem_type,
        rows=truth.size,
        prevalence=float(truth.mean()) if binary else None,
        primary=_score(metric, truth, predictions, resampling),
        gain=gain,
        stepped_down=stepped_down,
        others=tuple(
            _score(other, truth, predictions, resampling)
            for other in metrics_beside(contract.problem_type, settings)
        ),
        slices=evaluate_slices(
            test, contract, metric, truth, (predictions[0], predictions[1]), resampling
        ),
        threshold=model.threshold,
        acted_share=float(predictions[0].acted.mean()) if binary else None,
        confusion=_confusion(truth, predictions[0], len(model.classes)),
        classes=model.classes,
        calibration=_calibration(truth, predictions[0]) if binary else (),
        guardrails=measure_guardrails(truth, predictions[0], settings, resampling),
        calibration_slope=calibration_slope(truth, predictions[0], resampling) if binary else None,
        latency_ms=latency_p99(model, test) if settings.gate.latency_ms else None,
        fairness=compare_groups(
            test, contract, truth, predictions[0], settings.gate.alike, resampling
        )
        if model.threshold.value is not None
        else (),
        incumbent=measure_incumbent(
            today.of(test), truth, predictions[0], model.classes, settings, resampling
        )
        if today
        else None,
        importance=permutation_importance(model, test, truth, settings.seed),
        shuffled_auc=training.summary.shuffled_auc,
        shuffled_limit=training.summary.shuffled_limit,
        resampled=resampling.kind,
        resamples=resampling.resamples,
        level=resampling.level,
    )


def final_models(training: Training, evaluation: Evaluation) -> tuple[TrainedModel, TrainedModel]:
    """The model that the run ends with, which is the one to register, and its baseline."""
    if evaluation.subject == "selected":
        return training.model, training.baseline
    return training.baseline, training.dummy


def _score(
    metric: Metric,
    truth: Truth,
    predictions: Sequence[Predictions],
    resampling: Resampling,
) -> Score:
    draws = resampling.draws(*(metric.bind(truth, prediction) for prediction in predictions))
    model, baseline, dummy = (
        resampling.interval(metric.value(truth, prediction), drawn)
        for prediction, drawn in zip(predictions, draws, strict=True)
    )
    return Score(
        name=metric.name,
        label=metric.label,
        higher_is_better=metric.higher_is_better,
        model=model,
        baseline=baseline,
        dummy=dummy,
    )


def _confusion(truth: Truth, predictions: Predictions, classes: int) -> tuple[tuple[int, ...], ...]:
    if not classes:
        return ()
    several = predictions.score.ndim == 2
    said = predictions.score.argmax(axis=1) if several else predictions.acted.astype(np.int64)
    counts = np.bincount(truth.astype(np.int64) * classes + said, minlength=classes**2)
    return tuple(tuple(row) for row in counts.reshape(classes, classes).tolist())


def _calibration(truth: Truth, predictions: Predictions) -> tuple[CalibrationBin, ...]:
    """Up to ten bins of equally many rows, by score; equal scores share a bin."""
    edges = np.quantile(predictions.score, np.linspace(0, 1, BINS + 1)[1:-1])
    place = np.searchsorted(np.unique(edges), predictions.score, side="right")
    return tuple(
        CalibrationBin(
            rows=int((place == code).sum()),
            predicted=float(predictions.score[place == code].mean()),
            observed=float(truth[place == code].mean()),
        )
        for code in np.unique(place)
    )
