"""A challenger against the champion, on holdout rows that neither was trained on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .contract import Contract
from .holdout import test_rows
from .intervals import Gain, make_resampling, paired_gain
from .metrics import Truth, primary_metric
from .models import TrainedModel, fingerprint, identity
from .settings import TrainingSettings
from .slices import FEWEST_POSITIVES, FEWEST_ROWS, evaluate_slices
from .split import Split


class Comparison(BaseModel):
    """A challenger against the champion, on holdout rows that neither was trained on."""

    version: int
    """The champion's."""
    rows: int
    overlap: int
    """Holdout rows left out because the champion was trained on them."""
    comparable: bool
    """Whether enough rows are left: 100, with 30 positives where the target is binary."""
    metric: str
    label: str
    champion: float | None = None
    challenger: float | None = None
    gain: Gain | None = None
    worse_slices: tuple[str, ...] = ()
    obstacle: str | None = None
    """Why the champion could not be asked at all."""


def incomparable(version: int, settings: TrainingSettings, obstacle: str) -> Comparison:
    """What stands for the comparison where the champion, model `version`, cannot be asked."""
    metric = primary_metric(settings)
    return Comparison(
        version=version,
        rows=0,
        overlap=0,
        comparable=False,
        metric=metric.name,
        label=metric.label,
        obstacle=obstacle,
    )


def compare(
    version: int,
    champion: TrainedModel,
    before: Contract,
    challenger: TrainedModel,
    frame: pd.DataFrame,
    split: Split,
    contract: Contract,
    settings: TrainingSettings,
) -> Comparison:
    """Compares two models on the rows of `split.test` that neither was trained on.

    `version` is the champion's, and `before` the contract that it was trained under: by its
    columns the rows are known that the champion has seen.
    """
    test, truth = test_rows(frame, split, contract, challenger)
    if gone := [name for name in identity(before) if name not in test.columns]:
        told = (
            f"Which rows model version {version} was trained on is known by {', '.join(gone)}, "
            "which the contract leaves out by now."
        )
        return incomparable(version, settings, told)
    metric = primary_metric(settings)
    seen = np.isin(fingerprint(test, before), champion.seen)
    test, truth = test[~seen], truth[~seen]
    result = Comparison(
        version=version,
        rows=truth.size,
        overlap=int(seen.sum()),
        comparable=_comparable(champion, challenger, test, truth),
        metric=metric.name,
        label=metric.label,
    )
    if not result.comparable:
        return result
    resampling = make_resampling(test, contract, settings.intervals, settings.seed)
    predictions = (challenger.predict(test), champion.predict(test))
    slices = evaluate_slices(test, contract, metric, truth, predictions, resampling)
    return result.model_copy(
        update={
            "challenger": metric.value(truth, predictions[0]),
            "champion": metric.value(truth, predictions[1]),
            "gain": paired_gain(metric, truth, *predictions, resampling),
            "worse_slices": tuple(part.name for part in slices if part.worse(metric.name)),
        }
    )


def _comparable(
    champion: TrainedModel, challenger: TrainedModel, test: pd.DataFrame, truth: Truth
) -> bool:
    if champion.classes != challenger.classes or not set(champion.inputs) <= set(test.columns):
        return False
    positives = truth.sum() if challenger.problem_type == "binary" else FEWEST_POSITIVES
    return truth.size >= FEWEST_ROWS and positives >= FEWEST_POSITIVES
