"""Section N: each source that a rule cites exists, with an address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.phases import governance
from mlops_architecture.sources import SOURCES, basis

from rules.operation import operated_facts


@pytest.mark.parametrize("key", SOURCES)
def test_source_has_title_address_and_fact(key: str) -> None:
    source = SOURCES[key]
    assert re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(/\S*)?", source.url)
    assert source.title and source.fact


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ((), "rule E3, our judgement"),
        (("RULES", "SRE"), "rule E3, cited from memory"),
        (("RULES", "KAPOOR"), "rule E3"),
    ],
)
def test_a_judgement_is_called_one_and_memory_is_admitted(
    references: tuple[str, ...], said: str
) -> None:
    assert basis("E3", references) == said


def test_no_address_stands_twice() -> None:
    addresses = [source.url for source in SOURCES.values()]
    assert len(set(addresses)) == len(addresses)


@settings(max_examples=200)
@given(operated_facts)
def test_everything_cited_is_a_source(facts: Facts) -> None:
    for decision in make_design(facts, {}).decisions.entries:
        assert set(decision.proposal.references) <= set(SOURCES), decision.proposal.decision
    assert {duty.source for duty in governance.legal_duties(facts)} <= set(SOURCES)
