"""The one door to the project: train, score, promote, rollback, status, readiness.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by a gate or a failed readiness check,
130 interrupted. Progress and errors go to stderr, results to stdout. Heavy imports wait until a
command needs them.
"""

from __future__ import annotations

import sys

import typer

from .commands import overview, releases, scoring, training

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Training and batch inference, as architecture.md describes them.",
)
app.command()(training.train)
app.command()(scoring.score)
app.command()(releases.promote)
app.command()(releases.rollback)
app.command()(overview.status)
app.command()(overview.readiness)


def main() -> None:
    """Entry point of the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()
