"""Stack files against the flavours of the installed ZenML; nothing is registered or reached."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from zenml.stack.flavor_registry import FlavorRegistry
from zenml.utils.secret_utils import is_secret_field, is_secret_reference

from .core.stack_file import StackFile, meant, read_stack
from .core.stack_rules import Filled, refusals
from .core.stack_text import Fault, FaultsError
from .project import Project

_SECRET_NAME = re.compile(
    r"(secret|token|passw(or)?d|passphrase|credentials|connection_?string"
    r"|(api|access|account|private|secret)_?key(_id)?)$",
    re.IGNORECASE,
)
_SIGNED_IN = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
"""An address with a password in it."""


class Checked(NamedTuple):
    """A stack file that ZenML's classes accept, and the configurations that they make of it."""

    file: StackFile
    configurations: Mapping[str, Any]

    def kept(self, slot: str) -> dict[str, Any]:
        """What ZenML will keep of a component."""
        kept: dict[str, Any] = self.configurations[slot].model_dump(
            mode="json", exclude_unset=True, exclude_none=True
        )
        return kept


@lru_cache(maxsize=1)
def flavors() -> Mapping[tuple[str, str], Any]:
    """Every flavour of the installed ZenML by slot and name; their packages are not needed."""
    registry = FlavorRegistry()
    made = [kind() for kind in registry.builtin_flavors + registry.integration_flavors]
    return {(flavor.type.value, flavor.name): flavor for flavor in made}


def check(project: Project, path: Path) -> Checked:
    """The stack file at `path`. Raises StackError with a sentence for each fault."""
    file = read_stack(path, project.shown(path.absolute()), os.environ)
    faults: list[Fault] = []
    configurations = {}
    for slot in file.components:
        try:
            configurations[slot] = _configuration(file, slot)
        except FaultsError as problem:
            faults += problem.faults
    if not faults:
        stack = {
            slot: Filled(
                component.flavor,
                component.configuration,
                component.is_placed and configurations[slot].is_local,
            )
            for slot, component in file.components.items()
        }
        faults = [Fault(file.line("components", slot), why) for slot, why in refusals(stack)]
    if faults:
        raise file.refusal(faults)
    return Checked(file, configurations)


def _configuration(file: StackFile, slot: str) -> Any:
    """What ZenML's class makes of a component. Raises FaultsError."""
    component = file.components[slot]
    flavor = flavors().get((slot, component.flavor))
    if flavor is None:
        names = sorted(name for kind, name in flavors() if kind == slot)
        raise FaultsError(
            Fault(
                file.line("components", slot, "flavor"),
                f"{component.flavor} is no flavor of {slot}{meant(component.flavor, names)}: take "
                f"one of {', '.join(names) or 'another slot'}.",
            )
        )
    fields = flavor.config_class.model_fields
    faults = [
        _at(file, slot, (key, *where), message)
        for key, value in component.configuration.items()
        for where, message in faults_of_key(fields, component.flavor, key, value)
    ]
    if faults:
        raise FaultsError(*faults)
    try:
        return flavor.config_class(**component.configuration)
    except ValidationError as problem:
        raise FaultsError(*(_translated(file, slot, dict(e)) for e in problem.errors())) from None
    except Exception as problem:  # each class has errors of its own
        raise FaultsError(_blamed(file, slot, problem)) from None


def faults_of_key(
    fields: Mapping[str, Any], flavor: str, key: str, value: Any
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with one key by itself, and where below it."""
    if key not in fields:
        yield (), f"{key} is no key of the {flavor} flavor{meant(key, fields)}: delete it."
    elif is_secret_field(fields[key]):
        if value is not None and not is_secret_reference(value):
            yield (), f"{key} is a secret: write a reference, such as " + "'{{secret.key}}'."
    else:
        for where in _literal_secrets(value):
            name = (key, *where)[-1]
            said = f"{name} is a secret: take it out, and sign in on the machine instead."
            yield where, said
        try:
            TypeAdapter(fields[key].annotation).validate_python(value)
        except ValidationError as problem:
            first = problem.errors()[0]
            where = tuple(part for part in first["loc"] if isinstance(part, int | str))
            yield where, f"{key} has a wrong value ({first['msg']}): correct it."
        except ImportError as problem:
            yield (), f"{key} cannot be checked without {problem.name}: install that package."


def _literal_secrets(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Where a secret is written out below a value."""
    if isinstance(value, str) and _SIGNED_IN.search(value):
        yield ()
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, below in value.items() if isinstance(value, dict) else ():
        name = value.get("name", "") if key == "value" else key
        if isinstance(below, str) and below and _SECRET_NAME.search(str(name)):
            yield (key,)
        for where in _literal_secrets(below):
            yield key, *where


def _translated(file: StackFile, slot: str, detail: Mapping[str, Any]) -> Fault:
    """Pydantic's error about a whole configuration."""
    where = detail["loc"]
    if detail["type"] == "missing" and len(where) == 1:
        return _at(file, slot, (), f"{where[0]} is missing: add it below configuration.")
    message = detail["msg"].removeprefix("Value error, ")
    return _at(file, slot, where, f"{'.'.join(map(str, where)) or slot}: {message}")


def _blamed(file: StackFile, slot: str, problem: Exception) -> Fault:
    """ZenML's own error, at the key whose value or name it tells of."""
    text = " ".join(str(problem).split())
    configuration = file.components[slot].configuration
    told = [key for key, value in configuration.items() if f"'{value}'" in text or key in text]
    return _at(file, slot, tuple(told[:1]), f"{text.rstrip('.')}: correct it.")


def _at(file: StackFile, slot: str, where: tuple[str | int, ...], message: str) -> Fault:
    return Fault(file.line("components", slot, "configuration", *where), message)
