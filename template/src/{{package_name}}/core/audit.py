"""The audit record: who put which model version into production, when, why, and on what evidence.

One JSON object a line, appended and never rewritten.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from .errors import ProjectError


def _this_second() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Entry(BaseModel):
    """One move of a model version into production; `at` is in UTC."""

    at: datetime = Field(default_factory=_this_second)
    action: Literal["promote", "rollback"]
    version: int
    previous: int | None
    """The version that was in production until then."""
    by: str
    why: str
    commit: str
    evidence: Mapping[str, Any]
    """The card of the version, as the registry keeps it."""


def append(path: Path, entry: Entry) -> None:
    """Adds a line at the end of the record, on disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as record:
        record.write(entry.model_dump_json() + "\n")
        record.flush()
        os.fsync(record.fileno())


def read(path: Path) -> list[Entry]:
    """Every entry, the oldest first. Raises ProjectError, naming the line, if one is broken."""
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            entries.append(Entry.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise ProjectError(
                f"Line {number} of {path} is no entry of the audit record ({problem}): "
                "restore the file from its backup."
            ) from error
    return entries


def before(entries: list[Entry], champion: int) -> int | None:
    """The version to go back to: the last one in production before `champion`.

    What was rolled back from does not come up again. None where there is no version before.
    """
    line: list[int] = []
    for entry in entries:
        if entry.action == "rollback" and entry.version in line:
            del line[line.index(entry.version) + 1 :]
        else:
            line.append(entry.version)
    return next((version for version in reversed(line) if version != champion), None)
