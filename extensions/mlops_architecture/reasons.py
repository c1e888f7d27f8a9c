"""Reasons and waivers: whether what was typed is an answer that a colleague could read."""

from __future__ import annotations

import re
from typing import NamedTuple

from .text import check_free_text

OWED = "owed"
"""What is recorded where a reason is missing because nobody was there to ask."""

_FEWEST_WORDS = 3
_UNSPACED = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
"""Thai, Lao, kana and Chinese are written without spaces: two letters count as a word."""
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]+(?:['’.,:%/-]+[^\W_{_UNSPACED}]+)*")
_ANOTHER_DAY = r"\b(?i:again|later|tomorrow|soon|another day|next (?:week|month|year))"
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|XXX+|(?i:tbd|tbc|lorem ipsum))\b"
    r"|^\W*(?i:to-?do)\s*(?::|\W*$)"
    r"|^\W*(?i:to be) (?i:done|defined|decided|determined|added|confirmed|written)\b"
    r"|^\W*(?i:(?:it|that|this|the \w+) (?:is|has) )?(?i:not yet (?:been )?|yet to be |to be )"
    r"(?i:known|decided|defined|determined|clear|clarified|named|set|agreed|seen)\W*$"
    r"|\b(?i:(?:i|we)(?:['’]ll| will| shall)? (?:tell|say|know|decide|write|see|check|find)\b)"
    rf".{{0,30}}{_ANOTHER_DAY}\W*$"
    rf"|^\W*(?i:please )?(?i:ask|tell|remind) (?i:me|us|him|her|them)\b.{{0,20}}{_ANOTHER_DAY}\W*$"
    r"|^\W*(?i:fill|write|add)\b.{0,20}\b(?i:in|here|later)\W*$"
)
"""Words that promise a reason for another day."""
_FILLER = {
    "a", "an", "and", "any", "anything", "applicable", "asdf", "asdfasdf", "bar", "baz",
    "because", "bla", "blah", "blub", "cause", "comment", "cuz", "dunno", "etc", "filler", "fine",
    "foo", "hm", "hmm", "i", "idk", "is", "it", "just", "later", "me", "n/a", "na", "need",
    "needed", "needs", "nil", "no", "none", "nope", "not", "nothing", "null", "of", "ok", "okay",
    "owed", "placeholder", "please", "qwer", "qwerty", "qwertz", "reason", "reasons", "required",
    "say", "so", "some", "something", "stuff", "such", "test", "testing", "that", "the", "thing",
    "things", "this", "to", "todo", "unknown", "whatever", "why", "yes",
}  # fmt: skip
"""Words that say nothing: a text of these alone is no reason."""
_NOBODY = {
    "a", "admin", "administrator", "an", "anon", "anonymous", "anybody", "anyone", "approver",
    "boss", "ceo", "company", "cto", "data", "department", "developer", "engineer", "engineering",
    "everybody", "everyone", "he", "head", "i", "it", "lead", "legal", "management", "manager",
    "me", "my", "myself", "n/a", "na", "name", "nil", "no", "nobody", "none", "noone", "null",
    "of", "one", "ops", "our", "owed", "owner", "person", "product", "reason", "root", "science",
    "scientist", "security", "she", "somebody", "someone", "tbd", "team", "test", "the", "they",
    "todo", "unknown", "us", "user", "waiver", "we", "x", "xx", "xxx", "you", "your",
}  # fmt: skip
"""Roles and stand-ins: nobody who could be asked about it later."""
_EXAMPLE = "for example 'The call centre needs the score within the call'"


class Waiver(NamedTuple):
    """Who takes a risk in writing, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def is_owed(text: str) -> bool:
    """Whether a reason or a waiver is still missing."""
    return text.strip() in {"", OWED}


def reason_objection(text: str) -> str:
    """What is wrong with `text` as a reason, and what to write instead, or an empty string."""
    if problem := check_free_text(text):
        return problem
    words = [word.casefold() for word in _WORD.findall(text)]
    if not text.strip():
        return f"A reason is needed: write one sentence, {_EXAMPLE}."
    if not words:
        return f"That holds no word: write one sentence, {_EXAMPLE}."
    if _PLACEHOLDER.search(text):
        return f"That puts the reason off: write it now, in one sentence, {_EXAMPLE}."
    if _says_nothing(words):
        return f"That gives no reason: say what makes it right here, {_EXAMPLE}."
    if len(words) < _FEWEST_WORDS:
        count = "one word" if len(words) == 1 else f"{len(words)} words"
        return f"A reason takes more than {count}: write one sentence, {_EXAMPLE}."
    if len(set(words)) < _FEWEST_WORDS:
        return f"That says the same word again: write one sentence, {_EXAMPLE}."
    return ""


def _says_nothing(words: list[str]) -> bool:
    return all(word in _FILLER or _is_mashed(word) for word in words)


def _is_mashed(word: str) -> bool:
    """A run along the keyboard, or one letter or pair of letters over and over."""
    rows = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
    along = any(word in row for row in rows) and len(word) > _FEWEST_WORDS
    repeated = re.fullmatch(r"(.{1,4}?)\1+", word) and not word.isdigit()
    return along or bool(repeated)


def waiver_objection(text: str) -> str:
    """What is wrong with `text` as `Name: reason`, or an empty string."""
    if problem := check_free_text(text):
        return problem
    name, colon, reason = text.partition(":")
    if not colon:
        return "A waiver names who takes the risk: write 'Name: reason', with a colon between."
    if problem := _name_objection(name.strip()):
        return problem
    return reason_objection(reason.strip())


def _name_objection(name: str) -> str:
    if sum(character.isalpha() for character in name) < 2:
        return "A waiver names who takes the risk: write a person's name before the colon."
    words = [word.casefold() for word in _WORD.findall(name)]
    if all(word in _NOBODY or not _has_letter(word) for word in words) or _PLACEHOLDER.search(name):
        return f"{name!r} is nobody who can be asked later: write a person's name before the colon."
    return ""


def _has_letter(word: str) -> bool:
    return any(character.isalpha() for character in word)


def read_waiver(text: str) -> Waiver | None:
    """The waiver in `text`, or None where `waiver_objection` objects."""
    if waiver_objection(text):
        return None
    name, _, reason = text.partition(":")
    return Waiver(name.strip(), reason.strip())
