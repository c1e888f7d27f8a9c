"""What is watched in production: rules G1 to G9, and G13 for prototypes."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._columns import n_features
from ._inputs import counted, inputs, nth, number, others, percent, spelled, taken, times
from ._monitoring_plan import (
    add_monitoring_when,
    by_hand,
    watched_features,
    window_note,
    world,
)
from ._pace import arriving, label_delay, labels_are_fast, period, rows_per_period, scored

DRIFT: tuple[Option, ...] = (
    Option(value="two_keys", label="Two keys: size of the shift and significance"),
    Option(value="psi", label="Population stability index", built=False),
    Option(value="library_defaults", label="A library's defaults, column by column", built=False),
    Option(value="none", label="No drift tests for now"),
)
_WINDOWS = limits.G2_FEWEST_ROWS, limits.G2_PREFERRED_ROWS, limits.G2_AMPLE_ROWS
WINDOW_ROWS: tuple[Option, ...] = tuple(
    Option(value=rows, label=f"{rows:,} rows") for rows in _WINDOWS
)
PERFORMANCE: tuple[Option, ...] = (
    Option(value="labels", label="The metric itself, when labels arrive"),
    Option(value="estimated", label="An estimate until labels arrive"),
    Option(value="sampled", label="Random cases labelled by hand", built=False),
)
ALERTS: tuple[Option, ...] = (
    Option(value="slack", label="Slack, to the owner"),
    Option(value="file", label="Lines in a report file"),
    Option(value="none", label="No alerts for now"),
)


EXPLORATION: tuple[Option, ...] = (
    Option(
        value="random_share",
        label=f"{100 * limits.RF34_LEAST_SHARE:.0f} to {percent(limits.RF34_MOST_SHARE)} of cases "
        "decided at random",
        built=False,
    ),
    Option(value="none", label="None: the model decides every case"),
)
CHANGES_ITS_LABELS = {
    "churn": "an offer changes who leaves",
    "credit": "the refused never show whether they would have paid",
    "fraud": "the blocked never show whether they were fraud",
    "hiring": "the rejected never show how they would have worked",
    "insurance": "the refused never show their claims",
}
"""Use cases in which acting on a prediction decides which labels are seen (RF34)."""


def changes_its_labels(facts: Facts) -> bool:
    """Decisions in production that hide or change the labels of the cases they touch."""
    return facts.horizon == "production" and facts.use_case in CHANGES_ITS_LABELS


def drift(facts: Facts) -> Proposal:
    """Rules G1 and G13: two keys in production; a prototype says what it skips."""
    production = facts.horizon == "production"
    features = n_features(facts)
    false_alarms = f"{100 * (1 - (1 - limits.G1_NAIVE_P) ** max(features, 1)):.0f} %"
    share = f"{percent(limits.G5_SHARE)} of at most {watched_features(facts)} watched"
    value = "two_keys" if production else "none"
    return Proposal(
        decision="monitoring_drift",
        value=value,
        reason=(
            f"Two keys: at {percent(limits.G1_NAIVE_P)} each, tests on "
            f"{counted(features, 'feature')} ring in {false_alarms} of runs with nothing "
            "wrong. Size and significance together; "
            f"the alarm is {share}, {times(limits.G5_WINDOWS)} in a row."
            if production
            else f"Skipped for a {facts.horizon} horizon: drift, alerts, on-call, canary and the "
            "retraining trigger. Kept: data gates, prediction log, model age. Added when "
            f"{add_monitoring_when(facts)}."
        ),
        rule="G1" if production else "G13",
        references=("YURD", "PRS", "EVID") if production else (),
        alternatives=others(
            DRIFT,
            value,
            {
                "two_keys": f"With a {facts.horizon} horizon nobody would act on the alarm.",
                "psi": f"Its {limits.G1_PSI_WATCH} and {limits.G1_PSI_ALARM} ignore how many of "
                f"the {facts.rows:,} rows are compared."
                if production
                else f"With a {facts.horizon} horizon nobody would act on the index.",
                "library_defaults": f"One test for each of {counted(features, 'feature')} rings in "
                f"{false_alarms} of runs.",
                "none": f"{counted(features, 'input')} would change unseen in production.",
            },
        ),
        changes_if=(
            ("a regulator asks for the PSI: it is reported beside, with its cut-off by size",)
            if production
            else (add_monitoring_when(facts),)
        ),
        inputs=inputs(facts, "horizon", "n_numeric", "n_categorical", "rows", "regulations"),
    )


def window_rows(facts: Facts) -> Proposal:
    """Rule G2: as many rows as a period brings; a short period widens its window."""
    per_period = rows_per_period(facts)
    noun = period(facts)
    value = _window(per_period)
    note = window_note(value, per_period, noun)
    return Proposal(
        decision="monitoring_window_rows",
        value=value,
        reason=f"{value:,} rows a window: {note}. {_POWER[value]}",
        rule="G2",
        alternatives=others(
            WINDOW_ROWS,
            value,
            {
                option: f"At {option:,} rows: {window_note(option, per_period, noun)}."
                if option > value
                else f"Sees less: {_POWER[option]}"
                for option in _WINDOWS
            },
        ),
        changes_if=(f"each {noun} brings fewer rows than the window, {_OFTEN} in a row",),
        inputs=inputs(facts, "rows", "data_cadence", "event_time"),
    )


_OFTEN = times(limits.G2_SHORT_WINDOWS)
_SHIFT = f"show a shift of {limits.G2_SHIFT} deviations"
_POWER = {
    limits.G2_FEWEST_ROWS: f"{limits.G2_FEWEST_ROWS:,} rows {_SHIFT} in "
    f"{percent(limits.G2_POWER_500)} of cases, {limits.G2_LARGER_SHIFT} in "
    f"{percent(limits.G2_LARGER_POWER_500)}.",
    limits.G2_PREFERRED_ROWS: f"{limits.G2_PREFERRED_ROWS:,} rows {_SHIFT} in "
    f"{percent(limits.G2_POWER_1000)} of cases.",
    limits.G2_AMPLE_ROWS: f"{limits.G2_AMPLE_ROWS:,} rows show nearly any shift that matters, "
    f"{limits.G2_LEVELS}-level columns included.",
}


def _window(per_period: float | None) -> int:
    if per_period is None:
        return limits.G2_PREFERRED_ROWS
    smallest, *larger = _WINDOWS
    return next((size for size in reversed(larger) if per_period >= size), smallest)


def performance(facts: Facts, earlier: Decisions) -> Proposal:
    """Rules G6 and G7: labels where they are fast; else an estimate, or cases by hand."""
    value, why = _evidence(facts, taken(earlier, "training_calibration", "sigmoid"))
    delay = label_delay(facts)
    fast = labels_are_fast(facts)
    return Proposal(
        decision="monitoring_performance",
        value=value,
        reason=f"Labels take {delay} and data come {arriving(facts)}: {why}.",
        rule="G6" if fast else "G7",
        references=("MLTS",) if fast else ("CBPE",),
        alternatives=others(
            PERFORMANCE,
            value,
            {
                "labels": f"Labels alone are silent for {delay}.",
                "estimated": f"Labels after {delay} are evidence; an estimate is not."
                if fast
                else f"Cannot see the target's meaning move; here {facts.stability}, "
                f"{facts.impact} impact.",
                "sampled": _no_cases_by_hand(facts, delay),
            },
        ),
        changes_if=(
            ("labels take longer than one period",)
            if fast
            else ("labels arrive within one period", "the world turns adversarial")
            if _can_label_by_hand(facts) and facts.stability != "adversarial"
            else ("labels arrive within one period",)
        ),
        inputs=inputs(
            facts, "label_delay_days", "data_cadence", "stability", "impact", "problem_type",
            "positive_rate",
        ),
    )  # fmt: skip


def _can_label_by_hand(facts: Facts) -> bool:
    """Rule G7: a month of cases labelled by hand is sooner than the labels, and shows something."""
    share = facts.minority_share
    enough = share is None or limits.G7_MOST_CASES * share >= limits.G7_FEWEST_POSITIVES
    return facts.label_delay_days > limits.G7_WAIT_DAYS and enough


def _no_cases_by_hand(facts: Facts, delay: str) -> str:
    if facts.label_delay_days <= limits.G7_WAIT_DAYS:
        return f"Labels come by themselves after {delay}; by hand each month is no sooner."
    if not _can_label_by_hand(facts):
        rare = limits.G7_MOST_CASES * (facts.minority_share or 0.0)
        return (
            f"Of {limits.G7_MOST_CASES} random cases {number(rare)} are of the rarer class: too "
            "few to see a fall."
        )
    return (
        f"{limits.G7_FEWEST_CASES} cases by hand each month cost more than {facts.impact} impact "
        f"in {world(facts)} asks."
    )


def _evidence(facts: Facts, calibration: str | int) -> tuple[str, str]:
    if labels_are_fast(facts):
        return "labels", "the metric with its interval per window, against that of validation"
    by_hand_pays = _can_label_by_hand(facts)
    moving = facts.stability in {"shifting", "adversarial"}
    if by_hand_pays and moving:
        return "sampled", (
            f"in {world(facts)} only {by_hand()} random cases labelled by hand "
            "each month see the target's meaning move"
        )
    if by_hand_pays and facts.impact == "high":
        return "sampled", (
            f"with high impact the wait is too long, so {by_hand()} random cases are labelled by "
            "hand each month"
        )
    if facts.problem_type == "regression":
        return "labels", "back-filled; an estimate (DLE) would need a model of the error"
    if calibration == "none":
        return "labels", "back-filled; CBPE would need calibrated scores, and these are not"
    blind = f"; in {world(facts)} it cannot see the target's meaning move" if moving else ""
    return (
        "estimated",
        f"CBPE on the calibrated scores until the labels back-fill the metric{blind}",
    )


def exploration(facts: Facts) -> Proposal:
    """RF34: where decisions change which labels are seen, a small random share stays apart."""
    looped = changes_its_labels(facts)
    per_period = rows_per_period(facts)
    shares = limits.RF34_LEAST_SHARE, limits.RF34_MOST_SHARE
    least, most = (
        percent(share) if per_period is None else f"{round(share * per_period):,}"
        for share in shares
    )
    noun = period(facts)
    return Proposal(
        decision="monitoring_exploration",
        value="random_share" if looped else "none",
        reason=(
            f"{facts.use_case.capitalize()}: {CHANGES_ITS_LABELS[facts.use_case]}. "
            f"{least} to {most} of {scored(facts)} each {noun}, decided at random, keep the "
            "labels honest."
            if looped
            else f"Acting on {facts.target}, horizon {facts.horizon}, does not decide which labels "
            f"are seen: {percent(shares[0])} of {scored(facts)} at random would teach nothing."
        ),
        rule="RF34",
        references=("SCULLEY",) if looped else (),
        alternatives=others(
            EXPLORATION,
            "random_share" if looped else "none",
            {
                "random_share": f"Costs wrong decisions in each {noun} and would teach nothing.",
                "none": f"The next model would learn only from cases that this one let through: "
                f"{facts.use_case}.",
            },
        ),
        changes_if=(
            ("a hold-out group exists elsewhere", "the share costs more than it teaches")
            if looped
            else ("acting on a prediction begins to change its label",)
        ),
        inputs=inputs(facts, "use_case", "horizon", "rows", "data_cadence"),
    )


def alerts(facts: Facts) -> Proposal:
    """Rule G9: no owner, no alert; a prototype has lines only."""
    production = facts.horizon == "production"
    value = "none" if not production else "slack" if facts.owner else "file"
    owner = facts.owner or "nobody"
    return Proposal(
        decision="monitoring_alerts",
        value=value,
        reason={
            "slack": f"Slack, to {owner}: a page only where somebody must act now, with a "
            f"runbook, at most {spelled(limits.G9_ALERTS_PER_WEEK)} a week.",
            "file": "Lines in a report file: no owner is named, and an alert that nobody owns "
            f"is noise, even {spelled(limits.G9_ALERTS_PER_WEEK)} a week. Name one before "
            f"predictions of {facts.target} are acted on.",
            "none": f"None for a {facts.horizon} horizon: nobody is on call for {facts.target} "
            f"before the {nth(limits.G13_MONTH)} month.",
        }[value],
        rule="G9" if production else "G13",
        references=("SRE", "SHANKAR") if production else (),
        alternatives=others(
            ALERTS,
            value,
            {
                "slack": f"Owner: {owner}; horizon: {facts.horizon}. A message needs a reader.",
                "file": f"{owner} would have to open it to learn of a failure."
                if production
                else f"With a {facts.horizon} horizon the run's own output is enough.",
                "none": f"In production one failed {period(facts)} would pass unseen.",
            },
        ),
        changes_if=(
            (f"it rings more than {times(limits.G9_ALERTS_PER_WEEK)} a week",)
            if value == "slack"
            else ("an owner is named",)
            if value == "file"
            else (add_monitoring_when(facts),)
        ),
        inputs=inputs(facts, "horizon", "owner", "data_cadence"),
    )
