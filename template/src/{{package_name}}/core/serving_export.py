"""From a fitted Pipeline to ONNX: one function for each step that `preprocessing` and `models` use.

A step of another kind cannot be exported, and the service then loads the Pipeline itself. To have
one exported, give it a function here: `@_translate.register`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from .contract import Contract
from .models import TrainedModel
from .preprocessing import MISSING, SECONDS, CalendarFeatures, OwnFeatures
from .serving_graph import EXPLAINED, ML, SCORES, Graph
from .serving_model import Layout
from .serving_reasons import add_contributions
from .serving_trees import UnknownTreeError, add_trees

OWN = "features of your own are Python"
"""They alone read numbers, texts and times together."""


class NotExportableError(Exception):
    """A model that ONNX cannot say; `str(error)` names the step."""


@dataclass(frozen=True)
class _Table:
    """The columns of the model's inputs by kind, and the names of what the graph reads."""

    layout: Layout
    graph: Graph

    def columns(self, names: Sequence[str]) -> str:
        for kind, known in self.layout.kinds.items():
            if set(names) <= {*known}:
                return self.graph.columns(kind, [known.index(name) for name in names])
        raise NotExportableError(OWN)


def layout_of(model: TrainedModel, contract: Contract) -> Layout:
    """Which of the model's columns go into which input of the graph."""
    types = {name: contract.by_name[name].type for name in model.inputs}
    return Layout(
        numbers=tuple(name for name in types if types[name] not in ("string", "datetime")),
        texts=tuple(name for name in types if types[name] == "string"),
        times=tuple(name for name in types if types[name] == "datetime"),
        missing_text=MISSING,
    )


def export(model: TrainedModel, layout: Layout, reasons: bool = False) -> bytes:
    """The model's Pipeline, without calibration and threshold, as an ONNX file.

    Its output `scores` is (n, 1), or (n, classes) for several classes; for `reasons` it has
    `explained` too. Raises NotExportableError.
    """
    graph = Graph()
    steps = dict(model.pipeline.steps)
    if "features" not in steps:
        raise NotExportableError(f"{type(steps['model']).__name__} reads no features")
    table = _Table(layout, graph)
    try:
        branches = [
            _translate(step, graph, table.columns(list(columns)))
            for name, step, columns in steps["features"].transformers_
            if name != "remainder"
        ]
        features = graph.side_by_side(branches)
        scores = _score(steps["model"], graph, features)
    except UnknownTreeError as problem:
        raise NotExportableError(str(problem)) from None
    if len(model.classes) > 2:
        scores = _in_order(graph, scores, steps["model"].classes_, len(model.classes))
    outputs = {SCORES: scores}
    if reasons:
        outputs[EXPLAINED] = add_contributions(graph, model, features)
    widths = {kind: len(names) for kind, names in layout.kinds.items() if names}
    return graph.finish(outputs, widths)


def _in_order(graph: Graph, scores: str, found: np.ndarray, classes: int) -> str:
    """Scores of the classes that the fit has seen, 0 for the others."""
    places = np.zeros((len(found), classes))
    places[np.arange(len(found)), found.astype(int)] = 1.0
    return graph.node("MatMul", scores, places)


@singledispatch
def _translate(step: object, graph: Graph, columns: str) -> str:
    """What a fitted transformer makes of `columns`, as nodes of the graph."""
    raise NotExportableError(f"{type(step).__name__} has no counterpart in ONNX")


@_translate.register
def _(step: OwnFeatures, graph: Graph, columns: str) -> str:
    raise NotExportableError(OWN)


@_translate.register
def _(step: FunctionTransformer, graph: Graph, columns: str) -> str:
    """What `passthrough` becomes in a fitted ColumnTransformer."""
    if step.func is not None:
        raise NotExportableError("a function has no counterpart in ONNX")
    return columns


@_translate.register
def _(step: Pipeline, graph: Graph, columns: str) -> str:
    for _, part in step.steps:
        columns = _translate(part, graph, columns)
    return columns


@_translate.register
def _(step: SimpleImputer, graph: Graph, columns: str) -> str:
    """The caller has put `MISSING` in the gaps of text already."""
    if isinstance(step.fill_value, str):
        return columns
    values = step.statistics_.astype(float)
    filled = graph.node("Where", graph.node("IsNaN", columns), values, columns)
    if step.indicator_ is None:
        return filled
    return graph.side_by_side([filled, _translate(step.indicator_, graph, columns)])


@_translate.register
def _(step: MissingIndicator, graph: Graph, columns: str) -> str:
    return graph.number(graph.node("IsNaN", graph.columns(columns, step.features_)))


@_translate.register
def _(step: MinMaxScaler, graph: Graph, columns: str) -> str:
    scaled = graph.node("Add", graph.node("Mul", columns, step.scale_), step.min_)
    low, high = map(float, step.feature_range)
    return graph.node("Clip", scaled, low, high) if step.clip else scaled


@_translate.register
def _(step: StandardScaler, graph: Graph, columns: str) -> str:
    return graph.node("Div", graph.node("Sub", columns, step.mean_), step.scale_)


@_translate.register
def _(step: RobustScaler, graph: Graph, columns: str) -> str:
    return graph.node("Div", graph.node("Sub", columns, step.center_), step.scale_)


@_translate.register
def _(step: PowerTransformer, graph: Graph, columns: str) -> str:
    """Yeo and Johnson's: one power above zero and another below, a logarithm at their limits."""
    upper, lower = step.lambdas_, 2 - step.lambdas_
    absolute = graph.node("Abs", columns)
    above = _power(graph, absolute, upper)
    below = graph.node("Neg", _power(graph, absolute, lower))
    negative = graph.node("Less", columns, 0.0)
    return graph.node("Where", negative, below, above)


def _power(graph: Graph, columns: str, exponents: np.ndarray) -> str:
    """((x + 1)^exponent - 1) / exponent, log(x + 1) where the exponent is 0."""
    flat = np.abs(exponents) < np.spacing(1.0)
    safe = np.where(flat, 1.0, exponents)
    shifted = graph.node("Add", columns, 1.0)
    raised = graph.node("Sub", graph.node("Pow", shifted, safe), 1.0)
    return graph.node("Where", flat, graph.node("Log", shifted), graph.node("Div", raised, safe))


@_translate.register
def _(step: CalendarFeatures, graph: Graph, columns: str) -> str:
    cycles = []
    for period in SECONDS.values():
        angle = graph.node("Div", graph.node("Mul", columns, 2 * np.pi), float(period))
        cycles += [graph.node("Sin", angle), graph.node("Cos", angle)]
    return graph.side_by_side(cycles)


@_translate.register
def _(step: OrdinalEncoder, graph: Graph, columns: str) -> str:
    tables = [
        np.array([*range(len(levels)), step.unknown_value], dtype=float)[:, None]
        for levels in step.categories_
    ]
    return _looked_up(graph, columns, step.categories_, tables)


@_translate.register
def _(step: OneHotEncoder, graph: Graph, columns: str) -> str:
    rare = getattr(step, "infrequent_categories_", [None] * len(step.categories_))
    tables = [
        _one_hot(levels, () if few is None else few)
        for levels, few in zip(step.categories_, rare, strict=True)
    ]
    return _looked_up(graph, columns, step.categories_, tables)


def _one_hot(levels: np.ndarray, rare: Sequence[str]) -> np.ndarray:
    """A row for each level and one for an unknown; rare levels share the last column with it."""
    is_rare = np.isin(levels, list(rare))
    frequent = int((~is_rare).sum())
    table = np.zeros((len(levels) + 1, frequent + bool(is_rare.any())))
    table[:-1][~is_rare, np.arange(frequent)] = 1.0
    if is_rare.any():
        table[[*np.flatnonzero(is_rare), -1], -1] = 1.0
    return table


@_translate.register
def _(step: TargetEncoder, graph: Graph, columns: str) -> str:
    means = np.atleast_1d(step.target_mean_)
    tables = []
    for place, levels in enumerate(step.categories_):
        encodings = step.encodings_[place * len(means) : (place + 1) * len(means)]
        tables.append(np.vstack([np.column_stack(encodings).reshape(len(levels), -1), means]))
    return _looked_up(graph, columns, step.categories_, tables)


def _looked_up(
    graph: Graph, columns: str, categories: Sequence[np.ndarray], tables: Sequence[np.ndarray]
) -> str:
    """The row of each text's table; the last row is for a level that training has not seen."""
    found = []
    for place, (levels, table) in enumerate(zip(categories, tables, strict=True)):
        codes = graph.node(
            "LabelEncoder",
            graph.node("Gather", columns, np.array(place), axis=1),
            domain=ML,
            keys_strings=[str(level) for level in levels],
            values_int64s=list(range(len(levels))),
            default_int64=len(levels),
        )
        found.append(graph.node("Gather", table, codes, axis=0))
    return graph.side_by_side(found)


@singledispatch
def _score(estimator: BaseEstimator, graph: Graph, features: str) -> str:
    """Raw scores of a fitted estimator: (n, 1), or (n, classes it has seen)."""
    raise NotExportableError(f"{type(estimator).__name__} has no counterpart in ONNX")


@_score.register
def _(estimator: LogisticRegression, graph: Graph, features: str) -> str:
    linear = _linear(graph, features, estimator.coef_, estimator.intercept_)
    if len(estimator.classes_) == 2:
        return graph.node("Sigmoid", linear)
    return graph.node("Softmax", linear, axis=1)


@_score.register
def _(estimator: OneVsRestClassifier, graph: Graph, features: str) -> str:
    if not all(isinstance(each, LogisticRegression) for each in estimator.estimators_):
        raise NotExportableError("a class without rows has no counterpart in ONNX")
    scores = graph.side_by_side([_score(each, graph, features) for each in estimator.estimators_])
    return graph.node("Div", scores, graph.node("ReduceSum", scores, np.array([1]), keepdims=1))


@_score.register
def _(estimator: Ridge | Lasso, graph: Graph, features: str) -> str:
    return _linear(graph, features, estimator.coef_, estimator.intercept_)


@_score.register
def _(estimator: TransformedTargetRegressor, graph: Graph, features: str) -> str:
    scale = estimator.transformer_
    if not isinstance(scale, StandardScaler):
        raise NotExportableError(f"a target behind {type(scale).__name__} has no counterpart")
    scores = _score(estimator.regressor_, graph, features)
    return graph.node("Add", graph.node("Mul", scores, scale.scale_), scale.mean_)


@_score.register
def _(estimator: LGBMClassifier, graph: Graph, features: str) -> str:
    if len(estimator.classes_) == 2:
        return graph.node("Sigmoid", add_trees(graph, estimator.booster_, features, 1))
    raw = add_trees(graph, estimator.booster_, features, len(estimator.classes_))
    return graph.node("Softmax", raw, axis=1)


@_score.register
def _(estimator: LGBMRegressor, graph: Graph, features: str) -> str:
    return add_trees(graph, estimator.booster_, features, 1)


def _linear(graph: Graph, features: str, weights: np.ndarray, intercept: np.ndarray) -> str:
    product = graph.node("MatMul", features, np.atleast_2d(weights).T)
    return graph.node("Add", product, np.atleast_1d(intercept))
