"""Whether a challenger is rolled out: what `serving/rollout.json` says."""

from __future__ import annotations

import asyncio

from ..core.errors import ProjectError
from ..core.rollout import Rollout, RolloutSettings, read_state
from ..core.serving_settings import ServingSettings
from .champion import Champion, load_version
from .metrics import Metrics, events
from .trial import Places, Trial, abort


class RolloutWatch:
    """The trial of a challenger, as long as one is on."""

    def __init__(
        self, places: Places, settings: RolloutSettings, serving: ServingSettings, metrics: Metrics
    ) -> None:
        self._places = places
        self._settings = settings
        self._serving = serving
        self._metrics = metrics
        self._trial: Trial | None = None
        self._told = ""
        self._seen: tuple[Rollout | None, str] = (None, "")

    @property
    def trial(self) -> Trial | None:
        """The trial that is on."""
        return None if self._trial is None or self._trial.over else self._trial

    async def look(self, champion: Champion | None) -> None:
        """Begins and ends trials as the state says; `champion` is the version that answers."""
        if self._trial is not None:
            self._trial.flush()
        state = self._state()
        seen = (state, champion.version if champion else "")
        if seen == self._seen:
            return
        self._seen = seen
        self.close()
        if state is None or champion is None or state.aborted:
            return
        if str(state.champion) == champion.version:
            self._trial = await self._begin(state, champion)

    def close(self) -> None:
        """Ends the trial that is on."""
        if self._trial is not None:
            self._trial.close()
            self._trial = None

    def _state(self) -> Rollout | None:
        try:
            return read_state(self._places.state)
        except ProjectError as problem:
            if str(problem) != self._told:
                self._told = str(problem)
                self._metrics.failed(self._told)
            return None

    async def _begin(self, state: Rollout, champion: Champion) -> Trial | None:
        try:
            challenger = await asyncio.to_thread(
                load_version,
                self._places.state,
                state.version,
                state.sha256,
                self._serving.most_rows,
            )
        except Exception as problem:  # a challenger that cannot even be loaded harms nobody
            why = f"It cannot be loaded: {problem}"
            abort(state, champion.served.name, why, self._places, self._metrics, {})
            return None
        events.info("Model version %s is tried: %s.", state.version, state.stage)
        patience = self._serving.timeout_seconds / 2
        return Trial(
            state, champion, challenger, self._settings, patience, self._places, self._metrics
        )
