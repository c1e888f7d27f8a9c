"""2E, deployment: how predictions reach their use, and the way back."""

from __future__ import annotations

from dataclasses import replace

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _deployment_delivery as delivery
from . import _deployment_release as release
from ._deployment_plan import (
    calibration_range,
    canary_cases,
    capacity_plan,
    is_realtime,
    is_served,
    prediction_log_fields,
    promotion_conditions,
    replicas,
    rollback_ladder,
)
from ._guardrails import measured_guardrails
from ._inputs import taken

__all__ = [
    "OPTIONS",
    "allowed",
    "calibration_range",
    "canary_cases",
    "capacity_plan",
    "is_realtime",
    "is_served",
    "measured_guardrails",
    "prediction_log_fields",
    "promotion_conditions",
    "propose",
    "replicas",
    "rollback_ladder",
]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "deployment_mode": delivery.MODE,
    "deployment_serving": delivery.SERVING,
    "deployment_log": delivery.LOG,
    "deployment_strategy": release.STRATEGY,
    "deployment_promotion": release.PROMOTION,
    "deployment_fallback": release.FALLBACK,
    "deployment_rollback": release.ROLLBACK,
}


def allowed(decision: str, facts: Facts) -> tuple[Option, ...]:
    """The options of a decision; a CI's gate is built only where there is a CI."""
    return tuple(
        replace(option, built=False) if option.value == "ci_gate" and facts.ci == "none" else option
        for option in OPTIONS[decision]
    )


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2E."""
    first = delivery.mode(facts)
    mode = str(taken(earlier, "deployment_mode", first.value))
    second = delivery.serving(facts, mode, earlier)
    return (
        first,
        second,
        delivery.log(facts, mode, str(taken(earlier, "deployment_serving", second.value)), earlier),
        release.strategy(facts, mode),
        release.promotion(facts, earlier),
        release.fallback(facts, mode),
        release.rollback(facts, mode),
    )
