"""The prediction log: what each scoring run said of each row, for monitoring to read.

One Parquet file for each table and model version, so that the same table scored again by the same
version takes the place of the earlier file and never counts twice. A row holds what was published
of it, with `scored_at` and `snapshot` (SHA-256 of the table that its features are in); the file's
footer holds the `LoggedRun`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ValidationError

from .errors import ProjectError
from .files import whole

SCORED_AT, SNAPSHOT = "scored_at", "snapshot"
FOOTER = b"logged_run"
BATCH_ROWS = 100_000


class LoggedRun(BaseModel):
    """One scoring run as the log has it; `rows` are those scored, `rejected` those set aside."""

    scored_at: datetime
    """In UTC."""
    snapshot: str
    model_version: str
    rows: int
    rejected: int
    acted: int | None
    source: Literal["table", "service"] = "table"
    """Whether a table was scored, or requests were answered up to that time."""

    @property
    def name(self) -> str:
        """The name of the run's file."""
        return f"{self.snapshot[:12]}_v{self.model_version}.parquet"


def write(staged: Path, run: LoggedRun, folder: Path) -> Path:
    """Adds a run to the log in `folder`, whole or not at all, from its staged predictions.

    Memory does not grow with the rows. Raises ProjectError if the log cannot be written.
    """
    path = folder / run.name
    with whole(path) as partial, pq.ParquetFile(staged, pre_buffer=False) as source:
        schema = (
            source.schema_arrow.append(pa.field(SCORED_AT, pa.timestamp("us", "UTC")))
            .append(pa.field(SNAPSHOT, pa.string()))
            .with_metadata({FOOTER: run.model_dump_json().encode()})
        )
        with pq.ParquetWriter(partial, schema) as writer:
            for batch in source.iter_batches(BATCH_ROWS):
                added = (
                    pa.repeat(pa.scalar(run.scored_at, schema.field(SCORED_AT).type), len(batch)),
                    pa.repeat(run.snapshot, len(batch)),
                )
                writer.write_batch(pa.record_batch([*batch.columns, *added], schema=schema))
    return path


def runs(folder: Path) -> list[LoggedRun]:
    """The runs in the log, the oldest first. Raises ProjectError if a file is none of the log."""
    found = [_footer(path) for path in sorted(folder.glob("*.parquet"))]
    return sorted(found, key=lambda run: run.scored_at)


def _footer(path: Path) -> LoggedRun:
    try:
        return LoggedRun.model_validate_json((pq.read_metadata(path).metadata or {})[FOOTER])
    except (OSError, KeyError, pa.ArrowException, ValidationError):
        raise ProjectError(
            f"{path} is no file of the prediction log: move it elsewhere, or restore it from its "
            "backup."
        ) from None
