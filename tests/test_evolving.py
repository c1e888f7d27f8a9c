"""Decisions evolve: kept until changed, adopted when asked, and told of with reasons."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import copier
import pytest
from copier.errors import UserMessageError
from mlops_architecture import decision_log, session
from mlops_architecture.answers import outside_objection
from mlops_architecture.facts import Provenance
from support import SPACE, Terminal, commit, generate, git, recorded, update

MINE = "# mine\n"
CHOSEN = {"data_gates": "report", "monitoring_alerts": "file"}
"""Decisions that a person took against the proposal."""


@pytest.fixture(scope="module")
def origin(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was just made."""
    project = generate(repository, tmp_path_factory.mktemp("evolving") / "p", owner="Ada", **CHOSEN)
    commit(project)
    return project


@pytest.fixture
def project(origin: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(origin, tmp_path / "p"))


def told(project: Path, said: pytest.CaptureFixture[str], **answers: object) -> str:
    """The report of an update, on one line."""
    said.readouterr()
    update(project, quiet=False, **answers)
    return " ".join(said.readouterr().err.split())


def added(project: Path) -> list[str]:
    """The lines that the log of decisions got, from the decision on."""
    diff = git(project, "diff", "-U0", "docs/decisions/log.md").splitlines()
    assert not [line for line in diff if re.match(r"-[^-]", line)]
    return [line.split(" | ", 2)[2].strip(" |") for line in diff if line.startswith("+|")]


def test_a_fact_moves_decisions_stay_and_a_person_adopts_one_of_what_follows(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recorded(project)
    report = told(project, capfd, data_size_gb=40)
    assert "Facts: data_size_gb 0.0012 → 40" in report
    following = re.findall(r"• (\w+): (\w+); today (\w+): \S", report)
    assert [name for name, *_ in following] == ["data_versioning", "data_engine"]
    after = recorded(project)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"data_size_gb"} and added(project) == []
    assert len(report) < 1200

    commit(project)
    terminal = Terminal(monkeypatch)
    terminal.keys = {
        "data_adopt": SPACE + "\r", "deployment_adopt": SPACE + "\r",
        "change_reason": "Snapshots | fill the disk.\r",
    }  # fmt: skip
    copier.run_update(
        project, data={"consumption": "both"}, unsafe=True, quiet=True, overwrite=True
    )
    assert {"data_adopt", "deployment_adopt", "change_reason"} <= set(terminal.asked)
    leaves = "Document only - the project's files are removed, and git keeps them"
    assert leaves in terminal.shown["approval"] and "Ctrl-C leaves" in terminal.shown["approval"]
    flow = " ".join(capfd.readouterr().err.split())
    assert "(recorded: duckdb_pandas; proposed today: duckdb_sample) For duckdb_sample: " in flow
    assert "Changes if: somebody takes what is proposed: copier update --trust -d data_e" in flow
    entries = decision_log.parse(recorded(project)["decision_log"])
    (adopted,) = (each for each in entries if each.decision == "data_versioning" and each.reason)
    assert (adopted.after, adopted.by, adopted.reason) == (
        "dvc", "proposal", "Snapshots | fill the disk.",
    )  # fmt: skip
    assert recorded(project)["data_engine"] == "duckdb_pandas"
    (served,) = (each for each in entries if each.decision == "deployment_serving" and each.reason)
    assert (served.before, served.after, served.by) == ("none", "fastapi", "proposal")
    assert served.reason.startswith("RF60 no longer allows No service: ")
    document = (project / "architecture.md").read_text("utf-8")
    assert "[serving](docs/decisions/2e_deployment_serving.md) | The project's own Fast" in document
    assert "No service" not in document
    assert "data_adopt" not in recorded(project) and "change_reason" not in recorded(project)
    record = (project / "docs/decisions/2b_data_versioning.md").read_text("utf-8")
    assert "superseded by **DVC" in record and "Snapshots \\| fill the disk." in record

    report = told(project, capfd, adopt="all")
    assert "• data_engine: duckdb_pandas → duckdb_sample (as it is proposed today)" in report
    assert {name: recorded(project)[name] for name in CHOSEN} == CHOSEN


def test_adopting_leaves_out_what_would_overrule_a_person_and_says_whom(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    update(project, deployment_serving="none", change_reason="Nobody is on call.")
    report = told(project, capfd, consumption="both", data_size_gb=40, adopt="all")
    assert "Decided anew: • data_versioning: " in report
    held = "Not adopted, unless -d NAME=VALUE says so: • deployment_mode both: deployment_serving "
    assert f"{held}none, a person's choice, would give way (RF60: Without a service not" in report
    stands = {"deployment_mode": "batch", "deployment_serving": "none"}
    assert {name: recorded(project)[name] for name in stands} == stands
    record = (project / "docs/decisions/2e_deployment_mode.md").read_text("utf-8")
    assert "though deployment_serving none, a person's choice, would give way (RF60" in record
    document = (project / "architecture.md").read_text("utf-8")
    assert "Not adopted, since deployment_serving none, a person's choice, would give" in document

    found = session.recorded(project / ".copier-answers.yml")
    mode = session.design_of(found.known, found.decided, "stack").decisions.find("deployment_mode")
    assert mode.kept and not mode.is_adoptable


def test_what_was_derived_follows_the_facts_that_move_and_what_was_given_stays(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = told(project, capfd, team_size=4, owner="Grace")
    for moved in ("owner Ada → Grace", "approver Ada → Grace", "committers 1 → 2"):
        assert moved in report
    facts = session.facts_of(session.recorded(project / ".copier-answers.yml").known)
    assert {facts.source(name) for name in ("approver", "committers")} == {Provenance.derived}
    update(project, committers=3)
    update(project, team_size=5)
    assert recorded(project)["committers"] == 3
    assert "Review: git add -N . && git diff, then commit" in report


def test_what_a_person_names_is_theirs_refused_where_it_is_blocked_and_stands_again(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = {"deployment_promotion": "automatic", "monitoring_retrain_days": 30}
    why = "Nobody reads the log."
    report = told(project, capfd, data_gates="stop", change_reason=why, **asked)
    assert added(project) == [
        f"`data_gates` | report | stop | person | {why}",
        f"`monitoring_retrain_days` | 30 | 30 | person | {why}",
    ]
    assert "Refused: • deployment_promotion automatic: RF46: At level 1 with " in report
    assert "manual stands" in report and "Not used" not in report

    report = told(project, capfd, data_engine="duckdb_pandas", label_delay_days=60)
    assert "30 → 90 (RF26 no longer allows 30 days, which a person chose)" in report
    assert "`data_engine` | duckdb_pandas | duckdb_pandas | person" in added(project)
    record = (project / "docs/decisions/2b_data_engine.md").read_text("utf-8")
    assert "Status: chosen by a person, as proposed" in record
    assert "superseded" not in record

    mine = {"deployment_strategy": "swap", "label_delay_days": 30}
    report = told(project, capfd, data_size_gb=40, consumption="both", adopt="all", **mine)
    assert "deployment_mode: batch → both" in report
    again = (
        "`monitoring_retrain_days` | 90 | 30 | person | asked for earlier, and no longer blocked"
    )
    assert again in added(project)
    found = recorded(project)
    assert (found["data_engine"], found["deployment_strategy"]) == ("duckdb_pandas", "swap")


def test_the_log_tells_the_block_or_the_facts_that_a_changed_decision_rests_on(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = told(project, capfd, label_delay_days=60, data_size_gb=40, adopt="all")
    why = {each[0]: each[4] for each in (line.split(" | ") for line in added(project))}
    assert why["`monitoring_retrain_days`"].startswith("RF26 no longer allows ")
    assert why["`data_engine`"] == "data_size_gb 0.0012 → 40"
    assert "monitoring_retrain_days: 30 → 90 (RF26 no longer allows " in report


def test_a_skipped_phase_takes_its_files_along_and_comes_back_as_it_was(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edited = project / "src/p/core/monitoring.py"
    edited.write_text(edited.read_text("utf-8") + MINE, encoding="utf-8")
    report = told(project, capfd, monitoring_plan="skip", change_reason="Nobody can act on it.")
    assert added(project) == ["`monitoring_plan` | good | skip | person | Nobody can act on it."]
    assert not edited.exists() and "files, with what asked for them" in report
    crontab = (project / "schedules/crontab").read_text("utf-8")
    assert "for c in score; do" in crontab and "alerts/" not in crontab
    record = (project / "docs/decisions/2f_monitoring_drift.md").read_text("utf-8")
    assert "Left out, with its commands" in record and "drift_detection.yaml" not in record
    document = (project / "architecture.md").read_text("utf-8")
    assert "**Skipped**: drift detection, monitoring and retraining are left out" in document
    (command,) = re.findall(r"this brings them back: (git checkout HEAD -- \S+)", report)
    assert command.endswith(" src/p/core/monitoring.py")
    git(project, *shlex.split(command)[1:])
    assert edited.read_text("utf-8").endswith(MINE)
    git(project, "rm", "-q", "--cached", "src/p/core/monitoring.py")
    edited.unlink()

    report = told(project, capfd, monitoring_plan="good", change_reason="Ada is on call.")
    assert added(project) == ["`monitoring_plan` | skip | good | person | Ada is on call."]
    assert edited.exists() and "Decided anew: • monitoring_plan" in report
    assert recorded(project)["monitoring_alerts"] == CHOSEN["monitoring_alerts"]
    record = (project / "docs/decisions/2f_monitoring_alerts.md").read_text("utf-8")
    assert "Status: chosen by a person" in record


def test_a_statement_that_changed_in_place_moves_facts_and_no_decision(
    repository: Path, tmp_path: Path, statement: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text, path = statement.read_text("utf-8"), tmp_path / "problem.md"
    path.write_text(text, encoding="utf-8")
    project = generate(repository, tmp_path / "p", problem_statement=str(path))
    commit(project)
    before = recorded(project)
    path.write_text(text.replace("60 customers", "90 customers"), encoding="utf-8")
    report = told(project, capfd, reread=True)
    assert "Facts: capacity 60 → 90" in report and "Decided anew" not in report
    after = recorded(project)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"stated_facts", "capacity"}
    path.unlink()
    report = told(project, capfd, owner="Ada", change_reason="Ada takes it over.")
    assert "owner – → Ada" in report and added(project) == []
    assert "Not used: the reason “Ada takes it over.”: no decision changed" in report
    assert recorded(project)["capacity"] == 90


def test_the_statement_that_the_flow_wrote_is_read_anew_once_it_is_edited(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = recorded(project)
    update(project, reread=True)
    assert recorded(project) == before
    path = project / "problem_statement.md"
    text = "## Business Context\nThe team can call 60 customers a month.\n\n"
    path.write_text(text + path.read_text("utf-8"), encoding="utf-8")
    report = told(project, capfd, reread=True)
    assert "Facts: capacity 0 → 60" in report and recorded(project)["problem_statement"] == ""
    after = recorded(project)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"stated_facts", "capacity"}
    commit(project)
    path.write_text(text.replace("60", "90"), encoding="utf-8")
    update(project, capacity=70)
    report = told(project, capfd, reread=True)
    assert "Stated: capacity 90, answered 70: what was answered stays" in report
    assert recorded(project)["capacity"] == 70


def test_the_log_is_the_flows_alone_and_keeps_what_it_holds() -> None:
    for name in ("decision_log", "approved", "stated_facts", "data_profile"):
        assert outside_objection({name: "x"}).startswith(f"-d {name}: ")
    assert "control character" in outside_objection({"change_reason": "a\nb"})
    old = "2026-01-05 | 0.1.0 | data_gates | – | stop | proposal"
    new = f"{old}\n2026-02-05 | 0.1.0 | data_gates | stop | report | person | It | is."
    assert [entry.reason for entry in decision_log.parse(new)] == ["", "It | is."]


def test_a_project_keeps_the_name_of_its_package(project: Path) -> None:
    with pytest.raises(UserMessageError, match="keeps the name of its package, p"):
        update(project, package_name="other")
    assert git(project, "status", "--porcelain") == ""
