"""How pipelines run on the stack in use: images, steps and variables, from `configs/runs/`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from zenml.client import Client
from zenml.config import DockerSettings
from zenml.config.step_configurations import StepConfigurationUpdate
from zenml.models import StackResponse

from .core.environment import LOCAL
from .core.errors import ProjectError, SettingsError
from .core.yaml_model import StrictModel, line_of, load
from .project import Project
from .runtime import select_stack

PATHS = ("dockerfile", "build_context_root")
"""Settings of images that are paths; in the file they start at the project's root."""
HERE = "local"
"""The orchestrator whose steps run in the process that starts them."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SIGNED_IN = re.compile(r"://[^/\s:@]*:(?!\$\{)[^/\s@]+@")
"""An address with a password in it that no variable stands for."""


def _known(kind: type[BaseModel]) -> BeforeValidator:
    """Refuses keys that ZenML would silently ignore."""

    def refuse_unknown(given: Any) -> Any:
        if not isinstance(given, dict):
            raise ValueError("keys and values belong here")
        for key in given:
            if key not in kind.model_fields:
                raise ValueError(f"ZenML knows no key {key} here, check its spelling")
        return given

    return BeforeValidator(refuse_unknown)


Step = Annotated[StepConfigurationUpdate, _known(StepConfigurationUpdate)]


class ComponentSettings(BaseModel):
    """What ZenML calls settings: of images, and of single components by `<slot>.<flavor>`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    docker: Annotated[DockerSettings, _known(DockerSettings)] = DockerSettings()


class RunSettings(StrictModel):
    """One file in `configs/runs/`: the part of ZenML's run configuration that a stack asks for."""

    settings: ComponentSettings = ComponentSettings()
    steps: dict[str, Step] = Field(default_factory=dict)
    environment: dict[str, str] = Field(default_factory=dict)
    secrets: list[str] = Field(default_factory=list)


def in_use(project: Project) -> dict[str, Any]:
    """What ZenML's `with_options` takes on the stack in use, with the variables of this machine.

    Raises SettingsError naming the file and the key.
    """
    stack = Client().active_stack_model
    path, options = path_of(project, stack.name), of_stack(project, stack.name)
    if not path.exists() and _moves_steps(_flavors(stack)):
        raise SettingsError(
            f"Steps leave this machine on {stack.name}, and {project.shown(path)}, which says what "
            "image they run in, is missing: add it, or name the stack after another file there."
        )
    if variables := options.get("environment"):
        options["environment"] = dict(_handed_on(path, variables))
    return options


def stay_here(project: Project, command: str) -> None:
    """Lets this process run on the local stack where the steps of its own run elsewhere.

    For commands that read files of this machine, such as the prediction log. Raises ProjectError if
    ZenML does not have that stack.
    """
    stack = Client().active_stack_model
    if _is_here(_flavors(stack)):
        return
    local = f"{project.settings.name}-{LOCAL}"
    try:
        select_stack(local)
    except KeyError:
        raise ProjectError(
            f"The steps of {stack.name} run elsewhere and do not see files of this machine, which "
            f"{command} reads: apply stacks/{LOCAL}.yaml at the same server, and {local} runs it."
        ) from None


def _is_here(flavors: Mapping[str, str]) -> bool:
    return flavors["orchestrator"] == HERE


def _moves_steps(flavors: Mapping[str, str]) -> bool:
    return "step_operator" in flavors or not _is_here(flavors)


def _flavors(stack: StackResponse) -> dict[str, str]:
    return {kind.value: filling[0].flavor_name for kind, filling in stack.components.items()}


def _handed_on(path: Path, variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables of steps; one that stands for one of this machine has the value that it has here.

    ZenML shows them to whoever sees the run, so that no password may be among them.
    """
    for key, value in variables.items():
        if variable := _VARIABLE.fullmatch(value):
            value = os.environ.get(variable[1], "")
            if not value:
                raise _refusal(path, key, f"{variable[1]} is not set: set it, or take the line out")
        if _SIGNED_IN.search(value):
            said = "is a password, which ZenML would show: write ${NAME} for it, a key of `secrets`"
            raise _refusal(path, key, f"in the value of {key} {said}")
        yield key, value


def _refusal(path: Path, key: str, what: str) -> SettingsError:
    line = line_of(path, ("environment", key))
    return SettingsError(f"{path}, line {line}: {what}.")


def path_of(project: Project, name: str) -> Path:
    """The file of the stack `<project>-<environment>`: `configs/runs/<environment>.yaml`."""
    environment = name.removeprefix(f"{project.settings.name}-")
    return project.root / f"configs/runs/{environment}.yaml"


def of_stack(project: Project, name: str) -> dict[str, Any]:
    """What the file of a stack says, variables as written; nothing where no file speaks of it.

    Raises SettingsError naming the file and the key.
    """
    path = path_of(project, name)
    if not path.exists():
        return {}
    options = load(path, RunSettings, SettingsError).model_dump(exclude_unset=True)
    docker = options.get("settings", {}).get("docker", {})
    docker.update({key: str(project.root / docker[key]) for key in PATHS if key in docker})
    return options
