"""One training run: search, selection, calibration, threshold, and the fit that is deployed.

Only rows of `Split.train` are read. The holdout is for `evaluation.evaluate`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from .calibration import Calibration, Threshold
from .contract import Contract
from .errors import DataError
from .metrics import SIMPLE, Predictions
from .models import (
    ModelFamily,
    TrainedModel,
    build_pipeline,
    fingerprint,
    raw_scores,
)
from .preprocessing import input_columns
from .search import Candidate, Progress, Rows, Trial, default_candidate, search, usable_folds
from .selection import Judged, choose_baseline, judge, select
from .settings import TrainingSettings
from .split import Split
from .splitters import Fold
from .target import class_labels, encode_target


class CandidateSummary(BaseModel):
    """A family's best trial; `validation` is the primary metric on the validation rows."""

    family: ModelFamily
    trials: tuple[Trial, ...]
    """As they were run."""
    validation: float | None
    parameters: dict[str, float]


class TrainingSummary(BaseModel):
    """What a training run did, as numbers for people and for the run's record."""

    rows: int
    """Training rows, validation rows among them."""
    validation_rows: int
    test_rows: int
    features: int
    family: ModelFamily
    baseline: ModelFamily
    candidates: tuple[CandidateSummary, ...]
    selection: str
    """Why this family, in one sentence."""
    trials: int
    """Trials of the family that had most; as `search.trials` they repeat the search."""
    trials_asked: int
    search_seconds: float
    calibration: Calibration
    threshold: Threshold
    shuffled_auc: float | None
    """ROC AUC after training on shuffled labels (rule E12): about 0.5 unless something leaks."""
    shuffled_limit: float
    """How far from 0.5 chance alone carries it: 0.05 or three standard errors."""


@dataclass(frozen=True)
class Training:
    """The selected model with the baseline and the dummy that it is measured against."""

    model: TrainedModel
    baseline: TrainedModel
    dummy: TrainedModel
    summary: TrainingSummary


def drop_unlabelled(frame: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, int]:
    """The rows whose target is known, renumbered, and how many were dropped.

    Raises DataError if none is left.
    """
    known = frame[contract.target].notna()
    if not known.any():
        raise DataError(
            f"No row has a value in the target column {contract.target!r}: "
            "check the column, or target in data/contract.yaml."
        )
    return frame[known].reset_index(drop=True), int((~known).sum())


def train(
    frame: pd.DataFrame,
    split: Split,
    contract: Contract,
    settings: TrainingSettings,
    progress: Progress | None = None,
) -> Training:
    """Selects, calibrates and fits a model on the rows of `split.train`.

    `frame` holds the contract's columns, its target without gaps. The same frame, settings and
    number of trials give the same model; where `search.seconds` cut the search short, the
    summary's `trials` set as `search.trials` repeats it. Raises DataError if the training rows
    hold a single class.
    """
    report = progress or (lambda sentence: None)
    started = time.monotonic()
    rows = _training_rows(frame, split, contract, settings)
    report(f"searching {' and '.join(settings.candidates)} on {rows.truth.size:,} rows")
    found = search(rows, contract, settings, report)
    searched = time.monotonic() - started
    judged = {name: judge(found[name], rows, settings, contract) for name in found}
    dummy = judge(default_candidate(rows, contract, settings, "dummy"), rows, settings, contract)
    validated = frame.iloc[split.train].iloc[rows.validated]
    chosen, reason = select(judged, rows, validated, contract, settings)
    baseline = choose_baseline(chosen, judged, dummy, rows, contract, settings)
    report(f"fitting {chosen.candidate.family} on {rows.truth.size:,} rows")
    seen = fingerprint(frame.iloc[split.train], contract)
    models = [_fit(part, rows, contract, settings, seen) for part in (chosen, baseline, dummy)]
    shuffled_auc, limit = _shuffled_auc(chosen.candidate, rows, contract, settings)
    summary = TrainingSummary(
        rows=rows.truth.size,
        validation_rows=rows.validated.size,
        test_rows=split.test.size,
        features=rows.inputs.shape[1],
        family=chosen.candidate.family,
        baseline=baseline.candidate.family,
        candidates=tuple(_summarise(part) for part in judged.values()),
        selection=reason,
        trials=max(len(candidate.trials) for candidate in found.values()),
        trials_asked=1 if settings.search.method == "none" else settings.search.trials,
        search_seconds=searched,
        calibration=chosen.calibration,
        threshold=chosen.threshold,
        shuffled_auc=shuffled_auc,
        shuffled_limit=limit,
    )
    return Training(models[0], models[1], models[2], summary)


def _training_rows(
    frame: pd.DataFrame, split: Split, contract: Contract, settings: TrainingSettings
) -> Rows:
    train = frame.iloc[split.train]
    classes = class_labels(train[contract.target], contract)
    truth = encode_target(train[contract.target], contract, classes)
    if contract.classification and np.unique(truth).size < 2:
        raise DataError(
            f"All {truth.size:,} training rows have the same {contract.target!r}, so there is "
            "nothing to learn: give rows of another class, or check target and positive_class "
            "in data/contract.yaml."
        )
    folds = tuple(
        Fold(
            np.searchsorted(split.train, fold.train),
            np.searchsorted(split.train, fold.validation),
        )
        for fold in split.folds
    )
    inputs = train[list(input_columns(contract, settings.features))]
    return Rows(inputs, truth, classes, usable_folds(truth, folds, contract.classification))


def _fit(
    part: Judged,
    rows: Rows,
    contract: Contract,
    settings: TrainingSettings,
    seen: NDArray[np.uint64],
) -> TrainedModel:
    family, parameters = part.candidate.family, part.candidate.parameters
    pipeline = build_pipeline(contract, settings, family, parameters)
    pipeline.fit(rows.inputs, rows.truth)
    centre = None
    if family == "linear":
        centre = np.asarray(pipeline["features"].transform(rows.inputs).mean(axis=0)).ravel()
    return TrainedModel(
        family=family,
        parameters=parameters,
        problem_type=contract.problem_type,
        classes=rows.classes,
        inputs=tuple(rows.inputs.columns),
        pipeline=pipeline,
        calibration=part.calibration,
        threshold=part.threshold,
        seen=seen,
        centre=centre,
    )


def _shuffled_auc(
    candidate: Candidate, rows: Rows, contract: Contract, settings: TrainingSettings
) -> tuple[float | None, float]:
    """ROC AUC in the first fold when labels are shuffled, and how far from 0.5 it may lie.

    Several classes count as the most frequent against the rest, values as above the median
    against below. The standard error is Mann and Whitney's, without ties.
    """
    fold = rows.folds[0]
    shuffled = np.random.default_rng(settings.seed).permutation(rows.truth)
    if contract.classification and np.unique(shuffled[fold.train]).size < 2:
        return None, 0.05
    pipeline = build_pipeline(contract, settings, candidate.family, candidate.parameters)
    pipeline.fit(rows.inputs.iloc[fold.train], shuffled[fold.train])
    scores = raw_scores(pipeline, rows.inputs.iloc[fold.validation], len(rows.classes))
    truth = shuffled[fold.validation]
    if contract.problem_type == "regression":
        truth = truth > np.median(rows.truth)
    elif contract.problem_type == "multiclass":
        frequent = np.bincount(rows.truth).argmax()
        truth, scores = truth == frequent, scores[:, frequent]
    positives = int(truth.sum())
    negatives = truth.size - positives
    if not positives or not negatives:
        return None, 0.05
    error = np.sqrt((positives + negatives + 1) / (12 * positives * negatives))
    value = SIMPLE["roc_auc"].value(truth.astype(np.int64), Predictions(scores))
    return value, max(0.05, 3 * float(error))


def _summarise(part: Judged) -> CandidateSummary:
    return CandidateSummary(
        family=part.candidate.family,
        trials=part.candidate.trials,
        validation=part.value if np.isfinite(part.value) else None,
        parameters=dict(part.candidate.parameters),
    )
