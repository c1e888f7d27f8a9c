"""LightGBM's trees as one ONNX node, in double precision as LightGBM itself compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from lightgbm import Booster
from onnx import numpy_helper

from .serving_graph import ML, Graph

LESS_OR_EQUAL, SUM, NO_TRANSFORM = 0, 1, 0
"""ONNX's codes for how a node decides, how trees are put together, and what follows."""


class UnknownTreeError(Exception):
    """A tree that splits in a way that this project does not use."""


class _Trees:
    """Nodes and leaves of all trees, each in one list, as ONNX wants them."""

    def __init__(self) -> None:
        self.features: list[int] = []
        self.thresholds: list[float] = []
        self.missing_left: list[int] = []
        self.children: tuple[list[int], list[int]] = ([], [])
        self.are_leaves: tuple[list[int], list[int]] = ([], [])
        self.targets: list[int] = []
        self.weights: list[float] = []

    def add(self, node: Mapping[str, Any], target: int) -> tuple[int, int]:
        """The place of a node with all below it, and whether it is a leaf (1) or not (0)."""
        if "split_feature" not in node:
            self.targets.append(target)
            self.weights.append(node["leaf_value"])
            return len(self.weights) - 1, 1
        place = len(self.features)
        self.features.append(node["split_feature"])
        self.thresholds.append(node["threshold"])
        self.missing_left.append(_missing_goes_left(node))
        for each in (*self.children, *self.are_leaves):
            each.append(0)
        for side, name in enumerate(("left_child", "right_child")):
            child, is_leaf = self.add(node[name], target)
            self.children[side][place], self.are_leaves[side][place] = child, is_leaf
        return place, 0


def _missing_goes_left(node: Mapping[str, Any]) -> int:
    """Whether NaN takes the left branch; where training met none, LightGBM takes it for 0."""
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise UnknownTreeError(f"a split by {node['decision_type']}, {node['missing_type']}")
    if node["missing_type"] == "None":
        return int(node["threshold"] >= 0)
    return int(node["default_left"])


def add_trees(graph: Graph, booster: Booster, features: str, outputs: int) -> str:
    """Raw scores (n, outputs): the sum of the trees, which take turns among the outputs.

    Raises UnknownTreeError.
    """
    model = booster.dump_model()
    trees, roots = _Trees(), []
    constants = np.zeros(outputs)
    for number, tree in enumerate(model["tree_info"]):
        if "split_feature" in tree["tree_structure"]:
            roots.append(trees.add(tree["tree_structure"], number % outputs)[0])
        else:
            constants[number % outputs] += tree["tree_structure"]["leaf_value"]
    if not roots:
        rows = graph.node("Mul", graph.columns(features, [0]), 0.0)
        blank = graph.node("Where", graph.node("IsNaN", rows), 0.0, rows)
        return graph.node("Add", blank, constants)
    summed = graph.node(
        "TreeEnsemble",
        features,
        domain=ML,
        aggregate_function=SUM,
        post_transform=NO_TRANSFORM,
        n_targets=outputs,
        tree_roots=roots,
        nodes_modes=numpy_helper.from_array(
            np.full(len(trees.features), LESS_OR_EQUAL, dtype=np.uint8)
        ),
        nodes_featureids=trees.features,
        nodes_splits=numpy_helper.from_array(np.array(trees.thresholds)),
        nodes_missing_value_tracks_true=trees.missing_left,
        nodes_truenodeids=trees.children[0],
        nodes_trueleafs=trees.are_leaves[0],
        nodes_falsenodeids=trees.children[1],
        nodes_falseleafs=trees.are_leaves[1],
        leaf_targetids=trees.targets,
        leaf_weights=numpy_helper.from_array(np.array(trees.weights)),
    )
    return graph.node("Add", summed, constants)
