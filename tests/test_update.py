"""`copier update` evolves a project: nothing changes that nobody changed."""

import re
import shutil
from datetime import date
from pathlib import Path

import copier
import pytest
import yaml
from copier.errors import UserMessageError
from mlops_architecture.red_flags import ANSWERS
from support import ENTER, Terminal, commit, generate, git, recorded, update

BUILT = ("src", "configs", "data", "stacks", "tests", "pyproject.toml")
FEATURE = """

@feature
def older_than_a_year(table: pd.DataFrame) -> pd.Series:
    return table["tenure"] > 12
"""


def test_an_update_that_changes_nothing_leaves_an_empty_diff(
    repository: Path, tmp_path: Path, churn: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = generate(repository, tmp_path / "p", data_file=str(churn), target="left")
    commit(project)
    update(project, quiet=False)
    assert git(project, "status", "--porcelain") == ""
    said = capfd.readouterr().err
    assert "Nothing changed: no fact, no decision and no file." in said and "Review:" not in said


def test_a_table_that_is_to_be_read_again_is_read_alone_and_one_that_is_gone_never_dropped(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    table = tmp_path / "moved.csv"
    table.write_bytes(churn.read_bytes())
    project = generate(
        repository, tmp_path / "p", data_file=str(table), target="left", project_name="churn"
    )
    commit(project)
    table.write_text("\n".join(churn.read_text("utf-8").splitlines()[:801]), encoding="utf-8")
    update(project, reread=True)
    assert recorded(project)["stated_facts"] == "", "nobody edited the statement that was written"
    assert "(stated)" not in (project / "docs/decisions/2b_data_retention_months.md").read_text()
    commit(project)
    table.unlink()
    with pytest.raises(UserMessageError, match=r"data_file: There is no file .*moved\.csv"):
        update(project, reread=True)
    assert git(project, "status", "--porcelain") == ""


def test_a_sample_is_replaced_by_the_first_table_with_its_facts_and_its_contract(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(repository, tmp_path / "p", n_models=2)
    commit(project)
    update(project, data_file=str(churn), reread=True)
    contract = yaml.safe_load((project / "data" / "contract.yaml").read_text("utf-8"))
    assert (contract["table"], contract["synthetic"]) == ("churn.csv", False)
    answers = recorded(project)
    assert (answers["rows"], answers["n_models"]) == (1200, 2)
    assert "1,200 rows" in (project / "architecture.md").read_text("utf-8")
    assert "<<<<<<<" not in git(project, "diff")


def test_a_table_given_without_a_flag_is_read_too(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(repository, tmp_path / "p")
    commit(project)
    update(project, data_file=str(churn))
    assert recorded(project)["rows"] == 1200
    assert "churn.csv" in recorded(project)["data_profile"]


def test_a_second_copy_with_a_table_into_one_folder_designs_for_the_table(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(repository, tmp_path / "p")
    data = {"data_file": str(churn)}
    copier.run_copy(
        str(repository), project, data=data, defaults=True, unsafe=True, quiet=True, overwrite=True
    )
    answers = recorded(project)
    assert (answers["rows"], answers["target"]) == (1200, "left")
    assert "churn.csv" in (project / "data" / "contract.yaml").read_text("utf-8")


def test_an_edited_contract_of_the_sample_stays_and_the_report_says_what_to_do(
    repository: Path, tmp_path: Path, churn: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = generate(repository, tmp_path / "p")
    path = project / "data" / "contract.yaml"
    edited = path.read_text("utf-8").replace("maximum: 5.0", "maximum: 6.0", 1)
    path.write_text(edited, encoding="utf-8")
    commit(project)
    update(project, quiet=False, data_file=str(churn), reread=True)
    assert path.read_text("utf-8") == edited
    assert "Rename it and update once more" in " ".join(capfd.readouterr().err.split())
    path.rename(project / "data" / "contract.old.yaml")
    commit(project)
    update(project)
    assert yaml.safe_load(path.read_text("utf-8"))["table"] == "churn.csv"


def test_the_document_alone_becomes_a_project_on_approval(repository: Path, tmp_path: Path) -> None:
    project = generate(repository, tmp_path / "p", approval="document")
    assert not (project / "src").exists()
    commit(project)
    update(project, approval="approve")
    assert (project / "src" / "p" / "cli.py").is_file()
    assert (project / "uv.lock").is_file()
    log = (project / "docs" / "decisions" / "log.md").read_text("utf-8")
    assert "| `approval` | document | approve |" in log


def test_decisions_stay_when_a_fact_changes_and_the_document_shows_the_difference(
    repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = generate(repository, tmp_path / "p")
    commit(project)
    update(project, data_size_gb=40.0)
    assert recorded(project)["data_engine"] == "duckdb_pandas"
    document = (project / "architecture.md").read_text("utf-8")
    today = date.today().isoformat()
    assert re.search(rf"Kept from {today}; today \S+ would be proposed: \S+", document)
    assert "Chosen by a person" not in document
    record = (project / "docs" / "decisions" / "2b_data_engine.md").read_text("utf-8")
    assert f"Status: kept from {today}, when it was proposed" in record
    commit(project)
    contract = (project / "data" / "contract.yaml").read_bytes()
    capfd.readouterr()
    update(project, quiet=False, data_gates="report")
    report = " ".join(capfd.readouterr().err.split())
    assert "Edit it to follow: • on_failure: stop → report" in report
    assert (project / "data" / "contract.yaml").read_bytes() == contract
    assert "Chosen by a person instead of" in (project / "architecture.md").read_text("utf-8")
    assert f"Kept from {today}" in (project / "architecture.md").read_text("utf-8")


def test_edits_and_the_persons_own_files_survive(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(repository, tmp_path / "p", data_file=str(churn), target="left")
    features = project / "src" / "p" / "core" / "features.py"
    features.write_text(features.read_text("utf-8") + FEATURE, encoding="utf-8")
    contract = project / "data" / "contract.yaml"
    contract.write_text(contract.read_text("utf-8") + "# mine\n", encoding="utf-8")
    commit(project)
    update(project, owner="Ada")
    assert features.read_text("utf-8").endswith(FEATURE)
    assert "# mine" in contract.read_text("utf-8")
    assert "Ada" in (project / "architecture.md").read_text("utf-8")


def test_what_was_demonstrated_stays_when_the_designed_score_changes(
    repository: Path, tmp_path: Path
) -> None:
    project = generate(repository, tmp_path / "p")
    document = project / "architecture.md"
    begin, end = "<!-- readiness:begin -->\n", "<!-- readiness:end -->\n"
    before, _, rest = document.read_text("utf-8").partition(begin)
    shown = "**Demonstrated: 1.0**, serious holes.\n\n| Section |\n|---|\n| Data |\n"
    assert "**Designed: 3.5**" in before
    document.write_text(before + begin + shown + end + rest.partition(end)[2], encoding="utf-8")
    commit(project)
    update(project, monitoring_plan="skip", owner="Ada")
    updated = document.read_text("utf-8")
    assert begin + shown + end in updated
    assert "**Designed: 0.0**" in updated and "<<<<<<<" not in updated


def test_an_update_works_where_the_table_is_gone(
    repository: Path, tmp_path: Path, churn: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(churn.read_bytes())
    project = generate(repository, tmp_path / "p", data_file=str(table), target="left")
    commit(project)
    table.unlink()
    share = recorded(project)["positive_rate"]
    update(project, owner="Ada", positive_class="No")
    document = (project / "architecture.md").read_text("utf-8")
    assert "1,200" in document and "that left is No, 0 to 1" in document
    assert recorded(project)["positive_rate"] == pytest.approx(1 - share)


ENTERED = {
    "a decision of one's own": {"data_gates": "report"},
    "requests, and a waived objection": {
        "consumption": "both",
        "training_candidates": "deep",
        "rows": 20_000,
        "rf13_waiver": "Ada Lovelace: we replicate a paper",
    },
    "phases skipped, and a fact that moved": {
        "monitoring_plan": "skip",
        "deployment_plan": "skip",
        "monitoring_alerts": "file",
    },
    "a table that is gone": {"target": "left", "team_size": 3},
}


APPROVED = {"approved", "decision_log"}
"""What tells that a person approved; both told of nobody before."""


@pytest.mark.parametrize("case", ENTERED)
def test_pressing_enter_at_every_question_keeps_the_architecture(
    case: str,
    repository: Path,
    tmp_path: Path,
    churn: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    answers = dict(ENTERED[case])
    if "target" in answers:
        answers["data_file"] = str(shutil.copy(churn, tmp_path / "gone.csv"))
    project = generate(repository, tmp_path / "p", **answers)
    if "target" in answers:
        (tmp_path / "gone.csv").unlink()
    if "monitoring_plan" in answers:
        update(project, data_size_gb=40.0)
    commit(project)
    before = recorded(project)
    terminal = Terminal(monkeypatch)
    terminal.keys = dict.fromkeys(ANSWERS, ENTER)
    copier.run_update(project, unsafe=True, quiet=True, overwrite=True)
    after = recorded(project)
    assert {name for name in before if before[name] != after[name]} == APPROVED
    gained = after["decision_log"].removeprefix(before["decision_log"] + "\n")
    assert gained.count("\n") == 0 and gained.endswith("| approval | approve | approve | person")
    assert "owed" in {after[name] for name in set(ANSWERS) & set(terminal.asked)}
    said = " ".join(capfd.readouterr().err.split())
    assert "Enter leaves it so." in said and "This rests on: horizon" in said
    assert "3/9] 2C Features, as it was: scaling" in said
    assert "team_size" not in terminal.asked and "change_reason" not in terminal.asked
    assert git(project, "status", "--porcelain", "--", *BUILT) == ""
