"""What the installed zenml says of its flavours, without the packages that they would drive.

Configuration classes load alone; the classes behind them do not, so their validators are read
from the source.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import zenml
from zenml.stack.flavor_registry import FlavorRegistry

PACKAGE = Path(zenml.__file__).parent
Named = tuple[str, str]
"""The type of a component and the name of its flavour."""


class Installed:
    """One flavour of the installed zenml."""

    def __init__(self, kind: type[Any]) -> None:
        self.flavour = kind()
        self.named: Named = (self.flavour.type.value, str(self.flavour.name))
        parts = kind.__module__.split(".")
        self.integration = parts[2] if parts[1] == "integrations" else ""
        self.config = self.flavour.config_class

    @property
    def keys(self) -> set[str]:
        return set(self.config.model_fields)

    @property
    def required_keys(self) -> set[str]:
        return {key for key, field in self.config.model_fields.items() if field.is_required()}

    def says(self, name: str) -> bool:
        """A property of the configuration, with every key at its default."""
        return bool(getattr(self.config.model_construct(), name, False))

    @cached_property
    def validator(self) -> ast.FunctionDef | None:
        """The stack validator of the class behind this flavour."""
        getter = type(self.flavour).implementation_class.fget
        source = ast.parse(textwrap.dedent(inspect.getsource(getter)))
        name = next(
            node.value.id
            for node in ast.walk(source)
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)
        )
        module = _imported_from(name, source) or type(self.flavour).__module__
        return _validator(name, module)

    @property
    def required_slots(self) -> set[str]:
        """The component types without which ZenML refuses a stack with this flavour."""
        found: set[str] = set()
        for node in ast.walk(self.validator) if self.validator else ():
            if isinstance(node, ast.keyword) and node.arg == "required_components":
                found |= {part.attr.lower() for part in ast.walk(node.value) if _is_type(part)}
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                found |= {"container_registry"} & {getattr(node.operand, "attr", "")}
        return found

    def refuses(self, what: str) -> bool:
        """Whether the validator looks at `what`, an expression of its source."""
        return self.validator is not None and what in ast.unparse(self.validator)


def installed() -> dict[Named, Installed]:
    """Every flavour that the installed zenml registers."""
    registry = FlavorRegistry()
    found = map(Installed, registry.builtin_flavors + registry.integration_flavors)
    return {flavour.named: flavour for flavour in found}


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "StackComponentType"


@lru_cache
def _tree(module: str) -> ast.Module:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported_from(name: str, tree: ast.AST) -> str | None:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("zenml")
            and name in {alias.asname or alias.name for alias in node.names}
        ):
            return node.module
    return None


def _validator(name: str, module: str) -> ast.FunctionDef | None:
    """The validator of a class, its own or the one that it inherits."""
    tree = _tree(module)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            own = [
                part
                for part in node.body
                if isinstance(part, ast.FunctionDef) and part.name == "validator"
            ]
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            inherited = (_validator(base, module) for base in bases)
            return own[0] if own else next(filter(None, inherited), None)
    elsewhere = _imported_from(name, tree)
    return _validator(name, elsewhere) if elsewhere else None
