"""The service's prediction log in PostgreSQL: the service ships lines there, monitoring fetches.

Shipments wait for each other, so that numbers become visible in their order: whoever has read up to
one has missed none before it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple

import psycopg
from psycopg import sql

from ..core.errors import ProjectError
from ..core.files import unwritable, whole
from ..core.serving_model import segments_folder

BATCH_LINES, BATCH_BYTES = 1_000, 4_000_000
"""That are shipped at once."""
CONNECT_SECONDS, SILENT_SECONDS = 5, 20
"""After which a server counts as away."""
TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    number bigint GENERATED ALWAYS AS IDENTITY (START WITH {first}) PRIMARY KEY,
    id text NOT NULL,
    version text NOT NULL,
    at timestamptz NOT NULL,
    host text NOT NULL,
    line json NOT NULL,
    UNIQUE (id, version)
)
"""
_SHIP = """
INSERT INTO {table} (id, version, at, host, line)
SELECT id, %(version)s, at, %(host)s, line
FROM unnest(%(ids)s::text[], %(times)s::timestamptz[], %(lines)s::json[]) AS new (id, at, line)
ON CONFLICT DO NOTHING
"""
_FETCH = "SELECT number, version, line::text FROM {table} WHERE number > %s ORDER BY number"


class Database(NamedTuple):
    """Where the log is kept."""

    url: str
    table: str

    def connect(self) -> psycopg.Connection[Any]:
        """Raises psycopg.Error where the server is away or refuses."""
        return psycopg.connect(
            self.url, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=1000 * SILENT_SECONDS
        )

    def said(self, statement: str, **parts: int) -> sql.Composed:
        """The statement about this table."""
        values = {name: sql.Literal(value) for name, value in parts.items()}
        return sql.SQL(statement).format(table=sql.Identifier(self.table), **values)

    def exists(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether the table was made yet."""
        name = sql.Identifier(self.table).as_string(connection)
        found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
        return found is not None and bool(found[0])


def variable(name: str) -> str:
    """The environment variable that holds the URL for the project called `name`."""
    return f"{name.upper().replace('-', '_')}_LOG_URL"


def database(name: str) -> Database | None:
    """Where the project called `name` keeps its log; None where the environment does not say.

    Raises ProjectError where it says something else.
    """
    url = os.environ.get(variable(name), "")
    if not url:
        return None
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:  # its message would show the password
        raise ProjectError(
            f"{variable(name)} is no address of PostgreSQL: set it to "
            "postgresql://user:password@host:5432/database."
        ) from None
    return Database(url, f"{name.replace('-', '_')}_predictions")


def ship(database: Database, version: str, host: str, segment: IO[bytes]) -> None:
    """Copies a segment's lines about a version; one that is there already stays as it is.

    A last line that a kill cut short was never answered. Raises psycopg.Error where the server does
    not take them, ValueError where a line is none of the log.
    """
    segment.seek(0)
    with database.connect() as connection:
        for lines in _batches(segment):
            _ship_batch(connection, database, version, host, lines)


def _batches(segment: IO[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in segment:
        if not line.endswith(b"\n"):
            break
        batch.append(line)
        size += len(line)
        if len(batch) == BATCH_LINES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ship_batch(
    connection: psycopg.Connection[Any],
    database: Database,
    version: str,
    host: str,
    lines: Sequence[bytes],
) -> None:
    read = [json.loads(line) for line in lines]
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [database.table])
        if not database.exists(connection):
            # Above the numbers of a table that was lost, so that nothing new passes for fetched.
            first = time.time_ns() // 1000
            connection.execute(database.said(TABLE, first=first))
        shipped = {
            "version": version,
            "host": host,
            "ids": [line["id"] for line in read],
            "times": [line["at"] for line in read],
            "lines": [line.decode().rstrip("\n") for line in lines],
        }
        connection.execute(database.said(_SHIP), shipped)


def fetched(name: str, log: Path) -> Path:
    """The folder of segments to fold into the prediction log in `log`, with what came new.

    Without a server in the environment it is the service's own. Raises ProjectError where the
    server cannot be read; what was fetched before stays.
    """
    found = database(name)
    if found is None:
        return segments_folder(log)
    folder = log / "fetched"
    try:
        _fetch(found, folder)
    except psycopg.Error as problem:
        raise ProjectError(
            f"The prediction log cannot be read from {variable(name)} ({sentence(problem)}): start "
            "the server or correct the variable, then run this again."
        ) from None
    except OSError as problem:
        raise unwritable(folder, problem) from problem
    return folder


def _fetch(database: Database, folder: Path) -> None:
    """Writes one segment for each version, then up to which number; a killed fetch begins anew."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "number"
    last = int(mark.read_text()) if mark.is_file() else 0
    for segment in folder.glob("*.jsonl"):
        if int(segment.name.partition("_")[0]) > last:
            segment.unlink()
    with database.connect() as connection:
        if not database.exists(connection):
            return
        with connection.cursor("new") as rows:
            rows.execute(database.said(_FETCH), [last])
            last = _write(rows, folder, last)
    with whole(mark) as partial:
        partial.write_text(str(last))


def _write(rows: Iterable[tuple[int, str, str]], folder: Path, last: int) -> int:
    """Writes lines to segments of their version; the last number."""
    files: dict[str, IO[bytes]] = {}
    with ExitStack() as opened:
        for number, version, line in rows:
            if version not in files:
                segment = folder / f"{number}_v{version}.jsonl"
                files[version] = opened.enter_context(segment.open("wb"))
            files[version].write(line.encode() + b"\n")
            last = number
    return last


def sentence(problem: psycopg.Error) -> str:
    """What the server or the driver says, on one line."""
    return (str(problem).splitlines() or [type(problem).__name__])[0]
