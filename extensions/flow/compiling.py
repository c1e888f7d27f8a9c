"""Each text is compiled once: Copier compiles paths and questions anew, thousands in a run."""

from __future__ import annotations

from types import CodeType

from jinja2 import Environment

_compiled: dict[tuple[str | None, ...], CodeType] = {}


def compile_once(environment: Environment) -> None:
    """Let an environment take what another one of this checkout has compiled."""
    compile_anew = environment.compile

    def compile(source: str, name: str | None = None, filename: str | None = None) -> CodeType:
        if (source, name, filename) in _compiled:
            environment.preprocess(source)  # where Copier forgets the `yield` of an earlier text
        else:
            _compiled[source, name, filename] = compile_anew(source, name, filename)
        return _compiled[source, name, filename]

    environment.compile = compile  # type: ignore[assignment,method-assign]
