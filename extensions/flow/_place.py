"""Where a render takes place: in a conversation, or unattended, or in a comparison of Copier's."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.filters import to_filter
from prompt_toolkit.layout.controls import FormattedTextControl

_TEMPORARY = re.compile(r"\.(old|new)_copy\.")
_PROJECT_MB = 10
"""Room that a generated project takes, with some to spare."""
_said: list[str] = []
"""Sections printed in the conversation going on."""


def show_whole_refusals() -> None:
    """Let the prompt at hand, if there is one, wrap a refusal: it would show one line of it."""
    prompt = get_app_or_none()
    for window in prompt.layout.find_all_windows() if prompt else ():
        if window.height == 1 and isinstance(window.content, FormattedTextControl):
            window.height = None
            window.wrap_lines = window.dont_extend_height = to_filter(True)


def unusable(folder: Path) -> str:
    """Why no project can be written to `folder`, or an empty string."""
    nearest = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not nearest.is_dir():
        return f"{nearest} is no folder: choose another destination."
    if not os.access(nearest, os.W_OK | os.X_OK):
        return f"{nearest} may not be written to: change its permissions, or choose another folder."
    free = shutil.disk_usage(nearest).free / 1e6
    if free < _PROJECT_MB:
        return (
            f"{nearest} has room for {free:.1f} MB, and a project takes {_PROJECT_MB}: make room."
        )
    return ""


class Place:
    """One render's view of the answers so far."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._conf = context["_copier_conf"]

    @cached_property
    def _destination(self) -> Path:
        return Path(str(self._conf["dst_path"]))

    @cached_property
    def _temporary(self) -> bool:
        """One of the two renders in temporary folders that `copier update` compares."""
        return bool(_TEMPORARY.search(str(self._destination)))

    @property
    def _phase(self) -> str:
        return str(getattr(self._context["_copier_phase"], "value", ""))

    @property
    def _talking(self) -> bool:
        prompting = self._phase == "prompt"
        return prompting and not self._conf["defaults"] and not self._temporary

    def _begin(self) -> None:
        """Forget what was said in an earlier conversation of the same process."""
        if _said[-1:] != ["opening"]:
            _said.clear()

    def _has_said(self, section: str) -> bool:
        return section in _said

    def _print(self, section: str, words: str) -> None:
        """Print a section once in a conversation."""
        if section not in _said:
            _said.append(section)
            print(words, file=sys.stderr)
