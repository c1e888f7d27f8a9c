"""The fitted features of a large table: each text is prepared once, however many rows have it.

Most of the time that a Pipeline takes goes into texts, row by row. Their columns have few levels,
so that the levels are put through the fitted step, and each row takes what its level became: the
same numbers to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder

from .preprocessing import made_from

Matrix = Any
"""(n, k): an array, dense or sparse."""
CELL_BY_CELL = (SimpleImputer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder)
"""Steps whose output for a value depends on that value and its column alone."""


def transform(fitted: ColumnTransformer, frame: pd.DataFrame) -> Matrix:
    """What `fitted.transform(frame)` gives."""
    if fitted.transformer_weights or fitted.remainder != "drop":
        return fitted.transform(frame)
    parts: list[Matrix] = []
    for name, step, columns in fitted.transformers_:
        if name == "remainder":
            continue
        if _of_texts(step, frame[columns]):
            parts += _by_level(step, frame[columns])
        else:
            parts.append(step.transform(frame[columns]))
    if fitted.sparse_output_:
        return sparse.hstack([sparse.csr_matrix(part) for part in parts], format="csr")
    return np.hstack([part.toarray() if sparse.issparse(part) else part for part in parts])


def _of_texts(step: object, frame: pd.DataFrame) -> bool:
    return (
        isinstance(step, Pipeline)
        and all(isinstance(part, CELL_BY_CELL) and not _adds(part) for _, part in step.steps)
        and all(isinstance(kind, pd.StringDtype) for kind in frame.dtypes)
    )


def _adds(step: object) -> bool:
    """Whether a step gives other columns than one or more for each of its own, in their order."""
    return bool(getattr(step, "add_indicator", False) or getattr(step, "drop", None))


def _by_level(step: Pipeline, frame: pd.DataFrame) -> list[Matrix]:
    """The columns that the step makes of each column of `frame`."""
    found = {name: column.factorize(use_na_sentinel=False) for name, column in frame.items()}
    most = np.arange(max(len(levels) for _, levels in found.values()))
    known = {name: levels.take(most % len(levels)) for name, (_, levels) in found.items()}
    prepared = step.transform(pd.DataFrame(known))
    source = np.array(made_from(step, list(frame)))
    return [prepared[:, source == name][codes] for name, (codes, _) in found.items()]
