"""What the service tells of itself: figures for Prometheus, and events as JSON on stdout."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

events = logging.getLogger(__name__)
"""What happens to the service; answers are counted, and logged with their predictions."""
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Figures of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "requests", "Requests by path and status.", ["path", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "request_seconds", "Time to the answer.", buckets=SECONDS, registry=self.registry
        )
        self._predictions = Counter(
            "predictions", "Rows predicted, by model version.", ["version"], registry=self.registry
        )
        self._failures = Counter("failures", "What went wrong inside.", registry=self.registry)
        self._challenger = Counter(
            "challenger_answers", "What became of requests to the challenger of a roll-out.",
            ["outcome"], registry=self.registry,
        )  # fmt: skip
        self._version = Gauge(
            "model_version", "The version that answers; 0 while there is none.",
            registry=self.registry,
        )  # fmt: skip

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Counts a request with its time."""
        self._requests.labels(path, status).inc()
        self._seconds.observe(seconds)

    def predicted(self, version: str, rows: int) -> None:
        """Counts rows that were predicted."""
        self._predictions.labels(version).inc(rows)

    def challenged(self, outcome: Literal["answered", "failed", "skipped"]) -> None:
        """Counts a request that the challenger was to answer."""
        self._challenger.labels(outcome).inc()

    def failed(self, what: str) -> None:
        """Counts a fault of the service's own, and tells of it."""
        self._failures.inc()
        events.error(what)

    def switched(self, version: int, what: str) -> None:
        """Notes which version answers from now on."""
        self._version.set(version)
        events.info(what)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its time in UTC, and its traceback where it has one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
