"""The load: clients that ask a server, each over one connection that it keeps.

    python benchmarks/load.py < job.json

A process of its own, so that it takes no time from the server's. Reads a job, and prints what the
clients saw, both as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from typing import cast

from uvicorn.loops.auto import auto_loop_factory

WARM_UP = 1.0
"""Seconds that do not count."""


@dataclass(frozen=True)
class Job:
    """What to ask, how many clients at once, and for how long."""

    port: int
    path: str
    bodies: list[str]
    headers: dict[str, str] = field(default_factory=dict)
    clients: int = 1
    seconds: float = 5.0
    pace: float | None = None
    """Requests per second; without one, each client asks again once it is answered."""

    @property
    def requests(self) -> list[bytes]:
        """The bytes of each request."""
        return [self._request(body.encode()) for body in self.bodies]

    def _request(self, body: bytes) -> bytes:
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True)
class Seen:
    """Milliseconds until an answer; one counts if its status is 200 and the warm-up was over."""

    p50: float
    p99: float
    answers: int
    per_second: float
    asked: int
    """Requests in all, those of the warm-up too."""
    failures: int
    first_failure: str


class Connection(asyncio.Protocol):
    """One request at a time over HTTP/1.1."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes]
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    async def ask(self, request: bytes) -> bytes:
        """The whole answer. Raises OSError where the connection ends before it."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, ended, body = self._read.partition(b"\r\n\r\n")
        if ended and len(body) >= _length(head):
            self._answer.set_result(self._read)
            self._read = b""

    def connection_lost(self, problem: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))


def _length(head: bytes) -> int:
    """The bytes of the body that belongs to the head of an answer."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


class Load:
    """All clients of one job; their times are taken by one clock."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._requests = cycle(job.requests)
        self._began = time.perf_counter()
        self._due = self._moments()
        self._asked = 0
        self._taken: list[float] = []
        self._failures: list[str] = []

    async def run(self) -> Seen:
        """Asks until the time is over."""
        await asyncio.gather(*(self._client() for _ in range(self._job.clients)))
        taken = sorted(self._taken) or [float("nan")]
        return Seen(
            p50=1000 * taken[len(taken) // 2],
            p99=1000 * taken[int(0.99 * len(taken))],
            answers=len(self._taken),
            per_second=len(self._taken) / self._job.seconds,
            asked=self._asked,
            failures=len(self._failures),
            first_failure=self._failures[0] if self._failures else "",
        )

    async def _client(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, "127.0.0.1", self._job.port)
        begins = self._began + WARM_UP
        while (due := next(self._due)) < begins + self._job.seconds:
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._asked += 1
            try:
                answer = await connection.ask(next(self._requests))
            except OSError as problem:
                self._failures.append(str(problem))
                return
            if not answer.startswith(b"HTTP/1.1 200 "):
                self._failures.append(answer.decode(errors="replace"))
            elif due >= begins:
                self._taken.append(time.perf_counter() - due)

    def _moments(self) -> Iterator[float]:
        """When the next request is due; one that is late counts from when it was due."""
        if self._job.pace is None:
            while True:
                yield time.perf_counter()
        for number in count():
            yield self._began + number / self._job.pace


def main() -> None:
    """Does the job on standard input."""
    load = Load(Job(**json.load(sys.stdin)))
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        print(json.dumps(asdict(runner.run(load.run()))))


if __name__ == "__main__":
    main()
