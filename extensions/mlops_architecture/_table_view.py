"""Reading a table with DuckDB: the file as a view, and SQL that measures its columns.

Columns are called c0, c1, … inside, so that no name of a column ever becomes SQL.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from .text import check_free_text

MOST_COLUMNS = 2_000
MISSING_WORDS = "('na', 'n/a', '#n/a', 'nan', 'null', 'none', '-', '?')"
_DELIMITERS = (",", ";", "\t", "|")
_CSV = {".csv", ".tsv", ".txt"}
_PARQUET = {".parquet", ".pq"}
_WINDOWS = re.compile("[\x80-\x9f]")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE)
_FEWEST_COUNTING = 3
"""Names that are numbers and rise, from this many on, are of a series: years, wavelengths."""
_SAMPLE_ROWS = 50
_LONGEST_NAME = 1_000
_SAMPLE_BYTES = 1 << 20
_LONGEST_FIELD = 1 << 24
_READ_ONCE_BYTES = 500_000_000
"""A text file up to this size is parsed once; a larger one is read again for each question."""


class ProfileError(ValueError):
    """A table that cannot be used, in one sentence: what, where, and what to do."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, list[str]]]:
    """A DuckDB connection with the view `t`, and the names of its columns in order.

    Raises ProfileError where the file cannot be read as a table.
    """
    try:
        import duckdb
    except ImportError:
        raise ProfileError(
            "Reading a table needs the package duckdb: run with `uvx --with duckdb "
            "--with copier-template-extensions copier …`, or go on without a table."
        ) from None
    _refuse_unusable(path)
    with duckdb.connect(config={"threads": max(2, os.cpu_count() or 2)}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            names = _view(connection, path)
            yield connection, names
        except duckdb.Error as error:
            raise ProfileError(f"{path} cannot be read as a table: {_in_short(error)}") from None


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise ProfileError(f"{path} is a folder: give one CSV or Parquet file in it.")
    if not path.is_file():
        raise ProfileError(f"There is no file {path}: check the path, or go on without a table.")
    if not os.access(path, os.R_OK):
        raise ProfileError(f"{path} may not be read: check its permissions.")
    if path.stat().st_size == 0:
        raise ProfileError(f"{path} is empty: give a table with a header and rows.")
    if _kind(path) not in _CSV | _PARQUET:
        raise ProfileError(
            f"{path} is neither CSV nor Parquet by its name: export the table as one of these."
        )


def _kind(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] and suffixes[-1] in {".gz", ".zst"}:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _view(connection: Any, path: Path) -> list[str]:
    if _kind(path) in _PARQUET:
        return _parquet_view(connection, path)
    options = [
        "header = true",
        "quote = '\"'",
        "escape = '\"'",
        f"max_line_size = {_LONGEST_FIELD}",
    ]
    if path.suffix.lower() == ".zst":
        return _sniffed_view(connection, path, options)
    encoding, head = _head(path)
    delimiter = _delimiter(head)
    header, *rows = list(islice(_records(head, delimiter), _SAMPLE_ROWS)) or [[]]
    names = [name if name.strip() else f"column{i}" for i, name in enumerate(header)]
    _check_names(names, path)
    _refuse_nameless(names, rows, path)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    options += ["auto_detect = false", f"delim = '{delimiter}'", f"encoding = '{encoding}'"]
    kept = "TEMP TABLE" if path.stat().st_size <= _READ_ONCE_BYTES else "VIEW"
    connection.execute(
        f"CREATE {kept} t AS SELECT * FROM read_csv({_literal(path)}, {', '.join(options)}, "
        f"columns = {{{columns}}})"
    )
    return [name.strip() for name in names]


def _parquet_view(connection: Any, path: Path) -> list[str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_literal(path)})")
    names = [row[0] for row in described.fetchall()]
    _check_names(names, path)
    aliases = ", ".join(f"{_quoted(name)} AS c{i}" for i, name in enumerate(names))
    connection.execute(f"CREATE VIEW t AS SELECT {aliases} FROM read_parquet({_literal(path)})")
    return names


def _sniffed_view(connection: Any, path: Path, options: list[str]) -> list[str]:
    source = f"read_csv({_literal(path)}, all_varchar = true, {', '.join(options)})"
    names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    _check_names(names, path)
    sample = connection.execute(f"SELECT * FROM {source} LIMIT {_SAMPLE_ROWS}").fetchall()
    _refuse_nameless(names, sample, path)
    aliases = ", ".join(f"{_quoted(name)} AS c{i}" for i, name in enumerate(names))
    connection.execute(f"CREATE VIEW t AS SELECT {aliases} FROM {source}")
    return names


def _check_names(names: list[str], path: Path) -> None:
    for name in names:
        if problem := check_free_text(name, _LONGEST_NAME):
            shown = repr(name if len(name) < 60 else f"{name[:60]}…")
            raise ProfileError(f"{path}: the column {shown} has to be renamed. {problem}")
    repeated = [name for name, count in Counter(map(str.casefold, names)).items() if count > 1]
    if repeated:
        shown = ", ".join(map(repr, repeated[:5]))
        raise ProfileError(
            f"{path} repeats the column name {shown}: each name may stand once, and the first line "
            "has to hold the names."
        )
    if len(names) < 2:
        raise ProfileError(
            f"{path} has a single column: a table needs a target and at least one feature "
            "(is the delimiter one of comma, semicolon, tab, bar?)."
        )
    if len(names) > MOST_COLUMNS:
        raise ProfileError(
            f"{path} has {len(names):,} columns, more than the {MOST_COLUMNS:,} this template "
            "designs for: keep the columns that are known when the decision is made."
        )


def _refuse_nameless(names: list[str], rows: Sequence[Sequence[str | None]], path: Path) -> None:
    """Refuse a first line that is a row: numbers stand above numbers in it, and text above text."""
    numbers = [name for name in names if _NUMBER.fullmatch(name)]
    values = [float(name) for name in numbers]
    counting = len(values) >= _FEWEST_COUNTING and values == sorted(set(values))
    alike = all(
        bool(_NUMBER.fullmatch(name)) is _are_numbers([row[i] for row in rows if i < len(row)])
        for i, name in enumerate(names)
    )
    if numbers and alike and not counting:
        raise ProfileError(
            f"{path}: the column {numbers[0]!r} is named like a value. If the first line is a row, "
            "put a line with the names of the columns above it; else rename that column."
        )


def _are_numbers(values: Sequence[str | None]) -> bool:
    return 2 * sum(bool(_NUMBER.fullmatch(value or "")) for value in values) > len(values)


def _head(path: Path) -> tuple[str, str]:
    """The encoding of a CSV file as DuckDB calls it, and its first text."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rb") as stream:
            head = stream.read(_SAMPLE_BYTES)
    except (OSError, EOFError) as error:
        raise ProfileError(f"{path} cannot be read: {error}.") from None
    if not head.strip():
        raise ProfileError(f"{path} is empty: give a table with a header and rows.")
    if head.startswith(b"\xff\xfe"):
        return "utf-16", head.decode("utf-16", errors="ignore")
    if b"\x00" in head:
        raise ProfileError(f"{path} is binary, no text: give a CSV or Parquet file.")
    try:
        return "utf-8", head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = head.decode("latin-1")
        if _WINDOWS.search(text):
            raise ProfileError(
                f"{path} is in Windows-1252 or the like (its euro signs, dashes or curly quotes "
                "are neither UTF-8 nor Latin-1): save it as UTF-8."
            ) from None
        return "latin-1", text


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(text.splitlines(keepends=True), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The delimiter under which the first records are equally wide, and widest."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in islice(_records(text, delimiter), _SAMPLE_ROWS) if row]
        width = widths[0] if widths else 0
        return (widths.count(width) / len(widths) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=fit)


def _literal(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _in_short(error: Exception) -> str:
    """What DuckDB's message of many lines says, without a value of the table."""
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    widths = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if line and widths:
        return (
            f"line {line[1]} has {widths[2]} columns where the header has {widths[1]}. Correct it; "
            "a value that holds the delimiter needs double quotes around it."
        )
    if line:
        return f"line {line[1]} breaks off inside double quotes or is too long. Correct it."
    if "state machine" in message:
        return "its line endings or quotes are mixed. Save it again as plain CSV."
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("LINE", "^", "Possible", "*"))][:2]
    return " ".join(told)[:300].rstrip(".") + "."
