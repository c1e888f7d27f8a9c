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

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.multiclass import OneVsRestClassifier

from .errors import ArtifactError
from .metrics import Floats, Predictions
from .models import TrainedModel
from .preprocessing import source_columns
from .pulls import CONTRIBUTION, FEATURE, Contributions, Pulls, by_feature, towards

HOW = {
    "linear": "a coefficient times the distance of the value from its training mean",
    "ebm": "the height of the feature's own curve",
    "lightgbm": "the Shapley values of its trees",
}
"""What a contribution is, by family."""


def pulls(model: TrainedModel, frame: pd.DataFrame, predicted: Predictions) -> Pulls:
    """The contributions to the decision on each row, or to its raw score where nothing is decided.

    For several classes the decision is the predicted class.
    """
    found, _ = contributions(model, frame)
    if model.problem_type == "multiclass":
        return towards(found, predicted.score.argmax(axis=1))
    if predicted.threshold is None:
        return towards(found, None)
    return towards(found, predicted.acted.astype(np.int64))


def column(found: Pulls, count: int) -> pd.api.extensions.ExtensionArray:
    """(n,) Arrow lists of the `count` strongest reasons of each row."""
    chosen = found.chosen(count)
    reasons = pa.StructArray.from_arrays(
        [pa.array(found.features).take(pa.array(chosen.features)), pa.array(chosen.contributions)],
        names=[FEATURE, CONTRIBUTION],
    )
    ends = np.concatenate([[0], chosen.counts.cumsum()]).astype(np.int32)
    return pd.arrays.ArrowExtensionArray(pa.ListArray.from_arrays(pa.array(ends), reasons))


def can_explain(model: TrainedModel) -> bool:
    """Whether the model holds what its reasons are made of."""
    return model.family in ("ebm", "lightgbm") or model.centre is not None


def contributions(model: TrainedModel, frame: pd.DataFrame) -> tuple[Contributions, Floats]:
    """What each feature of the rows of `frame` adds to the model's raw scores.

    Beside it (scores,): the raw scores of a row to which no feature adds anything. Raises
    ArtifactError if the model is of a time when nothing was kept to explain it.
    """
    matrix, estimator = model.features(frame), model.pipeline["model"]
    features, belongs = by_feature(source_columns(model.pipeline["features"]))
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
    return Contributions(values, features, classes_of(model)), base


def classes_of(model: TrainedModel) -> tuple[int, ...]:
    """Codes of the classes that the fit has seen; none in a regression."""
    return tuple(map(int, model.pipeline.classes_)) if model.classes else ()


def _of_lines(
    estimator: BaseEstimator, matrix: Floats, belongs: Floats, centre: Floats
) -> tuple[Floats, Floats]:
    """Coefficient times distance from the mean; `matrix` (n, k) may be sparse."""
    slopes, intercept = coefficients(estimator)
    weights = slopes[:, :, None] * belongs
    values = np.stack([matrix @ weight - centre @ weight for weight in weights], axis=2)
    return values, intercept + slopes @ centre


def coefficients(estimator: BaseEstimator) -> tuple[Floats, Floats]:
    """(scores, k) coefficients and (scores,) intercepts."""
    if isinstance(estimator, OneVsRestClassifier):
        parts = [coefficients(part) for part in estimator.estimators_]
        return np.vstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])
    if isinstance(estimator, TransformedTargetRegressor):
        scale, shift = estimator.transformer_.scale_, estimator.transformer_.mean_
        slopes, intercept = coefficients(estimator.regressor_)
        return scale * slopes, scale * intercept + shift
    return np.atleast_2d(estimator.coef_), np.atleast_1d(estimator.intercept_)


def _of_curves(estimator: BaseEstimator, matrix: Floats, belongs: Floats) -> tuple[Floats, Floats]:
    terms = estimator.eval_terms(matrix).reshape(len(matrix), len(belongs), -1)
    return np.einsum("nks,kf->nfs", terms, belongs), np.atleast_1d(estimator.intercept_)


def _of_trees(estimator: BaseEstimator, matrix: Floats, belongs: Floats) -> tuple[Floats, Floats]:
    """TreeSHAP: the last of each score's k + 1 columns is its mean over the training rows."""
    found = estimator.predict(matrix, pred_contrib=True)
    found = found.reshape(len(matrix), -1, len(belongs) + 1)
    return np.swapaxes(found[:, :, :-1] @ belongs, 1, 2), found[0, :, -1]
