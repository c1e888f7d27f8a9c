"""Section N: each source that a rule cites exists, with an address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.phases import governance
from mlops_architecture.red_flags import FLAGS
from mlops_architecture.sources import MEASURED, SOURCES, basis

from rules.cases import WEATHER
from rules.operation import operated_facts


@pytest.mark.parametrize("key", SOURCES)
def test_source_has_title_address_and_fact(key: str) -> None:
    source = SOURCES[key]
    assert re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(/\S*)?", source.url)
    assert source.title and source.fact


@pytest.mark.parametrize(
    ("rule", "references", "said"),
    [
        ("E3", (), "rule E3, our judgement"),
        ("G2", (), "rule G2, our measurement"),
        ("E3", ("RULES", "SRE"), "rule E3, cited from memory"),
        ("E3", ("RULES", "KAPOOR"), "rule E3"),
    ],
)
def test_a_judgement_is_called_one_a_measurement_too_and_memory_is_admitted(
    rule: str, references: tuple[str, ...], said: str
) -> None:
    assert basis(rule, references) == said


def test_what_is_called_measured_exists_and_cites_nothing_else() -> None:
    flags = {flag.id: flag.references for flag in FLAGS}
    decisions = make_design(WEATHER, {}).decisions.entries
    rules = {entry.proposal.rule: entry.proposal.references for entry in decisions}
    assert {name: (rules | flags)[name] for name in MEASURED} == dict.fromkeys(MEASURED, ())


def test_no_address_stands_twice() -> None:
    addresses = [source.url for source in SOURCES.values()]
    assert len(set(addresses)) == len(addresses)


@settings(max_examples=200)
@given(operated_facts)
def test_everything_cited_is_a_source(facts: Facts) -> None:
    for decision in make_design(facts, {}).decisions.entries:
        assert set(decision.proposal.references) <= set(SOURCES), decision.proposal.decision
    assert {duty.source for duty in governance.legal_duties(facts)} <= set(SOURCES)
