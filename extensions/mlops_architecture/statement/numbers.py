"""Numbers as people write them: about 50k, 7.000, 2 %, 20 €, one in four, 30 days, June 2027.

Callers pass short texts (a sentence, one labelled value); every pattern is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Literal

from .dates import find_dates

Kind = Literal["number", "share", "ratio", "money", "duration", "points", "size", "date"]

SECONDS = {
    "ms": 0.001, "second": 1.0, "minute": 60.0, "hour": 3_600.0, "day": 86_400.0,
    "week": 7 * 86_400.0, "month": 30 * 86_400.0, "quarter": 91 * 86_400.0, "year": 365 * 86_400.0,
}  # fmt: skip
"""Seconds in one unit; a month counts 30 days."""

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "k": 1e3, "thousand": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6,
    "millions": 1e6, "bn": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9, "hundred": 1e2,
}  # fmt: skip
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_LETTERS = str.maketrans("ſıİK", "siIK")
"""Letters that match s, i and k where case is ignored, without being them."""
MOST_NUMBERS = 40
"""Numbers of each form that are looked at in one text; more is a table."""
_LIMIT = 1e15
_GAP = "\u00a0\u202f\u2009 '’"

_CURRENCY = r"(?:US\$|€|\$|£|¥|₹|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?)(?!\w))"
_TIME = (
    r"(?:(?:working|business|calendar|consecutive|full)\s)?(?P<{name}>ms|msecs?|millis(?:econds?)?"
    r"|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|stunden?|d|days?|tagen?|tage?|wks?|weeks?"
    r"|wochen?|months?|monaten?|monate?|quarters?|years?|yrs?|jahren?|jahre?)(?!\w)"
)
_DIGITS = rf"(?:\d{{1,3}}(?:[{_GAP}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)*|\.\d+)"
_WORD = "|".join(WORDS)

_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_CURRENCY})\s?)?(?P<sign>[-−](?=[\d.]))?"
    rf"(?P<digits>{_DIGITS})(?P<exponent>e[+-]?\d{{1,2}}(?!\w))?(?:,[-–])?"
    r"(?:(?P<scale>k|m|bn|mn|(?:\s(?:k|m(?=\s?[€$£]))))(?!\w)"
    r"|\s(?P<scale_word>thousand|millions?|billions?|hundred|tsd|mio|mrd|mn|bn)(?!\w)\.?)?"
    rf"(?:(?P<percent>\s?(?:%|percent\b|per\scent\b|pct\b|prozent\b))"
    rf"|\s?(?P<currency>{_CURRENCY})"
    r"|(?P<points>\s?(?:percentage\s|%[\s-]?)?points?\b|\s?pp\b)"
    rf"|[\s-]?{_TIME.format(name='time')}"
    r"|\s?(?P<size>[kMGT]i?B)\b)?",
    re.I,
)
_IN_WORDS = re.compile(
    rf"\b(?P<a>{_WORD})(?:[\s-](?P<b>{_WORD}))?\s(?P<scale>hundred|thousand|million)\b", re.I
)
_PERIOD = re.compile(rf"\b(?P<count>an?|{_WORD})\s{_TIME.format(name='time')}", re.I)
_PART = re.compile(
    rf"\b(?P<part>{_WORD}|\d[\d.,]{{0,15}})\s(?:[^\W\d_]{{1,20}}\s){{0,2}}?"
    rf"(?:in|out\sof|of|aus|von)\s(?:every\s)?(?P<whole>{_WORD}|\d[\d.,]{{0,15}}\b)(?![\w%])"
    rf"(?!\s?(?:%|{_TIME.format(name='unit')}))",
    re.I,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<count>an?|{_WORD})\s)?(?P<name>half|third|quarter|fourth|fifth|tenth)s?\s(?:of|the)\b",
    re.I,
)
_EVERY = re.compile(
    r"\bevery\s(?P<name>second|third|fourth|fifth|tenth)\s(?=(?:customer|client|subscriber|member"
    r"|user|case|one|call|offer|order|lead|loan|contract|machine|patient|leaver|churner|time)\b)",
    re.I,
)
_SLASH = re.compile(r"(?<![\w/.,])(?P<part>\d{1,3})/(?P<whole>\d{1,3})(?![\w/.,]\w)")
_RATIO = re.compile(r"(?<![\w.,:])(?P<a>\d{1,6})\s?:\s?(?P<b>\d{1,6})(?![\w:])")
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx|roughly|circa|ca|some|nearly|almost|over|more\sthan"
    r"|at\sleast|at\smost|up\sto|under|below|less\sthan|fewer\sthan|etwa|rund)\.?|[~≈≃<>≤≥±]=?)\s?$",
    re.I,
)
_BETWEEN = re.compile(r"\s?(?:-|–|—|to|bis|\.{2,3})\s?", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Shares and ratios lie in [0, 1] (a ratio is the smaller side over both), durations
    are in seconds. `decimal` reads a lone point before three digits ("1.234") as a decimal
    point where `value` takes it for thousands.
    """

    kind: Kind
    value: float
    start: int
    end: int
    decimal: float = 0.0
    about: bool = False
    is_range: bool = False
    day: date | None = None


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers, shares, amounts, durations and dates of a short text, in its order."""
    text = text.translate(_LETTERS)
    found: list[Quantity] = []
    taken = bytearray(len(text))
    for finder in (_dates, _ratios, _shares, _numbers, _words):
        for quantity in islice(finder(text), MOST_NUMBERS):
            span = slice(quantity.start, quantity.end)
            if not any(taken[span]):
                found.append(quantity)
                taken[span] = b"\1" * (quantity.end - quantity.start)
    found.sort(key=lambda quantity: quantity.start)
    marked = [
        replace(q, about=q.about or bool(_ABOUT.search(text[max(0, q.start - 18) : q.start])))
        for q in found
    ]
    return tuple(_join_ranges(text, marked))


def first_quantity(text: str, *kinds: Kind) -> Quantity | None:
    """The first number of these kinds that is no range, or None."""
    return next((q for q in find_quantities(text) if q.kind in kinds and not q.is_range), None)


def read_number(raw: str) -> tuple[float, float] | None:
    """The digits of one number as (reading with thousands, reading with decimals).

    Both are equal unless a lone separator stands before three digits. None where the
    separators make no number, such as in a version.
    """
    digits = re.sub(f"[{_GAP}]", "", raw)
    if len(digits) > 40:
        return None
    separators = re.findall(r"[.,]", digits)
    groups = re.split(r"[.,]", digits)
    thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
    if not separators:
        return float(digits), float(digits)
    if len(separators) == 1:
        decimal = float(f"{groups[0] or 0}.{groups[1]}")
        ambiguous = thousands and not groups[0].startswith("0")
        return (float("".join(groups)) if ambiguous else decimal), decimal
    if len(set(separators)) == 1:
        return (float("".join(groups)),) * 2 if thousands else None
    whole, last = groups[:-1], groups[-1]
    if separators[-1] in separators[:-1] or any(len(group) != 3 for group in whole[1:]):
        return None
    return (float(f"{''.join(whole)}.{last}"),) * 2


def format_number(value: float) -> str:
    """`value` so that `find_quantities` reads exactly it: 7,000 or 0.25 or 1.2340."""
    if float(value).is_integer():
        return f"{int(value):,}"
    digits = format(Decimal(repr(float(value))), "f")
    return f"{digits}0" if len(digits.partition(".")[2]) == 3 else digits


def format_share(value: float) -> str:
    """A share as a percentage that is read back without loss: 0.265 → 26.5 %."""
    percent = Decimal(repr(float(value))) * 100
    digits = format(percent, "f")
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} %"


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        readings = read_number(match["digits"])
        if readings is None:
            continue
        scale = (match["scale"] or match["scale_word"] or "").strip().lower()
        value, decimal = readings
        if "." not in match["digits"] and not match["percent"]:
            decimal = value
        value = decimal if scale else value
        factor = _SCALES.get(scale, 1.0) * 10.0 ** int((match["exponent"] or "e0")[1:])
        kind: Kind = "number"
        if match["percent"]:
            percent = float(Decimal(repr(decimal)) / 100)
            kind, value, decimal = "share", percent, percent
        elif match["points"]:
            kind = "points"
        elif match["time"]:
            kind, factor = "duration", factor * _seconds(match["time"])
        elif match["size"]:
            kind = "size"
        elif match["currency"] or match["before"]:
            kind = "money"
        sign = -1.0 if match["sign"] else 1.0
        if value * factor < _LIMIT:
            yield Quantity(
                kind, _scaled(value, factor) * sign, *match.span(), _scaled(decimal, factor) * sign
            )


def _scaled(value: float, factor: float) -> float:
    """`value` × `factor` rounded as decimals are: 1.1 × 1000 is 1100."""
    return value if factor == 1.0 else float(Decimal(repr(value)) * Decimal(repr(factor)))


def _words(text: str) -> Iterator[Quantity]:
    for match in _IN_WORDS.finditer(text):
        value = WORDS[match["a"].lower()] + WORDS.get((match["b"] or "").lower(), 0)
        yield Quantity("number", value * _SCALES[match["scale"].lower()], *match.span())
    for match in _PERIOD.finditer(text):
        count = WORDS.get(match["count"].lower(), 1)
        yield Quantity("duration", count * _seconds(match["time"]), *match.span())


def _shares(text: str) -> Iterator[Quantity]:
    for match in _PART.finditer(text):
        part, whole = _count(match["part"]), _count(match["whole"])
        if part and whole and part < whole:
            yield Quantity("share", part / whole, *match.span(), part / whole)
    for match in _SLASH.finditer(text):
        part, whole = int(match["part"]), int(match["whole"])
        if 0 < part < whole:
            yield Quantity("share", part / whole, *match.span(), part / whole)
    for match in _FRACTION.finditer(text):
        count = WORDS.get((match["count"] or "").lower(), 1)
        share = count / _FRACTIONS[match["name"].lower()]
        if share < 1:
            yield Quantity("share", share, match.start(), match.end() - 3, share)
    for match in _EVERY.finditer(text):
        share = 1 / {"second": 2, **_FRACTIONS}[match["name"].lower()]
        yield Quantity("share", share, match.start(), match.end() - 1, share)


def _ratios(text: str) -> Iterator[Quantity]:
    for match in _RATIO.finditer(text):
        low, high = sorted((int(match["a"]), int(match["b"])))
        if low:
            yield Quantity("ratio", low / (low + high), *match.span(), low / (low + high))


def _dates(text: str) -> Iterator[Quantity]:
    for start, end, day in find_dates(text):
        yield Quantity("date", 0.0, start, end, day=day)


def _count(raw: str) -> float | None:
    if raw.lower() in WORDS:
        return float(WORDS[raw.lower()])
    readings = read_number(raw.rstrip(".,"))
    return readings[0] if readings else None


def _seconds(unit: str) -> float:
    unit = unit.lower()
    if unit.startswith(("ms", "milli")):
        return SECONDS["ms"]
    for prefix, name in (
        ("mo", "month"), ("mi", "minute"), ("st", "hour"), ("s", "second"), ("h", "hour"),
        ("d", "day"), ("t", "day"), ("w", "week"), ("q", "quarter"),
    ):  # fmt: skip
        if unit.startswith(prefix):
            return SECONDS[name]
    return SECONDS["year"]


def _join_ranges(text: str, quantities: list[Quantity]) -> Iterator[Quantity]:
    """`5–7 %` and `between 5 and 7 %` become one quantity that says it is a range."""
    pending: Quantity | None = None
    for quantity in quantities:
        if pending is None:
            pending = quantity
            continue
        gap = text[pending.end : quantity.start]
        between = gap == " and " and text[: pending.start].rstrip().lower().endswith("between")
        if (_BETWEEN.fullmatch(gap) or between) and pending.kind in {"number", quantity.kind}:
            pending = replace(quantity, start=pending.start, is_range=True)
            continue
        yield pending
        pending = quantity
    if pending is not None:
        yield pending
