"""Reads the references: their sections, the decisions they inform, and the numbers they state.

A decision is one bullet, `- `name` (rules, sources): argument`. What a rule compares with is
bold there, a number and its unit, and belongs to a limit of `mlops_architecture.limits`.
"""

from __future__ import annotations

import ast
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from mlops_architecture import limits

REFERENCES = Path(__file__).parents[1] / "references"
CAPABILITIES = (
    "system-design",
    "mlops-mental-models",
    "data-management",
    "data-quality",
    "feature-engineering",
    "training-serving-parity",
    "experiment-tracking",
    "model-evaluation",
    "deployment-strategies",
    "drift-detection",
    "model-monitoring",
    "incident-response",
    "model-registry",
)
NAMES = (
    *(f"capabilities/{name}" for name in CAPABILITIES),
    "tooling/zenml/component-guide",
    "tooling/zenml/deployment-architectures",
)
OPENING, DECISIONS = "In ten lines", "Decisions it informs"
BOUNDS, CITED = "When it does not hold", "Sources"
LAST_RULE = {"A": 3, "B": 4, "C": 9, "D": 8, "E": 13, "F": 8, "G": 13, "H": 11}
"""Sections A to H number their rules; I is the stack, J the order, K the red flags."""
RULES = {f"{letter}{i}" for letter, last in LAST_RULE.items() for i in range(1, last + 1)}
RULES |= {"I", "J", "K"} | {f"RF{i:02}" for i in range(1, 46)}
UNITS: dict[str, tuple[float, ...]] = {
    "": (), "×": (), "%": (0.01,), "points": (0.01,), "bits": (), "MB": (), "GB": (),
    "TB": (1000,), "ms": (1e-3,), "s": (), "minutes": (), "hours": (1 / 24,), "days": (),
    "weeks": (7,), "months": (), "years": (12,), "minute": (), "hour": (), "day": (), "week": (7,),
    "month": (), "year": (12,),
}  # fmt: skip
"""What may follow a bold number, and the factors by which a limit may be held in another unit."""
NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e-\d+)?"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
QUANTITY = re.compile(rf"({NUMBER})(?:–({NUMBER}))? ?({_UNIT})")
NAMED = re.compile(r"[A-Za-z]\d|\b[Ll]evels? \d|\bArts?\. \d+|\bSHA-256|\bSR 26-2")
"""Digits that are part of a name: F1, level 2, Art. 22, SHA-256."""


def read(name: str) -> str:
    return (REFERENCES / f"{name}.md").read_text(encoding="utf-8")


def sections(name: str) -> dict[str, str]:
    """Heading of each `##` section of a reference and its text, in order."""
    parts = re.split(r"^## (.+)\n", read(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class Bullet(NamedTuple):
    """One decision that a reference informs: what decides it, and the argument."""

    decision: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    text: str


def entries(name: str, section: str) -> list[str]:
    """The bullets of a section, each as one line."""
    lines = re.sub(r"\n +", " ", sections(name)[section]).splitlines()
    return [line for line in lines if line]


def bullets(name: str) -> Iterator[Bullet]:
    """The decisions of a reference; what does not parse is left to its own test."""
    for entry in entries(name, DECISIONS):
        if found := re.fullmatch(r"- `(\w+)` \(([^)]+)\): (.+)", entry):
            keys = found[2].split(", ")
            rules = tuple(key for key in keys if key in RULES)
            yield Bullet(found[1], rules, tuple(keys[len(rules) :]), found[3])


def informed(name: str) -> list[str]:
    """The decisions that a reference says it informs."""
    return [bullet.decision for bullet in bullets(name)]


def bold(text: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*", text)


def readings(quantity: str) -> list[tuple[float, ...]]:
    """The values that each number of `1–5 %` may stand for: in the unit written first."""
    found = QUANTITY.fullmatch(quantity)
    if found is None:
        return []
    numbers = [float(part.replace(",", "")) for part in found.group(1, 2) if part]
    factors = UNITS[found[3]]
    return [(*(number * factor for factor in factors), number) for number in numbers]


def limits_of(rule: str) -> list[tuple[str, float]]:
    """Every number that a rule compares with, after the name of the limit that holds it."""
    return [
        (name, float(value))
        for name, held in limits.of_rule(rule).items()
        for value in _numbers(held)
    ]


def _numbers(held: object) -> Iterator[float]:
    if isinstance(held, dict):
        held = tuple(held.values())
    if isinstance(held, (int, float)) and not isinstance(held, bool):
        yield held
    elif isinstance(held, Iterable) and not isinstance(held, str):
        for part in held:
            yield from _numbers(part)


@lru_cache
def measured() -> frozenset[str]:
    """Limits that are measurements of ours, marked [M]: a docstring speaks for the names above it.

    Prose may tell them, with their conditions, where no rule compares with them.
    """
    names: set[str] = set()
    for module in sorted(Path(limits.__file__).parent.glob("*.py")):
        group: set[str] = set()
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                group.add(node.targets[0].id)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                names |= group if "[M]" in str(node.value.value) else set()
                group = set()
    return frozenset(names)


def meant(bullet: Bullet, candidates: tuple[float, ...]) -> set[tuple[str, float]]:
    """The (rule, value) that a bold number of this bullet states."""
    return {
        (rule, value)
        for rule in bullet.rules
        for _, value in limits_of(rule)
        if any(_same(value, candidate) for candidate in candidates)
    }


def _same(value: float, written: float) -> bool:
    """A limit that is computed, such as 1 / 3, is written in two digits."""
    computed = not math.isclose(float(f"{value:.6g}"), value, rel_tol=1e-9)
    return math.isclose(value, written, rel_tol=0.02 if computed else 1e-9)


@lru_cache
def stated() -> dict[tuple[str, float], set[str]]:
    """Each (rule, value) that is stated, and the references that state it."""
    where: dict[tuple[str, float], set[str]] = defaultdict(set)
    for name in NAMES:
        for bullet in bullets(name):
            for quantity in bold(bullet.text):
                for fact in chain.from_iterable(meant(bullet, r) for r in readings(quantity)):
                    where[fact].add(name)
    return where


@lru_cache
def spoken(name: str) -> tuple[float, ...]:
    """Every value that a number of the reference, prose and tables, may stand for."""
    found = (readings(match[0]) for match in QUANTITY.finditer(read(name)))
    return tuple(value for reading in chain.from_iterable(found) for value in reading)


def told(name: str, value: float) -> bool:
    """The text of a reference says this number."""
    return any(_same(value, written) for written in spoken(name))


@lru_cache
def explained() -> dict[str, set[str]]:
    """Each decision, and the rules that its bullets name."""
    rules: dict[str, set[str]] = defaultdict(set)
    for bullet in chain.from_iterable(map(bullets, NAMES)):
        rules[bullet.decision] |= set(bullet.rules)
    return rules


def sentences(name: str) -> Iterator[str]:
    """The sentences of a reference but its sources, in bare lower-case words."""
    prose = "\n".join(text for title, text in sections(name).items() if title != CITED)
    bare = re.sub(r"[*`]|^\s*(- |\d+\. )", "", prose, flags=re.MULTILINE)
    for part in re.split(r"[.!?:;]\s|\n\n|\|", bare):
        yield " ".join(re.findall(r"[\w%-]+", part.lower()))
