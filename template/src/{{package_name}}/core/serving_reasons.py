"""What an exported model carries for its reasons, and what it says then.

A line's contributions are an output of the ONNX graph beside its scores. Those of trees are Shapley
values, which ONNX cannot say: its graph hands on the features that LightGBM calculates them from,
and the trees lie beside it as LightGBM's own text, which is no code.
"""

from __future__ import annotations

import numpy as np

from .models import TrainedModel
from .preprocessing import source_columns
from .pulls import by_feature
from .reasons import can_explain, classes_of, coefficients
from .serving_graph import Graph
from .serving_model import Explained


def explained_by(model: TrainedModel) -> Explained | None:
    """What the second output of an export of `model` means; None where it gives no reasons."""
    if not can_explain(model):
        return None
    sources = source_columns(model.pipeline["features"])
    return Explained(
        sources=sources if model.family == "lightgbm" else by_feature(sources)[0],
        classes=classes_of(model),
        booster="booster.txt" if model.family == "lightgbm" else "",
    )


def add_contributions(graph: Graph, model: TrainedModel, features: str) -> str:
    """The second output: (n, scores x features) of a line, else the features themselves."""
    if model.centre is None:
        return features
    slopes, _ = coefficients(model.pipeline["model"])
    _, belongs = by_feature(source_columns(model.pipeline["features"]))
    weights = np.hstack([slope[:, None] * belongs for slope in slopes])
    return graph.node("MatMul", graph.node("Sub", features, model.centre), weights)


def trees_of(model: TrainedModel) -> bytes:
    """LightGBM's text of its trees; empty for another family."""
    if model.family != "lightgbm":
        return b""
    written: str = model.pipeline["model"].booster_.model_to_string()
    return written.encode()
