"""How a model is measured: split, validation, test part, intervals, gate (E4, E9, E10)."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import Facts
from ._columns import parts_of_a_date
from ._evidence import (
    expected_test_positives,
    recall_half_width,
    span_days,
    test_weeks,
    tested,
    training_rows,
)
from ._groups import compared_groups
from ._inputs import counted, duration, inputs, listed, marked, others, part, percent, spelled
from ._metric import metric_name
from ._pace import label_delay

_FOLDS = f"{limits.E4_FOLDS} folds"
SPLIT: tuple[Option, ...] = (
    Option(value="forward", label="Forward in time, with a gap"),
    Option(value="grouped", label="By entity: none in both train and test"),
    Option(value="forward_grouped", label="Forward in time and by entity"),
    Option(value="stratified", label="Stratified by the target"),
    Option(value="random", label="Random"),
)
VALIDATION: tuple[Option, ...] = (
    Option(value="cross_validation", label=f"Cross-validation, {_FOLDS}, besides the test part"),
    Option(value="holdout", label="One validation part, besides the test part"),
    Option(value="test", label="The test part itself", built=False),
)
TEST_SHARE: tuple[Option, ...] = tuple(
    Option(value=share, label=f"{share} % of the rows") for share in (10, 15, 20, 25, 30)
)
INTERVALS: tuple[Option, ...] = (
    Option(value="bootstrap", label="Bootstrap of rows"),
    Option(value="cluster_bootstrap", label="Bootstrap of whole entities"),
    Option(value="block_bootstrap", label="Bootstrap of whole weeks"),
)
GATE: tuple[Option, ...] = (
    Option(value="beats_baseline", label="Beats the baseline by more than chance"),
    Option(value="better_number", label="The better number, without its interval", built=False),
)

_ENOUGH_POSITIVES = limits.E4_TEST_POSITIVES
_TEST_SHARES = tuple(
    round(100 * share)
    for share in (limits.E4_TEST_SHARE, limits.E4_LARGER_TEST_SHARE, limits.E4_LARGEST_TEST_SHARE)
)
_USUAL, *_, _LARGEST = _TEST_SHARES
"""Percent of the rows that are held out, and at most."""


def allowed_splits(facts: Facts) -> tuple[Option, ...]:
    """Splits for which the columns exist."""
    possible = {
        "forward": facts.temporal,
        "grouped": bool(facts.entity_key),
        "forward_grouped": facts.temporal and bool(facts.entity_key),
        "stratified": facts.problem_type != "regression",
        "random": True,
    }
    return tuple(option for option in SPLIT if possible[str(option.value)])


def allowed_intervals(facts: Facts) -> tuple[Option, ...]:
    """Bootstraps for which the columns exist."""
    possible = {
        "bootstrap": True,
        "cluster_bootstrap": bool(facts.entity_key),
        "block_bootstrap": facts.temporal,
    }
    return tuple(option for option in INTERVALS if possible[str(option.value)])


def split(facts: Facts) -> Proposal:
    """Rule E4: time first; entities are grouped only where unseen ones will be predicted."""
    grouped = facts.unseen_entities and bool(facts.entity_key)
    if facts.temporal:
        value = "forward_grouped" if grouped else "forward"
    elif grouped:
        value = "grouped"
    else:
        value = "random" if facts.problem_type == "regression" else "stratified"
    return Proposal(
        decision="training_split",
        value=value,
        reason=_why_split(facts, value),
        rule="E4",
        references=("RULES", "KAPOOR") if facts.temporal else ("SKL",) if grouped else (),
        alternatives=others(
            allowed_splits(facts),
            value,
            {
                "forward": f"Tests memory of {facts.entity_key}, and unseen ones will come.",
                "grouped": f"Ignores {facts.event_time}: tests on the past."
                if facts.temporal
                else f"Predictions are for {facts.entity_key} values already in the table.",
                "forward_grouped": f"Predictions are for {facts.entity_key} values already in the "
                "table.",
                "stratified": _leaks(facts, grouped),
                "random": "Lets the classes' shares differ between the parts."
                if value == "stratified"
                else _leaks(facts, grouped),
            },
        ),
        changes_if=(
            ("the target is exchangeable in time",)
            if facts.temporal
            else ("a column holds the time of the decision", "unseen entities are predicted")
        ),
        inputs=inputs(facts, "event_time", "entity_key", "unseen_entities", "label_delay_days",
                      "rows"),
    )  # fmt: skip


def _leaks(facts: Facts, grouped: bool) -> str:
    if facts.temporal:
        return f"Trains on rows after those it tests, by {facts.event_time}."
    if grouped:
        return f"The same {facts.entity_key} would be in train and test."
    return f"Not for the {facts.problem_type} of {facts.target}."


def _why_split(facts: Facts, value: str) -> str:
    rows = counted(facts.labelled_rows, "row")
    if not facts.temporal:
        if value == "grouped":
            return (
                f"{rows} repeat {facts.entity_key}, and unseen ones will be predicted: each is in "
                "train or in test, never both."
            )
        kept = (
            f"; each part keeps its share of the {facts.n_positive:,} rarer cases"
            if value == "stratified"
            else ""
        )
        parts = parts_of_a_date(facts)
        unread = f", unless {listed(parts)} would order them" if parts else ""
        return f"{rows} without an event time or unseen entities are exchangeable{unread}{kept}."
    apart = f", and by {facts.entity_key}" if value == "forward_grouped" else ""
    gap = label_delay(facts)
    span = span_days(facts)
    within = f" (of {duration(span)})" if span else ""
    return (
        f"{rows} ordered by {facts.event_time}{within}: forward{apart}, with a gap of {gap}, as "
        f"labels come that late. On weather data a random split claimed {limits.E4_RANDOM_AP}, "
        f"forward gave {limits.E4_FORWARD_AP}."
    )


def validation(facts: Facts) -> Proposal:
    """Rule E4: cross-validation of few rows, else one validation part."""
    limit = limits.E4_CROSS_VALIDATION_ROWS
    few = facts.labelled_rows < limit
    rows = marked(facts, "rows", counted(facts.labelled_rows, "row"))
    return Proposal(
        decision="training_validation",
        value="cross_validation" if few else "holdout",
        reason=(
            f"{rows}, under {limit:,}: {_FOLDS} reuse each row for validation, and the test part "
            "stays untouched."
            if few
            else f"{rows}, at least {limit:,}: one validation part of "
            f"{percent(limits.E4_VALIDATION_SHARE)} is steady enough, at "
            f"{part(1 / limits.E4_FOLDS)} of the fits."
        ),
        rule="E4",
        alternatives=others(
            VALIDATION,
            "cross_validation" if few else "holdout",
            {
                "cross_validation": f"{spelled(limits.E4_FOLDS).capitalize()} fits for each "
                f"setting, with {facts.labelled_rows:,} rows to spare.",
                "holdout": f"{part(limits.E4_VALIDATION_SHARE).capitalize()} of "
                f"{facts.labelled_rows:,} rows is too few to choose by.",
                "test": f"Rows that were used to choose test nothing: "
                f"{facts.labelled_rows:,} suffice.",
            },
        ),
        changes_if=(f"rows {'pass' if few else 'fall under'} {limit:,}",),
        inputs=inputs(facts, "rows"),
    )


def test_share(facts: Facts, engine: str, metric: str) -> Proposal:
    """Rule E4: the usual share, or as much more as brings positives enough into the test part."""
    enough = (
        share
        for share in _TEST_SHARES
        if expected_test_positives(facts, engine, share) >= _ENOUGH_POSITIVES
    )
    value = next(enough, _LARGEST)
    positives = expected_test_positives(facts, engine, value)
    regression = facts.problem_type == "regression"
    rows = training_rows(facts, engine)
    held_out = f"{value} %" + (
        f" of a sample of {rows:,} rows" if rows < facts.labelled_rows else ""
    )
    found = tested(facts, engine, metric, value)
    width = f"±{100 * recall_half_width(found.cases):.1f} points"
    known = f": a recall is known to {width}"
    if found.measure == "precision":
        known = f", with {found.said}: their precision is known to {width}"
    short = "" if positives >= _ENOUGH_POSITIVES else f", short of {_ENOUGH_POSITIVES}"
    return Proposal(
        decision="training_test_share",
        value=value,
        reason=(
            f"{held_out} leaves {counted(positives, 'row')} to test on{short}."
            if regression
            else f"{held_out} leaves about {positives:,} cases of the rarer class to test on"
            f"{short}{known}."
        ),
        rule="E4",
        references=("COLLINS",),
        alternatives=others(
            TEST_SHARE,
            value,
            {
                int(option.value): _other_share(facts, engine, metric, int(option.value), value)
                for option in TEST_SHARE
            },
        ),
        changes_if=(
            f"the test part reaches {limits.E4_AMPLE_TEST_POSITIVES} cases at a smaller share",
        )
        if value > _USUAL
        else (f"cases fall so that the test part holds under {_ENOUGH_POSITIVES}",),
        inputs=inputs(facts, "n_positive", "rows"),
    )


def _other_share(facts: Facts, engine: str, metric: str, share: int, proposed: int) -> str:
    found = tested(facts, engine, metric, share)
    if share > proposed and found.measure != "precision":
        return f"Takes rows from training; {proposed} % tests well enough."
    if facts.problem_type == "regression":
        return f"Leaves {found.said} to test on."
    points = f"±{100 * recall_half_width(found.cases):.1f} points"
    if share > proposed:
        return f"Takes rows from training for {found.said}: {points}."
    return f"Leaves {found.said}: {points}."


def intervals(facts: Facts, chosen_split: str, test_percent: int) -> Proposal:
    """Rule E9: what is resampled is what repeats, where the test part holds enough of it."""
    weeks, fewest = test_weeks(facts, chosen_split, test_percent), limits.E9_FEWEST_WEEKS
    short = facts.temporal and weeks is not None and weeks < fewest
    span = f"about {counted(weeks or 0, 'week')} of {facts.event_time}"
    if chosen_split in {"grouped", "forward_grouped"} and facts.entity_key:
        value = "cluster_bootstrap"
    elif facts.temporal:
        value = "bootstrap" if short else "block_bootstrap"
    else:
        value = "cluster_bootstrap" if facts.entity_key else "bootstrap"
    entity = facts.entity_key or "an entity"
    drawn, level = f"{limits.E9_RESAMPLES:,} resamples", percent(limits.E9_LEVEL)
    return Proposal(
        decision="training_intervals",
        value=value,
        reason={
            "bootstrap": f"The test part spans {span}, fewer than {fewest} to draw from: {drawn} "
            f"of its rows, whose {level} intervals may be too narrow."
            if short
            else f"{counted(facts.rows, 'row')} stand for themselves: {drawn} of test rows "
            f"give each number its {level} interval.",
            "cluster_bootstrap": f"Rows of one {entity} resemble each other: {drawn} of whole "
            f"entities keep the {level} interval honest.",
            "block_bootstrap": f"Rows close in {facts.event_time} resemble each other: {drawn} of "
            f"whole weeks keep the {level} interval honest.",
        }[value],
        rule="E9",
        alternatives=others(
            allowed_intervals(facts),
            value,
            {
                "bootstrap": "Counts similar rows as independent: the interval is too narrow.",
                "cluster_bootstrap": f"What repeats here is the week, not {entity}.",
                "block_bootstrap": f"{counted(weeks or 0, 'week')} to draw from, under {fewest}: "
                "rows would be drawn all the same."
                if short
                else f"What repeats here is {entity}.",
            },
        ),
        changes_if=(f"the test part comes to span {fewest} weeks",)
        if short and value == "bootstrap"
        else ("the rows come to share an entity or a time",)
        if value == "bootstrap"
        else ("the rows are thinned until they are independent",),
        inputs=inputs(facts, "event_time", "entity_key", "rows"),
    )


def gate(facts: Facts, engine: str, chosen_metric: str, test_percent: int) -> Proposal:
    """Rule E10, with what it leans on: guardrails, and how much the test part can tell."""
    found = tested(facts, engine, chosen_metric, test_percent)
    guards = len(facts.guardrails)
    on_top = f" Beside it: {counted(guards, 'stated guardrail')}." if guards else ""
    return Proposal(
        decision="training_gate",
        value="beats_baseline",
        reason=(
            f"A model goes on where its paired gain in {metric_name(chosen_metric)} over the "
            f"baseline is at least {percent(limits.E10_MINIMUM_GAIN)} and the "
            f"{percent(limits.E9_LEVEL)} interval, on {found.said}, stays above 0.{on_top}"
        ),
        rule="E10",
        references=("MLTS", "EEOC") if compared_groups(facts) else ("MLTS",),
        alternatives=others(
            GATE,
            "beats_baseline",
            {"better_number": f"On {found.said} the better number is often luck."},
        ),
        changes_if=("a person waives it, in writing",),
        inputs=inputs(facts, "n_positive", "guardrails"),
    )
