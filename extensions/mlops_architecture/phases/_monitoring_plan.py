"""Rules G1 to G12 and the incidents as text and numbers, for the document."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ._columns import n_features
from ._deployment_plan import is_realtime
from ._evidence import rare_cases
from ._inputs import nth, part, percent, spelled
from ._pace import about, every, label_delay, labels_are_fast, opening, period, rows_per_day

_SCHEDULE_DAYS = {
    "stable": limits.G10_STABLE_DAYS,
    "seasonal": limits.G10_SEASONAL_DAYS,
    "shifting": limits.G10_SHIFTING_DAYS,
    "adversarial": limits.G10_ADVERSARIAL_DAYS,
}
"""Rule G10: where to start, before the staleness backtest says better."""
_A_CENTURY = 36_525.0
"""Days; longer is never."""


class Severity(NamedTuple):
    """One row of the incident table."""

    name: str
    definition: str
    respond: str
    first_move: str


class Postponed(NamedTuple):
    """Rule G13: a part of monitoring that a prototype leaves out, or keeps."""

    part: str
    kept: bool


def retrain_interval_days(facts: Facts) -> float:
    """Rule G10: days between two trainings, the longest of what has to happen first.

    That is the starting point for this kind of world, the label delay, and the time in
    which new rows and new positives gather, where the table shows its pace.
    """
    return max(days for days, _ in retrain_terms(facts))


def retrain_terms(facts: Facts) -> tuple[tuple[float, str], ...]:
    """What bounds the interval of rule G10: (days, reason) pairs."""
    terms = [
        (float(_SCHEDULE_DAYS[facts.stability]), world(facts)),
        (facts.label_delay_days, f"labels after {label_delay(facts)}"),
    ]
    daily = rows_per_day(facts)
    if daily:
        share, positives = limits.G10_NEW_SHARE, limits.G10_NEW_POSITIVES
        terms.append((share * facts.rows / daily, f"{part(share)} of {facts.rows:,} rows anew"))
        arriving = daily * (facts.minority_share or 0.0)
        if arriving > 0:
            days = min(positives / arriving, _A_CENTURY)
            cases = rare_cases(facts, positives)
            terms.append((days, f"{cases} anew at {daily:,.3g} rows a day"))
    return tuple(terms)


def world(facts: Facts) -> str:
    """How fast it changes, as a noun: `a seasonal world`, `an adversarial world`."""
    return f"{'an' if facts.stability[0] in 'aeiou' else 'a'} {facts.stability} world"


def watched_features(facts: Facts) -> int:
    """Rule G4: how many features are tested each window."""
    return min(limits.G4_FEATURES, n_features(facts))


def drift_plan(facts: Facts) -> tuple[str, ...]:
    """Rules G1 and G3 to G5: tests, references, what is watched, and when it is an alarm."""
    seasonal = facts.stability == "seasonal"
    season = "the same season of last year" if seasonal else f"the trailing {period(facts)}s"
    return (
        "A numeric column drifts if it moved both far and surely: Wasserstein distance of at least "
        f"{limits.G1_WASSERSTEIN} reference deviations, and a Kolmogorov-Smirnov test with "
        f"Benjamini-Hochberg q < {limits.G1_FALSE_DISCOVERY}.",
        f"A categorical one: total variation of at least {limits.G1_TOTAL_VARIATION}, and χ² p < "
        f"{limits.G1_CHI_SQUARED_P} with levels of fewer than {limits.G1_EXPECTED_CASES} expected "
        "cases merged.",
        "Reference: the champion's training rows, and its holdout for the score (is the model out "
        f"of its range?); a promotion brings its own. A second one, {season} (did something break "
        "today?), is yours to add.",
        f"Watched: the score first, then {facts.target}, then the features that hold "
        f"{percent(limits.G4_IMPORTANCE)} of the permutation importance, at most "
        f"{watched_features(facts)}; the gates of each batch see missing values and ranges of all.",
        f"Alarm: the score, or {percent(limits.G5_SHARE)} of the watched features and "
        f"{spelled(limits.G5_FEATURES)} at least, in {spelled(limits.G5_WINDOWS)} windows in a "
        "row. One drifting feature is a ticket.",
    )


def quality_plan(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rules G6 to G8: how good the model is in production, and whether it sees the same data."""
    metric = decisions.find("training_metric").label.partition(":")[0]
    delay = label_delay(facts)
    lines = [
        f"{metric} with its interval per window, against the interval of validation"
        if labels_are_fast(facts)
        else f"{metric} back-filled when the labels arrive, after {delay}"
    ]
    estimator = (
        "DLE, yours to add"
        if facts.problem_type == "regression"
        else "CBPE, from calibrated scores"
    )
    lines += {
        "labels": [],
        "estimated": [f"meanwhile an estimate ({estimator}), which cannot see the relation of "
                      "features and target change"],
        "sampled": [f"{by_hand()} random cases labelled by hand each month"],
    }[str(decisions["monitoring_performance"])]  # fmt: skip
    lines.append(
        f"features of logged requests recomputed: more than {percent(limits.G8_MISMATCH)} that "
        "differ is SEV2"
        if is_realtime(decisions["deployment_mode"])
        else "training and scoring share one pipeline object, so a unit test covers skew"
    )
    return tuple(lines)


def by_hand() -> str:
    """Rule G7: how many cases of one month are labelled by hand."""
    return f"{limits.G7_FEWEST_CASES} to {limits.G7_MOST_CASES}"


def retraining_plan(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rules G10 to G12: when to retrain, and what never promotes."""
    interval = int(decisions["monitoring_retrain_days"])
    ages = 0, limits.G10_FIRST_AGE_MONTHS, limits.G10_SECOND_AGE_MONTHS
    oldest = limits.G10_THIRD_AGE_MONTHS
    return (
        f"{opening(every(interval))} at the soonest: {_longest(facts)}. A staleness backtest "
        f"(train at age {', '.join(map(str, ages))} and {oldest} months, score now) replaces this "
        "start.",
        "Quality below the gate: retrain and review. Drift alone: investigate; it may be a bug, "
        "a holiday or harmless, and it never promotes.",
        f"No retraining within the day: labels take {label_delay(facts)}. It needs "
        "labels within the hour, a backtest in which hourly beats daily, and an automatic gate "
        "with rollback.",
    )


def _longest(facts: Facts) -> str:
    return max(retrain_terms(facts))[1]


def alert_policy(facts: Facts) -> tuple[str, ...]:
    """Rule G9: what may page somebody."""
    owner = facts.owner or "nobody yet: until a name is given these are lines in a report"
    return (
        "A page only where a person must act now; everything else is a ticket or a line.",
        f"Each alert has a runbook and an owner ({owner}).",
        f"At most {spelled(limits.G9_ALERTS_PER_WEEK)} a week; a noisier one is made a ticket.",
    )


def incident_severities(facts: Facts | None = None) -> tuple[Severity, ...]:
    """The four severities; with facts, the first moves name the owner."""
    owner = facts.owner if facts and facts.owner else "the owner"
    return (
        Severity(
            "SEV1",
            "harm or unlawful decisions, no answers in real time, personal data exposed",
            f"{limits.G9_SEV1_MINUTES} minutes, page",
            f"{owner} stops it or switches to the fallback, then rolls back",
        ),
        Severity(
            "SEV2",
            "quality below the gate, skew, the wrong version live, a batch missed once with "
            "effect on users",
            f"{limits.G9_SEV2_HOURS} hours",
            "roll back",
        ),
        Severity(
            "SEV3",
            "confirmed drift without measured loss; a batch late without effect",
            f"{limits.G9_SEV3_DAYS} days, ticket",
            "investigate",
        ),
        Severity("SEV4", "drift of one feature, a gate's warning", "weekly review", "–"),
    )


def runbook(facts: Facts) -> tuple[str, ...]:
    """The page to follow in an incident, in order."""
    return (
        "Detect: which alert, since when, how many cases.",
        "Freeze promotions.",
        "Which version, snapshot and commit were live?",
        "Contain: roll back, or switch to the fallback.",
        "Look upstream first: schema, volume, code; then at the world.",
        f"Score again every case of {facts.target} that the fault touched.",
        "Tell those who use the predictions.",
        "Write a blameless note, and a test that would have caught it.",
    )


def postponed(facts: Facts) -> tuple[Postponed, ...]:
    """Rule G13: what a prototype skips and keeps; nothing where this is for production."""
    if facts.horizon == "production":
        return ()
    skipped = ("drift tests", "alerts", "on-call", "canary", "retraining trigger")
    kept = ("data gates", "prediction log", "model age")
    return tuple(Postponed(part, False) for part in skipped) + tuple(
        Postponed(part, True) for part in kept
    )


def add_monitoring_when(facts: Facts) -> str:
    """Rule G13: what ends the prototype's exemption."""
    return (
        f"the first decision on {facts.target} is taken from the output, or in the "
        f"{nth(limits.G13_MONTH)} month, or with the {nth(limits.G13_CONSUMER)} consumer"
    )


def window_note(rows: int, per_period: float | None, noun: str) -> str:
    """Rule G2: how many periods fill a window of `rows`."""
    if per_period is None or per_period <= 0:
        return f"how many rows one {noun} brings is not known, so the window grows until it is full"
    periods = ceil(rows / per_period)
    if periods <= 1:
        return f"each {noun} brings {about(per_period)}, which fill it"
    return f"each {noun} brings {about(per_period)}, so {periods:,} {noun}s fill it"
