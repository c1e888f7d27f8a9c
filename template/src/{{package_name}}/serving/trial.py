"""The challenger of a roll-out: asked beside the champion, or in its place for some entities.

It is asked in a thread of its own, so that it can fail or hang alone: where it gives no answer in
time, the champion answers. What both said is kept as the evidence of the roll-out. In a canary the
evidence is judged with each request, and an abort is written down where every service finds it.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ..core.errors import ProjectError
from ..core.records import append
from ..core.rollout import Rollout, RolloutSettings, Step, read_state, write_state
from ..core.rollout_evidence import Answer, Compared, Evidence
from ..core.serving_scorer import Row
from .champion import Champion
from .evidence_log import EvidenceLog
from .line import keys_of
from .metrics import Metrics
from .worker import Worker

MOST_SHADOWED = 64
"""Requests that may wait for the challenger in shadow; more are not shown to it."""
SHIFTS_EVERY = 50
"""Answers of the challenger between two looks at the distributions."""
SLOW_TIMES = 10
"""Times `slow_ms` after which an answer counts as failed, and the champion gives it."""

Said = list[dict[str, Any]]


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
        challenger: Champion,
        settings: RolloutSettings,
        places: Places,
        metrics: Metrics,
    ) -> None:
        self.rollout = rollout
        self.challenger = challenger
        self._settings = settings
        self._places = places
        self._metrics = metrics
        self._worker = Worker(challenger.predict)
        self._log = EvidenceLog(places.evidence, rollout.version)
        self._evidence = Evidence(settings)
        self._shadowed: set[asyncio.Task[None]] = set()
        self._patience = SLOW_TIMES * settings.slow_ms / 1000
        columns = challenger.served.columns
        named = {column.role: column.name for column in columns}
        self._entity = named.get("entity") or named.get("identifier", "")
        self.over = False

    def mine(self, rows: Sequence[Row], request: str) -> list[int]:
        """The places of the rows that the challenger answers: the same entities each time.

        Rows without an entity, or another identifier, go by their request.
        """
        share = self.rollout.share
        if self.over or not share:
            return []
        return [place for place, row in enumerate(rows) if self._drawn(row, request) < share]

    async def answer(self, request: str, rows: Sequence[Row]) -> Answer:
        """What the challenger says of its rows of a request, kept as evidence."""
        answer = await self._ask(rows)
        self._keep(request, rows, None, answer)
        return answer

    def watch(self, request: str, rows: Sequence[Row], said: Said, ms: float) -> None:
        """Keeps what the champion said; in shadow the challenger is asked too, after the answer."""
        champion = Answer(ms=ms, said=said)
        if self.over:
            return
        if self.rollout.share:
            self._keep(request, rows, champion, None)
        elif len(self._shadowed) < MOST_SHADOWED:
            task = asyncio.create_task(self._shadow(request, rows, champion))
            self._shadowed.add(task)
            task.add_done_callback(self._shadowed.discard)
        else:
            self._metrics.challenged("skipped")

    def close(self) -> None:
        """Ends this stage; what a hanging challenger still does is left alone."""
        self.over = True
        self._worker.close()
        self._log.close()

    def flush(self) -> None:
        """Shows the evidence to other processes."""
        self._log.flush()

    async def _shadow(self, request: str, rows: Sequence[Row], champion: Answer) -> None:
        self._keep(request, rows, champion, await self._ask(rows))

    async def _ask(self, rows: Sequence[Row]) -> Answer:
        started = time.perf_counter()
        said: Said = []
        error = ""
        try:
            async with asyncio.timeout(self._patience):
                said = await self._worker.ask(rows)
        except TimeoutError:
            error = f"no answer within {self._patience:g} s"
        except Exception as problem:  # whatever a challenger does, the champion answers
            error = f"{type(problem).__name__}: {problem}"
        ms = round(1000 * (time.perf_counter() - started), 3)
        return Answer(ms=ms, said=said, error=error)

    def _keep(
        self,
        request: str,
        rows: Sequence[Row],
        champion: Answer | None,
        challenger: Answer | None,
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
        if challenger is not None:
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
        self.close()
        abort(self.rollout, self.challenger.served.name, why, self._places, self._metrics,
              self._evidence.summary())  # fmt: skip

    def _drawn(self, row: Row, request: str) -> float:
        """A number in [0, 1) that is the same for an entity as long as the roll-out lasts."""
        entity = row.get(self._entity) or request
        digest = hashlib.blake2b(f"{self.rollout.version}:{entity}".encode(), digest_size=8)
        return int.from_bytes(digest.digest()) / 2**64


def abort(
    rollout: Rollout,
    model: str,
    why: str,
    places: Places,
    metrics: Metrics,
    evidence: Mapping[str, Any],
) -> None:
    """Writes down that a roll-out of `model` is over, unless it has moved on meanwhile."""
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
