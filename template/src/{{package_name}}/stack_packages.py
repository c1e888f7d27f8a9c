"""The packages behind the flavours of a stack file: whether they are installed, and what installs
them."""

from __future__ import annotations

from collections.abc import Iterator

from zenml.integrations.registry import integration_registry

from .core.stack_text import Fault
from .stack_check import Checked, flavors

BROUGHT: dict[str, set[str]] = {
    "aws": {"kubernetes", "s3", "slack"},
    "azure": {"kubernetes", "slack"},
    "gcp": {"kubernetes", "slack"},
    "kubernetes": {"s3", "slack"},
    "mlflow": set(),
    "s3": set(),
    "slack": set(),
    "ssh": {"s3", "slack"},
}
"""Dependency groups of pyproject.toml that are named after integrations of ZenML, and the other
integrations that each of them serves."""


def missing(checked: Checked) -> Iterator[Fault]:
    """Each flavour whose class does not load, with the command that installs what it asks for."""
    for slot, component in checked.file.components.items():
        try:
            _ = flavors()[slot, component.flavor].implementation_class
        except ImportError as problem:
            yield Fault(
                checked.file.line("components", slot, "flavor"),
                f"the {component.flavor} {slot} needs packages that are not installed "
                f"({problem.name}): {_remedy(checked, slot, problem)}",
            )


def _remedy(checked: Checked, slot: str, problem: ImportError) -> str:
    """What installs them: all groups of the file at once, beside what is there already."""
    integrations = {name: _integration(checked, name) for name in checked.file.components}
    if integrations[slot] in BROUGHT:
        asked = set(integrations.values()) & BROUGHT.keys()
        groups = asked - {each for name in asked for each in BROUGHT[name]}
        return " ".join(["uv sync --inexact", *(f"--group {name}" for name in sorted(groups))])
    if not integrations[slot]:
        return f"uv add {problem.name}"
    asked_for = integration_registry.select_integration_requirements(integrations[slot])
    return " ".join(["uv add", *(f"'{each}'" for each in asked_for)])


def _integration(checked: Checked, slot: str) -> str:
    """The integration that a flavour comes from; empty where it is ZenML's own."""
    parts = type(flavors()[slot, checked.file.components[slot].flavor]).__module__.split(".")
    return parts[2] if parts[1] == "integrations" else ""
