"""docs/facts.md publishes what is asked, derived or assumed; it is compared with the rules."""

import os
from pathlib import Path

import yaml
from mlops_architecture import intake

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "docs" / "facts.md"
INTRODUCTION = """\
# The facts

Every decision rests on these. *Asked*: a newcomer is asked, unless a problem statement or the table
already says it; with both at hand, only the legal facts are asked and the rest is shown in one
overview. *Derived*: computed from other facts. *Assumed*: a default stands until somebody says
otherwise; the document lists it as assumed. Any of them can be given as `-d name=value`, or picked
in the overview. Legal facts are never assumed in silence: unanswered, the document owes them.

| Fact | Theme | How | Legal | Question |
|---|---|---|---|---|
"""


def rendered() -> str:
    questions = yaml.safe_load((ROOT / "questions" / "1_facts.yml").read_text("utf-8"))
    rows = [
        f"| `{fact.name}` | {fact.theme} | {fact.treatment} | {'yes' if fact.legal else ''} "
        f"| {questions[fact.name]['help'].strip()} |"
        for fact in intake.QUESTIONS
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


def test_the_published_table_of_facts_is_what_the_flow_does() -> None:
    if os.environ.get("REGENERATE"):
        PUBLISHED.write_text(rendered(), encoding="utf-8")
    assert PUBLISHED.read_text("utf-8") == rendered()
