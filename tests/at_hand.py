"""Copier at a walking pace: what it asks for again and again is answered once.

An update clones and reads the template five times, and renders each path and the answers for each
file anew. Nothing here changes what comes out; `test_update.py` does without all of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import _main, _subproject, _template
from copier._types import Phase


@contextlib.contextmanager
def templates_at_hand() -> Iterator[None]:
    """Within it, versions of a template stay the same, and each is cloned and read once."""
    versions: dict[tuple[str, Any], _template.Template] = {}
    original, cleanup = _template.Template, _template.Template._cleanup

    def template(url: str, ref: Any = None, use_prereleases: Any = False) -> _template.Template:
        if (url, ref) not in versions:
            versions[url, ref] = original(url=url, ref=ref, use_prereleases=use_prereleases)
        return versions[url, ref]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_main, "Template", template)
        patch.setattr(_subproject, "Template", template)
        patch.setattr(original, "_cleanup", lambda self: None)
        patch.setattr(_main.Worker, "answers_relpath", property(_answers_relpath))
        patch.setattr(_main.Worker, "_render_context", _render_context)
        patch.setattr(_main.Worker, "_render_string", _render_string)
        patch.setattr(yaml, "SafeLoader", yaml.CSafeLoader)
        yield
        for each in versions.values():
            cleanup(each)


def _answers_relpath(worker: Any) -> Path:
    _forget_yield(worker)
    return Path(".copier-answers.yml")


def _forget_yield(worker: Any) -> None:
    """What compiling any text does: the `yield` of the path before it is over."""
    worker.jinja_env.preprocess("")


_context, _string = _main.Worker._render_context, _main.Worker._render_string


def _render_context(worker: Any) -> Any:
    """While files are written no answer changes any more."""
    if Phase.current() is not Phase.RENDER:
        return _context(worker)
    if "_settled" not in worker.__dict__:
        worker.__dict__["_settled"] = _context(worker)
    return dict(worker.__dict__["_settled"])


def _render_string(worker: Any, string: str, extra_context: Any = None) -> str:
    """Most parts of paths are what they are."""
    if isinstance(string, str) and "{" not in string and "\n" not in string:
        _forget_yield(worker)
        return string
    return _string(worker, string, extra_context)
