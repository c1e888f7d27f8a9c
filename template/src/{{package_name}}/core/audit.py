"""The audit record: who put which model version into production, when, why, and on what evidence.

One JSON object a line, appended before the move and never rewritten. The registry says which
version is in production; where the record's last line differs, the move was interrupted or made
elsewhere, and a line `found` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from . import records


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


def read(path: Path, model: str) -> list[Entry]:
    """Every entry of a model, the oldest first; see `records.read`."""
    return [entry for entry in records.read(path, Entry) if entry.model == model]


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
