"""What drift is measured on, read column by column: the champion's reference and a window.

Features are compared with the rows that the champion was trained on, its scores with those on
its holdout: on rows that it learned from, a model is surer than it will ever be again (rule G3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .contract import Column, Contract
from .data import REJECTION, TableHandle, drawn_rows, open_table, read_batches, read_frame
from .drift import LevelColumn, NumericColumn, Part
from .drift_statistics import ABSENT, Counts, Floats
from .errors import DataError
from .evaluation import Evaluation
from .importance import most_important
from .models import TrainedModel
from .settings import TrainingSettings
from .splitters import Positions

SCORE = "score"
CHUNK_ROWS = 100_000


class Reference(BaseModel):
    """What a window is held against: the table that a model version was trained on."""

    model_version: int
    table: TableHandle
    watched: tuple[str, ...]


def watched_features(
    evaluation: Evaluation, contract: Contract, share: float, most: int
) -> tuple[str, ...]:
    """The features that hold `share` of the importance, at most `most` (rule G4).

    Times are not among them: a later window always has later times.
    """
    importance = [
        one for one in evaluation.importance if contract.by_name[one.column].type != "datetime"
    ]
    return tuple(one.column for one in most_important(importance, share, most))


def labelled_rows(table: TableHandle, contract: Contract, settings: TrainingSettings) -> Positions:
    """Positions in the snapshot of the rows that a training with `settings` split."""
    target = read_frame(table, contract, [contract.target])[contract.target]
    usable = target.notna().to_numpy()
    if settings.maximum_training_rows is not None:
        usable = usable & drawn_rows(table.rows, settings.maximum_training_rows, settings.seed)
    return np.flatnonzero(usable)


def score_column(
    model: TrainedModel,
    contract: Contract,
    reference: TableHandle,
    holdout: Positions,
    window: TableHandle,
) -> NumericColumn | LevelColumn:
    """The scores of the holdout and of the window; of several classes the likeliest one.

    `holdout` are positions in the reference. Raises DataError if no row of a table can be scored.
    """
    scores = _scores(model, contract, reference, holdout), _scores(model, contract, window)
    if model.problem_type != "multiclass":
        return NumericColumn(SCORE, "score", *scores)
    labels = pd.Series(model.classes)
    likeliest = (_counts(labels[side.argmax(axis=1)]) for side in scores)
    return LevelColumn(SCORE, "score", *likeliest)


def table_columns(
    watched: Sequence[str],
    contract: Contract,
    reference: TableHandle,
    training_rows: Positions,
    window: TableHandle,
) -> Iterator[NumericColumn | LevelColumn]:
    """The target where the window knows it, then the features; each is read when asked for.

    `training_rows` are positions in the reference. Raises DataError if the window lacks a column.
    """
    target = contract.target_column
    if target.name in open_table(window.uri).columns:
        known = _values(window, target, contract).dropna()
        if len(known):
            before = _values(reference, target, contract).iloc[training_rows]
            yield _column(target, "target", contract.classification, before, known)
    for name in watched:
        column = contract.by_name[name]
        before = _values(reference, column, contract).iloc[training_rows]
        now = _values(window, column, contract)
        yield _column(column, "feature", not column.numeric, before, now)


def _scores(
    model: TrainedModel, contract: Contract, table: TableHandle, rows: Positions | None = None
) -> Floats:
    """What the model says of the rows that fit the contract, batch by batch."""
    found = []
    reasons: Counter[str] = Counter()
    for batch in read_batches(table.uri, contract, CHUNK_ROWS):
        chosen = batch if rows is None else batch[np.isin(batch.index, rows)]
        reasons.update(chosen[REJECTION].dropna())
        accepted = chosen[chosen[REJECTION].isna()]
        if len(accepted):
            found.append(model.predict(accepted).score)
    if not found:
        ((reason, count),) = reasons.most_common(1) or (("it has no rows", table.rows),)
        raise DataError(
            f"No row of {table.source} can be scored: {reason} ({count:,} rows). "
            "Correct the table, or the contract."
        )
    return np.concatenate(found)


def _values(table: TableHandle, column: Column, contract: Contract) -> pd.Series:
    return read_frame(table, contract, [column.name])[column.name]


def _column(
    column: Column, part: Part, levels: bool, before: pd.Series, now: pd.Series
) -> NumericColumn | LevelColumn:
    if levels:
        return LevelColumn(column.name, part, _counts(before), _counts(now))
    return NumericColumn(column.name, part, before.to_numpy(), now.to_numpy())


def _counts(values: pd.Series) -> Counts:
    """Rows of each level of a column, those without a value among them."""
    counts = values.value_counts(dropna=False)
    return {ABSENT if pd.isna(level) else str(level): int(n) for level, n in counts.items()}
