"""Rules C5, C7 and C8 as data: the gates, how long records are kept, and erasure."""

from __future__ import annotations

from typing import NamedTuple

from .. import limits
from ..facts import Facts, Provenance
from ._inputs import duration, number, percent
from ._pace import cadence_days


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
        f"Within {limits.C8_ERASURE_DAYS} days delete the rows at the source, in each "
        "snapshot and in the predictions, and note the new hashes.",
        "Train without them at the next run. The model of today has not un-learned them, and "
        "nobody says so.",
    )


def gate_rows(facts: Facts) -> tuple[GateRow, ...]:
    """The gates of rule C5; defaults to calibrate on the first batches."""
    return (
        GateRow("Schema", "an extra column", "a required column missing, renamed or retyped"),
        GateRow(
            "Missing values, per column",
            _missing_limit(limits.C5_MISSING_WARN_FACTOR, limits.C5_MISSING_WARN_POINTS),
            _missing_limit(limits.C5_MISSING_FAIL_FACTOR, limits.C5_MISSING_FAIL_POINTS)
            + "; any in key or event time",
        ),
        GateRow(
            "Range and allowed values",
            f"> {percent(limits.C5_RANGE_WARN_SHARE)} of rows",
            f"> {percent(limits.C5_RANGE_FAIL_SHARE)} of rows",
        ),
        _freshness(facts),
        GateRow(
            "Volume against the trailing median (same weekday if daily)",
            f"±{percent(limits.C5_VOLUME_WARN_CHANGE)}",
            f"< {percent(limits.C5_VOLUME_FAIL_LEAST)} or > {percent(limits.C5_VOLUME_FAIL_MOST)}",
            "the warning in training, by the contract's rows; the rest is yours to add",
        ),
        GateRow(
            "Uniqueness",
            f"exact duplicate rows > {percent(limits.C5_DUPLICATE_WARN_SHARE)}",
            "a repeated (entity, event time)",
        ),
        GateRow(
            "Target",
            f"rate moved > {limits.C5_RATE_WARN_ERRORS} binomial standard errors",
            f"constant, or rate ×{limits.C5_RATE_FAIL_FACTOR} or ÷{limits.C5_RATE_FAIL_FACTOR}",
        ),
        GateRow(
            "Leakage",
            "one feature alone: " + _leak_limit(limits.C5_LEAK_WARN_AUC, limits.C5_LEAK_WARN_R2),
            _leak_limit(limits.C5_LEAK_FAIL_AUC, limits.C5_LEAK_FAIL_R2)
            + "; filled in after the outcome; named like an outcome with values after the decision",
            "the profile, at design time",
        ),
        GateRow("Overlap", "–", "an entity in train and test", "the split, where entities are new"),
    )


def _freshness(facts: Facts) -> GateRow:
    days = cadence_days(facts)
    if days is None:
        return GateRow("Freshness", "–", "–", "no run: the table comes once")
    return GateRow(
        "Freshness",
        _older_than(limits.C5_AGE_WARN_PERIODS, days),
        _older_than(limits.C5_AGE_FAIL_PERIODS, days) + "; the table designed for only warns"
        if facts.source("data_cadence") is Provenance.stated
        else "no table, until the cadence is stated",
        f"every run, by {'the newest event' if facts.temporal else 'the time of the file'}",
    )


def _older_than(periods: float, days: float) -> str:
    return f"older than {number(periods)}× the cadence ({duration(periods * days)})"


def _missing_limit(factor: float, points: float) -> str:
    return f"above max({factor}× reference, reference + {100 * points:.0f} points)"


def _leak_limit(auc: float, r2: float) -> str:
    return f"AUC ≥ {auc:.2f} or R² ≥ {r2:.2f}"


def retention(facts: Facts) -> tuple[Retention, ...]:
    """Rule C7: each kind of record with its period in months, the longest last."""
    laws = set(facts.regulations)
    raw = (
        Retention("raw personal data", limits.C7_PERSONAL_MONTHS,
                  "purpose and period stated, reviewed yearly", "GDPR")
        if owes_erasure(facts)
        else Retention("raw data and predictions", limits.C7_NO_DUTY_MONTHS,
                       "one seasonal year and a month", "")
    )  # fmt: skip
    duties = (
        ("pci", Retention(
            "audit logs", limits.C7_PCI_MONTHS,
            f"the last {limits.C7_PCI_AT_HAND_MONTHS} months at hand (10.5.1)", "PCI")),
        ("ecoa", Retention(
            "inputs and reasons of each decision", limits.C7_CREDIT_MONTHS,
            f"after notice; {limits.C7_BUSINESS_CREDIT_MONTHS} for business credit (1002.12)",
            "REGB")),
        ("hipaa", Retention("required documentation and audit logs", limits.C7_HIPAA_MONTHS,
                            "45 CFR 164.316(b)(2)(i)", "HIPAA")),
    )  # fmt: skip
    rows = [raw, *(row for law, row in duties if law in laws)]
    if facts.eu_high_risk:
        kept, years = limits.C7_AI_ACT_MONTHS, f"{limits.C7_AI_ACT_YEARS} years (Art. 18)"
        logged = limits.C7_AI_ACT_LOG_MONTHS
        rows.append(Retention("automatic logs", logged, "at least (Arts. 19, 26(6))", "AIA"))
        rows.append(Retention("technical documentation", kept, years, "AIA"))
    return tuple(sorted(rows, key=lambda row: row.months))
