"""Drift: what moved between the champion's reference and a window, and whether to worry.

A column drifts if it moved both far and surely (rule G1). A window with a drifted column is
flagged; the alarm needs the score, or enough watched features together, in several different
windows in a row (rule G5).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field, PositiveInt
from scipy.stats import false_discovery_control

from .data import TableHandle
from .drift_statistics import (
    ABSENT,
    Counts,
    Floats,
    Numbers,
    Picture,
    Shift,
    level_picture,
    level_shift,
    numeric_picture,
    numeric_shift,
)
from .yaml_model import StrictModel

Part = Literal["score", "target", "feature"]
Verdict = Literal["too small", "silent", "flagged", "alarm"]
WORKERS = 2


class DriftSettings(StrictModel):
    """The content of `configs/drift_detection.yaml`."""

    fewest_rows: PositiveInt = 500
    """A table with fewer rows is too small to judge (rule G2)."""
    window_rows: PositiveInt = 1_000
    """Rows that a window should have; with fewer, only larger shifts are seen."""
    wasserstein: float = Field(default=0.1, gt=0)
    """Distance of a numeric column, in standard deviations of the reference."""
    false_discovery_rate: float = Field(default=0.01, gt=0, lt=1)
    """q of the Kolmogorov-Smirnov tests of a window, after Benjamini and Hochberg."""
    total_variation: float = Field(default=0.1, gt=0, lt=1)
    """Distance of a categorical column, and of the share of missing values."""
    chi_squared_p: float = Field(default=0.001, gt=0, lt=1)
    fewest_expected: PositiveInt = 5
    """Levels with fewer expected cases are merged for χ²."""
    watched_features: PositiveInt = 20
    watched_importance: float = Field(default=0.8, gt=0, le=1)
    """Share of the permutation importance that the watched features hold."""
    alarm_features: PositiveInt = 2
    alarm_share: float = Field(default=0.2, ge=0, le=1)
    """Watched features that have to drift together: this share, and `alarm_features` at least."""
    windows_in_a_row: PositiveInt = 2


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers in the reference and in the window, NaN where nothing is known."""

    name: str
    part: Part
    reference: Floats
    current: Floats


@dataclass(frozen=True)
class LevelColumn:
    """A column of levels in the reference and in the window."""

    name: str
    part: Part
    reference: Counts
    current: Counts


class ColumnDrift(BaseModel):
    """What became of one column.

    `effect` is a Wasserstein distance in reference deviations (numeric) or a total variation
    (categorical), `significance` the q or the p beside it; None where a side has no number.
    """

    name: str
    part: Part
    kind: Literal["numeric", "categorical"]
    effect: float | None
    significance: float | None
    missing_reference: float
    """Share of the reference's rows without a value."""
    missing_current: float
    drifted: bool
    why: str
    """What it did, if it drifted; else empty."""


class Compared(BaseModel):
    """The columns of one window, and what to draw of each."""

    columns: tuple[ColumnDrift, ...]
    pictures: tuple[Picture, ...]


class Streak(BaseModel):
    """What a run leaves for the next one to go on from."""

    model_version: int
    streak: tuple[str, ...]
    """Different windows in a row, the last one last, in which the score or enough features
    drifted."""


class DriftFinding(Streak):
    """What a run found."""

    verdict: Verdict
    source: str
    snapshot: str
    """SHA-256 of the window, by which it is told from others."""
    rows: int
    fewest_rows: int
    window_rows: int
    windows_in_a_row: int
    watched: tuple[str, ...]
    features_for_alarm: int
    columns: tuple[ColumnDrift, ...]

    @property
    def drifted(self) -> tuple[ColumnDrift, ...]:
        """The columns that drifted: the score first, then the target, then features."""
        return tuple(column for column in self.columns if column.drifted)

    @property
    def said(self) -> str:
        """The verdict in a sentence or two, for people."""
        names = ", ".join(column.name for column in self.drifted)
        several = f"{self.windows_in_a_row} different windows in a row"
        enough = f"{self.features_for_alarm} of {len(self.watched)} watched features"
        if self.verdict == "too small":
            return (
                f"{self.rows:,} rows are too few to judge: fewest_rows in "
                f"configs/drift_detection.yaml asks for {self.fewest_rows:,}. Join several tables."
            )
        if self.verdict == "silent":
            small = f" {self.rows:,} rows show only shifts larger than {self.window_rows:,} would."
            return f"None of {len(self.columns)} columns drifted." + (
                small if self.rows < self.window_rows else ""
            )
        if self.verdict == "flagged":
            return (
                f"Drifted: {names}. An alarm needs the score, or {enough}, in {several}; "
                f"so far: {len(self.streak)}."
            )
        return (
            f"Drifted: {names}; the score or enough features did in {several}. Investigate as "
            "docs/runbook.md says: drift may be a fault upstream, and it promotes nothing."
        )


def compare(columns: Iterable[NumericColumn | LevelColumn], settings: DriftSettings) -> Compared:
    """Tests two columns while the next is read, so that no more than three are in memory.

    The p of a numeric column is corrected over all numeric columns of the window.
    """
    examined: list[tuple[_Test, Picture]] = []
    running: deque[Future[tuple[_Test, Picture]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for column in columns:
            if len(running) == WORKERS:
                examined.append(running.popleft().result())
            running.append(pool.submit(_examine, column, settings))
        examined.extend(test.result() for test in running)
    judged = (_judged(test, settings) for test in _corrected([test for test, _ in examined]))
    return Compared(columns=tuple(judged), pictures=tuple(picture for _, picture in examined))


def judge(
    window: TableHandle,
    model_version: int,
    watched: Sequence[str],
    columns: tuple[ColumnDrift, ...],
    settings: DriftSettings,
    previous: Streak | None,
) -> DriftFinding:
    """The verdict on a window after what the `previous` run found.

    A window that is too small neither continues a streak nor ends it. The same table twice is
    one window, and another champion begins anew.
    """
    enough = max(settings.alarm_features, ceil(settings.alarm_share * len(watched)))
    before = previous.streak if previous and previous.model_version == model_version else ()
    verdict: Verdict = "flagged" if any(column.drifted for column in columns) else "silent"
    streak: tuple[str, ...] = ()
    if window.rows < settings.fewest_rows:
        verdict, streak = "too small", before
    elif _breached(columns, enough):
        others = [snapshot for snapshot in before if snapshot != window.sha256]
        streak = (*others, window.sha256)[-settings.windows_in_a_row :]
        verdict = "alarm" if len(streak) == settings.windows_in_a_row else "flagged"
    return DriftFinding(
        verdict=verdict,
        model_version=model_version,
        source=window.source,
        snapshot=window.sha256,
        rows=window.rows,
        fewest_rows=settings.fewest_rows,
        window_rows=settings.window_rows,
        windows_in_a_row=settings.windows_in_a_row,
        watched=tuple(watched),
        features_for_alarm=enough,
        columns=columns,
        streak=streak,
    )


def _breached(columns: Sequence[ColumnDrift], enough: int) -> bool:
    """Rule G5 for one window: the score drifted, or enough features together."""
    drifted = [column.part for column in columns if column.drifted]
    return "score" in drifted or drifted.count("feature") >= enough


class _Test(NamedTuple):
    """What was measured of one column; `shift` is None where a side has no number."""

    name: str
    part: Part
    numeric: bool
    shift: Shift | None
    absence: Shift | None
    """How the share of missing values moved; None for levels, where it is one of them."""
    missing: tuple[float, float]


def _examine(column: NumericColumn | LevelColumn, settings: DriftSettings) -> tuple[_Test, Picture]:
    fewest = settings.fewest_expected
    if isinstance(column, NumericColumn):
        before, now = Numbers.of(column.reference), Numbers.of(column.current)
        shift = numeric_shift(before.values, now.values)
        absence = level_shift(before.presence, now.presence, fewest)
        missing = _missing(before.presence, now.presence)
        test = _Test(column.name, column.part, True, shift, absence, missing)
        return test, numeric_picture(before.values, now.values)
    shift = level_shift(column.reference, column.current, fewest)
    missing = _missing(column.reference, column.current)
    test = _Test(column.name, column.part, False, shift, None, missing)
    return test, level_picture(column.reference, column.current)


def _missing(reference: Counts, current: Counts) -> tuple[float, float]:
    shares = [side.get(ABSENT, 0) / max(sum(side.values()), 1) for side in (reference, current)]
    return shares[0], shares[1]


def _corrected(tests: Sequence[_Test]) -> list[_Test]:
    """The tests with q in place of p in those of numbers (Benjamini and Hochberg)."""
    found = [test.shift.p for test in tests if test.numeric and test.shift]
    corrected = iter(false_discovery_control(found) if found else ())
    return [
        test._replace(shift=test.shift._replace(p=float(next(corrected))))
        if test.numeric and test.shift
        else test
        for test in tests
    ]


def _judged(test: _Test, settings: DriftSettings) -> ColumnDrift:
    far, sure = settings.total_variation, settings.chi_squared_p
    reasons = []
    if test.absence and test.absence.effect >= far and test.absence.p < sure:
        reasons.append("missing in {1:.1%} of the rows, {0:.1%} before".format(*test.missing))
    if test.numeric:
        far, sure = settings.wasserstein, settings.false_discovery_rate
    if test.shift and test.shift.effect >= far and test.shift.p < sure:
        moved = f"moved by {test.shift.effect:.2f} reference deviations"
        reasons.append(moved if test.numeric else f"{test.shift.effect:.1%} of its rows moved")
    return ColumnDrift(
        name=test.name,
        part=test.part,
        kind="numeric" if test.numeric else "categorical",
        effect=test.shift and test.shift.effect,
        significance=test.shift and test.shift.p,
        missing_reference=test.missing[0],
        missing_current=test.missing[1],
        drifted=bool(reasons),
        why="; ".join(reasons),
    )
