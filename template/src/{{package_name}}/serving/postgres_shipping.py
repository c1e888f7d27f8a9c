"""Ships the service's log to PostgreSQL: off the request path, as often as it takes.

A segment is removed only once the server has all of it. One that is shipped twice, as after a kill,
counts once there.
"""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import psycopg
from prometheus_client import Counter, Gauge

from ..core.files import taken
from ..core.serving_model import segment_version
from .log import PredictionLog
from .metrics import Metrics, events
from .postgres_log import Database, database, sentence, ship, variable

SECONDS, MOST_SECONDS = 5.0, 300.0
"""Between two looks for ended segments: at best, and while the server is away."""
LAST_SECONDS = 10.0
"""For the last shipment of a service that ends."""


class ShippedLog(PredictionLog):
    """The service's log, whose ended segments go to PostgreSQL in a thread of its own."""

    def __init__(self, folder: Path, name: str, metrics: Metrics) -> None:
        """Raises ProjectError where the environment's address of the server is none."""
        super().__init__(folder)
        self._name = name
        self._shipper: Shipper | None = None
        if (found := database(name)) is not None:
            self._shipper = Shipper(folder, found, metrics)

    def start(self) -> None:
        """Begins to ship, what an earlier service left too."""
        if self._shipper is not None:
            self._shipper.start()
        else:
            events.warning(
                f"{variable(self._name)} is not set: the prediction log stays on this host."
            )

    def close(self) -> None:
        """Ends the segments, and ships them unless the server is away."""
        super().close()
        if self._shipper is not None:
            self._shipper.close()


class Shipper:
    """Looks for segments that have ended, whoever wrote them, and ships them."""

    def __init__(self, folder: Path, database: Database, metrics: Metrics) -> None:
        self._folder = folder
        self._database = database
        self._metrics = metrics
        self._backlog = Gauge(
            "log_backlog_bytes", "Of the prediction log, not in PostgreSQL yet.",
            registry=metrics.registry,
        )  # fmt: skip
        self._failures = Counter(
            "log_shipments_failed", "Attempts that PostgreSQL did not take.",
            registry=metrics.registry,
        )  # fmt: skip
        self._failing = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log shipping", daemon=True)

    def start(self) -> None:
        """Begins to ship."""
        self._thread.start()

    def close(self) -> None:
        """Ships what has ended, and waits for that no longer than `LAST_SECONDS`."""
        self._ending.set()
        self._thread.join(LAST_SECONDS)

    def _run(self) -> None:
        pause = SECONDS
        while not self._ending.wait(pause):
            pause = SECONDS if self._look() else min(2 * pause, MOST_SECONDS)
        self._look()

    def _look(self) -> bool:
        """Ships what has ended; whether that went well."""
        try:
            segments = sorted(self._folder.glob("*.jsonl"))
            self._backlog.set(sum(_size(segment) for segment in segments))
            for segment in segments:
                self._ship(segment)
        except psycopg.Error as problem:
            self._failed(f"PostgreSQL does not take the prediction log: {sentence(problem)}")
            return False
        except OSError as problem:
            self._failed(f"The prediction log cannot be read: {problem}")
            return False
        if self._failing:
            self._failing = False
            events.info("PostgreSQL takes the prediction log again.")
        return True

    def _ship(self, segment: Path) -> None:
        with segment.open("a+b") as file:
            if not taken(file):
                return
            try:
                ship(self._database, segment_version(segment), socket.gethostname(), file)
            except (ValueError, LookupError, TypeError, psycopg.DataError) as problem:
                segment.rename(segment.with_suffix(".broken"))
                self._metrics.failed(f"{segment} is set aside as .broken: {problem!r}")
        segment.unlink(missing_ok=True)

    def _failed(self, what: str) -> None:
        self._failures.inc()
        if not self._failing:
            self._failing = True
            self._metrics.failed(what)


def _size(segment: Path) -> int:
    """In bytes; 0 where another service has just shipped it."""
    try:
        return segment.stat().st_size
    except FileNotFoundError:
        return 0
