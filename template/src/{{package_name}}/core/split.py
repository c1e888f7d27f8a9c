"""Which rows train, which validate, and which test. Nothing before evaluation reads a test row.

All positions are sorted and count rows of the frame from 0 (as `frame.iloc` takes them).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .contract import Contract
from .errors import DataError, SettingsError
from .models import row_hashes
from .settings import SplitSettings
from .splitters import (
    ByEntity,
    ByLot,
    ByTime,
    ByTimeAndEntity,
    Fold,
    Groups,
    Positions,
    Splitter,
    Times,
)

FEWEST_ROWS = 10


@dataclass(frozen=True)
class Split:
    """The rows of a training run.

    `train` and `test` never share a row, nor an entity where the split is grouped. `left_out`
    counts rows in neither: those in the gap, and those without an event time or entity.
    `test_from` is the cut of a split in time, in UTC, as ISO 8601 writes it.
    """

    train: Positions
    test: Positions
    folds: tuple[Fold, ...]
    left_out: int
    test_from: str | None = None


def make_split(
    frame: pd.DataFrame, contract: Contract, settings: SplitSettings, seed: int
) -> Split:
    """Splits rows as `configs/training.yaml` says; the same seed gives the same rows.

    - `random`: by lot; `stratified`: by lot within each class, so that rare ones are kept;
      copies of a row, which no identifier tells apart, stay together in both;
    - `grouped`: whole entities by lot;
    - `forward`: the test rows are the latest; a training row lies more than `gap_seconds`
      before the first of them, and rows of one time are never divided;
    - `forward_grouped`: the test rows are those of entities first seen after the cut.

    Validation repeats the same inside the training rows: one fold of the test's size, or
    `folds` of them (expanding windows where the split is in time). The frame's target has no
    missing value. Raises DataError if the rows cannot be split so.
    """
    rows = _usable_rows(frame, contract, settings)
    splitter = _splitter(frame, contract, settings, rows, seed)
    train, test = splitter.divide(rows, settings.test_share)
    _refuse_one_class(frame, contract, train, "training")
    _refuse_one_class(frame, contract, test, "test")
    if settings.validation == "cross_validation":
        folds = splitter.folds(train, settings.folds)
    else:
        share = settings.test_share / (1 - settings.test_share)
        folds = [Fold(*splitter.divide(train, min(share, 0.5)))]
    kept = tuple(fold for fold in folds if _tells(frame, contract, fold))
    if not kept:
        raise DataError(
            "No validation rows with more than one class could be kept apart: "
            "give more rows, or another split.strategy in configs/training.yaml."
        )
    left_out = len(frame) - len(train) - len(test)
    return Split(train, test, kept, left_out, _earliest(frame, contract, settings, test))


def _splitter(
    frame: pd.DataFrame, contract: Contract, settings: SplitSettings, rows: Positions, seed: int
) -> Splitter:
    if settings.strategy in ("random", "stratified"):
        by_class = settings.strategy == "stratified" and contract.classification
        strata = _codes(frame[contract.target]) if by_class else np.zeros(len(frame), np.intp)
        return ByLot(strata, _alike(frame, contract), seed)
    if settings.strategy == "grouped":
        return ByEntity(_codes(frame[contract.entity_key]), seed)
    times = frame[contract.event_time].astype("datetime64[us]")
    moments = times.to_numpy().astype(np.int64)
    by_time = ByTime(moments, moments, settings.gap_seconds)
    if settings.strategy == "forward":
        return by_time
    entities = frame[contract.entity_key]
    seen = times.groupby(entities).transform("min").to_numpy().astype(np.int64)
    if _newcomers_suffice(seen[rows], settings.test_share):
        return ByTime(moments, seen, settings.gap_seconds)
    return ByTimeAndEntity(by_time, ByEntity(_codes(entities), seed))


def _alike(frame: pd.DataFrame, contract: Contract) -> Groups:
    """(n,) codes of what rows say beside the target.

    With an identifier no two are copies; where most rows repeat, their few values make them alike,
    and each counts for itself.
    """
    each = np.arange(len(frame), dtype=np.intp)
    if contract.identifiers:
        return each
    known = [column.name for column in contract.used if column.role != "target"]
    codes = _codes(pd.Series(row_hashes(frame[known])))
    return codes if codes.max() >= len(frame) / 2 else each


def _newcomers_suffice(seen: Times, share: float) -> bool:
    """Whether entities first seen after the first moment hold at least `share` of the rows."""
    return bool((seen > seen.min()).mean() >= share)


def _usable_rows(frame: pd.DataFrame, contract: Contract, settings: SplitSettings) -> Positions:
    """Rows that have the event time and the entity, where the strategy goes by them.

    Raises SettingsError if the contract names none, DataError if hardly a row is left.
    """
    needed = {}
    if _in_time(settings):
        needed["event_time"] = contract.event_time
    if "grouped" in settings.strategy:
        needed["entity_key"] = contract.entity_key
    usable = np.ones(len(frame), dtype=bool)
    for key, name in needed.items():
        if name is None:
            raise SettingsError(
                f"configs/training.yaml: split.strategy {settings.strategy} needs {key} in "
                "data/contract.yaml: name the column, or choose another strategy."
            )
        usable &= frame[name].notna().to_numpy()
    rows = np.flatnonzero(usable)
    if len(rows) < FEWEST_ROWS:
        raise DataError(
            f"{len(rows)} usable rows cannot be split for training, validation and testing: "
            f"give at least {FEWEST_ROWS}."
        )
    return rows


def _refuse_one_class(frame: pd.DataFrame, contract: Contract, rows: Positions, part: str) -> None:
    """Raises DataError if `rows` cannot be learned from or judged by."""
    if len(rows) == 0:
        raise DataError(
            f"The split leaves no {part} rows: lower split.gap_seconds or change "
            "split.test_share in configs/training.yaml."
        )
    if contract.classification and frame[contract.target].iloc[rows].nunique() < 2:
        only = frame[contract.target].iloc[rows[0]]
        raise DataError(
            f"All {len(rows)} {part} rows have {contract.target} = {only!r}: change "
            "split.test_share or split.strategy in configs/training.yaml, or give more rows."
        )


def _tells(frame: pd.DataFrame, contract: Contract, fold: Fold) -> bool:
    """Whether a model can be fitted on the fold and judged by it."""
    fewest = 2 if contract.classification else 1
    target = frame[contract.target]
    return all(target.iloc[part].nunique() >= fewest for part in (fold.train, fold.validation))


def _in_time(settings: SplitSettings) -> bool:
    return settings.strategy.startswith("forward")


def _earliest(
    frame: pd.DataFrame, contract: Contract, settings: SplitSettings, rows: Positions
) -> str | None:
    """The first event time among `rows` of a split in time."""
    if not _in_time(settings):
        return None
    first: str = frame[contract.event_time].iloc[rows].min().isoformat()
    return first


def _codes(values: pd.Series) -> Groups:
    codes: Groups = values.factorize()[0].astype(np.intp)
    return codes
