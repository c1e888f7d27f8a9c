"""Batch scoring on Spark: the rows of a snapshot go to its workers, predictions come back.

What a worker does to the Arrow batches of its partition is what `score` does on one machine: a
DuckDB of its own reads them by the contract, and `inference.score` scores them. So the workers need
this project's environment, and have to see its folder.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .cluster import spark_session
from .contract import Contract
from .csv_file import explain
from .data import TableHandle, engine, scorable
from .errors import DataError, ProjectError
from .extract import parquet_files
from .inference import ScoredBatch, score
from .models import TrainedModel
from .settings import BatchInferenceSettings

FILE, PLACE = "_spark_file", "_spark_place"
"""Columns beside the table's own: the file that holds a row, and its position there."""
SCORED = "scored"
UNSIGNED = {
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.decimal128(20),
}
"""What Spark, which has no unsigned numbers, reads them as."""


def score_batches(
    model: TrainedModel,
    batch: TableHandle,
    contract: Contract,
    model_version: str,
    settings: BatchInferenceSettings,
) -> Iterator[ScoredBatch]:
    """Scores a snapshot, partition by partition; within one, rows keep their order.

    Predictions wait on the workers' disks until they are fetched, one partition at a time. Raises
    DataError if Spark cannot read the snapshot or fails.
    """
    files = parquet_files(Path(batch.uri))
    counts = [pq.read_metadata(file).num_rows for file in files]
    before = dict(zip((file.name for file in files), accumulate([0, *counts]), strict=False))
    work = partial(score, model, contract=contract, model_version=model_version, settings=settings)

    def scored(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for found in _score(batches, work, before, contract, settings.chunk_rows, batch.source):
            yield pa.record_batch({SCORED: [pickle.dumps(found)]})

    try:
        for packed in _fetched(_rows(files, contract).mapInArrow(scored, f"{SCORED} binary")):
            found = pickle.loads(packed)
            if isinstance(found, ProjectError):
                raise found
            yield found
    except ProjectError:
        raise
    except Exception as problem:  # Java's, Spark's or a worker's
        raise DataError(f"Spark cannot score {batch.source}: {_told(problem)}") from None


def _told(problem: Exception) -> str:
    """The line of a worker's traceback, or of Java's, that says what happened."""
    text = str(problem)
    raised = re.findall(r"^\w+(?:Error|Exception): .*", text, re.MULTILINE)
    named = re.search(r"\[[A-Z_.]+\] .*", text)
    return raised[-1] if raised else named[0] if named else explain(problem)


def _rows(files: list[Path], contract: Contract) -> Any:
    """What the contract uses of the files, as Spark reads it, with `FILE` and `PLACE`."""
    from pyspark.sql import functions
    from pyspark.sql.pandas.types import from_arrow_schema

    used = {column.name for column in contract.used}
    leaves = pq.ParquetFile(files[0]).schema
    physical = {leaf.path: leaf.physical_type for leaf in map(leaves.column, range(len(leaves)))}
    stored = [field for field in leaves.to_arrow_schema() if field.name in used]
    readable = {field.name: _readable(field, physical.get(field.name)) for field in stored}
    session = spark_session()
    session.conf.set("spark.sql.legacy.parquet.nanosAsLong", "true")
    table = session.read.schema(from_arrow_schema(pa.schema(readable))).parquet(
        *(file.absolute().as_uri() for file in files)
    )
    times = {
        field.name: functions.expr(f"timestamp_micros({_quoted(field.name)} div 1000)")
        for field in stored
        if pa.types.is_timestamp(field.type) and readable[field.name] == pa.int64()
    }
    return table.withColumns(times).select(
        "*",
        functions.col("_metadata.file_name").alias(FILE),
        functions.col("_metadata.row_index").alias(PLACE),
    )


def _readable(field: pa.Field, physical: str | None) -> pa.DataType:
    """The type that Spark reads a column of a Parquet file as: nanoseconds as a whole number.

    Raises DataError if it has none.
    """
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if physical == "INT96":
        return pa.timestamp("us", "UTC")
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.int64()
    plain = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_boolean,
        pa.types.is_signed_integer,
        pa.types.is_float32,
        pa.types.is_float64,
        pa.types.is_decimal128,
        pa.types.is_date32,
        pa.types.is_timestamp,
    )
    if kind in UNSIGNED or any(holds(kind) for holds in plain):
        return UNSIGNED.get(kind, kind)
    raise DataError(
        f"Spark cannot read the column {field.name!r}, which is stored as {kind}: store it as "
        "text, a number or a timestamp."
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _fetched(scored: Any) -> Iterator[bytes]:
    """All partitions are scored, then fetched in their order."""
    from pyspark import StorageLevel

    scored.persist(StorageLevel.DISK_ONLY).count()
    try:
        for row in scored.toLocalIterator():
            yield row[SCORED]
    finally:
        scored.unpersist()


def _score(
    batches: Iterator[pa.RecordBatch],
    work: Callable[[pd.DataFrame], ScoredBatch],
    before: dict[str, int],
    contract: Contract,
    chunk_rows: int,
    source: str,
) -> Iterator[ScoredBatch | ProjectError]:
    """On a worker: what `work` makes of a partition, or the sentence about what is wrong."""
    first = next(batches, None)
    if first is None:
        return
    own = engine()
    own.raw_sql("SET threads = 1")
    rows = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
    own.con.register("rows", rows)
    try:
        for frame in scorable(own.table("rows"), contract, chunk_rows, source, FILE, PLACE):
            frame.index = pd.Index(frame.pop(FILE).map(before) + frame.pop(PLACE), dtype="int64")
            yield work(frame)
    except ProjectError as problem:
        yield problem
