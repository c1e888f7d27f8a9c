"""What is to be predicted, for whom and how well: the labelled facts about the problem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .markdown import code_spans, plain
from .metrics import find_metrics, is_unsure, value_of
from .numbers import find_quantities
from .reading import Reading, clauses

_NOT = r"\b(?:no|not|isn.t|never|without|rather than|instead of)\s(?:an?\s)?(?:\w+\s)?$"
_SCOPES = (
    ("text", r"\btext\b|\bnlp\b|natural language|\bsentiment|\bllms?\b|language model|chatbot"),
    ("image", r"\bimages?\b|\bvision\b|\bphotos?\b|\bvideos?\b|object detection|\bx-?rays?\b"),
    ("audio", r"\baudio\b|\bspeech\b"),
    ("forecasting", r"\bforecast(?:s|ing)?\b|\btime[\s-]series\b"),
    ("ranking", r"\branking\b|learning to rank|\brecommender\b|\brecommendation (?:system|engine)"
                r"|\brecommendations\b"),
    ("clustering", r"\bclustering\b|\bunsupervised\b|\bcustomer segmentation\b"),
    ("anomaly_detection", r"\banomaly detection\b|\boutlier detection\b"),
    ("reinforcement_learning", r"\breinforcement learning\b|\bbandits?\b"),
    ("survival", r"\bsurvival (?:analysis|model)|\btime[\s-]to[\s-]event\b"),
    ("multilabel", r"\bmulti-?\s?label\b"),
    ("generation", r"\bgenerative\b|\btext generation\b"),
)  # fmt: skip
_SCOPES_OF_INPUT = (
    ("text", r"\b(?:the|its|raw|free|full|review|message|ticket|article|email)[\s-]text\b"
             r"|\btext of\b|\btweets?\b|\btranscripts?\b|\bsentiment\b"),
    ("image", r"\bimages?\b|\bphotos?\b|\bphotographs?\b|\bvideos?\b|\bx-?rays?\b"
              r"|\b(?:ct|mri) scans?\b"),
    ("audio", r"\baudio\b|\brecordings?\b|\bspeech\b"),
)  # fmt: skip
_SCOPES_OF_AIM = (
    ("forecasting", r"(?:\bto|\bwe|,|^)\s?forecast\b|\bforecast(?:ing)? (?:the|next|future|weekly"
                    r"|daily|monthly|demand|sales)|\btime[\s-]series\b"),
    ("ranking", r"\brecommender\b|\brecommendation (?:system|engine)|\brank the\b"
                r"|\brecommend (?:products|items|movies|articles|songs)"),
    ("clustering", r"\bcluster(?:s|ing)?\b|\bgroup (?:the )?customers into\b"),
)  # fmt: skip
_TYPES = (
    ("multiclass", r"\bmulti-?\s?class\b|\bmultinomial\b|\b(?:[3-9]|\d\d|three|four|five|six)\s"
                   r"(?:\w+\s)?classes\b"),
    ("binary", r"\bbinary\b|\b(?:two|2)[\s-]class\b|\byes\s?(?:/|or)\s?no\b|\b0/1\b|\bboolean\b"),
    ("regression", r"(?<!logistic )\bregression\b|\bcontinuous\b|\breal[\s-]valued\b"),
)  # fmt: skip
_USE_CASES = (
    ("fraud", r"\bfraud|\bmoney laundering\b|\bscam"),
    ("hiring", r"\bhir(?:e|ed|es|ing)\b|\brecruit|\bcandidates?\b|\bjob appl|\bemployees?\b"),
    ("insurance", r"\binsur|\bpolicy\s?holders?\b|\bclaims?\b"),
    ("health", r"\bpatients?\b|\bhospital|\bdiseases?\b|\bdiagnos|\breadmi|\bclinical\b"),
    ("education", r"\bstudents?\b|\bpupils?\b|\bschools?\b|\buniversit|\bexams?\b"),
    ("credit", r"\bcredit\b|\bloans?\b|\bmortgage|\bborrowers?\b|\blending\b|\brepay"),
    ("insurance", r"\bunderwrit"),
    ("maintenance", r"\bmaintenance\b|\bmachines?\b|\bbreakdowns?\b|\bequipment\b|\bsensors?\b"),
    ("churn", r"\bchurn|\battrition\b|\bretention\b|\bcancel|\bunsubscri|\bcustomer\w* leaves?\b"),
    ("pricing", r"\bpric(?:e|es|ing)\b|\brents?\b|\bvaluation\b"),
    ("demand", r"\bdemand\b|\bsales\b|\bunits sold\b|\bstock\b|\binventory\b|\bbookings?\b"),
)  # fmt: skip
_MOMENT = re.compile(
    r"(?:,\s|\s)(?=(?:on|at|when|every|each|before|daily|weekly|monthly|once)\s)", re.I
)
_PURPOSE = re.compile(
    r"(?:,\s?|\s)to\s(?:optimi[sz]e\s|(?=(?:maximi[sz]e|minimi[sz]e|increase|reduce|improve|raise|cut"
    r"|lower|keep|grow|protect|save)\s))(?P<outcome>[^.\n]{1,300})",
    re.I,
)
_TEAM = re.compile(
    r"\bfor\s(?P<team>(?:the|our)\s(?:\w+\s){0,3}?(?:teams?|desk|department|managers?|analysts?"
    r"|staff|agents?|planners?|office|unit|doctors?|nurses?|engineers?|officers?|underwriters?))\b",
    re.I,
)
_WORDS_OF_A_SENTENCE = re.compile(
    r"\b(?:whether|if|the|will|is|are|in|within|next|of|an?|that|which|to|for|per|than)\b", re.I
)
_BASELINES = (
    ("none", r"^(?:there is )?(?:none|no\b|nothing|not any)|\bno baseline\b|\bno current\b"),
    ("model", r"\bmodel\b|\blogistic\b|\bregression\b|\bxgboost\b|\bforest\b|\bboosting\b"
              r"|\bclassifier\b|\bscorecard\b|\bvendor\b"),
    ("rules", r"\brules?\b|\bheuristic|\bthreshold|\bhighest\b|\blowest\b|\boldest\b|\blargest\b"
              r"|\btop\s\d|\bsorted\b|\bif\s|\bgo(?:es)? to\b|\bmajority class\b|\baverage\b"
              r"|\bmean\b|\bmedian\b|\blast (?:week|month|year|value)\b"),
    ("manual", r"\bmanual|\bby hand\b|\bexperts?\b|\bgut\b|\banalysts?\b|\bjudg|\bexcel\b"
               r"|\bspreadsheet|\bhuman|\bexperience\b|\bteam decides\b"),
)  # fmt: skip

_TODAY = re.compile(r"\b(?:today|currently|now|so far|at present|existing)\b", re.I)
_WISH = re.compile(r"\b(?:want|wish|should|must|need|goal|target|aim|at least|than)\b", re.I)


def read_problem(reading: Reading) -> None:
    """Fill in everything about the problem itself, metric and success included."""
    _read_formulation(reading)
    _read_problem_type(reading)
    _read_target(reading)
    _read_positive_class(reading)
    _read_metric(reading)
    _read_baseline(reading)
    _read_success(reading)
    ladder = {
        name: reading.text(f"ladder_{name}") for name in ("business", "product", "model", "data")
    }
    if any(ladder.values()):
        reading.take("ladder", ladder)
        reading.take("business_outcome", ladder["business"] or None)


def _read_formulation(reading: Reading) -> None:
    if reading.outline.title:
        reading.take("title", reading.outline.title)
    text = reading.text("formulation").partition("\n")[0]
    if not text:
        text = next((s.text for s in reading.sentences if re.match(r"given\b", s.text, re.I)), "")
    if text:
        reading.take("formulation", text)
    for label in ("consumer", "decision_time", "business_outcome"):
        if reading.text(label):
            reading.take(label, reading.text(label))
    _read_sentence(reading, text)
    words = f"{reading.text('use_case')} {reading.outline.title} {text}"
    if use_case := use_case_of(words):
        reading.take("use_case", use_case)


def use_case_of(text: str) -> str:
    """What a formulation is about, by its words; empty where none of them says."""
    found = (name for name, pattern in _USE_CASES if re.search(pattern, text, re.I))
    return next(found, "")


def _read_sentence(reading: Reading, text: str) -> None:
    for name, value in parts_of_sentence(text):
        reading.take(name, value)


def parts_of_sentence(text: str) -> Iterator[tuple[str, str]]:
    """Given X, predict Y, for Z, at T, to optimise B → consumer, decision time, outcome.

    The first of a name counts.
    """
    predict = re.search(r"\bpredict\b", text, re.I)
    if predict is None:
        return
    rest = text[predict.end() :]
    purpose = _PURPOSE.search(rest)
    if purpose:
        yield "business_outcome", purpose["outcome"].strip(" ,")
        rest = rest[: purpose.start()]
    parts = [part.strip(" .") for part in rest.split(",")]
    for part in parts[1:]:
        if re.match(r"for\s", part, re.I):
            consumer, *moment = _MOMENT.split(part[4:], maxsplit=1)
            yield "consumer", consumer
            for when in moment:
                yield "decision_time", when
        elif _MOMENT.match(f" {part}"):
            yield "decision_time", part
    team = _TEAM.search(rest)
    if team:
        yield "consumer", team["team"]


def _read_problem_type(reading: Reading) -> None:
    text = reading.text("problem_type")
    formulation = reading.values.get("formulation") or ""
    scope = "" if re.search(r"\btabular\b", text, re.I) else _first(_SCOPES, text)
    kind = _first(_TYPES, text)
    about = f"{reading.outline.title} {formulation}"
    scope = scope or _first(_SCOPES_OF_INPUT, formulation)
    if not scope and not kind:
        scope = _first(_SCOPES_OF_AIM, about) or _first(_SCOPES_OF_INPUT, about)
    if scope:
        reading.take("out_of_scope", scope)
    if kind:
        reading.take("problem_type", kind)
    elif text and not scope:
        reading.refuse(
            "problem_type", "does not say whether it is binary, multiclass or regression"
        )


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    """The first name whose pattern occurs in `text` without a negation before it."""
    for name, pattern in patterns:
        for match in re.finditer(pattern, text, re.I):
            if not re.search(_NOT, text[max(0, match.start() - 40) : match.start()], re.I):
                return name
    return ""


def _read_positive_class(reading: Reading) -> None:
    """Its name: what stands in backticks, else the words before a bracket or a dash."""
    entry = reading.entry("positive_class")
    if entry is None:
        return
    head = plain(re.split(r"\s[–—-]\s|\s?[—:(=;,\n]", entry.raw, maxsplit=1)[0])
    named = [] if re.search(r"%|\bper ?cent\b", head) else [head.strip("\"'“” ")]
    for name in filter(None, (code_spans(entry.raw) or named)[:1]):
        reading.take("positive_class", name)


def _read_target(reading: Reading) -> None:
    if reading.text("target_definition"):
        reading.take("target_definition", reading.text("target_definition"))
    entry = reading.entry("target")
    if entry is None:
        return
    raw = entry.raw
    coded = code_spans(raw)
    quoted = re.match(r"\W{0,3}[\"“'](?P<name>[^\"”'\n]{1,120})[\"”']", raw)
    if coded and re.match(r"[^\w`]{0,4}`", raw):
        name, rest = coded[0], raw.partition(coded[0])[2].lstrip(" `")
    elif quoted:
        name, rest = quoted["name"].strip(), raw[quoted.end() :]
    else:
        head = re.split(r"\s[–—-]\s|\s?[—:(=;,\n]", raw, maxsplit=1)[0]
        name, rest = plain(head), raw[len(head) :]
        if len(name.split()) > 3 or _WORDS_OF_A_SENTENCE.search(name):
            reading.refuse("target", "names no column; put its name in backticks")
            name, rest = "", raw
    definition = plain(rest.replace("\n", " ")).strip().lstrip("–—-:=,; ")
    if definition.startswith("(") and definition.endswith(")") and definition.count("(") == 1:
        definition = definition[1:-1]
    if name:
        reading.take("target", name)
    if definition:
        reading.take("target_definition", definition)


def _read_metric(reading: Reading) -> None:
    text = reading.text("primary_metric")
    mentions = find_metrics(text)
    named = list(dict.fromkeys(mention.name for mention in mentions if mention.name))
    if named:
        reading.take("primary_metric", named[0])
        if len(named) > 1:
            reading.refuse("primary_metric", f"names several metrics; {named[0]} was taken")
    elif mentions:
        reading.refuse("primary_metric", "is a metric that this template does not compute")
    elif text and is_unsure(text):
        reading.take("primary_metric", "unsure")
    elif text:
        reading.refuse("primary_metric", "names no metric that is known here")
    guardrails = _guardrails(reading.text("guardrails"))
    if guardrails and not re.fullmatch(r"(?:none|no|nothing)\W*", guardrails[0], re.I):
        reading.take("guardrails", guardrails)


def _guardrails(text: str) -> tuple[str, ...]:
    parts = clauses(text)
    if len(parts) == 1:
        pieces = re.split(r",\s(?!\d)", parts[0])
        if all(re.search(r"\d", piece) for piece in pieces):
            parts = pieces
    return tuple(parts)


def _read_baseline(reading: Reading) -> None:
    labelled = reading.text("baseline")
    text = labelled or _told_of_today(reading)
    if not text:
        return
    kind = next((name for name, pattern in _BASELINES if re.search(pattern, text, re.I)), "")
    metrics = [mention for mention in find_metrics(text) if mention.name]
    value = value_of(metrics[0], text) if metrics else None
    if value is None:
        numbers = [q for q in find_quantities(text) if not q.is_range]
        shares = [q for q in numbers if q.kind == "share"]
        bare = [q for q in numbers if q.kind == "number"]
        value = shares[0] if shares else bare[0] if len(bare) == 1 and kind != "none" else None
    if kind:
        reading.take("baseline_kind", kind)
    else:
        why = "does not say whether it is manual, a rule, a model or nothing"
        reading.refuse("baseline", why, text)
    if metrics and not labelled:
        reading.take("primary_metric", metrics[0].name)
    if value is not None:
        reading.take("baseline_value", value.decimal, about=value.about)


def _told_of_today(reading: Reading) -> str:
    """A sentence that gives the metric of what decides today."""
    prose = (s.text for s in reading.sentences if s.label == "" and _TODAY.search(s.text))
    told = (text for text in prose if not _WISH.search(text))
    return next((text for text in told if any(m.name for m in find_metrics(text))), "")


def _read_success(reading: Reading) -> None:
    text = reading.text("success")
    if not text:
        return
    reading.take("success_criteria", text)
    mentions = [mention for mention in find_metrics(text) if mention.name]
    valued = [(m, q) for m in mentions if (q := value_of(m, text)) is not None]
    dates = [q for q in find_quantities(text) if q.kind == "date"]
    metric, value = (valued[0][0].name, valued[0][1].decimal) if valued else ("", None)
    if not valued and mentions:
        metric = mentions[0].name
    day = next((q.day for q in dates if q.day), None)
    missing = [
        name
        for name, given in (("metric", metric), ("number", value is not None), ("date", day))
        if not given
    ]
    if len(missing) < 3:
        reading.take("success", {"metric": metric, "value": value, "date": day})
    if missing:
        reading.refuse("success", f"lacks a {' and a '.join(missing)} that can be checked")
