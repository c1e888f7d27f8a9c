"""Objections to the problem as it was stated, and to the maturity level (2A)."""

from __future__ import annotations

import re

from .. import limits
from ..statement.dates import find_dates
from ._flag import Found, Severity, red_flag


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
    if horizon == "learning" or _is_testable(success_criteria):
        return False
    return {"said": "A success without a number and a date" if success_criteria else "'Better'"}


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


def _is_testable(criterion: str) -> bool:
    """One number and one date, the number outside the date."""
    dates = list(find_dates(criterion))
    if not dates:
        return False
    rest = criterion
    for start, end, _ in sorted(dates, reverse=True):
        rest = rest[:start] + rest[end:]
    return bool(re.search(r"\d", rest))
