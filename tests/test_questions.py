"""A lint of the flow: Copier ignores what it does not know, so a typo would pass unseen."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from mlops_architecture import answers, contradictions, design, intake
from rules.test_contradictions import CASES
from support import PARTS

ROOT = Path(__file__).parents[1]
SETTINGS, *INCLUDES = (ROOT / "copier.yml").read_text("utf-8").split("---\n")
FILES = [line.split()[1] for line in INCLUDES]
KEYS = {
    "type", "help", "choices", "default", "multiselect", "qmark", "secret", "validator", "when",
    "ask",
}  # fmt: skip
DOCUMENTS: dict[str, dict[str, dict[str, Any]]] = {
    name: yaml.safe_load((ROOT / name).read_text("utf-8")) for name in FILES
}
QUESTIONS = {name: q for document in DOCUMENTS.values() for name, q in document.items()}


def test_every_question_file_is_included_in_order() -> None:
    assert [
        f"questions/{path.name}" for path in sorted((ROOT / "questions").glob("*.yml"))
    ] == FILES


def test_no_question_is_defined_twice() -> None:
    assert len(QUESTIONS) == sum(len(document) for document in DOCUMENTS.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_use_known_keys_and_say_their_default(name: str) -> None:
    question = QUESTIONS[name]
    assert set(question) <= KEYS
    assert "default" in question and "type" in question


@pytest.mark.parametrize("name", QUESTIONS)
def test_help_fits_an_80_column_terminal(name: str) -> None:
    question = QUESTIONS[name]
    first, *others = str(question.get("help", "")).splitlines() or [""]
    lines = [f"{question.get('qmark', '')} {first}", *others]
    assert all(len(line) <= 79 for line in lines)
    assert len(lines) <= 12


@pytest.mark.parametrize("name", QUESTIONS)
def test_choices_fit_an_80_column_terminal(name: str) -> None:
    choices = QUESTIONS[name].get("choices") or []
    labels = [] if isinstance(choices, str) else [str(choice) for choice in choices]
    assert all(len(label) <= 72 for label in labels)
    assert len(labels) <= 20


@pytest.mark.parametrize("phase", design.PHASES, ids=lambda phase: phase.prefix)
def test_each_decision_with_a_choice_has_its_question_in_the_order_of_the_rules(
    phase: design.Phase,
) -> None:
    open_decisions = [name for name, options in phase.rules.OPTIONS.items() if len(options) > 1]
    document = DOCUMENTS[f"questions/{phase.number.lower()}_{phase.prefix}.yml"]
    asked = [name for name in document if name in phase.rules.OPTIONS]
    assert asked == open_decisions
    assert list(document[f"{phase.prefix}_change"]["choices"].values()) == open_decisions


def test_each_fact_has_its_question_and_the_rules_know_every_answer() -> None:
    assert set(intake.BY_NAME) <= set(QUESTIONS)
    assert set(QUESTIONS) <= answers.known_names()


def test_the_facts_are_asked_in_the_order_that_contradictions_rely_on() -> None:
    asked = [name for name in DOCUMENTS["questions/1_facts.yml"] if name in intake.BY_NAME]
    assert asked == list(contradictions.ORDER)


@pytest.mark.parametrize("case", CASES)
def test_what_a_contradiction_rules_out_can_be_greyed_out_or_objected_to(case: str) -> None:
    for name, value in CASES[case][0].items():
        question = QUESTIONS[name]
        if intake.BY_NAME[name].kind in {"choice", "yes_no"}:
            chosen = [
                choice
                for choice in question["choices"].values()
                if isinstance(choice, dict) and choice["value"] == value
            ]
            assert chosen and "validator" in chosen[0]
        else:
            assert f"flow.objection('{name}')" in question["validator"]


@pytest.mark.parametrize("name", intake.BY_NAME)
def test_choices_of_a_fact_are_what_the_facts_accept(name: str) -> None:
    choices = QUESTIONS[name].get("choices")
    if choices is None or intake.BY_NAME[name].kind == "choices":
        return
    values = choices.values() if isinstance(choices, dict) else choices
    for value in values:
        chosen = value["value"] if isinstance(value, dict) else value
        assert answers.objection(name, chosen) == ""


@pytest.mark.parametrize("name", answers.CHOICES)
def test_a_fact_from_a_list_accepts_what_the_list_offers_and_nothing_else(name: str) -> None:
    choices = QUESTIONS[name]["choices"]
    values = choices.values() if isinstance(choices, dict) else choices
    offered = {value["value"] if isinstance(value, dict) else value for value in values}
    assert offered == answers.CHOICES[name]
    assert answers.objection(name, "foo")


def test_progress_is_shown_with_every_question_of_a_phase() -> None:
    for position, phase in enumerate(design.PHASES, start=1):
        document = DOCUMENTS[f"questions/{phase.number.lower()}_{phase.prefix}.yml"]
        assert {question["qmark"] for question in document.values()} == {f"[{position}/9]"}


@pytest.mark.parametrize("place", ["README.md", "CHANGELOG.md", *PARTS])
def test_every_command_that_is_told_trusts_the_template(place: str) -> None:
    files = [ROOT / place] if "." in place else (ROOT / place).rglob("*.*")
    for path in files:
        if path.suffix in {".md", ".yml", ".py", ".jinja"}:
            told = re.findall(r"copier (?:copy|update) (-[-\w]*)", path.read_text("utf-8"))
            assert set(told) <= {"--trust"}, path
