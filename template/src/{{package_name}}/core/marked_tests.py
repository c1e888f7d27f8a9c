"""Runs the tests that are marked with `readiness`, in a process of their own.

That process writes one line of JSON to its stdout for each test that ends; what pytest itself
says goes to its stderr, which is kept in a log.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from .errors import ProjectError

if TYPE_CHECKING:
    import pytest

MARKER = "readiness"
Outcome = Literal["passed", "failed", "skipped"]
RAN = {0, 1, 5}
"""pytest's exit codes for all passed, some failed, and none selected."""


class MarkedTest(BaseModel):
    """A test of this project with the ids it is marked with, and how it ended."""

    model_config = ConfigDict(frozen=True)

    name: str
    ids: tuple[str, ...]
    outcome: Outcome


def run_marked(root: Path, log: Path, progress: Callable[[str], None]) -> tuple[MarkedTest, ...]:
    """Runs the marked tests below `root`, and only those; pytest's own words go to `log`.

    Raises ProjectError if pytest is not installed, or if it ended before the last test.
    """
    if find_spec("pytest") is None:
        raise ProjectError("pytest is not installed: `uv sync` brings it with the dev group.")
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    command = [sys.executable, "-m", __name__]
    ran: list[MarkedTest] = []
    broken: list[str] = []
    total = 0
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=stream, text=True, encoding="utf-8",
        ) as child,
    ):  # fmt: skip
        try:
            for line in child.stdout or ():
                said = json.loads(line)
                total = said.get("total", total)
                broken += said.get("broken", ())
                if "name" in said:
                    ran.append(MarkedTest.model_validate(said))
                    progress(f"{len(ran)} of {total} tests")
        except BaseException:
            child.kill()
            raise
    if broken:
        raise ProjectError(
            f"{', '.join(broken)} cannot be imported, so nothing was demonstrated: {log} has the "
            "reason. Nothing was written."
        )
    if child.returncode not in RAN:
        raise ProjectError(
            f"pytest ended early (code {child.returncode}, {len(ran)} of {total} tests): {log} has "
            "the reason. Nothing was written."
        )
    return tuple(ran)


class Reporter:
    """A pytest plugin that writes each end of a test to `lines`, as JSON."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._ids: dict[str, list[str]] = {}
        self._outcomes: dict[str, Outcome] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tells of a module that cannot be imported."""
        if report.failed:
            self._write({"broken": [report.nodeid]})

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remembers the ids of the tests that will run."""
        for item in session.items:
            marks = item.iter_markers(MARKER)
            self._ids[item.nodeid] = [str(name) for mark in marks for name in mark.args]
        self._write({"total": len(session.items)})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes the worst of setup, call and teardown."""
        worst = self._outcomes.get(report.nodeid, "passed")
        if worst != "failed" and report.outcome != "passed":
            self._outcomes[report.nodeid] = report.outcome

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Writes how the test ended."""
        outcome = self._outcomes.get(nodeid, "passed")
        self._write({"name": nodeid, "ids": self._ids[nodeid], "outcome": outcome})

    def _write(self, said: dict[str, object]) -> None:
        self._lines.write(json.dumps(said) + "\n")
        self._lines.flush()


def main() -> int:
    """What the other process does, in the project's folder."""
    import pytest

    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        os.dup2(2, 1)
        arguments = ["--override-ini=addopts=", "-m", MARKER, "-p", "no:cacheprovider"]
        return int(pytest.main(arguments, plugins=[Reporter(lines)]))


if __name__ == "__main__":
    sys.exit(main())
