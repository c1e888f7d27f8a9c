"""A column as what it means: SQL over the view of a table."""

from __future__ import annotations

from .facts import ColumnType

_BLANKS = " || ".join(f"chr({ord(blank)})" for blank in " \t\n\r\v\f")


def text_sql(i: int) -> str:
    """Column `i` as text without the blanks around it."""
    return f"trim(c{i}::VARCHAR, {_BLANKS})"


def value_sql(i: int, type: ColumnType, format: str = "") -> str:
    """Column `i` as what it means, null where missing."""
    text = text_sql(i)
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
