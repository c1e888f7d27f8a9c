"""Features of your own: one function each.

    @feature
    def price_of_a_month(table: pd.DataFrame) -> pd.Series:
        return table["TotalCharges"] / table["tenure"].clip(lower=1)

`table` holds the columns that `data/contract.yaml` lets the model see, absent values as NaN; what
comes back is one number for each row, from that row alone. Every model family then sees it, and it
travels inside the fitted Pipeline, so that training, batch scoring and a service compute it alike.
`tests/test_features.py` holds each function to this; show a value of yours there too.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

Feature = Callable[[pd.DataFrame], pd.Series]
FEATURES: list[Feature] = []
"""The functions below, in order."""


def feature(function: Feature) -> Feature:
    """Lets the model see what `function` computes, under its name."""
    FEATURES.append(function)
    return function
