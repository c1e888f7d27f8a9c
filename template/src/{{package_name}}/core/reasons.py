"""Why a model said what it said: the features of a row that moved its prediction most.

Contributions come from the model itself and add up, with a constant, to its raw score: for the
linear family a coefficient times the distance of the value from its mean over the training rows,
for EBM the height of the feature's own curve, for LightGBM the Shapley value of its trees
(TreeSHAP). What is made of one feature, as its levels or the flag of its gaps, counts together.

They compare a row with the training rows on average, before calibration, which keeps the order of
scores. They are no causes, and no advice: a feature may stand for another that it goes along with,
and changing it may change nothing. A notice of adverse action (Regulation B) owes the specific
principal reasons in words that the person understands; these say which features to put into them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.multiclass import OneVsRestClassifier

from .errors import ArtifactError
from .metrics import Floats, Predictions
from .models import TrainedModel
from .preprocessing import source_columns

HOW = {
    "linear": "a coefficient times the distance of the value from its training mean",
    "ebm": "the height of the feature's own curve",
    "lightgbm": "the Shapley values of its trees",
}
"""What a contribution is, by family."""
ROUNDING = 1e-9
"""A contribution below it is none."""


class Contributions(NamedTuple):
    """What each feature adds to each raw score; sum over features plus `base` is that score.

    A raw score is a log-odds for two classes, one number a class for several (LightGBM and EBM
    put them through a softmax), and the value itself in a regression.
    """

    values: Floats
    """(n, features, scores)."""
    base: Floats
    """(scores,): the raw scores of a row to which no feature adds anything."""
    features: tuple[str, ...]
    """Columns by their names in the contract, and functions of `features.py` by theirs."""


@dataclass(frozen=True)
class Pulls:
    """What each feature of each row added to what is explained, as (n, features).

    Where something was `decided` that is the decision, and what pulled against it is below 0.
    """

    values: Floats
    features: tuple[str, ...]
    decided: bool

    @property
    def against(self) -> Pulls:
        """The same for the other one of two decisions."""
        return replace(self, values=-self.values)

    def strongest(self, count: int) -> pd.api.extensions.ExtensionArray:
        """For each row up to `count` features with their contributions, the strongest first.

        Of a decision only those that pulled towards it, which may be none. The (n,) array holds
        Arrow lists of structs with `feature` and `contribution`.
        """
        strength = self.values if self.decided else np.abs(self.values)
        order = np.argsort(-strength, axis=1, kind="stable")[:, :count]
        kept = np.take_along_axis(strength, order, axis=1) > ROUNDING
        picked = np.take_along_axis(self.values, order, axis=1)[kept]
        reasons = pa.StructArray.from_arrays(
            [pa.array(self.features).take(pa.array(order[kept])), pa.array(picked)],
            names=["feature", "contribution"],
        )
        ends = np.concatenate([[0], kept.sum(axis=1).cumsum()]).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(ends), reasons)
        return pd.arrays.ArrowExtensionArray(lists)


def pulls(model: TrainedModel, frame: pd.DataFrame, predicted: Predictions) -> Pulls:
    """The contributions to the decision on each row, or to its raw score where nothing is decided.

    For several classes the decision is the predicted class, against the mean of all classes.
    """
    found = contributions(model, frame)
    if model.problem_type == "multiclass":
        chosen = predicted.score.argmax(axis=1)
    elif predicted.threshold is not None:
        chosen = predicted.acted.astype(np.int64)
    else:
        return Pulls(found.values[:, :, 0], found.features, decided=False)
    towards = _towards(chosen, found.values, model.pipeline.classes_.astype(np.int64))
    return Pulls(towards, found.features, decided=True)


def _towards(chosen: NDArray[np.int64], values: Floats, known: NDArray[np.int64]) -> Floats:
    """(n, features) of the class `chosen` (n,), of those `known` from the fit in order."""
    if values.shape[2] == 1:
        return values[:, :, 0] * np.where(chosen == known[-1], 1, -1)[:, None]
    relative = values - values.mean(axis=2, keepdims=True)
    place = np.searchsorted(known, chosen)
    return np.take_along_axis(relative, place[:, None, None], axis=2)[:, :, 0]


def contributions(model: TrainedModel, frame: pd.DataFrame) -> Contributions:
    """What each feature of the rows of `frame` adds to the model's raw scores.

    Raises ArtifactError if the model is of a time when nothing was kept to explain it.
    """
    matrix, estimator = model.features(frame), model.pipeline["model"]
    sources = source_columns(model.pipeline["features"])
    features = tuple(dict.fromkeys(sources))
    belongs = np.asarray(np.array(sources)[:, None] == np.array(features), dtype=float)
    if model.family == "lightgbm":
        values, base = _of_trees(estimator, matrix, belongs)
    elif model.family == "ebm":
        values, base = _of_curves(estimator, matrix, belongs)
    elif model.centre is not None:
        values, base = _of_lines(estimator, matrix, belongs, model.centre)
    else:
        raise ArtifactError(
            "The model in production cannot give reasons: it was trained before they were asked "
            "for. Train and promote a new one, or set reasons in configs/batch_inference.yaml to 0."
        )
    return Contributions(values, base, features)


def _of_lines(
    estimator: BaseEstimator, matrix: Floats, belongs: Floats, centre: Floats
) -> tuple[Floats, Floats]:
    """Coefficient times distance from the mean; `matrix` (n, k) may be sparse."""
    coefficients, intercept = _coefficients(estimator)
    weights = coefficients[:, :, None] * belongs
    values = np.stack([matrix @ weight - centre @ weight for weight in weights], axis=2)
    return values, intercept + coefficients @ centre


def _coefficients(estimator: BaseEstimator) -> tuple[Floats, Floats]:
    """(scores, k) coefficients and (scores,) intercepts."""
    if isinstance(estimator, OneVsRestClassifier):
        parts = [_coefficients(part) for part in estimator.estimators_]
        return np.vstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])
    if isinstance(estimator, TransformedTargetRegressor):
        scale, shift = estimator.transformer_.scale_, estimator.transformer_.mean_
        coefficients, intercept = _coefficients(estimator.regressor_)
        return scale * coefficients, scale * intercept + shift
    return np.atleast_2d(estimator.coef_), np.atleast_1d(estimator.intercept_)


def _of_curves(estimator: BaseEstimator, matrix: Floats, belongs: Floats) -> tuple[Floats, Floats]:
    terms = estimator.eval_terms(matrix).reshape(len(matrix), len(belongs), -1)
    return np.einsum("nks,kf->nfs", terms, belongs), np.atleast_1d(estimator.intercept_)


def _of_trees(estimator: BaseEstimator, matrix: Floats, belongs: Floats) -> tuple[Floats, Floats]:
    """TreeSHAP: the last of each score's k + 1 columns is its mean over the training rows."""
    found = estimator.predict(matrix, pred_contrib=True)
    found = found.reshape(len(matrix), -1, len(belongs) + 1)
    return np.swapaxes(found[:, :, :-1] @ belongs, 1, 2), found[0, :, -1]
