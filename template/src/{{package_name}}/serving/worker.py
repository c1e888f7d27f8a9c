"""A thread that predicts, so that a model that hangs holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, NamedTuple

from ..core.serving_scorer import Row

Said = list[dict[str, Any]]


class _Asked(NamedTuple):
    rows: Sequence[Row]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Said]


class Worker:
    """Predicts one request after the other; a daemon, so that a hanging one ends with the process.

    An executor's threads would be waited for at the end.
    """

    def __init__(self, predict: Callable[[Sequence[Row]], Said]) -> None:
        self._predict = predict
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        threading.Thread(target=self._run, name="challenger", daemon=True).start()

    async def ask(self, rows: Sequence[Row]) -> Said:
        """What the model says. Raises whatever it raises."""
        loop = asyncio.get_running_loop()
        asked = _Asked(rows, loop, loop.create_future())
        self._asked.put(asked)
        return await asked.answer

    def close(self) -> None:
        """Lets the thread end once it has answered what waits."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            if asked.answer.done():
                continue
            found: Said | Exception
            try:
                found = self._predict(asked.rows)
            except Exception as problem:
                found = problem
            with suppress(RuntimeError):  # the service has ended meanwhile
                asked.loop.call_soon_threadsafe(_give, asked.answer, found)


def _give(answer: asyncio.Future[Said], found: Said | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
