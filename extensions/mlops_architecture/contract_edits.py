"""What a person's data contract lacks, once an update has moved what would be written today.

The contract is the person's after creation: nothing is written into it, the report names the edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .contract import Contract

_KEYS = ("on_failure", "target", "problem_type", "positive_class", "event_time", "entity_key")
_OF_COLUMN = ("type", "role", "group")
_PLAIN = {"group": False}
"""What a key of a column means that is not written."""


def edits(at_hand: str, before: Contract, today: Contract) -> tuple[str, ...]:
    """Each key whose value the update moved and the contract at hand does not follow."""
    try:
        yours = yaml.safe_load(at_hand)
    except yaml.YAMLError:
        return ()
    if not isinstance(yours, dict):
        return ()
    was, now = before.model_dump(mode="json"), today.model_dump(mode="json")
    return (
        *_moved("", _KEYS, was, now, yours),
        *_moved("gates.", tuple(now["gates"]), was["gates"], now["gates"], _gates(yours)),
        *_columns(_by_name(was), _by_name(now), _by_name(yours)),
    )


def _gates(content: Mapping[str, Any]) -> Mapping[str, Any]:
    found = content.get("gates")
    return found if isinstance(found, dict) else {}


def _by_name(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = content.get("columns")
    rows = found if isinstance(found, list) else []
    return {str(row["name"]): row for row in rows if isinstance(row, dict) and "name" in row}


def _moved(
    where: str,
    keys: tuple[str, ...],
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    yours: Mapping[str, Any],
) -> Iterator[str]:
    for key in keys:
        has = yours.get(key, _PLAIN.get(key))
        if was[key] != now[key] != has:
            yield f"{where}{key}: {_shown(has)} → {_shown(now[key])}"


def _columns(
    was: Mapping[str, Mapping[str, Any]],
    now: Mapping[str, Mapping[str, Any]],
    yours: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    if gone := [name for name in was if name not in now and name in yours]:
        yield f"columns gone from the table: {', '.join(gone)}"
    if new := [name for name in now if name not in was and name not in yours]:
        yield f"new columns: {', '.join(new)}"
    for name in now:
        if name in was and name in yours:
            yield from _moved(f"{name}, ", _OF_COLUMN, was[name], now[name], yours[name])


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
