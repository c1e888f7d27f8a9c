"""The prediction log of the service: on file before the answer goes out, off the event loop.

Lines go to a segment, one file at a time for each version, which ends when it is large or old;
monitoring folds ended segments into the prediction log. One that is written to is locked, so that
the segment of a killed service is free for monitoring too. Lines are handed to the operating system
and not synced: a killed service loses none that was answered, a power failure may.
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
from .metrics import events

SEGMENT_BYTES, SEGMENT_SECONDS = 64_000_000, 30.0
"""Where a segment ends."""


class _Waiting(NamedTuple):
    """A line, and who waits until it is written."""

    version: str
    line: bytes
    loop: asyncio.AbstractEventLoop
    written: asyncio.Future[None]


class PredictionLog:
    """Appends lines in a thread of its own, which is woken once for all that came together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathered: list[_Waiting] = []
        self._waiting: SimpleQueue[list[_Waiting] | None] = SimpleQueue()
        self._segments: dict[str, _Segment] = {}
        self._numbers = count(1)
        self._thread = threading.Thread(target=self._run, name="prediction log", daemon=True)

    def start(self) -> None:
        """Begins to take lines."""
        self._thread.start()

    async def append(self, version: str, line: bytes) -> None:
        """Writes a line of a version's predictions. Raises OSError if it cannot be written."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(version, line + b"\n", loop, loop.create_future())
        if not self._gathered:
            loop.call_soon(self._hand_over)
        self._gathered.append(waiting)
        await waiting.written

    def _hand_over(self) -> None:
        self._waiting.put(self._gathered)
        self._gathered = []

    def close(self) -> None:
        """Writes what waits, and ends the segment."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            found.sort(key=_version)
            for version, lines in groupby(found, key=_version):
                self._write(version, list(lines))
            self._end([name for name, segment in self._segments.items() if segment.ended])
        self._end(list(self._segments))

    def _next(self) -> list[_Waiting] | None:
        """What waits; nothing where a segment is old before something does, None at the end."""
        left = (segment.seconds_left for segment in self._segments.values())
        try:
            return self._waiting.get(timeout=min(left, default=None))
        except Empty:
            return []

    def _write(self, version: str, waiting: Sequence[_Waiting]) -> None:
        problem: OSError | None = None
        try:
            if version not in self._segments:
                segment = _Segment(self._folder, version, next(self._numbers))
                self._segments[version] = segment
            self._segments[version].write(b"".join(each.line for each in waiting))
        except OSError as error:
            problem = error
        waiting[0].loop.call_soon_threadsafe(_answer, waiting, problem)

    def _end(self, versions: Sequence[str]) -> None:
        for version in versions:
            try:
                self._segments.pop(version).close()
            except OSError as problem:  # a share may say so late that it is full
                events.error("A segment of the prediction log was not kept whole: %s", problem)


def _version(waiting: _Waiting) -> str:
    return waiting.version


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
