"""Reading a folder of Terraform without terraform: what it declares, names, and how it is set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hcl2

_NAME = re.compile(r"\b(var|local|ephemeral|data|(?:aws|google|azurerm|azuread|random)_\w+)\.(\w+)")
_ENTRY = re.compile(r"( *)(\"?[\w.]+\"?)( +)= (.*)")
_OPEN = ("[", "{", "(", "[{", "({", "([{")


def parsed(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every block of the folder by its kind."""
    blocks: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.tf")):
        for kind, found in hcl2.loads(path.read_text("utf-8")).items():
            if kind != "__comments__":
                blocks.setdefault(kind, []).extend(found)
    return blocks


def declared(blocks: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The addresses that expressions may name."""
    found = {f"local.{name}" for block in blocks["locals"] for name in _plain(block)}
    found |= {f"var.{_label(block)}" for block in blocks["variable"]}
    for kind, prefix in (("resource", ""), ("data", "data."), ("ephemeral", "ephemeral.")):
        for block in blocks.get(kind, []):
            (name, body), *_ = _plain(block).items()
            found.add(f"{prefix}{name}.{_label(body)}")
    return found


def outputs(blocks: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The names of what it gives."""
    return {_label(block) for block in blocks["output"]}


def named(folder: Path) -> set[str]:
    """The addresses that expressions do name."""
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.tf"))
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    found = set()
    for match in _NAME.finditer(text):
        before = text[: match.start()]
        kind, name = match.groups()
        if kind in {"data", "ephemeral"}:
            rest = re.match(r"\.(\w+)", text[match.end() :])
            found.add(f"{kind}.{name}.{rest[1]}" if rest else "")
        elif not before.endswith(("data.", "ephemeral.", ".")):
            found.add(f"{kind}.{name}")
    return found


def unaligned(path: Path) -> list[str]:
    """Lines that `terraform fmt` would set otherwise: blanks, and `=` in a column."""
    lines = path.read_text("utf-8").splitlines()
    wrong = [line for line in lines if "\t" in line or line != line.rstrip()]
    group: list[re.Match[str]] = []
    for line in [*lines, ""]:
        entry = _ENTRY.fullmatch(line)
        if entry and entry[4].endswith(_OPEN):
            wrong += [] if entry[3] == " " else [line]
            entry = None
        if entry and (not group or entry[1] == group[0][1]):
            group.append(entry)
            continue
        widest = max((len(each[2]) for each in group), default=0)
        wrong += [each[0] for each in group if len(each[2] + each[3]) != widest + 1]
        group = [entry] if entry else []
    return wrong


def _plain(block: dict[str, Any]) -> dict[str, Any]:
    return {key.strip('"'): value for key, value in block.items() if not key.startswith("__")}


def _label(block: dict[str, Any]) -> str:
    return next(iter(_plain(block)))
