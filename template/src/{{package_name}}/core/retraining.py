"""When to train again: the decided trigger, and only where there is something new to learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field, PositiveInt

from .contract import Contract
from .models import identity, row_hashes
from .yaml_model import StrictModel

Outcome = Literal["declined", "failed", "refused", "waiting", "promoted"]
DRIFT = "The last window drifted: that is to be investigated, and never retrains by itself."


class RetrainingSettings(StrictModel):
    """The content of `configs/retraining.yaml`."""

    trigger: Literal["schedule", "quality", "manual"] = "schedule"
    """`schedule`: the days since the last training. `quality`: a breach in the last monitoring, or
    those days.
    `manual`: only where somebody says why.
    """
    interval_days: PositiveInt = 90
    label_delay_days: float = Field(default=0, ge=0)
    """Days until the truth of a row is known: until then a new model would learn the old rows."""
    new_share: float = Field(default=0.1, ge=0)
    """New labelled rows, relative to those of the last training (rule G10)."""
    new_positives: int = Field(default=100, ge=0)
    """New rows of the positive class, where there is one."""
    promotion: Literal["automatic", "manual"] = "manual"
    """Whether a challenger that passed the gate is promoted by it, or waits for a person."""


class NewRows(BaseModel):
    """Labelled rows of the table that the last training did not have."""

    rows: int
    positives: int | None
    """None unless the target is binary."""


class Situation(BaseModel):
    """What a decision to retrain rests on."""

    age_days: float
    """Since the last training, whether the champion came of it or a challenger."""
    training_rows: int
    """Rows that it trained on."""
    breach: bool
    """Whether the last monitoring showed the champion's quality below that of its holdout."""
    drifting: bool
    waiting: int | None = None
    """The challenger that waits for a person."""


class Case(BaseModel):
    """Whether to retrain, what set it off, and why."""

    due: bool
    trigger: str
    reasons: tuple[str, ...]
    """Sentences for people; the first says what settled it."""


class Entry(BaseModel):
    """A line of the record; `at` is the machine's time, `as_of` the time that counted, in UTC."""

    at: datetime
    as_of: datetime
    model: str
    trigger: str
    reasons: tuple[str, ...]
    outcome: Outcome
    champion: int
    challenger: int | None


def judge(
    situation: Situation, settings: RetrainingSettings, why: str, count_new: Callable[[], NewRows]
) -> Case:
    """Whether to retrain now. A person who says why decides; drift alone never does.

    Both tables are read by `count_new`, which is called only where a trigger stands. Rows are new
    since the last training, also where its challenger was refused or waits: to train on the same
    rows until one passes would be no proof.
    """
    notes = [DRIFT] if situation.drifting else []
    if situation.waiting is not None:
        notes.append(f"Model version {situation.waiting} waits for a person to promote it.")
    if why:
        return Case(due=True, trigger="a person", reasons=(f"Asked for: {why}", *notes))
    trigger, told = _trigger(situation, settings)
    if trigger is None:
        return Case(due=False, trigger="none", reasons=(told, *notes))
    new = count_new()
    if obstacles := _obstacles(situation, settings, new):
        return Case(due=False, trigger=trigger, reasons=(*obstacles, told, *notes))
    return Case(due=True, trigger=trigger, reasons=(told, _counted(new, situation), *notes))


def compared_columns(contract: Contract) -> list[str]:
    """What `find_new` needs of a table."""
    return [*identity(contract), contract.target]


def find_new(
    table: pd.DataFrame, contract: Contract, before: pd.DataFrame, contract_before: Contract
) -> NewRows:
    """The labelled rows of `table` that were not labelled in the last training's, `before`.

    Where the contract has changed in between, rows are told apart by the columns of both.
    """
    labelled = table[table[contract.target].notna()]
    past = before[before[contract_before.target].notna()]
    columns = [name for name in identity(contract) if name in identity(contract_before)]
    known = np.isin(row_hashes(labelled[columns]), row_hashes(past[columns])) if columns else False
    fresh = labelled[~np.broadcast_to(known, len(labelled))]
    binary = contract.problem_type == "binary"
    positives = int((fresh[contract.target] == contract.positive_label).sum()) if binary else None
    return NewRows(rows=len(fresh), positives=positives)


def _trigger(situation: Situation, settings: RetrainingSettings) -> tuple[str | None, str]:
    """What sets a retraining off, None where nothing does, and the sentence about it."""
    if settings.trigger == "manual":
        return None, "Nothing retrains by itself here: say why with --why."
    if settings.trigger == "quality" and situation.breach:
        return "quality", "The last monitoring shows quality below that of the holdout."
    age = f"The last training was {situation.age_days:,.0f} days ago"
    if situation.age_days >= settings.interval_days:
        return "schedule", f"{age}: {settings.interval_days} days are the longest interval."
    quality = ", and its quality holds" if settings.trigger == "quality" else ""
    return None, f"{age}{quality}: the next is due after {settings.interval_days} days."


def _obstacles(situation: Situation, settings: RetrainingSettings, new: NewRows) -> tuple[str, ...]:
    found = []
    if situation.age_days < settings.label_delay_days:
        found.append(
            f"Labels take {settings.label_delay_days:g} days, and the last training was "
            f"{situation.age_days:,.1f} days ago: most of what is labelled by now it has seen."
        )
    needed = settings.new_share * situation.training_rows
    few = new.positives is not None and new.positives < settings.new_positives
    if new.rows < needed or few:
        wanted = f"{needed:,.0f} rows"
        wanted += "" if new.positives is None else f" and {settings.new_positives:,} positives"
        found.append(f"{_counted(new, situation)} Needed: {wanted}.")
    return tuple(found)


def _counted(new: NewRows, situation: Situation) -> str:
    positives = "" if new.positives is None else f", {new.positives:,} of them positive"
    return (
        f"New labelled rows since the last training: {new.rows:,}{positives}; it had "
        f"{situation.training_rows:,}."
    )
