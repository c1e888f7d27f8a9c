"""Are groups of people treated alike (rule E11)? A screen, which proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .contract import Contract
from .intervals import Interval, Resampling, with_interval
from .metrics import Floats, Predictions, Truth, share
from .settings import FairnessSettings
from .slices import FEWEST_POSITIVES, FEWEST_ROWS, Mask, groups

UNCOMPARED = (
    "Not compared between groups of people: no column of data/contract.yaml has group: true."
)


class Group(BaseModel):
    """What is decided about the holdout rows of one group, as shares in [0, 1]."""

    name: str
    rows: int
    selected: Interval
    """Share for which the decision is the one that people hope for."""
    true_positive_rate: Interval | None
    false_positive_rate: Interval | None
    """Share of its positives, and of its negatives, acted on; None where those are too few."""


class Fairness(BaseModel):
    """The groups of one column beside each other, those of fewer than 100 rows left out.

    The farthest apart of k groups are the worst of k (k - 1) / 2 pairs, so that the interval of
    what lies between them is as much wider (Bonferroni).
    """

    column: str
    groups: tuple[Group, ...]
    left_out: int
    """Holdout rows of no group, or of one that is too small."""
    selection_ratio: Interval | None
    """Lowest share selected over the highest; None where fewer than two groups are left."""
    true_positive_gap: Interval | None
    false_positive_gap: Interval | None
    """Largest difference of a rate between two groups; None where fewer than two have one."""

    def breaches(self, settings: FairnessSettings) -> tuple[str, ...]:
        """A sentence for each limit beyond which a whole interval lies."""
        found = []
        ratio, hoped = self.selection_ratio, settings.hoped_for
        if ratio and ratio.high is not None and ratio.high < settings.selection_ratio:
            found.append(
                f"By {self.column}, the lowest share {hoped} is {with_interval(ratio)} of the "
                f"highest, surely below {settings.selection_ratio:g}."
            )
        gaps = {"true": self.true_positive_gap, "false": self.false_positive_gap}
        for kind, gap in gaps.items():
            if gap and gap.low is not None and gap.low > settings.rate_gap:
                found.append(
                    f"By {self.column}, {kind} positive rates lie up to {with_interval(gap)} "
                    f"apart, surely more than {settings.rate_gap:g}."
                )
        return tuple(found)


class _Rate(NamedTuple):
    """A share of some rows, and of each of their resamples."""

    value: float
    draws: Floats


def compare_groups(
    frame: pd.DataFrame,
    contract: Contract,
    truth: Truth,
    predictions: Predictions,
    settings: FairnessSettings,
    resampling: Resampling,
) -> tuple[Fairness, ...]:
    """What a binary model decides about the groups of each column that the contract marks."""
    acted = predictions.acted
    hoped = acted if settings.favourable == "acted_on" else ~acted
    return tuple(
        _compare(
            column.name, groups(frame[column.name], column), hoped, acted, truth == 1, resampling
        )
        for column in contract.groups
    )


def _compare(
    column: str,
    masks: Mapping[str, Mask],
    hoped: Mask,
    acted: Mask,
    positive: Mask,
    resampling: Resampling,
) -> Fairness:
    everyone = np.ones_like(positive)
    selected = _rates(masks, hoped, everyone, FEWEST_ROWS, resampling)
    hits = _rates(masks, acted, positive, FEWEST_POSITIVES, resampling)
    alarms = _rates(masks, acted, ~positive, FEWEST_POSITIVES, resampling)

    def interval(rates: Mapping[str, _Rate], name: str) -> Interval | None:
        return resampling.interval(*rates[name]) if name in rates else None

    return Fairness(
        column=column,
        groups=tuple(
            Group(
                name=name,
                rows=int(masks[name].sum()),
                selected=resampling.interval(*rate),
                true_positive_rate=interval(hits, name),
                false_positive_rate=interval(alarms, name),
            )
            for name, rate in selected.items()
        ),
        left_out=positive.size - sum(int(mask.sum()) for mask in masks.values()),
        selection_ratio=_ratio(selected, resampling),
        true_positive_gap=_gap(hits, resampling),
        false_positive_gap=_gap(alarms, resampling),
    )


def _rates(
    masks: Mapping[str, Mask], chosen: Mask, among: Mask, fewest: int, resampling: Resampling
) -> dict[str, _Rate]:
    """The share `chosen` of the rows `among` each group, where it has `fewest` of them."""
    parts = {name: mask & among for name, mask in masks.items() if (mask & among).sum() >= fewest}
    if not parts:
        return {}
    draws = resampling.draws(*(share(part & chosen, part) for part in parts.values()))
    return {
        name: _Rate(float(chosen[part].mean()), drawn)
        for (name, part), drawn in zip(parts.items(), draws, strict=True)
    }


def _ratio(rates: Mapping[str, _Rate], resampling: Resampling) -> Interval | None:
    if len(rates) < 2:
        return None
    low, high, of_pairs = _extremes(rates, resampling)
    if not high.value:
        return Interval(value=None, low=None, high=None)
    draws = np.full_like(high.draws, np.nan)
    np.divide(low.draws, high.draws, out=draws, where=high.draws > 0)
    return of_pairs.interval(low.value / high.value, draws)


def _gap(rates: Mapping[str, _Rate], resampling: Resampling) -> Interval | None:
    if len(rates) < 2:
        return None
    low, high, of_pairs = _extremes(rates, resampling)
    return of_pairs.interval(high.value - low.value, high.draws - low.draws)


def _extremes(
    rates: Mapping[str, _Rate], resampling: Resampling
) -> tuple[_Rate, _Rate, Resampling]:
    """The lowest and the highest rate, and intervals that allow for the choice among all pairs."""
    ordered = sorted(rates.values(), key=lambda rate: rate.value)
    level = 1 - (1 - resampling.level) / comb(len(rates), 2)
    return ordered[0], ordered[-1], replace(resampling, level=level)
