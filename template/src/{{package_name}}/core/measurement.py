"""What the gates judge by: counts over a whole table, from queries that the engine runs.

They are aggregates of our own rather than checks of pandera, which runs on Ibis too: it asks the
engine once for each check and fetches the rows that fail, where here one query counts a hundred
columns, and limits are shares of rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from ibis.expr.types import BooleanColumn, Scalar, Table, Value

from .coercion import coerce, is_embedded, missing, one_of
from .contract import Column, Contract
from .csv_file import explain
from .errors import DataError

ROW, KEY = "row", "key"
COMPARED_ROWS = 1_000_000
"""In a larger table to be scored, whether rows repeat is told from about so many of them."""
COLUMNS_AT_ONCE = 100
"""Columns in one query: the time to plan one grows faster than its columns."""


@dataclass(frozen=True)
class ColumnCounts:
    """Rows of one column by what is wrong with them, and one value of each kind."""

    missing: int
    unfit: int
    """Rows whose value the column's type cannot hold."""
    outside: int
    """Rows outside the contract's range, or with a level that it does not list."""
    unfit_example: str | None
    outside_example: str | None


@dataclass(frozen=True)
class TableCounts:
    """What was counted; `columns` holds those that the contract uses and the table has."""

    rows: int
    duplicate_rows: int
    """0 in the engine of a database, where telling costs more than fetching the table."""
    duplicate_keys: int
    """Rows that repeat the entity and event time of another. Both are estimates in a table to be
    scored of more than `COMPARED_ROWS`.
    """
    columns: dict[str, ColumnCounts]
    target_values: int | None
    """Distinct values of the target; None where it was not counted."""
    classes: dict[str, int] = field(default_factory=dict)
    """Rows of each class that the contract lists."""
    newest: datetime | None = None
    """The last event time, in UTC."""


def measure(table: Table, contract: Contract, with_target: bool) -> TableCounts:
    """Counts over `table` as it is stored, in memory that does not grow with a table to be scored.

    Raises DataError if the engine cannot read it.
    """
    used = counted(table, contract, with_target)
    try:
        found = _first_row(size(table, used, exact=with_target))
        for query in queries(table, used, contract):
            found |= _first_row(query)
    except (duckdb.Error, pa.ArrowException) as problem:
        raise DataError(f"The table cannot be read: {explain(problem)}") from None
    return _table_counts(found, used)


def counted(table: Table, contract: Contract, with_target: bool) -> list[Column]:
    """The columns that the contract uses and the engine can judge.

    How a text is read as a time only the embedded engine knows.
    """
    used = contract.used_in_training if with_target else contract.used
    present = [c for c in used if c.name in table.columns and (with_target or c.role != "target")]
    if is_embedded(table):
        return present
    return [c for c in present if c.type != "datetime" or not table[c.name].type().is_string()]


def queries(table: Table, used: list[Column], contract: Contract) -> Iterator[Table]:
    """One row of counts each, of the columns `used`."""
    for start in range(0, len(used), COLUMNS_AT_ONCE):
        part = list(enumerate(used))[start : start + COLUMNS_AT_ONCE]
        yield _counts(table, part, contract)


def _first_row(query: Table) -> dict[str, Any]:
    (row,) = query.to_pyarrow().to_pylist()
    return dict(row)


def size(table: Table, used: list[Column], exact: bool) -> Table:
    """Rows, and how many of those compared differ; rows that are alike are compared together.

    Outside DuckDB rows alone are counted.
    """
    if not is_embedded(table):
        return table.aggregate(rows=table.count())
    hashes = [_hash(table, table.columns).name(ROW)]
    keys = [column.name for column in used if column.role in ("entity", "event_time")]
    if len(keys) == 2:
        hashes.append(_hash(table, keys).name(KEY))
    hashed = table.select(hashes)
    parts = 1 if exact else math.ceil(table.count().execute() / COMPARED_ROWS) or 1
    counts = [hashed.count().name("rows")]
    for name in hashed.columns:
        compared = hashed[name] % parts == 0
        counts.append(compared.sum().name(f"compared_{name}"))
        counts.append(hashed[name].nunique(where=compared).name(f"distinct_{name}"))
    return hashed.aggregate(counts)


def _hash(table: Table, names: Iterable[str]) -> Value:
    return ibis.struct({name: table[name] for name in names}).hash()


def _counts(table: Table, part: list[tuple[int, Column]], contract: Contract) -> Table:
    prepared: list[Value] = []
    for place, column in part:
        prepared += [
            coerce(table, column, contract).name(f"value_{place}"),
            missing(table, column).name(f"missing_{place}"),
            table[column.name].name(f"stored_{place}"),
        ]
    values = table.select(prepared)
    return values.aggregate([count for place, c in part for count in _aggregates(values, place, c)])


def _aggregates(values: Table, place: int, column: Column) -> Iterator[Scalar]:
    value, stored = values[f"value_{place}"], values[f"stored_{place}"]
    absent = values[f"missing_{place}"]
    unfit, outside = ~absent & value.isnull(), _outside(value, column)
    yield absent.sum().name(f"missing_{place}")
    yield unfit.sum().name(f"unfit_{place}")
    yield _example(stored, unfit).name(f"unfit_example_{place}")
    if outside is not None:
        yield outside.sum().name(f"outside_{place}")
        yield _example(stored, outside).name(f"outside_example_{place}")
    if column.role == "event_time":
        yield value.max().name("newest")
    if column.role == "target":
        yield value.nunique().name("target_values")
        for number, label in enumerate(column.labels):
            yield (value == label).sum().name(f"class_{number}")


def _example(stored: Value, chosen: BooleanColumn) -> Scalar:
    """The last of the chosen values in alphabetical order."""
    return ibis.ifelse(chosen, stored.cast("string"), ibis.null("string")).max()


def _outside(value: Value, column: Column) -> BooleanColumn | None:
    """Whether a value lies outside what the contract's table had; None where anything may."""
    if column.role not in ("feature", "target"):
        return None
    if value.type().is_string():
        return ~one_of(value, column.labels) if column.labels else None
    if not column.numeric or column.minimum is None or column.maximum is None:
        return None
    return (value < float(column.minimum)) | (value > float(column.maximum))


def _table_counts(found: dict[str, Any], used: list[Column]) -> TableCounts:
    rows = found["rows"]
    target = next((column for column in used if column.role == "target"), None)
    labels = target.labels if target else ()
    newest = found.get("newest")
    return TableCounts(
        rows=rows,
        duplicate_rows=_repeated(found, ROW) if f"distinct_{ROW}" in found else 0,
        duplicate_keys=_repeated(found, KEY) if f"distinct_{KEY}" in found else 0,
        columns={column.name: _column_counts(found, place) for place, column in enumerate(used)},
        target_values=found.get("target_values"),
        classes={label: found[f"class_{number}"] or 0 for number, label in enumerate(labels)},
        newest=newest and newest.replace(tzinfo=UTC),
    )


def _repeated(found: dict[str, Any], name: str) -> int:
    """Rows that repeat another, by their share among those compared."""
    compared = found[f"compared_{name}"] or 0
    unlike = found[f"distinct_{name}"]
    return round(found["rows"] * (1 - unlike / compared)) if compared else 0


def _column_counts(found: dict[str, Any], place: int) -> ColumnCounts:
    return ColumnCounts(
        missing=found[f"missing_{place}"] or 0,
        unfit=found[f"unfit_{place}"] or 0,
        outside=found.get(f"outside_{place}") or 0,
        unfit_example=found[f"unfit_example_{place}"],
        outside_example=found.get(f"outside_example_{place}"),
    )
