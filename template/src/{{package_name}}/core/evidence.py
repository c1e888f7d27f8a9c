"""What a training run found, as its report and its model card tell it."""

from __future__ import annotations

from dataclasses import dataclass

from .contract import Contract
from .data import TableHandle
from .evaluation import Evaluation
from .gates import GateReport
from .holdout import Holdout
from .promotion import GateDecision
from .settings import TrainingSettings
from .training import TrainingSummary


@dataclass(frozen=True)
class Evidence:
    """Everything about one model version; `commit` is empty where there is no git."""

    name: str
    version: int
    commit: str
    contract: Contract
    settings: TrainingSettings
    table: TableHandle
    test_from: str | None
    """First event time of the holdout, where the split is in time."""
    gates: GateReport
    summary: TrainingSummary
    evaluation: Evaluation
    holdout: Holdout
    decision: GateDecision
    reasons: int = 0
    """Features that scoring names beside each prediction."""
