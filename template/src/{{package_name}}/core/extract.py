"""What a snapshot takes of a database: which columns, how they are written, and their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import ibis
import pyarrow.parquet as pq

from .contract import Contract
from .errors import DataError

BATCH_ROWS = 200_000


def asked_for(table: ibis.Table, contract: Contract) -> ibis.Table:
    """The columns that the contract uses."""
    return table.select([c.name for c in contract.used_in_training if c.name in table.columns])


def freeze(table: ibis.Table, target: Path) -> None:
    """Writes a table to a Parquet file, batch by batch; Spark's workers write a folder of them.

    Raises DataError if the folder that they see is another one than this machine's.
    """
    if table.get_backend().name == "pyspark":
        table.to_parquet_dir(target.absolute().as_uri())
        if not parquet_files(target):
            raise DataError(
                f"Spark's workers do not see {target.parent}: put the project where they do."
            )
        return
    with pq.ParquetWriter(target, table.schema().to_pyarrow()) as writer:
        for batch in table.to_pyarrow_batches(chunk_size=BATCH_ROWS):
            writer.write_batch(batch)


def parquet_files(snapshot: Path) -> list[Path]:
    """The files of a snapshot, in the order of their rows."""
    return sorted(snapshot.glob("*.parquet")) if snapshot.is_dir() else [snapshot]


def hash_of_rows(snapshot: Path) -> str:
    """The same for the same rows, as no database promises an order of them."""
    files = parquet_files(snapshot)
    with duckdb.connect() as engine:
        found = engine.execute(
            "SELECT count(*), sum(hash(rows)::HUGEINT), bit_xor(hash(rows)) "
            "FROM read_parquet(?) AS rows",
            [list(map(str, files))],
        ).fetchone()
    return hashlib.sha256(repr((pq.read_schema(files[0]).names, found)).encode()).hexdigest()
