"""What the answers of champion and challenger show, as they come: bounded, and judged at any time.

Shares of failures and of slow answers are judged by Wald's sequential probability ratio test
(Annals of Mathematical Statistics, 1945): its false alarms stay below the level however often it
is looked at (Ville's inequality). It forgives no more than it would take to find a fault, so that
a challenger which turns bad late is found soon. Two distributions count as shifted where their
distance is above the limit in a sample so large that chance reaches it less often than the level
allows, by the bound of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (Annals of
Probability, 1990); both are of the same rows, so that only the versions differ.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ValidationError

from .calibration import Floats
from .rollout import RolloutSettings

NEWEST = 5_000
"""Rows of each version that the distributions are taken from."""
LOOKS = 1_000
"""How often a distribution may be looked at within the level."""
Said = Sequence[Mapping[str, Any]]


class SequentialTest:
    """Whether a share is more than `usual`, by Wald's test against `most`; looked at as it comes.

    A share of `usual` fails with the chance `false_alarm` at most, in the first 1 / `false_alarm`
    cases and in as many again: the sum stays above minus its limit, from where chance leads to the
    limit once in 1 / `false_alarm`² cases.
    """

    def __init__(self, usual: float, most: float, false_alarm: float) -> None:
        self._if_bad, self._if_good = math.log(most / usual), math.log((1 - most) / (1 - usual))
        self._limit = -math.log(false_alarm)
        self._sum = 0.0
        self.failed = False

    def add(self, bad: bool) -> None:
        """Counts one case."""
        self._sum = max(self._sum + (self._if_bad if bad else self._if_good), -self._limit)
        self.failed = self.failed or self._sum >= self._limit


class Finding(NamedTuple):
    """One thing that the answers were looked at for."""

    name: str
    failed: bool
    what: str
    """One sentence."""


class Answer(BaseModel):
    """What one version said of the rows of a request, or how it failed."""

    ms: float
    """That the prediction took."""
    said: list[dict[str, Any]] = []
    error: str = ""


class Compared(BaseModel):
    """A line of the evidence: rows of a request that both were asked about."""

    id: str
    at: datetime
    share: float
    keys: dict[str, list[str | None]]
    champion: Answer | None = None
    challenger: Answer | None = None


class Arm:
    """The answers of one version."""

    def __init__(self) -> None:
        self.requests = self.failures = self.slow = 0
        self.last_error = ""
        self.ms: deque[float] = deque(maxlen=NEWEST)
        self.scores: deque[float] = deque(maxlen=NEWEST)
        self.decisions: deque[str] = deque(maxlen=NEWEST)

    def add(self, answer: Answer, slow_ms: float) -> None:
        """Counts an answer."""
        self.requests += 1
        self.failures += bool(answer.error)
        self.last_error = answer.error or self.last_error
        self.slow += is_slow(answer, slow_ms)
        self.ms.append(answer.ms)
        for row in answer.said:
            if (score := score_of(row)) is not None:
                self.scores.append(score)
            if (decision := decision_of(row)) is not None:
                self.decisions.append(decision)

    def summary(self) -> dict[str, float | None]:
        """Counts, and quantiles of the time to a prediction in ms."""
        quantiles = np.quantile(self.ms, (0.5, 0.99)).round(3).tolist() if self.ms else (None, None)
        return {
            "requests": self.requests,
            "failures": self.failures,
            "slow": self.slow,
            "p50_ms": quantiles[0],
            "p99_ms": quantiles[1],
        }


class Evidence:
    """The answers of both versions in one stage of a roll-out."""

    def __init__(self, settings: RolloutSettings) -> None:
        self._settings = settings
        self.champion, self.challenger = Arm(), Arm()
        level = settings.false_alarm
        failures = (settings.usual_failures, settings.most_failures)
        self._failures = SequentialTest(*failures, level)
        self._slow = SequentialTest(settings.usual_slow, settings.most_slow, level)

    def add(self, compared: Compared) -> None:
        """Counts what one request brought."""
        if compared.champion:
            self.champion.add(compared.champion, self._settings.slow_ms)
        if compared.challenger:
            self.challenger.add(compared.challenger, self._settings.slow_ms)
            self._failures.add(bool(compared.challenger.error))
            self._slow.add(is_slow(compared.challenger, self._settings.slow_ms))

    def summary(self) -> dict[str, Any]:
        """The figures of both versions."""
        return {"champion": self.champion.summary(), "challenger": self.challenger.summary()}

    def findings(self) -> tuple[Finding, ...]:
        """All of it; a stage whose findings all hold may be followed by the next."""
        return (*self.alarms(), *self._shifts())

    def alarms(self) -> tuple[Finding, ...]:
        """What may be looked at with each request."""
        mine, settings = self.challenger, self._settings
        last = f" The last: {mine.last_error}." if mine.last_error else ""
        return (
            Finding(
                "failures",
                self._failures.failed,
                f"{_part(mine.failures, mine.requests)} requests failed; "
                f"{settings.usual_failures:.1%} is usual.{last}",
            ),
            Finding(
                "latency",
                self._slow.failed,
                f"{_part(mine.slow, mine.requests)} answers took more than "
                f"{settings.slow_ms:g} ms a row; {settings.usual_slow:.1%} may.",
            ),
        )

    def _shifts(self) -> tuple[Finding, ...]:
        found = []
        mine, theirs, settings = self.challenger, self.champion, self._settings
        if mine.scores and theirs.scores:
            distance = score_distance(np.array(theirs.scores), np.array(mine.scores))
            sizes = (len(mine.scores), len(theirs.scores))
            found.append(self._shift("scores", distance, settings.score_shift, sizes))
        if mine.decisions and theirs.decisions:
            distance = decision_distance(theirs.decisions, mine.decisions)
            sizes = (len(mine.decisions), len(theirs.decisions))
            found.append(self._shift("decisions", distance, settings.decision_shift, sizes))
        return tuple(found)

    def _shift(self, name: str, distance: float, limit: float, sizes: tuple[int, int]) -> Finding:
        one, other = sizes
        enough = one * other / (one + other) >= fewest(limit, self._settings.false_alarm)
        what = f"The {name} of the two versions lie {distance:.2f} apart, in {one:,} and {other:,} "
        what += f"rows; {limit:g} is allowed." if enough else "rows: too few to judge."
        return Finding(name, enough and distance > limit, what)


def is_slow(answer: Answer, slow_ms: float) -> bool:
    """Whether a row took longer than it may."""
    return answer.ms > slow_ms * max(len(answer.said), 1)


def fewest(distance: float, false_alarm: float) -> int:
    """The rows, n·m / (n + m) of two samples, in which chance alone stays below a distance."""
    return math.ceil(math.log(2 * LOOKS / false_alarm) / (2 * distance**2))


def score_distance(one: Floats, other: Floats) -> float:
    """The Kolmogorov-Smirnov distance of two samples, (n,) and (m,)."""
    one, other = np.sort(one), np.sort(other)
    points = np.concatenate([one, other])
    below = [np.searchsorted(each, points, side="right") / each.size for each in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def decision_distance(one: Sequence[str], other: Sequence[str]) -> float:
    """The total variation between the shares of what was decided."""
    counts, others = Counter(one), Counter(other)
    levels = {*counts, *others}
    return sum(abs(counts[name] / len(one) - others[name] / len(other)) for name in levels) / 2


def score_of(row: Mapping[str, Any]) -> float | None:
    """The number that a prediction rests on; None for several classes."""
    value = row.get("score", row.get("prediction"))
    return float(value) if isinstance(value, int | float) else None


def decision_of(row: Mapping[str, Any]) -> str | None:
    """What was decided; None where a number is all there is."""
    value = row.get("decision", row.get("prediction"))
    return str(value) if isinstance(value, bool | str) else None


def read_evidence(folder: Path, version: int, since: datetime) -> Iterator[Compared]:
    """What the service kept of a challenger since a time; a line that a kill cut is left out."""
    for path in sorted(folder.glob(f"v{version}_*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                with suppress(ValidationError):
                    compared = Compared.model_validate_json(line)
                    if compared.at >= since:
                        yield compared


def _part(some: int, total: int) -> str:
    return f"{some:,} of {total:,}" + (f" ({some / total:.1%})" if total else "")
