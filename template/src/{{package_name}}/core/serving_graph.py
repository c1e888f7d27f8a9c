"""An ONNX graph in double precision, node by node.

ONNX's own converters calculate in single precision, which moves a row to the other side of a
tree's split where numbers are long, and some fail on a level that training has not seen.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

OPSET, TREES, IR_VERSION = 18, 5, 10
"""Versions of ONNX's operators, of its operators for trees and text, and of its file format."""
ML = "ai.onnx.ml"
SCORES, EXPLAINED = "scores", "explained"
"""Names of the outputs; the second is there where reasons are asked for."""
INPUTS = {
    "numbers": TensorProto.DOUBLE,
    "texts": TensorProto.STRING,
    "times": TensorProto.DOUBLE,
}
"""Names of the inputs, each (n, columns); times in seconds since 1970."""


class Graph:
    """Nodes in the order in which they run; what they hand on has a name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: ArrayLike) -> str:
        """The name of fixed `values`; floats are kept as doubles."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(
        self, kind: str, *inputs: str | ArrayLike, domain: str = "", **settings: object
    ) -> str:
        """The name of what an operator makes of its inputs; those that are no names are fixed."""
        name = f"{kind.lower()}_{len(self._nodes)}"
        names = [part if isinstance(part, str) else self.constant(part) for part in inputs]
        self._nodes.append(helper.make_node(kind, names, [name], domain=domain, **settings))
        return name

    def number(self, tensor: str) -> str:
        """Whole numbers or truth values as doubles."""
        return self.node("Cast", tensor, to=TensorProto.DOUBLE)

    def columns(self, tensor: str, places: ArrayLike) -> str:
        """Some columns of a matrix."""
        return self.node("Gather", tensor, np.asarray(places, dtype=np.int64), axis=1)

    def side_by_side(self, tensors: list[str]) -> str:
        """Matrices with the same rows as one."""
        return tensors[0] if len(tensors) == 1 else self.node("Concat", *tensors, axis=1)

    def finish(self, outputs: dict[str, str], widths: dict[str, int]) -> bytes:
        """The whole as a file; `outputs` by name, `widths` the columns of each input it reads."""
        for name, tensor in outputs.items():
            self._nodes.append(helper.make_node("Identity", [tensor], [name]))
        inputs = [
            helper.make_tensor_value_info(name, INPUTS[name], [None, width])
            for name, width in widths.items()
        ]
        given = [
            helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None, None])
            for name in outputs
        ]
        graph = helper.make_graph(self._nodes, "model", inputs, given, self._constants)
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(ML, TREES)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        written: bytes = model.SerializeToString()
        return written
