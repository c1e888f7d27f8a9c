"""The settings in `configs/`: everything a user tunes, one file for each pipeline."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from .errors import SettingsError
from .samplers import Method
from .yaml_model import StrictModel

Metric = Literal[
    "expected_cost",
    "precision_at_capacity",
    "recall_at_capacity",
    "log_loss",
    "brier",
    "average_precision",
    "roc_auc",
    "f1",
    "f2",
    "macro_f1",
    "mae",
    "rmse",
    "wape",
    "pinball",
]
Family = Literal["linear", "ebm", "lightgbm"]
SAMPLE = "sample"
"""The `uri` that stands for a table drawn from the contract."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class DataSource(StrictModel):
    """Where the table lives: a file, a database URL with `#table`, or `sample`."""

    uri: str = Field(min_length=1)
    """A variable of the environment where it is `${NAME}` as a whole."""
    override: str
    """Name of the environment variable that wins over `uri`."""

    def location(self, root: Path) -> str:
        """The URI in force; a relative path is taken from the project's root.

        Raises SettingsError if it is a variable that is not set.
        """
        uri = os.environ.get(self.override) or self.uri
        if variable := _VARIABLE.fullmatch(uri):
            uri = os.environ.get(variable[1], "")
            if not uri:
                raise SettingsError(
                    f"{variable[1]} is not set, and says where the table lies: set it."
                )
        if uri == SAMPLE or "://" in uri:
            return uri
        return str(root / Path(uri).expanduser())


class ProjectSettings(StrictModel):
    """The content of `configs/project.yaml`."""

    name: str = Field(min_length=1)
    data: DataSource


class FeatureSettings(StrictModel):
    """How features are prepared. Scaling, encoding and imputation are the linear family's."""

    scaling: Literal["standard", "robust", "power", "none"] = "standard"
    encoding: Literal["by_cardinality", "onehot", "target"] = "by_cardinality"
    missing: Literal["median_indicator", "median", "native"] = "median_indicator"
    selection: Literal["drop_useless", "l1"] = "drop_useless"
    dates: Literal["calendar", "none"] = "none"


class SplitSettings(StrictModel):
    """How rows are kept apart for testing and validation."""

    strategy: Literal["stratified", "random", "grouped", "forward", "forward_grouped"]
    test_share: float = Field(default=0.2, gt=0, lt=1)
    validation: Literal["holdout", "cross_validation"] = "holdout"
    folds: int = Field(default=5, ge=2)
    gap_seconds: float = Field(default=0, ge=0)
    """Rows this close before a cut in time are left out: their labels were not known yet."""


class SearchSettings(StrictModel):
    """Search of parameters: it stops at `trials` or `seconds`, whichever comes first."""

    method: Method = "random"
    """`none` keeps to the default of each family."""
    trials: PositiveInt = 60
    seconds: float = Field(default=10, gt=0)


class ThresholdSettings(StrictModel):
    """How a score becomes a decision. Costs are per case, in one currency."""

    rule: Literal["cost", "capacity", "tuned", "half", "none"] = "none"
    cost_false_positive: float | None = Field(default=None, ge=0)
    cost_false_negative: float | None = Field(default=None, ge=0)
    save_rate: float = Field(default=1.0, gt=0, le=1)
    """Share of the true positives that acting on them rescues."""
    capacity_share: float | None = Field(default=None, gt=0, le=1)
    """Share of the scored rows that can be acted on."""

    @model_validator(mode="after")
    def _complete(self) -> ThresholdSettings:
        if self.rule == "cost" and not (self.cost_false_positive and self.cost_false_negative):
            raise ValueError("rule: cost needs cost_false_positive and cost_false_negative above 0")
        if self.rule == "capacity" and self.capacity_share is None:
            raise ValueError("rule: capacity needs capacity_share")
        return self


class IntervalSettings(StrictModel):
    """Bootstrap intervals of the metric."""

    method: Literal["bootstrap", "cluster_bootstrap", "block_bootstrap"] = "bootstrap"
    resamples: PositiveInt = 1000
    level: float = Field(default=0.95, gt=0, lt=1)


class FairnessSettings(StrictModel):
    """What groups of people are held to, where the contract marks some (rule E11)."""

    favourable: Literal["acted_on", "left_alone"] = "acted_on"
    """What people hope for: `left_alone` where acting on a case refuses, or accuses."""
    selection_ratio: float = Field(default=0.8, gt=0, le=1)
    """Least that the lowest share of a group may be of the highest (four fifths)."""
    rate_gap: float = Field(default=0.1, ge=0, le=1)
    """Most that true, or false, positive rates of two groups may lie apart."""
    on_breach: Literal["review", "report"] = "review"
    """Whether a person then decides, or the gate only says so."""

    @property
    def hoped_for(self) -> str:
        """`favourable` in words."""
        return self.favourable.replace("_", " ")


class GateSettings(StrictModel):
    """When a candidate is worth a promotion."""

    minimum_gain: float = Field(default=0.01, ge=0)
    """Gain over the baseline, the champion and today's way, relative to what each reaches."""
    minimum_cases: int = Field(default=0, ge=0)
    """Holdout rows of the rarest class (regression: rows); with fewer, a person decides."""
    guardrails: dict[Metric | Literal["precision", "recall", "r2"], float] = Field(
        default_factory=dict
    )
    """The worst value that is accepted of a metric beside the primary one."""
    calibration_slope: tuple[float, float] | None = None
    """Where its interval misses this range, a person decides (rule E7); 1 is calibrated."""
    latency_ms: float | None = Field(default=None, gt=0)
    """Above this 99th percentile for one row, a person decides."""
    fairness: FairnessSettings | None = None
    """None where no people are concerned; what `group: true` marks is held to the defaults."""

    @property
    def alike(self) -> FairnessSettings:
        """What groups are held to."""
        return self.fairness or FairnessSettings()


class TrainingSettings(StrictModel):
    """The content of `configs/training.yaml`."""

    seed: int = Field(default=42, ge=0, lt=2**32)
    metric: Metric
    baseline: Literal["linear", "dummy"] = "linear"
    candidates: tuple[Family, ...] = Field(min_length=1)
    features: FeatureSettings = FeatureSettings()
    split: SplitSettings
    search: SearchSettings = SearchSettings()
    calibration: Literal["sigmoid", "isotonic", "none"] = "none"
    threshold: ThresholdSettings = ThresholdSettings()
    intervals: IntervalSettings = IntervalSettings()
    gate: GateSettings = GateSettings()
    maximum_training_rows: PositiveInt | None = None
    """Training takes a sample where the table has more rows."""


class BatchInferenceSettings(StrictModel):
    """The content of `configs/batch_inference.yaml`."""

    output: str = "predictions"
    """Folder for predictions, relative to the project's root."""
    chunk_rows: PositiveInt = 100_000
    maximum_rejected_share: float = Field(default=0.05, ge=0, le=1)
    capacity: PositiveInt | None = None
    """Rows of one table that are acted on, the highest scores first; the model's threshold if None.
    """
    reasons: int = Field(default=0, ge=0)
    """Features that are named beside each prediction (`core/reasons.py`); 0 names none."""
