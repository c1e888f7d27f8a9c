"""The prediction log of the service: on file before the answer goes out, off the event loop.

Lines go to a segment, one file at a time, which ends when it is large or old; monitoring folds
ended segments into the prediction log. The one that is written to is locked, so that the segment of
a killed service is free for monitoring too. Lines are handed to the operating system and not
synced: a killed service loses none that was answered, a power failure may.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count, groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from socket import gethostname
from typing import NamedTuple

from ..core.files import beside, taken

SEGMENT_BYTES, SEGMENT_SECONDS = 64_000_000, 30.0
"""Where a segment ends."""
MOST_LINES = 256
"""That are written at once."""


class _Waiting(NamedTuple):
    """A line, and who waits until it is written."""

    version: str
    line: bytes
    loop: asyncio.AbstractEventLoop
    written: asyncio.Future[None]


class PredictionLog:
    """Appends lines in a thread of its own; all that wait are written at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._segment: _Segment | None = None
        self._numbers = count(1)
        self._thread = threading.Thread(target=self._run, name="prediction log", daemon=True)

    def start(self) -> None:
        """Begins to take lines."""
        self._thread.start()

    async def append(self, version: str, line: bytes) -> None:
        """Writes a line of a version's predictions. Raises OSError if it cannot be written."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(version, line + b"\n", loop, loop.create_future())
        self._waiting.put(waiting)
        await waiting.written

    def close(self) -> None:
        """Writes what waits, and ends the segment."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            for version, lines in groupby(found, key=lambda waiting: waiting.version):
                self._write(version, list(lines))
            if self._segment is not None and self._segment.ended:
                self._end_segment()
        self._end_segment()

    def _next(self) -> list[_Waiting] | None:
        """What waits, after a wait for the first until the segment is old; None at the end."""
        found: list[_Waiting] = []
        try:
            patience = None if self._segment is None else self._segment.seconds_left
            first = self._waiting.get(timeout=patience)
            while first is not None:
                found.append(first)
                if len(found) == MOST_LINES:
                    break
                first = self._waiting.get_nowait()
            else:
                if not found:
                    return None
                self._waiting.put(None)
        except Empty:
            pass
        return found

    def _write(self, version: str, waiting: Sequence[_Waiting]) -> None:
        problem: OSError | None = None
        try:
            if self._segment is not None and self._segment.version != version:
                self._end_segment()
            if self._segment is None:
                self._segment = _Segment(self._folder, version, next(self._numbers))
            self._segment.write(b"".join(each.line for each in waiting))
        except OSError as error:
            problem = error
        waiting[0].loop.call_soon_threadsafe(_answer, waiting, problem)

    def _end_segment(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None


def _answer(waiting: Sequence[_Waiting], problem: OSError | None) -> None:
    """Tells those who wait; one whose request ran out of time waits no longer."""
    for each in waiting:
        if each.written.done():
            continue
        if problem is None:
            each.written.set_result(None)
        else:
            each.written.set_exception(problem)


class _Segment:
    """A file of lines about one version; locked before its name shows."""

    def __init__(self, folder: Path, version: str, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.version = version
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
    def seconds_left(self) -> float:
        return max(self._ends - time.monotonic(), 0.0)

    @property
    def ended(self) -> bool:
        return self._size >= SEGMENT_BYTES or not self.seconds_left

    def write(self, lines: bytes) -> None:
        """Appends all of the lines or none."""
        left = memoryview(lines)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(lines)

    def close(self) -> None:
        self._file.close()
