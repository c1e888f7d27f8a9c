"""What a person sees: the stages of a run as they go, and its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

WIDTH = 80
BAR = 16
"""Cells of a progress bar."""


class Stages(logging.Handler):
    """Shows stages (INFO) and their details (DEBUG) as they are logged.

    On a terminal the running stage has a spinner, a bar where a detail says what `share` of it is
    done, and its time once it is; elsewhere each stage is a line when it begins.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._spinner = Spinner("dots")
        self._live = Live(
            self._spinner,
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._stage = ""
        self._since = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Begins a stage, or shows a detail of the running one."""
        message = record.getMessage()
        if record.levelno < logging.INFO:
            share = getattr(record, "share", None)
            bar = "" if share is None else _bar(share)
            self._spinner.update(text=_line(f"{self._stage}: {bar}{message}"))
            return
        self._end_stage()
        self._stage, self._since = message, time.monotonic()
        self._spinner.update(text=_line(message))
        if not self._console.is_terminal:
            self._console.print(_line(message))

    def start(self) -> None:
        """Begins to draw."""
        self._live.start()

    def stop(self, done: bool) -> None:
        """Ends the drawing; the last stage counts as done or not."""
        if done:
            self._end_stage()
        self._live.stop()

    def _end_stage(self) -> None:
        if self._stage and self._console.is_terminal:
            seconds = f"{time.monotonic() - self._since:6.1f} s"
            line = _line(self._stage, WIDTH - len(seconds))
            line.pad_right(WIDTH - len(seconds) - line.cell_len)
            self._console.print(line + Text(seconds, style="dim"))


@contextmanager
def stages(console: Console, logger: logging.Logger) -> Iterator[None]:
    """Shows what `logger` says while the block runs."""
    handler = Stages(console)
    logger.addHandler(handler)
    handler.start()
    done = False
    try:
        yield
        done = True
    finally:
        logger.removeHandler(handler)
        handler.stop(done)


def facts(*rows: tuple[str, str | None]) -> Table:
    """Names beside what they say, without the rows that have nothing to say."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            grid.add_row(name, Text(value))
    return grid


def _bar(share: float) -> str:
    done = round(BAR * share)
    return f"{'━' * done}{'─' * (BAR - done)} "


def _line(text: str, width: int = WIDTH - 4) -> Text:
    line = Text(text, no_wrap=True)
    line.truncate(width, overflow="ellipsis")
    return line
