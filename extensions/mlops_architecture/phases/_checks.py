"""What is checked after training besides the gate: rules E10 to E12 as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .. import limits
from ..facts import Facts
from ._columns import feature_columns, is_category, sensitive_columns
from ._guardrails import measured_guardrails
from ._inputs import listed, percent, spelled


class Check(NamedTuple):
    """One thing that is looked at after training, and the limit that it must keep."""

    name: str
    limit: str
    rule: str
    built: bool = True
    """Whether the generated project looks at it; else it is yours to add."""


def slice_columns(facts: Facts) -> tuple[str, ...]:
    """The categories of few levels that tell most of the target, for E11."""
    fitting = [
        column
        for column in feature_columns(facts)
        if is_category(column) and 2 <= column.distinct <= limits.D2_ONE_HOT_LEVELS
    ]
    fitting.sort(key=lambda column: -(column.target_auc or column.target_r2 or 0.0))
    return tuple(column.name for column in fitting[: limits.E11_SEGMENTS])


def evaluation_checks(facts: Facts) -> tuple[Check, ...]:
    """Rules E10 to E12 as rows: what is checked besides the gate, on this table's columns."""
    return (
        *_guardrails(facts),
        _slices(facts),
        Check(
            "Simpler model",
            f"not within {spelled(limits.E10_STANDARD_ERRORS)} standard error of the chosen one",
            "E10",
        ),
        *_latency(facts),
        *_sanity(facts),
        *_fairness(facts),
    )


def _guardrails(facts: Facts) -> Iterator[Check]:
    measured = tuple(measured_guardrails(facts))
    others = tuple(text for text in facts.guardrails if text not in measured)
    if measured or not others:
        yield Check("Guardrails", listed(measured, most=9) or "none stated: owed", "E10")
    if others:
        yield Check("Guardrails that no metric tells", listed(others, most=9), "E10", built=False)


def _slices(facts: Facts) -> Check:
    slices = (*slice_columns(facts), *((facts.event_time,) if facts.temporal else ()))
    positives = (
        f" and ≥ {limits.E10_SLICE_POSITIVES} positives" if facts.problem_type == "binary" else ""
    )
    return Check(
        f"Slices: {listed((*slices, 'missingness'), most=5)}",
        f"none of ≥ {limits.E10_SLICE_ROWS} rows{positives} worse than the champion by > "
        f"{100 * limits.E10_SLICE_LOSS:.0f} points, its interval excluding 0",
        "E10, E11",
    )


def _latency(facts: Facts) -> Iterator[Check]:
    if facts.latency_ms:
        yield Check("Latency under load", f"p99 ≤ {facts.latency_ms} ms", "E10", built=False)


def _sanity(facts: Facts) -> Iterator[Check]:
    if facts.problem_type != "regression":
        noise = f"AUC {limits.E12_SHUFFLED_AUC} ± {limits.E12_SHUFFLED_MARGIN}"
        yield Check("Shuffled labels", noise, "E12")
    if facts.problem_type == "binary":
        too_good = f"test AUC ≥ {limits.E12_TOO_GOOD_AUC} is a leak until explained"
        yield Check("Too good", too_good, "E12")


def _fairness(facts: Facts) -> Iterator[Check]:
    if groups := sensitive_columns(facts):
        yield Check(
            f"Fairness by {listed(groups)}",
            f"selection-rate ratio ≥ {percent(limits.E11_SELECTION_RATIO)} and rates within "
            f"{percent(limits.E11_RATE_GAP)}, else a review; four-fifths screens, it proves "
            "nothing",
            "E11",
            built=False,
        )
