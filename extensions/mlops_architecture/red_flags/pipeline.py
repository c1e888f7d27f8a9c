"""Objections to the problem as it was stated, and to the maturity level (2A)."""

from __future__ import annotations

import re

from .. import limits
from ..statement.numbers import find_quantities
from ._flag import Found, Severity, red_flag

_VERSION = re.compile(r"\b(?:v|version|release|sprint|phase|level)\.?\s?\d+(?:\.\d+)*", re.I)
"""A number that measures nothing."""


@red_flag("RF04", Severity.block, "maturity_level", "AZMM")
def level_jump(maturity_level: int, current_level: int) -> Found:
    """Level {maturity_level} automates what you have not yet done by hand. Level {next_level}
    first."""
    return maturity_level > current_level + 1 and {"next_level": current_level + 1}


@red_flag("RF06", Severity.block, "labels", "RULES")
def no_labels(labels: str) -> Found:
    """No labels, no supervised model: nothing can be learned or tested. Start with a rule and
    record what really happened; come back with the first {positives} positives."""
    return labels == "none" and {"positives": limits.E2_FEWEST_POSITIVES}


@red_flag("RF35", Severity.justify, "success_criteria", "RULES", about_absence=True)
def vague_success(success_criteria: str, horizon: str, target: str) -> Found:
    """{said} on {target} cannot be tested. Give one number and one date."""
    said = _untestable(success_criteria)
    return horizon != "learning" and bool(said) and {"said": said}


@red_flag("RF44", Severity.block, "out_of_scope")
def out_of_scope(out_of_scope: str) -> Found:
    """The problem statement is about {kind}, not supervised learning on a table; this template
    would mislead you. Restate it as one row per decision with a known outcome, or use another
    tool."""
    return bool(out_of_scope) and {"kind": out_of_scope.replace("_", " ")}


@red_flag("RF45", Severity.justify, "owner", about_absence=True)
def no_owner(owner: str, horizon: str, team_size: int) -> Found:
    """A team of {team_size} in production and no owner: a model without one is already failing.
    Name one."""
    return horizon == "production" and not owner


def _untestable(criterion: str) -> str:
    """What keeps a criterion from being tested, or an empty string."""
    if not criterion:
        return "'Better'"
    text = _VERSION.sub("", criterion)
    quantities = find_quantities(text)
    dates = [quantity for quantity in quantities if quantity.kind == "date"]
    if dates and not any(date.day for date in dates):
        return f"A success by {text[dates[0].start : dates[0].end]}, which is no one day,"
    missing = ["a number"] * (len(dates) == len(quantities)) + ["a date"] * (not dates)
    return f"A success without {' and '.join(missing)}" if missing else ""
