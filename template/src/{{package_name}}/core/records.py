"""Records that are appended to and never rewritten: one JSON object a line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import ProjectError
from .files import taken_within, unwritable

PATIENCE = 5.0
"""Seconds to wait for another process that appends."""

Line = TypeVar("Line", bound=BaseModel)


class Named(BaseModel):
    """A line of any record that says which model it is about."""

    model_config = ConfigDict(extra="allow")

    model: str


def append(path: Path, *lines: BaseModel) -> None:
    """Adds lines at the end of a record, on disk before this returns, or nothing of them.

    One process at a time does. A line that an earlier run was killed in is cut off first. Raises
    ProjectError where the record cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as record:
            if not taken_within(PATIENCE, record):
                raise ProjectError(f"Another process holds {path}: stop it, then run this again.")
            record.seek(0)
            end = record.readall().rfind(b"\n") + 1
            record.truncate(end)
            left = b"".join(line.model_dump_json().encode() + b"\n" for line in lines)
            try:
                while left:
                    left = left[record.write(left) :]
                os.fsync(record.fileno())
            except OSError:
                os.truncate(path, end)
                raise
    except OSError as problem:
        raise unwritable(path, problem) from problem


def read(path: Path, kind: type[Line]) -> list[Line]:
    """Every line of a record, the oldest first; none where there is no record.

    A last line without an end was cut short by a kill, and is left out. Raises ProjectError,
    naming the line, if another one is broken.
    """
    if not path.exists():
        return []
    lines = path.read_text("utf-8").split("\n")[:-1]
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise ProjectError(
                f"Line {number} of {path} is no entry of this record ({problem}): "
                "restore the file from its backup."
            ) from error
    return found
