"""Numbers that the training rules argue with, computed from facts alone."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from .. import limits
from ..facts import CADENCE_DAYS, Facts
from ._columns import n_parameters
from ._inputs import counted

_Z = NormalDist().inv_cdf((1 + limits.E9_LEVEL) / 2)
"""Two-sided quantile of the normal distribution."""


def events_per_parameter(facts: Facts) -> float:
    """Cases of the rarer class (regression: rows) for each parameter of a linear model."""
    return facts.n_positive / n_parameters(facts)


def expected_test_positives(facts: Facts, test_percent: int) -> int:
    """Cases of the rarer class (regression: rows) in a test part of `test_percent`."""
    return round(facts.n_positive * test_percent / 100)


def rare_cases(facts: Facts, count: int) -> str:
    """So many cases of the rarer class, in few words that tell which it is."""
    if facts.problem_type == "multiclass":
        return f"{counted(count, 'case')} of the rarest class"
    return counted(count, "negative" if 2 * (facts.positive_rate or 0) > 1 else "positive")


def recall_half_width(positives: int) -> float:
    """Half of the widest Wilson interval of a recall, as a share; 0.5 without positives.

    Wilson (1927), at a recall of one half.
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


def rows_per_period(facts: Facts) -> int:
    """Rows that one period of `data_cadence` brings, at least 1.

    Without event times the table counts as what is scored each time.
    """
    span, period = span_days(facts), CADENCE_DAYS.get(facts.data_cadence)
    if not span or period is None:
        return max(facts.rows, 1)
    return max(round(facts.rows * min(period / span, 1.0)), 1)


def capacity_share(facts: Facts) -> float | None:
    """Share of a period's rows that can be acted on, at most 1; None without a capacity."""
    if not facts.capacity:
        return None
    return min(facts.capacity / rows_per_period(facts), 1.0)


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
