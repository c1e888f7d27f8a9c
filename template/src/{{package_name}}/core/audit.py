"""The audit record: who put which model version into production, when, why, and on what evidence.

One JSON object a line, appended before the move and never rewritten. The registry says which
version is in production; where the record's last line differs, the move was interrupted or made
elsewhere, and a line `found` says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from .errors import ProjectError
from .files import unwritable


def _this_second() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Entry(BaseModel):
    """One move of a model version into production, or what was found there; `at` is in UTC."""

    at: datetime = Field(default_factory=_this_second)
    action: Literal["promote", "rollback", "found"]
    model: str
    version: int | None
    """None where no version was found in production."""
    previous: int | None
    """The version that was in production until then."""
    by: str
    why: str
    commit: str
    evidence: Mapping[str, Any]
    """The card of the version, as the registry keeps it."""


def append(path: Path, entry: Entry) -> None:
    """Adds a line at the end of the record, on disk before this returns, or nothing of it.

    A line that an earlier run was killed in is cut off first. Raises ProjectError where the
    record cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as record:
            record.seek(0)
            end = record.read().rfind(b"\n") + 1
            record.truncate(end)
            try:
                record.write(entry.model_dump_json().encode() + b"\n")
                record.flush()
                os.fsync(record.fileno())
            except OSError:
                os.truncate(path, end)
                raise
    except OSError as problem:
        raise unwritable(path, problem) from problem


def read(path: Path, model: str) -> list[Entry]:
    """Every entry of a model, the oldest first.

    Raises ProjectError, naming the line, if one is broken.

    A last line without an end was cut short by a kill, before anything was moved: it is left out.
    """
    if not path.exists():
        return []
    lines, _, _ = path.read_text("utf-8").rpartition("\n")
    entries = []
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            entries.append(Entry.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise ProjectError(
                f"Line {number} of {path} is no entry of the audit record ({problem}): "
                "restore the file from its backup."
            ) from error
    return [entry for entry in entries if entry.model == model]


def before(entries: list[Entry], champion: int) -> int | None:
    """The version to go back to: the last one in production before `champion`.

    What was rolled back from, or never arrived, does not come up again. None where there is no
    version before.
    """
    line: list[int] = []
    for entry in entries:
        if entry.version is None:
            line.clear()
        elif entry.action != "promote" and entry.version in line:
            del line[line.index(entry.version) + 1 :]
        else:
            line.append(entry.version)
    return next((version for version in reversed(line) if version != champion), None)
