"""What every proposal owes its reader, whatever the facts."""

from __future__ import annotations

import re
from types import ModuleType

from mlops_architecture import limits
from mlops_architecture.decision import Decisions, Option, Proposal
from mlops_architecture.facts import Facts

MOST_REASON_WORDS, MOST_WHY_NOT_WORDS = 45, 20
NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\b(half|second|third|fourth|fifth|tenth)\b",
    re.IGNORECASE,
)
"""A number, in digits or in a word."""


def proposals_by_name(
    phase: ModuleType, facts: Facts, earlier: Decisions | None = None
) -> dict[str, Proposal]:
    """Every proposal of a phase by its decision."""
    return {p.decision: p for p in phase.propose(facts, earlier or Decisions())}


def enabled(phase: ModuleType, decision: str, facts: Facts) -> tuple[Option, ...]:
    """The options that may be taken for these facts."""
    narrow = getattr(phase, "allowed", None)
    return narrow(decision, facts) if narrow else phase.OPTIONS[decision]


def assert_well_argued(phase: ModuleType, facts: Facts) -> None:
    """Order, options, alternatives and length of each text; raises AssertionError."""
    proposals = proposals_by_name(phase, facts)
    assert list(proposals) == list(phase.OPTIONS)
    for decision, proposal in proposals.items():
        options = enabled(phase, decision, facts)
        values = [option.value for option in options]
        assert set(values) <= {option.value for option in phase.OPTIONS[decision]}
        assert proposal.value in values, (decision, proposal.value)
        others = [value for value in values if value != proposal.value]
        assert [a.value for a in proposal.alternatives] == others, decision
        assert len(proposal.reason.split()) <= MOST_REASON_WORDS, proposal.reason
        assert proposal.reason[0] == proposal.reason[0].capitalize(), proposal.reason
        assert proposal.reason.endswith("."), proposal.reason
        for alternative in proposal.alternatives:
            words = alternative.why_not.split()
            assert 0 < len(words) <= MOST_WHY_NOT_WORDS, alternative
        assert proposal.inputs, decision
        assert_has_the_number_of_its_rule(proposal)


def assert_has_the_number_of_its_rule(proposal: Proposal) -> None:
    """A reason lacks no number where its rule has one; raises AssertionError."""
    rules = (rule.strip() for rule in proposal.rule.split(","))
    if any(limits.of_rule(rule) for rule in rules):
        assert NUMBER.search(proposal.reason), proposal
