"""Rules E10 and F3 to F8 as text and numbers: promotion, capacity, logging, the way back."""

from __future__ import annotations

from math import ceil, sqrt

from ..decision import Decisions
from ..facts import Facts
from ._inputs import listed, number
from ._pace import cadence_days, duration, load, period, rows_per_period, scored

CANARY_DAYS = 7
"""How long a canary may run before its verdict is worth less than the delay."""
MINIMUM_GAIN = 0.01
"""Rule E10: relative gain below which a challenger is not worth a promotion."""
SERVICE_SECONDS = 0.004
"""Mean time of one answer, measured with FastAPI, uvicorn and one model on two cores."""

_SMALLEST_SLICE = "100 rows and 30 positives"
_Z_ALPHA, _Z_BETA = 1.959964, 0.841621
"""Standard normal quantiles: 5 % two-sided significance, 80 % power."""
_CANARY_LIFT = 0.2
_CANARY_SHARE = 0.05
MEAN_OF_PEAK = 0.25
_UTILISATION = 0.6


def is_realtime(mode: str | int) -> bool:
    """Whether requests are answered, alone or beside batch."""
    return mode in {"realtime", "both"}


def canary_cases(facts: Facts) -> int:
    """Labelled cases in each arm that show a rate moving by a fifth (rule F3).

    Two proportions, 5 % two-sided, 80 % power: 5 % → 6 % takes 8,158, 1 % → 1.2 % takes
    42,693. Regression is judged as an event in one of five cases.
    """
    low = facts.minority_share if facts.minority_share is not None else 0.2
    low = min(max(low, 0.001), 0.5)
    high = low * (1 + _CANARY_LIFT)
    mean = (low + high) / 2
    spread = _Z_ALPHA * sqrt(2 * mean * (1 - mean)) + _Z_BETA * sqrt(
        low * (1 - low) + high * (1 - high)
    )
    return ceil((spread / (high - low)) ** 2)


def canary_sees_quality(facts: Facts) -> bool:
    """Whether labels and traffic of the 5 % arm suffice within the canary's window.

    Traffic is taken as a quarter of the peak, around the clock.
    """
    days_left = CANARY_DAYS - facts.label_delay_days
    requests = facts.peak_rps * MEAN_OF_PEAK * 86_400 * max(days_left, 0)
    return requests * _CANARY_SHARE >= canary_cases(facts)


def replicas(peak_rps: float, mean_seconds: float, workers: int) -> int:
    """Rule F6: ⌈peak × mean seconds / (0.6 × workers)⌉ + 1."""
    return ceil(peak_rps * mean_seconds / (_UTILISATION * workers)) + 1


def capacity_plan(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rule F6: what the batch window and the peak ask for, in sentences."""
    mode, lines = decisions["deployment_mode"], []
    if mode != "realtime":
        lines.append(_batch_capacity(facts))
    if is_realtime(mode):
        count = replicas(facts.peak_rps, SERVICE_SECONDS, workers=1)
        lines.append(
            f"Real time: {load(facts)} at {SERVICE_SECONDS * 1000:.0f} ms "
            f"each, at most 60 % busy, is {count} replicas of one worker, one of them spare. "
            f"Measure the time on your host and load-test at {number(2 * facts.peak_rps)} "
            "requests/s."
        )
    return tuple(lines)


def _batch_capacity(facts: Facts) -> str:
    rows, days = rows_per_period(facts), cadence_days(facts)
    expected = scored(facts)
    if rows is None or days is None:
        return f"Batch: {expected} in half the time there is, so that a failed run can be repeated."
    pace = rows / (days * 43_200)
    shown = f"{pace:,.3g} rows/s" if pace >= 0.01 else "less than a row a minute"
    return (
        f"Batch: {expected} within half of one {period(facts)}, so that a failed run can be "
        f"repeated: {shown} at least."
    )


def prediction_log_fields(facts: Facts) -> tuple[str, ...]:
    """Rule F7: what each prediction leaves behind; personal values only as a hash."""
    open_values = facts.personal_data == "none"
    return (
        "request or run id",
        f"entity ({facts.entity_key})" if facts.entity_key else "row identifier",
        "time",
        "model version",
        "feature values" if open_values else "hash of the feature values",
        "score",
        *(() if facts.problem_type == "regression" else ("threshold", "decision")),
        "latency",
    )


def promotion_conditions(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rules E10 and F8: what the gate checks by itself, then what the approver checks."""
    approver = facts.approver or facts.owner or "the approver (to be named)"
    return (
        f"the lower bound of the paired gain in {_metric(decisions)} over the baseline, and over "
        "the champion where there is one, is above 0",
        f"the gain itself is at least {number(100 * MINIMUM_GAIN)} % of the reference",
        f"no slice of at least {_SMALLEST_SLICE} does clearly worse than under the champion",
        "no simpler model is as good within the noise: otherwise the simpler one stands",
        "nothing is too good to be true: a ROC AUC of 0.99, or skill on shuffled labels, waits "
        "for a person",
        *(f"{approver}: {duty}" for duty in _by_hand(facts, decisions)),
    )


def _metric(decisions: Decisions) -> str:
    return decisions.find("training_metric").label.partition(":")[0]


def _by_hand(facts: Facts, decisions: Decisions) -> list[str]:
    duties = []
    if facts.guardrails:
        duties.append(f"the guardrails hold: {listed(facts.guardrails, most=5)}")
    if facts.problem_type != "regression":
        duties.append("the calibration plot follows the diagonal")
    if is_realtime(decisions["deployment_mode"]):
        budget = f"{facts.latency_ms} ms" if facts.latency_ms else "the budget, once it is stated"
        duties.append(f"p99 of the answers under load is within {budget}")
    duties.append("the version is loaded by registry id and hash, in its pinned environment")
    return duties


def rollback_ladder(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rule F5: previous version, then fallback, then people; with the time each may take."""
    mode = decisions["deployment_mode"]
    days = cadence_days(facts)
    cycle = f"one cycle ({duration(days)})" if days else "the next run"
    time = "5 minutes" if is_realtime(mode) else cycle
    fallback = decisions.find("deployment_fallback").label
    owner = facts.owner or "a person still to be named"
    return (
        f"Previous version, within {time}: zenml model version update MODEL VERSION --stage "
        "production --force.",
        f"Fallback, where there is no version before or it fails too: {fallback.lower()}.",
        f"By hand: predictions stop, and {owner} decides case by case until the cause is known.",
    )
