"""The target column as numbers: codes of classes, or values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .contract import Contract
from .metrics import Truth


def class_labels(target: pd.Series, contract: Contract) -> tuple[str, ...]:
    """Labels by code: (negative, positive) for two classes, in order for several, else empty."""
    if not contract.classification:
        return ()
    labels = sorted({*contract.target_column.levels, *target.dropna().unique()})
    if contract.problem_type == "multiclass":
        return tuple(labels)
    positive = contract.positive_label or ""
    negatives = [label for label in labels if label != positive]
    return (negatives[0] if len(negatives) == 1 else f"not {positive}", positive)


def encode_target(target: pd.Series, contract: Contract, classes: tuple[str, ...]) -> Truth:
    """(n,): 1 for the positive class and 0 otherwise; codes of `classes`; or the values.

    A label that is not among several classes has the code -1.
    """
    if contract.problem_type == "regression":
        return target.to_numpy(dtype=float)
    if contract.problem_type == "binary":
        return (target == contract.positive_label).to_numpy().astype(np.int64)
    return pd.Index(classes).get_indexer(pd.Index(target)).astype(np.int64)
