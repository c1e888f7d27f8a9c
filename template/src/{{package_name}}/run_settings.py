"""How pipelines run on the stack in use: images, steps and variables, from `configs/runs/`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from zenml.client import Client
from zenml.config import DockerSettings
from zenml.config.step_configurations import StepConfigurationUpdate

from .core.errors import SettingsError
from .core.yaml_model import StrictModel, load
from .project import Project

_PATHS = ("dockerfile", "build_context_root")
"""Settings of images that are paths; in the file they start at the project's root."""


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
    """What ZenML's `with_options` takes on the stack in use."""
    return of_stack(project, Client().active_stack_model.name)


def of_stack(project: Project, name: str) -> dict[str, Any]:
    """The same for the stack of a name; nothing where no file speaks of it.

    The file of `<project>-<environment>` is `configs/runs/<environment>.yaml`. Raises SettingsError
    naming the file and the key.
    """
    environment = name.removeprefix(f"{project.settings.name}-")
    path = project.root / f"configs/runs/{environment}.yaml"
    if not path.exists():
        return {}
    options = load(path, RunSettings, SettingsError).model_dump(exclude_unset=True)
    docker = options.get("settings", {}).get("docker", {})
    docker.update({key: str(project.root / docker[key]) for key in _PATHS if key in docker})
    return options
