"""Run settings against the stack that they are for, offline: what only a run would stumble over."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zenml.config.base_settings import BaseSettings
from zenml.stack import StackComponentConfig
from zenml.utils.settings_utils import is_general_setting_key

from . import run_settings
from .core.errors import SettingsError
from .core.stack_file import meant
from .core.yaml_model import line_of
from .project import Project
from .stack_check import Checked, faults_of_key, flavors

MOVABLE = "training"
"""The module of steps that read no file of this machine, so that they may be given away."""


def check(project: Project, checked: Checked) -> None:
    """Raises SettingsError with a sentence for each fault in the run settings of a stack file."""
    path = run_settings.path_of(project, checked.file.name)
    options = run_settings.of_stack(project, checked.file.name)
    said = (
        f"{path}, line {line_of(path, place)}: {message}"
        for place, message in _faults(options, checked)
    )
    if faults := "\n".join(said):
        raise SettingsError(faults)


def _faults(options: Mapping[str, Any], checked: Checked) -> Iterator[tuple[list[Any], str]]:
    settings = options.get("settings", {})
    for key in run_settings.PATHS:
        named = settings.get("docker", {}).get(key)
        if named is not None and not Path(named).exists():
            yield ["settings", "docker", key], f"{named} is not there: correct the path."
    yield from _of_settings(settings, checked, ["settings"])
    steps = _steps()
    for name, step in options.get("steps", {}).items():
        if name not in steps:
            yield ["steps", name], f"{name} is no step{meant(name, steps)}: correct it."
        elif step.get("step_operator") and "step_operator" not in checked.file.components:
            yield ["steps", name, "step_operator"], "the stack has no step operator: add one there."
        elif step.get("step_operator") and steps[name] != MOVABLE:
            said = f"{name} reads files of this machine: only training steps can be given away."
            yield ["steps", name, "step_operator"], said
        yield from _of_settings(step.get("settings", {}), checked, ["steps", name, "settings"])


def _of_settings(
    settings: Mapping[str, Any], checked: Checked, place: list[str]
) -> Iterator[tuple[list[Any], str]]:
    """Each key that names no component of the stack, or that its flavour does not take."""
    for key, given in settings.items():
        if is_general_setting_key(key):
            continue
        slot, _, flavor = key.partition(".")
        component = checked.file.components.get(slot)
        if component is None or flavor not in ("", component.flavor):
            known = [f"{slot}.{each.flavor}" for slot, each in checked.file.components.items()]
            yield [*place, key], f"{key} is not in the stack: write one of {', '.join(known)}."
            continue
        fields = _fields(slot, component.flavor)
        for name, value in given.items():
            for where, message in faults_of_key(fields, component.flavor, name, value):
                yield [*place, key, name, *where], message


def _fields(slot: str, flavor: str) -> dict[str, Any]:
    """What a run may set: the part of a flavour's configuration that is no component's own."""
    config = flavors()[slot, flavor].config_class
    kinds = [kind for kind in config.__mro__ if issubclass(kind, BaseSettings)]
    settings = [kind for kind in kinds if not issubclass(kind, StackComponentConfig)]
    return {name: config.model_fields[name] for kind in settings for name in kind.model_fields}


def _steps() -> dict[str, str]:
    """The module of each step, by the step's name; importing them would open ZenML's store."""
    return {
        node.name: path.stem
        for path in sorted((Path(__file__).parent / "steps").glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(each).split("(")[0] == "step" for each in node.decorator_list)
    }
