"""Numbers that a table holds as text, for how they are written or for what stands among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import limits
from ._column_sql import text_sql
from ._profile_guesses import IDENTIFIER_NAME
from ._table_view import MISSING_WORDS, ProfileError

_THOUSANDS = "[1-9][0-9]{0,2}(,[0-9]{3})+"
_SIGNED = rf"[+-]?[$€£¥]?\s?[+-]?([0-9]+|{_THOUSANDS})([.][0-9]*)?\s?[%+$€£¥]?"
_SHOWN, _LONGEST = 3, 20


def numbers_sql(text: str) -> str:
    """Fields of a DuckDB struct over a column's `text`: how many values are numbers, and of what
    kind."""
    return (
        f"'numbers': count_if({_is_number(text)}), "
        f"'integers': count_if(regexp_full_match({text}, '[+-]?[0-9]+(\\.0+)?')), "
        f"'codes': count_if(regexp_full_match({text}, '0[0-9]+')), "
        f"'written': count_if({_is_number(text)} OR regexp_full_match({text}, '{_SIGNED}')), "
        f"'commas': count_if(regexp_full_match({text}, '-?[0-9]+([.][0-9]{{3}})*,[0-9]+')), "
        f"'thousands': count_if(regexp_full_match({text}, '-?{_THOUSANDS}'))"
    )


def word_sql(text: str) -> str:
    """Whether `text` is a word for a missing value, or an infinite number."""
    endless = f"regexp_full_match(lower({text}), '[+-]?inf(inity)?')"
    return f"(lower({text}) IN {MISSING_WORDS} OR {endless})"


def _is_number(text: str) -> str:
    return f"(isfinite(TRY_CAST({text} AS DOUBLE)) AND NOT contains({text}, '_'))"


def refuse_decimal_commas(names: list[str], counts: Mapping[int, Mapping[str, Any]]) -> None:
    """Raises ProfileError naming the columns in which every number that has a comma, or some that
    is no thousand's, has it for a point."""
    found = [names[i] for i, count in counts.items() if _has_decimal_commas(count)]
    if found:
        shown = ", ".join(map(repr, found[:5]))
        raise ProfileError(
            f"The column {shown} holds numbers with a decimal comma: save the table with a "
            "decimal point, so that training and scoring read the same numbers."
        )


def _has_decimal_commas(count: Mapping[str, Any]) -> bool:
    meant, commas = count["present"] - count["words"], count["commas"]
    sure = commas > count["thousands"] or commas == meant
    return bool(commas and sure and commas + count["numbers"] == meant)


def is_nearly_number(name: str, count: Mapping[str, Any]) -> bool:
    """Whether a text column is one of numbers but for signs on them or a few other values.

    Codes with a leading zero and keys are text however many digits they have.
    """
    meant = count["present"] - count["words"]
    plain = count["numbers"] == meant or count["codes"] > 0
    enough = count["written"] >= limits.C5_NEARLY_NUMBERS * meant
    return bool(meant and not plain and enough and not IDENTIFIER_NAME.search(name))


def strays(connection: Any, i: int) -> Iterable[str]:
    """The commonest values of column `i` that are no plain numbers, in short."""
    text = text_sql(i)
    found = connection.execute(
        f"SELECT {text} AS v FROM t WHERE v <> '' AND NOT {word_sql(text)} "
        f"AND coalesce(NOT {_is_number(text)}, true) GROUP BY v ORDER BY count(*) DESC, v "
        f"LIMIT {_SHOWN}"
    ).fetchall()
    return ("".join(c if c.isprintable() else " " for c in v[:_LONGEST]) for (v,) in found)
