"""The text of a stack file as a YAML tree, or the lines that keep it from being one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(\s|$)")
_OPENED = ("while scanning a quoted", "while parsing a flow")


class Fault(NamedTuple):
    """What is wrong in one line of a file, and what to do."""

    line: int
    message: str


class FaultsError(Exception):
    """Faults of a file or of a part of it, to be told together with its name."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


def compose(content: bytes) -> yaml.MappingNode:
    """The tree of a YAML file whose top is a mapping. Raises FaultsError."""
    text = _decode(content)
    if faults := tuple(_damaged_lines(text)):
        raise FaultsError(*faults)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _error(_line(event.start_mark), "an alias (*) is not read: write the value.")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise _error(line, "there is a control character: delete it.") from None
    except yaml.MarkedYAMLError as problem:
        opened = str(problem.context).startswith(_OPENED)
        mark = (problem.context_mark if opened else problem.problem_mark) or problem.context_mark
        said = f"this is not valid YAML ({problem.problem}): check quotes and indentation."
        raise _error(_line(mark), said) from None
    except RecursionError:
        raise _error(1, "this nests too deeply: write it flatter.") from None
    if root is None:
        raise _error(1, "the file is empty: write name: and components:.")
    if not isinstance(root, yaml.MappingNode):
        raise _error(_line(root.start_mark), "this is no mapping: write name: and components:.")
    return root


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise _error(line, "this is not UTF-8: save the file as UTF-8.") from None


def _damaged_lines(text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), 1):
        indentation = line[: len(line) - len(line.lstrip())]
        if _CONFLICT.match(line):
            yield Fault(number, "a merge conflict is left: keep one side, delete the markers.")
        elif "\t" in indentation and line.strip():
            yield Fault(number, "this is indented with a tab: use spaces.")


def _error(line: int, message: str) -> FaultsError:
    return FaultsError(Fault(line, message))


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1
