"""The conversation, as a person at a terminal has it."""

import re
import runpy
from datetime import datetime, timedelta
from pathlib import Path

import copier
import pytest
import yaml
from copier.errors import UserMessageError
from mlops_architecture import intake
from mlops_architecture.phases import training
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.formatted_text import to_plain_text
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.validation import ValidationError
from support import (
    DOWN,
    ENTER,
    ERASE,
    ROOT,
    SPACE,
    UP,
    Terminal,
    commit,
    generate,
    git,
    picked,
    recorded,
)  # fmt: skip

PLANS = [
    "pipeline_plan", "data_plan", "feature_plan", "training_plan", "deployment_plan",
    "monitoring_plan", "governance_plan", "stack_plan", "approval",
]  # fmt: skip
LEGAL = ["impact", "decision_mode", "personal_data"]
NO_LAW = {"decision_mode": "advisory", "personal_data": "none", "regulations": ["none"]}
"""What leaves nothing owed, together with an impact."""

OBJECTED = ["rf45_reason", "rf35_reason", "rf07_reason"]
"""No owner, no number and date of success, nothing to beat: each wants a sentence."""

LACKED = ["baseline_kind", "success_criteria", "owner"]
"""The facts that each of them is about."""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def told_whole(said: str) -> list[str]:
    """The phases that were explained, and not told in a line."""
    return re.findall(r"─\n\[\d/9\] (2\w)", said)


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
    assert others == ["project_name", "facts_review", *LACKED, *LEGAL, *OBJECTED]


def test_with_nothing_some_twenty_questions_each_take_enter(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p")
    facts = [name for name in terminal.asked if name not in (*PLANS, *OBJECTED)]
    assert 20 <= len(facts) <= 30
    assert (project / "architecture.md").is_file()


def test_defaults_and_pressing_enter_everywhere_decide_the_same(
    terminal: Terminal, template: Path, tmp_path: Path, churn: Path
) -> None:
    data = {"data_file": str(churn), "target": "left", "project_name": "p"}
    typed = recorded(terminal.copy(template, tmp_path / "a", **data))
    unattended = recorded(generate(template, tmp_path / "b", **data))
    for name in ("approved", *OBJECTED):
        assert typed.pop(name) != unattended.pop(name)
    assert unattended["decision_log"].endswith("approve | unattended")
    unattended["decision_log"] = unattended["decision_log"].replace("unattended", "person")
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
    different = {name for name in plain if changed[name] != plain[name]}
    assert different == {"data_gates", "decision_log", "approved", *OBJECTED}
    assert changed["rf47_reason"]
    assert changed["data_plan"] == "good"
    assert "data_versioning" not in terminal.asked


def test_a_skipped_phase_is_recorded_and_shown_as_unreviewed(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p", {"monitoring_plan": DOWN + DOWN + ENTER})
    assert recorded(project)["monitoring_plan"] == "skip"
    document = (project / "architecture.md").read_text("utf-8")
    assert "copier update --trust -d monitoring_plan=good" in document


def test_the_document_alone_writes_no_code(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    project = terminal.copy(template, tmp_path / "p", {"approval": DOWN + ENTER})
    written = {path.name for path in project.iterdir()}
    assert written == {".copier-answers.yml", "architecture.md", "docs", "problem_statement.md"}
    assert "Document only - I want to review it first" in terminal.shown["approval"]


def test_a_table_that_cannot_be_read_and_columns_that_it_lacks_are_asked_for_again(
    terminal: Terminal,
    template: Path,
    tmp_path: Path,
    churn: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    facts = [question.name for question in intake.QUESTIONS if question.name != "target"]
    keys = {
        "data_file": f"/nowhere.csv{ENTER}{ERASE}{churn}{ENTER}",
        "facts_review": DOWN + ENTER,
        "facts_change": picked(facts, "post_outcome_columns"),
        "post_outcome_columns": f"contract,tenur{ENTER}{ERASE}contract,tenure{ENTER}",
    }
    project = terminal.copy(template, tmp_path / "p", keys)
    said = capfd.readouterr().err
    assert "The table has 1,200 rows and" in said.split("The facts so far")[0]
    assert "target" in terminal.asked and recorded(project)["data_file"] == str(churn)
    assert recorded(project)["post_outcome_columns"] == "contract,tenure"
    contract = yaml.safe_load((project / "data" / "contract.yaml").read_text("utf-8"))
    roles = {column["name"]: column["role"] for column in contract["columns"]}
    assert (roles["contract"], roles["tenure"]) == ("excluded", "excluded")


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


def test_the_overview_shows_the_facts_that_the_design_uses(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hours = (datetime(2026, 1, 1) + timedelta(hours=hour) for hour in range(400))
    rows = (f"{at},{n % 7},{'ny'[n % 3 == 0]}\n" for n, at in enumerate(hours))
    (tmp_path / "t.csv").write_text("at,x,left\n" + "".join(rows), encoding="utf-8")
    data = {"data_file": str(tmp_path / "t.csv"), "target": "left"}
    answers = recorded(terminal.copy(template, tmp_path / "p", **data))
    before = capfd.readouterr().err.partition("[1/9]")[0]
    shown = dict(re.findall(r"^  (\w+) +(\S+)  \(\w+\)", before, re.MULTILINE))
    assert (shown["event_time"], shown["label_delay_days"]) == ("at", "0.125")
    assert "label_delay_days" in terminal.asked and answers["label_delay_days"] == 0.125
    assert "Proposed are 3 hours (assumed: three steps of the table)" in before
    assert shown["data_cadence"] == answers["data_cadence"] == "hourly"


def test_which_class_is_meant_is_asked_where_the_one_named_so_is_the_commoner(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = (f"{n % 7},{str(n % 10 > 0).lower()}\n" for n in range(400))
    (tmp_path / "t.csv").write_text("x,landed\n" + "".join(rows), encoding="utf-8")
    data = {"data_file": str(tmp_path / "t.csv"), "target": "landed", "owner": "Ada"}
    with pytest.raises(UserMessageError, match="one of 'false', 'true', not 'no'"):
        generate(template, tmp_path / "q", positive_class="no", **data)
    keys = {"positive_class": f"{ERASE}no{ENTER}{ERASE}false{ENTER}"}
    answers = recorded(terminal.copy(template, tmp_path / "p", keys, **data))
    said = " ".join(capfd.readouterr().err.split())
    assert "The classes are false (10 %) and true (90 %)." in said
    assert (answers["positive_class"], answers["positive_rate"]) == ("false", 0.1)
    assert "that landed is false, 0 to 1" in (tmp_path / "p/architecture.md").read_text("utf-8")


def test_a_blocked_choice_is_greyed_out_in_the_prompt(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    levels = {"pipeline_plan": DOWN + ENTER, "pipeline_change": SPACE + ENTER}
    past_the_grey = DOWN + ENTER
    project = terminal.copy(template, tmp_path / "p", levels | {"maturity_level": past_the_grey})
    assert recorded(project)["maturity_level"] == 0


def test_a_reason_has_to_be_a_sentence(terminal: Terminal, template: Path, tmp_path: Path) -> None:
    typed = f"{ENTER}TODO{ENTER}{ERASE}later{ENTER}{ERASE}Ada takes it over in March.{ENTER}"
    project = terminal.copy(template, tmp_path / "p", {"rf45_reason": typed})
    assert recorded(project)["rf45_reason"] == "Ada takes it over in March."


def test_what_is_lacking_is_asked_for_itself_and_no_reason_after_it_was_said(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = {
        "owner": f"Ada Lovelace{ENTER}",
        "success_criteria": f"0.6 precision by 2027-03-31{ENTER}",
        "baseline_kind": DOWN + ENTER,
    }
    answers = recorded(terminal.copy(template, tmp_path / "p", keys))
    assert not set(OBJECTED) & set(terminal.asked)
    assert (answers["owner"], answers["baseline_kind"]) == ("Ada Lovelace", "manual")
    assert "! A team of 1 in production and no owner" in capfd.readouterr().err


def test_who_only_learns_is_not_asked_for_what_production_needs(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    terminal.copy(template, tmp_path / "p", {"horizon": DOWN + DOWN + ENTER})
    assert not {"success_criteria", "baseline_kind", *OBJECTED} & set(terminal.asked)


def test_a_waiver_needs_a_name_and_lets_the_choice_stand(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    details = choices("2d_training.yml", "training_change")
    families = [option.value for option in training.OPTIONS["training_candidates"]]
    proposed = "linear_lightgbm"
    presses = (families.index("deep") - families.index(proposed)) * DOWN
    keys = {
        "training_plan": DOWN + ENTER,
        "training_change": picked(details, "training_candidates"),
        "training_candidates": presses + ENTER,
        "rf13_waiver": f"because{ENTER}{ERASE}Ada Lovelace: we replicate a paper{ENTER}",
    }
    project = terminal.copy(template, tmp_path / "p", keys, rows=20_000)
    answers = recorded(project)
    assert answers["training_candidates"] == "deep"
    assert answers["rf13_waiver"] == "Ada Lovelace: we replicate a paper"


def test_an_answered_objection_is_never_repeated_nor_an_explanation_unless_it_is_opened(
    terminal: Terminal, repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    unapproved = {"approval": DOWN + ENTER}
    project = terminal.copy(repository, tmp_path / "p", unapproved, **NO_LAW, impact="medium")
    assert set(OBJECTED) <= set(terminal.asked)
    assert "".join(told_whole(capfd.readouterr().err)) == "2A2B2C2D2E2F2G2H2I"
    commit(project)
    terminal.asked.clear()
    terminal.keys = {"training_plan": DOWN + ENTER}
    opened = {"data_plan": "change", "approval": "approve"}
    copier.run_update(project, data=opened, unsafe=True, quiet=True, overwrite=True)
    assert not set(OBJECTED) & set(terminal.asked)
    assert {*PLANS, "data_change", "training_change"} - {*opened} <= set(terminal.asked)
    said = capfd.readouterr().err
    assert told_whole(said) == ["2B", "2D", "2I"]
    assert "[3/9] 2C  Features, as it was: scaling standard," in said


def test_what_is_owed_unattended_is_asked_and_after_an_upgrade_everything_is_told(
    terminal: Terminal, repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = generate(repository, tmp_path / "p")
    assert {recorded(project)[name] for name in OBJECTED} == {"owed"}
    answers, other = project / ".copier-answers.yml", git(repository, "rev-parse", "v0.1.0")
    answers.write_text(answers.read_text("utf-8").replace("v0.1.0", other.strip()), "utf-8")
    commit(project)
    copier.run_update(project, unsafe=True, quiet=True, overwrite=True)
    said = capfd.readouterr().err
    assert "".join(told_whole(said)) == "2A2B2C2D2E2F2G2H2I" and ", as it was: " not in said
    assert {*LACKED, *OBJECTED} <= set(terminal.asked)
    assert "owed" not in {recorded(project)[name] for name in OBJECTED}


def test_legal_facts_that_nobody_stated_are_asked_by_the_next_person(
    terminal: Terminal, repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = generate(repository, tmp_path / "p", impact="low")
    commit(project)
    terminal.keys = {
        "decision_mode": UP + ENTER,
        "personal_data": DOWN + ENTER,
        "regulations": UP + SPACE + UP + SPACE + ENTER,
    }
    copier.run_update(project, unsafe=True, quiet=True, overwrite=True)
    assert {*NO_LAW} <= set(terminal.asked)
    assert "impact" not in terminal.asked
    assert recorded(project)["decision_mode"] != "not_stated"
    said = capfd.readouterr().err
    assert {"2G", "2I"} <= set(told_whole(said)) and "The facts so far" in said
    commit(project)
    terminal.asked.clear()
    copier.run_update(project, unsafe=True, quiet=True, overwrite=True)
    said = capfd.readouterr().err
    assert "decision_mode" not in terminal.asked and told_whole(said) == []
    assert "facts as last time" in said and "it stands as approved" in said


def test_a_refusal_of_what_was_typed_is_shown_whole() -> None:
    place = runpy.run_path(str(ROOT / "extensions" / "flow" / "_place.py"))
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        session: PromptSession[str] = PromptSession()
        session.default_buffer.validation_error = ValidationError(message="it is wrong " * 15)
        with set_app(session.app):
            place["show_whole_refusals"]()
            heights = [
                window.preferred_height(80, 24).preferred
                for window in session.app.layout.find_all_windows()
                if "it is wrong" in to_plain_text(getattr(window.content, "text", ""))
            ]
    assert heights == [3]
