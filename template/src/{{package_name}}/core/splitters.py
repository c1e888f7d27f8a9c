"""Ways to keep rows apart: by lot, by entity, by time. `core/split.py` chooses among them.

Positions count rows of the frame from 0; what is returned is sorted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from .errors import DataError

Positions = npt.NDArray[np.intp]
Groups = npt.NDArray[np.intp]
Times = npt.NDArray[np.int64]
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Fold:
    """One pair of rows to fit on and rows to judge by; both lie inside `Split.train`."""

    train: Positions
    validation: Positions


class Splitter(Protocol):
    """A way to keep rows apart."""

    def divide(self, rows: Positions, share: float) -> tuple[Positions, Positions]:
        """Rows to fit on, and about `share` of `rows` to judge by."""

    def folds(self, rows: Positions, number: int) -> list[Fold]:
        """`number` folds, or fewer where the rows allow no more."""


class ByLot:
    """Rows drawn within each stratum; a stratum of one row is always fitted on.

    Rows of one code in `alike` follow the first of them, so that no copy is on both sides.
    """

    def __init__(self, strata: Groups, alike: Groups, seed: int) -> None:
        self._strata = strata
        self._alike = alike
        self._random = np.random.default_rng(seed)

    def divide(self, rows: Positions, share: float) -> tuple[Positions, Positions]:
        held: list[Positions] = []
        for stratum in self._shuffled(rows):
            if len(stratum) > 1:
                wanted = max(1, round(share * len(stratum)))
                held.append(stratum[: min(wanted, len(stratum) - 1)])
        fold = self._apart(rows, np.concatenate(held) if held else rows[:0])
        return fold.train, fold.validation

    def folds(self, rows: Positions, number: int) -> list[Fold]:
        strata = [stratum for stratum in self._shuffled(rows) if len(stratum) > 1]
        dealt = np.concatenate(strata) if strata else rows[:0]
        hands = [dealt[place::number] for place in range(number)]
        return [self._apart(rows, hand) for hand in hands if len(hand)]

    def _shuffled(self, rows: Positions) -> list[Positions]:
        firsts = rows[np.unique(self._alike[rows], return_index=True)[1]]
        mixed = self._random.permutation(np.sort(firsts))
        return [mixed[self._strata[mixed] == code] for code in np.unique(self._strata[firsts])]

    def _apart(self, rows: Positions, held: Positions) -> Fold:
        judged = np.isin(self._alike[rows], self._alike[held])
        return Fold(rows[~judged], rows[judged])


class ByEntity:
    """Whole entities drawn by lot."""

    def __init__(self, groups: Groups, seed: int) -> None:
        self._groups = groups
        self._random = np.random.default_rng(seed)

    def divide(self, rows: Positions, share: float) -> tuple[Positions, Positions]:
        held = np.isin(self._groups[rows], self._drawn(rows, share))
        return rows[~held], rows[held]

    def folds(self, rows: Positions, number: int) -> list[Fold]:
        groups = self._groups[rows]
        number = min(number, len(np.unique(groups)))
        if number < 2:
            return []
        pairs = GroupKFold(number).split(rows, groups=groups)
        return [Fold(rows[train], rows[validation]) for train, validation in pairs]

    def _drawn(self, rows: Positions, share: float) -> Groups:
        """Entities with at most `share` of the rows together, or else the smallest one."""
        groups, sizes = np.unique(self._groups[rows], return_counts=True)
        if len(groups) < 2:
            raise DataError(
                "All rows belong to one entity, so none can be kept apart: "
                "choose another split.strategy in configs/training.yaml."
            )
        drawn, room = [], share * len(rows)
        for place in self._random.permutation(len(groups)):
            if sizes[place] <= room:
                drawn.append(groups[place])
                room -= sizes[place]
        return np.array(drawn or [groups[sizes.argmin()]])


class ByTime:
    """The latest rows are held; what is fitted on lies more than the gap before them.

    `order` is the time that a cut is made in: the row's own, or that at which its entity was
    first seen, in which case no entity is on both sides. Microseconds.
    """

    def __init__(self, times: Times, order: Times, gap: float) -> None:
        self._times = times
        self._order = order
        self._gap = round(gap * MICROSECONDS)

    def divide(self, rows: Positions, share: float) -> tuple[Positions, Positions]:
        cut = self._cut(rows, share)
        return self._before(rows, cut), rows[self._order[rows] >= cut]

    def folds(self, rows: Positions, number: int) -> list[Fold]:
        shares = [1 - place / (number + 1) for place in range(1, number + 1)]
        cuts = sorted({self._cut(rows, share) for share in shares})
        order = self._order[rows]
        folds = []
        for cut, following in pairwise([*cuts, np.iinfo(np.int64).max]):
            window = rows[(order >= cut) & (order < following)]
            folds.append(Fold(self._before(rows, cut), window))
        return folds

    def _before(self, rows: Positions, cut: int) -> Positions:
        return rows[self._times[rows] < cut - self._gap]

    def _cut(self, rows: Positions, share: float) -> int:
        """The time from which on lies the share of `rows` that is nearest to `share`."""
        moments, counts = np.unique(self._order[rows], return_counts=True)
        if len(moments) < 2:
            raise DataError(
                "All rows have the same event time, so there is no later row to test on: "
                "choose another split.strategy in configs/training.yaml."
            )
        later = counts[::-1].cumsum()[::-1] / len(rows)
        return int(moments[1:][np.abs(later[1:] - share).argmin()])


class ByTimeAndEntity:
    """Later rows of entities drawn by lot, for tables in which no entity is new.

    Both parts take the square root of the share, so that together they hold about the share;
    earlier rows of held entities, and later rows of the others, are left out.
    """

    def __init__(self, by_time: ByTime, by_entity: ByEntity) -> None:
        self._by_time = by_time
        self._by_entity = by_entity

    def divide(self, rows: Positions, share: float) -> tuple[Positions, Positions]:
        earlier, later = self._by_time.divide(rows, share**0.5)
        others, drawn = self._by_entity.divide(rows, share**0.5)
        return np.intersect1d(earlier, others), np.intersect1d(later, drawn)

    def folds(self, rows: Positions, number: int) -> list[Fold]:
        return [Fold(*self.divide(rows, 1 / number))]
