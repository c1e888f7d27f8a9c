"""What every command runs in: stages on stderr, chatter in a log, errors as one sentence."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer
from rich.console import Console

from .. import summaries
from ..console import WIDTH, stages
from ..core.errors import GateError, ProjectError
from ..core.files import alone
from ..steps import progress

if TYPE_CHECKING:
    from ..project import Project

DISK_FULL = ("No space left on device", "database or disk is full")
"""What the system, DuckDB and SQLite say of a full disk."""


@contextmanager
def running(
    command: str, zenml: bool = True, moves: bool = False, stack: bool = True
) -> Iterator[Project]:
    """The project, with ZenML ready where it is needed; exits on errors.

    Runs use the `stack` of the environment, save for the commands that make it. Stages are shown,
    and chatter is kept in a log. A command that `moves` model versions waits until no other one
    does, and first records what an interrupted one left.
    """
    console = Console(file=sys.stderr, highlight=False)
    log: Path | None = None
    try:
        with stages(console, progress):
            progress.info("Starting")
            from .. import runtime
            from ..project import Project

            project = Project.find()
            project.check()
            log = project.logs / f"{command}.log"
            with (
                alone(project.locks / "production", command) if moves else nullcontext(),
                _logged(log) as stream,
                redirect_stdout(stream),
                redirect_stderr(stream),
            ):
                if zenml:
                    runtime.start(project)
                    if stack:
                        runtime.use_stack(project)
                if moves:
                    from ..production import reconcile

                    reconcile(project)
                yield project
    except ProjectError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(3 if isinstance(error, GateError) else 1) from None
    except KeyboardInterrupt:
        console.print(f"Interrupted: {summaries.COMMAND} status shows what is in place.")
        raise typer.Exit(130) from None
    except Exception as error:
        console.print(_sentence(error, log), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _sentence(error: Exception, log: Path | None) -> str:
    """What to say of an error that nothing foresaw, save for the two that any run may meet."""
    text = str(error)
    if "database is locked" in text:
        return (
            "Another program keeps ZenML's database locked: close it, or wait until it ends, then "
            "run this again."
        )
    if any(sign in text for sign in DISK_FULL):
        return f"The disk is full: make room, then run this again ({text.splitlines()[0]})."
    where = f" The details are in {log}." if log else ""
    return f"Something unexpected happened: {type(error).__name__}: {error}.{where}"


def results() -> Console:
    """Where a command prints its end: stdout, at most 80 columns wide."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH)
    return console


@contextmanager
def _logged(path: Path) -> Iterator[IO[str]]:
    """Sends all that libraries log, warn and print to `path`; yields the open file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = logging.root.handlers[:]
    with path.open("w", encoding="utf-8") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.root.handlers[:] = [handler]
        logging.captureWarnings(True)
        try:
            yield stream
        except Exception as error:
            if not isinstance(error, ProjectError):
                logging.exception("The command failed")
            raise
        finally:
            logging.captureWarnings(False)
            logging.root.handlers[:] = before
