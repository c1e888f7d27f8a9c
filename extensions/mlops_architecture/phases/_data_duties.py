"""Rules C5, C7 and C8 as data: the gates, how long records are kept, and erasure."""

from __future__ import annotations

from typing import NamedTuple

from ..facts import Facts

LEAK_WARN_AUC, LEAK_FAIL_AUC = 0.90, 0.95
LEAK_WARN_R2, LEAK_FAIL_R2 = 0.80, 0.95
"""Rule C5: what one feature alone may tell of the target."""


class GateRow(NamedTuple):
    """One check of rule C5: what is logged, what stops the run, and who holds it."""

    check: str
    warn: str
    fail: str
    held: str = "every run"


class Retention(NamedTuple):
    """How long one kind of record is kept, and the rule that says so."""

    record: str
    months: int
    duty: str
    source: str


def owes_erasure(facts: Facts) -> bool:
    """Rule C8: people may ask that their rows go."""
    return "gdpr" in facts.regulations and facts.personal_data != "none"


def erasure_path(facts: Facts) -> tuple[str, ...]:
    """Rule C8: what is done, in order, when a person asks that their rows go; else nothing."""
    if not owes_erasure(facts):
        return ()
    columns = facts.profile.columns if facts.profile else ()
    keys = tuple(column.name for column in columns if column.identifier)
    key = facts.entity_key or next(iter(keys), "the row identifier")
    return (
        f"Keep a map from {key} to the snapshots that hold it, outside this account.",
        "Within 30 days delete the rows at the source, in each snapshot and in the predictions, "
        "and note the new hashes.",
        "Train without them at the next run. The model of today has not un-learned them, and "
        "nobody says so.",
    )


def gate_rows() -> tuple[GateRow, ...]:
    """The gates of rule C5; defaults to calibrate on the first 4 to 8 batches."""
    return (
        GateRow("Schema", "an extra column", "a required column missing, renamed or retyped"),
        GateRow(
            "Missing values, per column",
            "above max(2× reference, reference + 2 points)",
            "above max(3× reference, reference + 10 points); any in key, target or event time",
        ),
        GateRow("Range and allowed values", "> 0.1 % of rows", "> 1 % of rows"),
        GateRow(
            "Freshness", "older than 1.5× the cadence", "older than 3× the cadence", "yours to add"
        ),
        GateRow(
            "Volume against the trailing median (same weekday if daily)",
            "±30 %",
            "< 50 % or > 200 %",
        ),
        GateRow(
            "Uniqueness",
            "exact duplicate rows > 1 %",
            "a repeated (entity, event time)",
        ),
        GateRow(
            "Target",
            "rate moved > 3 binomial standard errors",
            "constant, or rate ×3 or ÷3",
        ),
        GateRow(
            "Leakage",
            f"one feature alone: AUC ≥ {LEAK_WARN_AUC:.2f} or R² ≥ {LEAK_WARN_R2:.2f}",
            f"AUC ≥ {LEAK_FAIL_AUC:.2f} or R² ≥ {LEAK_FAIL_R2:.2f}; filled in after the outcome; "
            "named like an outcome with values after the decision",
            "the profile, at design time",
        ),
        GateRow("Overlap", "–", "an entity in train and test", "the split, where entities are new"),
    )


def retention(facts: Facts) -> tuple[Retention, ...]:
    """Rule C7: each kind of record with its period in months, the longest last.

    Raw personal data under the GDPR has no number in the law: 24 months is a position.
    """
    laws = set(facts.regulations)
    raw = (
        Retention("raw personal data", 24, "purpose and period stated, reviewed yearly", "GDPR")
        if owes_erasure(facts)
        else Retention("raw data and predictions", 13, "one seasonal year and a month", "")
    )
    duties = (
        ("pci", Retention("audit logs", 12, "the last 3 months at hand (10.5.1)", "PCI")),
        ("ecoa", Retention("inputs and reasons of each decision", 25,
                           "after notice; 12 for business credit (1002.12)", "REGB")),
        ("hipaa", Retention("required documentation and audit logs", 72,
                            "45 CFR 164.316(b)(2)(i)", "HIPAA")),
    )  # fmt: skip
    rows = [raw, *(row for law, row in duties if law in laws)]
    if facts.eu_high_risk:
        rows.append(Retention("automatic logs", 6, "at least (Arts. 19, 26(6))", "AIA"))
        rows.append(Retention("technical documentation", 120, "10 years (Art. 18)", "AIA"))
    return tuple(sorted(rows, key=lambda row: row.months))
