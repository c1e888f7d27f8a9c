"""What has been understood of a problem statement so far, and what could not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .markdown import Entry, Outline
from .numbers import Quantity, find_quantities

MOST_SENTENCES = 600
LONGEST_PROSE = 60_000
"""Characters; about twenty pages."""
MOST_REMARKS = 40
MOST_NUMBERS = 15
LONGEST_SENTENCE = 600
LONGEST_VALUE = 2_000
_END = re.compile(
    r"(?<!\bca\.)(?<!approx\.)(?<!e\.g\.)(?<!i\.e\.)(?<!\bart\.)(?<!\bno\.)(?<!\bvs\.)"
    r"(?<!\bmax\.)(?<!\bmin\.)(?<=[.!?;])\s|\n",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"[\W_]*|tbd|todo|n/?a|to be (?:defined|filled in|completed)|fill in", re.I
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, at most `LONGEST_SENTENCE` characters, and where it stands."""

    text: str
    where: str
    section: str
    label: str

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The first `MOST_NUMBERS` numbers in the sentence; more is a table, not a sentence."""
        return find_quantities(self.text)[:MOST_NUMBERS]

    def of_kind(self, *kinds: str) -> Iterator[tuple[Quantity, str, str]]:
        """(quantity, text before it, text after it) for each quantity of these kinds."""
        for quantity in self.quantities:
            if quantity.kind in kinds and not quantity.is_range:
                yield quantity, self.text[: quantity.start], self.text[quantity.end :]


@dataclass
class Reading:
    """Collects the fields that were understood and remarks on what was not."""

    outline: Outline
    values: dict[str, Any] = field(default_factory=dict)
    approximate: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cut_short: bool = False
    """The text is longer than what is searched for numbers."""

    def text(self, label: str) -> str:
        """The text under a label, one line per item, empty when absent or a placeholder."""
        return self._texts.get(label, ("", ""))[1]

    def where(self, label: str) -> str:
        """Heading and label as the author wrote them."""
        return self._texts.get(label, (label, ""))[0]

    def entry(self, label: str) -> Entry | None:
        """The first entry under a label that is no placeholder."""
        entries = (entry for entry in self.outline.entries if entry.label == label)
        return next((entry for entry in entries if not _is_placeholder(entry.text)), None)

    def take(self, name: str, value: Any, *, about: bool = False) -> None:
        """Record `value` for the field `name`, unless an earlier source gave it."""
        if name not in self.values:
            self.values[name] = value
            if about:
                self.approximate.append(name)

    def refuse(self, label: str, why: str, text: str = "") -> None:
        """Remark that the text under `label` could not be read, and why."""
        self.remark(self.where(label), text or self.text(label), why)

    def remark(self, where: str, text: str, why: str) -> None:
        """Remark on a text at a place: 'Data Summary / Rows: “many” is not a number.'"""
        shown = " ".join(text.split())
        shown = f"{shown[:77]}…" if len(shown) > 78 else shown
        sentence = f"{where[:80]}: “{shown}” {why}."
        if sentence not in self.remarks and len(self.remarks) < MOST_REMARKS:
            self.remarks.append(sentence)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the text: labelled values and business context first.

        At most `MOST_SENTENCES`, and no more than `LONGEST_PROSE` characters of them.
        """
        first = [e for e in self.outline.entries if e.label or e.section == "business"]
        rest = [e for e in self.outline.entries if not (e.label or e.section == "business")]
        sentences: list[Sentence] = []
        length = 0
        for entry in (*first, *rest):
            for text in _split(entry.text):
                length += len(text)
                if len(sentences) == MOST_SENTENCES or length > LONGEST_PROSE:
                    self.cut_short = True
                    return tuple(sentences)
                sentences.append(Sentence(text, entry.where, entry.section, entry.label))
        return tuple(sentences)

    @cached_property
    def _texts(self) -> dict[str, tuple[str, str]]:
        """For each label its place and its texts joined, placeholders left out."""
        entries: dict[str, list[Entry]] = {}
        for entry in self.outline.entries:
            if entry.label:
                entries.setdefault(entry.label, []).append(entry)
        return {
            label: (found[0].where, _joined(entry.text for entry in found)[:LONGEST_VALUE])
            for label, found in entries.items()
        }


def words(*alternatives: str) -> re.Pattern[str]:
    """A pattern for any of the words or phrases, which may themselves be patterns."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.I)


def clauses(text: str) -> list[str]:
    """The parts of a labelled text: its lines and what semicolons separate."""
    return [part.strip(" .") for part in re.split(r"[;\n]", text) if part.strip(" .")]


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if not _is_placeholder(text))


def _is_placeholder(text: str) -> bool:
    return bool(_PLACEHOLDER.fullmatch(text[:60].strip()))


def _split(text: str) -> Iterator[str]:
    for sentence in _END.split(text):
        for start in range(0, len(sentence), LONGEST_SENTENCE):
            piece = sentence[start : start + LONGEST_SENTENCE].strip()
            if len(piece) > 3:
                yield piece
