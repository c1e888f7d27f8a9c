"""What the flow says of facts: the table that was read, the overview, and what to look at twice."""

from __future__ import annotations

from collections.abc import Sequence

from .facts import DataProfile, Facts, Provenance
from .intake import QUESTIONS
from .phases._inputs import WHOLE_FROM, counted, listed, percent
from .phases._pace import label_delay
from .text import check_free_text, heading, wrap

_MOST_COLUMNS = 60


def table(profile: DataProfile) -> str:
    """What was read of the table, before the person is asked which column is the target."""
    names = listed([column.name for column in profile.columns], most=_MOST_COLUMNS)
    return wrap(
        f"  The table has {counted(profile.rows, 'row')} and "
        f"{counted(len(profile.columns), 'column')}: {names}. Proposed is the column named like a "
        "target, else the last that is neither a key nor a date.",
        indent="  ",
    )


def classes(profile: DataProfile) -> str:
    """The two classes, before the person is asked which of them a score is of."""
    found = listed(
        [f"{show_value(name)} ({percent(share)})" for name, share in profile.share_of.items()]
    )
    return wrap(
        f"  The classes are {found}. Scores, costs and metrics are of the positive one; proposed "
        "is the one whose name says so, though it is the commoner.",
        indent="  ",
    )


def delay(facts: Facts) -> str:
    """Where the proposed delay comes from, before the person is asked for it."""
    if not (facts.temporal and facts.profile and facts.profile.some_steps):
        return ""
    return wrap(
        f"  Proposed are {label_delay(facts)}: how often rows come says little of when the truth "
        "of one is known.",
        indent="  ",
    )


def facts_overview(facts: Facts, contradictions: Sequence[str] = ()) -> str:
    """Every fact with its value and provenance, and what to look at twice.

    What is known of this problem stands last: a small terminal shows the end.
    """
    blocks: dict[str, list[str]] = {}
    for question in sorted(QUESTIONS, key=lambda each: _is_known(facts, each.name)):
        known = _is_known(facts, question.name)
        title = (
            "Stated, measured or derived" if known else f"{question.theme.capitalize()}, assumed"
        )
        note = f"{show_value(getattr(facts, question.name))}  ({facts.source(question.name)})"
        line = wrap(f"  {question.name:<22} {note}", indent=" " * 25)
        blocks.setdefault(title, []).append(line)
    lines = [heading("The facts so far")]
    for title, block in blocks.items():
        lines += [f"\n{title}", *block]
    lines += _doubts(facts, contradictions)
    return "\n".join(lines)


def _is_known(facts: Facts, name: str) -> bool:
    return facts.source(name) is not Provenance.assumed


def _doubts(facts: Facts, contradictions: Sequence[str]) -> list[str]:
    lines = [doubt(sentence) for sentence in contradictions]
    lines += [
        wrap(
            f"! {name}: {show_value(stated)} stated, {show_value(measured)} measured; "
            "the measured one counts.",
            indent="  ",
        )
        for name, stated, measured in facts.differing
    ]
    if facts.unlabelled_share:
        lines.append(
            doubt(
                f"{percent(facts.unlabelled_share)} of the rows have no value in {facts.target}: "
                f"{facts.labelled_rows:,} are left to learn from and to test on."
            )
        )
    lines += [doubt(text) for text in facts.not_understood]
    return ["", *lines] if lines else []


def doubt(sentence: str) -> str:
    """What a person should look at twice."""
    return wrap(f"! {sentence}", indent="  ")


def show_value(value: object) -> str:
    """A fact as a person would write it."""
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < WHOLE_FROM else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = str(value)
    return repr(text) if check_free_text(text, len(text)) else text
