"""The conversation, as a person at a terminal has it."""

from pathlib import Path

import pytest
import yaml
from support import DOWN, ENTER, ERASE, ROOT, Terminal, generate, picked, recorded

PLANS = [
    "pipeline_plan", "data_plan", "feature_plan", "training_plan", "deployment_plan",
    "monitoring_plan", "governance_plan", "stack_plan", "approval",
]  # fmt: skip
LEGAL = ["impact", "decision_mode", "personal_data"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def choices(file: str, name: str) -> list[str]:
    questions = yaml.safe_load((ROOT / "questions" / file).read_text("utf-8"))
    return list(questions[name]["choices"].values())


def test_with_statement_and_table_a_newcomer_confirms_nine_proposals_and_little_else(
    terminal: Terminal, template: Path, tmp_path: Path, churn: Path, statement: Path
) -> None:
    terminal.copy(template, tmp_path / "p", problem_statement=str(statement), data_file=str(churn))
    assert [
        name for name in terminal.asked if name.endswith("_plan") or name == "approval"
    ] == PLANS
    others = [name for name in terminal.asked if name not in PLANS]
    assert others == ["project_name", "facts_review", *LEGAL]


def test_with_nothing_some_twenty_questions_each_take_enter(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p")
    facts = [name for name in terminal.asked if name not in PLANS]
    assert 20 <= len(facts) <= 30
    assert (project / "architecture.md").is_file()


def test_defaults_and_pressing_enter_everywhere_decide_the_same(
    terminal: Terminal, template: Path, tmp_path: Path, churn: Path
) -> None:
    data = {"data_file": str(churn), "target": "left", "project_name": "p"}
    typed = recorded(terminal.copy(template, tmp_path / "a", **data))
    unattended = recorded(generate(template, tmp_path / "b", **data))
    typed.pop("approved"), unattended.pop("approved")
    assert typed == unattended


def test_changing_one_decision_records_it_and_leaves_the_rest(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    details = choices("2b_data.yml", "data_change")
    keys = {
        "data_plan": DOWN + ENTER,
        "data_change": picked(details, "data_gates"),
        "data_gates": DOWN + ENTER,
    }
    changed = recorded(terminal.copy(template, tmp_path / "a", keys, project_name="p"))
    plain = recorded(generate(template, tmp_path / "b", project_name="p"))
    different = {name for name in plain if changed[name] != plain[name]} - {"approved"}
    assert different == {"data_gates", "decision_log"}
    assert changed["data_plan"] == "good"
    assert "data_versioning" not in terminal.asked


def test_a_skipped_phase_is_recorded_and_shown_as_unreviewed(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p", {"monitoring_plan": DOWN + DOWN + ENTER})
    assert recorded(project)["monitoring_plan"] == "skip"
    document = (project / "architecture.md").read_text("utf-8")
    assert "copier update -d monitoring_plan=good" in document


def test_the_document_alone_writes_no_code(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p", {"approval": DOWN + ENTER})
    written = {path.name for path in project.iterdir()}
    assert written == {".copier-answers.yml", "architecture.md", "docs", "problem_statement.md"}


def test_a_table_that_cannot_be_read_is_asked_for_again(
    terminal: Terminal, template: Path, tmp_path: Path, churn: Path
) -> None:
    keys = {"data_file": f"/nowhere.csv{ENTER}{ERASE}{churn}{ENTER}"}
    project = terminal.copy(template, tmp_path / "p", keys)
    assert recorded(project)["data_file"] == str(churn)


def test_progress_and_proposals_are_printed_before_each_question(
    terminal: Terminal,
    template: Path,
    tmp_path: Path,
    churn: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    terminal.copy(template, tmp_path / "p", data_file=str(churn), target="left")
    said = capfd.readouterr().err
    positions = [said.index(f"[{number}/9]") for number in range(1, 10)]
    assert positions == sorted(positions)
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "1,200" in said
