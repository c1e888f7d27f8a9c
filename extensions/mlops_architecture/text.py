"""One filter for each format that text from people and files is written into."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel

_MARKDOWN = re.compile(r"([\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|^[#+-]|&(?=#?\w+;))")
_NUMBERED = re.compile(r"^(\d+)(?=[.)] )")


def check_free_text(text: str, longest: int = 2000) -> str:
    """An objection to free text that would break a file, or an empty string.

    Control characters, line and paragraph separators and lone surrogates are refused.
    """
    if len(text) > longest:
        return f"At most {longest} characters, not {len(text)}."
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            return f"One line of plain text, without the control character U+{ord(character):04X}."
    return ""


def markdown(value: Any) -> str:
    """Text for a Markdown paragraph or table cell, on one line, shown as typed."""
    flat = " ".join(str(value).split())
    return _NUMBERED.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", flat))


def code(value: Any) -> str:
    """Text as a Markdown code span that also survives inside a table cell.

    A bar has to be escaped in a cell and must not be in a span elsewhere: HTML takes it anywhere.
    """
    flat = " ".join(str(value).split())
    if "|" in flat:
        return f"<code>{markdown(flat)}</code>"
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if longest else ""
    return f"{fence}{padding}{flat}{padding}{fence}" if flat else ""


def mermaid(value: Any) -> str:
    """Text for a Mermaid label or message; what could end it becomes an entity."""
    flat = " ".join(str(value).split())
    return re.sub(r"[^\w .,/()%=+→≥≤×-]", lambda match: f"#{ord(match[0])};", flat)


def words(name: str) -> str:
    """A name as words: `training_metric` → `training metric`."""
    return name.replace("_", " ")


def sentence(value: Any) -> str:
    """A clause as a sentence: a capital first, a full stop last."""
    text = str(value)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def lower_first(text: str) -> str:
    """A label within a sentence; an acronym or a name such as LightGBM keeps its capitals."""
    first, *_ = text.split(maxsplit=1) or [""]
    kept = any(letter.isupper() for letter in first[1:])
    return text if kept else f"{text[:1].lower()}{text[1:]}"


def without_echo(label: str, reason: str) -> str:
    """A reason without an opening that only repeats the label: `None: no images` → `No images`."""
    opening, colon, rest = reason.partition(": ")
    echoes = colon and opening.casefold() in label.casefold()
    return f"{rest[:1].upper()}{rest[1:]}" if echoes else reason


def toml(value: str) -> str:
    """A TOML basic string, quotes included."""
    escaped = json.dumps(value, ensure_ascii=False)
    return escaped.replace("\x7f", "\\u007f")


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    rare_breaks = set("\x85\u2028\u2029") & set(value)
    style = '"' if rare_breaks else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


class _Row(dict[str, Any]):
    """A mapping that is dumped on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(
    _Row,
    lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True),
)


def to_yaml(model: BaseModel, one_line: tuple[str, ...] = ()) -> str:
    """A pydantic model as YAML, keys in their order; lists named in `one_line` get a row each."""
    content = model.model_dump(mode="json")
    told = model.model_dump(mode="json", exclude_defaults=True)
    for name in one_line:
        content[name] = [_Row(row) for row in told[name]]
    return _dump(content)


def _dump(content: Mapping[str, Any]) -> str:
    dumped: str = yaml.dump(
        dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**31
    )
    return dumped.rstrip("\n")


def mapping_to_yaml(content: Mapping[str, Any]) -> str:
    """A mapping as YAML, long text on one line and text of several lines as a block."""
    return _dump(dict(sorted(content.items())))


def wrap(text: str, width: int = 78, indent: str = "") -> str:
    """Text filled to `width` columns, each line after the first indented by `indent`."""
    return textwrap.fill(text, width=width, subsequent_indent=indent, break_on_hyphens=False)


def heading(text: str) -> str:
    """A title between two rules, as wide as `wrap` fills."""
    rule = "─" * 78
    return f"\n{rule}\n{text}\n{rule}"
