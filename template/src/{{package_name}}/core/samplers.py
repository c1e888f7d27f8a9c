"""What a search tries next: the default first, then a list, random draws, or what Optuna learns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal, Protocol

import numpy as np

Parameters = Mapping[str, float]
Method = Literal["random", "optuna", "none"]


@dataclass(frozen=True)
class Range:
    """Values from `low` up to `high`; `log` spreads them evenly over magnitudes.

    An integer is below `high`.
    """

    low: float
    high: float
    log: bool = False
    integer: bool = False


Space = Mapping[str, Range] | tuple[Parameters, ...]
"""Ranges to draw from, or a short list that every search walks in order."""


class Sampler(Protocol):
    """Chooses the settings of one family's trials, one at a time."""

    def ask(self) -> Parameters | None:
        """The settings to try next; None where none are left."""

    def tell(self, value: float) -> None:
        """What the last trial came to; NaN where its metric was undefined."""


def make_sampler(
    method: Method, default: Parameters, space: Space, seed: int, higher_is_better: bool
) -> Sampler:
    """The sampler of a family's `space`; the same seed and values give the same settings."""
    if method == "optuna" and not isinstance(space, tuple):
        return _LearningSampler(default, space, seed, higher_is_better)
    others = iter(space) if isinstance(space, tuple) else _draws(space, seed)
    return _BlindSampler(chain([default], others))


class _BlindSampler:
    """Settings that do not depend on what came of those before."""

    def __init__(self, settings: Iterator[Parameters]) -> None:
        self._settings = settings

    def ask(self) -> Parameters | None:
        return next(self._settings, None)

    def tell(self, value: float) -> None:
        return None


class _LearningSampler:
    """Optuna's tree-structured Parzen estimator: random at first, then near what did well."""

    def __init__(
        self, default: Parameters, space: Mapping[str, Range], seed: int, higher_is_better: bool
    ) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._study = optuna.create_study(
            direction="maximize" if higher_is_better else "minimize",
            sampler=optuna.samplers.TPESampler(seed=seed),
        )
        self._study.enqueue_trial(dict(default))
        self._distributions = {
            name: optuna.distributions.IntDistribution(
                int(values.low), int(values.high) - 1, log=values.log
            )
            if values.integer
            else optuna.distributions.FloatDistribution(values.low, values.high, log=values.log)
            for name, values in space.items()
        }
        self._trial: optuna.Trial | None = None

    def ask(self) -> Parameters | None:
        self._trial = self._study.ask(self._distributions)
        return self._trial.params

    def tell(self, value: float) -> None:
        from optuna.trial import TrialState

        if np.isfinite(value):
            self._study.tell(self._trial, value)
        else:
            self._study.tell(self._trial, state=TrialState.FAIL)


def _draws(space: Mapping[str, Range], seed: int) -> Iterator[Parameters]:
    random = np.random.default_rng(seed)
    while True:
        yield {name: _draw(random, values) for name, values in space.items()}


def _draw(random: np.random.Generator, values: Range) -> float:
    if values.log:
        drawn = float(np.exp(random.uniform(np.log(values.low), np.log(values.high))))
    else:
        drawn = float(random.uniform(values.low, values.high))
    return int(drawn) if values.integer else drawn
