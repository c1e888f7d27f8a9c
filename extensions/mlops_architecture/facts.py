"""The facts that every decision rests on, each with its provenance.

`Facts` is frozen: rules read it and never change it. A fact that nobody stated and
nothing measured holds the cheaper, reversible assumption and is marked `assumed`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from . import limits

ProblemType = Literal["binary", "multiclass", "regression"]
ColumnType = Literal["integer", "number", "boolean", "string", "datetime"]


CADENCE_DAYS = {
    "monthly": 30.0, "weekly": 7.0, "daily": 1.0, "hourly": 1 / 24, "continuous": 1 / 24,
}  # fmt: skip
"""Days of one period of the data; what comes continuously is landed each hour (rule C1)."""


class Provenance(StrEnum):
    """Where a value comes from."""

    stated = "stated"
    measured = "measured"
    derived = "derived"
    assumed = "assumed"


class ColumnProfile(BaseModel):
    """What was measured of one column. Shares lie in [0, 1]; numbers in the column's unit."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: ColumnType
    stored_as_text: bool = False
    """Numbers or dates that a plain reader takes for text; `type` is what they mean."""
    strays: tuple[str, ...] = ()
    """Of text that is numbers but for these, or for signs such as $ on them: the commonest."""
    format: str = ""
    """How times in text are written, as strptime reads it; empty for ISO 8601."""
    missing: int = 0
    """Rows without a value: blank, or a word such as `NA` where the type is not text."""
    missing_share: float = 0.0
    distinct: int = 0
    minimum: float | str | None = None
    maximum: float | str | None = None
    mean: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    tail_ratio: float | None = None
    """99th percentile over the median, where both are positive."""
    top_share: float = 0.0
    """Share of the most frequent value among the rows that have one."""
    levels: tuple[str, ...] = ()
    """The distinct values of a text or boolean column, where they are few."""
    level_shares: tuple[float, ...] = ()
    identifier: bool = False
    constant: bool = False
    duplicate_of: str = ""
    target_auc: float | None = None
    """AUC of this column alone (0.5 to 1) for a target of two classes."""
    target_r2: float | None = None
    """R² of this column alone for a regression target."""
    after_event: float = 0.0
    """Share of the rows in which this time lies after the event; 0 where one lies before it."""


class TableScan(BaseModel):
    """What was measured of the table whatever is predicted. Never holds a row."""

    model_config = ConfigDict(frozen=True)

    source: str
    """The file's name without its folder."""
    uri: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    size_gb: float
    duplicate_rows: int = 0
    """Rows that repeat an earlier one in every column, the identifier included."""
    written: str = ""
    """When the file was last written, in ISO 8601 and UTC."""

    @cached_property
    def by_name(self) -> dict[str, ColumnProfile]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}


class DataProfile(TableScan):
    """What was measured of the table, its target and its times. Never holds a row."""

    target: str = ""
    classes: tuple[str, ...] = ()
    class_shares: tuple[float, ...] = ()
    target_minimum: float | None = None
    target_maximum: float | None = None
    target_least_size: float | None = None
    target_median_size: float | None = None
    """Of the absolute values of a regression target."""
    event_time: str = ""
    first_event: str = ""
    last_event: str = ""
    entity_key: str = ""
    entities: int = 0
    duplicate_keys: float = 0.0
    """Share of rows that repeat an earlier pair of entity and event time."""
    seconds_between_events: float | None = None
    """Median distance of consecutive events of one entity, in seconds."""

    @property
    def share_of(self) -> dict[str, float]:
        """The target's classes with their shares of the rows that have one."""
        return dict(zip(self.classes, self.class_shares, strict=True))

    @cached_property
    def span_days(self) -> float | None:
        """Days from the first event to the last, or None where the rows have no times."""
        try:
            first, last = map(datetime.fromisoformat, (self.first_event, self.last_event))
        except ValueError:
            return None
        return (last.replace(tzinfo=None) - first.replace(tzinfo=None)).total_seconds() / 86_400

    @cached_property
    def some_steps(self) -> float | None:
        """A few steps of the event time in days, or None where the table spans too few of them."""
        step, span = (self.seconds_between_events or 0.0) / 86_400, self.span_days or 0.0
        many = 0 < step <= span / limits.A1_FEWEST_STEPS
        return round(limits.A1_DELAY_STEPS * step, 4) if many else None


class Facts(BaseModel):
    """All that is known when the first phase begins.

    Names are those of the answers. `provenance` says of each where it comes from.
    Times are in the unit of the name; shares lie in [0, 1]; costs are in one currency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # problem
    project_name: str = "my-model"
    formulation: str = ""
    use_case: str = "other"
    """churn, credit, fraud, insurance, hiring, education, health, pricing, demand, maintenance."""
    target: str = "target"
    problem_type: ProblemType = "binary"
    positive_class: str = ""
    """Of the table's two classes the one that a score is of; empty where there are none."""
    primary_metric: str = "unsure"
    """As stated, one of `METRICS` or `unsure`; `training_metric` is the decision."""
    guardrails: tuple[str, ...] = ()
    labels: Literal["available", "partial", "proxy", "none"] = "available"
    out_of_scope: str = ""
    """What the problem is instead of supervised learning on a table; empty where it is that."""
    baseline_kind: Literal["none", "manual", "rules", "model"] = "none"
    baseline_value: float | None = None
    success_criteria: str = ""
    # people
    horizon: Literal["learning", "prototype", "production"] = "production"
    weeks: int = 8
    team_size: int = 1
    platform_skill: Literal["none", "some_cloud", "k8s_team"] = "none"
    owner: str = ""
    approver: str = ""
    current_level: int = 0
    months_operated: int = 0
    n_models: int = 1
    committers: int = 1
    # data
    data_location: Literal[
        "local_file", "object_store", "warehouse", "oltp_db", "api", "stream"
    ] = "local_file"
    data_mutability: Literal["static", "append", "mutable", "stream"] = "static"
    data_cadence: Literal["once", "monthly", "weekly", "daily", "hourly", "continuous"] = "monthly"
    data_size_gb: float = 0.01
    rows: int = 10_000
    n_numeric: int = 8
    n_categorical: int = 4
    positive_rate: float | None = None
    """Share of the positive class (binary) or of the rarest class (multiclass)."""
    event_time: str = ""
    entity_key: str = ""
    unseen_entities: bool = False
    """Predictions are for entities that the training table does not hold."""
    post_outcome_columns: tuple[str, ...] = ()
    # use
    consumption: Literal["batch", "realtime", "both", "unsure"] = "batch"
    latency_ms: int | None = None
    staleness_ok_hours: float = 24.0
    peak_rps: float = 1.0
    capacity: int | None = None
    """Cases that can be acted on in one period of `data_cadence`."""
    cost_false_positive: float | None = None
    cost_false_negative: float | None = None
    save_rate: float = 1.0
    """Share of true positives that acting on them rescues."""
    label_delay_days: float = 30.0
    stability: Literal["stable", "seasonal", "shifting", "adversarial"] = "seasonal"
    # risk
    impact: Literal["low", "medium", "high"] = "low"
    decision_mode: Literal["advisory", "human_in_loop", "automated"] = "advisory"
    personal_data: Literal[
        "none", "pseudonymous", "direct", "special_or_phi", "cardholder", "not_stated"
    ] = "not_stated"
    regulations: tuple[str, ...] = ()
    """gdpr, hipaa, pci, ecoa, eu_ai_act, sr26_2, sox; `none`; or `not_stated`."""
    residency: str = ""
    interpretability: Literal["none", "global", "per_decision"] = "none"
    # infrastructure
    cloud: Literal["none", "aws", "gcp", "azure", "onprem_vm", "onprem_k8s"] = "none"
    ci: Literal["github", "gitlab", "none"] = "none"
    existing_tools: tuple[str, ...] = ()

    profile: DataProfile | None = None
    differing: tuple[tuple[str, float, float], ...] = ()
    """Facts stated and measured far apart: name, stated, measured."""
    not_understood: tuple[str, ...] = ()
    """What the problem statement says and could not be read."""
    provenance: tuple[tuple[str, Provenance], ...] = ()

    def source(self, name: str) -> Provenance:
        """Where the fact `name` comes from; what nobody gave is assumed."""
        return _by_name(self.provenance).get(name, Provenance.assumed)

    # Derived (section A.3 of the rules) -------------------------------------------------

    @property
    def unlabelled_share(self) -> float:
        """Share of the table's rows that have no value in the target."""
        column = self.profile.by_name.get(self.target) if self.profile else None
        return column.missing_share if column else 0.0

    @property
    def labelled_rows(self) -> int:
        """Rows whose outcome is known: only these can be learned from and tested on."""
        return round(self.rows * (1 - self.unlabelled_share))

    @property
    def n_positive(self) -> int:
        """Cases of the rarer class with a known outcome; for regression, all such rows."""
        if self.positive_rate is None:
            return self.labelled_rows
        return round(self.labelled_rows * min(self.positive_rate, 1 - self.positive_rate))

    @property
    def minority_share(self) -> float | None:
        """Share of the rarer class, or None for regression."""
        return (
            None if self.positive_rate is None else min(self.positive_rate, 1 - self.positive_rate)
        )

    @property
    def imbalanced(self) -> bool:
        """The rarer class is rare."""
        share = self.minority_share
        return share is not None and share < limits.A3_MINORITY_SHARE

    @property
    def cost_ratio(self) -> float | None:
        """Cost of a miss over cost of a false alarm; what acting rescues counts."""
        if not self.cost_false_positive or self.cost_false_negative is None:
            return None
        return self.cost_false_negative * self.save_rate / self.cost_false_positive

    @property
    def temporal(self) -> bool:
        """Rows carry the time of the decision, and decisions are about the future."""
        return bool(self.event_time)

    @property
    def regulated(self) -> bool:
        """A regime with duties on models applies."""
        return bool({"ecoa", "hipaa", "sr26_2"} & set(self.regulations)) or self.eu_high_risk

    @property
    def eu_high_risk(self) -> bool:
        """Annex III of the EU AI Act; fraud detection is excepted there."""
        listed = self.use_case in {"credit", "insurance", "hiring", "education"}
        return "eu_ai_act" in self.regulations and (listed or self.emergency_triage)

    @property
    def emergency_triage(self) -> bool:
        """Who is treated first: the use in health that Annex III names, in point 5(d)."""
        return self.use_case == "health" and "triag" in self.formulation.casefold()

    @property
    def explains_each_decision(self) -> bool:
        """Reasons are owed for each decision: as stated, under Reg B, or GDPR Art. 22."""
        automated = self.decision_mode == "automated" and self.impact == "high"
        return (
            self.interpretability == "per_decision"
            or "ecoa" in self.regulations
            or ("gdpr" in self.regulations and automated and self.personal_data != "none")
        )


@lru_cache(maxsize=16)
def _by_name(provenance: tuple[tuple[str, Provenance], ...]) -> dict[str, Provenance]:
    return dict(provenance)
