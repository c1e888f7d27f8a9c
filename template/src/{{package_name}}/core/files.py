"""Files that appear whole or not at all, and one run at a time."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .errors import ProjectError

PATIENCE = 60.0
"""Seconds to wait for another run to end."""
PAUSE = 0.1


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; it takes the place of `path` when the block ends well.

    Raises ProjectError naming `path` where it cannot be written, as on a full disk.
    """
    partial = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(path)
    except OSError as problem:
        raise unwritable(path, problem) from problem
    finally:
        with suppress(OSError):
            discard(partial)


def discard(path: Path) -> None:
    """Removes a file or a folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """Raises ProjectError if no file can be written to `path`, before work is put into it."""
    if path.is_dir():
        raise ProjectError(f"{path} is a folder: name the file in it that is to be written.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside(path).touch()
    except OSError as problem:
        raise unwritable(path, problem) from None
    beside(path).unlink()


def beside(path: Path) -> Path:
    """A name in the same folder to write to before renaming; each process has its own."""
    return path.with_name(f".{path.name}.{os.getpid()}.partial")


def unwritable(path: Path | str, problem: OSError) -> ProjectError:
    """The sentence about a file that cannot be written."""
    reason = problem.strerror or str(problem)
    return ProjectError(
        f"{path} cannot be written ({reason}): make room or correct the folder's permissions, "
        "then run this again."
    )


@contextmanager
def alone(lock: Path, command: str = "", patience: float = PATIENCE) -> Iterator[None]:
    """Runs the block while no other process holds `lock`; a killed process holds nothing.

    Waits up to `patience` seconds for the other, then raises ProjectError naming its `command`.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+b", buffering=0) as file:
        if not taken_within(patience, file):
            raise ProjectError(
                f"{_holder(lock)} holds {lock} for more than {patience:.0f} s: wait until it "
                "ends, or stop it, then run this again."
            )
        with suppress(OSError):  # a full disk stops no rollback
            file.truncate(0)
            file.write(command.encode())
        yield


def _holder(lock: Path) -> str:
    with suppress(OSError):
        if command := lock.read_text("utf-8"):
            return f"A run of `{command}`"
    return "Another run"


def taken_within(seconds: float, file: IO[bytes]) -> bool:
    """Whether the lock on the open file became ours in that time."""
    deadline = time.monotonic() + seconds
    while not taken(file):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def taken(file: IO[bytes]) -> bool:
    """Whether the lock on the open file is ours now; closing the file gives it back."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
