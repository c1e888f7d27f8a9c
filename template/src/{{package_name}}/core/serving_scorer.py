"""Rows of requests through an exported model. Needs neither scikit-learn nor pandas."""

from __future__ import annotations

import math
import os
import string
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, when it is imported
import onnxruntime

from .calibration import Floats
from .serving_model import Layout

Row = Mapping[str, Any]
"""A row by its columns: a number, text, truth value or time; None, or no key, where missing."""


class OnnxScorer:
    """An exported model. One thread: requests are small, and several would wait for each other."""

    def __init__(self, model: Path | bytes, layout: Layout) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._layout = layout
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def scores(self, rows: Sequence[Row]) -> Floats:
        """Before calibration: (n,), or (n, classes) for several classes."""
        (scores,) = self._session.run(None, arrays(rows, self._layout))
        return np.asarray(scores[:, 0] if scores.shape[1] == 1 else scores)


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
    """A text; None where it is blank."""
    return text if text and text.strip(string.whitespace) else None


def utc(time: datetime) -> datetime:
    """A time in UTC, which is meant where it names no zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _seconds(time: datetime | None) -> float:
    return math.nan if time is None else math.floor(utc(time).timestamp())
