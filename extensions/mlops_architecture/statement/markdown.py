"""Markdown as people write it → labelled texts; and plain texts → Markdown that reads back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .labels import Topic, topic_of

_HEADING = re.compile(r"(?P<marks>#{1,6})(?P<space>\s?)(?P<name>.*)$")
_BULLET = re.compile(r"(?:[-*+•–]|\d{1,3}[.)]) (?P<content>.+)$")
_CHECKBOX = re.compile(r"\[(?P<mark>[ xX])\] ")
_BOLD = re.compile(
    r"(?:\*\*|__)(?P<label>[^*]{1,80}?) ?(?P<inner>[:=]?) ?(?:\*\*|__) ?"
    r"(?P<outer>[:=]|[–—-](?= ))? ?(?P<value>.*)$"
)
_PLAIN = re.compile(r"(?P<label>[^:=|\\]{1,80}?) ?(?:[:=]|(?<= )[–—-](?= )) ?(?P<value>.*)$")
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<name>[^*]{1,80}?):?(?:\*\*|__):?")
_INLINE = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|`+")
_SPECIAL = re.compile(
    r"\*+|_{2,}|(?<!\w)_|_(?!\w)|`+|\\|#+$|<(?=[A-Za-z/!?])|~{2,}|\](?=[(\[:])|&(?=#?\w+;)"
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<name>[^\n]{1,500}?)(?<!`)\1(?!`)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """A stretch of text, the label it carries and where it stands."""

    label: str
    """What the text is about, one of the labels; empty for prose."""
    section: str
    """The section's key, empty where the heading is not known."""
    where: str
    """Heading and label as the author wrote them."""
    raw: str
    """The Markdown, one line per item."""

    @property
    def text(self) -> str:
        """The text without Markdown marks, one line per item."""
        return "\n".join(filter(None, map(plain, self.raw.split("\n"))))


@dataclass(frozen=True)
class Outline:
    """A problem statement's title and labelled texts, and the names nobody knows."""

    title: str
    entries: tuple[Entry, ...]
    unknown: tuple[str, ...]


def plain(text: str) -> str:
    """`text` without bold and code marks and backslash escapes, white space collapsed."""
    return one_line(_INLINE.sub(lambda match: match[1] or "", text))


def one_line(text: str) -> str:
    """`text` on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def escape(text: str) -> str:
    """Inline Markdown that `plain` reads back as `one_line(text)`."""
    return _SPECIAL.sub(lambda match: "".join(f"\\{c}" for c in match[0]), one_line(text))


def code(name: str) -> str:
    """`name` on one line as a code span that `code_spans` reads back."""
    name = one_line(name)
    fence = "`" * (1 + max(map(len, re.findall(r"`+", name)), default=0))
    padding = " " if "`" in name else ""
    return f"{fence}{padding}{name}{padding}{fence}"


def code_spans(raw: str) -> list[str]:
    """The texts in backticks."""
    return [match["name"].strip() for match in _CODE.finditer(raw)]


def is_prose(line: str) -> bool:
    """`line` can stand as a paragraph of its own: no list, heading, table or label."""
    return line[:1].isalpha() and _split_label(line) is None


def outline(text: str) -> Outline:
    """The labelled texts of a problem statement: headings, lists, tables and prose."""
    builder = _Builder()
    lines = list(_lines(text))
    header: list[str] = []
    underline = False
    for number, line in enumerate(lines):
        stripped = line.strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if underline:
            underline = False
        elif not stripped:
            builder.pause(lines[number + 1] if number + 1 < len(lines) else "")
            header = []
        elif (heading := _HEADING.match(stripped)) and (heading["space"] or topic_of(stripped)):
            builder.enter(_without_closing_marks(heading["name"]), len(heading["marks"]))
        elif stripped.startswith(("```", "~~~")) or _is_rule(stripped):
            builder.open_indent = None
        elif _is_setext(stripped, following):
            builder.enter(stripped, 1 if following.startswith("=") else 2)
            underline = True
        elif stripped.startswith("|") or ("|" in stripped and (header or _is_separator(following))):
            if _is_separator(following):
                header = _cells(stripped)
            if not _is_separator(stripped):
                builder.row(_cells(stripped), header)
        else:
            _add_line(builder, line)
    return Outline(builder.title, builder.finished(), tuple(dict.fromkeys(builder.unknown)))


@dataclass
class _Draft:
    label: str
    section: str
    where: str
    lines: list[list[str]]


@dataclass
class _Builder:
    """Collects entries while the lines go by."""

    title: str = ""
    section: str = ""
    heading: str = ""
    depth: int = 0
    default: str = ""
    """Label of the plain text under the present heading."""
    drafts: list[_Draft] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    open_indent: int | None = None
    """Indentation of the item that the next lines may continue, -1 for a paragraph."""
    takes_list: bool = False
    """The open paragraph is a bare `Label:`, whose text is the list below it."""

    def enter(self, name: str, level: int) -> None:
        """Go on under the heading `name`."""
        shown = plain(name)
        self.open_indent = None
        prefix = re.match(r"problem statement\s*[:–—-]?\s*", shown, re.I)
        topic = None if prefix else topic_of(shown)
        if not self.title and (prefix or (topic is None and level == 1)):
            self.title = shown[prefix.end() :] if prefix else shown
            self.section = self.heading = self.default = ""
            return
        if topic is None and shown:
            self.unknown.append(shown)
        inner = level > self.depth and bool(self.section)
        if (topic and topic.section) or not inner:
            self.section = topic.section if topic else ""
            self.depth = level
        self.heading, self.default = shown, topic.label if topic else ""

    def add(self, content: str, indent: int) -> None:
        """Take one line: a new entry or more of the last. `indent` is -1 outside lists."""
        split = _split_label(content)
        topic = topic_of(split[0]) if split else None
        if split and topic:
            self._open(topic, plain(split[0]), split[1])
            self.open_indent = indent
            self.takes_list = indent < 0 and not split[1]
            return
        if split:
            name = plain(split[0])
            self.unknown.append(f"{self.heading} / {name}" if self.heading else name)
        if not self._continues(indent):
            where = self.heading or "The text"
            self.drafts.append(_Draft(self.default, self.section, where, [[content]]))
            self.open_indent, self.takes_list = indent, False
        elif indent < 0 and self.drafts[-1].lines:
            self.drafts[-1].lines[-1].append(content)
        else:
            self.drafts[-1].lines.append([content])

    def row(self, cells: list[str], header: list[str]) -> None:
        """Take one row of a table: a label and its value, or values under labels."""
        topics = [topic_of(cell) for cell in header]
        if len([topic for topic in topics if topic]) >= 2:
            for topic, name, cell in zip(topics, header, cells, strict=False):
                if topic and cells != header:
                    self._open(topic, plain(name), cell)
        elif topic := topic_of(cells[0]):
            self._open(topic, plain(cells[0]), ", ".join(filter(None, cells[1:])))
        elif cells != header:
            self.open_indent = None
            self.add(", ".join(filter(None, cells)), 0)
        self.open_indent = None

    def pause(self, following: str) -> None:
        """A blank line ends an item unless an indented line or its own list follows."""
        own_list = self.takes_list and not self.drafts[-1].lines
        if following.strip() and not following[0].isspace() and not own_list:
            self.open_indent = None

    def finished(self) -> tuple[Entry, ...]:
        """The entries, in the order of the text."""
        return tuple(
            Entry(draft.label, draft.section, draft.where, "\n".join(map(" ".join, draft.lines)))
            for draft in self.drafts
        )

    def _open(self, topic: Topic, name: str, value: str) -> None:
        where = f"{self.heading} / {name}" if self.heading else name
        lines = [[value]] if value else []
        self.drafts.append(_Draft(topic.label, topic.section or self.section, where, lines))

    def _continues(self, indent: int) -> bool:
        if self.open_indent is None:
            return False
        return indent < 0 or (
            self.takes_list if self.open_indent < 0 else indent > self.open_indent
        )


def _add_line(builder: _Builder, line: str) -> None:
    indent = len(line) - len(line.lstrip())
    line = one_line(line)
    bullet = _BULLET.match(line)
    content = bullet["content"] if bullet else line
    box = _CHECKBOX.match(content)
    if box and box["mark"] == " ":
        return
    content = content[box.end() :] if box else content
    alone = None if bullet else _BOLD_LINE.fullmatch(content)
    topic = topic_of(alone["name"]) if alone else None
    if alone and topic and topic.section:
        builder.enter(alone["name"], 2)
    else:
        builder.add(content, indent if bullet else -1)


def _split_label(line: str) -> tuple[str, str] | None:
    """(label, rest) of a line that opens with a bold or a known label."""
    match = _BOLD.match(line)
    if match and (match["inner"] or match["outer"]):
        return match["label"], match["value"]
    match = _PLAIN.match(line)
    if match and topic_of(match["label"]):
        return match["label"], match["value"]
    return None


def _lines(text: str) -> Iterator[str]:
    text = _without_comments(re.sub(r"\r\n?", "\n", text).replace("\t", "    "))
    for line in text.split("\n"):
        yield re.sub(r"^\s{0,3}>\s?", "", _CONTROL.sub(" ", line))


def _without_comments(text: str) -> str:
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0:
        escaped = text[start - 1 : start] == "\\"
        end = start + 1 if escaped else text.find("-->", start) + 3
        if end == 2:
            break
        kept.append(text[position : end if escaped else start])
        position = end
    return "".join((*kept, text[position:]))


def _without_closing_marks(name: str) -> str:
    bare = name.rstrip().rstrip("#")
    return bare if bare[-1:].isspace() or not bare else name


def _is_rule(stripped: str) -> bool:
    return len(stripped) >= 3 and set(stripped) <= set("-*_= ")


def _is_setext(stripped: str, following: str) -> bool:
    underlined = len(following) >= 2 and set(following) in ({"="}, {"-"})
    return underlined and not _BULLET.match(stripped) and _split_label(stripped) is None


def _is_separator(stripped: str) -> bool:
    return "-" in stripped and "|" in stripped and set(stripped) <= set("|-: ")


def _cells(stripped: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", stripped.strip("|"))]
