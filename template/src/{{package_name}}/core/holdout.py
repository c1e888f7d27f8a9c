"""The rows that are kept for the end, and what the models say of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .contract import Contract
from .metrics import Predictions, Truth
from .models import TrainedModel
from .split import Split
from .target import encode_target


@dataclass(frozen=True)
class Holdout:
    """Truth (n,) and predictions of the model that a run ends with, and of its baseline."""

    truth: Truth
    model: Predictions
    baseline: Predictions


def test_rows(
    frame: pd.DataFrame, split: Split, contract: Contract, model: TrainedModel
) -> tuple[pd.DataFrame, Truth]:
    """The rows of `split.test`; those of a class that training never saw are left out."""
    test = frame.iloc[split.test]
    truth = encode_target(test[contract.target], contract, model.classes)
    known = truth >= 0 if contract.classification else np.ones(truth.size, dtype=bool)
    return test[known], truth[known]


def predict_holdout(
    model: TrainedModel,
    baseline: TrainedModel,
    frame: pd.DataFrame,
    split: Split,
    contract: Contract,
) -> Holdout:
    """What both models say of the rows of `split.test`."""
    test, truth = test_rows(frame, split, contract, model)
    return Holdout(truth=truth, model=model.predict(test), baseline=baseline.predict(test))
