"""From what features add to a score to the reasons for a decision.

Batch scoring and the service share it; it needs neither scikit-learn nor pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calibration import Floats

FEATURE, CONTRIBUTION = "feature", "contribution"
"""What a reason holds."""
ROUNDING = 1e-9
"""A contribution below it is none."""


class Contributions(NamedTuple):
    """What each feature adds to each raw score of each row.

    A raw score is a log-odds for two classes, one number a class for several (LightGBM and EBM
    put them through a softmax), and the value itself in a regression.
    """

    values: Floats
    """(n, features, scores)."""
    features: tuple[str, ...]
    """Columns by their names in the contract, and functions of `features.py` by theirs."""
    classes: tuple[int, ...]
    """Codes of the classes that the fit has seen, in order; none in a regression."""


class Chosen(NamedTuple):
    """Reasons of n rows, one after the other."""

    counts: NDArray[np.int64]
    """(n,): how many each row has."""
    features: NDArray[np.int64]
    contributions: Floats


@dataclass(frozen=True)
class Pulls:
    """What each feature of each row added to what is explained, as (n, features).

    Where something was `decided` that is the decision, and what pulled against it is below 0.
    """

    values: Floats
    features: tuple[str, ...]
    decided: bool

    @property
    def against(self) -> Pulls:
        """The same for the other one of two decisions."""
        return replace(self, values=-self.values)

    def chosen(self, count: int) -> Chosen:
        """For each row up to `count` features, the strongest first.

        Of a decision only those that pulled towards it, which may be none.
        """
        strength = self.values if self.decided else np.abs(self.values)
        order = np.argsort(-strength, axis=1, kind="stable")[:, :count]
        kept = np.take_along_axis(strength, order, axis=1) > ROUNDING
        contributions = np.take_along_axis(self.values, order, axis=1)[kept]
        return Chosen(kept.sum(axis=1), order[kept], contributions)

    def strongest(self, count: int) -> list[list[dict[str, Any]]]:
        """The same as lists of `feature` and `contribution`."""
        chosen = self.chosen(count)
        pairs = zip(chosen.features.tolist(), chosen.contributions.tolist(), strict=True)
        reasons = [{FEATURE: self.features[place], CONTRIBUTION: value} for place, value in pairs]
        ends = chosen.counts.cumsum().tolist()
        return [
            reasons[end - count : end]
            for end, count in zip(ends, chosen.counts.tolist(), strict=True)
        ]


def towards(found: Contributions, decided: NDArray[np.int64] | None) -> Pulls:
    """The contributions to the class `decided` (n,) for each row, by its code.

    Of several classes it is held against the mean of all. Where nothing is decided, it is the raw
    score that is explained.
    """
    if decided is None:
        return Pulls(found.values[:, :, 0], found.features, decided=False)
    if found.values.shape[2] == 1:
        sign = np.where(decided == found.classes[-1], 1, -1)[:, None]
        return Pulls(found.values[:, :, 0] * sign, found.features, decided=True)
    relative = found.values - found.values.mean(axis=2, keepdims=True)
    place = np.searchsorted(found.classes, decided)
    values = np.take_along_axis(relative, place[:, None, None], axis=2)[:, :, 0]
    return Pulls(values, found.features, decided=True)


def by_feature(sources: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    """The features behind columns, each once, and (columns, features): 1 where one belongs."""
    features = tuple(dict.fromkeys(sources))
    belongs = np.array(sources)[:, None] == np.array(features)
    return features, np.asarray(belongs, dtype=float)
