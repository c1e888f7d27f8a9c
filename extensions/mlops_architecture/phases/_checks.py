"""What is checked after training besides the gate: rules E10 to E12 as rows."""

from __future__ import annotations

from typing import NamedTuple

from ..facts import Facts
from ._columns import MOST_ONE_HOT_LEVELS, feature_columns, is_category, sensitive_columns
from ._inputs import listed, percent


class Check(NamedTuple):
    """One thing that is looked at after training, and the limit that it must keep."""

    name: str
    limit: str
    rule: str


def slice_columns(facts: Facts) -> tuple[str, ...]:
    """The three categories of at most 15 levels that tell most of the target, for E11."""
    fitting = [
        column
        for column in feature_columns(facts)
        if is_category(column) and 2 <= column.distinct <= MOST_ONE_HOT_LEVELS
    ]
    fitting.sort(key=lambda column: -(column.target_auc or column.target_r2 or 0.0))
    return tuple(column.name for column in fitting[:3])


def evaluation_checks(facts: Facts) -> tuple[Check, ...]:
    """Rules E10 to E12 as rows: what is checked besides the gate, on this table's columns."""
    slices = (*slice_columns(facts), *((facts.event_time,) if facts.temporal else ()))
    checks = [
        Check("Guardrails", listed(facts.guardrails, most=9) or "none stated: owed", "E10"),
        Check(
            f"Slices: {listed((*slices, 'missingness'), most=5)}",
            "none of ≥ 100 rows and ≥ 30 positives worse than the champion by > 5 points, its "
            "interval excluding 0",
            "E10, E11",
        ),
        Check("Simpler model", "not within one standard error of the chosen one", "E10"),
    ]
    if facts.latency_ms:
        checks.append(Check("Latency", f"99th percentile ≤ {facts.latency_ms} ms", "E10"))
    if facts.problem_type != "regression":
        checks.append(Check("Shuffled labels", "AUC 0.5 ± 0.05", "E12"))
        checks.append(Check("Too good", "test AUC ≥ 0.99 is a leak until explained", "E12"))
    if groups := sensitive_columns(facts):
        checks.append(
            Check(
                f"Fairness: {listed(groups)}",
                f"selection-rate ratio ≥ {percent(0.8)} and rates within {percent(0.1)}, else "
                "a review; four-fifths screens, it proves nothing",
                "E11",
            )
        )
    return tuple(checks)
