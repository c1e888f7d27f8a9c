"""The only reader of tables: a CSV or Parquet file, or a database table, through Ibis.

What a frame holds, whatever the source:

- `integer` and `number`: float64; text such as `1,234`, `1_000` or `inf` is no number;
- `boolean`: float64, 1.0 for true and 0.0 for false;
- `string`: text; `datetime`: datetime64 in UTC, without a zone;
- identifiers, entities, the classes of a target and today's choice among several: text (`1`,
  `1.0` and `"1"` are `"1"`);
- blank is missing everywhere, and so is `NA` in a column that is not text; missing is NaN or NaT.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from .coercion import coerce, missing
from .contract import MEANING, Column, Contract
from .csv_file import explain, read_options, refuse_repeated
from .database import open_database, shown
from .errors import DataError
from .extract import asked_for, freeze, hash_of_rows, parquet_files
from .files import beside, discard, unwritable, whole

REJECTION = "rejection_reason"
"""Column of a batch saying why its row cannot be scored; NaN where it can."""
BATCH_ROWS = 200_000
PARQUET_MAGIC = b"PAR1"


class TableHandle(BaseModel):
    """A snapshot: where it is, how many rows it has, and the hash of what it was drawn from.

    `uri` is a Parquet file; of a table in Spark a folder of them, which Spark wrote.
    """

    model_config = ConfigDict(frozen=True)

    uri: str
    rows: int
    sha256: str
    source: str
    written: datetime | None = None
    """When the file was last written, in UTC and whole seconds; None for a database."""


@lru_cache(maxsize=1)
def engine() -> Backend:
    """The embedded DuckDB that files are read with; times without a zone are taken as UTC."""
    backend = ibis.duckdb.connect(temp_directory=tempfile.gettempdir())
    backend.raw_sql("SET TimeZone = 'UTC'")
    ibis.set_backend(backend)
    return backend


def open_table(uri: str) -> ibis.Table:
    """The table at `uri`, its columns as they are stored (all text for a CSV file).

    `uri` is a file (CSV with any delimiter, or Parquet; `.gz` or `.zst` too), a folder of Parquet
    files whose name ends in `.parquet`, or a database URL such as
    `postgres://host/sales#public.customers`, where `${NAME}` stands for an environment variable.
    Raises DataError if it cannot be read.
    """
    if "://" in uri:
        return open_database(uri)
    path = Path(uri)
    if path.is_dir() and not (path.suffix == ".parquet" and parquet_files(path)):
        raise DataError(f"{path} is a folder: give one CSV or Parquet file in it.")
    if not path.exists():
        raise DataError(
            f"{path} does not exist: correct `data.uri` in configs/project.yaml or the path given."
        )
    try:
        if _is_parquet(path):
            files = parquet_files(path)
            refuse_repeated(pq.read_schema(files[0]).names, path)
            return engine().read_parquet(list(map(str, files)), hive_partitioning=False)
        return engine().read_csv(str(path), **read_options(path))
    except (OSError, pa.ArrowException, duckdb.Error) as problem:
        raise DataError(f"{path} cannot be read: {explain(problem)}") from None


def snapshot(uri: str, folder: Path, contract: Contract | None = None) -> TableHandle:
    """A copy of the table as `folder/<first 12 digits of its hash>.parquet`.

    The hash is that of the file's bytes, so that the same file always gives the same snapshot; of a
    folder or a database that of the rows, in whatever order they come, and an earlier copy of the
    same rows stays, with its order. Of a database only the columns that `contract` uses are asked
    for. Values are copied as they are stored.
    Raises DataError if the table cannot be read or has no rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    is_file = "://" not in uri
    table = open_table(uri)
    digest = _sha256(Path(uri)) if is_file else ""
    target = folder / f"{digest[:12]}.parquet"
    if not (is_file and target.exists()):
        partial = beside(folder / "table.parquet")
        try:
            if is_file:
                _copy(Path(uri), table, partial)
            else:
                freeze(table if contract is None else asked_for(table, contract), partial)
                digest = hash_of_rows(partial)
                target = folder / f"{digest[:12]}.parquet"
            if not target.exists():
                partial.rename(target)
        except OSError as problem:
            raise unwritable(target, problem) from None
        except Exception as problem:  # each backend has errors of its own
            raise DataError(
                f"{shown(uri)} cannot be copied to {folder}: {shown(explain(problem))}"
            ) from None
        finally:
            discard(partial)
    rows = sum(pq.read_metadata(file).num_rows for file in parquet_files(target))
    if not rows:
        raise DataError(f"{shown(uri)} has column names and no rows: give a table with rows.")
    return TableHandle(
        uri=str(target),
        rows=rows,
        sha256=digest,
        source=shown(uri),
        written=datetime.fromtimestamp(int(Path(uri).stat().st_mtime), UTC) if is_file else None,
    )


def _copy(path: Path, table: ibis.Table, target: Path) -> None:
    """Neither memory nor, for a Parquet file, time is spent on its rows."""
    if path.is_dir():
        shutil.copytree(path, target)
    elif _is_parquet(path):
        shutil.copyfile(path, target)
    else:
        table.to_parquet(target)


def read_frame(
    handle: TableHandle,
    contract: Contract,
    columns: Sequence[str] | None = None,
    maximum_rows: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """The rows of a snapshot in their order, one column for each of `columns`.

    `columns` defaults to all that training uses. A value that does not fit its type is
    missing. Above `maximum_rows`, a sample of exactly that many rows, the same for each seed.
    Raises DataError if the snapshot is gone, or a required column is absent.
    """
    if not Path(handle.uri).exists():
        raise DataError(
            f"{handle.uri}, the snapshot of {handle.source}, is gone: restore it from a backup, "
            "or train again."
        )
    wanted = [c for c in contract.used_in_training if columns is None or c.name in columns]
    table = open_table(handle.uri)
    refuse_absent(table.columns, wanted, handle.source)
    frames = _frames(_coerced(table, wanted, contract), BATCH_ROWS, handle.source)
    if maximum_rows is not None and handle.rows > maximum_rows:
        frames = _sampled(frames, handle.rows, maximum_rows, seed)
    return pd.concat(frames, ignore_index=True)


def drawn_rows(rows: int, wanted: int, seed: int) -> NDArray[np.bool_]:
    """(rows,): a simple random sample without replacement; all of them up to `wanted`."""
    drawn = np.zeros(rows, dtype=bool)
    drawn[np.random.default_rng(seed).choice(rows, min(wanted, rows), replace=False)] = True
    return drawn


def read_batches(uri: str, contract: Contract, chunk_rows: int) -> Iterator[pd.DataFrame]:
    """All rows at `uri` in their order, at most `chunk_rows` at a time, ready to be scored.

    The index counts rows from 0 across batches. Beside the contract's columns (the target
    where the table has it) stands `REJECTION`. Raises DataError if a required column is absent.
    """
    return scorable(open_table(uri), contract, chunk_rows, shown(uri))


def scorable(
    table: ibis.Table, contract: Contract, chunk_rows: int, source: str, *others: str
) -> Iterator[pd.DataFrame]:
    """The rows of a table as `read_batches` gives them, and `others` of its columns as stored."""
    wanted = [c for c in contract.used if c.role != "target" or c.name in table.columns]
    refuse_absent(table.columns, wanted, source)
    checked = [c for c in wanted if c.role != "target" and c.name in table.columns]
    rejection = _rejection(table, checked, contract).name(REJECTION)
    coerced = _coerced(table, wanted, contract, rejection, *(table[name] for name in others))
    return _frames(coerced, chunk_rows, source)


def write_frames(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Writes frames of one shape to a Parquet file, whole or not at all; returns the rows.

    Raises ValueError if there is no frame (an empty one carries the columns), ProjectError if
    `path` cannot be written.
    """
    rows = 0
    with frame_writer(path) as write:
        for frame in frames:
            write(frame)
            rows += len(frame)
    return rows


@contextmanager
def frame_writer(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """A function that adds a frame to what `path` holds once the block ends well.

    Raises as `write_frames` does.
    """
    writer: pq.ParquetWriter | None = None

    def write(frame: pd.DataFrame) -> None:
        nonlocal writer
        schema = writer.schema if writer else None
        batch = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
        batch = batch.replace_schema_metadata()  # pandas cannot read its own of a list
        writer = writer or pq.ParquetWriter(partial, batch.schema)
        writer.write_table(batch)

    with whole(path) as partial:
        try:
            yield write
        finally:
            if writer:
                writer.close()
        if writer is None:
            raise ValueError("no frame to write")


def refuse_absent(present: Sequence[str], wanted: Sequence[Column], source: str) -> None:
    """Raises DataError if a required column is not among `present`."""
    absent = [c.name for c in wanted if c.required and c.name not in present]
    if absent:
        shown = ", ".join(repr(name) for name in absent[:5])
        more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
        raise DataError(
            f"{source} lacks the column {shown}{more} of data/contract.yaml: "
            "rename or add it, or correct the contract."
        )


def _coerced(
    table: ibis.Table, columns: Sequence[Column], contract: Contract, *more: ibis.Value
) -> ibis.Table:
    """One value for each of `columns`, null where the table lacks it, and `more` beside them."""
    absent = {c.name: ibis.null("string") for c in columns if c.name not in table.columns}
    whole = table.mutate(**absent) if absent else table
    values = [coerce(whole, column, contract).name(column.name) for column in columns]
    return whole.select([*values, *more])


def _rejection(table: ibis.Table, checked: Sequence[Column], contract: Contract) -> ibis.Value:
    """The first thing wrong with a row: a missing key, or a value that its type cannot hold."""
    faults = []
    for column in checked:
        absent, value = missing(table, column), coerce(table, column, contract)
        if column.name in contract.keys:
            faults.append((absent, f"{column.name} is missing"))
        unfit = ~absent & value.isnull()
        faults.append((unfit, f"{column.name} is not a {MEANING[column.type]}"))
    return ibis.cases(*faults) if faults else ibis.null("string")


def _frames(table: ibis.Table, chunk_rows: int, source: str) -> Iterator[pd.DataFrame]:
    """The rows as frames whose index goes on from one to the next."""
    start = 0
    try:
        for batch in table.to_pyarrow_batches(chunk_size=chunk_rows):
            frame = batch.to_pandas()
            frame.index = pd.RangeIndex(start, start + len(frame))
            start += len(frame)
            yield frame
    except (duckdb.Error, pa.ArrowException) as problem:
        raise DataError(f"{source} cannot be read: {explain(problem)}") from None


def _sampled(
    frames: Iterable[pd.DataFrame], rows: int, wanted: int, seed: int
) -> Iterator[pd.DataFrame]:
    drawn = drawn_rows(rows, wanted, seed)
    return (frame[drawn[frame.index]] for frame in frames)


def _is_parquet(path: Path) -> bool:
    if path.is_dir():
        return True
    with path.open("rb") as file:
        return path.suffix == ".parquet" or file.read(4) == PARQUET_MAGIC


def _sha256(path: Path) -> str:
    if path.is_dir():
        return hash_of_rows(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
