"""What a table's columns are for, guessed from their names and values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .facts import ColumnProfile, DataProfile

IDENTIFIER_NAME = re.compile(
    r"(^|_|\b)(id|key|no|nr|number|uuid|guid|code)$|ID$|Id$|(?<=[a-z])(Key|No|Nr|Number|Code)$"
)
_PERSONAL_NAME = re.compile(
    r"e.?mail|phone(.?(no|number))?$|mobile|first.?name|last.?name|sur.?name|full.?name|birth|address|street"
    r"|passport|\bssn\b|\biban\b|card.?number",
    re.IGNORECASE,
)
_TARGET_NAME = re.compile(
    r"^(target|label|y|class|outcome|churn(ed)?|default(ed)?|fraud|is_fraud|survived|response"
    r"|converted|cancel(l)?ed|left)$",
    re.IGNORECASE,
)
_TIME_NAME = re.compile(r"time|date|timestamp|_at$|^ts$|^ds$|month|day|hour", re.IGNORECASE)
_FEW_NUMBERS, _DIGITS = 20, 10
_LATER_TIME_NAME = re.compile(
    r"birth|dob|end|expir|clos|cancel|resolv|status|outcome|updated|deleted", re.IGNORECASE
)
_POSITIVE_WORDS = (
    "yes", "y", "true", "1", "t", "positive", "churn", "fraud", "default", "bad",
    "ja", "oui", "si", "sí", "sì", "sim",
)  # fmt: skip
_ENTITY_NAME = re.compile(
    r"(^|_)(id|key)$|ID$|customer|user|account|client|patient|machine|device|sensor|store"
    r"|station|origin|site|airport|product|sku|employee|vehicle",
    re.IGNORECASE,
)


def looks_personal(name: str) -> bool:
    """The column's name says that it holds data of a person: name, e-mail, birth, …"""
    return bool(_PERSONAL_NAME.search(name))


def guess_target(profile: DataProfile) -> str:
    """The column named like a target, else the last one that is neither a key nor a date."""
    for column in profile.columns:
        if _TARGET_NAME.match(column.name):
            return column.name
    fitting = [c.name for c in profile.columns if not c.identifier and c.type != "datetime"]
    return (fitting or [profile.columns[-1].name])[-1]


def guess_problem_type(column: ColumnProfile) -> str:
    """Two values: binary; numbers that are many, or that count past ten: regression; else classes.

    A few numbers are either, so that `may_be_either` is to be asked.
    """
    if column.distinct <= 2:
        return "binary"
    if may_be_either(column):
        return "regression" if _counts_on(column) else "multiclass"
    return "regression" if column.type in {"integer", "number"} else "multiclass"


def may_be_either(column: ColumnProfile) -> bool:
    """Whether a target holds so few numbers that they may be classes."""
    return column.type in {"integer", "number"} and 2 < column.distinct <= _FEW_NUMBERS


def _counts_on(column: ColumnProfile) -> bool:
    """Whole numbers without a gap, more than there are digits: they count something."""
    low, high = column.minimum, column.maximum
    if column.type != "integer" or column.distinct <= _DIGITS:
        return False
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return False
    return high - low == column.distinct - 1


def guess_positive_class(shares: Mapping[str, float]) -> str:
    """The class named like a positive one, else the rarer; `shares` are those of the classes."""
    named = (label for label in shares if label.casefold() in _POSITIVE_WORDS)
    return next(named, min(shares, key=lambda label: shares[label]))


def guess_event_time(profile: DataProfile) -> str:
    """The date column named like the time of an event; none where it may lie after it."""
    dates = [
        column.name
        for column in profile.columns
        if column.type == "datetime"
        and not column.constant
        and column.missing == 0
        and not _LATER_TIME_NAME.search(column.name)
        and column.name != profile.target
    ]
    named = [name for name in dates if _TIME_NAME.search(name)]
    return (named or dates or [""])[0]


def guess_entity(profile: DataProfile) -> str:
    """The column named like a key whose values repeat."""
    for column in profile.columns:
        repeats = 2 <= column.distinct < 0.9 * (profile.rows - column.missing)
        keyed = column.type in {"string", "integer"} and column.missing == 0
        if repeats and keyed and _ENTITY_NAME.search(column.name) and column.name != profile.target:
            is_key = bool(IDENTIFIER_NAME.search(column.name))
            if is_key or guess_event_time(profile):
                return column.name
    return ""
