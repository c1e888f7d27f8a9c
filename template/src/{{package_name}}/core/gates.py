"""Does a table fit the contract? Rule C5.

A finding warns or fails; whether a failure stops the run is the contract's `on_failure`. In a
table to be scored, rows that cannot be scored are set aside one by one, so that values, levels
and keys merely warn, and the table may be of any size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Literal

import ibis
import pandas as pd
from ibis.expr.types import Table

from .contract import MEANING, Column, Contract
from .csv_file import explain
from .data import engine, open_table
from .database import shown
from .errors import DataError, GateError
from .measurement import ColumnCounts, TableCounts, measure
from .yaml_model import StrictModel

Severity = Literal["warn", "fail"]
MISSING_WARN_FACTOR, MISSING_FAIL_FACTOR = 2, 3
"""Multiples of the contract's missing share above which a column warns and fails (rule C5)."""
STANDARD_ERRORS = 3
"""Move of a class's share, in binomial standard errors, above which it warns (rule C5)."""
RATE_RATIO = 3
"""Factor by which the positive class's share may change before it fails (rule C5)."""
SHOWN = 5


class Finding(StrictModel):
    """One way in which a table departs from the contract; numbers are shares of rows."""

    severity: Severity
    column: str | None
    message: str
    observed: float | None = None
    limit: float | None = None


class GateReport(StrictModel):
    """All findings on one table, failures first."""

    rows: int
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that fail."""
        return tuple(finding for finding in self.findings if finding.severity == "fail")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that warn."""
        return tuple(finding for finding in self.findings if finding.severity == "warn")


def check(
    table: Table | pd.DataFrame,
    contract: Contract,
    for_training: bool,
    now: datetime | None = None,
    written: datetime | None = None,
) -> GateReport:
    """Compares a table, as it is stored, with the contract.

    A table to be scored needs no target. Its age is judged at `now`, and not at all where that is
    None; `written` stands in for the newest event where the contract has no event time. Raises
    DataError if the engine cannot read the table.
    """
    engine()
    stored = ibis.memtable(table) if isinstance(table, pd.DataFrame) else table
    findings = list(_schema(stored, contract, for_training))
    counts = measure(stored, contract, with_target=for_training)
    findings += _size(counts, contract, for_training)
    if now is not None:
        newest = counts.newest if contract.event_time else written
        findings += _age(newest, now, contract, for_training)
    if counts.rows:
        for name, found in counts.columns.items():
            findings += _column(contract.by_name[name], found, counts.rows, contract, for_training)
        findings += _target(counts, contract)
    findings.sort(key=lambda finding: finding.severity)
    return GateReport(rows=counts.rows, findings=tuple(findings))


def refuse_early(source: str, contract: Contract, for_training: bool) -> None:
    """Holds a database's table against the contract where it is, before a row of it travels.

    Its engine counts; age and repeated rows are told from the snapshot, which is checked as a file
    is. Raises GateError as `enforce` does, DataError if the table cannot be read.
    """
    if "://" not in source:
        return
    try:
        report = check(open_table(source), contract, for_training)
    except DataError:
        raise
    except Exception as problem:  # each backend has errors of its own
        raise DataError(f"{shown(source)} cannot be checked: {shown(explain(problem))}") from None
    enforce(report, contract)


def enforce(report: GateReport, contract: Contract) -> None:
    """Raises GateError naming the failures, where the contract's `on_failure` is `stop`."""
    if not report.failures or contract.on_failure == "report":
        return
    told = "\n".join(f"- {finding.message}" for finding in report.failures[:SHOWN])
    more = len(report.failures) - SHOWN
    raise GateError(
        "The table does not fit data/contract.yaml:\n"
        + told
        + (f"\n- and {more} more" if more > 0 else "")
        + "\nCorrect the table; or, where the table is right, the contract "
        "(`on_failure: report` goes on regardless)."
    )


def _schema(table: Table, contract: Contract, for_training: bool) -> Iterator[Finding]:
    known = {column.name for column in contract.columns}
    extra = [name for name in table.columns if name not in known]
    for column in contract.used_in_training if for_training else contract.used:
        if column.name in table.columns or (column.role == "target" and not for_training):
            continue
        alike = _alike(column.name, extra)
        hint = f"; {alike!r} looks like it: rename it" if alike else ""
        yield Finding(
            severity="fail" if column.required else "warn",
            column=column.name,
            message=f"The column {column.name!r} is missing{hint}.",
        )
    if extra:
        more = f" and {len(extra) - SHOWN} more" if len(extra) > SHOWN else ""
        yield Finding(
            severity="warn",
            column=None,
            message=f"Columns that the contract does not know are ignored: "
            f"{', '.join(extra[:SHOWN])}{more}.",
        )


def _alike(name: str, others: list[str]) -> str | None:
    """The one of `others` that `name` was probably renamed to."""
    folded = {_folded(other): other for other in others}
    found = get_close_matches(_folded(name), folded, n=1, cutoff=0.8)
    return folded[found[0]] if found else None


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _size(counts: TableCounts, contract: Contract, for_training: bool) -> Iterator[Finding]:
    gates, rows = contract.gates, counts.rows
    fewest = gates.minimum_rows if for_training else 1
    if rows < fewest:
        yield Finding(
            severity="fail",
            column=None,
            message=f"The table has {rows:,} rows; at least {fewest:,} are needed.",
        )
    if not rows:
        return
    change = rows / contract.rows - 1 if contract.rows else 0.0
    if for_training and abs(change) > gates.volume_warn:
        yield Finding(
            severity="warn",
            column=None,
            message=f"The table has {rows:,} rows, {change:+.0%} against the contract's "
            f"{contract.rows:,}.",
            observed=change,
            limit=gates.volume_warn,
        )
    repeated = counts.duplicate_rows / rows
    if repeated > gates.duplicate_rows_warn:
        yield Finding(
            severity="warn",
            column=None,
            message=f"{_share(repeated)} of the rows repeat another row in every column.",
            observed=repeated,
            limit=gates.duplicate_rows_warn,
        )
    keys = counts.duplicate_keys / rows
    if keys > gates.duplicate_keys_fail:
        yield Finding(
            severity="fail" if for_training else "warn",
            column=contract.entity_key,
            message=f"{_share(keys)} of the rows repeat another's {contract.entity_key} and "
            f"{contract.event_time} (gates.duplicate_keys_fail allows more).",
            observed=keys,
            limit=gates.duplicate_keys_fail,
        )


def _age(
    newest: datetime | None, now: datetime, contract: Contract, for_training: bool
) -> Iterator[Finding]:
    """Whether the source still delivers; events with a label are older by as long as it takes."""
    gates = contract.gates
    if newest is None:
        return
    age = (now - newest) / timedelta(days=1)
    wait = gates.label_delay_days if for_training and contract.event_time else 0
    limits = {
        key: limit + wait
        for key in ("age_warn_days", "age_fail_days")
        if (limit := getattr(gates, key)) is not None
    }
    passed = [(key, limit) for key, limit in limits.items() if age > limit]
    if not passed:
        return
    key, limit = passed[-1]
    late = key == "age_fail_days"
    known = contract.newest is not None and newest <= _in_utc(contract.newest)
    what = f"{contract.event_time}: the newest event" if contract.event_time else "The file"
    fate = ". It is no newer than the table that was designed for, so it stops nothing"
    yield Finding(
        severity="fail" if late and not known else "warn",
        column=contract.event_time,
        message=f"{what} is of {newest:%Y-%m-%d %H:%M} (UTC), {span(age)} old; the limit is "
        f"{span(limit)} (gates.{key}){fate if late and known else ''}.",
        observed=age,
        limit=limit,
    )


def _in_utc(time: datetime) -> datetime:
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def span(days: float) -> str:
    """A length of time as people say it."""
    if days < 1:
        return f"{days * 24:.1f} hours"
    return "1 day" if round(days) == 1 else f"{days:,.0f} days"


def _column(
    column: Column, found: ColumnCounts, rows: int, contract: Contract, for_training: bool
) -> Iterator[Finding]:
    gates = contract.gates
    if column.name in contract.keys:
        yield from _required_value(column, found, rows, for_training)
    elif column.role == "target":
        yield from _unlabelled(column, found, rows, contract)
    else:
        enough = for_training or rows >= gates.minimum_rows
        strict = enough and column.role != "incumbent"
        yield from _missing(column, found.missing / rows, contract, strict)
    unfit = found.unfit / rows
    if severity := _graded(unfit, contract, for_training):
        fate = "" if for_training else "; these rows will be set aside"
        yield Finding(
            severity=severity,
            column=column.name,
            message=f"{column.name}: {_share(unfit)} of the values are not a "
            f"{MEANING[column.type]}, such as {found.unfit_example!r}{fate}.",
            observed=unfit,
            limit=_limit(severity, contract),
        )
    outside = found.outside / rows
    if severity := _graded(outside, contract, for_training):
        yield Finding(
            severity=severity,
            column=column.name,
            message=f"{column.name}: {_share(outside)} of the values are {_expected(column)}, "
            f"such as {found.outside_example!r}.",
            observed=outside,
            limit=_limit(severity, contract),
        )


def _required_value(
    column: Column, found: ColumnCounts, rows: int, for_training: bool
) -> Iterator[Finding]:
    if found.missing:
        fate = "" if for_training else "; these rows will be set aside"
        yield Finding(
            severity="fail" if for_training else "warn",
            column=column.name,
            message=f"{column.name}: {found.missing:,} rows have no value{fate}.",
            observed=found.missing / rows,
            limit=0.0,
        )


def _unlabelled(
    column: Column, found: ColumnCounts, rows: int, contract: Contract
) -> Iterator[Finding]:
    """Labels come late, so that some may lack; that more do than before has a cause."""
    findings = list(_missing(column, found.missing / rows, contract, strict=True))
    if found.missing and not findings:
        findings.append(
            Finding(
                severity="warn",
                column=column.name,
                message=f"{column.name}: {found.missing:,} rows have no label, and are not "
                "learned from.",
                observed=found.missing / rows,
                limit=0.0,
            )
        )
    yield from findings


def _missing(column: Column, share: float, contract: Contract, strict: bool) -> Iterator[Finding]:
    """`strict` says whether it may fail: where rows are enough for a share to mean something, save
    for today's way, which ends where the model decides.
    """
    gates, reference = contract.gates, column.missing
    warn = max(MISSING_WARN_FACTOR * reference, reference + gates.missing_warn_points)
    fail = max(MISSING_FAIL_FACTOR * reference, reference + gates.missing_fail_points)
    if share > warn:
        fails = share > fail and strict
        limit = fail if fails else warn
        yield Finding(
            severity="fail" if fails else "warn",
            column=column.name,
            message=f"{column.name}: {_share(share)} missing; the contract's table had "
            f"{_share(reference)}, the limit is {_share(limit)}.",
            observed=share,
            limit=limit,
        )


def _target(counts: TableCounts, contract: Contract) -> Iterator[Finding]:
    """A constant target, and classes whose share moved."""
    column = contract.target_column
    if counts.target_values is not None and counts.target_values < 2:
        yield Finding(
            severity="fail",
            column=column.name,
            message=f"{column.name}: the target has the same value in all rows.",
        )
    labelled = sum(counts.classes.values())
    if not labelled or not column.level_shares:
        return
    for label, reference in zip(column.labels, column.level_shares, strict=True):
        share = counts.classes[label] / labelled
        error = math.sqrt(reference * (1 - reference) / labelled)
        if abs(share - reference) <= STANDARD_ERRORS * error:
            continue
        positive = label == contract.positive_label
        far = not reference / RATE_RATIO <= share <= reference * RATE_RATIO
        yield Finding(
            severity="fail" if positive and far else "warn",
            column=column.name,
            message=f"{column.name}: {_share(share)} are {label!r}; the contract's table had "
            f"{_share(reference)}.",
            observed=share,
            limit=reference,
        )


def _graded(share: float, contract: Contract, for_training: bool) -> Severity | None:
    if share > contract.gates.range_fail and for_training:
        return "fail"
    return "warn" if share > contract.gates.range_warn else None


def _limit(severity: Severity, contract: Contract) -> float:
    return contract.gates.range_fail if severity == "fail" else contract.gates.range_warn


def _expected(column: Column) -> str:
    if column.labels:
        return f"none of its {len(column.labels)} known levels"
    return f"outside {column.minimum:g} to {column.maximum:g}"


def _share(share: float) -> str:
    """A share in per cent with as many digits as it takes to see it."""
    percent = 100 * share
    return f"{percent:.1f} %" if percent >= 0.1 or percent == 0 else f"{percent:.2g} %"
