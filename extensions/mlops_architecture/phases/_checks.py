"""What is checked after training besides the gate: rules E10 to E12 as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .. import limits
from ..facts import Facts
from ._columns import feature_columns, is_category
from ._groups import (
    compared_groups,
    concerns_people,
    decides_about_people,
    favourable,
    withheld_groups,
)
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
    named = dict.fromkeys((*slice_columns(facts), *compared_groups(facts)))
    slices = (*named, *((facts.event_time,) if facts.temporal else ()))
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
    noise = f"AUC {limits.E12_SHUFFLED_AUC} ± {limits.E12_SHUFFLED_MARGIN}"
    values = facts.problem_type == "regression"
    yield Check("Shuffled values, above the median" if values else "Shuffled labels", noise, "E12")
    if facts.problem_type == "binary":
        too_good = f"test AUC ≥ {limits.E12_TOO_GOOD_AUC} is a leak until explained"
        yield Check("Too good", too_good, "E12")


def _fairness(facts: Facts) -> Iterator[Check]:
    """Rule E11 for people; whatever is not compared is named with what it takes."""
    if groups := compared_groups(facts):
        yield Check(f"Fairness by {listed(groups, most=len(groups))}", _alike(facts), "E11")
    elif concerns_people(facts):
        yield Check(
            "Fairness",
            "no column names groups that may be compared: group: true in data/contract.yaml "
            "marks one, a feature or not",
            "E11",
        )
    if withheld := withheld_groups(facts):
        yield Check(
            f"No fairness by {listed(withheld)}",
            "a special category (Art. 9 GDPR): with a legal basis in writing, group: true in "
            "data/contract.yaml has it compared",
            "E11",
        )


def _alike(facts: Facts) -> str:
    if facts.problem_type != "binary":
        return "the metric of each group, as a slice; nobody is selected, so no rates are compared"
    otherwise = "a person decides" if decides_about_people(facts) else "the report says so"
    return (
        f"the lowest share {favourable(facts).replace('_', ' ')} ≥ "
        f"{percent(limits.E11_SELECTION_RATIO)} of the highest and true and false positive rates "
        f"within {100 * limits.E11_RATE_GAP:.0f} points, beyond the interval and in groups of ≥ "
        f"{limits.E11_GROUP_ROWS} rows ({limits.E11_GROUP_CASES} cases), else {otherwise}; "
        "four-fifths screens, it proves nothing"
    )
