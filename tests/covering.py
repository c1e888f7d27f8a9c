"""All-pairs covering sets: few combinations in which every pair of values occurs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

Pair = tuple[tuple[str, Any], tuple[str, Any]]


def pairs_of(case: Mapping[str, Any]) -> set[Pair]:
    """Every pair of (name, value) that a case holds."""
    return set(combinations(sorted(case.items()), 2))


def all_pairs(factors: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Cases that together hold every pair of values, chosen greedily."""
    missing: set[Pair] = {
        tuple(sorted(((first, a), (second, b))))  # type: ignore[misc]
        for first, second in combinations(factors, 2)
        for a in factors[first]
        for b in factors[second]
    }
    cases = []
    while missing:
        case: dict[str, Any] = dict(min(missing, key=repr))
        for name in factors:
            if name not in case:
                case[name] = max(
                    factors[name], key=lambda value: len(_held(case, name, value) & missing)
                )
        missing -= pairs_of(case)
        cases.append({name: case[name] for name in factors})
    return cases


def _held(case: Mapping[str, Any], name: str, value: Any) -> set[Pair]:
    return pairs_of({**case, name: value})


def identify(case: Mapping[str, Any], names: Iterable[str]) -> str:
    """A readable test id."""
    return "-".join(str(case[name]).replace(" ", "_") for name in names)
