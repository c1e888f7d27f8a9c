"""Numbers that the training rules argue with, computed from facts alone."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from .. import limits
from ..decision import Decisions
from ..facts import CADENCE_DAYS, Facts
from . import _pace
from ._columns import n_parameters
from ._inputs import counted

_Z = NormalDist().inv_cdf((1 + limits.E9_LEVEL) / 2)
"""Two-sided quantile of the normal distribution."""


def events_per_parameter(facts: Facts) -> float:
    """Cases of the rarer class (regression: rows) for each parameter of a linear model."""
    return facts.n_positive / n_parameters(facts)


def maximum_training_rows(engine: str | int) -> int | None:
    """Rule C3: training takes a sample of so many rows, save where pandas holds the table."""
    return None if engine == "duckdb_pandas" else limits.C3_TRAINING_ROWS


def training_rows(facts: Facts, engine: str | int) -> int:
    """Rows that are split, learned from and tested on."""
    return round(facts.labelled_rows * _drawn(facts, engine))


def training_positives(facts: Facts, engine: str | int) -> float:
    """Cases of the rarer class (regression: rows) among them, as the whole table has them."""
    return facts.n_positive * _drawn(facts, engine)


def _drawn(facts: Facts, engine: str | int) -> float:
    """The share of the table that a sampling engine draws."""
    most = maximum_training_rows(engine)
    return 1.0 if most is None else min(1.0, most / max(facts.rows, 1))


def expected_test_positives(facts: Facts, engine: str | int, test_percent: int) -> int:
    """Cases of the rarer class (regression: rows) in a test part of `test_percent`."""
    return round(training_positives(facts, engine) * test_percent / 100)


class Tested(NamedTuple):
    """What the metric is computed from in the test part."""

    cases: int
    said: str
    """Their number and what they are."""
    measure: str
    """The share among them that is uncertain; of a regression there is none."""


def tested(facts: Facts, engine: str | int, metric: str | int, test_percent: int) -> Tested:
    """The cases of the rarer class, or, at a capacity, the rows acted on where these are fewer."""
    cases = expected_test_positives(facts, engine, test_percent)
    if facts.problem_type == "regression":
        return Tested(cases, counted(cases, "row"), "")
    share = capacity_share(facts) if str(metric).endswith("at_capacity") else None
    acted = round(training_rows(facts, engine) * test_percent / 100 * share) if share else cases
    if acted < cases:
        return Tested(acted, f"{counted(acted, 'row')} acted on", "precision")
    return Tested(cases, rare_cases(facts, cases), "recall")


def tested_as_decided(facts: Facts, decisions: Decisions) -> Tested:
    """`tested` for the engine, the metric and the test part that were decided."""
    engine, metric = decisions["data_engine"], decisions["training_metric"]
    return tested(facts, engine, metric, int(decisions["training_test_share"]))


def rare_cases(facts: Facts, count: int) -> str:
    """So many cases of the rarer class, in few words that tell which it is."""
    if facts.problem_type == "multiclass":
        return f"{counted(count, 'case')} of the rarest class"
    return counted(count, "negative" if 2 * (facts.positive_rate or 0) > 1 else "positive")


def recall_half_width(positives: int) -> float:
    """Half of the widest Wilson interval of a recall, as a share; 0.5 without positives.

    Wilson (1927), at one half; of a precision it is that of the rows acted on.
    """
    if positives <= 0:
        return 0.5
    spread = sqrt(0.25 / positives + _Z**2 / (4 * positives**2))
    return _Z / (1 + _Z**2 / positives) * spread


def span_days(facts: Facts) -> float | None:
    """Days from the first event to the last, where a table with times was profiled."""
    return facts.profile.span_days if facts.temporal and facts.profile else None


def test_weeks(facts: Facts, split: str, test_percent: int) -> int | None:
    """Weeks that a test part of `test_percent` begins; None where no times were profiled."""
    span = span_days(facts)
    share = test_percent / 100 if split.startswith("forward") else 1
    return None if span is None else int(span * share / CADENCE_DAYS["weekly"]) + 1


def rows_per_period(facts: Facts) -> int | None:
    """Whole rows that one period of `data_cadence` brings, at least 1; None where nobody knows."""
    rows = _pace.rows_per_period(facts)
    return None if rows is None else max(round(rows), 1)


def capacity_share(facts: Facts) -> float | None:
    """Share of a period's rows that can be acted on, at most 1; None where it is not known."""
    rows = rows_per_period(facts)
    return min(facts.capacity / rows, 1.0) if facts.capacity and rows else None


def capacity_waits(facts: Facts) -> str:
    """A sentence where a capacity decides nothing yet, as nobody knows of how many; else empty."""
    if not facts.capacity or rows_per_period(facts):
        return ""
    shown = f"once a table shows how many rows a {_pace.period(facts)} brings"
    return f" The capacity of {facts.capacity:,} decides {shown}."


def capacity_binds(facts: Facts) -> bool:
    """Fewer cases can be acted on than there are."""
    return (capacity_share(facts) or 1.0) < 1.0


def costs_known(facts: Facts) -> bool:
    """Both errors have a cost above zero."""
    return bool(facts.cost_false_positive and facts.cost_false_negative)


def cost_threshold(facts: Facts) -> float | None:
    """Probability above which acting pays, at most 1; None where a cost is not known.

    An action that rescues a share of the positives costs `cost_false_positive` on everyone
    and returns `save_rate × cost_false_negative` on a positive, so it pays above their
    ratio. Where it rescues all, the cost falls on false alarms only: c_fp / (c_fp + c_fn)
    (Elkan 2001).
    """
    if not facts.cost_false_positive or not facts.cost_false_negative:
        return None
    if facts.save_rate >= 1:
        return facts.cost_false_positive / (facts.cost_false_positive + facts.cost_false_negative)
    rescued = facts.save_rate * facts.cost_false_negative
    return min(facts.cost_false_positive / rescued, 1.0) if rescued else 1.0
