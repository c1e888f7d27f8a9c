"""The data contract: what a valid table is, drawn from the profile or from stated facts."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from . import limits
from .facts import ColumnProfile, DataProfile, Facts, Provenance
from .phases._groups import compared_groups
from .phases._pace import cadence_days
from .phases.feature import excluded_columns
from .text import to_yaml

_HEAD = (
    "# What a valid table is. Yours to edit: every run holds the data against it.\n"
    "# `role: incumbent` marks the column that records what is done today for each row.\n"
)
_SAMPLE = (
    "# It describes the synthetic sample (unedited: {mark}). Unless you edit it, `copier update`\n"
    "# replaces it by that of your table, once there is one.\n"
)
_MARKED = re.compile(re.escape(_HEAD + _SAMPLE).replace(r"\{mark\}", r"(?P<mark>\w+)"))

Role = Literal["feature", "target", "identifier", "event_time", "entity", "excluded"]


class Column(BaseModel):
    """One column: its type, its part in the model, and what was measured of it."""

    name: str
    type: str
    role: Role
    reason: str = ""
    required: bool = True
    group: bool = False
    stored_as_text: bool = False
    format: str | None = None
    missing: float = 0.0
    minimum: float | str | None = None
    maximum: float | str | None = None
    mean: float | None = None
    deviation: float | None = None
    distinct: int | None = None
    levels: tuple[str, ...] = ()
    level_shares: tuple[float, ...] = ()


class Gates(BaseModel):
    """Limits of rule C5, as shares unless the name says otherwise."""

    range_warn: float = limits.C5_RANGE_WARN_SHARE
    range_fail: float = limits.C5_RANGE_FAIL_SHARE
    missing_warn_points: float = limits.C5_MISSING_WARN_POINTS
    missing_fail_points: float = limits.C5_MISSING_FAIL_POINTS
    duplicate_rows_warn: float = limits.C5_DUPLICATE_WARN_SHARE
    duplicate_keys_fail: float = 0.0
    minimum_rows: int = limits.C5_FEWEST_ROWS
    volume_warn: float = limits.C5_VOLUME_WARN_CHANGE
    age_warn_days: float | None = None
    age_fail_days: float | None = None
    label_delay_days: float = 0.0


class Contract(BaseModel):
    """The content of `data/contract.yaml`."""

    table: str
    synthetic: bool
    target: str
    problem_type: str
    positive_class: str | None
    event_time: str | None
    entity_key: str | None
    identifiers: tuple[str, ...]
    rows: int
    newest: str | None
    on_failure: str
    columns: tuple[Column, ...]
    gates: Gates = Gates()


def write_contract(contract: Contract) -> str:
    """The text of `data/contract.yaml`; a sample's says so, with a mark of its own content."""
    body = to_yaml(contract, one_line=("columns",))
    return _HEAD + (_SAMPLE.format(mark=_mark(body)) if contract.synthetic else "") + body


def is_unedited_sample(text: str) -> bool:
    """Whether a contract is that of a synthetic sample, as this template wrote it."""
    found = _MARKED.match(text)
    return found is not None and found["mark"] == _mark(text[found.end() :])


def is_of_sample(text: str) -> bool:
    """Whether a contract, edited or not, says that its table is the synthetic sample."""
    return re.search(r"^synthetic: true$", text, re.MULTILINE) is not None


def _mark(body: str) -> str:
    return hashlib.sha256(body.strip().encode()).hexdigest()[:8]


def make_contract(facts: Facts, on_failure: str) -> Contract:
    """The contract of the profiled table, or of a synthetic one with the stated shape."""
    profile = facts.profile
    columns = _measured(facts, profile) if profile else _imagined(facts)
    return Contract(
        table=profile.source if profile else "data/sample.parquet",
        synthetic=profile is None,
        target=facts.target,
        problem_type=facts.problem_type,
        positive_class=(facts.positive_class or "yes") if facts.problem_type == "binary" else None,
        event_time=facts.event_time or None,
        entity_key=facts.entity_key or None,
        identifiers=tuple(column.name for column in columns if column.role == "identifier"),
        rows=profile.rows if profile else min(max(facts.rows, 500), 20_000),
        newest=_newest(facts, profile) if profile else None,
        on_failure=on_failure,
        columns=columns,
        gates=_gates(facts, profile),
    )


def _newest(facts: Facts, profile: DataProfile) -> str | None:
    """The table's newest event; where rows carry no time, when its file was written."""
    newest = profile.last_event if facts.event_time else profile.written
    try:
        return datetime.fromisoformat(newest).isoformat()
    except ValueError:
        return None


def _gates(facts: Facts, profile: DataProfile | None) -> Gates:
    """Without a cadence a table has no age at which it is late; one that nobody stated warns."""
    days = cadence_days(facts)
    stated = facts.source("data_cadence") is Provenance.stated
    return Gates(
        duplicate_keys_fail=_tolerated_keys(profile) if profile else 0.0,
        age_warn_days=limits.C5_AGE_WARN_PERIODS * days if days else None,
        age_fail_days=limits.C5_AGE_FAIL_PERIODS * days if days and stated else None,
        label_delay_days=facts.label_delay_days or 0,
    )


def _tolerated_keys(profile: DataProfile) -> float:
    """None, unless the table was designed for with repeated keys in it: then somewhat more."""
    return round(min(limits.C5_REPEATED_KEYS_FACTOR * profile.duplicate_keys, 1.0), 4)


def _measured(facts: Facts, profile: DataProfile) -> tuple[Column, ...]:
    excluded, groups = dict(excluded_columns(facts)), compared_groups(facts)
    columns = tuple(
        _column(
            column,
            _role(facts, column, excluded),
            excluded.get(column.name, ""),
            column.name in groups,
        )
        for column in profile.columns
    )
    shares = tuple(round(share, 4) for share in profile.class_shares)
    classes = {"levels": profile.classes, "level_shares": shares}
    return tuple(
        column.model_copy(update=classes)
        if column.role == "target" and facts.problem_type != "regression"
        else column
        for column in columns
    )


def _role(facts: Facts, column: ColumnProfile, excluded: dict[str, str]) -> Role:
    roles: dict[str, Role] = {
        facts.target: "target", facts.event_time: "event_time", facts.entity_key: "entity",
    }  # fmt: skip
    if column.name in roles:
        return roles[column.name]
    if column.identifier and not column.missing:  # a key names every row
        return "identifier"
    return "excluded" if column.name in excluded else "feature"


def _column(column: ColumnProfile, role: Role, reason: str, group: bool) -> Column:
    """Of an excluded group no level is written down; how many there are draws the sample."""
    described = role in {"feature", "target", "event_time", "entity"}
    unlisted = not column.levels or (group and not described)
    return Column(
        name=column.name,
        type=column.type,
        role=role,
        reason="" if role == "identifier" else reason,
        required=role in {"feature", "target", "event_time", "entity"},
        group=group,
        stored_as_text=column.stored_as_text,
        format=column.format or None,
        missing=round(column.missing_share, 6),
        minimum=column.minimum if described else None,
        maximum=column.maximum if described else None,
        mean=_rounded(column.mean) if described else None,
        deviation=_rounded(column.deviation) if described else None,
        distinct=column.distinct if column.type == "string" and unlisted else None,
        levels=column.levels if described else (),
        level_shares=tuple(round(share, 4) for share in column.level_shares) if described else (),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _imagined(facts: Facts) -> tuple[Column, ...]:
    """Columns of the synthetic table: as many as stated, named by their number."""
    numeric = [
        Column(name=f"number_{i}", type="number", role="feature", missing=0.02 if i == 1 else 0.0,
               minimum=-5.0, maximum=5.0, mean=0.0, deviation=1.0)
        for i in range(1, min(facts.n_numeric, 200) + 1)
    ]  # fmt: skip
    categorical = [
        Column(name=f"category_{i}", type="string", role="feature", levels=("a", "b", "c"),
               level_shares=(0.5, 0.3, 0.2))
        for i in range(1, min(facts.n_categorical, 200) + 1)
    ]  # fmt: skip
    keys = [Column(name="record_id", type="string", role="identifier")]
    if facts.event_time:
        keys.append(
            Column(name=facts.event_time, type="datetime", role="event_time",
                   minimum="2025-01-01T00:00:00", maximum="2026-01-01T00:00:00")
        )  # fmt: skip
    if facts.entity_key:
        keys.append(Column(name=facts.entity_key, type="string", role="entity", distinct=200))
    return (*keys, *numeric, *categorical, _imagined_target(facts))


def _imagined_target(facts: Facts) -> Column:
    if facts.problem_type == "regression":
        return Column(name=facts.target, type="number", role="target",
                      minimum=0.0, maximum=200.0, mean=100.0, deviation=20.0)  # fmt: skip
    if facts.problem_type == "binary":
        share = facts.positive_rate or 0.2
        return Column(name=facts.target, type="string", role="target", levels=("no", "yes"),
                      level_shares=(round(1 - share, 4), round(share, 4)))  # fmt: skip
    return Column(name=facts.target, type="string", role="target", levels=("a", "b", "c"),
                  level_shares=(0.5, 0.3, 0.2))  # fmt: skip
