"""A repository with tagged versions of the template, of which the newest is the working tree.

Nothing has been released yet, and a clone may be shallow or carry no tags. So the older versions
are the working tree with what has "changed since" taken back: a rule's number, words of the flow
and of generated files, and files that came and went. Every text named here has to be found; where
it moved, this page moves with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support import commit, copy_template, git

Changes = Mapping[str, tuple[str, str]]
"""By file: what stands there today, and what stood there before."""

_PACKAGE = "template/src/{{package_name}}"
SINCE_2: Changes = {
    "extensions/mlops_architecture/limits/data.py": (
        "C3_PANDAS_GB = 1.5\n", "C3_PANDAS_GB = 0.0001\n",
    ),
    "questions/2b_data.yml": ("Does this data plan look good?", "Is this data plan fine?"),
    "template/docs/runbook.md.jinja": ("## How bad is it\n", "## Severities\n"),
    f"{_PACKAGE}/core/features.py": ("\"\"\"", "\"\"\"(Before version 0.3.) "),
}  # fmt: skip
SINCE_1: Changes = {
    "template/README.md.jinja": ("\n## Start\n", "\n## Getting started\n"),
    "template/Makefile.jinja": ("\n", "\n# make help\n"),
    f"{_PACKAGE}/core/metrics.py": ("Ties in scores are", "Where scores tie they are"),
}
GONE_SINCE_1 = {"template/docs/glossary.md.jinja": "# Words\n\nOf {{ project_name | md }}.\n"}
CAME_SINCE_1 = ("template/.dockerignore",)
TAGS = ("v0.1.0", "v0.2.0", "v0.3.0")


def tagged_versions(folder: Path) -> Path:
    """The repository with all `TAGS`."""
    copy_template(folder)
    now = {path: (folder / path).read_text("utf-8") for path in {*SINCE_1, *SINCE_2}}
    came = {path: (folder / path).read_bytes() for path in CAME_SINCE_1}
    _take_back(folder, {**SINCE_2, **SINCE_1})
    for path, text in GONE_SINCE_1.items():
        (folder / path).write_text(text, encoding="utf-8")
    for path in CAME_SINCE_1:
        (folder / path).unlink()
    commit(folder)
    git(folder, "tag", TAGS[0])
    for tag, changes in zip(TAGS[1:], (SINCE_1, SINCE_2), strict=True):
        for path in changes:
            (folder / path).write_text(now[path], encoding="utf-8")
        for path in GONE_SINCE_1:
            (folder / path).unlink(missing_ok=True)
        for path, content in came.items():
            (folder / path).write_bytes(content)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", f"What is new in {tag}")
        git(folder, "tag", tag)
    return folder


def _take_back(folder: Path, changes: Changes) -> None:
    for path, (now, before) in changes.items():
        text = (folder / path).read_text("utf-8")
        if now not in text:
            raise LookupError(f"{path} no longer says {now!r}: mend tests/versions.py")
        (folder / path).write_text(text.replace(now, before, 1), encoding="utf-8")
