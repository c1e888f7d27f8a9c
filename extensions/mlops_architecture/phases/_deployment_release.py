"""How a new version takes over, and the way back: rules F3 to F5."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._deployment_plan import canary_cases, canary_sees_quality, is_realtime
from ._evidence import cost_threshold
from ._inputs import (
    HOURS_PER_DAY,
    counted,
    inputs,
    listed,
    marked,
    number,
    others,
    percent,
    spelled,
    taken,
)
from ._pace import cadence_days, label_delay, load, opening, period

_ARMS = tuple(
    f"{100 * share:.0f}"
    for share in (limits.F3_FIRST_SHARE, limits.F3_SECOND_SHARE, limits.F3_FULL_SHARE)
)
_CANARY = " → ".join(_ARMS)
STRATEGY: tuple[Option, ...] = (
    Option(value="swap", label="Validate, swap, keep the previous version"),
    Option(value="shadow", label="Shadow one full cycle, then switch", built=False),
    Option(value="shadow_full", label="Shadow, then all traffic"),
    Option(value="shadow_canary", label=f"Shadow, canary {_CANARY} %"),
)
PROMOTION: tuple[Option, ...] = (
    Option(value="manual", label="A person sets the stage after the gate's report"),
    Option(value="ci_gate", label="CI runs the gate, a person approves"),
    Option(value="automatic", label="The gate promotes, on the record"),
)
FALLBACK: tuple[Option, ...] = (
    Option(value="incumbent_rule", label="What is done today, without the model"),
    Option(value="last_scores", label="The last good scores"),
    Option(value="base_rate", label="One answer for all: base rate or median", built=False),
    Option(value="none", label="Nothing: without a model there is no answer"),
)
ROLLBACK: tuple[Option, ...] = (
    Option(value="previous_version", label="The previous version, by one command"),
)


def strategy(facts: Facts, mode: str) -> Proposal:
    """Rule F3 by mode and impact; a canary only where it can see quality (RF24)."""
    value = _takeover(facts, mode)
    impact = marked(facts, "impact", f"{facts.impact} impact")
    delay = label_delay(facts)
    cases = counted(canary_cases(facts), "case")
    return Proposal(
        decision="deployment_strategy",
        value=value,
        reason=_strategy_reason(facts, value, impact),
        rule="F3",
        references={
            "shadow": ("AWS-CD",), "shadow_canary": ("SRE", "AWS-CD", "WALD", "DKW"),
        }.get(value, ()),
        alternatives=others(
            STRATEGY,
            value,
            {
                "swap": f"{impact.capitalize()}, {mode}: nobody would have seen the new scores.",
                "shadow": f"Scoring twice for one {period(facts)} buys little with {impact}."
                if mode == "batch"
                else f"Compares one batch each {period(facts)}; requests show more within days.",
                "shadow_full": "There is no traffic to switch."
                if mode == "batch"
                else f"{impact.capitalize()}: a canary sees quality within "
                f"{limits.F3_CANARY_DAYS} days.",
                "shadow_canary": "There is no traffic to split."
                if mode == "batch"
                else f"A canary needs {cases} per arm; labels take {delay}.",
            },
        ),
        changes_if=_strategy_turns(facts, value),
        inputs=inputs(
            facts, "impact", "label_delay_days", "peak_rps", "positive_rate", "data_cadence"
        ),
    )  # fmt: skip


def _takeover(facts: Facts, mode: str) -> str:
    if not is_realtime(mode):
        return "swap" if facts.impact == "low" else "shadow"
    watched = facts.impact != "low" and canary_sees_quality(facts)
    return "shadow_canary" if watched else "shadow_full"


def _strategy_reason(facts: Facts, value: str, impact: str) -> str:
    if value == "swap":
        return (
            f"Swap: {impact} and one batch each {period(facts)}; validate the new version, write "
            "with it, keep the previous one."
        )
    if value == "shadow":
        return (
            f"Shadow for one {period(facts)}: with {impact}, score with both versions, read the "
            "differences, then switch; no user sees the trial."
        )
    if value == "shadow_canary":
        return (
            f"Shadow a week, then {listed(_ARMS)} % of requests: {impact}, and labels after "
            f"{label_delay(facts)} let a canary see quality. Errors, p99 or a "
            "shift of scores abort it."
        )
    if facts.impact == "low":
        days = spelled(limits.F3_LOW_SHADOW_DAYS)
        return f"Shadow {days} days, then all: {impact} at {load(facts)}."
    return (
        f"Shadow at least a week, then all: a canary would be blind, needing "
        f"{counted(canary_cases(facts), 'case')} per arm and labels, which take "
        f"{label_delay(facts)}, within {limits.F3_CANARY_DAYS} days."
    )


def _strategy_turns(facts: Facts, value: str) -> tuple[str, ...]:
    if value == "swap":
        return ("impact becomes medium or high",)
    if value == "shadow_full" and facts.impact != "low":
        return (
            f"{counted(canary_cases(facts), 'labelled case')} per arm within "
            f"{limits.F3_CANARY_DAYS} days",
            "a canary judged on errors, latency and scores alone is wanted",
        )
    if value == "shadow_full":
        return ("impact becomes medium or high, and labels come within the canary",)
    return ("impact becomes low",)


def promotion(facts: Facts, earlier: Decisions) -> Proposal:
    """Rule F4: by the maturity level; never automatic for high impact."""
    level = int(taken(earlier, "maturity_level", 1))
    value = "manual" if level < limits.F4_CI_LEVEL else "ci_gate"
    if level >= limits.F4_AUTOMATIC_LEVEL and facts.impact != "high" and not facts.regulated:
        value = "automatic"
    impact = marked(facts, "impact", f"{facts.impact} impact")
    return Proposal(
        decision="deployment_promotion",
        value=value,
        reason={
            "manual": f"The approver sets the stage by hand at level {level}, after the gate's "
            "report; only the first model that beats the baseline is promoted by train itself.",
            "ci_gate": f"CI runs the gate at level {level} and the approver says yes: {impact}, "
            f"{counted(facts.committers, 'committer')}.",
            "automatic": f"The gate promotes at level {level}, and the approver reads its record: "
            f"{impact}, {counted(facts.n_models, 'model')} that a person cannot follow by hand.",
        }[value],
        rule="F4",
        references=("ZEN",) if value == "manual" else (),
        alternatives=others(
            PROMOTION,
            value,
            {
                "manual": f"At level {level} the gate is automated; by hand it would be skipped.",
                "ci_gate": f"CI gates belong to level {limits.F4_CI_LEVEL}; this is level {level}."
                if level < limits.F4_CI_LEVEL
                else f"With {impact} at level {level} waiting for approval costs more.",
                "automatic": f"Needs level {limits.F4_AUTOMATIC_LEVEL}, less than high impact and "
                f"no regulated model; here level {level}, {facts.impact}.",
            },
        ),
        changes_if={
            "manual": (
                f"level {limits.F4_CI_LEVEL} is reached: tests and gates run on every change",
            ),
            "ci_gate": (
                f"level {limits.F4_AUTOMATIC_LEVEL} is reached with less than high impact, and no "
                "regulation applies",
            ),
            "automatic": ("impact becomes high", "one automatic promotion goes wrong"),
        }[value],
        inputs=inputs(facts, "impact", "regulated", "committers", "n_models"),
    )


def fallback(facts: Facts, mode: str) -> Proposal:
    """Rules F5 and RF39: what answers while no model can; it exists before the first model."""
    value = _stand_in(facts, mode)
    hours = f"{number(facts.staleness_ok_hours)} h"
    base = "the median" if facts.problem_type == "regression" else _base_rate(facts)
    return Proposal(
        decision="deployment_fallback",
        value=value,
        reason={
            "incumbent_rule": _without_model(facts, mode),
            "last_scores": f"The last good scores: after {facts.months_operated} months of "
            f"operation they exist, and may be {hours} old.",
            "base_rate": f"No person decides on {facts.target}: every case gets {base}, known "
            f"from {counted(facts.rows, 'row')}{_acted_on(facts)}.",
        }[value],
        rule="F5",
        references=("AWS-CD", "MLTS"),
        alternatives=others(
            FALLBACK,
            value,
            {
                "incumbent_rule": f"Tells less than scores of {hours} ago."
                if value == "last_scores"
                else "Nothing is done today that could stand in.",
                "last_scores": _no_last_scores(facts, mode),
                "base_rate": "The same answer for every case tells less than "
                + ("deciding without the model." if value == "incumbent_rule" else "yesterday's."),
                "none": f"{opening(base)} costs nothing to keep, and the first model may fail.",
            },
        ),
        changes_if=(
            ("the present way of deciding is given up",)
            if value == "incumbent_rule"
            else ("a rule, even one of one line, is written down",)
        ),
        inputs=inputs(
            facts, "baseline_kind", "decision_mode", "impact", "months_operated",
            "staleness_ok_hours", "data_cadence", "positive_rate",
        ),
    )  # fmt: skip


def _without_model(facts: Facts, mode: str) -> str:
    back = _time_back(facts, mode)
    if facts.baseline_kind != "none":
        today = {"manual": "the manual process", "rules": "the rules", "model": "the present model"}
        return (
            f"Back to {today[facts.baseline_kind]} within {back}: what decides on "
            f"{facts.target} today needs no new model."
        )
    decided = marked(facts, "decision_mode", _DECIDED[facts.decision_mode])
    return f"People decide on {facts.target} without the model, within {back}: {decided}."


_DECIDED = {
    "advisory": "its score only advises them",
    "human_in_loop": "each case passes one of them anyway",
    "automated": "a batch can wait for them, and one answer for all would do more harm",
}
"""Why people are the fallback where nothing else decides today."""


def _acted_on(facts: Facts) -> str:
    """What the base rate comes to, where costs say from which probability on acting pays."""
    pays = cost_threshold(facts) if facts.problem_type == "binary" else None
    if pays is None or facts.positive_rate is None:
        return ""
    below = facts.positive_rate < pays
    return (
        f"; {'below' if below else 'at or above'} the {percent(pays)} from which acting pays, so "
        f"{'none' if below else 'each'} is acted on"
    )


def _no_last_scores(facts: Facts, mode: str) -> str:
    if not facts.months_operated:
        return "None exist before the first model has run."
    if is_realtime(mode):
        return "A request has no score of yesterday."
    return (
        f"With a failed {period(facts)} they are older than "
        f"{number(facts.staleness_ok_hours)} h, or the present way is better."
    )


def _stand_in(facts: Facts, mode: str) -> str:
    if facts.baseline_kind != "none":
        return "incumbent_rule"
    days = cadence_days(facts)
    periods = limits.F5_SCORE_PERIODS
    survives = days is not None and facts.staleness_ok_hours >= periods * HOURS_PER_DAY * days
    if mode == "batch" and facts.months_operated and survives:
        return "last_scores"
    waits = mode == "batch" and facts.impact != "low"
    return "incumbent_rule" if facts.decision_mode != "automated" or waits else "base_rate"


def _base_rate(facts: Facts) -> str:
    if facts.positive_rate is None:
        return "the base rate"
    return f"the base rate of {number(100 * facts.positive_rate)} %"


def _time_back(facts: Facts, mode: str) -> str:
    """Rule F5: how long the way back may take."""
    if is_realtime(mode):
        return f"{limits.F5_MINUTES} minutes"
    return f"{spelled(limits.F5_CYCLES)} cycle (one {period(facts)})"


def rollback(facts: Facts, mode: str) -> Proposal:
    """Rule F5: always one command to the previous version, rehearsed."""
    target = _time_back(facts, mode)
    pages = facts.owner or "nobody named yet"
    return Proposal(
        decision="deployment_rollback",
        value="previous_version",
        reason=(
            f"One command back to the previous version, within {target}, run by {pages}; then "
            "the fallback, then people. A rollback counts once it was rehearsed."
        ),
        rule="F5",
        references=("AWS-CD", "MLTS"),
        inputs=inputs(facts, "owner", "data_cadence"),
    )
