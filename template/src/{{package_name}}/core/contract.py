"""The data contract: what a valid table is. Read from `data/contract.yaml`, yours to edit.

To measure what is done today beside the model, mark the column that records it for each row:

    - {name: todays_call, type: boolean, role: incumbent, required: false}

For two classes it holds a decision (yes or no, 1 or 0, or the classes themselves) or a
probability within [0, 1]; for several the class; for a number the value. It is never a feature,
and not read to score. Leave it empty in rows that the model itself decided.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from .errors import ContractError
from .yaml_model import StrictModel, load

ColumnType = Literal["integer", "number", "boolean", "string", "datetime"]
Role = Literal["feature", "target", "identifier", "event_time", "entity", "excluded", "incumbent"]
ProblemType = Literal["binary", "multiclass", "regression"]
Share = float
MEANING: dict[ColumnType, str] = {
    "integer": "number",
    "number": "number",
    "boolean": "yes or no",
    "datetime": "time",
    "string": "text",
}
"""What a value of each type is, for people."""


class Column(StrictModel):
    """One column: its type, its part in the model, and what was measured of it.

    `missing` and `level_shares` are shares in [0, 1]; `minimum`, `maximum`, `mean` and
    `deviation` are in the column's own unit, times as ISO 8601 text.
    """

    name: str
    type: ColumnType
    role: Role
    reason: str = ""
    """Why the column is excluded."""
    required: bool = True
    """Whether a table without this column is refused."""
    group: bool = False
    """Whether its values are groups of people that the evaluation compares (rule E11): those of a
    feature, or of an excluded column, which is then read for this alone, and never to score.
    """
    stored_as_text: bool = False
    """Whether the file holds these numbers, booleans or times as text."""
    format: str = ""
    """How times in text are written, as strptime reads it (`%d/%m/%Y`); empty for ISO 8601."""
    missing: Share = Field(default=0.0, ge=0, le=1)
    minimum: float | str | None = None
    maximum: float | str | None = None
    mean: float | None = None
    deviation: float | None = None
    distinct: int | None = None
    """Number of levels of a text column that has too many to list."""
    levels: tuple[str, ...] = ()
    level_shares: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _levels_match(self) -> Column:
        if self.level_shares and len(self.level_shares) != len(self.levels):
            raise ValueError(
                f"column {self.name!r} has {len(self.levels)} levels and "
                f"{len(self.level_shares)} level_shares: give one share for each level"
            )
        return self

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers (`integer` or `number`)."""
        return self.type in ("integer", "number")

    @property
    def labels(self) -> tuple[str, ...]:
        """The listed levels as they appear in a frame."""
        return tuple(self.label(level) for level in self.levels)

    def label(self, value: object) -> str:
        """A class label as text: `1`, `1.0` and `"1"` are `"1"`; `True` is `"true"`."""
        text = str(value)
        if self.type == "boolean":
            return text.lower()
        if self.numeric:
            try:
                return f"{float(text):.15g}"
            except ValueError:
                return text
        return text


class Gates(StrictModel):
    """Limits of rule C5, as shares of rows unless the name says otherwise."""

    range_warn: Share = 0.001
    range_fail: Share = 0.01
    missing_warn_points: Share = 0.02
    """Warn above twice the reference and above the reference plus this."""
    missing_fail_points: Share = 0.10
    """Fail above three times the reference and above the reference plus this."""
    duplicate_rows_warn: Share = 0.01
    duplicate_keys_fail: Share = 0.0
    """Rows that repeat the entity and event time of another; more than this fail."""
    minimum_rows: int = 30
    volume_warn: float = 0.3
    """Change relative to `rows` of the contract; the training table only."""
    age_warn_days: float | None = None
    age_fail_days: float | None = None
    """Age of the newest event, or of the file where rows carry no time; None for no limit."""
    label_delay_days: float = 0.0
    """What is added to both in training, where the newest events have no label yet."""


class Contract(StrictModel):
    """The content of `data/contract.yaml`."""

    table: str
    synthetic: bool = False
    target: str
    problem_type: ProblemType
    positive_class: str | None = None
    event_time: str | None = None
    entity_key: str | None = None
    identifiers: tuple[str, ...] = ()
    rows: int = Field(ge=0)
    newest: datetime | None = None
    """Newest event of the table that was designed for, or when its file was written. No table is
    refused for its age that is no newer: whoever chose that one knew it.
    """
    on_failure: Literal["stop", "report"] = "stop"
    columns: tuple[Column, ...]
    gates: Gates = Gates()

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        for name, count in Counter(column.name.casefold() for column in self.columns).items():
            if count > 1:
                raise ValueError(f"columns: {name!r} stands {count} times")
        self._check_role("target", self.target)
        self._check_role("event_time", self.event_time)
        self._check_role("entity", self.entity_key)
        described = {column.name for column in self.columns if column.role == "identifier"}
        if described != set(self.identifiers):
            raise ValueError(
                f"identifiers names {sorted(self.identifiers)}, but the columns with "
                f"role: identifier are {sorted(described)}"
            )
        for column in self.groups:
            if column.role not in ("feature", "excluded"):
                raise ValueError(
                    f"column {column.name!r} has group: true and role: {column.role}; "
                    "only a feature or an excluded column can be compared by group"
                )
        self._check_incumbent()
        if not self.features and self.event_time is None:
            raise ValueError("columns: none has role: feature, so there is nothing to learn from")
        if self.problem_type == "binary" and self.positive_class is None:
            raise ValueError("positive_class is missing: a binary target needs one")
        if self.problem_type == "regression" and not self.target_column.numeric:
            raise ValueError(f"target {self.target!r} is not a number: regression needs one")
        return self

    def _check_role(self, role: Role, name: str | None) -> None:
        found = [column.name for column in self.columns if column.role == role]
        if found != ([name] if name else []):
            key = "entity_key" if role == "entity" else role
            raise ValueError(f"{key} is {name!r}, but the columns with role: {role} are {found}")

    def _check_incumbent(self) -> None:
        found = [column for column in self.columns if column.role == "incumbent"]
        if len(found) > 1:
            names = " and ".join(repr(column.name) for column in found)
            raise ValueError(f"columns: {names} have role: incumbent; only one can have it")
        for column in found:
            number_needed = self.problem_type == "regression" and not column.numeric
            if column.type == "datetime" or number_needed:
                raise ValueError(
                    f"column {column.name!r} has role: incumbent and type: {column.type}, which "
                    f"cannot be compared with the {self.problem_type} target {self.target!r}"
                )

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def features(self) -> tuple[Column, ...]:
        """The columns with role `feature`, in order; event time and entity are not among them."""
        return tuple(column for column in self.columns if column.role == "feature")

    @cached_property
    def used(self) -> tuple[Column, ...]:
        """All columns but the excluded ones and today's way, in order."""
        return tuple(c for c in self.columns if c.role not in ("excluded", "incumbent"))

    @cached_property
    def incumbent(self) -> Column | None:
        """The column that records what is done today; None where none does."""
        return next((column for column in self.columns if column.role == "incumbent"), None)

    @cached_property
    def groups(self) -> tuple[Column, ...]:
        """The columns whose values are groups of people to compare, in order."""
        return tuple(column for column in self.columns if column.group)

    @cached_property
    def used_in_training(self) -> tuple[Column, ...]:
        """All columns but the excluded ones, and what groups people, in order."""
        return tuple(c for c in self.columns if c.role != "excluded" or c.group)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Names that must hold a value in every row: identifiers, entity and event time."""
        return tuple(c.name for c in self.used if c.role in ("identifier", "entity", "event_time"))

    @cached_property
    def target_column(self) -> Column:
        """The column that is predicted."""
        return self.by_name[self.target]

    @property
    def classification(self) -> bool:
        """Whether the target is a class (binary or multiclass)."""
        return self.problem_type != "regression"

    @cached_property
    def positive_label(self) -> str | None:
        """`positive_class` as it appears in a frame's target column; None unless binary."""
        if self.problem_type != "binary" or self.positive_class is None:
            return None
        return self.target_column.label(self.positive_class)


def load_contract(path: Path) -> Contract:
    """The contract in `path`. Raises ContractError naming the file and the key."""
    return load(path, Contract, ContractError)
