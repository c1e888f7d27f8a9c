"""What every command runs in: stages on stderr, chatter in a log, errors as one sentence."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer
from rich.console import Console

from .. import summaries
from ..console import WIDTH, stages
from ..core.errors import GateError, ProjectError
from ..steps import progress

if TYPE_CHECKING:
    from ..project import Project


@contextmanager
def running(command: str, zenml: bool = True) -> Iterator[Project]:
    """The project, with ZenML ready where it is needed; exits on errors.

    Stages are shown, and chatter is kept in a log.
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
            with _logged(log) as stream, redirect_stdout(stream), redirect_stderr(stream):
                if zenml:
                    runtime.start(project)
                yield project
    except ProjectError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(3 if isinstance(error, GateError) else 1) from None
    except KeyboardInterrupt:
        console.print(f"Interrupted: {summaries.COMMAND} status shows what is in place.")
        raise typer.Exit(130) from None
    except Exception as error:
        where = f" The details are in {log}." if log else ""
        console.print(
            f"Something unexpected happened: {type(error).__name__}: {error}.{where}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1) from None


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
