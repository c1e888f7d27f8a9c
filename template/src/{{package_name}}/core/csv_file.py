"""How a CSV file is written: encoding, delimiter and header, found from the file itself.

The header and the delimiter are read here rather than by the engine so that a ragged line
or a repeated column name is an error that names it, never a silently different table.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from .errors import DataError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES = 1 << 20
READ_BYTES = 1 << 24
RECORDS_TO_JUDGE = 50
LONGEST_FIELD = 1 << 24
WINDOWS = re.compile(rb"[\x80-\x9f]")
"""Control characters in Latin-1; in Windows-1252 the euro sign, dashes and curly quotes."""


def read_options(path: Path) -> dict[str, object]:
    """Options under which DuckDB's `read_csv` takes every column of `path` as text.

    Raises DataError if the file is empty, binary, or repeats a column name.
    """
    encoding = _encoding(path)
    with pa.input_stream(str(path), compression="detect") as stream:
        head = stream.read(SAMPLE_BYTES)
    text = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="ignore")
    delimiter = _delimiter(text)
    header, before = next(_records(text, delimiter), ([], 0))
    return {
        "auto_detect": False,
        "hive_partitioning": False,
        "header": True,
        "skip": before,
        "delim": delimiter,
        "quote": '"',
        "escape": '"',
        "encoding": encoding,
        "max_line_size": LONGEST_FIELD,
        "columns": dict.fromkeys(_column_names(header, path), "VARCHAR"),
    }


def _encoding(path: Path) -> str:
    """utf-8, utf-16 (by its byte-order mark), or latin-1 where the bytes are no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with pa.input_stream(str(path), compression="detect") as stream:
        head = stream.read(READ_BYTES)
        if not head.strip():
            raise DataError(f"{path} is empty: give a table with a header and rows.")
        if head.startswith(codecs.BOM_UTF16_LE):
            return "utf-16"
        if head.startswith(codecs.BOM_UTF16_BE):
            raise DataError(f"{path} is big-endian UTF-16: save it as UTF-8.")
        if b"\x00" in head:
            raise DataError(f"{path} is binary, not a table: give a CSV or Parquet file.")
        try:
            while head:
                decoder.decode(head)
                head = stream.read(READ_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            _refuse_windows(path)
            return "latin-1"
    return "utf-8"


def _refuse_windows(path: Path) -> None:
    """Raises DataError for Windows-1252, whose euro signs and quotes the engine cannot read."""
    with pa.input_stream(str(path), compression="detect") as stream:
        while block := stream.read(READ_BYTES):
            if WINDOWS.search(block):
                raise DataError(f"{path} is in Windows-1252 or the like: save it as UTF-8.")


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """The records that hold anything, each with the number of lines before it."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for record in reader:
        if any(value.strip() for value in record):
            yield record, before
        before = reader.line_num


def _delimiter(text: str) -> str:
    """The delimiter under which the first records are equally wide, and widest."""

    def fit(delimiter: str) -> tuple[float, int]:
        records = islice(_records(text, delimiter), RECORDS_TO_JUDGE)
        widths = [len(record) for record, _ in records]
        width = widths[0] if widths else 0
        agreement = widths.count(width) / len(widths) if width > 1 else 0.0
        return agreement, width

    return max(DELIMITERS, key=fit)


def _column_names(header: list[str], path: Path) -> list[str]:
    """The header's names; a blank one becomes `column<number>`, counted from 0."""
    names = [name.strip() or f"column{place}" for place, name in enumerate(header)]
    refuse_repeated(names, path)
    return names


def refuse_repeated(names: list[str], path: Path) -> None:
    """Raises DataError if two names are the same, upper and lower case not told apart."""
    for name, count in Counter(name.casefold() for name in names).items():
        if count > 1:
            alike = sorted({n for n in names if n.casefold() == name})
            raise DataError(
                f"{path} has {count} columns named {' or '.join(map(repr, alike))}: "
                "rename them so that each name stands once, in upper or lower case."
            )


def explain(problem: Exception) -> str:
    """What an engine's message of many lines says, in one sentence that ends with the remedy."""
    message = str(problem)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    widths = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if line and widths:
        return (
            f"line {line[1]} has {widths[2]} columns where the header has {widths[1]}. "
            "Correct it; a value that holds the delimiter needs double quotes around it."
        )
    if line:
        return f"line {line[1]} breaks off inside double quotes or is too long. Correct it."
    if "state machine" in message:
        return "its line endings or quotes are mixed. Save it again as plain CSV."
    lines = [text.strip().rstrip(":") for text in message.splitlines() if text.strip()]
    return f"{lines[0].removeprefix('Invalid Input Error: ') if lines else type(problem).__name__}"
