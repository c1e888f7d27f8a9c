"""A column as what it means: SQL over the view of a table."""

from __future__ import annotations

from .facts import ColumnType


def value_sql(i: int, type: ColumnType, format: str = "") -> str:
    """Column `i` as what it means, null where missing."""
    text = f"trim(c{i}::VARCHAR)"
    if type in {"integer", "number"}:
        number = f"TRY_CAST({text} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if type == "datetime" and format:
        return f"try_strptime({text}, '{format}')"
    if type == "datetime":
        return f"TRY_CAST({text} AS TIMESTAMPTZ)"
    if type == "boolean":
        return f"CASE WHEN lower({text}) IN ('true', 't') THEN 'true' " \
               f"WHEN lower({text}) IN ('false', 'f') THEN 'false' END"  # fmt: skip
    return f"nullif({text}, '')"
