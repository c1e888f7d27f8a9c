"""A version that ONNX cannot say: the fitted Pipeline itself, one data frame for each request."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..core import stored
from ..core.calibration import Floats
from ..core.models import TrainedModel, raw_scores
from ..core.pulls import Contributions
from ..core.reasons import can_explain, contributions
from ..core.serving_model import ServedModel
from ..core.serving_scorer import Row, arrays, filled, utc


class SklearnScorer:
    """`content` comes from the project's own registry, checked by its hash, and is no pickle."""

    def __init__(self, content: bytes, served: ServedModel) -> None:
        self._model: TrainedModel = stored.read(content)
        self._layout = served.layout

    def scores(self, rows: Sequence[Row]) -> Floats:
        """Before calibration: (n,), or (n, classes) for several classes."""
        scored = self._frame(rows)
        return raw_scores(self._model.pipeline, scored, len(self._model.classes))

    @property
    def explains(self) -> bool:
        """Whether it holds what its reasons are made of."""
        return can_explain(self._model)

    def contributions(self, rows: Sequence[Row]) -> Contributions:
        """What each feature adds to the raw scores of rows."""
        return contributions(self._model, self._frame(rows))[0]

    def _frame(self, rows: Sequence[Row]) -> pd.DataFrame:
        found = arrays(rows, self._layout)
        columns: dict[str, object] = {}
        for place, name in enumerate(self._layout.numbers):
            columns[name] = found["numbers"][:, place]
        for name in self._layout.texts:
            columns[name] = pd.Series([filled(row.get(name)) for row in rows], dtype="str")
        for name in self._layout.times:
            times = [row.get(name) for row in rows]
            naive = [None if time is None else utc(time).replace(tzinfo=None) for time in times]
            columns[name] = np.array(naive, dtype="datetime64[us]")
        return pd.DataFrame(columns)[list(self._model.inputs)]
