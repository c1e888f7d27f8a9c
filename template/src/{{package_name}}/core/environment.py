"""What differs between environments: one file for each in `configs/environments/`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .yaml_model import Overlay, line_of, read

LOCAL = "local"
"""Where the files of `configs/` count as they are."""
FOLDER = Path("configs/environments")
STACK = "stack"
"""The key beside the sections: the ZenML stack that runs use."""


@dataclass(frozen=True)
class Environment:
    """The environment of a run, and what its file says."""

    name: str
    stack: str | None = None
    overlays: Mapping[str, Overlay] = field(default_factory=dict)
    """What wins over a file of `configs/`, by the file's name."""


def read_environment(root: Path, variable: str) -> Environment:
    """The environment that `variable` names; without it, this machine alone.

    Raises SettingsError if there is no such file, or if it names what `configs/` does not have.
    """
    name = os.environ.get(variable) or LOCAL
    if (idle := root / FOLDER / f"{LOCAL}.yaml").exists():
        raise SettingsError(
            f"{idle} counts nowhere, since {LOCAL} is what configs/ says: write it there, or give "
            "the file another name."
        )
    if name == LOCAL:
        return Environment(LOCAL)
    known = {path.stem: path for path in (root / FOLDER).glob("*.yaml")}
    if name not in known:
        raise SettingsError(
            f"{variable} is {name}, and {FOLDER} has no such file: set it to one of "
            f"{', '.join(sorted({LOCAL, *known}))}."
        )
    return environment_of(root, known[name])


def environment_of(root: Path, path: Path) -> Environment:
    """What the file of an environment says; one that is empty says that nothing differs.

    Raises SettingsError if it names what `configs/` does not have.
    """
    sections = {file.stem for file in (root / "configs").glob("*.yaml")}
    content = read(path, SettingsError)
    content = content if content is not None else {}
    if not isinstance(content, dict):
        raise SettingsError(f"{path} is no mapping: write the name of a file of configs/ first.")
    for key, value in content.items():
        if key != STACK and key not in sections:
            known_keys = ", ".join((STACK, *sorted(sections)))
            raise _refusal(path, key, f"is no file of configs/: write one of {known_keys}")
        if not isinstance(value, str if key == STACK else dict):
            wanted = "the name of a stack" if key == STACK else "the keys that differ below it"
            raise _refusal(path, key, f"needs {wanted}")
    overlays = {key: Overlay(path, key, value) for key, value in content.items() if key != STACK}
    return Environment(path.stem, content.get(STACK), overlays)


def _refusal(path: Path, key: Any, what: str) -> SettingsError:
    return SettingsError(f"{path}, line {line_of(path, (key,))}: {key} {what}.")
