"""What starts each period, run with a stand-in for uv."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import generate, stand_in

COMMANDS = ["score", "drift", "monitor", "retrain"]


@pytest.fixture(params=["none", "github", "gitlab"])
def ci(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(template: Path, tmp_path: Path, churn: Path, ci: str) -> Path:
    return generate(
        template, tmp_path / "p", data_file=str(churn), target="left", project_name="churn",
        data_cadence="monthly", ci=ci,
    )  # fmt: skip


def test_each_command_of_the_period_runs_in_order_also_after_one_that_failed(
    project: Path, ci: str, tmp_path: Path
) -> None:
    """`drift` fails, as it does on an alarm."""
    log = tmp_path / "log"
    programs = stand_in(tmp_path / "bin", "uv", f'echo "$PWD $*" >> {log}\ntest "$3" != drift')
    failed = [
        subprocess.run(["/bin/sh", "-c", line], cwd=folder, env=environment).returncode != 0
        for line, folder, environment in started_by(ci, project, programs)
    ]
    said = [line.split() for line in log.read_text().splitlines()]
    assert [words[-1] for words in said if words[1] == "run"] == COMMANDS
    assert {words[0] for words in said} == {str(project)}
    assert any(failed) is (ci != "none")


def started_by(ci: str, project: Path, uv: Path) -> list[tuple[str, Path, dict[str, str]]]:
    """The shell lines of a period, each with where it runs and what it knows."""
    if ci == "none":
        *_, path, name, _, line = (project / "schedules/crontab").read_text().splitlines()
        assert path.startswith("PATH=") and name.startswith("PROJECT=")
        fields, command = re.match(r"((?:\S+ ){5})(.*)", line).groups()  # type: ignore[union-attr]
        assert "%" not in command and re.fullmatch(r"[\d*/, -]+", fields)
        return [(command, Path("/"), {"PATH": f"{uv}:/usr/bin:/bin", "PROJECT": str(project)})]
    known = {"PATH": f"{uv}:{os.environ['PATH']}"}
    if ci == "gitlab":
        script = yaml.safe_load((project / ".gitlab-ci.yml").read_text())["period"]["script"]
        return [("set -e\n" + "\n".join(script), project, known)]
    workflow: Any = yaml.safe_load((project / ".github/workflows/schedule.yml").read_text())
    steps = [step for step in workflow["jobs"]["period"]["steps"] if "run" in step]
    assert all(step["if"] == "${{ !cancelled() }}" for step in steps[1:])
    return [(step["run"], project, known) for step in steps]
