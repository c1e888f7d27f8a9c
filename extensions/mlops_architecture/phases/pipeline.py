"""2A, the pipeline as a whole: the maturity level to build now, and the destination."""

from __future__ import annotations

from dataclasses import replace

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._inputs import counted, inputs, listed, nth, number, others, spelled
from ._pace import label_delay

OPTIONS: dict[str, tuple[Option, ...]] = {
    "maturity_level": (
        Option(value=0, label="Level 0, manual: a notebook, nothing promised"),
        Option(value=1, label="Level 1, pipeline automation: one command from data to model"),
        Option(value=2, label="Level 2, CI/CD for ML: tests and gates on every change"),
        Option(
            value=3,
            label="Level 3, full automation: retrains and promotes unattended",
            built=False,
        ),
    ),
}  # fmt: skip

_READ = (
    "horizon", "impact", "regulated", "committers", "n_models", "current_level",
    "months_operated", "stability", "label_delay_days", "data_cadence", "team_size",
)  # fmt: skip


def allowed(decision: str, facts: Facts) -> tuple[Option, ...]:
    """The levels; tests and gates run on every change only where a CI starts them."""
    return tuple(
        replace(option, built=False) if option.value == 2 and facts.ci == "none" else option
        for option in OPTIONS[decision]
    )


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2A."""
    return (_maturity_level(facts),)


def destination(facts: Facts) -> int:
    """The maturity level that these facts call for, however far away (rules B1 to B3)."""
    if _used_once(facts):
        return 0
    if _unattended_pays(facts):
        return 3
    return 2 if _reasons_for_ci(facts) else 1


def _used_once(facts: Facts) -> bool:
    """Rule B1's exception: one learner, and a table that does not come again."""
    return facts.horizon == "learning" and facts.data_cadence == "once" and facts.team_size <= 1


def _reasons_for_ci(facts: Facts) -> tuple[str, ...]:
    """Rule B2: what makes automated tests and gates pay; nothing short of production."""
    if facts.horizon != "production":
        return ()
    reasons = {
        "high impact": facts.impact == "high",
        f"regulation ({listed(facts.regulations)})": facts.regulated,
        f"{facts.committers} committers": facts.committers >= limits.B2_COMMITTERS,
        f"{facts.n_models} models": facts.n_models >= limits.B2_MODELS,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _unattended_pays(facts: Facts) -> bool:
    """Rule B3: all conjuncts hold; rollback is rehearsed wherever level 2 is operated."""
    return (
        facts.horizon == "production"
        and facts.current_level >= limits.B3_LEVEL
        and facts.months_operated >= limits.B3_MONTHS
        and facts.stability in {"shifting", "adversarial"}
        and (facts.n_models >= limits.B3_MODELS or _retrain_days(facts) <= limits.B3_RETRAIN_DAYS)
        and facts.impact != "high"
    )


def _retrain_days(facts: Facts) -> float:
    """Days between two trainings in a world that moves, no sooner than labels come."""
    fastest = min(limits.G10_SHIFTING_DAYS, limits.G10_ADVERSARIAL_DAYS)
    return max(facts.label_delay_days, fastest)


def _maturity_level(facts: Facts) -> Proposal:
    """Rules B1 to B4: the destination, and at most one level above the present."""
    target = destination(facts)
    level = min(target, max(facts.current_level, 0) + limits.B4_LEVELS)
    rule = "B4" if level < target else {0: "B1", 1: "B1", 2: "B2", 3: "B3"}[target]
    return Proposal(
        decision="maturity_level",
        value=level,
        reason=_reason(facts, level, target),
        rule=rule,
        references=("AZMM",) if rule in {"B3", "B4"} else ("GMLOPS",),
        alternatives=others(OPTIONS["maturity_level"], level, _why_not(facts, level)),
        changes_if=_changes_if(target),
        inputs=inputs(facts, *_READ),
    )


def _reason(facts: Facts, level: int, target: int) -> str:
    now = f"Level {level} now"
    if target == 0:
        return f"{now}: one person learns from a table that comes once, so nothing is promised."
    if target == 1:
        return (
            f"{now}, and that is the destination: {facts.horizon} with "
            f"{counted(facts.n_models, 'model')}, {counted(facts.committers, 'committer')} and "
            f"{facts.impact} impact. One command from {facts.data_cadence} data to a model pays; "
            "unattended gates do not yet."
        )
    if target == 2:
        why = listed(_reasons_for_ci(facts))
        when = f"level 2 about {limits.B2_WEEKS} weeks later" if level < 2 else "the destination"
        return f"{now}, {when}: {why}, hence tests and gates on every change."
    where = "level 3 the destination" if level < target else "the destination"
    return (
        f"{now}, {where}: {facts.months_operated} months operated at level "
        f"{facts.current_level}, a world that is {facts.stability}, and labels after "
        f"{label_delay(facts)}. Assumes that rollback is rehearsed in CI."
    )


def _why_not(facts: Facts, level: int) -> dict[str | int, str]:
    return {
        option: (
            _too_little(facts, option)
            if option < level
            else f"You stand at level {facts.current_level}: "
            f"{spelled(limits.B4_LEVELS)} level at a time (B4)."
            if option > facts.current_level + limits.B4_LEVELS
            else _too_much(facts, option)
        )
        for option in range(4)
    }


def _too_little(facts: Facts, level: int) -> str:
    if level == 0:
        return f"Every {facts.data_cadence} run would be by hand, and nobody could repeat it."
    if level == 1:
        return f"Leaves {listed(_reasons_for_ci(facts)) or 'changes'} without tests and gates."
    models = counted(facts.n_models, "model")
    return f"A person would have to promote {models} every {number(_retrain_days(facts))} days."


def _too_much(facts: Facts, level: int) -> str:
    if level == 1:
        return "The table comes once, for one person: there is no second run to automate."
    if level == 2:
        return (
            f"Pays from {limits.B2_COMMITTERS} committers, {limits.B2_MODELS} models, high impact "
            f"or regulation in production; here {facts.committers} and {facts.n_models}."
        )
    return (
        f"Needs a fast-moving world, low stakes and {limits.B3_MONTHS} months of operation; here "
        f"{facts.stability}, {facts.impact}, {facts.months_operated} months."
    )


def _changes_if(target: int) -> tuple[str, ...]:
    return {
        0: ("the output is used a second time, or by a second person",),
        1: (
            "impact becomes high or a regulation applies",
            f"a {nth(limits.B2_COMMITTERS)} committer or model, or monthly code releases",
        ),
        2: ("it stays one model, one committer and a change a year",),
        3: ("one bad promotion costs more than waiting for a person",),
    }[target]
