"""Which columns become features: rules C5 (leakage), D2 (identifiers), D4 and D8."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from functools import lru_cache

from .. import limits
from ..facts import ColumnProfile, Facts
from ._inputs import percent

_OUTCOME_NAME = re.compile(r"status|outcome|closed|cancel|resolved|_date$", re.IGNORECASE)
_CALENDAR_RANGES = {
    "year": (1900, 2200), "quarter": (1, 4), "season": (1, 4), "month": (0, 12),
    "week": (0, 53), "weeknumber": (0, 53), "weekofyear": (0, 53),
    "weekday": (0, 7), "wday": (0, 7), "dayofweek": (0, 7), "dow": (0, 7),
    "day": (1, 31), "mday": (1, 31), "dayofmonth": (1, 31), "dom": (1, 31),
    "dayofyear": (0, 366), "yday": (0, 366), "doy": (0, 366), "hour": (0, 24),
}  # fmt: skip
_CALENDAR_LEVELS = frozenset(
    name.casefold()
    for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr)
    for name in names
    if name
)
_DATE_PART = re.compile(
    r"(^|[\W_])(date|year|quarter|month|week|day|time|hour)([\W_]|$)", re.IGNORECASE
)
_PROTECTED = re.compile(
    r"(^|_)(sex|gender|race|(race_?)?ethnicity|religion|national_?origin|nationality|citizenship"
    r"|native_country|(country|place)_of_birth|birth_?(country|place)|foreign_worker"
    r"|marital(_?status)?|age|disability|pregnan(t|cy)|ethnic(_group)?|religious_affiliation"
    r"|(civil|family)_status|sexual_orientation|public_assistance|senior_citizen|(fe)?male"
    r"|dob|birth_?(date|day|year)|(date|year)_of_birth|zip|post_?code|postal_code)"
    r"(_(in_)?(years?|yrs|months?|group|band|class|code|id|cd|flag))?$",
    re.IGNORECASE,
)
_NAMES_A_PERSON = frozenset({
    "email", "emailaddress", "phonenumber", "telephone", "mobilenumber", "firstname", "lastname",
    "surname", "fullname", "streetaddress", "homeaddress", "ssn", "socialsecuritynumber",
    "passportnumber", "iban", "cardnumber", "creditcardnumber", "pan", "ipaddress",
})  # fmt: skip


@lru_cache(maxsize=4)
def excluded_columns(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Columns that never become features, each with its first reason, in the table's order.

    Without a profile, only the columns stated to be filled in after the outcome.
    """
    if facts.profile is None:
        return tuple((name, "filled in after the outcome") for name in facts.post_outcome_columns)
    return tuple(
        (column.name, reason)
        for column in _candidates(facts)
        if (reason := next(_objections(facts, column), ""))
    )


def feature_columns(facts: Facts) -> tuple[ColumnProfile, ...]:
    """The profiled columns that are left as features; none without a profile."""
    excluded = dict(excluded_columns(facts))
    return tuple(column for column in _candidates(facts) if column.name not in excluded)


def doubtful_columns(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Features at the warning level of rule C5's leakage check: kept, and to be looked at.

    The strongest come first, then times that never precede the event: a due date does no harm.
    """
    features = sorted(feature_columns(facts), key=_strength, reverse=True)
    telling = tuple(
        (column.name, _alone(column))
        for column in features
        if _tells(column, limits.C5_LEAK_WARN_AUC, limits.C5_LEAK_WARN_R2)
    )
    later = tuple(
        (column.name, f"never lies before {facts.event_time}")
        for column in features
        if column.after_event > limits.C5_LATER_SHARE and column.name not in dict(telling)
    )
    return telling + later


def sensitive_columns(facts: Facts) -> tuple[str, ...]:
    """Columns named like a ground on which people are protected; for the fairness test."""
    return tuple(c.name for c in _candidates(facts) if _PROTECTED.search(_snake(c.name)))


def is_protected_here(facts: Facts) -> bool:
    """The law forbids protected grounds among the features: employment and US credit."""
    return facts.use_case == "hiring" or "ecoa" in facts.regulations


def parts_of_a_date(facts: Facts) -> tuple[str, ...]:
    """Columns whose names speak of a time, of a table in which no time could be read."""
    columns = facts.profile.columns if facts.profile and not facts.temporal else ()
    return tuple(column.name for column in columns if _DATE_PART.search(column.name))


def n_features(facts: Facts) -> int:
    """How many features there are: counted where a table was profiled, else as stated."""
    if facts.profile is None:
        return facts.n_numeric + facts.n_categorical
    return len(feature_columns(facts))


def n_parameters(facts: Facts) -> int:
    """Parameters of a linear model (section A.3), at least 1.

    One for a number, levels − 1 for a category, one for a category of so many levels that it is
    target-encoded; a guess for a category whose levels nobody counted.
    """
    if facts.profile is None:
        categorical = limits.A3_UNKNOWN_LEVEL_PARAMETERS * facts.n_categorical
        return max(facts.n_numeric + categorical, 1)
    return max(sum(_n_parameters(column) for column in feature_columns(facts)), 1)


def is_numeric(column: ColumnProfile) -> bool:
    """The column holds numbers, stored as text or not."""
    return column.type in {"integer", "number"}


def is_category(column: ColumnProfile) -> bool:
    """The column holds levels."""
    return column.type in {"string", "boolean"}


def _n_parameters(column: ColumnProfile) -> int:
    if not is_category(column) or column.distinct > limits.D2_GROUPED_LEVELS:
        return 1
    return max(column.distinct - 1, 1)


def _candidates(facts: Facts) -> tuple[ColumnProfile, ...]:
    apart = {facts.target, facts.event_time, facts.entity_key}
    columns = facts.profile.columns if facts.profile else ()
    return tuple(column for column in columns if column.name not in apart)


def _objections(facts: Facts, column: ColumnProfile) -> Iterator[str]:
    """Reasons against a column, the gravest first."""
    rows = facts.profile.rows if facts.profile else 0
    present = max(rows - column.missing, 1)
    if column.identifier and not (column.type == "string" and column.missing):
        yield "identifier: unique for each row"
    if column.name in facts.post_outcome_columns:
        yield "filled in after the outcome"
    leaks = _tells(column, limits.C5_LEAK_FAIL_AUC, limits.C5_LEAK_FAIL_R2)
    if leaks and not _has_many_levels(column):
        yield f"suspected leak: {_alone(column)}"
    if _outlives_decision(facts, column):
        yield "suspected leak: named like an outcome, with times after the last event"
    if column.constant:
        yield "constant"
    if column.missing_share > limits.D3_DROPPED_SHARE:
        yield f"{percent(column.missing_share)} missing"
    if column.top_share >= limits.D4_ONE_VALUE_SHARE:
        yield f"{percent(column.top_share)} one value"
    if column.duplicate_of:
        yield f"duplicate of {column.duplicate_of}"
    if column.type == "string" and column.distinct > limits.D2_DISTINCT_SHARE * present:
        yield f"too many levels: {column.distinct:,} in {present:,} rows"
    if facts.temporal and _is_calendar_part(facts, column):
        yield f"raw calendar part of {facts.event_time}"
    if is_protected_here(facts) and _PROTECTED.search(_snake(column.name)):
        yield "protected ground"
    if facts.personal_data != "none" and _flat(column.name) in _NAMES_A_PERSON:
        yield "names a person"


def _has_many_levels(column: ColumnProfile) -> bool:
    """Levels tell of the target by their number alone; they are looked at, not dropped."""
    return column.type == "string" and column.distinct > limits.D2_ONE_HOT_LEVELS


def _tells(column: ColumnProfile, auc: float, r2: float) -> bool:
    return (column.target_auc or 0.0) >= auc or (column.target_r2 or 0.0) >= r2


def _strength(column: ColumnProfile) -> float:
    return column.target_auc or column.target_r2 or 0.0


def _alone(column: ColumnProfile) -> str:
    if column.target_auc is not None:
        return f"alone reaches AUC {column.target_auc:.3f}"
    return f"alone reaches R² {column.target_r2 or 0.0:.3f}"


def _outlives_decision(facts: Facts, column: ColumnProfile) -> bool:
    """Rule C5: a date named like an outcome whose values lie after the last decision."""
    last = facts.profile.last_event if facts.profile else ""
    return (
        column.type == "datetime"
        and bool(last)
        and bool(_OUTCOME_NAME.search(column.name))
        and str(column.maximum or "") > last
    )


def _is_calendar_part(facts: Facts, column: ColumnProfile) -> bool:
    """Rule D8: levels that are months or weekdays, or a name and a range from the calendar.

    A name may repeat the words of the event time: `arrival_date_week_number`.
    """
    if column.type == "string":
        levels = {level.strip().casefold() for level in column.levels}
        return bool(levels) and levels <= _CALENDAR_LEVELS
    event_words = _snake(facts.event_time).split("_")
    own = "".join(word for word in _snake(column.name).split("_") if word not in event_words)
    part = own if own in _CALENDAR_RANGES else _flat(column.name)
    return (
        is_numeric(column)
        and part in _CALENDAR_RANGES
        and _lies_within(column, *_calendar_range(facts, part))
    )


def _calendar_range(facts: Facts, part: str) -> tuple[float, float]:
    """The range of a calendar part; years are those of the events, not of a make or a birth."""
    profile = facts.profile
    first, last = (profile.first_event[:4], profile.last_event[:4]) if profile else ("", "")
    if part == "year" and first.isdecimal() and last.isdecimal():
        return float(first), float(last)
    return _CALENDAR_RANGES[part]


def _lies_within(column: ColumnProfile, low: float, high: float) -> bool:
    ends = (end for end in (column.minimum, column.maximum) if isinstance(end, (int, float)))
    return all(low <= end <= high for end in ends)


def _snake(name: str) -> str:
    """`DayOfMonth`, `day of month` → `day_of_month`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9a-z]+", "_", parted.casefold()).strip("_")


def _flat(name: str) -> str:
    return _snake(name).replace("_", "")
