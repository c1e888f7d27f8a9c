"""The search within a time budget, on validation folds inside the training rows (rule E5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from .contract import Contract
from .errors import DataError
from .metrics import Floats, Metric, Predictions, Truth, build_metric
from .models import (
    DEFAULTS,
    UNTRANSFORMED,
    ModelFamily,
    build_estimator,
    build_pipeline,
    defaults,
    raw_scores,
    search_space,
)
from .numbers import shown
from .samplers import Parameters, make_sampler
from .settings import TrainingSettings
from .splitters import Fold

Progress = Callable[[str], None]
"""Called with one short sentence at a time."""

SMOOTH = {
    "expected_cost": "log_loss",
    "precision_at_capacity": "average_precision",
    "recall_at_capacity": "average_precision",
    "f1": "average_precision",
    "f2": "average_precision",
    "macro_f1": "log_loss",
}
"""Metrics of decisions are too coarse to rank trials by: these stand in for them."""


@dataclass(frozen=True)
class Rows:
    """Labelled training rows: inputs, truth (n,), labels by code, folds as positions of rows."""

    inputs: pd.DataFrame
    truth: Truth
    classes: tuple[str, ...]
    folds: tuple[Fold, ...]

    @property
    def validated(self) -> NDArray[np.int64]:
        """Positions of the rows that some fold validates, in order."""
        return np.unique(np.concatenate([fold.validation for fold in self.folds]))


class Trial(BaseModel):
    """One setting of a family that was tried, and what the folds said of it."""

    parameters: dict[str, int | float]
    value: float | None
    """Of `search_metric` on the validated rows; None where it is undefined."""
    seconds: float


@dataclass(frozen=True)
class Candidate:
    """The best trial of a family, with its raw scores of the validated rows."""

    family: ModelFamily
    parameters: Parameters
    scores: Floats
    trials: tuple[Trial, ...]
    """All of the family, as they were run."""


@dataclass(frozen=True)
class _Matrices:
    """One fold with its features computed once for all trials."""

    train: object
    truth: Truth
    validation: object
    positions: NDArray[np.int64]


def usable_folds(truth: Truth, folds: tuple[Fold, ...], classification: bool) -> tuple[Fold, ...]:
    """The folds that a model can be fitted in: a classifier needs two classes to learn from.

    Raises DataError if none is left, or if the rows validated by them hold a single class.
    """
    if not classification:
        return folds
    kept = tuple(fold for fold in folds if np.unique(truth[fold.train]).size > 1)
    validated = np.concatenate([truth[fold.validation] for fold in kept]) if kept else truth[:0]
    if np.unique(validated).size < 2:
        raise DataError(
            "The validation rows hold a single class, so no model can be chosen on them: "
            "give more rows, or set split.strategy to stratified or split.validation to "
            "cross_validation in configs/training.yaml."
        )
    return kept


def search_metric(settings: TrainingSettings) -> Metric:
    """What ranks trials: the primary metric, or the smooth one that stands in for it."""
    return build_metric(SMOOTH.get(settings.metric, settings.metric), settings)


def search(
    rows: Rows, contract: Contract, settings: TrainingSettings, progress: Progress
) -> dict[ModelFamily, Candidate]:
    """The best trial of each candidate family.

    Families take turns until `search.trials` each or `search.seconds` in all; each runs its
    default at least. A trial is not begun if the last one of its family took longer than what is
    left of the time.
    """
    deadline = time.monotonic() + settings.search.seconds
    method, metric = settings.search.method, search_metric(settings)
    count = 1 if method == "none" else settings.search.trials
    runs = {
        family: _Run(rows, contract, settings, family, metric) for family in settings.candidates
    }
    samplers = {
        family: make_sampler(
            method,
            DEFAULTS[family],
            search_space(family, settings),
            settings.seed,
            metric.higher_is_better,
        )
        for family in runs
    }
    while samplers:
        for family, sampler in list(samplers.items()):
            run = runs[family]
            wanted = len(run.trials) < count and run.affordable(deadline)
            parameters = sampler.ask() if wanted else None
            if parameters is None:
                del samplers[family]
                continue
            sampler.tell(run.try_out(parameters))
            progress(f"{family}: trial {len(run.trials)}, {metric.label} {shown(run.value)}")
    return {family: run.best() for family, run in runs.items()}


def default_candidate(
    rows: Rows, contract: Contract, settings: TrainingSettings, family: ModelFamily
) -> Candidate:
    """A family at its default parameters, as baselines are (rule E5)."""
    run = _Run(rows, contract, settings, family, search_metric(settings))
    for parameters in defaults(family, settings):
        run.try_out(parameters)
    return run.best()


class _Run:
    """The trials of one family, and the best so far."""

    def __init__(
        self,
        rows: Rows,
        contract: Contract,
        settings: TrainingSettings,
        family: ModelFamily,
        metric: Metric,
    ) -> None:
        self._rows = rows
        self._contract = contract
        self._settings = settings
        self._family = family
        self._metric = metric
        self._folds: dict[bool, list[_Matrices]] = {}
        self._parameters: Parameters = DEFAULTS[family]
        self._scores: Floats | None = None
        self.value = float("nan")
        self.trials: list[Trial] = []

    def affordable(self, deadline: float) -> bool:
        return not self.trials or time.monotonic() + self.trials[-1].seconds <= deadline

    def try_out(self, parameters: Parameters) -> float:
        kind = bool(parameters.get(UNTRANSFORMED))
        if kind not in self._folds:
            self._folds[kind] = list(self._matrices(parameters))
        started = time.monotonic()
        scores = self._out_of_fold(self._folds[kind], parameters)
        truth = self._rows.truth[self._rows.validated]
        value = self._metric.value(truth, Predictions(scores))
        self.trials.append(
            Trial(
                parameters=dict(parameters),
                value=value if np.isfinite(value) else None,
                seconds=time.monotonic() - started,
            )
        )
        if self._scores is None or self._metric.gain(value, self.value) > 0:
            self._parameters, self._scores, self.value = parameters, scores, value
        return value

    def best(self) -> Candidate:
        assert self._scores is not None
        return Candidate(self._family, self._parameters, self._scores, tuple(self.trials))

    def _matrices(self, parameters: Parameters) -> Iterator[_Matrices]:
        rows = self._rows
        for fold in rows.folds:
            pipeline = build_pipeline(self._contract, self._settings, self._family, parameters)
            train, validation = rows.inputs.iloc[fold.train], rows.inputs.iloc[fold.validation]
            truth = rows.truth[fold.train]
            if "features" in pipeline.named_steps:
                features = pipeline["features"]
                train, validation = (
                    features.fit_transform(train, truth),
                    features.transform(validation),
                )
            yield _Matrices(train, truth, validation, fold.validation)

    def _out_of_fold(self, folds: list[_Matrices], parameters: Parameters) -> Floats:
        rows = self._rows
        classes = len(rows.classes)
        shape = (rows.truth.size, classes) if classes > 2 else (rows.truth.size,)
        scores = np.empty(shape)
        for fold in folds:
            estimator = build_estimator(self._contract, self._settings, self._family, parameters)
            estimator.fit(fold.train, fold.truth)
            scores[fold.positions] = raw_scores(estimator, fold.validation, classes)
        return scores[rows.validated]
