"""Model families: estimators, search spaces, and the fitted model that is deployed.

To change what is searched, edit `SPACES`. To add a family: name it in `settings.Family` and in
`SIMPLEST_FIRST`, give it `DEFAULTS` and a space, and build its estimator in `build_estimator`;
`candidates` in `configs/training.yaml` then lets it compete. Name the types that it is stored as
in `stored.py`. Where reasons are asked for, say in `reasons.py` what its contributions are.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from .calibration import Calibration, Threshold
from .contract import Contract, ProblemType
from .errors import SettingsError
from .levels import Matrix, transform
from .metrics import Floats, Predictions, pinball_quantile
from .preprocessing import build_preprocessor
from .samplers import Parameters, Range, Space
from .settings import Family, TrainingSettings

ModelFamily = Literal["dummy", "linear", "ebm", "lightgbm"]
SIMPLEST_FIRST: tuple[ModelFamily, ...] = ("dummy", "linear", "ebm", "lightgbm")

DEFAULTS: dict[ModelFamily, Parameters] = {
    "dummy": {},
    "linear": {"penalty": 1.0},
    "ebm": {"learning_rate": 0.04, "max_leaves": 3, "min_samples_leaf": 4, "max_bins": 256},
    "lightgbm": {
        "n_estimators": 150,
        "learning_rate": 0.05,
        "num_leaves": 12,
        "min_child_samples": 30,
        "subsample": 0.8,
        "colsample_bytree": 0.7,
        "reg_lambda": 1.0,
    },
}
SPACES: dict[Family, Space] = {
    "linear": tuple({"penalty": 10.0**power} for power in (-1, 1, -2, 2, 3)),
    "ebm": {
        "learning_rate": Range(0.02, 0.2, log=True),
        "max_leaves": Range(2, 5, integer=True),
        "min_samples_leaf": Range(2, 100, log=True, integer=True),
        "max_bins": Range(16, 512, log=True, integer=True),
    },
    "lightgbm": {
        "n_estimators": Range(50, 300, log=True, integer=True),
        "learning_rate": Range(0.02, 0.2, log=True),
        "num_leaves": Range(4, 48, log=True, integer=True),
        "min_child_samples": Range(5, 100, log=True, integer=True),
        "subsample": Range(0.6, 1.0),
        "colsample_bytree": Range(0.4, 1.0),
        "reg_lambda": Range(0.01, 30, log=True),
    },
}
"""What is tried after the default: a list in order, or ranges by the method of the search."""
UNTRANSFORMED = "untransformed"
"""A parameter of the linear family: 1 where it takes numbers without the power transform."""
MANY_ROWS = 100_000


def build_pipeline(
    contract: Contract, settings: TrainingSettings, family: ModelFamily, parameters: Parameters
) -> Pipeline:
    """Features and estimator as one unfitted Pipeline; the dummy reads no feature."""
    estimator = build_estimator(contract, settings, family, parameters)
    if family == "dummy":
        return Pipeline([("model", estimator)])
    chosen = settings.features
    if parameters.get(UNTRANSFORMED):
        chosen = chosen.model_copy(update={"scaling": "standard"})
    features = build_preprocessor(contract, chosen, family, settings.seed)
    return Pipeline([("features", features), ("model", estimator)])


def defaults(family: ModelFamily, settings: TrainingSettings) -> tuple[Parameters, ...]:
    """What a family is at least tried at.

    A power transform helps the linear family where a tail is noise, and harms it where the tail is
    the signal (rule D1): validation tells which.
    """
    if family == "linear" and settings.features.scaling == "power":
        return DEFAULTS[family], {**DEFAULTS[family], UNTRANSFORMED: 1}
    return (DEFAULTS[family],)


def search_space(family: Family, settings: TrainingSettings) -> Space:
    """What is tried after the first of the `defaults`."""
    space = SPACES[family]
    if not isinstance(space, tuple):
        return space
    others = defaults(family, settings)[1:]
    return (*others, *({**one, **place} for place in space for one in defaults(family, settings)))


def build_estimator(
    contract: Contract, settings: TrainingSettings, family: ModelFamily, parameters: Parameters
) -> BaseEstimator:
    """The unfitted estimator of a family, for the problem type and the metric."""
    if family == "dummy":
        return _dummy(contract.problem_type, settings)
    if family == "linear":
        sparse = settings.features.selection == "l1"
        return _linear(contract.problem_type, parameters["penalty"], sparse, settings.seed)
    if family == "ebm":
        return _ebm(contract.problem_type, parameters, settings.seed)
    return _lightgbm(contract, settings, parameters)


def _dummy(problem_type: ProblemType, settings: TrainingSettings) -> BaseEstimator:
    """The constant that is best for the metric: class shares, mean, median or quantile."""
    if problem_type != "regression":
        return DummyClassifier(strategy="prior")
    if settings.metric == "pinball":
        return DummyRegressor(strategy="quantile", quantile=pinball_quantile(settings))
    return DummyRegressor(strategy="mean" if settings.metric == "rmse" else "median")


def _linear(problem_type: ProblemType, penalty: float, sparse: bool, seed: int) -> BaseEstimator:
    """Penalised linear model; `sparse` is an L1 penalty, which drops features (rule D4)."""
    if problem_type == "regression":
        if not sparse:
            return Ridge(alpha=penalty)
        lasso = Lasso(alpha=0.01 * penalty, max_iter=20_000)
        return TransformedTargetRegressor(lasso, transformer=StandardScaler())
    if not sparse:
        return LogisticRegression(C=1 / penalty, max_iter=5_000)
    l1 = LogisticRegression(
        C=1 / penalty, l1_ratio=1, solver="liblinear", max_iter=1_000, random_state=seed
    )
    return l1 if problem_type == "binary" else OneVsRestClassifier(l1)


def _ebm(problem_type: ProblemType, parameters: Parameters, seed: int) -> BaseEstimator:
    """Explainable boosting machine: a curve for each column and no interactions.

    So a contribution belongs to one feature, whatever the problem. Values are predicted as means,
    as the linear family does. Four bags smooth the curves; more took longer and gained nothing.
    interpret-core takes seconds to import, so only who fits an EBM does. Raises SettingsError
    where it is not installed.
    """
    try:
        from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
    except ModuleNotFoundError:
        raise SettingsError(
            "configs/training.yaml: the candidate ebm needs interpret-core: add ebm to "
            "default-groups in pyproject.toml and run `uv sync`, or take it off the candidates."
        ) from None
    warnings.filterwarnings("ignore", "Missing values detected", UserWarning)
    fixed = {
        "interactions": 0,
        "outer_bags": 4,
        "max_rounds": 1_000,
        "random_state": seed,
        "n_jobs": 1,
    }
    if problem_type == "regression":
        return ExplainableBoostingRegressor(**parameters, **fixed)
    return ExplainableBoostingClassifier(**parameters, **fixed)


def _lightgbm(
    contract: Contract, settings: TrainingSettings, parameters: Parameters
) -> BaseEstimator:
    """Threads pay on large tables only; on small ones they wait for each other."""
    fixed: dict[str, object] = {
        "random_state": settings.seed,
        "n_jobs": 2 if contract.rows >= MANY_ROWS else 1,
        "deterministic": True,
        "force_row_wise": True,
        "subsample_freq": 1,
        "verbose": -1,
    }
    if contract.problem_type != "regression":
        return LGBMClassifier(**parameters, **fixed)
    objectives = {"mae": "l1", "wape": "l1", "pinball": "quantile"}
    objective = objectives.get(settings.metric, "l2")
    if objective == "quantile":
        fixed["alpha"] = pinball_quantile(settings)
    return LGBMRegressor(**parameters, **fixed, objective=objective)


def raw_scores(model: Pipeline | BaseEstimator, inputs: object, classes: int) -> Floats:
    """What a fitted model says before calibration.

    P(positive) (n,) for 2 classes; (n, classes) for more, 0 for a class the fit did not see;
    values (n,) for 0 classes (regression). The model is fitted on codes 0 … classes - 1.
    """
    if not classes:
        return np.asarray(model.predict(inputs), dtype=float)
    found = model.predict_proba(inputs)
    aligned = np.zeros((len(found), classes))
    aligned[:, model.classes_.astype(int)] = found
    return aligned[:, 1] if classes == 2 else aligned


def identity(contract: Contract) -> list[str]:
    """The columns that tell rows apart: identifiers and the event time, else all of them."""
    if not contract.identifiers:
        return [column.name for column in contract.used]
    return [*contract.identifiers, *([contract.event_time] if contract.event_time else [])]


def fingerprint(frame: pd.DataFrame, contract: Contract) -> NDArray[np.uint64]:
    """(n,) hashes of rows, of their `identity`."""
    return row_hashes(frame[identity(contract)])


def row_hashes(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """(n,) hashes of whole rows."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy().astype(np.uint64)


@dataclass(frozen=True)
class TrainedModel:
    """A fitted Pipeline with the plain data that turns its scores into decisions."""

    family: ModelFamily
    parameters: Parameters
    problem_type: ProblemType
    classes: tuple[str, ...]
    """Labels by code; (negative, positive) for two; empty for regression."""
    inputs: tuple[str, ...]
    """Columns that the Pipeline reads."""
    pipeline: Pipeline
    calibration: Calibration
    threshold: Threshold
    seen: NDArray[np.uint64]
    """Fingerprints of the rows it was trained on."""
    centre: Floats | None = None
    """(k,) means over those rows of what a linear estimator reads: its reasons start from them."""

    def features(self, frame: pd.DataFrame) -> Matrix:
        """(n, k): what the estimator reads of the rows of `frame`, which holds `inputs`."""
        return transform(self.pipeline["features"], frame)

    def predict(self, frame: pd.DataFrame) -> Predictions:
        """Calibrated predictions of the rows of `frame`, which holds `inputs`."""
        inputs = self.features(frame) if "features" in self.pipeline.named_steps else frame
        scores = raw_scores(self.pipeline["model"], inputs, len(self.classes))
        return Predictions(self.calibration.apply(scores), self.threshold.value)
