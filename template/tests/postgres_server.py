"""A PostgreSQL server of its own for the tests, where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, if there is one."""
    found = shutil.which("pg_ctl")
    if found is not None:
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Server:
    """A server on a free port of this machine; its data lie in `folder`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._data = folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        folder.mkdir(parents=True)
        if os.geteuid() == 0:  # which the server refuses
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--auth=trust", "--username=owner", "--no-sync")

    def url(self, user: str = "owner") -> str:
        """Where it answers."""
        return f"postgresql://{user}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Returns once it answers."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -F"
        self._run("pg_ctl", "start", "-w", "-l", str(self._data / "log"), "-o", options)

    def stop(self) -> None:
        """Cuts every connection."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped, as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _run(self, program: str, *arguments: str) -> None:
        user = "postgres" if os.geteuid() == 0 else None
        subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            check=True,
        )
