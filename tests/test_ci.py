"""The CI of a project: valid workflows, and what their scripts do, with stand-ins for uv and gh."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import commit, copy_template, generate, git, stand_in

GATED = {"current_level": 2, "impact": "high", "data_cadence": "monthly"}
"""At level 2 the CI runs the gate, and a person approves."""
SERVED = {"consumption": "realtime", "label_delay_days": 1}
DESIGNS: list[dict[str, Any]] = [
    {"ci": "github", **GATED},
    {"ci": "github", **GATED, **SERVED},
    {"ci": "github", "current_level": 0},
    {"ci": "gitlab", **GATED},
    {"ci": "gitlab", **GATED, **SERVED},
    {"ci": "gitlab", "current_level": 0, "monitoring_plan": "skip"},
    {"ci": "none", **GATED},
]
POLICY = "rules: {unpinned-uses: {config: {policies: {'actions/*': ref-pin}}}}"
"""GitHub's own actions are followed by their tags: whoever runs the workflow is trusted anyway."""


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: " ".join(map(str, design.values())))
def test_workflows_are_valid_and_those_that_the_design_asks_for(
    design: dict[str, Any], template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", project_name="churn", **design)
    workflows = sorted(project.glob(".github/workflows/*"))
    gated = design["current_level"] == 2
    if design["ci"] == "github":
        expected = (
            ["ci", "promote", "schedule", "update"] if gated else ["ci", "schedule", "update"]
        )
        assert [path.stem for path in workflows] == expected
        fits("vendor.github-workflows", *workflows)
        is_safe(tmp_path, project / ".github")
    else:
        assert not workflows
    if design["ci"] == "gitlab":
        fits("vendor.gitlab-ci", project / ".gitlab-ci.yml")
        jobs = yaml.safe_load((project / ".gitlab-ci.yml").read_text())
        assert set(jobs) == {"test", "update", "period"} | ({"gate", "promote"} if gated else set())
    recorded = (project / "docs/decisions/2e_deployment_promotion.md").read_text("utf-8")
    assert ("Yours to add" in recorded) == (design["ci"] == "none")


def fits(schema: str, *files: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def is_safe(folder: Path, workflows: Path) -> None:
    """No input in a script, no token that is kept or may more than it has to, valid expressions."""
    (folder / "zizmor.yml").write_text(POLICY)
    program = shutil.which("zizmor", path=Path(sys.executable).parent)
    assert program
    audited = subprocess.run(
        [program, "--offline", "--strict-collection", "--min-severity", "medium", "--config",
         folder / "zizmor.yml", workflows],
        capture_output=True, text=True,
    )  # fmt: skip
    assert audited.returncode == 0, audited.stdout + audited.stderr


@pytest.fixture(params=[{}, SERVED], ids=["swapped", "in stages"], scope="module")
def promoting(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A folder with projects whose CI promotes, and the command by which it does."""
    folder = tmp_path_factory.mktemp("promoting")
    for ci in ("github", "gitlab"):
        generate(template, folder / ci, project_name="churn", ci=ci, **GATED, **request.param)
    return folder, "rollout advance" if request.param else "promote"


@pytest.mark.parametrize(("approved", "by"), [("Ada, Bob", "Ada, Bob"), ("", "Eve")])
def test_github_promotes_in_the_name_of_who_approved_else_of_who_started(
    promoting: tuple[Path, str], approved: str, by: str
) -> None:
    folder, command = promoting
    jobs = yaml.safe_load((folder / "github/.github/workflows/promote.yml").read_text())["jobs"]
    assert jobs["promote"]["environment"] == "production"
    assert (jobs["gate"]["needs"], jobs["promote"]["needs"]) == ("checks", "gate")
    script = [job["steps"][-1]["run"] for job in (jobs["gate"], jobs["promote"])]
    known = {"VERSION": "5", "GITHUB_TRIGGERING_ACTOR": "Eve"}
    said = ran(folder, script, known, gh=f"echo '{approved}'")
    assert said == [
        "run|churn|gate|--version|5",
        f"run|churn|{command.replace(' ', '|')}|--version|5|--by|{by}",
    ]
    assert ran(folder, script[:1], {"VERSION": ""}) == ["run|churn|gate"]


def test_gitlab_promotes_in_the_name_of_who_started_the_job(promoting: tuple[Path, str]) -> None:
    folder, command = promoting
    jobs = yaml.safe_load((folder / "gitlab/.gitlab-ci.yml").read_text())
    assert jobs["promote"]["extends"] == "gate" and jobs["promote"]["environment"] == "production"
    assert jobs["gate"]["rules"][0]["when"] == "manual" and jobs["gate"]["needs"] == ["test"]
    said = ran(folder, jobs["promote"]["script"], {"VERSION": "5", "GITLAB_USER_LOGIN": "Ada"})
    assert said == [
        "sync|--locked",
        "run|churn|gate|--version|5",
        f"run|churn|{command.replace(' ', '|')}|--version|5|--by|Ada",
    ]


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_what_the_gate_refuses_is_not_promoted(ci: str, promoting: tuple[Path, str]) -> None:
    """The job ends where `gate` does: GitHub runs the next one only after it, GitLab stops."""
    folder, _ = promoting
    if ci == "gitlab":
        script = yaml.safe_load((folder / "gitlab/.gitlab-ci.yml").read_text())["promote"]["script"]
    else:
        workflow = yaml.safe_load((folder / "github/.github/workflows/promote.yml").read_text())
        script = [workflow["jobs"]["gate"]["steps"][-1]["run"]]
    said = ran(folder, script, {"VERSION": "5"}, refused="gate", fails=True)
    assert said[-1] == "run|churn|gate|--version|5"


def ran(
    folder: Path, script: list[str], known: dict[str, str], gh: str = "", refused: str = "-",
    fails: bool = False,
) -> list[str]:  # fmt: skip
    """What uv was called with by a script, run as both services do."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    uv = f'(IFS=\'|\'; echo "$*" >> {log})\ntest "$3" != {refused}'
    programs = stand_in(folder / "bin", "uv", uv)
    stand_in(programs, "gh", gh)
    path, summary = f"{programs}:{os.environ['PATH']}", str(folder / "summary")
    github = {"GITHUB_REPOSITORY": "ada/churn", "GITHUB_RUN_ID": "1"}
    run = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(script)], cwd=folder, capture_output=True,
        text=True, env={"PATH": path, "GITHUB_STEP_SUMMARY": summary, **github, **known},
    )  # fmt: skip
    assert (run.returncode != 0) == fails, run.stderr
    return log.read_text().splitlines()


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """A project on a server, edited by its owner; its template has a newer version."""
    template = copy_template(tmp_path / "template")
    commit(template)
    git(template, "tag", "v1.0.0")
    project = generate(
        f"git+file://{template}", tmp_path / "server", project_name="churn", ci="github"
    )
    runbook = template / "template/docs/runbook.md.jinja"
    edits = {runbook: "The template's.\n", project / "docs/runbook.md": "Mine.\n"}
    for path, line in edits.items():
        path.write_text(path.read_text("utf-8") + line, encoding="utf-8")
    (template / "template/NEWS.md").write_text("New.\n")
    for folder in (template, project):
        commit(folder)
    git(template, "tag", "v2.0.0")
    return project


@pytest.mark.parametrize("proposed", [0, 1])
def test_a_newer_template_is_proposed_once_with_its_conflicts(
    behind: Path, tmp_path: Path, proposed: int
) -> None:
    jobs = yaml.safe_load((behind / ".github/workflows/update.yml").read_text())["jobs"]
    assert jobs["update"]["permissions"] == {"contents": "read"}
    copier = f'while [ "$1" != copier ]; do shift; done\nexec {sys.executable} -m "$@"'
    programs = stand_in(tmp_path / "bin", "uvx", copier)
    opened = tmp_path / "opened"
    stand_in(
        programs, "gh",
        f'case "$1 $2" in "pr list") echo {proposed};; "pr create") echo "$@" > {opened};; esac',
    )  # fmt: skip
    output = tmp_path / "output"
    known = {
        **os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(output), "VERSION": "2.0.0",
    }  # fmt: skip
    for job in ("update", "propose"):
        git(tmp_path, "clone", "-q", "--depth", "1", f"file://{behind}", job)
        for step in jobs[job]["steps"]:
            if "uvx" in step.get("run", "") or "gh " in step.get("run", ""):
                script = ["bash", "-e", "-c", step["run"]]
                subprocess.run(script, cwd=tmp_path / job, env=known, check=True)
    assert '"update_available": true' in output.read_text()
    assert opened.is_file() != bool(proposed)
    if not proposed:
        assert "--head template-2.0.0" in opened.read_text()
        body = (tmp_path / "body.md").read_text()
        assert "`docs/runbook.md`" in body and "NEWS.md" not in body
        assert git(behind, "show", "template-2.0.0:NEWS.md") == "New.\n"
        runbook = git(behind, "show", "template-2.0.0:docs/runbook.md")
        assert "Mine.\n" in runbook and ">>>>>>> after updating" in runbook
