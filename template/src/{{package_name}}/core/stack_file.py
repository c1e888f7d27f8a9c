"""A stack file: what it says, line by line, and what is wrong with it before ZenML is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .errors import ProjectError, StackError
from .stack_rules import REQUIRED, SLOTS, schedule_refusal
from .stack_text import Fault, FaultsError, compose

Place = tuple[str | int, ...]
"""Where a value stands in the file: the keys and positions that lead to it."""

KEYS = ("name", "components")
COMPONENT_KEYS = ("flavor", "configuration")
REFERENCE_DEPTH = len(("components", "slot", "configuration", "key"))
"""ZenML resolves references in the values of a configuration, and nowhere deeper."""
NAMED_WHOLE = "authentication_secret"
"""The key of a configuration that names a secret; which keys that has depends on the platform."""
DEEPEST = 20
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")
_VARIABLE = re.compile(r"\$\{([^}]*)\}?")
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_REFERENCE = re.compile(r"\{\{\s*([^\s{}.]+)\.([^\s{}]+)\s*\}\}")


class Reference(NamedTuple):
    """A value that is kept elsewhere: in a variable, or below a key of a ZenML secret.

    Where a component takes all of a secret, there is no key.
    """

    name: str
    line: int
    key: str = ""


@dataclass(frozen=True)
class Component:
    """What fills one slot."""

    flavor: str
    configuration: Mapping[str, Any]

    @property
    def is_placed(self) -> bool:
        """Whether no value waits for a variable, which might say where it lies."""
        return "${" not in str(self.configuration)


@dataclass(frozen=True)
class StackFile:
    """The content of a file, with the lines that it came from."""

    shown: str
    name: str
    components: Mapping[str, Component]
    secrets: tuple[Reference, ...]
    unset: tuple[Reference, ...]
    """Variables that the environment does not hold; they stand in the values as written."""
    lines: Mapping[Place, int] = field(repr=False)

    def line(self, *place: str | int) -> int:
        """The line of a value, or of what holds it where the file does not have it."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def refusal(self, faults: Iterable[Fault]) -> StackError:
        """The error that tells of `faults`."""
        return refusal(self.shown, faults)


def refusal(shown: str, faults: Iterable[Fault]) -> StackError:
    """One sentence for each fault, in the order of the lines."""
    said = (f"{shown}, line {line}: {message}" for line, message in sorted(set(faults)))
    return StackError("\n".join(said))


def read_stack(path: Path, shown: str, environment: Mapping[str, str]) -> StackFile:
    """The stack file at `path`, with `${NAME}` replaced from `environment`.

    Raises StackError with a sentence for each fault that it finds.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ProjectError(f"{shown} cannot be read ({problem.strerror}): check it.") from None
    try:
        return _Reader(environment).read(content, shown)
    except FaultsError as error:
        raise refusal(shown, error.faults) from None


def meant(word: str, known: Iterable[str]) -> str:
    """The word that was probably meant, for a sentence; nothing where none is close."""
    close = get_close_matches(word, known, n=1)
    return f" (is {close[0]} meant?)" if close else ""


class _Reader:
    """Reads one file: collects lines and references, and faults as long as it can go on."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.faults: list[Fault] = []
        self.lines: dict[Place, int] = {}
        self.secrets: list[Reference] = []
        self.unset: list[Reference] = []

    def read(self, content: bytes, shown: str) -> StackFile:
        document = self._value(compose(content), ())
        self._raise_faults()
        self._check_keys(document)
        self._check_name(document)
        components = self._components(document.get("components"))
        self._raise_faults()
        references = tuple(self.secrets), tuple(self.unset)
        return StackFile(shown, document["name"], components, *references, self.lines)

    def _raise_faults(self) -> None:
        if self.faults:
            raise FaultsError(*self.faults)

    def _fault(self, place: Place, message: str) -> None:
        while place not in self.lines:
            place = place[:-1]
        self.faults.append(Fault(self.lines[place], message))

    def _value(self, node: yaml.Node, place: Place) -> Any:
        """The value of a node, with its variables replaced; keeps the line."""
        self.lines.setdefault(place, node.start_mark.line + 1)
        if len(place) > DEEPEST:
            self._fault(place, "this nests too deeply: write it flatter.")
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, i)) for i, item in enumerate(node.value)]
        try:
            value = yaml.SafeLoader("").construct_object(node)
        except (yaml.MarkedYAMLError, ValueError):
            self._fault(place, f"{node.value!r} cannot be read: write plain text or a number.")
            return None
        return self._resolved(value, place) if isinstance(value, str) else value

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        seen = set()
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if key_node.tag != "tag:yaml.org,2002:str":
                self.faults.append(Fault(line, "a key is no text: put it in quotes."))
            elif key in seen:
                self.faults.append(Fault(line, f"{key} stands here twice: delete one of them."))
            else:
                seen.add(key)
                self.lines[*place, key] = line
                yield key, self._value(value_node, (*place, key))

    def _resolved(self, value: str, place: Place) -> str:
        if "{{" not in value and "}}" not in value:
            value = _VARIABLE.sub(lambda found: self._variable(found, place), value)
            if len(place) == REFERENCE_DEPTH and place[-1] == NAMED_WHOLE and "${" not in value:
                self.secrets.append(Reference(value, self.lines[place]))
            return value
        reference = _REFERENCE.fullmatch(value)
        if reference and len(place) == REFERENCE_DEPTH:
            self.secrets.append(Reference(reference[1], self.lines[place], reference[2]))
        else:
            self._fault(
                place,
                f"ZenML does not resolve {value!r}: write '{{{{secret.key}}}}' and nothing else, "
                "right below configuration.",
            )
        return value

    def _variable(self, found: re.Match[str], place: Place) -> str:
        name = found[1]
        if not (_VARIABLE_NAME.fullmatch(name) and found[0].endswith("}")):
            said = f"{found[0]!r} is no variable: write ${{NAME}}, in capitals."
            self._fault(place, said)
        elif value := self.environment.get(name):
            return value
        else:
            self.unset.append(Reference(name, self.lines[place]))
        return found[0]

    def _check_keys(self, document: Mapping[str, Any]) -> None:
        components = document.get("components")
        orchestrator = components.get("orchestrator") if isinstance(components, dict) else None
        flavor = orchestrator.get("flavor") if isinstance(orchestrator, dict) else None
        for key in document:
            if key == "schedule":
                self._fault((key,), schedule_refusal(flavor))
            elif key not in KEYS:
                said = f"{key} is no key of a stack file{meant(key, KEYS)}: delete it."
                self._fault((key,), said)

    def _check_name(self, document: Mapping[str, Any]) -> None:
        name = document.get("name")
        if "name" not in document:
            self._fault((), "name is missing: give the stack one.")
        elif not isinstance(name, str) or not _NAME.fullmatch(name):
            said = "this is no name: write letters, digits, - and _, 64 at most; quote a number."
            self._fault(("name",), said)
        elif name == "default":
            self._fault(("name",), "default is ZenML's own stack: give yours another name.")

    def _components(self, components: Any) -> dict[str, Component]:
        if not isinstance(components, dict):
            self._fault(("components",), "components is no mapping: give it slots.")
            return {}
        for slot in REQUIRED:
            if slot not in components:
                self._fault(("components",), f"{slot} is missing: no stack goes without one.")
        found = {}
        for slot, content in components.items():
            if slot not in SLOTS:
                said = f"{slot} is no slot of ZenML{meant(slot, SLOTS)}: delete it."
                self._fault(("components", slot), said)
            elif component := self._component(slot, content):
                found[slot] = component
        return found

    def _component(self, slot: str, content: Any) -> Component | None:
        place = ("components", slot)
        if not isinstance(content, dict):
            self._fault(place, f"{slot} is no mapping: give it a flavor, or delete it.")
            return None
        for key in content:
            if key not in COMPONENT_KEYS:
                likely = meant(key, COMPONENT_KEYS)
                said = f"{key} is no key of a component{likely}: put it below configuration."
                self._fault((*place, key), said)
        flavor, configuration = content.get("flavor"), content.get("configuration", {})
        if not isinstance(flavor, str) or not flavor:
            self._fault((*place, "flavor"), f"{slot} has no flavor: name one of ZenML's.")
        elif not isinstance(configuration, dict):
            said = f"the configuration of {slot} is no mapping: write key: value."
            self._fault((*place, "configuration"), said)
        else:
            return Component(flavor, configuration)
        return None
