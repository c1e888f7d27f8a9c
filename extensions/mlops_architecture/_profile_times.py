"""How a table writes its times, where it is not as ISO 8601 has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TIME_FORMATS = (
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p",
    "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%d. %B %Y", "%B %d, %Y",
)  # fmt: skip
_DATED = (
    "^([0-9]{1,2}[./][0-9]{1,2}[./]|[0-9]{1,2}[.]?[ -][A-Za-z]{3,9}[ -]|[A-Za-z]{3,9} [0-9]{1,2}, )"
    "[0-9]{4}"
)
"""What may be a time in one of these forms: others are not tried."""


def formats_sql(text: str) -> str:
    """Fields of a DuckDB struct over a column's `text`: values that follow each format, in order,
    and of the first and second parts of what looks like a time how many differ, and the largest."""
    dated = f"CASE WHEN regexp_matches({text}, '{_DATED}') THEN {text} END"
    formats = ", ".join(f"count(try_strptime({dated}, '{each}'))" for each in TIME_FORMATS)
    first = f"TRY_CAST(regexp_extract({dated}, '^[0-9]+') AS INTEGER)"
    second = f"TRY_CAST(regexp_extract({dated}, '^[0-9]+[./]([0-9]+)', 1) AS INTEGER)"
    return (
        f"'formats': [{formats}], "
        f"'first_parts': count(DISTINCT {first}), 'first_largest': max({first}), "
        f"'second_parts': count(DISTINCT {second}), 'second_largest': max({second})"
    )


def time_format(counts: Mapping[str, Any]) -> str:
    """The format that every value follows; empty for ISO 8601 or no time.

    Where each value could have day or month first, no day is above 12: the table holds a few days,
    and the part that varies more is the day, or one date for each month, and a part that is always
    1 is the day.
    """
    meant = counts["present"] - counts["words"]
    if not meant or counts["dates"] == meant:
        return ""
    fitting = [
        each for each, count in zip(TIME_FORMATS, counts["formats"], strict=True) if count == meant
    ]
    if len(fitting) > 1 and _day_first(counts, with_clock=":" in fitting[0]):
        fitting.sort(key=lambda each: each.startswith("%m/"))
    return next(iter(fitting), "")


def _day_first(counts: Mapping[str, Any], with_clock: bool) -> bool:
    if not with_clock and 1 in (counts["first_largest"], counts["second_largest"]):
        return bool(counts["first_largest"] == 1)
    return bool(counts["first_parts"] > counts["second_parts"])
