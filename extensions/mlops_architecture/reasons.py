"""Reasons and waivers as people write them."""

from __future__ import annotations

from typing import NamedTuple

OWED = "owed"


class Waiver(NamedTuple):
    """Who takes a risk, and why."""

    name: str
    reason: str


def is_owed(text: str) -> bool:
    """Whether a reason is still missing."""
    return text.strip().casefold() in {"", OWED}


def reason_objection(text: str) -> str:
    """What is wrong with a reason, or an empty string."""
    return "" if len(text.split()) >= 3 else "Give a whole sentence."


def waiver_objection(text: str) -> str:
    """What is wrong with a waiver, or an empty string."""
    name, _, reason = text.partition(":")
    return reason_objection(reason) if name.strip() else "Give a name, a colon and a reason."


def read_waiver(text: str) -> Waiver | None:
    """The waiver, where it is one."""
    if waiver_objection(text):
        return None
    name, _, reason = text.partition(":")
    return Waiver(name.strip(), reason.strip())
