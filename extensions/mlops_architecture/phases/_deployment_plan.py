"""Rules E10 and F3 to F8 as text and numbers: promotion, capacity, logging, the way back."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ._governance_records import approver
from ._groups import compared_groups, decides_about_people
from ._guardrails import measured_guardrails
from ._inputs import listed, number, part, percent, spelled, taken
from ._pace import cadence_days, duration, load, period, rows_per_period, scored

_Z_ALPHA = NormalDist().inv_cdf(1 - limits.F3_SIGNIFICANCE / 2)
_Z_BETA = NormalDist().inv_cdf(limits.F3_POWER)
"""Standard normal quantiles of a two-sided test with that power."""
_DAY_SECONDS = 86_400
_SLOWEST_PACE = 0.01
"""Rows a second below which a pace is told by the minute."""


def is_realtime(mode: str | int) -> bool:
    """Whether requests are answered, alone or beside batch."""
    return mode in {"realtime", "both"}


def is_served(decisions: Decisions) -> bool:
    """Whether the project holds a service that answers requests."""
    return "deployment" not in decisions.skipped and is_realtime(decisions["deployment_mode"])


def is_logged_in_postgres(decisions: Decisions) -> bool:
    """Whether the service ships its prediction log to PostgreSQL."""
    return is_served(decisions) and decisions["deployment_log"] == "postgres"


def canary_cases(facts: Facts) -> int:
    """Labelled cases in each arm that show the rate's move (rule F3), of two proportions.

    Regression is judged as the rate of an event.
    """
    rate = facts.minority_share if facts.minority_share is not None else limits.F3_REGRESSION_RATE
    low = max(rate, limits.F3_RAREST_RATE)
    high = low * (1 + limits.F3_LIFT)
    mean = (low + high) / 2
    spread = _Z_ALPHA * sqrt(2 * mean * (1 - mean)) + _Z_BETA * sqrt(
        low * (1 - low) + high * (1 - high)
    )
    return ceil((spread / (high - low)) ** 2)


def canary_sees_quality(facts: Facts) -> bool:
    """Whether labels and traffic of the smallest arm suffice within the canary's window."""
    days_left = limits.F3_CANARY_DAYS - facts.label_delay_days
    requests = facts.peak_rps * limits.F3_MEAN_OF_PEAK * _DAY_SECONDS * max(days_left, 0)
    return requests * limits.F3_FIRST_SHARE >= canary_cases(facts)


def replicas(peak_rps: float, mean_seconds: float, workers: int) -> int:
    """Rule F6: ⌈peak × mean seconds / (utilisation × workers)⌉, and what is spare."""
    busy = ceil(peak_rps * mean_seconds / (limits.F6_UTILISATION * workers))
    return busy + limits.F6_SPARE_REPLICAS


def answer_ms(decisions: Decisions) -> int:
    """Rule F6: a worker's time for one answer; ONNX cannot say an EBM."""
    is_ebm = "ebm" in str(taken(decisions, "training_candidates", ""))
    return limits.F6_PIPELINE_MS if is_ebm else limits.F6_SERVICE_MS


def capacity_plan(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rule F6: what the batch window and the peak ask for, in sentences."""
    mode, lines = decisions["deployment_mode"], []
    if mode != "realtime":
        lines.append(_batch_capacity(facts))
    if is_realtime(mode):
        each = answer_ms(decisions)
        count = replicas(facts.peak_rps, each / 1000, workers=1)
        tested = limits.F6_LOAD_TEST_FACTOR * facts.peak_rps
        measured = (
            f"{limits.I_SERVICE_MS} measured through ONNX on idle cores"
            if each == limits.F6_SERVICE_MS
            else "where the scikit-learn object answers"
        )
        lines.append(
            f"Real time: {load(facts)} at {each} ms each ({measured}), at most "
            f"{percent(limits.F6_UTILISATION)} busy, is {count} replicas of one worker, "
            f"{spelled(limits.F6_SPARE_REPLICAS)} of them spare. Measure the time on your host "
            f"and load-test at {number(tested)} requests/s: make bench-serving does both."
        )
    return tuple(lines)


def _batch_capacity(facts: Facts) -> str:
    rows, days = rows_per_period(facts), cadence_days(facts)
    expected, share = scored(facts), part(limits.F6_WINDOW_SHARE)
    again = "so that a failed run can be repeated"
    if rows is None or days is None:
        return f"Batch: {expected} in {share} the time there is, {again}."
    pace = rows / (days * _DAY_SECONDS * limits.F6_WINDOW_SHARE)
    shown = f"{pace:,.3g} rows/s" if pace >= _SLOWEST_PACE else "less than a row a minute"
    return f"Batch: {expected} within {share} of one {period(facts)}, {again}: {shown} at least."


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
    approval = decisions["governance_approval"]
    who = approver(facts, approval) + (", afterwards" if approval == "afterwards" else "")
    return (
        f"the lower bound of the paired gain in {_metric(decisions)} over the baseline, and over "
        "the champion where there is one, is above 0",
        f"the gain itself is at least {percent(limits.E10_MINIMUM_GAIN)} of the reference",
        f"no slice of at least {limits.E10_SLICE_ROWS} rows{_slice_positives(facts)} does clearly "
        "worse than under the champion",
        "no simpler model is as good within the noise: otherwise the simpler one stands",
        f"nothing is too good to be true: {_too_good(facts)} waits for a person",
        *_cases(facts),
        *(f"the guardrail holds: {text}" for text in measured_guardrails(facts)),
        *_calibrated(facts, decisions),
        *_alike(facts),
        *(f"{who}: {duty}" for duty in _by_hand(facts, decisions)),
    )


def _slice_positives(facts: Facts) -> str:
    binary = facts.problem_type == "binary"
    return f" and {limits.E10_SLICE_POSITIVES} positives" if binary else ""


def _too_good(facts: Facts) -> str:
    auc = f"a ROC AUC of {limits.E12_TOO_GOOD_AUC}, or " if facts.problem_type == "binary" else ""
    return f"{auc}skill on shuffled labels"


def _cases(facts: Facts) -> tuple[str, ...]:
    if facts.problem_type == "regression":
        return ()
    return (
        f"the holdout has at least {limits.E4_HOPELESS_TEST_POSITIVES} cases of the rarest class: "
        "with fewer, a person decides",
    )


def calibration_range(facts: Facts, decisions: Decisions) -> tuple[float, float] | None:
    """Rules E7 and E10: the slopes that count as calibrated; None where no decision reads one.

    Only a threshold from costs does: a tuned one, or a capacity, asks for the order alone.
    """
    if facts.problem_type != "binary" or decisions["training_threshold"] != "cost":
        return None
    return limits.E7_LEAST_SLOPE, limits.E7_MOST_SLOPE


def _calibrated(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    slopes = calibration_range(facts, decisions)
    if slopes is None:
        return ()
    least, most = slopes
    return (
        f"the interval of the calibration slope reaches into {least} to {most}: else a person "
        "decides",
    )


def _alike(facts: Facts) -> tuple[str, ...]:
    groups = compared_groups(facts)
    if facts.problem_type != "binary" or not groups or not decides_about_people(facts):
        return ()
    return (
        f"groups by {listed(groups)} are treated alike: a selection ratio surely below "
        f"{percent(limits.E11_SELECTION_RATIO)}, or rates surely further than "
        f"{100 * limits.E11_RATE_GAP:.0f} points apart, wait for a person",
    )


def _metric(decisions: Decisions) -> str:
    return decisions.find("training_metric").label.partition(":")[0]


def _by_hand(facts: Facts, decisions: Decisions) -> list[str]:
    duties = []
    measured = measured_guardrails(facts)
    others = [text for text in facts.guardrails if text not in measured]
    if others:
        duties.append(f"the guardrails hold: {listed(others, most=5)}")
    if is_realtime(decisions["deployment_mode"]):
        budget = f"{facts.latency_ms} ms" if facts.latency_ms else "the budget, once it is stated"
        duties.append(f"p99 of the answers under load is within {budget}")
    duties.append("the version is loaded by registry id and hash, in its pinned environment")
    return duties


def rollback_ladder(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """Rule F5: previous version, then fallback, then people; with the time each may take."""
    mode = decisions["deployment_mode"]
    days = cadence_days(facts)
    cycle = f"{spelled(limits.F5_CYCLES)} cycle ({duration(days)})" if days else "the next run"
    time = f"{limits.F5_MINUTES} minutes" if is_realtime(mode) else cycle
    fallback = decisions.find("deployment_fallback").label
    owner = facts.owner or "a person still to be named"
    return (
        f"Previous version, within {time}: the project's rollback command, with what is wrong.",
        f"Fallback, where there is no version before or it fails too: {fallback.lower()}.",
        f"By hand: predictions stop, and {owner} decides case by case until the cause is known.",
    )
