"""docs/ publishes what is asked and what is objected to; both are compared with the rules.

    REGENERATE=1 uv run pytest tests/test_published_tables.py

writes them anew.
"""

import os
from pathlib import Path

import yaml
from mlops_architecture import intake
from mlops_architecture.red_flags import FLAGS, Flag
from mlops_architecture.sources import unsourced

ROOT = Path(__file__).parents[1]
FACTS = """\
# The facts

Every decision rests on these. *Asked*: a newcomer is asked, unless a problem statement or the table
already says it; with both at hand, only the owner and the legal facts are asked, and the rest is
shown in one overview. *Derived*: computed from other facts. *Assumed*: a default stands until
somebody says otherwise; the document lists it as assumed. Any of them can be given as
`-d name=value`, or picked in the overview. Legal facts are never assumed in silence: unanswered,
the document owes them.

| Fact | Theme | How | Legal | Question |
|---|---|---|---|---|
"""
RED_FLAGS = """\
# The red flags

What the flow objects to, phase by phase. *Block*: the choice is greyed out, or gives way to the
proposal, and the document says so; where it *may be waived*, a person is named with a reason
(`-d rf13_waiver="Name: reason"`). *Justify*: a sentence is asked for (`-d rf45_reason="…"`), and
owed where nobody was there to ask. *Warn*: recorded among the risks. Words in braces are the
project's own numbers. RF15 is withdrawn, since ONNX is the default of this template; from RF46 on
the flags follow from the rules.

| Flag | Phase | Severity | About | What it says | Sources |
|---|---|---|---|---|---|
"""


def facts() -> str:
    """The table of facts, as the rules and the questions have it."""
    questions = yaml.safe_load((ROOT / "questions" / "1_facts.yml").read_text("utf-8"))
    rows = [
        f"| `{fact.name}` | {fact.theme} | {fact.treatment} | {'yes' if fact.legal else ''} "
        f"| {questions[fact.name]['help'].strip()} |"
        for fact in intake.QUESTIONS
    ]
    return FACTS + "\n".join(rows) + "\n"


def red_flags() -> str:
    """The table of red flags, as the rules have it."""
    rows = [
        f"| {flag.id} | {flag.phase} | {severity(flag)} | {flag.about.replace('_', ' ')} "
        f"| {flag.message} | {', '.join(flag.references) or unsourced(flag.id)} |"
        for flag in FLAGS
    ]
    return RED_FLAGS + "\n".join(rows) + "\n"


def severity(flag: Flag) -> str:
    """How much a flag asks, and whether it may be waived or corrects itself."""
    if flag.waivable:
        return f"{flag.severity}, may be waived"
    return f"{flag.severity}, corrected" if flag.corrects else str(flag.severity)


def published(name: str, content: str) -> str:
    """What stands in `docs/`, written anew where that is asked for."""
    path = ROOT / "docs" / name
    if os.environ.get("REGENERATE"):
        path.write_text(content, encoding="utf-8")
    return path.read_text("utf-8")


def test_the_published_table_of_facts_is_what_the_flow_does() -> None:
    assert published("facts.md", facts()) == facts()


def test_the_published_table_of_red_flags_is_what_the_flow_objects_to() -> None:
    assert published("red_flags.md", red_flags()) == red_flags()
