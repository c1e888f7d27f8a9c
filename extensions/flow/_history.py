"""What git knows of the destination: as it was before an update, and what the update did to it.

`copier update` starts from a clean work tree, so that the last commit is how everything was.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from ..mlops_architecture.closing import Traces


def before_update(folder: Path, file: str) -> str:
    """The text of a file in the last commit; empty where there is none."""
    return _git(folder, "show", f"HEAD:./{file}")


def is_in_repository(folder: Path) -> bool:
    """Whether the folder or one above it is a repository; asks no `git`, which may be absent."""
    whole = folder.resolve()
    return any((each / ".git").exists() for each in (whole, *whole.parents))


def traces(folder: Path, answers_file: str) -> Traces:
    """What an update did to files: whether to any, and which it removed or could not merge."""
    gone = _names(_git(folder, "ls-files", "-z", "--deleted"))
    unmerged = _git(folder, "ls-files", "-z", "--unmerged")
    return Traces(
        changed=bool(_git(folder, "status", "--porcelain")),
        left=gone,
        edited=tuple(name for name in gone if name in _edited(folder, answers_file)),
        conflicts=_names("\0".join(line.partition("\t")[2] for line in unmerged.split("\0"))),
    )


def _edited(folder: Path, answers_file: str) -> set[str]:
    """Files of commits that leave the answers alone: people's, and not the template's."""
    log = _git(folder, "log", "--format=%x00", "--name-only", "--relative", "--no-renames", ".")
    commits = (set(commit.split("\n")) for commit in log.split("\0"))
    return set().union(*(names for names in commits if answers_file not in names))


def _names(listed: str) -> tuple[str, ...]:
    return tuple(sorted({name for name in listed.split("\0") if name}))


def _git(folder: Path, *command: str) -> str:
    run = subprocess.run(
        ["git", "-c", "core.quotepath=off", *command],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout
