"""Acting on predictions: what an error costs, how many cases can be taken, how often it helps.

People say it anywhere and in many ways. An amount belongs to the error that is named
nearest to it: acting in vain (a false positive) or missing a case (a false negative).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .metrics import find_metrics
from .numbers import WORDS, Quantity, first_quantity
from .reading import Reading, Sentence, words

_COSTS = ("cost_false_positive", "cost_false_negative")
_HARM = (
    "churn|fraud|default|failure|breakdown|chargeback|stock-?out|readmission|outage|defect"
    "|bad debt|loss"
)
_LOST = "customer|client|subscriber|member|user|account|borrower|order|sale|case|contract|loan"
_MISS = words(
    "false negatives?", "fns?", "miss(?:es|ed|ing)?", "undetected", "unnoticed", "churners?",
    "leavers?", f"(?:churned|fraudulent|defaulted) (?:{_LOST}|transaction|claim)s?",
    f"(?:an?|each|every|one|per|average|unplanned) (?:lost |bad )?(?:{_HARM})",
    f"los(?:e|es|ing|t) (?:an? |one |each |every |the )?(?:{_LOST}|{_HARM})s?",
    r"(?:accept|approv|grant)\w* (?:an? )?bad",
)  # fmt: skip
_ALARM = words(
    "false positives?", "fps?", "false alarms?", "offers?", "calls?", "calling",
    "contact(?:s|ing)?", "interventions?", "discounts?", "vouchers?", "coupons?", "incentives?",
    "campaigns?", r"review(?:s|ing)?", r"investigat\w+", r"inspect\w*", "checks?", "treatments?",
    r"needless\w*", r"unnecessar\w+", "wrong(?:ly)?", "visits?", "outreach", "letters?",
    "mailings?", "wasted", "block(?:ed|ing)",
    r"(?:refus|reject|declin)\w* (?:an? )?good",
)  # fmt: skip
_COST = re.compile(
    r"\b(?:costs?|costing|los(?:e|es|ing|s)|price[ds]?|pays?|spend|worth|expensive)\b|[=≈:]", re.I
)
_PROPER = words("false (?:positive|negative|alarm)s?", "f[pn]s?")
_PRICED = re.compile(r"(?:\bcosts?|[=≈:])\s?(?:us\s|about\s|~)?$", re.I)
_PIECE = re.compile(r"[,;()—–]\s?|\s(?:and|while|whereas|but|vs\.?|versus|against)\s", re.I)
_FACTOR = re.compile(r"\s?(?:x|×|times)\b", re.I)
_TIMES = re.compile(
    rf"\b(?:(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?)\s?(?:x|×|times)|(?P<word>{'|'.join(WORDS)})\stimes"
    r"|twice)\s(?:as\s(?:much|expensive|costly|bad)|more|worse|costlier)\b",
    re.I,
)

_ACT = (
    "(?:call|contact|reach|phone|review|investigat|inspect|visit|check|offer|send|mail|treat"
    "|process|handl|work on|case|alert|intervention|audit|approv|act on|follow|servic|repair)"
)
_POSSIBLE = words(
    "can", "could", "able to", "at most", "up to", "maximum", "max", "no more than",
    "limit(?:ed)?", "budget", "afford", "handles?", "room for", "enough for", "only", "time for",
)  # fmt: skip
_ACTION = re.compile(rf"\b{_ACT}", re.I)
_ACTING = re.compile(
    r"\b(?:call|contact|phone|review|investigat|inspect|visit|check|audit|treat|repair)\w*\s"
    r"(?:the\s)?(?:top\s)?(?:about\s|some\s|up to\s)?$",
    re.I,
)
_PERIOD = re.compile(
    r"(?:\b(?:per|an?|each|every|in the)\s|/\s?)(?P<unit>hour|day|week|month|quarter|year)\b"
    r"|\b(?P<adverb>hour|dai|week|month|quarter|year)ly\b",
    re.I,
)
_NO_CASES = re.compile(
    r"\s?(?:times\b|requests|transactions|payments|orders|predictions|rows|records|features"
    r"|\w+\s(?:per|an?|each)\s(?:second|minute)"
    r"|(?:\w+\s)?per\s(?!hour|day|week|month|quarter|year)\w)",
    re.I,
)

_SAVES = words(
    "keeps?", "save[ds]?", "saving", "retain(?:s|ed)?", "rescue[ds]?", "persuade[ds]?",
    "convince[ds]?", "wins? back", "stay(?:s|ed)?", "accept(?:s|ed)?", "takes? (?:it|up)",
    "uptake", "take-up", "works? (?:in|for)", "effective", "succeeds?", "prevent(?:s|ed)?",
    "recover(?:s|ed)?", "averts?", "brings? back", "(?:save|success|acceptance) rate",
)  # fmt: skip
_GOAL = words(
    "goal", "target", "aim", "want", "at least", "increase", "improve", "reach", "should", "must",
    "costs?", "budget", "hours",
)  # fmt: skip
_WHOM = words("leavers?", "churners?", "those", "them", "it", "they", "failures", "at risk")
_OF_A_METRIC = {"success", "guardrails", "baseline", "primary_metric", "labels"}


def read_acting(reading: Reading) -> None:
    """Fill in the costs, the capacity and the save rate."""
    _read_costs(reading)
    _read_capacity(reading)
    _read_save_rate(reading)


def _read_costs(reading: Reading) -> None:
    for field in _COSTS:
        cost = first_quantity(reading.text(field), "money", "number")
        if cost and cost.value >= 0:
            reading.take(field, cost.value, about=cost.about)
        elif reading.text(field):
            reading.refuse(field, "holds no amount")
    amounts = [
        (not proper, field, quantity, sentence)
        for sentence in reading.sentences
        if sentence.label not in _OF_A_METRIC
        for quantity, field, proper in _amounts(sentence)
    ]
    for _, field, quantity, sentence in sorted(amounts, key=lambda amount: amount[0]):
        if field and quantity.value != reading.values.get(field, quantity.value):
            reading.remark(sentence.where, sentence.text, f"gives another {_shown(field)}")
        elif field:
            reading.take(field, quantity.value, about=quantity.about)
    if not any(field in reading.values for field in _COSTS):
        _read_cost_ratio(reading)
    if not all(field in reading.values for field in _COSTS):
        for _, field, _, sentence in amounts:
            if not field and sentence.label not in _COSTS:
                reading.remark(
                    sentence.where,
                    sentence.text,
                    f"names an amount that is neither the {_shown(_COSTS[0])} nor the "
                    f"{_shown(_COSTS[1])} for all that could be understood",
                )


def _shown(field: str) -> str:
    return field.replace("_", " of a ", 1).replace("_", " ")


def _amounts(sentence: Sentence) -> Iterator[tuple[Quantity, str, bool]]:
    """(amount, field or empty, whether the error is called by its proper name)."""
    if not _COST.search(sentence.text) and sentence.label != "costs":
        return
    for quantity, before, after in sentence.of_kind("money", "number"):
        ahead, behind = _PIECE.split(before)[-1], _PIECE.split(after, maxsplit=1)[0]
        proper = bool(_PROPER.search(f"{ahead} {behind}"))
        priced = proper and _PRICED.search(ahead) and not _FACTOR.match(after)
        if quantity.kind == "number" and not priced:
            continue
        if quantity.value >= 0:
            yield quantity, _nearest_error(ahead, behind) or _nearest_error(before, after), proper


def _nearest_error(before: str, after: str) -> str:
    """The field of the error that is named nearest to an amount, proper names first."""
    named = [
        (not _PROPER.search(match[0]), len(text) - match.end() if ahead else match.start(), field)
        for field, pattern in zip(_COSTS, (_ALARM, _MISS), strict=True)
        for text, ahead in ((before, True), (after, False))
        for match in pattern.finditer(text)
    ]
    return min(named)[2] if named else ""


def _read_cost_ratio(reading: Reading) -> None:
    """A miss that costs twelve times a false alarm: costs of 12 and 1, in that unit."""
    for sentence in reading.sentences:
        match = _TIMES.search(sentence.text)
        if match is None:
            continue
        before, after = sentence.text[: match.start()], sentence.text[match.end() :]
        dear = _nearest_error(before, "")
        cheap = _nearest_error("", after)
        if dear and cheap and dear != cheap:
            digits = (match["number"] or "").replace(",", ".")
            times = float(digits) if digits else WORDS.get((match["word"] or "").lower(), 2)
            reading.take(dear, times, about=True)
            reading.take(cheap, 1.0, about=True)
            return


def _read_capacity(reading: Reading) -> None:
    text = reading.text("capacity")
    stated = first_quantity(text, "number")
    if stated and stated.value >= 1:
        _take_capacity(reading, stated, "", text[stated.end :])
    elif text:
        reading.refuse("capacity", "holds no number of cases")
    for sentence in reading.sentences:
        for quantity, before, after in sentence.of_kind("number"):
            if _is_capacity(quantity, before[-80:], after[:60]):
                _take_capacity(reading, quantity, before[-40:], after[:60])
    for label in ("primary_metric", "success", "guardrails"):
        for mention in find_metrics(reading.text(label)):
            cases = first_quantity(mention.k, "number")
            if cases and cases.value >= 1:
                reading.take("capacity", int(cases.value), about=True)


def _is_capacity(quantity: Quantity, before: str, after: str) -> bool:
    at_k = any(mention.k for mention in find_metrics(f"{before[-40:]}{quantity.value:.0f}"))
    if quantity.value < 1 or at_k or _NO_CASES.match(after):
        return False
    if re.search(r"\bcapacity\b", before, re.I) or re.match(r"\s?(?:\w+\s)?capacity\b", after):
        return True
    action = _ACTION.search(before) or _ACTION.search(after[:30])
    routine = _ACTING.search(before) and _PERIOD.search(after)
    return bool((_POSSIBLE.search(before) and action) or routine)


def _take_capacity(reading: Reading, quantity: Quantity, before: str, after: str) -> None:
    """The period stands after the number, or else as the last one before it."""
    if "capacity" in reading.values:
        return
    reading.take("capacity", int(quantity.value), about=quantity.about)
    period = _PERIOD.search(after) or next(reversed([*_PERIOD.finditer(before)]), None)
    if period:
        unit = (period["unit"] or period["adverb"]).lower()
        reading.take("capacity_period", unit.replace("dai", "day"))


def _read_save_rate(reading: Reading) -> None:
    text = reading.text("save_rate")
    stated = first_quantity(text, "share") or first_quantity(text, "number")
    if stated and 0 < stated.decimal <= 1:
        reading.take("save_rate", stated.decimal, about=stated.about)
    elif text:
        reading.refuse("save_rate", "holds no share between 0 and 1")
    for sentence in reading.sentences:
        if sentence.label in _OF_A_METRIC:
            continue
        for quantity, before, after in sentence.of_kind("share"):
            itself = sentence.text[quantity.start : quantity.end]
            near = f"{before[-60:]} {itself} {after[:50]}"
            whom = _ALARM.search(sentence.text) or _WHOM.search(near)
            behind = _PIECE.split(after, maxsplit=1)[0][:30]
            goal = _GOAL.search(_PIECE.split(before)[-1]) or _GOAL.search(behind)
            if _SAVES.search(near) and whom and not goal and not find_metrics(near):
                reading.take("save_rate", quantity.value, about=quantity.about)
