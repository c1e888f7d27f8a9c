"""Copier's only door into our Python: `flow` and one escaping filter for each target format."""

from __future__ import annotations

import hashlib
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from copier_template_extensions import ContextHook
from jinja2 import Environment

FOLDER = Path(__file__).resolve().parent


def _load(name: str) -> Any:
    """Import a package of this folder under a name unique to this checkout.

    `copier update` runs the old and the new template in one process; a plain import would
    give both the rules of whichever came first.
    """
    root = f"_{FOLDER.name}_{hashlib.sha1(str(FOLDER).encode()).hexdigest()[:12]}"
    if root not in sys.modules:
        sys.modules[root] = package = ModuleType(root)
        package.__path__ = [str(FOLDER)]
    return importlib.import_module(f"{root}.{name}")


flow, compiling, facts_told, naming, text = map(
    _load,
    ("flow", "flow.compiling", "mlops_architecture.facts_told", "mlops_architecture.naming",
     "mlops_architecture.text"),
)  # fmt: skip


class Hook(ContextHook):
    """Puts `flow` into every render, and one escaping filter for each target format."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        compiling.compile_once(environment)
        environment.filters.update(
            md=text.markdown, code=text.code, mermaid=text.mermaid, toml=text.toml,
            as_yaml=text.to_yaml, shown=facts_told.show_value, sentence=text.sentence,
            words=text.words, lower_first=text.lower_first,
        )  # fmt: skip

    def hook(self, context: dict[str, Any]) -> None:
        """Add `flow` to the context of one render."""
        context["flow"] = flow.Flow(context)
        context["flow"].check_outside()
        flow.show_whole_refusals()
        context["naming"] = naming
