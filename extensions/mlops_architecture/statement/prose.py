"""What people say anywhere in the text: delays, shares and the roles of columns.

Each reader looks at one sentence at a time and takes a number only where the words next
to it say what it is.
"""

from __future__ import annotations

import re

from .markdown import code_spans
from .metrics import find_metrics
from .numbers import SECONDS, Quantity, find_quantities, first_quantity
from .reading import Reading, words

_TRUTH = words("labels?", "outcomes?", "truth", "known", "labell?ed", "confirmed")
_LATER = words("after", "later", "delay", "lag", "within", "arrives?", "takes?", "old", "mature")
_AT_ONCE = words("immediately", "instantly", "at once", "no delay", "without delay")
_SCORE = words("scores?", "predictions?", "staleness", "stale")
_OLD = re.compile(r"\s?\W?(?:old|stale|of age)\b", re.I)
_OLDER = re.compile(
    r"\b(?:older than|staleness|stale|freshness|fresh within|age)\b[^,;]{0,20}$", re.I
)

_OUTCOME = (
    r"(?:positives?|churn(?:ed|ers?|s)?|fraud(?:ulent)?|default(?:ed|s)?|cancel(?:led|s)?|failures?"
    r"|failed|left|leave|convert(?:ed)?|conversions?|events?|minority)\b"
)
_RATE = r"(?:churn|fraud|default|event|failure|conversion|target|base) rate"
_RATE_AFTER = re.compile(
    r"\s?(?:of\s(?:\w+\s){1,4}(?:are|is|were|have)?\s?)?(?:(?:are|is|were)\s)?(?:of the\s)?"
    rf"{_OUTCOME}",
    re.I,
)
_RATE_BEFORE = re.compile(
    rf"\b(?:positives?(?: rate| share| class)?|prevalence|{_RATE}|minority(?: class)?"
    r"|imbalanced?(?:,(?=\s))?|class balance)[^\w,;][^,;]{0,25}$",
    re.I,
)
_SURE_RATE = words("positives?", "prevalence", "imbalanced?", "class balance", "minority", _RATE)
_MISSING_AFTER = re.compile(
    r"\s?(?:of (?:all |the )?(?:values|cells|data|entries) (?:are |is )?)?"
    r"(?:missing|nulls?|blank|empty|nan)\b",
    re.I,
)
_NEUTRAL = re.compile(
    r"(?:^|[,;(]|\b(?:about|roughly|around|some|with|and|is|are|has|have|overall))\s?$", re.I
)

_NAME = r"(?:`[^`\n]{1,80}`|[^\W\d][\w.]{0,60})"
_ROLES = (
    ("identifiers", r"(?:an? |the )?(?:unique |row )?(?:identifiers?|ids?)\b(?!\sof\sthe\sentity)"),
    ("event_time", r"(?:an? |the )?(?:event time|time of the event|timestamp|decision time)\b"),
    ("entity_key", r"(?:an? |the )?entity(?: key| column)?\b"),
)
_NO_NAME = {
    "it", "this", "that", "there", "which", "what", "who", "and", "or", "the", "a", "an", "is",
    "are", "column", "columns", "each", "every", "one", "they", "id", "key", "customer", "user",
    "row", "identifier", "name",
}  # fmt: skip


def read_prose(reading: Reading) -> None:
    """Fill in what may stand anywhere: delays, shares and the roles of columns."""
    _read_label_delay(reading)
    _read_staleness(reading)
    _read_shares(reading)
    _read_columns(reading)


def _read_label_delay(reading: Reading) -> None:
    for label in ("label_delay", "labels"):
        text = reading.text(label)
        delay = first_quantity(text, "duration")
        if delay:
            reading.take("label_delay_days", delay.value / SECONDS["day"], about=delay.about)
        elif _AT_ONCE.search(text):
            reading.take("label_delay_days", 0.0)
        elif label == "label_delay" and text:
            reading.refuse(label, "holds no duration")
    for sentence in reading.sentences:
        if _TRUTH.search(sentence.text) and _LATER.search(sentence.text):
            for quantity, before, after in sentence.of_kind("duration"):
                near = f"{before[-40:]} {after[:40]}"
                if _LATER.search(near) and _TRUTH.search(near):
                    reading.take(
                        "label_delay_days", quantity.value / SECONDS["day"], about=quantity.about
                    )


def _read_staleness(reading: Reading) -> None:
    text = reading.text("staleness")
    stated = first_quantity(text, "duration")
    if stated:
        reading.take("staleness_ok_hours", stated.value / SECONDS["hour"], about=stated.about)
    elif text:
        reading.refuse("staleness", "holds no duration")
    for sentence in reading.sentences:
        scores = sentence.label in {"latency", "consumption"} or _SCORE.search(sentence.text)
        for quantity, before, after in sentence.of_kind("duration"):
            if scores and (_OLD.match(after) or _OLDER.search(before)):
                reading.take(
                    "staleness_ok_hours", quantity.value / SECONDS["hour"], about=quantity.about
                )


def _read_shares(reading: Reading) -> None:
    _read_positive_rate(reading)
    text = reading.text("missing")
    stated = first_quantity(text, "share")
    if stated and stated.value < 1:
        reading.take("missing_share", stated.value, about=stated.about)
    elif re.fullmatch(r"(?:none|no|nothing|complete)\W*", text, re.I):
        reading.take("missing_share", 0.0)
    elif text:
        reading.refuse("missing", "holds no share of missing values")
    for sentence in reading.sentences:
        for quantity, before, after in sentence.of_kind("share"):
            if (
                sentence.section == "data"
                and _MISSING_AFTER.match(after)
                and _NEUTRAL.search(before)
            ):
                reading.take("missing_share", quantity.value, about=quantity.about)


def _read_positive_rate(reading: Reading) -> None:
    text = reading.text("positive_rate") or reading.text("positive_class")
    shares = [q for q in find_quantities(text) if q.kind in {"share", "ratio"} and not q.is_range]
    number = first_quantity(text, "number")
    if len(shares) == 2 and abs(shares[0].value + shares[1].value - 1) < 0.02:
        reading.take("positive_rate", min(q.value for q in shares), about=True)
    elif shares:
        _take_rate(reading, shares[0])
    elif number and 0 < number.decimal < 1:
        reading.take("positive_rate", number.decimal, about=number.about)
    elif re.match(r"(?:roughly |about |fairly )?balanced\b", text, re.I):
        reading.take("positive_rate", 0.5, about=True)
    if reading.text("positive_rate") and "positive_rate" not in reading.values:
        reading.refuse("positive_rate", "holds no share between 0 and 1")
    for sentence in reading.sentences:
        if sentence.label in {"success", "guardrails", "baseline", "primary_metric", "missing"}:
            continue
        for quantity, before, after in sentence.of_kind("share", "ratio"):
            if find_metrics(f"{before[-40:]} {after[:20]}"):
                continue
            ahead, behind = _RATE_BEFORE.search(before), _RATE_AFTER.match(after)
            named = f"{ahead[0] if ahead else ''} {behind[0] if behind else ''}"
            sure = quantity.kind == "ratio" or _SURE_RATE.search(named)
            if (ahead or behind) and (sentence.section == "data" or sure):
                _take_rate(reading, quantity)


def _take_rate(reading: Reading, quantity: Quantity) -> None:
    if 0 < quantity.value < 1:
        about = quantity.about or quantity.kind == "ratio"
        reading.take("positive_rate", quantity.value, about=about)


def _read_columns(reading: Reading) -> None:
    for field, role in _ROLES:
        names = _listed_columns(reading, field)
        pattern = re.compile(
            rf"(?<!\w)(?P<names>(?:{_NAME}(?:,\s(?:and\s)?|\sand\s)){{0,5}}{_NAME})"
            rf"(?:\scolumns?)?\s(?P<verb>is|as|are)\s{role}",
            re.I,
        )
        for entry in reading.outline.entries:
            for match in pattern.finditer(entry.raw):
                found = [
                    name.strip("`")
                    for name in re.findall(_NAME, match["names"])
                    if name.lower() not in _NO_NAME
                ]
                names += found if match["verb"].lower() == "are" else found[-1:]
        if names:
            reading.take(field, tuple(dict.fromkeys(names)) if field == "identifiers" else names[0])


def _listed_columns(reading: Reading, label: str) -> list[str]:
    """The columns under a label: what stands in backticks, else a list of single words."""
    names: list[str] = []
    for entry in reading.outline.entries:
        if entry.label != label or not entry.text:
            continue
        parts = [part.strip() for part in re.split(r"[,;\n]|\sand\s", entry.text) if part.strip()]
        if coded := code_spans(entry.raw):
            names += coded
        elif not any(" " in part for part in parts):
            names += [part for part in parts if part.lower() not in {"none", "no", "-"}]
        elif not re.match(r"(?:none|no)\b", entry.text, re.I):
            reading.refuse(label, "names no column; put names in backticks")
    return names
