"""Dates as people write them: 2027-06-30, 30.06.2027, 30 June 2027, June 2027, Q2 2027."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

_MONTH = (
    r"(?P<n>jan(?:uary?)?|feb(?:ruary?)?|m[aä]r(?:ch|z)?|apr(?:il)?|ma[iy]|jun[ei]?|jul[iy]?"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_YEAR}([-/])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}})(?!\d)",
        rf"\b(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_YEAR}",
        rf"\b(?P<p>\d{{1,2}})/(?P<q>\d{{1,2}})/{_YEAR}",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?{_MONTH},?\s{_YEAR}",
        rf"\b{_MONTH}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"\b{_MONTH},?\s{_YEAR}",
        rf"\bQ(?P<k>[1-4])[\s/-]?{_YEAR}",
        rf"\b{_YEAR}[\s/-]?Q(?P<k>[1-4])(?!\w)",
        rf"\bend\sof\s(?:the\syear\s)?{_YEAR}",
        rf"\b{_YEAR}-(?P<m>\d\d)(?![\d-])",
    )
)
_PREFIXES = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip


def find_dates(text: str) -> Iterator[tuple[int, int, date | None]]:
    """(start, end, date) of each date in `text`.

    A month, quarter or year stands for its last day. The date is None where day and
    month could be either way round (03/04/2027) or there is no such day.
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            yield *match.span(), _date(match.groupdict())


def _date(parts: dict[str, str]) -> date | None:
    year, month, day = int(parts["y"]), int(parts.get("m") or 12), int(parts.get("d") or 0)
    if "n" in parts:
        name = parts["n"].lower()[:3].replace("ä", "a").replace("mai", "may")
        month = _PREFIXES.index(name.replace("okt", "oct").replace("dez", "dec")) + 1
    if "k" in parts:
        month = int(parts["k"]) * 3
    if "p" in parts:
        first, second = int(parts["p"]), int(parts["q"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if first > 12 else (second, first)
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
