"""How a new version takes over: its settings, how far it is, and the record of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, PositiveInt, ValidationError

from .errors import ProjectError
from .files import whole
from .yaml_model import StrictModel

STATE = "rollout.json"
"""Beside `current.json`: the state of the roll-out that runs, or was aborted last."""


class RolloutSettings(StrictModel):
    """The content of `configs/rollout.yaml`; the limits and their sources are rule F3's."""

    strategy: Literal["swap", "shadow_full", "shadow_canary"] = "shadow_canary"
    """`swap`: `promote` is enough. `shadow_full`: shadow, then all requests. `shadow_canary`:
    between the two, the shares below.
    """
    shadow_days: float = Field(default=7, ge=0)
    canary_shares: tuple[float, ...] = (0.05, 0.25)
    canary_days: float = Field(default=3.5, ge=0)
    """At each share, at least."""
    fewest_requests: PositiveInt = 200
    """That the challenger has answered in a stage before the next."""
    usual_failures: float = Field(default=0.001, gt=0, lt=1)
    most_failures: float = Field(default=0.02, gt=0, lt=1)
    """Shares of its requests: the first is taken for chance, the second must not be missed."""
    slow_ms: float = Field(default=100, gt=0)
    """An answer that takes longer for each of its rows is slow."""
    usual_slow: float = Field(default=0.01, gt=0, lt=1)
    most_slow: float = Field(default=0.05, gt=0, lt=1)
    """Shares of slow answers, as for failures; the first says that 99 of 100 are in time."""
    score_shift: float = Field(default=0.2, gt=0, le=1)
    """Kolmogorov-Smirnov distance between the scores of the two versions."""
    decision_shift: float = Field(default=0.1, gt=0, le=1)
    """Total variation between what the two versions decide."""
    least_agreement: float = Field(default=0.5, ge=-1, le=1)
    """Rank correlation, or kappa, between the two versions over the same rows in shadow."""
    false_alarm: float = Field(default=1e-4, gt=0, lt=1)
    """Chance that a challenger as good as the champion is aborted by one of these, in its first
    ten thousand requests and in each ten thousand after: in as many as one by this chance.
    """


class Rollout(StrictModel):
    """The content of `serving/rollout.json`; the service reads it, and writes an abort into it."""

    version: int
    """The challenger."""
    sha256: str
    """Of its `model.json`."""
    champion: int
    share: float = Field(ge=0, lt=1)
    """Of the entities that the challenger answers; 0 in shadow."""
    since: datetime
    """When this stage began, in UTC."""
    aborted: str = ""
    """Why nobody asks the challenger any longer."""
    archived: bool = False
    """Whether the registry knows of that: a version that waits again later is another matter."""

    @property
    def stage(self) -> str:
        """What is going on, in words."""
        if self.aborted:
            return "aborted"
        return f"canary {100 * self.share:g} %" if self.share else "shadow"


class Step(BaseModel):
    """A line of `audit/rollout.jsonl`."""

    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    action: Literal["begin", "advance", "abort", "finish"]
    model: str
    version: int
    champion: int
    stage: str
    """That the roll-out is in from then on."""
    by: str
    why: str
    evidence: Mapping[str, Any]
    """What the answers had shown by then."""


def record_of(root: Path) -> Path:
    """Where the steps of the project in `root` stand."""
    return root / "audit/rollout.jsonl"


def evidence_folder(log: Path) -> Path:
    """Where the service keeps what both versions said, beside the prediction log in `log`."""
    return log / "rollout"


def read_state(folder: Path) -> Rollout | None:
    """The state in the folder that the service reads; None where no roll-out was begun.

    Raises ProjectError where the file is broken.
    """
    path = folder / STATE
    try:
        return Rollout.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as problem:
        raise ProjectError(
            f"{path} cannot be read ({problem.__class__.__name__}): remove it, which ends the "
            "roll-out, and begin again."
        ) from None


def write_state(folder: Path, state: Rollout) -> None:
    """Replaces the state; a running service follows within a second."""
    with whole(folder / STATE) as partial:
        partial.write_text(state.model_dump_json(indent=1), encoding="utf-8")
