"""The gate: whether a model may be promoted (rule E10)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from .comparison import Comparison
from .evaluation import SHUFFLED, Evaluation
from .guardrails import Guarded
from .intervals import Gain
from .numbers import shown
from .settings import GateSettings, TrainingSettings

TOO_GOOD = 0.99
TODAY = "way it is done today"
Verdict = Literal["promote", "review", "refuse"]


class GateDecision(BaseModel):
    """`promote`: passes. `review`: a person must look first. `refuse`: no gain was shown."""

    verdict: Verdict
    against: str
    """What the model was measured against: the champion, a baseline, or what is done today."""
    reasons: tuple[str, ...]
    """Sentences for people; the first says what settled it."""
    comparison: Comparison | None = None
    """With the champion, where there is one."""


def decide(
    evaluation: Evaluation, settings: TrainingSettings, comparison: Comparison | None = None
) -> GateDecision:
    """Decides on the model of `evaluation`; `comparison` is given where there is a champion.

    Promotes if the lower bound of the paired gain is above 0 and the relative gain at least
    `gate.minimum_gain`, over the baseline, over today's way where a column records it, and over
    the champion, and every guardrail holds. What casts doubt on it, calibration, latency and
    groups treated apart among them, asks for a person; so does a first version where too few rows
    tell what is done today. Where `gate.fairness.on_breach` is `report`, groups are only told of.
    """
    decision = _judge(evaluation, settings, comparison)
    return decision.model_copy(update={"comparison": comparison})


def _judge(
    evaluation: Evaluation, settings: TrainingSettings, comparison: Comparison | None
) -> GateDecision:
    label, minimum = evaluation.primary.label, settings.gate.minimum_gain
    baseline = f"{evaluation.baseline} baseline"
    passed = [_sentence(evaluation.gain, label, baseline, evaluation.level)]
    if evaluation.stepped_down is not None:
        passed.append(_stepped_down(evaluation))
    today = evaluation.incumbent
    if today is not None:
        passed.append(today.told(evaluation.level))
    if not evaluation.gain.proven(minimum):
        return _refused(evaluation.gain, passed, baseline, minimum)
    if today is not None and today.gain is not None and not today.gain.proven(minimum):
        return _refused(today.gain, passed, TODAY, minimum)
    broken = [_broken(one) for one in evaluation.guardrails if not one.held]
    if broken:
        return GateDecision(verdict="refuse", against="guardrails", reasons=(*broken, *passed))
    doubts = [*_doubts(evaluation, settings.gate.minimum_cases), *_unfit(evaluation, settings.gate)]
    if today is not None and today.gain is None and comparison is None:
        doubts.append("Whether it beats what is done today could not be measured.")
    alike = settings.gate.alike
    apart = [said for column in evaluation.fairness for said in column.breaches(alike)]
    (doubts if alike.on_breach == "review" else passed).extend(apart)
    if comparison is None:
        verdict: Verdict = "review" if doubts else "promote"
        return GateDecision(verdict=verdict, against=baseline, reasons=(*doubts, *passed))
    if not comparison.comparable or comparison.gain is None:
        doubts.insert(0, _incomparable(comparison))
        return GateDecision(verdict="review", against="champion", reasons=(*doubts, *passed))
    passed.insert(0, _sentence(comparison.gain, label, "champion", evaluation.level))
    if not comparison.gain.proven(minimum):
        return _refused(comparison.gain, passed, "champion", minimum)
    if comparison.worse_slices:
        slices = ", ".join(comparison.worse_slices)
        doubts.append(f"It does clearly worse than the champion where {slices}.")
    verdict = "review" if doubts else "promote"
    return GateDecision(verdict=verdict, against="champion", reasons=(*doubts, *passed))


def _sentence(gain: Gain, label: str, reference: str, level: float) -> str:
    if gain.value is None or gain.low is None or gain.high is None:
        return (
            f"The {label} cannot be computed on the {gain.rows:,} holdout rows: they may hold a "
            "single class. Give more rows, or another split."
        )
    share = "" if gain.relative is None else f" ({_percent(gain.relative)})"
    return (
        f"Gain in {label} over the {reference} on {gain.rows:,} holdout rows: "
        f"{shown(gain.value)}{share}, {level:.0%} interval {shown(gain.low)} to {shown(gain.high)}."
    )


def _percent(share: float) -> str:
    return f"{share:+.0%}" if abs(share) >= 1 else f"{share:+.1%}"


def _refused(gain: Gain, passed: list[str], against: str, minimum: float) -> GateDecision:
    if gain.low is None:
        verdict = "No gain can be shown, so the model is not promoted."
    elif gain.high is not None and gain.high < 0:
        verdict = f"The model is clearly worse than the {against}."
    elif gain.low <= 0:
        verdict = f"The interval of the gain over the {against} includes 0: no improvement."
    else:
        verdict = f"The gain over the {against} is below the minimum of {minimum:.1%}."
    return GateDecision(verdict="refuse", against=against, reasons=(verdict, *passed))


def _stepped_down(evaluation: Evaluation) -> str:
    gain = evaluation.stepped_down
    amount = "" if gain is None else f" ({shown(gain.value)})"
    return (
        f"The more complex model showed no sufficient gain over the {evaluation.family} one on "
        f"the holdout{amount}, so the simpler model stands."
    )


def _doubts(evaluation: Evaluation, minimum_cases: int) -> list[str]:
    doubts = []
    if evaluation.cases < minimum_cases:
        doubts.append(
            f"Of its rarest class the holdout has {evaluation.cases:,}, below the minimum of "
            f"{minimum_cases:,}: too few to rest a promotion on."
        )
    if evaluation.roc_auc is not None and evaluation.roc_auc >= TOO_GOOD:
        doubts.append(
            f"A ROC AUC of {evaluation.roc_auc:.3f} is a leak until proven otherwise: look for "
            "columns that are filled in after the outcome."
        )
    shuffled = evaluation.shuffled_auc
    if shuffled is not None and abs(shuffled - 0.5) > evaluation.shuffled_limit:
        doubts.append(
            f"The model reaches a ROC AUC of {shuffled:.3f} {SHUFFLED[evaluation.problem_type]}, "
            "where 0.5 is expected: something leaks the target."
        )
    return doubts


def _broken(guarded: Guarded) -> str:
    bound = "at least" if guarded.higher_is_better else "at most"
    return (
        f"A guardrail does not hold: {guarded.label} is {shown(guarded.model.value)} on the "
        f"holdout, and {bound} {guarded.limit:g} is asked for."
    )


def _unfit(evaluation: Evaluation, gate: GateSettings) -> list[str]:
    """What keeps good scores from being used as they are."""
    doubts = []
    slope, limits = evaluation.calibration_slope, gate.calibration_slope
    if slope and limits and slope.low is not None and slope.high is not None:
        least, most = limits
        if slope.high < least or slope.low > most:
            doubts.append(
                f"Its probabilities are not calibrated: the slope of {shown(slope.value)} has an "
                f"interval of {shown(slope.low)} to {shown(slope.high)}, outside {least:g} to "
                f"{most:g}."
            )
    latency = evaluation.latency_ms
    if latency is not None and gate.latency_ms is not None and latency > gate.latency_ms:
        doubts.append(
            f"One row takes {latency:.0f} ms here (99th percentile), above the {gate.latency_ms:g} "
            "ms that are asked for."
        )
    return doubts


def _incomparable(comparison: Comparison) -> str:
    if comparison.obstacle is not None:
        return f"There was no champion to compare with. {comparison.obstacle}"
    return (
        f"Champion and challenger share only {comparison.rows:,} comparable holdout rows that "
        f"neither has seen ({comparison.overlap:,} were in the champion's training): a person "
        "has to judge, or wait for newer rows."
    )
