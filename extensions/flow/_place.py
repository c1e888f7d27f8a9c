"""Where a render takes place: in a conversation, or unattended, or in a comparison of Copier's."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEMPORARY = re.compile(r"\.(old|new)_copy\.")
_said: list[str] = []
"""Sections printed in the conversation going on."""


class Place:
    """One render's view of the answers so far."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._conf = context["_copier_conf"]

    @property
    def _destination(self) -> Path:
        return Path(str(self._conf["dst_path"]))

    @property
    def _temporary(self) -> bool:
        """One of the two renders in temporary folders that `copier update` compares."""
        return bool(_TEMPORARY.search(str(self._destination)))

    @property
    def _talking(self) -> bool:
        prompting = getattr(self._context["_copier_phase"], "value", "") == "prompt"
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
