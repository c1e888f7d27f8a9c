"""All-pairs covering sets: few combinations in which every pair of values occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

Value = tuple[str, Any]
Pair = tuple[Value, Value]


def pairs_of(case: Mapping[str, Any]) -> Iterator[Pair]:
    """Every pair of (name, value) that a case holds, in the order of its names."""
    return combinations(case.items(), 2)


def all_pairs(
    factors: Mapping[str, Sequence[Any]], excludes: Callable[[Value, Value], bool] | None = None
) -> list[dict[str, Any]]:
    """Cases that together hold every pair of values that is not excluded, chosen greedily.

    Each value is a bit. What it can still be paired with, and must not be, are sets of bits. The
    first value of a factor has to go with all others.
    """
    values = [(name, value) for name, options in factors.items() for value in options]
    bits = {name: [i for i, value in enumerate(values) if value[0] == name] for name in factors}
    excluded, missing = [0] * len(values), [0] * len(values)
    for (i, one), (j, other) in combinations(enumerate(values), 2):
        if one[0] != other[0]:
            kept = missing if excludes is None or not excludes(one, other) else excluded
            kept[i] |= 1 << j
            kept[j] |= 1 << i
    cases = []
    while any(missing):
        first = max(range(len(values)), key=lambda i: missing[i].bit_count())
        partner = missing[first].bit_length() - 1
        chosen = 1 << first | 1 << partner
        for name in factors:
            if not any(chosen >> i & 1 for i in bits[name]):
                fitting = [i for i in bits[name] if not excluded[i] & chosen]
                chosen |= 1 << max(fitting, key=lambda i: (missing[i] & chosen).bit_count())
        taken = [i for i in range(len(values)) if chosen >> i & 1]
        for i in taken:
            missing[i] &= ~chosen
        cases.append(dict(values[i] for i in taken))
    return cases


def identify(case: Mapping[str, Any], names: Iterable[str]) -> str:
    """A readable test id."""
    return "-".join(str(case[name]).replace(" ", "_") for name in names)
