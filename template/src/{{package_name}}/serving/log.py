"""The prediction log of the service: on file before the answer goes out.

Lines go to a segment, one file at a time for each version, which ends when it is large or old;
monitoring folds ended segments into the prediction log. One that is written to is locked, so that
the segment of a killed service is free for monitoring too. Lines are handed to the operating system
and not synced: a killed service loses none that was answered, a power failure may.

They are written in the event loop: a thread would cost a quarter of the whole answer. So a disk
that hangs stops the health checks too; nothing could be answered without it.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from socket import gethostname

from ..core.files import beside, taken
from .metrics import events

SEGMENT_BYTES, SEGMENT_SECONDS = 64_000_000, 30.0
"""Where a segment ends."""


class PredictionLog:
    """Appends lines; `end_old` is to be called now and then, for what ends without a next line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segments: dict[str, _Segment] = {}
        self._numbers = count(1)

    def start(self) -> None:
        """Begins what goes on beside the requests; here there is none."""

    def append(self, version: str, line: bytes) -> None:
        """Writes a line of a version's predictions. Raises OSError if it cannot be written."""
        segment = self._segments.get(version)
        if segment is None:
            segment = _Segment(self._folder, version, next(self._numbers))
            self._segments[version] = segment
        segment.write(line + b"\n")
        if segment.ended:
            self._end(version)

    def end_old(self) -> None:
        """Ends the segments that are large or old."""
        for version in [name for name, segment in self._segments.items() if segment.ended]:
            self._end(version)

    def close(self) -> None:
        """Ends the segments."""
        for version in list(self._segments):
            self._end(version)

    def _end(self, version: str) -> None:
        try:
            self._segments.pop(version).close()
        except OSError as problem:  # a share may say so late that it is full
            events.error("A segment of the prediction log was not kept whole: %s", problem)


class _Segment:
    """A file of lines about one version; locked before its name shows."""

    def __init__(self, folder: Path, version: str, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ends = time.monotonic() + SEGMENT_SECONDS
        self._size = 0
        process = f"{gethostname()}_{os.getpid()}"  # in each container the process is number 1
        path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}_{process}_{number}_v{version}.jsonl"
        hidden = beside(path)
        self._file = hidden.open("ab", buffering=0)
        if not taken(self._file):
            raise OSError(f"{hidden} is locked")
        hidden.rename(path)

    @property
    def ended(self) -> bool:
        return self._size >= SEGMENT_BYTES or time.monotonic() >= self._ends

    def write(self, line: bytes) -> None:
        """Appends the whole line or nothing."""
        left = memoryview(line)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(line)

    def close(self) -> None:
        self._file.close()
