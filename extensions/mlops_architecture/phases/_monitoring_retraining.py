"""When to train again, and what to do when it breaks: rules G10 to G13 and the incidents."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._deployment_plan import is_realtime
from ._inputs import inputs, marked, nth, number, others, spelled, taken
from ._monitoring_plan import add_monitoring_when, retrain_interval_days, retrain_terms, world
from ._pace import cadence_days, duration, every, label_delay, labels_are_fast, opening, period

_INTERVALS = (7, 14, 30, 90, 180, 365)
_SOONER = (0, 1)
LONGEST_INTERVAL = _INTERVALS[-1]
"""Days; where labels take longer still, a person retrains by hand."""
RETRAIN_DAYS: tuple[Option, ...] = (
    Option(value=0, label="Within the day, as labels come", built=False),
    Option(value=1, label="Every day"),
    *(Option(value=days, label=f"{days} days") for days in _INTERVALS),
)
TRIGGER: tuple[Option, ...] = (
    Option(value="schedule", label="A schedule"),
    Option(value="quality", label="Quality below the gate, and a longest age"),
    Option(value="manual", label="A person, by hand"),
    Option(value="drift", label="Drift, which retrains and promotes", built=False),
)
INCIDENTS: tuple[Option, ...] = (
    Option(value="severities", label="Four severities, each with its first move"),
)


def retrain_days(facts: Facts) -> Proposal:
    """Rule G10: the interval, rounded up to what is offered; never before labels arrive."""
    needed = retrain_interval_days(facts)
    value = next((days for days in _INTERVALS if days >= needed), _INTERVALS[-1])
    binding = max(retrain_terms(facts))[1]
    delay = label_delay(facts)
    beyond = needed > _INTERVALS[-1]
    return Proposal(
        decision="monitoring_retrain_days",
        value=value,
        reason=(
            f"{value} days is the longest offered, and {duration(needed)} are needed ({binding}): "
            "retrain by hand when the rows are there."
            if beyond
            else f"{value} days: set by {binding}. {_unlabelled(binding, delay)}"
        ),
        rule="G10",
        references=("MLTS", "RULES"),
        alternatives=others(
            RETRAIN_DAYS,
            value,
            {
                days: f"Sooner than {binding} allows: {number(round(needed, 1))} days."
                if days < needed
                else f"Loses {days - value} days of learning in {world(facts)}."
                for days in (*_SOONER, *_INTERVALS)
            },
        ),
        changes_if=("the staleness backtest shows another loss per month",),
        inputs=inputs(facts, "label_delay_days", "stability", "rows", "positive_rate"),
    )


def _unlabelled(binding: str, delay: str) -> str:
    if binding.startswith("labels"):
        return "Sooner teaches nothing new."
    return f"Labels come after {delay}; rows without them teach nothing."


def trigger(facts: Facts, earlier: Decisions) -> Proposal:
    """Rules G11 to G13: a schedule; quality where labels are fast; drift never by itself."""
    interval = int(taken(earlier, "monitoring_retrain_days", retrain_days(facts).value))
    value, why = _trigger(facts, int(taken(earlier, "maturity_level", 1)), interval)
    delay = label_delay(facts)
    return Proposal(
        decision="monitoring_trigger",
        value=value,
        reason=f"{why} Drift alone is investigated, and never promotes.",
        rule="G13" if facts.horizon != "production" else "G11",
        references=("MLTS",) if value == "quality" else (),
        alternatives=others(
            TRIGGER,
            value,
            {
                "schedule": f"{opening(every(interval))} it would train without a reason shown."
                if value == "quality"
                else f"Horizon {facts.horizon}, data {facts.data_cadence}: nothing to repeat yet.",
                "quality": f"With labels after {delay} the fall would be seen no sooner."
                if not _is_seen_sooner(facts, interval)
                else f"Horizon {facts.horizon}, data {facts.data_cadence}: no windows to judge.",
                "manual": f"{opening(every(interval))} somebody would have to remember it.",
                "drift": f"Says that inputs moved, not that a new model is better; labels take "
                f"{delay}.",
            },
        ),
        changes_if=(
            (add_monitoring_when(facts),)
            if facts.horizon != "production"
            else (
                "labels come within the hour and a backtest shows hourly beating daily",
                f"{spelled(limits.J_RETRAININGS)} retrainings in a row end alike",
            )
        ),
        inputs=inputs(facts, "horizon", "label_delay_days", "data_cadence", "stability"),
    )


def _trigger(facts: Facts, level: int, interval: int) -> tuple[str, str]:
    if facts.horizon != "production":
        return "manual", (
            f"By hand: with a {facts.horizon} horizon nothing retrains on its own before the "
            f"{nth(limits.G13_MONTH)} month."
        )
    if level < 1:
        return "manual", f"By hand at level {level}: a schedule belongs to level 1."
    if cadence_days(facts) is None:
        return "manual", "By hand: the table comes once, so a schedule would train on it again."
    if facts.label_delay_days > interval:
        return "manual", (
            f"By hand: labels take {label_delay(facts)}, too long for a schedule {every(interval)}."
        )
    if _is_seen_sooner(facts, interval):
        return "quality", (
            f"Quality below the gate, seen with labels after {label_delay(facts)}, "
            f"starts a retraining and a review; at the latest {every(interval)}."
        )
    return "schedule", (
        f"A schedule, {every(interval)}: labels take {label_delay(facts)}, so a fall in quality "
        "would be seen no sooner."
    )


def _is_seen_sooner(facts: Facts, interval: int) -> bool:
    """Whether labels show a fall in quality before the schedule trains again."""
    return labels_are_fast(facts) or facts.label_delay_days < interval


def incidents(facts: Facts, earlier: Decisions) -> Proposal:
    """The four severities: what each is, how fast it is met, and the first move."""
    live = is_realtime(taken(earlier, "deployment_mode", "batch"))
    owner = facts.owner or "an owner still to be named"
    worst = "no answers" if live else f"one missed {period(facts)}"
    return Proposal(
        decision="monitoring_incidents",
        value="severities",
        reason=(
            f"Four severities, met by {owner}: {worst} is {'SEV1' if live else 'SEV2'}, "
            f"with {marked(facts, 'impact', f'{facts.impact} impact')}; drift without measured "
            "loss is a ticket. Contain first, explain later."
        ),
        rule="G9",
        references=("SRE",),
        inputs=inputs(facts, "owner", "impact", "data_cadence"),
    )
