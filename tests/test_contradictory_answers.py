"""A person who contradicts what is known is told so, asked again, and loses nothing typed."""

from pathlib import Path

import copier
import pytest
from copier.errors import UserMessageError
from mlops_architecture import intake
from support import (
    DOWN,
    ENTER,
    ERASE,
    UP,
    Terminal,
    commit,
    copy_template,
    generate,
    git,
    picked,
    recorded,
)

CHANGEABLE = [question.name for question in intake.QUESTIONS if question.name != "target"]
FAST_BATCH = "# Fast\n## Constraints\n- **Latency**: daily batch, each answer within 5 ms\n"
NO_LABELS = "# Rate\n## Data Summary\n- **Label availability**: none\n- **Positive rate**: 3 %\n"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def typed(*attempts: str) -> str:
    """Keys that type each attempt over the one before it."""
    return "".join(f"{ERASE}{attempt}{ENTER}" for attempt in attempts)


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_typed_cost_that_contradicts_is_asked_for_again(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    keys = {"owner": typed("Ada"), "cost_false_negative": typed("240", "0"), "weeks": typed("1")}
    answers = recorded(terminal.copy(template, tmp_path / "p", keys, save_rate=0))
    assert answers["cost_false_negative"] == 0
    assert answers["owner"] == "Ada"
    assert terminal.asked.count("cost_false_negative") == 1
    assert terminal.asked[-1] == "approval"


def test_a_statement_that_contradicts_itself_is_shown_and_both_facts_are_offered(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    statement = written(tmp_path / "s.md", FAST_BATCH)
    keys = {"owner": typed("Ada"), "latency_ms": typed("5", "59999", "0")}
    project = terminal.copy(template, tmp_path / "p", keys, problem_statement=statement)
    said = " ".join(capfd.readouterr().err.split())
    assert "! consumption is batch (stated in the problem statement), and latency_ms is 5" in said
    answers = recorded(project)
    assert (answers["consumption"], answers["latency_ms"]) == ("batch", 0)
    assert answers["owner"] == "Ada"
    assert terminal.asked.count("facts_change") == 1
    position = terminal.asked.index
    assert position("facts_change") < position("consumption") < position("latency_ms")


def test_the_earlier_fact_may_be_the_wrong_one(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    statement = written(tmp_path / "s.md", FAST_BATCH)
    keys = {"consumption": DOWN + ENTER}
    project = terminal.copy(template, tmp_path / "p", keys, problem_statement=statement)
    answers = recorded(project)
    assert (answers["consumption"], answers["latency_ms"]) == ("realtime", 5)


def test_what_contradicts_is_asked_even_where_the_overview_was_called_good(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    statement = written(tmp_path / "s.md", FAST_BATCH)
    keys = {"facts_review": UP + ENTER, "latency_ms": typed("0")}
    project = terminal.copy(template, tmp_path / "p", keys, problem_statement=statement)
    assert "facts_change" not in terminal.asked and "consumption" not in terminal.asked
    assert "latency_ms" in terminal.asked
    assert capfd.readouterr().err.count("! consumption is batch") == 2
    assert recorded(project)["latency_ms"] == 0


def test_labels_that_are_denied_and_counted_are_asked_for(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    statement = written(tmp_path / "s.md", NO_LABELS)
    project = terminal.copy(template, tmp_path / "p", problem_statement=statement)
    answers = recorded(project)
    assert "labels" in terminal.asked and answers["labels"] == "available"


def test_a_choice_that_contradicts_an_answer_from_outside_cannot_be_taken(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    keys = {"consumption": DOWN + ENTER}
    answers = recorded(terminal.copy(template, tmp_path / "p", keys, latency_ms=5))
    assert answers["consumption"] == "realtime", "from the last choice down, past greyed-out batch"


def test_labels_later_than_the_table_is_long_are_asked_for(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    rows = "".join(f"2025-12-{day:02},{day % 7},{'yn'[day % 2]}\n" for day in range(1, 31))
    table = written(tmp_path / "t.csv", "sold_at,x,left\n" + rows)
    statement = written(tmp_path / "s.md", "# L\n- **Label delay**: 60 days\n")
    keys = {"label_delay_days": typed("90", "3")}
    project = terminal.copy(
        template, tmp_path / "p", keys, data_file=table, problem_statement=statement
    )
    assert recorded(project)["label_delay_days"] == 3


def test_two_contradictory_answers_from_outside_are_refused_before_anything_is_asked(
    terminal: Terminal, template: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserMessageError, match="Which holds"):
        terminal.copy(template, tmp_path / "p", consumption="batch", latency_ms=5)
    assert terminal.asked == []
    assert not (tmp_path / "p").exists()


def test_the_person_is_told_at_the_start_what_is_kept_and_what_is_lost(
    terminal: Terminal, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    terminal.copy(template, tmp_path / "p")
    opening = " ".join(capfd.readouterr().err.split("The facts so far")[0].split())
    assert "contradicts another" in opening and "Ctrl-C loses the answers" in opening


# Updates ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A service with a limit of 50 ms, made from a template under version control."""
    repository = copy_template(tmp_path / "template")
    commit(repository)
    git(repository, "tag", "v0.1.0")
    made = generate(repository, tmp_path / "p", consumption="realtime", latency_ms=50)
    commit(made)
    return made


def test_an_update_whose_answer_contradicts_a_recorded_one_changes_nothing(project: Path) -> None:
    with pytest.raises(UserMessageError) as refusal:
        copier.run_update(
            project, data={"consumption": "batch"}, defaults=True, unsafe=True, quiet=True,
            overwrite=True,
        )  # fmt: skip
    assert "batch (-d)" in str(refusal.value) and "50 (answered)" in str(refusal.value)
    assert git(project, "status", "--porcelain") == ""


def test_an_update_at_the_terminal_asks_for_the_recorded_answer_again(
    project: Path, terminal: Terminal
) -> None:
    terminal.keys = {"latency_ms": typed("50", "0")}
    copier.run_update(
        project, data={"consumption": "batch"}, unsafe=True, quiet=True, overwrite=True
    )
    answers = recorded(project)
    assert (answers["consumption"], answers["latency_ms"]) == ("batch", 0)


def test_a_fact_changed_in_an_update_does_not_contradict_a_recorded_default(
    terminal: Terminal, tmp_path: Path
) -> None:
    repository = copy_template(tmp_path / "template")
    commit(repository)
    git(repository, "tag", "v0.1.0")
    project = generate(repository, tmp_path / "p", consumption="realtime")
    commit(project)
    terminal.keys = {
        "facts_review": DOWN + ENTER,
        "facts_change": picked(CHANGEABLE, "consumption"),
        "consumption": UP + ENTER,
    }
    copier.run_update(project, unsafe=True, quiet=True, overwrite=True)
    assert recorded(project)["consumption"] == "batch"
    assert "latency_ms" not in terminal.asked
