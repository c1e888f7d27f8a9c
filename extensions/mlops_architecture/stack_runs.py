"""What runs on a stack beyond this machine need: packages, an image, and steps that move out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from .blueprint import is_tracked
from .decision import Decisions
from .stack_files import environments as stack_environments
from .zenml_stack import builds_images, filled

GROUPS: Mapping[str, frozenset[str]] = {
    "aws": frozenset({"kubernetes", "s3", "slack"}),
    "azure": frozenset({"kubernetes", "slack"}),
    "gcp": frozenset({"kubernetes", "slack"}),
    "kubernetes": frozenset({"s3", "slack"}),
    "s3": frozenset(),
    "slack": frozenset(),
    "ssh": frozenset({"s3", "slack"}),
}
"""Dependency groups of the project that are named after integrations of ZenML, and which other
integrations each of them brings along."""


class RunSettings(BaseModel):
    """The content of one file in `configs/runs/`: a part of ZenML's run configuration."""

    settings: dict[str, Any] = {
        "docker": {
            "dockerfile": "stacks/steps.Dockerfile",
            "build_context_root": ".",
            "install_stack_requirements": False,
            "allow_download_from_artifact_store": False,
            "allow_download_from_code_repository": False,
        }
    }
    steps: dict[str, Any]
    environment: dict[str, str]


def groups(decisions: Decisions) -> tuple[str, ...]:
    """The dependency groups that hold the packages of the stack's flavours.

    The driver of a database is among them: a run elsewhere reads no file of this machine, and each
    `uv sync` takes out what it does not name.
    """
    needed = {row.integration for row in filled(decisions).values()} & GROUPS.keys()
    brought = frozenset().union(*(GROUPS[name] for name in needed))
    return tuple(sorted((needed - brought) | {"postgres"})) if needed else ()


def environments(decisions: Decisions) -> tuple[str, ...]:
    """The environments whose stack builds images, and which have run settings therefore."""
    return stack_environments(decisions)[1:] if builds_images(decisions) else ()


def run_settings(decisions: Decisions, environment: str, variable: str) -> RunSettings:
    """How the pipelines run on a stack that builds images; `variable` names its environment."""
    moved = decisions["stack_step_operator"] != "none"
    given = [f"{environment.upper()}_DATA"]
    if is_tracked(decisions) and decisions["stack_orchestrator"] != "local":
        given.append("MLFLOW_TRACKING_URI")  # a folder of the step's machine goes with it
    return RunSettings(
        steps={"train_model": {"step_operator": True}} if moved else {},
        environment={variable: environment} | {name: f"${{{name}}}" for name in given},
    )
