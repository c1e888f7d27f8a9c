"""What rules share: citing the facts they read, and the words they argue with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..decision import Alternative, Decisions, Input, Option
from ..facts import Facts, Provenance

_FIELDS = frozenset(Facts.model_fields)
GB_PER_TB = 1_000
HOURS_PER_DAY = 24
WHOLE_FROM = 1_000
"""Numbers from here on are written without decimals."""
_NEARLY_ALL = 0.995
"""Shares from here on are written with more digits."""


def inputs(facts: Facts, *names: str) -> tuple[Input, ...]:
    """The facts called `names`, each with its provenance.

    A name may be a derived property of Facts, such as `n_positive`; a regression has rows alone.
    """
    if facts.problem_type == "regression":
        names = tuple(dict.fromkeys("rows" if n == "n_positive" else n for n in names))
    return tuple(
        Input(
            fact=name,
            value=getattr(facts, name),
            provenance=(facts.source(name) if name in _FIELDS else Provenance.derived),
        )
        for name in names
    )


def taken(earlier: Decisions, name: str, otherwise: str | int) -> str | int:
    """The value decided for `name` so far, or `otherwise` where nobody decided it yet.

    Within a phase, `earlier` holds what the person changed, so that the rest follows.
    """
    if name not in earlier:
        return otherwise
    return earlier[name]


def others(
    options: Sequence[Option], value: str | int, why_not: Mapping[str | int, str]
) -> tuple[Alternative, ...]:
    """Every option but `value`, with its line of `why_not`."""
    return tuple(
        Alternative(value=option.value, why_not=why_not[option.value])
        for option in options
        if option.value != value
    )


def marked(facts: Facts, name: str, text: str) -> str:
    """`text`, followed by "(assumed)" where nobody gave the fact `name`."""
    assumed = facts.source(name) is Provenance.assumed
    return f"{text} (assumed)" if assumed else text


def place(facts: Facts) -> str:
    """Where the data live, with its article: `an object store`."""
    return {
        "local_file": "a local file",
        "object_store": "an object store",
        "warehouse": "a warehouse",
        "oltp_db": "an operational database",
        "api": "an API",
        "stream": "a stream",
    }[facts.data_location]


def percent(share: float) -> str:
    """A share as people write it: 0.265 → `26.5 %`, 0.99962 → `99.962 %`."""
    digits = 5 if _NEARLY_ALL <= share < 1 else 3
    return f"{100 * share:.{digits}g} %"


def number(value: float) -> str:
    """A cost or size as people write it: 7043.2 → `7,043`, 0.3333 → `0.333`, 6e-05 → `0.00006`."""
    if value == round(value) or abs(value) >= WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{Decimal(f'{value:.3g}'):f}"


def duration(days: float) -> str:
    """Days as people say them: 0.125 → `3 hours`, 30.4 → `30 days`."""
    if days >= 2:
        return f"{days:,.0f} days"
    hours = HOURS_PER_DAY * days
    return f"{number(hours)} {'hour' if hours == 1 else 'hours'}"


def tiny(value: float) -> str:
    """A tolerance as people write it: 0.00001 → `1e-5`."""
    return f"{value:.0e}".replace("e-0", "e-")


def spelled(count: int) -> str:
    """A small count as a word within a sentence: 2 → `two`; 11 → `11`."""
    words = "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"
    return words[count] if count < len(words) else f"{count:,}"


def nth(count: int) -> str:
    """A place in order as a word within a sentence: 2 → `second`; 11 → `11th`."""
    words = "", "first", "second", "third", "fourth", "fifth"
    return words[count] if 0 < count < len(words) else f"{count:,}th"


def times(count: int) -> str:
    """A multiple as words within a sentence: 2 → `twice`, 3 → `three times`."""
    return {1: "once", 2: "twice"}.get(count, f"{spelled(count)} times")


def part(share: float) -> str:
    """A share as a word within a sentence: 0.2 → `a fifth`; 0.3 → `30 %`."""
    words = {0.5: "half", 0.25: "a quarter", 0.2: "a fifth", 0.1: "a tenth"}
    return words.get(share, percent(share))


def counted(count: int, noun: str) -> str:
    """A count with its noun: `1 row`, `7,043 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence: `a, b, c and 4 more`."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
