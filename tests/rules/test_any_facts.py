"""Whatever the facts: no exception, an enabled choice, an argument, and no contradiction."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from mlops_architecture import zenml_stack
from mlops_architecture.design import PHASES, Design, make_design, options
from mlops_architecture.facts import Facts

from rules.expectations import assert_has_the_number_of_its_rule
from rules.operation import operated_facts

MANY = settings(max_examples=2_000, deadline=None)


def values(design: Design) -> dict[str, str | int]:
    return {entry.proposal.decision: entry.value for entry in design.decisions.entries}


@MANY
@given(operated_facts)
def test_each_decision_is_proposed_once_as_an_enabled_choice_with_a_number(facts: Facts) -> None:
    design = make_design(facts, {})
    proposals = [entry.proposal for entry in design.decisions.entries]
    expected = [name for phase in PHASES for name in phase.rules.OPTIONS]
    assert Counter(proposal.decision for proposal in proposals) == Counter(expected)
    for phase in PHASES:
        for entry in design.of(phase.prefix):
            proposal = entry.proposal
            enabled = {option.value for option in options(phase.prefix, proposal.decision, facts)}
            assert proposal.value in enabled, proposal
            assert entry.value == proposal.value and entry.refused is None
            assert_has_the_number_of_its_rule(proposal)


@MANY
@given(operated_facts)
def test_rules_do_not_contradict_each_other(facts: Facts) -> None:
    """No proposal triggers a flag, no proposed stack is refused, and what was accepted stays."""
    design = make_design(facts, {})
    decided = values(design)
    assert [flag for flag in design.raised if flag.decision in decided] == []
    assert zenml_stack.violations(design.decisions) == ()
    again = make_design(facts, decided)
    assert values(again) == decided
    assert again.raised == design.raised
