"""A thread that predicts, so that a model that hangs holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple

from ..core.serving_scorer import Row

Said = list[dict[str, Any]]


class Predicted(NamedTuple):
    """What was said, and how long that took without the wait for a turn."""

    said: Said
    ms: float


class _Asked(NamedTuple):
    rows: Sequence[Row]
    reasons: int
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Predicted]


class Worker:
    """Predicts one request after the other; a daemon, so that a hanging one ends with the process.

    An executor's threads would be waited for at the end.
    """

    def __init__(self, predict: Callable[[Sequence[Row], int], Said]) -> None:
        self._predict = predict
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        threading.Thread(target=self._run, name="challenger", daemon=True).start()

    async def ask(self, rows: Sequence[Row], reasons: int) -> Predicted:
        """What the model says, with so many reasons. Raises whatever it raises."""
        loop = asyncio.get_running_loop()
        asked = _Asked(rows, reasons, loop, loop.create_future())
        self._asked.put(asked)
        return await asked.answer

    def close(self) -> None:
        """Lets the thread end once it has answered what waits."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            if asked.answer.done():
                continue
            found: Predicted | Exception
            started = time.perf_counter()
            try:
                said = self._predict(asked.rows, asked.reasons)
                found = Predicted(said, 1000 * (time.perf_counter() - started))
            except Exception as problem:
                found = problem
            with suppress(RuntimeError):  # the service has ended meanwhile
                asked.loop.call_soon_threadsafe(_give, asked.answer, found)


def _give(answer: asyncio.Future[Predicted], found: Predicted | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
