"""The notes of a release: `python3 .ci/release_notes.py v0.1.0` prints its section of CHANGELOG.md.

Refuses, in one sentence, a tag that is no version, is not the version of pyproject.toml, or has
no section with the day of the release.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def section(changelog: str, version: str) -> tuple[str, str] | None:
    """Day, or `Unreleased`, and text of a version's section."""
    heading = rf"^## \[{re.escape(version)}\] - (\S+)\n(.*?)(?=^## \[|\Z)"
    found = re.search(heading, changelog, re.M | re.S)
    return (found[1], found[2].strip() + "\n") if found else None


def notes(tag: str, changelog: str, version: str) -> str:
    """What is told of the release `tag`; SystemExit says why there can be none."""
    if not re.fullmatch(r"v\d+\.\d+\.\d+", tag):
        raise SystemExit(f"{tag} is no tag of a release: it would be like v{version}.")
    if tag != f"v{version}":
        raise SystemExit(f"{tag} is not the version in pyproject.toml, {version}: set it first.")
    found = section(changelog, version)
    if found is None:
        raise SystemExit(f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD`: write it.")
    day, text = found
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise SystemExit(f"The section of {version} in CHANGELOG.md says {day}: write the day.")
    return text


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Which tag? python3 .ci/release_notes.py v0.1.0")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    print(notes(sys.argv[1], changes, project["version"]), end="")
