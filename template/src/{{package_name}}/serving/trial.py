"""The challenger of a roll-out: asked beside the champion, or in its place for some entities.

It is asked in a thread of its own, so that it can fail or hang alone: where it gives no answer in
time, the champion answers. Of the same rows the other one is asked too, once the answer is out:
what both said is the evidence of the roll-out. In a canary it is judged with each request, and an
abort is written down where every service finds it.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ..core.errors import ProjectError
from ..core.records import append
from ..core.rollout import Rollout, RolloutSettings, Step, read_state, write_state
from ..core.rollout_evidence import Answer, Compared, Evidence
from ..core.serving_scorer import Row
from .champion import REASONS, Champion
from .evidence_log import EvidenceLog
from .line import keys_of
from .metrics import Metrics
from .worker import Predicted, Said, Worker

MOST_WAITING = 8
"""Requests whose comparison may wait; more are answered and not compared."""
SHIFTS_EVERY = 50
"""Answers of the challenger between two looks at the distributions."""
SLOW_TIMES = 10
"""Times `slow_ms` after which an answer counts as failed, and the champion gives it."""


class Places(NamedTuple):
    """Where files of a roll-out are."""

    state: Path
    """The folder that the service reads."""
    record: Path
    evidence: Path


class Trial:
    """One stage of a roll-out."""

    def __init__(
        self,
        rollout: Rollout,
        champion: Champion,
        challenger: Champion,
        settings: RolloutSettings,
        patience: float,
        places: Places,
        metrics: Metrics,
    ) -> None:
        """`patience` is how long a request may wait for the challenger at most, in seconds."""
        self.rollout = rollout
        self.challenger = challenger
        self.over = False
        self._champion = champion
        self._places = places
        self._metrics = metrics
        self._patience = min(patience, SLOW_TIMES * settings.slow_ms / 1000)
        self._worker = Worker(self._predict)
        self._log = EvidenceLog(places.evidence, rollout)
        self._evidence = Evidence(settings)
        self._comparing: set[asyncio.Task[None]] = set()
        named = {column.role: column.name for column in challenger.served.columns}
        self._entity = named.get("entity") or named.get("identifier", "")
        self._against = ""

    def mine(self, rows: Sequence[Row], request: str) -> list[int]:
        """The places of the rows that the challenger answers: the same entities each time.

        Rows without an entity, or another identifier, go by their request.
        """
        share = self.rollout.share
        if self.over or not share:
            return []
        return [place for place, row in enumerate(rows) if self._drawn(row, request) < share]

    async def answer(self, request: str, rows: Sequence[Row], reasons: int) -> Predicted | None:
        """What the challenger says of its rows; None where the champion has to answer them."""
        found, answer = await self._ask(rows, reasons)
        if found is None or not self._later(self._compare(request, rows, answer)):
            self._keep(request, rows, None, answer)
        return found

    def watch(self, request: str, rows: Sequence[Row], champion: Predicted) -> None:
        """In shadow: has the challenger asked what the champion has just answered."""
        if self.over or self.rollout.share:
            return
        if not self._later(self._shadow(request, rows, _said_by(champion))):
            self._metrics.challenged("skipped")

    def close(self) -> None:
        """Ends this stage; what a hanging challenger still does is left alone."""
        self.over = True
        self._worker.close()
        self._log.close()

    def flush(self) -> None:
        """Shows the evidence to other processes, and writes down an abort that failed before."""
        self._log.flush()
        if self._against:
            self._write_abort()

    def _later(self, compare: Coroutine[Any, Any, None]) -> bool:
        """Whether there is room to compare once the request is answered."""
        if len(self._comparing) >= MOST_WAITING:
            compare.close()
            return False
        task = asyncio.create_task(compare)
        self._comparing.add(task)
        task.add_done_callback(self._comparing.discard)
        return True

    async def _shadow(self, request: str, rows: Sequence[Row], champion: Answer) -> None:
        _, answer = await self._ask(rows, 0)
        self._keep(request, rows, champion, answer)

    async def _compare(self, request: str, rows: Sequence[Row], challenger: Answer) -> None:
        champion = await asyncio.to_thread(self._champion_on, rows)
        self._keep(request, rows, champion, challenger)

    def _champion_on(self, rows: Sequence[Row]) -> Answer:
        """In a thread of its own."""
        started = time.perf_counter()
        try:
            said, error = self._champion.predict(rows), ""
        except Exception as problem:  # the champion's own requests tell of it
            said, error = [], f"{type(problem).__name__}: {problem}"
        ms = round(1000 * (time.perf_counter() - started), 3)
        return Answer(ms=ms, said=said, error=error)

    async def _ask(self, rows: Sequence[Row], reasons: int) -> tuple[Predicted | None, Answer]:
        try:
            async with asyncio.timeout(self._patience):
                found = await self._worker.ask(rows, reasons)
        except TimeoutError:
            error = f"no answer within {self._patience:g} s"
        except Exception as problem:  # whatever a challenger does, the champion answers
            error = f"{type(problem).__name__}: {problem}"
        else:
            return found, _said_by(found)
        return None, Answer(ms=1000 * self._patience, error=error)

    def _predict(self, rows: Sequence[Row], reasons: int) -> Said:
        """In the worker's thread. Raises ValueError where a score is no number."""
        said = self.challenger.predict(rows)
        for row in said:
            for name, value in row.items():
                if isinstance(value, float) and not math.isfinite(value):
                    raise ValueError(f"{name} is {value}")
        return self.challenger.explained(rows, said, reasons) if reasons else said

    def _keep(
        self,
        request: str,
        rows: Sequence[Row],
        champion: Answer | None,
        challenger: Answer,
    ) -> None:
        if self.over:
            return
        compared = Compared(
            id=request,
            at=datetime.now(UTC),
            share=self.rollout.share,
            keys=keys_of(self.challenger.served, rows),
            champion=champion,
            challenger=challenger,
        )
        self._evidence.add(compared)
        try:
            self._log.write(compared)
        except OSError as problem:
            self._metrics.failed(f"The evidence of the roll-out cannot be written: {problem}")
        self._metrics.challenged("failed" if challenger.error else "answered")
        self._judge()

    def _judge(self) -> None:
        """Aborts a canary that the evidence speaks against; of a shadow a person judges."""
        if not self.rollout.share:
            return
        looks = self._evidence.challenger.requests % SHIFTS_EVERY == 0
        findings = self._evidence.findings() if looks else self._evidence.alarms()
        against = [each.what for each in findings if each.failed]
        if against:
            self._abort(" ".join(against))

    def _abort(self, why: str) -> None:
        self._against = why
        self.close()
        self._write_abort()

    def _write_abort(self) -> None:
        name, evidence = self.challenger.served.name, self._evidence.summary()
        if abort(self.rollout, name, self._against, self._places, self._metrics, evidence):
            self._against = ""

    def _drawn(self, row: Row, request: str) -> float:
        """A number in [0, 1) that is the same for an entity as long as the roll-out lasts."""
        entity = row.get(self._entity)
        entity = request if entity is None else entity
        digest = hashlib.blake2b(f"{self.rollout.version}:{entity}".encode(), digest_size=8)
        return int.from_bytes(digest.digest()) / 2**64


def abort(
    rollout: Rollout,
    model: str,
    why: str,
    places: Places,
    metrics: Metrics,
    evidence: Mapping[str, Any],
) -> bool:
    """Writes down that a roll-out is over, unless it has moved on; whether that went well."""
    metrics.failed(f"The roll-out of model version {rollout.version} is aborted: {why}")
    over = rollout.model_copy(update={"aborted": why})
    step = Step(
        action="abort",
        model=model,
        version=rollout.version,
        champion=rollout.champion,
        stage=over.stage,
        by="the service",
        why=why,
        evidence=evidence,
    )
    try:
        if read_state(places.state) == rollout:
            write_state(places.state, over)
            append(places.record, step)
    except ProjectError as problem:
        metrics.failed(str(problem))
        return False
    return True


def _said_by(found: Predicted) -> Answer:
    """As evidence, which holds no reasons."""
    said = [{name: value for name, value in row.items() if name != REASONS} for row in found.said]
    return Answer(ms=round(found.ms, 3), said=said)
