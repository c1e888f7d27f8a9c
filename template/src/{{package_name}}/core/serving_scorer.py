"""Rows of requests through an exported model. Needs neither scikit-learn nor pandas."""

from __future__ import annotations

import math
import os
import string
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, when it is imported
import onnxruntime

from .calibration import Floats
from .pulls import Contributions, by_feature
from .serving_model import Explained, Layout

Row = Mapping[str, Any]
"""A row by its columns: a number, text, truth value or time; None, or no key, where missing."""


class OnnxScorer:
    """An exported model. One thread: requests are small, and several would wait for each other."""

    def __init__(
        self,
        model: Path | bytes,
        layout: Layout,
        explained: Explained | None = None,
        booster: bytes = b"",
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._layout = layout
        self._explained = explained
        self._booster_text = booster
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def scores(self, rows: Sequence[Row]) -> Floats:
        """Before calibration: (n,), or (n, classes) for several classes."""
        scores = self._run("scores", rows)
        return scores[:, 0] if scores.shape[1] == 1 else scores

    @property
    def explains(self) -> bool:
        """Whether it was exported with what its reasons are made of."""
        return self._explained is not None

    def contributions(self, rows: Sequence[Row]) -> Contributions:
        """What each feature adds to the raw scores of rows."""
        assert self._explained is not None, "ask only one that explains"
        sources = self._explained.sources
        found = self._run("explained", rows)
        if self._booster_text:
            shapley = self._booster.predict(found, pred_contrib=True, num_threads=1)
            found = shapley.reshape(len(rows), -1, len(sources) + 1)[:, :, :-1]
        features, belongs = by_feature(sources)
        values = found.reshape(len(rows), -1, len(sources)) @ belongs
        return Contributions(np.swapaxes(values, 1, 2), features, self._explained.classes)

    @cached_property
    def _booster(self) -> Any:
        from lightgbm import Booster

        return Booster(model_str=self._booster_text.decode())

    def _run(self, output: str, rows: Sequence[Row]) -> Floats:
        (found,) = self._session.run([output], arrays(rows, self._layout))
        return np.asarray(found)


def arrays(rows: Sequence[Row], layout: Layout) -> dict[str, NDArray[Any]]:
    """The inputs of an exported model, each (n, columns); those without columns are left out."""
    found: dict[str, NDArray[Any]] = {}
    if layout.numbers:
        values = [[_number(row.get(name)) for name in layout.numbers] for row in rows]
        found["numbers"] = np.array(values, dtype=np.float64)
    if layout.texts:
        texts = [[filled(row.get(name)) or layout.missing_text for name in layout.texts]
                 for row in rows]  # fmt: skip
        found["texts"] = np.array(texts, dtype=object)
    if layout.times:
        times = [[_seconds(row.get(name)) for name in layout.times] for row in rows]
        found["times"] = np.array(times, dtype=np.float64)
    return found


def filled(text: str | None) -> str | None:
    """A text without the blanks around it; None where there is nothing else."""
    return (text.strip(string.whitespace) or None) if text else None


def utc(time: datetime) -> datetime:
    """A time in UTC, which is meant where it names no zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _seconds(time: datetime | None) -> float:
    return math.nan if time is None else math.floor(utc(time).timestamp())
