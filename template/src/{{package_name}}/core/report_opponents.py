"""The sections of the report in which the model meets an opponent on the same rows."""

from __future__ import annotations

from html import escape

from .evaluation import Evaluation
from .intervals import with_interval
from .numbers import shown
from .page import section, table
from .promotion import GateDecision


def champion_section(evaluation: Evaluation, decision: GateDecision) -> str:
    """Challenger and champion; empty where they could not be compared."""
    against = decision.comparison
    if against is None or against.gain is None:
        return ""
    rows = [
        (against.label, shown(against.challenger), shown(against.champion)),
        ("gain", with_interval(against.gain), ""),
    ]
    note = (
        f"On the {against.rows:,} holdout rows that the champion was not trained on either; "
        f"{against.overlap:,} were left out."
    )
    names = ("", evaluation.family, "champion")
    return section("Is it better than the champion?", table(names, rows, caption=note))


def incumbent_section(evaluation: Evaluation) -> str:
    """The model and what is done today; empty where no column records that."""
    found = evaluation.incumbent
    if found is None:
        return ""
    told = f"<p>{escape(found.told(evaluation.level))}</p>"
    if found.today is None or found.model is None or found.gain is None:
        return section("Is it better than today's way?", told)
    rows = [
        (found.label, with_interval(found.model), with_interval(found.today)),
        ("gain", with_interval(found.gain), ""),
    ]
    note = f"On the {found.rows:,} holdout rows where {found.column} says what is done today."
    names = ("", evaluation.family, "today")
    return section("Is it better than today's way?", told, table(names, rows, caption=note))
