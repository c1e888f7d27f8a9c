"""The references that the flow prints, the document cites and the project copies."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from mlops_architecture.design import PHASES, make_design
from mlops_architecture.facts import Facts
from mlops_architecture.sources import SOURCES
from reference_texts import (
    BOUNDS,
    CITED,
    DECISIONS,
    NAMED,
    NAMES,
    OPENING,
    QUANTITY,
    REFERENCES,
    RULES,
    bold,
    bullets,
    entries,
    explained,
    informed,
    limits_of,
    meant,
    measured,
    read,
    readings,
    sections,
    sentences,
    stated,
    told,
)
from rules.operation import operated_facts

SEVERAL_PAGES = {"SKL", "SRE"}
"""Sources of more than one page, of which a reference links the one it means."""
READ_IN_PART = {"SKL", "GDPR", "AIA", "HIPAA", "PCI", "REGB"}
"""Sources whose text was read for some facts only: each citation speaks for what it cites."""
ONLY_CODE = {
    "A3_MINORITY_SHARE", "H8_YEARS", "H8_LOG_MONTHS", "H11_MONTHS",
    "B3_LEVEL", "F4_CI_LEVEL", "F4_AUTOMATIC_LEVEL", "I_LEVEL",
    "E4_TRAINING_SHARE", "F3_LIFT", "F3_POWER", "F3_RAREST_RATE", "F3_REGRESSION_RATE",
    "F5_SCORE_PERIODS", "G2_SHIFT", "G2_LARGER_SHIFT", "G2_LARGEST_SHIFT", "G2_SHORT_WINDOWS",
}  # fmt: skip
"""Limits that no bullet states: another rule's number again; a level, which is called by its name;
what a computation needs and nobody argues with."""
SLOTS = {
    "orchestrator": "orchestrator",
    "artifact store": "artifact_store",
    "experiment tracker": "experiment_tracker",
    "data validator": "data_validator",
    "model registry": "model_registry",
    "deployer": "deployer",
    "container registry": "container_registry",
    "alerter": "alerter",
    "step operator": "step_operator",
}
FORBIDDEN = {
    "what '91 %' measured was not production": r"\b91\s?(%|percent)",
    "a loss whose cause is disputed": r"Zillow|881\s?M",
    "a deployment error without any model": r"Knight Capital",
    "a share without a source": r"\b95\s?% of (all )?cases|30 (minutes|hours)",
    "average precision is contested as the answer to imbalance": r"PR[- ]AUC",
    "superseded bank guidance": r"SR\s?11-7",
    "superseded date of the AI Act": r"(2 Aug(ust)?|Aug(ust)? 2,?) 2026|2026-08-02",
    "deprecated MLflow stages": r"MLflow\W+[Ss]taging|Staging/Production",
}


def slot_flavours() -> dict[str, list[str]]:
    """The slots of the component guide's table and the flavours it names for each."""
    table = sections("tooling/zenml/component-guide")["The nine slots"]
    rows = (line.split("|")[1:-1] for line in table.splitlines() if line.startswith("|"))
    named = {row[0].strip(): re.findall(r"`(\w+)`", row[2] + row[3]) for row in rows}
    return {slot: flavours for slot, flavours in named.items() if flavours}


def test_exactly_the_fifteen_references_exist() -> None:
    found = {path.relative_to(REFERENCES).as_posix() for path in REFERENCES.rglob("*.md")}
    assert found == {f"{name}.md" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
class TestEachReference:
    def test_has_a_title_and_its_sections_in_order(self, name: str) -> None:
        assert re.match(r"# \S.*\n\n## In ten lines\n", read(name))
        headings = list(sections(name))
        assert headings[0] == OPENING
        assert headings[-3:] == [DECISIONS, BOUNDS, CITED]

    def test_opening_fits_the_terminal(self, name: str) -> None:
        lines = sections(name)[OPENING].strip("\n").splitlines()
        assert len(lines) <= 10
        assert [line for line in lines if len(line) > 76] == []

    def test_opening_reads_well_without_rendering(self, name: str) -> None:
        assert re.findall(r"[`*_#|<>]|\]\(", sections(name)[OPENING]) == []

    def test_every_link_is_https(self, name: str) -> None:
        assert [
            url for url in re.findall(r"\]\(([^)]*)\)", read(name)) if url[:8] != "https://"
        ] == []

    def test_repeats_no_refuted_claim(self, name: str) -> None:
        text = " ".join(read(name).split())
        assert {why for why, claim in FORBIDDEN.items() if re.search(claim, text)} == set()

    def test_holds_no_template_syntax(self, name: str) -> None:
        assert re.findall(r"\{\{|\}\}|\{%|%\}|\{#|#\}", read(name)) == []


@pytest.mark.parametrize("name", NAMES)
class TestDecisionsOfAReference:
    def test_each_is_one_bullet_with_its_rules_first(self, name: str) -> None:
        assert len(list(bullets(name))) == len(entries(name, DECISIONS)) > 0
        assert [bullet.decision for bullet in bullets(name) if not bullet.rules] == []

    def test_name_a_decision_of_the_rules_once(self, name: str) -> None:
        known = {decision for phase in PHASES for decision in phase.rules.OPTIONS}
        assert set(informed(name)) <= known
        assert len(set(informed(name))) == len(informed(name))

    def test_cite_only_what_the_reference_lists(self, name: str) -> None:
        listed = {entry.split(":")[0].removeprefix("- ") for entry in entries(name, CITED)}
        cited = {key for bullet in bullets(name) for key in bullet.sources}
        assert cited <= listed & set(SOURCES)

    def test_only_decisions_stand_in_backticks(self, name: str) -> None:
        assert re.findall(r"`([^`]+)`", sections(name)[DECISIONS]) == informed(name)

    def test_bold_is_a_number_and_its_unit(self, name: str) -> None:
        quantities = [quantity for bullet in bullets(name) for quantity in bold(bullet.text)]
        assert [quantity for quantity in quantities if not readings(quantity)] == []

    def test_every_bold_number_is_a_limit_of_a_rule_of_its_bullet(self, name: str) -> None:
        strangers = [
            f"{bullet.decision} {bullet.rules}: {quantity}"
            for bullet in bullets(name)
            for quantity in bold(bullet.text)
            if not all(meant(bullet, reading) for reading in readings(quantity))
        ]
        assert strangers == []

    def test_no_other_number_stands_there(self, name: str) -> None:
        plain = [re.sub(r"\*\*[^*]+\*\*", "", bullet.text) for bullet in bullets(name)]
        assert [text for text in plain if re.search(r"\d", NAMED.sub("", text))] == []

    def test_bold_numbers_stand_nowhere_else(self, name: str) -> None:
        rest = "\n".join(text for title, text in sections(name).items() if title != DECISIONS)
        assert [found for found in bold(rest) if QUANTITY.fullmatch(found)] == []


@pytest.mark.parametrize("name", NAMES)
class TestSourcesOfAReference:
    def test_each_is_a_source_with_its_address_or_our_own_word(self, name: str) -> None:
        for entry in entries(name, CITED):
            if re.match(r"- Our (judgement|measurement): \S", entry):
                continue
            found = re.match(r"- ([A-Z0-9-]+): \[[^\]]{4,}\]\((https://[^)\s]+)\)", entry)
            assert found, entry
            assert found[1] in SOURCES
            assert found[1] in SEVERAL_PAGES or found[2] == SOURCES[found[1]].url

    def test_memory_is_called_memory(self, name: str) -> None:
        for entry in entries(name, CITED):
            key = entry.split(":")[0].removeprefix("- ")
            if key in SOURCES and key not in READ_IN_PART:
                assert ("from memory" in entry) == SOURCES[key].from_memory, entry


def test_every_decision_is_explained_somewhere() -> None:
    decisions = {decision for phase in PHASES for decision in phase.rules.OPTIONS}
    assert decisions - set(explained()) == set()


@settings(max_examples=200)
@given(operated_facts)
def test_each_decision_is_explained_by_the_rules_that_decide_it(facts: Facts) -> None:
    for entry in make_design(facts, {}).decisions.entries:
        rules = set(entry.proposal.rule.split(", ")) & RULES
        assert rules <= explained().get(entry.proposal.decision, set()), entry.proposal.decision


def test_no_number_of_a_rule_stands_in_more_references_than_it_has_meanings() -> None:
    crowded = {
        f"{rule}: {value:g}": names
        for (rule, value), names in stated().items()
        if len(names) > [held for _, held in limits_of(rule)].count(value)
    }
    assert crowded == {}


def test_every_limit_is_stated_where_its_rule_is_explained() -> None:
    informing: dict[str, set[str]] = defaultdict(set)
    for name in NAMES:
        for rule in {rule for bullet in bullets(name) for rule in bullet.rules}:
            informing[rule].add(name)
    silent = {
        f"{limit} = {value:g}"
        for rule, names in informing.items()
        for limit, value in limits_of(rule)
        if limit not in ONLY_CODE
        and (rule, value) not in stated()
        and not (limit in measured() and any(told(name, value) for name in names))
    }
    assert silent == set()


def test_limits_that_no_bullet_states_exist() -> None:
    assert {name for rule in RULES for name, _ in limits_of(rule)} >= ONLY_CODE


def test_no_two_references_share_a_sentence() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for name in NAMES:
        for sentence in sentences(name):
            where[sentence].add(name)
    shared = {sentence: names for sentence, names in where.items() if len(names) > 1}
    assert {sentence for sentence in shared if len(sentence.split()) > 8} == set()


def test_every_reference_that_a_phase_shows_exists() -> None:
    assert {name for phase in PHASES for name in phase.references} <= set(NAMES)


def test_stages_pipelines_and_levels_are_all_taught() -> None:
    taught = sections("capabilities/system-design")
    assert len(re.findall(r"^\d+\. \*\*", taught["The ten stages"], re.MULTILINE)) == 10
    assert len(re.findall(r"^\| ", taught["The five pipelines"], re.MULTILINE)) == 1 + 5
    assert re.findall(r"^- \*\*(\d),", taught["The four maturity levels"], re.MULTILINE) == list(
        "0123"
    )
    components = sections("capabilities/mlops-mental-models")["The ten components"]
    assert len(re.findall(r"^\| ", components, re.MULTILINE)) == 1 + 10


def test_component_guide_names_the_nine_slots_in_order() -> None:
    assert list(slot_flavours()) == list(SLOTS)


def test_flavours_of_the_component_guide_exist_in_the_pinned_zenml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENML_CONFIG_PATH", str(tmp_path))
    monkeypatch.setenv("ZENML_ANALYTICS_OPT_IN", "false")
    registry = pytest.importorskip("zenml.stack.flavor_registry").FlavorRegistry()
    flavours = [kind() for kind in registry.builtin_flavors + registry.integration_flavors]
    available = {(flavour.type.value, flavour.name) for flavour in flavours}
    named = {(SLOTS[slot], name) for slot, names in slot_flavours().items() for name in names}
    assert named <= available
