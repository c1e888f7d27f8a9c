"""Permutation importance: how much worse a model does once a column says nothing any more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .metrics import SIMPLE, Truth
from .models import TrainedModel

MOST_ROWS = 2_000
REPEATS = 3


class Importance(BaseModel):
    """What one column is worth to a model, in log loss, or in mean absolute error (regression).

    `value` is the mean loss of `REPEATS` shuffles above that of the column as it is; at or below
    0 the model does as well without it.
    """

    column: str
    value: float


def permutation_importance(
    model: TrainedModel, rows: pd.DataFrame, truth: Truth, seed: int
) -> tuple[Importance, ...]:
    """The importance of each column that the model reads, the greatest first.

    `rows` are rows that training never read, with their `truth` (n,); above `MOST_ROWS` a random
    sample of them is taken. The same seed gives the same values.
    """
    random = np.random.default_rng(seed)
    if truth.size > MOST_ROWS:
        chosen = random.choice(truth.size, MOST_ROWS, replace=False)
        rows, truth = rows.iloc[chosen], truth[chosen]
    loss = SIMPLE["mae" if model.problem_type == "regression" else "log_loss"]
    inputs = rows[list(model.inputs)]
    present = loss.value(truth, model.predict(inputs))
    found = []
    for column in model.inputs:
        losses = []
        for _ in range(REPEATS):
            values = inputs[column].iloc[random.permutation(truth.size)].set_axis(inputs.index)
            losses.append(loss.value(truth, model.predict(inputs.assign(**{column: values}))))
        found.append(Importance(column=column, value=float(np.mean(losses)) - present))
    return tuple(sorted(found, key=lambda one: -one.value))


def most_important(
    importance: Sequence[Importance], share: float, most: int
) -> tuple[Importance, ...]:
    """The fewest columns that hold `share` of all importance, at most `most` of them.

    Where no column is worth anything, the first `most`.
    """
    worth = np.array([max(one.value, 0.0) for one in importance])
    if not worth.any():
        return tuple(importance[:most])
    enough = int(np.searchsorted(worth.cumsum(), share * worth.sum() * (1 - 1e-12))) + 1
    return tuple(importance[: min(enough, most)])
