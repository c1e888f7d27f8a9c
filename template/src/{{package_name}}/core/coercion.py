"""From a column as it is stored to what the contract says it means, as Ibis expressions.

What is neither missing nor has a value is stored in a way that the column's type cannot hold.
Nothing here runs a query.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import BooleanValue, StringValue, Table, Value

from .contract import Column, Contract

MISSING_WORDS = ("", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?")
"""Words for a missing value in columns that are not text; in text they may be a level."""
TRUE_WORDS = ("true", "t", "yes", "y", "1", "1.0")
FALSE_WORDS = ("false", "f", "no", "n", "0", "0.0")
NUMBER = r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
"""What the cast of a text to a number takes in every engine, so that none of them fails."""


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator]
    signature=((dt.string, dt.string), dt.Timestamp(timezone="UTC"))
)
def try_strptime(text: StringValue, format: str) -> Value:
    """DuckDB's strptime that gives null where the text does not fit."""


def coerce(table: Table, column: Column, contract: Contract) -> Value:
    """The value as a frame holds it (see `core/data.py`); null where missing or unfit."""
    if column.role == "target" and contract.classification:
        return _class_label(table, column)
    if column.role == "incumbent" and contract.problem_type == "multiclass":
        return _class_label(table, column)
    if column.role in ("identifier", "entity"):
        return _key(table[column.name])
    return _value(table, column)


def missing(table: Table, column: Column) -> BooleanValue:
    """True where nothing is stored: null, blank, not-a-number, or a word for missing."""
    stored = table[column.name]
    if stored.type().is_floating():
        return stored.isnull() | stored.isnan()
    if not stored.type().is_string():
        return stored.isnull()
    if column.type == "string" or column.role in ("identifier", "entity"):
        return stored.isnull() | (stored.strip() == "")
    return stored.isnull() | one_of(stored.strip().lower(), MISSING_WORDS)


def is_embedded(asked: Table | Value) -> bool:
    """Whether our own DuckDB answers what is asked."""
    try:
        return bool(asked.get_backend().name == "duckdb")
    except ibis.common.exceptions.IbisError:  # of no engine yet
        return False


def one_of(text: StringValue, words: Sequence[str]) -> BooleanValue:
    """Whether the text is among the words; DuckDB turns a longer IN into a join per column."""
    if not is_embedded(text):
        return text.isin(words)
    return ibis.array(list(words)).contains(text)


def _value(table: Table, column: Column) -> Value:
    stored = table[column.name]
    if column.numeric:
        return _number(stored)
    if column.type == "boolean":
        return _boolean(stored)
    if column.type == "datetime":
        return _time(stored, column.format)
    return _level(stored)


def _text(stored: Value) -> StringValue:
    return stored if stored.type().is_string() else stored.cast("string")


def _key(stored: Value) -> StringValue:
    """As it came, so that it finds its row again."""
    text = _whole_number_as_text(stored) if stored.type().is_floating() else _text(stored)
    return ibis.ifelse(text.strip() == "", ibis.null("string"), text)


def _level(stored: Value) -> StringValue:
    """Without the blanks around it, which nobody means."""
    text = _whole_number_as_text(stored) if stored.type().is_floating() else _text(stored)
    return text.strip().nullif("")


def _whole_number_as_text(number: Value) -> StringValue:
    """`1.0` as `1`, so that a key is the same text however the file stores it."""
    exact = ibis.ifelse(number.abs() < 2**53, number, ibis.null("float64"))
    whole = exact.try_cast("int64")
    is_whole = whole.cast("float64") == exact
    text = ibis.ifelse(is_whole, whole.cast("string"), number.cast("string"))
    return ibis.ifelse(number.isnan(), ibis.null("string"), text)


def _number(stored: Value) -> Value:
    if stored.type().is_string() and is_embedded(stored):
        number = stored.strip().replace("_", "?").try_cast("float64")
    elif stored.type().is_string():
        text = stored.strip()
        number = ibis.ifelse(text.re_search(NUMBER), text, ibis.null("string")).try_cast("float64")
    elif stored.type().is_boolean():
        return stored.cast("int8").cast("float64")
    elif stored.type().is_numeric():
        number = stored.cast("float64")
    else:
        return ibis.null("float64")
    return ibis.ifelse(number.abs() < math.inf, number, ibis.null("float64"))


def _boolean(stored: Value) -> Value:
    word = _text(stored).strip().lower()
    return ibis.cases((one_of(word, TRUE_WORDS), 1.0), (one_of(word, FALSE_WORDS), 0.0))


def _time(stored: Value, format: str) -> Value:
    if stored.type().is_timestamp() or stored.type().is_date():
        return stored.cast("timestamp")
    text = _text(stored).strip()
    if format:
        return try_strptime(text, format).cast("timestamp")
    dated = ibis.ifelse(text.re_search(r"^\d{4}"), text, ibis.null("string"))
    return dated.try_cast(dt.Timestamp(timezone="UTC")).cast("timestamp")


def _class_label(table: Table, column: Column) -> StringValue:
    """The class as `Column.label` writes it."""
    if column.numeric:
        return _whole_number_as_text(_number(table[column.name]))
    if column.type == "boolean":
        flag = _boolean(table[column.name])
        return ibis.cases((flag == 1.0, "true"), (flag == 0.0, "false"))
    return _level(table[column.name])
