"""The nine phases in order: facts and answers in, proposals and decisions out.

Phase k reads the facts and the decisions of phases before k, never later ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, NamedTuple

from .decision import Decision, Decisions, Option, Proposal, Refusal
from .facts import Facts
from .phases import data, deployment, feature, governance, monitoring, pipeline, stack, training
from .red_flags import Raised, raise_flags, refusals


class Phase(NamedTuple):
    """One phase: its number in the mission, its prefix, title, rules and references."""

    number: str
    prefix: str
    title: str
    rules: ModuleType
    references: tuple[str, ...]
    when_skipped: str = "the safe defaults stand, unreviewed"

    @property
    def plan(self) -> str:
        """Name of the answer that confirms the phase."""
        return f"{self.prefix}_plan"


PHASES: tuple[Phase, ...] = (
    Phase("2A", "pipeline", "The full pipeline", pipeline,
          ("capabilities/system-design", "capabilities/mlops-mental-models")),
    Phase("2B", "data", "Data", data,
          ("capabilities/data-management", "capabilities/data-quality")),
    Phase("2C", "feature", "Features", feature,
          ("capabilities/feature-engineering", "capabilities/training-serving-parity")),
    Phase("2D", "training", "Training and evaluation", training,
          ("capabilities/experiment-tracking", "capabilities/model-evaluation")),
    Phase("2E", "deployment", "Deployment", deployment, ("capabilities/deployment-strategies",),
          "no service is built, and the other safe defaults stand, unreviewed"),
    Phase("2F", "monitoring", "Monitoring and drift", monitoring,
          ("capabilities/drift-detection", "capabilities/model-monitoring",
           "capabilities/incident-response"),
          "drift detection, monitoring and retraining are left out, unreviewed"),
    Phase("2G", "governance", "Versioning and governance", governance,
          ("capabilities/model-registry",)),
    Phase("2H", "stack", "The ZenML stack", stack,
          ("tooling/zenml/component-guide", "tooling/zenml/deployment-architectures")),
)  # fmt: skip
BY_PREFIX = {phase.prefix: phase for phase in PHASES}


@dataclass(frozen=True)
class Design:
    """Every proposal and every decision, which phases were skipped, and what was objected."""

    facts: Facts
    decisions: Decisions
    raised: tuple[Raised, ...] = ()

    def of(self, prefix: str) -> tuple[Decision, ...]:
        """The decisions of one phase, in the order of its rules."""
        names = BY_PREFIX[prefix].rules.OPTIONS
        return tuple(entry for entry in self.decisions.entries if entry.proposal.decision in names)

    def skipped(self, prefix: str) -> bool:
        """The person skipped this phase: its safe defaults stand unreviewed."""
        return prefix in self.decisions.skipped

    def __getitem__(self, name: str) -> str | int:
        return self.decisions[name]


def options(prefix: str, name: str, facts: Facts) -> tuple[Option, ...]:
    """The options of a decision that fit these facts."""
    rules = BY_PREFIX[prefix].rules
    if hasattr(rules, "allowed"):
        narrowed: tuple[Option, ...] = rules.allowed(name, facts)
        return narrowed
    everything: tuple[Option, ...] = rules.OPTIONS[name]
    return everything


def make_design(facts: Facts, answers: Mapping[str, Any], until: str = "stack") -> Design:
    """Propose and decide phase by phase, up to and including the phase `until`.

    `answers` holds `<prefix>_plan` and whatever details were recorded; a missing answer,
    or one that is no option any more, takes the proposal.
    """
    decided: tuple[Decision, ...] = ()
    skipped: frozenset[str] = frozenset()
    phases: list[str] = []
    for phase in PHASES:
        if answers.get(phase.plan) == "skip":
            skipped |= {phase.prefix}
        earlier = Decisions(entries=decided, skipped=skipped)
        decided += _decide(phase, facts, earlier, answers)
        phases.append(phase.prefix)
        if phase.prefix == until:
            break
    decisions = Decisions(entries=decided, skipped=skipped)
    raised = raise_flags(facts, decisions, phases, answers)
    return Design(facts=facts, decisions=decisions, raised=raised)


def _decide(
    phase: Phase, facts: Facts, earlier: Decisions, answers: Mapping[str, Any]
) -> tuple[Decision, ...]:
    """Decisions of one phase; what is blocked gives way to the proposal, and says so."""
    refused: dict[str, Refusal] = {}
    while True:
        allowed = {name: value for name, value in answers.items() if name not in refused}
        decided = _propose_and_settle(phase, facts, earlier, allowed)
        if not any(decision.differs for decision in decided):
            break
        known = Decisions(entries=earlier.entries + decided, skipped=earlier.skipped)
        more = refusals(phase.prefix, facts, known, answers)
        if not more:
            break
        refused |= more
    return tuple(_with_refusal(each, refused.get(each.proposal.decision)) for each in decided)


def _with_refusal(decision: Decision, refusal: Refusal | None) -> Decision:
    """What stands in the end was not refused: it was so only beside another value that gave way."""
    stands = refusal is None or refusal.value == decision.value
    return decision if stands else replace(decision, refused=refusal)


def _propose_and_settle(
    phase: Phase, facts: Facts, earlier: Decisions, answers: Mapping[str, Any]
) -> tuple[Decision, ...]:
    """What the person changed is known to the rest of the phase's rules."""
    first = tuple(
        _settle(phase, facts, proposal, earlier, answers)
        for proposal in phase.rules.propose(facts, earlier)
    )
    if not any(decision.differs for decision in first):
        return first
    changed = tuple(decision for decision in first if decision.differs)
    known = Decisions(entries=earlier.entries + changed, skipped=earlier.skipped)
    return tuple(
        _settle(phase, facts, proposal, earlier, answers)
        for proposal in phase.rules.propose(facts, known)
    )


def _settle(
    phase: Phase, facts: Facts, proposal: Proposal, earlier: Decisions, answers: Mapping[str, Any]
) -> Decision:
    choices = {option.value: option for option in options(phase.prefix, proposal.decision, facts)}
    skipped = phase.prefix in earlier.skipped
    value = proposal.value if skipped else answers.get(proposal.decision, proposal.value)
    option = choices.get(value, choices[proposal.value])
    return Decision(
        proposal=proposal,
        value=option.value,
        label=option.label,
        built=option.built,
        skipped=skipped,
    )
