"""From what the service wrote to the prediction log: segments of lines become Parquet files.

Segments are claimed first, then folded, then removed, so that a run that is killed in between is
finished by the next and no line counts twice. What the service still writes to is left alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .contract import Contract
from .data import TableHandle
from .errors import ProjectError
from .files import taken, whole
from .inference import DECISION, REASONS, ROW, beside_ours
from .prediction_log import FOOTER, SCORED_AT, SNAPSHOT, LoggedRun
from .pulls import CONTRIBUTION, FEATURE
from .serving_model import segment_version

MILLISECONDS = "milliseconds"
"""Until the prediction was made."""
ENDING = ".jsonl"
_TYPES = {"integer": pa.float64(), "number": pa.float64(), "boolean": pa.bool_()}
_TIME = pa.timestamp("us", "UTC")
_REASON = pa.struct([(FEATURE, pa.string()), (CONTRIBUTION, pa.float64())])
_SAID = {REASONS: pa.list_(_REASON)}
"""Types that what was said may not show, as where no row has a reason."""

Line = Mapping[str, Any]


def fold(folder: Path, log: Path, snapshots: Path, contract: Contract) -> int:
    """Takes the segments in `folder` into the prediction log in `log`; the rows that came new.

    Where the values of requests were logged too, they become a table in `snapshots`. One run at a
    time may fold. Raises ProjectError if a file cannot be written, or a line is broken.
    """
    claimed, done = folder / "claimed", folder / "done"
    shutil.rmtree(done, ignore_errors=True)
    rows = _fold_claimed(claimed, done, log, snapshots, contract)
    for segment in sorted(folder.glob(f"*{ENDING}")):
        with segment.open("a+b") as file:
            if taken(file):
                claimed.mkdir(exist_ok=True)
                segment.rename(claimed / segment.name)
    return rows + _fold_claimed(claimed, done, log, snapshots, contract)


def _fold_claimed(claimed: Path, done: Path, log: Path, snapshots: Path, contract: Contract) -> int:
    if not claimed.is_dir():
        return 0
    segments = sorted(claimed.glob(f"*{ENDING}"))
    rows = 0
    for version in sorted({segment_version(segment) for segment in segments}):
        ours = [segment for segment in segments if segment_version(segment) == version]
        rows += _fold_version(version, ours, log, snapshots, contract)
    claimed.rename(done)
    shutil.rmtree(done, ignore_errors=True)
    return rows


def _fold_version(
    version: str, segments: list[Path], log: Path, snapshots: Path, contract: Contract
) -> int:
    content = b"".join(_whole_lines(segment) for segment in segments)
    lines = [_parsed(line, segments[0].parent) for line in content.splitlines()]
    if not lines:
        return 0
    table = predictions(lines, contract, version)
    run = LoggedRun(
        scored_at=max(table[SCORED_AT].to_pylist()),
        snapshot=hashlib.sha256(content).hexdigest(),
        model_version=version,
        rows=len(table),
        rejected=0,
        acted=sum(table[DECISION].to_pylist()) if DECISION in table.column_names else None,
        source="service",
    )
    inputs = [row for line in lines if "inputs" in line for row in _inputs(line)]
    if inputs:
        _write(_values(inputs, contract), snapshots / f"{run.snapshot[:12]}.parquet")
    table = table.append_column(SNAPSHOT, pa.array([run.snapshot] * len(table), pa.string()))
    _write(table.replace_schema_metadata({FOOTER: run.model_dump_json()}), log / run.name)
    return run.rows


def _whole_lines(segment: Path) -> bytes:
    """The lines of a segment; one that a kill cut short was never answered."""
    content = segment.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def _parsed(line: bytes, folder: Path) -> Line:
    try:
        found: Line = json.loads(line)
    except ValueError as problem:
        raise ProjectError(
            f"A line in {folder} is no line of the service's log ({problem}): restore the file "
            "from its backup, or move it elsewhere."
        ) from None
    return found


def predictions(lines: Sequence[Line], contract: Contract, version: str) -> pa.Table:
    """One row for each that was predicted, with the columns of batch scoring.

    A line has the keys `at`, `ms`, `keys` and `said`.
    """
    counts = [len(line["said"]) for line in lines]
    total = sum(counts)
    columns: dict[str, pa.Array] = {ROW: pa.array(range(total), pa.int64())}
    for key in contract.keys:
        values = [value for line, n in zip(lines, counts, strict=True)
                  for value in line["keys"].get(key, [None] * n)]  # fmt: skip
        columns[beside_ours(key)] = _key(values, key == contract.event_time)
    said = [row for line in lines for row in line["said"]]
    for name in dict.fromkeys(name for row in said for name in row):
        columns[name] = pa.array([row.get(name) for row in said], _SAID.get(name))
    columns["model_version"] = pa.array([version] * total, pa.string())
    columns[MILLISECONDS] = pa.array(_repeated((line["ms"] for line in lines), counts))
    times = _repeated((datetime.fromisoformat(line["at"]) for line in lines), counts)
    columns[SCORED_AT] = pa.array(times, _TIME)
    return pa.table(columns)


def _key(values: list[str | None], is_time: bool) -> pa.Array:
    if not is_time:
        return pa.array(values, pa.string())
    times = [value and datetime.fromisoformat(value) for value in values]
    return pa.array(times, pa.timestamp("us"))


def _repeated(values: Iterable[Any], counts: list[int]) -> list[Any]:
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]


def _inputs(line: Line) -> list[Mapping[str, Any]]:
    """The rows of the request that a line is about: those below `rows`, or the request itself."""
    rows = line["inputs"].get("rows")
    if not isinstance(rows, list):
        return [line["inputs"]]
    return [rows[place] for place in line.get("places", range(len(rows)))]


def _values(rows: list[Mapping[str, Any]], contract: Contract) -> pa.Table:
    """What was asked about, as a table that `data.read_frame` reads."""
    columns = {}
    for column in contract.used:
        if column.role == "target":
            continue
        is_key = column.role in ("identifier", "entity")
        kind = pa.string() if is_key else _TYPES.get(column.type, pa.string())
        values = [row.get(column.name) for row in rows]
        if kind == pa.string():
            values = [None if value is None else str(value) for value in values]
        columns[column.name] = pa.array(values, kind)
    return pa.table(columns)


def _write(table: pa.Table, path: Path) -> None:
    with whole(path) as partial:
        pq.write_table(table, partial)


def last_requests(runs: Iterable[LoggedRun], snapshots: Path) -> TableHandle | None:
    """What the service was asked last, where that came after the last table and was logged."""
    last = max(runs, key=lambda run: run.scored_at, default=None)
    if last is None or last.source != "service":
        return None
    path = snapshots / f"{last.snapshot[:12]}.parquet"
    if not path.is_file():
        return None
    rows = pq.read_metadata(path).num_rows
    return TableHandle(
        uri=str(path), rows=rows, sha256=last.snapshot, source="requests to the service"
    )
