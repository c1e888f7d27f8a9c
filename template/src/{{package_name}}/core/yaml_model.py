"""Reading a YAML file into a pydantic model, with errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import ProjectError

Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Overlay(NamedTuple):
    """Values that win over those of a file: a section of another one."""

    path: Path
    section: str
    values: Mapping[str, Any]


class _RepeatedKeyError(Exception):
    """A key that stands twice in a mapping, and the line of the second."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would take the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise _RepeatedKeyError(key.value, key.start_mark.line + 1)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read(path: Path, error: type[ProjectError]) -> Any:
    """The content of a YAML file.

    Raises `error` with one sentence if the file is absent or is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise error(
            f"{path} is missing: run this inside the project, or restore the file with git."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise error(f"{path} cannot be read ({problem}): check the file.") from None
    except _RepeatedKeyError as problem:
        said = f"line {problem.line}: {problem.key} stands here twice: delete one of them."
        raise error(f"{path}, {said}") from None
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise error(f"{path} is not valid YAML{line}: check quotes and indentation.") from None


def load(
    path: Path, model: type[Model], error: type[ProjectError], overlay: Overlay | None = None
) -> Model:
    """The content of `path` as a `model`, with the values of an overlay in their places.

    Raises `error` with one sentence if the file is absent, is not YAML, or does not fit.
    """
    content = read(path, error)
    content = content if content is not None else {}
    if overlay is not None:
        content = _merged(content, overlay.values)
    try:
        return model.model_validate(content)
    except ValidationError as problem:
        if overlay is not None and (blamed := _blamed(problem, overlay)):
            raise error(blamed) from None
        line = line_of(path, problem.errors()[0]["loc"])
        raise error(f"{path}, line {line}: {_sentence(problem)}") from None


def line_of(path: Path, place: Sequence[Any]) -> int:
    """The line of a key in a YAML file, or of the last one on the way to it."""
    node, line = yaml.compose(path.read_text("utf-8")), 1
    for part in place:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = [(key, value) for key, value in pairs if key.value == str(part)]
        if not found:
            break
        (key, node), *_ = found
        line = key.start_mark.line + 1
    return line


def _merged(content: Any, values: Any) -> Any:
    """The content with `values` in their places; a mapping changes only the keys that it names."""
    if not isinstance(content, dict) or not isinstance(values, dict):
        return values
    return content | {key: _merged(content.get(key), value) for key, value in values.items()}


def _blamed(problem: ValidationError, overlay: Overlay) -> str:
    """The sentence about the first error that stands in the overlay; empty where none does."""
    for detail in problem.errors():
        if detail["loc"] and _holds(overlay.values, detail["loc"]):
            line = line_of(overlay.path, (overlay.section, *detail["loc"]))
            said = _describe({**detail, "loc": (overlay.section, *detail["loc"])})
            return f"{overlay.path}, line {line}: {said}. Correct the file."
    return ""


def _holds(values: Any, place: Sequence[Any]) -> bool:
    for part in place:
        if not isinstance(values, dict) or part not in values:
            return isinstance(values, list)
        values = values[part]
    return True


def _sentence(problem: ValidationError) -> str:
    """The first errors, each as `key: what is wrong`."""
    shown = [_describe(dict(detail)) for detail in problem.errors()[:3]]
    more = problem.error_count() - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "") + ". Correct the file."


def _describe(detail: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{key} is not a known key: remove it or check its spelling"
    if detail["type"] == "missing":
        return f"{key} is missing"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
