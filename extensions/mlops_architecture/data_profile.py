"""What a table says of itself: a CSV or Parquet file, measured by DuckDB, never loaded.

Types are what values mean: numbers, dates and true/false held as text are numbers, dates and
booleans; codes with a leading zero stay text. A blank is missing; so is a word such as `NA`
in a column that is not text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import limits
from ._column_sql import text_sql, value_sql
from ._profile_guesses import (
    IDENTIFIER_NAME,
    guess_entity,
    guess_event_time,
    guess_positive_class,
    guess_problem_type,
    guess_target,
    looks_personal,
    may_be_either,
)
from ._profile_numbers import is_nearly_number, numbers_sql, refuse_decimal_commas, strays, word_sql
from ._profile_target import (
    check_class,
    check_columns,
    check_key,
    check_target,
    complete,
    named_columns,
)
from ._profile_times import formats_sql, time_format
from ._table_view import ProfileError, opened
from .facts import ColumnProfile, ColumnType, DataProfile

__all__ = [
    "ProfileError",
    "check_class",
    "check_columns",
    "check_key",
    "check_target",
    "guess_entity",
    "guess_event_time",
    "guess_positive_class",
    "guess_problem_type",
    "guess_target",
    "looks_personal",
    "may_be_either",
    "named_columns",
    "profile_table",
    "table_gb",
]
_COLUMNS_AT_ONCE = 100
_EXACT_DISTINCT_ROWS = 2_000_000


def profile_table(
    path: Path,
    target: str = "",
    problem_type: str = "",
    event_time: str = "",
    entity_key: str = "",
) -> DataProfile:
    """The table at `path`, measured; what hangs on target, time and entity where they are named.

    Raises ProfileError, one sentence, where there is no usable table.
    """
    scanned = _scan(path, path.stat().st_mtime if path.exists() else 0.0)
    if not (target or event_time or entity_key):
        return scanned
    with opened(path) as (connection, _):
        keys = (target, problem_type, event_time, entity_key)
        return complete(connection, scanned, keys)


@lru_cache(maxsize=4)
def _scan(path: Path, modified: float) -> DataProfile:
    """What holds of the table whatever is predicted; the flow asks for it several times."""
    with opened(path) as (connection, names):
        rows = connection.execute("SELECT count(*) FROM t").fetchone()[0]
        if rows == 0:
            raise ProfileError(f"{path} has a header and no rows: give a table with rows.")
        return DataProfile(
            source=path.name,
            uri=str(path.absolute()),
            rows=rows,
            columns=_columns(connection, names, rows),
            size_gb=float(f"{table_gb(rows, len(names)):.3g}"),
            duplicate_rows=rows - _distinct_rows(connection, len(names)),
            written=datetime.fromtimestamp(int(modified), UTC).isoformat(),
        )


def table_gb(rows: int, columns: int) -> float:
    """Size of a table of numbers (section A.3), in GB."""
    return rows * columns * limits.A3_BYTES_PER_VALUE * limits.A3_SIZE_OVERHEAD / 1e9


def _distinct_rows(connection: Any, n: int) -> int:
    listed = ", ".join(f"c{i}" for i in range(n))
    found: int = connection.execute(f"SELECT count(DISTINCT hash({listed})) FROM t").fetchone()[0]
    return found


def _columns(connection: Any, names: list[str], rows: int) -> tuple[ColumnProfile, ...]:
    found: list[ColumnProfile] = []
    for start in range(0, len(names), _COLUMNS_AT_ONCE):
        part = range(start, min(start + _COLUMNS_AT_ONCE, len(names)))
        found += _measure(connection, part, names, rows)
    return tuple(_mark_duplicates(connection, found))


def _measure(connection: Any, part: range, names: list[str], rows: int) -> list[ColumnProfile]:
    """Two passes over some columns: what the values mean, then their distribution."""
    counts = _rows_of(connection, part, _meaning_sql)
    refuse_decimal_commas(names, counts)
    types = {i: _type(counts[i]) for i in part}
    formats = {i: time_format(counts[i]) for i in part}
    exact = rows <= _EXACT_DISTINCT_ROWS
    measures = _rows_of(connection, part, lambda i: _measure_sql(i, types[i], formats[i], exact))
    return [
        _column(connection, i, names[i], types[i], formats[i], counts[i], measures[i], rows)
        for i in part
    ]


def _rows_of(connection: Any, part: range, sql: Any) -> dict[int, dict[str, Any]]:
    structs = ", ".join(f"{{{sql(i)}}} AS m{i}" for i in part)
    row = connection.execute(f"SELECT {structs} FROM t").fetchone()
    return {
        i: {name: 0 if value is None else value for name, value in found.items()}
        for i, found in zip(part, row, strict=True)
    }


def _meaning_sql(i: int) -> str:
    text = text_sql(i)
    return (
        f"'stored': any_value(typeof(c{i})), "
        f"'present': count_if({text} <> ''), 'words': count_if({word_sql(text)}), "
        f"'blanks': count_if(c{i}::VARCHAR <> '' AND {text} = ''), "
        f"{numbers_sql(text)}, "
        f"'booleans': count_if(lower({text}) IN ('true', 'false', 't', 'f')), "
        f"'dates': count_if(regexp_matches({text}, '^[0-9]{{4}}-') "
        f"AND TRY_CAST({text} AS TIMESTAMPTZ) IS NOT NULL), "
        f"{formats_sql(text)}, "
        f"'emails': count_if(regexp_full_match({text}, '[^@\\s]+@[^@\\s]+\\.[a-z]+'))"
    )


def _type(counts: dict[str, Any]) -> ColumnType:
    present, meant = counts["present"], counts["present"] - counts["words"]
    if meant == 0:
        return "string" if present else "number"
    if counts["booleans"] == meant:
        return "boolean"
    if counts["numbers"] == meant and not counts["codes"]:
        return "integer" if counts["integers"] == meant else "number"
    return "datetime" if counts["dates"] == meant or time_format(counts) else "string"


def _measure_sql(i: int, type: ColumnType, format: str, exact: bool) -> str:
    value = value_sql(i, type, format)
    distinct = f"count(DISTINCT {value})" if exact else f"approx_count_distinct({value})"
    parts = [f"'present': count({value})", f"'distinct': {distinct}"]
    if type in {"integer", "number"}:
        parts += [
            f"'minimum': min({value})", f"'maximum': max({value})", f"'mean': avg({value})",
            f"'deviation': stddev_samp({value})",
            f"'third': avg(power({value}, 3))",
            f"'quantiles': quantile_cont({value}, [0.5, 0.99])",
        ]  # fmt: skip
    elif type == "datetime":
        parts += [f"'minimum': min({value})::VARCHAR", f"'maximum': max({value})::VARCHAR"]
    return ", ".join(parts)


def _column(
    connection: Any,
    i: int,
    name: str,
    type: ColumnType,
    format: str,
    counts: dict[str, Any],
    measured: dict[str, Any],
    rows: int,
) -> ColumnProfile:
    present, distinct = measured["present"], measured["distinct"]
    personal = looks_personal(name) or counts["emails"] > present / 2 > 0
    nearly_number = type == "string" and not personal and is_nearly_number(name, counts)
    identifier = not nearly_number and _is_identifier(name, type, present, distinct, measured)
    hidden = identifier or personal
    shares = _shares(connection, value_sql(i, type, format), present)
    numeric = type in {"integer", "number"}
    listed = type in {"string", "boolean"} and distinct <= limits.D2_GROUPED_LEVELS and not hidden
    stored_as_text = counts["stored"] == "VARCHAR" and (
        counts["words"] + counts["blanks"] > 0 if _is_csv_number(type) else type == "datetime"
    )
    return ColumnProfile(
        name=name,
        type=type,
        stored_as_text=stored_as_text and type != "string",
        strays=tuple(strays(connection, i)) if nearly_number else (),
        format=format,
        missing=rows - present,
        missing_share=(rows - present) / rows,
        distinct=distinct,
        minimum=None if hidden else measured.get("minimum"),
        maximum=None if hidden else measured.get("maximum"),
        mean=measured.get("mean") if numeric and not hidden else None,
        deviation=measured.get("deviation") if numeric and not hidden else None,
        skewness=_skewness(measured) if numeric and not hidden else None,
        tail_ratio=_tail_ratio(measured) if numeric and not hidden else None,
        top_share=shares[0][1] if shares else 0.0,
        levels=tuple(level for level, _ in shares) if listed else (),
        level_shares=tuple(share for _, share in shares) if listed else (),
        identifier=identifier,
        constant=distinct <= 1,
    )


def _is_csv_number(type: ColumnType) -> bool:
    return type in {"integer", "number", "boolean"}


def _shares(connection: Any, value: str, present: int) -> list[tuple[str, float]]:
    """The most frequent values with their shares of the rows that have one."""
    found = connection.execute(
        f"SELECT ({value})::VARCHAR AS v, count(*) AS n FROM t WHERE v IS NOT NULL "
        f"GROUP BY v ORDER BY n DESC, v LIMIT {limits.D2_GROUPED_LEVELS}"
    ).fetchall()
    return [(value, count / present) for value, count in found]


def _skewness(measured: dict[str, Any]) -> float | None:
    """Third standardised moment, from the mean, the deviation and the mean of cubes."""
    mean, deviation, third = measured["mean"], measured["deviation"], measured["third"]
    if not deviation:
        return None
    return float((third - 3 * mean * deviation**2 - mean**3) / deviation**3)


def _tail_ratio(measured: dict[str, Any]) -> float | None:
    quantiles = measured["quantiles"]
    if not quantiles or quantiles[0] is None or quantiles[0] <= 0:
        return None
    return float(quantiles[1] / quantiles[0])


def _is_identifier(
    name: str, type: ColumnType, present: int, distinct: int, measured: dict[str, Any]
) -> bool:
    """Unique for each row, and no measurement: text, or a numbered or named key."""
    if present < 2 or distinct < present:
        return False
    if type == "string":
        return True
    consecutive = type == "integer" and measured["maximum"] - measured["minimum"] == present - 1
    return type == "integer" and (consecutive or bool(IDENTIFIER_NAME.search(name)))


def _mark_duplicates(connection: Any, columns: list[ColumnProfile]) -> list[ColumnProfile]:
    """Columns that repeat an earlier one value by value."""
    seen: dict[tuple[object, ...], int] = {}
    for i, column in enumerate(columns):
        likeness = (column.type, column.missing, column.distinct, column.minimum, column.maximum,
                    column.mean, column.level_shares)  # fmt: skip
        first = seen.setdefault(likeness, i)
        if first != i and not column.constant:
            differing = connection.execute(
                f"SELECT count_if(c{i}::VARCHAR IS DISTINCT FROM c{first}::VARCHAR) FROM t"
            ).fetchone()[0]
            if not differing:
                columns[i] = column.model_copy(update={"duplicate_of": columns[first].name})
    return columns
