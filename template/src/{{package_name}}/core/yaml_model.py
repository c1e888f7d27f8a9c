"""Reading a YAML file into a pydantic model, with errors that name the file and the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import ProjectError

Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load(path: Path, model: type[Model], error: type[ProjectError]) -> Model:
    """The content of `path` as a `model`.

    Raises `error` with one sentence if the file is absent, is not YAML, or does not fit.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(
            f"{path} is missing: run this inside the project, or restore the file with git."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise error(f"{path} cannot be read ({problem}): check the file.") from None
    except yaml.YAMLError as problem:
        where = getattr(problem, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise error(f"{path} is not valid YAML{line}: check quotes and indentation.") from None
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as problem:
        raise error(f"{path}: {_sentence(problem)}") from None


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
