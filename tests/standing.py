"""What has to stand in a generated project, checked within this process where that is possible."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import subprocess
import sys
import tomllib
import traceback
from pathlib import Path
from typing import Any

import yaml

_parsed: set[tuple[str, bytes]] = set()


def parse(path: Path) -> None:
    """Holds a file to its format; the same content once."""
    content = path.read_bytes()
    if (path.suffix, content) in _parsed:
        return
    decoded = content.decode("utf-8")
    if path.suffix == ".py":
        ast.parse(decoded)
    elif path.suffix in {".yaml", ".yml"}:
        list(yaml.load_all(decoded, yaml.CSafeLoader))
    elif path.suffix in {".toml", ".lock"}:
        tomllib.loads(decoded)
    _parsed.add((path.suffix, content))


def lint(project: Path) -> None:
    """The linter finds nothing."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "."],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def broken_promise(project: Path) -> str:
    """What the project's own `tests/test_architecture.py` objects, in this process, or nothing."""
    source = project / "tests" / "test_architecture.py"
    spec = importlib.util.spec_from_file_location("architecture_of_a_project", source)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(project / "src"))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
        for name, test in vars(module).items():
            if name.startswith("test_"):
                for arguments in _cases(test):
                    test(**arguments)
    except AssertionError as objection:
        return str(objection) or "".join(traceback.format_tb(objection.__traceback__))
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(str(project / "src"))
        for name in [each for each in sys.modules if each.split(".")[0] == "p"]:
            del sys.modules[name]
    return ""


def _cases(test: Any) -> list[dict[str, Any]]:
    """The arguments of each case of a test, as pytest would pass them."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        assert not inspect.signature(test).parameters
        return [{}]
    names, values = marks[0].args
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]
