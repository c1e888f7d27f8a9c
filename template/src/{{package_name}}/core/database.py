"""Tables of a database or of Spark, opened by their URL through Ibis."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, urldefrag, urlsplit

import ibis
import ibis.expr.datatypes as dt

from .cluster import spark_session
from .csv_file import explain
from .errors import DataError

PLAIN = (dt.Numeric, dt.Boolean, dt.String, dt.Timestamp, dt.Date)
"""Types of a database that are taken as they are; others, such as UUIDs, become text."""
GROUPS = {"postgres": "postgres", "postgresql": "postgres", "spark": "spark"}
"""This project's dependency groups by the schemes that they hold the driver for."""


def open_database(uri: str) -> ibis.Table:
    """The table at a URL that ends in `#table` or `#schema.table`; `${NAME}` is looked up.

    Raises DataError if it cannot be opened.
    """
    address, name = urldefrag(uri)
    who, at, where = address.rpartition("@")
    address = f"{_filled(who, quoted=True)}{at}{_filled(where, quoted=False)}"
    if not name:
        raise DataError(f"{shown(uri)} names no table: end it with `#table` or `#schema.table`.")
    *schema, table = name.split(".")
    try:
        stored = _connect(address).table(table, database=tuple(schema) or None)
    except ImportError:
        scheme = urlsplit(address).scheme
        install = f"add 'ibis-framework[{scheme}]'"
        if scheme in GROUPS:
            install = f"sync --inexact --group {GROUPS[scheme]}"
        raise DataError(f"{shown(uri)} needs a driver: `uv {install}` installs it.") from None
    except ibis.common.exceptions.TableNotFound:
        raise DataError(f"{shown(uri)}: the database has no table {name!r}.") from None
    except DataError as problem:
        raise DataError(f"{shown(uri)}: {problem}") from None
    except Exception as problem:  # each backend has errors of its own
        raise DataError(f"{shown(uri)} cannot be opened: {shown(explain(problem))}") from None
    others = [name for name, kind in stored.schema().items() if not isinstance(kind, PLAIN)]
    return stored.cast(dict.fromkeys(others, "string")) if others else stored


def _connect(address: str) -> ibis.BaseBackend:
    place = urlsplit(address)
    if place.scheme != "spark":
        return ibis.connect(address)
    return ibis.pyspark.connect(spark_session(place.hostname, place.port))


def _filled(text: str, quoted: bool) -> str:
    """The text with its `${NAME}` looked up; in a password some signs would end it."""

    def value(variable: re.Match[str]) -> str:
        found = os.environ.get(variable[1])
        if found is None:
            raise DataError(f"{variable[1]} is not set, and the table's address asks for it.")
        return quote(found, safe="") if quoted else found

    return re.sub(r"\$\{(\w+)\}", value, text)


def shown(text: str) -> str:
    """The text without the user and password of URLs in it."""
    return re.sub(r"(?<=://)\S*@", "", text)
