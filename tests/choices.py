"""Every answer that is a choice, and what it may be, as the flow offers it."""

from __future__ import annotations

from typing import Any

from mlops_architecture import intake
from mlops_architecture.design import PHASES
from test_questions import QUESTIONS

ASKED_OF_A_SAMPLE = {"problem_type", "unseen_entities"}
STOPPING = {"labels": {"none"}}
"""Answers with which no project can be made."""


def of_fact(name: str) -> list[Any]:
    """The choices of a fact."""
    offered = QUESTIONS[name]["choices"]
    values = offered.values() if isinstance(offered, dict) else offered
    values = [value["value"] if isinstance(value, dict) else value for value in values]
    return [value for value in values if value not in STOPPING.get(name, set())]


FACTS: dict[str, list[Any]] = {
    question.name: of_fact(question.name)
    for question in intake.QUESTIONS
    if question.kind in {"choice", "yes_no"} and question.name not in ASKED_OF_A_SAMPLE
    if question.name != "primary_metric"
}
"""Facts that are a choice whatever the table is."""
DECISIONS = {
    name: [option.value for option in options]
    for phase in PHASES
    for name, options in phase.rules.OPTIONS.items()
}
