"""Where the service keeps what champion and challenger said; off the prediction log, and bounded.

Lines are buffered: what a killed service had not shown yet is lost to the report, and to nobody
else, since each answer stands in the prediction log.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO

from ..core.rollout import Rollout
from ..core.rollout_evidence import Compared

MOST_BYTES = 256_000_000
"""Of one service for one stage; the rest is judged and not kept."""


class EvidenceLog:
    """One file for each service and stage, opened with its first line."""

    def __init__(self, folder: Path, rollout: Rollout) -> None:
        stage = f"v{rollout.version}_{rollout.since:%Y%m%dT%H%M%S}"
        self._path = folder / f"{stage}_{socket.gethostname()}_{os.getpid()}.jsonl"
        self._file: IO[bytes] | None = None

    def write(self, compared: Compared) -> None:
        """Adds a line. Raises OSError where it cannot be written."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
            if self._file.tell():
                self._file.write(b"\n")  # a kill may have cut the last line
        if self._file.tell() < MOST_BYTES:
            self._file.write(compared.model_dump_json(exclude_defaults=True).encode() + b"\n")

    def flush(self) -> None:
        """Hands what is buffered to the operating system; a full disk is told of by `write`."""
        if self._file is not None:
            with suppress(OSError):
                self._file.flush()

    def close(self) -> None:
        """Ends the file; a line after that begins it again."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
