"""Copies made cheap: what Copier does anew for each, and comes out the same, is done once."""

from __future__ import annotations

from types import CodeType
from typing import Any

from copier._main import Worker
from jinja2.sandbox import SandboxedEnvironment


def hurry_copies() -> None:
    """Compile each piece of a template once in this process, and leave out what changes nothing.

    The code of a template follows from its text and the syntax of its lexer. Git's index is asked
    about every file, which matters only where git was told to ignore the executable bit.
    """
    compiled: dict[tuple[Any, str, str | None, Any], CodeType] = {}
    compile_anew = SandboxedEnvironment.compile

    def compile_once(
        self: SandboxedEnvironment, source: str, name: str | None = None, filename: Any = None
    ) -> CodeType:
        key = self.lexer, source, name, filename
        if key not in compiled:
            compiled[key] = compile_anew(self, source, name, filename)
        self.preprocess(source, name, filename)
        return compiled[key]

    SandboxedEnvironment.compile = compile_once  # type: ignore[assignment, method-assign]
    Worker._sync_git_index_executable_bit = lambda *_: None  # type: ignore[method-assign]
