"""Tables of a database, opened by their URL through Ibis."""

from __future__ import annotations

import os
import re
from urllib.parse import urldefrag

import ibis
import ibis.expr.datatypes as dt

from .csv_file import explain
from .errors import DataError

PLAIN = (dt.Numeric, dt.Boolean, dt.String, dt.Timestamp, dt.Date)
"""Types of a database that are taken as they are; others, such as UUIDs, become text."""


def open_database(uri: str) -> ibis.Table:
    """The table at a URL that ends in `#table` or `#schema.table`; `${NAME}` is looked up.

    Raises DataError if it cannot be opened.
    """
    address, name = urldefrag(os.path.expandvars(uri))
    if not name:
        raise DataError(f"{shown(uri)} names no table: end it with `#table` or `#schema.table`.")
    *schema, table = name.split(".")
    try:
        stored = ibis.connect(address).table(table, database=tuple(schema) or None)
    except ibis.common.exceptions.TableNotFound:
        raise DataError(f"{shown(uri)}: the database has no table {name!r}.") from None
    except Exception as problem:  # each backend has errors of its own
        raise DataError(f"{shown(uri)} cannot be opened: {shown(explain(problem))}") from None
    others = [name for name, kind in stored.schema().items() if not isinstance(kind, PLAIN)]
    return stored.cast(dict.fromkeys(others, "string")) if others else stored


def shown(text: str) -> str:
    """The text without the user and password of URLs in it."""
    return re.sub(r"(?<=://)\S*@", "", text)
