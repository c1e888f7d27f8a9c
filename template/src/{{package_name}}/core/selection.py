"""Which candidate a training run goes on with, judged on validation rows (rule E10)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .calibration import Calibration, Threshold, choose_threshold, fit_calibration
from .contract import Contract
from .intervals import Gain, make_resampling, paired_gain
from .metrics import Predictions, primary_metric
from .models import SIMPLEST_FIRST, ModelFamily
from .numbers import shown
from .search import Candidate, Rows, default_candidate
from .settings import TrainingSettings


@dataclass(frozen=True)
class Judged:
    """A candidate with what turns its scores into decisions, and its validation predictions."""

    candidate: Candidate
    calibration: Calibration
    threshold: Threshold
    predictions: Predictions
    value: float
    """The primary metric of the predictions."""


def judge(
    candidate: Candidate, rows: Rows, settings: TrainingSettings, contract: Contract
) -> Judged:
    """Calibration and threshold from out-of-fold scores, never from rows that were fitted."""
    calibration, threshold = Calibration(), Threshold()
    scores, truth = candidate.scores, rows.truth[rows.validated]
    if contract.classification:
        calibration = fit_calibration(settings.calibration, scores, truth)
        scores = calibration.apply(scores)
    if contract.problem_type == "binary":
        threshold = choose_threshold(settings, scores, truth)
    predictions = Predictions(scores, threshold.value)
    value = primary_metric(settings).value(truth, predictions)
    return Judged(candidate, calibration, threshold, predictions, value)


def select(
    judged: dict[ModelFamily, Judged],
    rows: Rows,
    validated: pd.DataFrame,
    contract: Contract,
    settings: TrainingSettings,
) -> tuple[Judged, str]:
    """The simplest family that no other beats by more than noise on the validation rows.

    A more complex family has to gain more than one standard error of the paired difference, and
    no less than the gate's minimum (rule E10).
    """
    order = [family for family in SIMPLEST_FIRST if family in judged]
    best, sentence = judged[order[0]], f"{order[0]} is the only candidate."
    metric, truth = primary_metric(settings), rows.truth[rows.validated]
    resampling = make_resampling(validated, contract, settings.intervals, settings.seed)
    for family in order[1:]:
        challenger = judged[family]
        gain = paired_gain(metric, truth, challenger.predictions, best.predictions, resampling)
        wins = _clearly_better(gain, settings.gate.minimum_gain)
        sentence = (
            f"On {gain.rows:,} validation rows {family} gains {shown(gain.value)} in "
            f"{metric.label} over {best.candidate.family}, with a standard error of "
            f"{shown(gain.standard_error)}: "
            + (f"{family} is chosen." if wins else "the simpler model is chosen.")
        )
        best = challenger if wins else best
    return best, sentence


def _clearly_better(gain: Gain, minimum: float) -> bool:
    if gain.value is None or gain.standard_error is None:
        return False
    return gain.value > gain.standard_error and (gain.relative is None or gain.relative >= minimum)


def choose_baseline(
    chosen: Judged,
    judged: dict[ModelFamily, Judged],
    dummy: Judged,
    rows: Rows,
    contract: Contract,
    settings: TrainingSettings,
) -> Judged:
    """The linear model, at its best where it is a candidate too; for a linear one the dummy."""
    if settings.baseline == "dummy" or chosen.candidate.family == "linear":
        return dummy
    if "linear" in judged:
        return judged["linear"]
    return judge(default_candidate(rows, contract, settings, "linear"), rows, settings, contract)
