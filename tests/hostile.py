"""Text that breaks formats, and what a file says once it is parsed as what it is."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

PIECES = (
    """it's "quoted" '''thrice''' \"\"\"and more\"\"\" `ticks` ```fence""",
    r"back\slash \n \u0041 \N{BULLET} \" \' C:\temp",
    "{{ project_name }} {% if x %} {# note #} {%- raw -%} }} %}",
    "key: value # comment - item !tag &anchor *alias ? : | > [a] {b: c} , @at %d",
    "--- ... <<<<<<< ======= >>>>>>>",
    "$HOME ${HOME} $(rm -rf x) `rm x` ; && || > out < in !! ~ *.py ?",
    "| cell | **bold** __init__ _it_ # h [x](y) ![i](j) <b>html</b> <!-- c --> &amp; ~~s~~ $m$",
    "🚀 👩🏽‍💻 é ñ 漢字 Ω",
    "שלום עולם مرحبا \u202eabc\u202c",
    "''' # noqa \"\"\" + __import__('os') f'{x!r}' %(name)s {0} r'\\'",
    "[table] x = 1 = 'y' \"\"\" #",
    "../../etc/passwd ~/x a/b .git/config",
    "5,000.00 € 1e3 0x10 100 % yes null",
)  # fmt: skip
"""Each breaks one format or another if it is written into it as it is."""
OPENINGS = (
    "- item", "# heading", "> quote", "1. one", "=1+2", "@user", "!tag", "&a", "*b*", "%y", "`c`",
    "'q'", '"q"', "[x]", "{x}", "| y", "~", "null", "true", "1e3", "012", "2024-01-01", "---", ":",
    "?", "+ x", "\\", "<b>", "{{x}}", "{% x %}", "$x", "\u202eabc",
)  # fmt: skip
"""What is taken for something else where it stands first, or alone."""
CONTROLS = ("a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b", "a\ud800b")
BREAKS = ("a\nb", "a\r\nb", "a\rb", "a\tb")
LENGTHS = {500: "long " * 100, 50_000: "x" * 50_000}
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def texts_of(path: Path) -> tuple[str, ...]:
    """Every text that a file holds, as its format reads it; fails where it cannot be read."""
    return _texts(path.suffix, path.read_text("utf-8"))


@lru_cache(maxsize=4096)
def _texts(suffix: str, text: str) -> tuple[str, ...]:
    if suffix == ".py":
        return tuple(
            node.value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    if suffix in {".yaml", ".yml"}:
        comments = " ".join(re.findall(r"(?m)^\s*# ?(.*)$", text))
        loaded = (strings(part) for part in yaml.load_all(text, yaml.CSafeLoader))
        return (comments, *(each for part in loaded for each in part))
    if suffix in {".toml", ".lock"}:
        return tuple(strings(tomllib.loads(text)))
    if suffix == ".json":
        return tuple(strings(json.loads(text)))
    if suffix == ".md":
        return tuple(_prose(text))
    return (text,)


def strings(value: Any) -> Iterator[str]:
    """Every text within what YAML, TOML and JSON read, also in JSON that is kept as text."""
    if isinstance(value, str) and value.startswith('{"'):
        yield from strings(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(key)
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def _prose(text: str) -> Iterator[str]:
    """What a person reads of each paragraph and table cell; code as it stands."""
    for token in _MARKDOWN.parse(text):
        if token.type in {"fence", "code_block", "html_block"}:
            yield token.content
        elif token.type == "inline":
            kept = {"text", "code_inline", "html_inline", "text_special"}
            parts = token.children or []
            yield "".join(
                part.content if part.type in kept else " " if "break" in part.type else ""
                for part in parts
            )
