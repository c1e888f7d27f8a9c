"""How fast rows, labels and scoring periods come: what deployment and monitoring share."""

from __future__ import annotations

from .. import limits
from ..facts import CADENCE_DAYS, Facts, Provenance
from ._inputs import HOURS_PER_DAY, WHOLE_FROM, counted, marked, number, spelled

_PERIOD = {
    "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour",
    "continuous": "hour",
}  # fmt: skip


def cadence_days(facts: Facts) -> float | None:
    """Days of one period of the data; None where the table comes once."""
    return CADENCE_DAYS.get(facts.data_cadence)


def period(facts: Facts) -> str:
    """One period of the data as a noun: `month`, `day`; `run` where the table comes once."""
    return _PERIOD.get(facts.data_cadence, "run")


def arriving(facts: Facts) -> str:
    """How often the data come, as an adverb: `monthly`, `continuously`."""
    return "continuously" if facts.data_cadence == "continuous" else facts.data_cadence


def rows_per_day(facts: Facts) -> float | None:
    """New rows a day, measured over the event times of the table; None where there are none."""
    profile = facts.profile
    days = profile.span_days if profile else None
    return profile.rows / days if profile and days and days > 0 else None


def rows_per_period(facts: Facts) -> float | None:
    """Rows that one period brings.

    A table without event times stands for one period. None where event times are stated
    and nothing was measured: then nobody knows.
    """
    daily, days = rows_per_day(facts), cadence_days(facts)
    if daily is not None and days is not None:
        return daily * days
    return None if facts.temporal and days is not None else float(facts.rows)


def scored(facts: Facts) -> str:
    """What one period scores: `7,043 rows`, or its new rows where their number is unknown."""
    rows = rows_per_period(facts)
    return "the new rows" if rows is None else about(rows)


def about(rows: float) -> str:
    """A mean number of rows: `7,043 rows`, or under one."""
    return counted(round(rows), "row") if rows >= 1 else f"under {counted(1, 'row')}"


def every(days: int) -> str:
    """An interval as people say it: 0 → `within the day`, 30 → `every 30 days`."""
    return {0: "within the day", 1: "every day"}.get(days, f"every {days} days")


def load(facts: Facts) -> str:
    """The peak of requests: `1 request/s`, `0.5 requests/s`."""
    noun = "request" if facts.peak_rps == 1 else "requests"
    return f"{number(facts.peak_rps)} {noun}/s"


def opening(name: str) -> str:
    """A name at the beginning of a sentence."""
    return name[:1].upper() + name[1:]


def label_delay(facts: Facts) -> str:
    """The time until the truth is known, and where nobody said so, where it comes from."""
    said, days = duration(facts.label_delay_days), facts.label_delay_days
    steps = facts.profile.some_steps if facts.profile and facts.temporal else None
    if facts.source("label_delay_days") is Provenance.assumed and days == steps:
        return f"{said} (assumed: {spelled(limits.A1_DELAY_STEPS)} steps of the table)"
    return marked(facts, "label_delay_days", said)


def labels_are_fast(facts: Facts) -> bool:
    """Rule G6: the truth of one period is known before the next one ends."""
    days = cadence_days(facts)
    return days is None or facts.label_delay_days <= days


def duration(days: float) -> str:
    """A span as people say it: 0.125 → `3 hours`, 30 → `30 days`."""
    if days >= 1:
        return _counted(days, "day")
    if days * HOURS_PER_DAY >= 1:
        return _counted(days * HOURS_PER_DAY, "hour")
    return _counted(days * 1440, "minute")


def _counted(value: float, unit: str) -> str:
    shown = f"{value:,.3g}" if value < WHOLE_FROM else f"{value:,.0f}"
    return f"{shown} {unit}{'' if shown == '1' else 's'}"
