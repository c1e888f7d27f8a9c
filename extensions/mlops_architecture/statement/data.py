"""The table and how its predictions are used: sizes, labels, latency, cadence, framework."""

from __future__ import annotations

import re

from .numbers import SECONDS, Quantity, find_quantities
from .reading import Reading

_ROWS = re.compile(
    r"\s?\+?\s?(?:rows|records|observations|samples|examples|instances|data points)\b", re.I
)
_HAVE = re.compile(
    r"\b(?:we (?:now )?have|there are|(?:table|data ?set|data|history)"
    r" (?:holds?|has|have|of|on|with))\s"
    r"(?:about|around|some|roughly|nearly|over|more than|approximately|ca\.)?\s?$",
    re.I,
)
_CASES = re.compile(
    r"\s(?:\w+\s)?(?:loans|customers|clients|subscribers|members|users|accounts|transactions"
    r"|payments|orders|claims|policies|patients|admissions|students|applications|applicants"
    r"|candidates|contracts|bookings|visits|cases)\b(?!\sto\b)",
    re.I,
)
_A_RATE = re.compile(
    r"\s?(?:\w+\s){0,3}?(?:per|a|an|each|every)\s(?:hour|day|week|month|year)\b|\s?/", re.I
)
_NUMERIC = r"(?:numeric(?:al)?|continuous|number|float|integer)s?\b"
_CATEGORICAL = r"(?:categorical|nominal)s?\b"
_FEATURES = re.compile(r"\s?(?:features|predictors|variables|attributes|columns)\b", re.I)
_LABELS = (
    ("proxy", r"\bprox(?:y|ies)\b|\bindirect"),
    ("partial", r"\bpartial|\bpartly\b|\bsome\b|\bincomplete\b|\bsubset\b|\bnot all\b"),
    ("none", r"^(?:none\b|no\W*$|no[,.;])|\bno labels?\b|\bnot available\b|\bunlabell?ed\b"
             r"|\bunavailable\b|\bwithout labels\b|\bnot yet\b"),
    ("available", r"\byes\b|\bavailable\b|\bcomplete|\bfull|\ball\b|\bhistorical\b|\blabell?ed\b"
                  r"|\bknown\b|\brecorded\b"),
)  # fmt: skip
_NO_REAL_TIME = re.compile(
    r"\b(?:no|not|non|without|never)[\s-](?:\w+\s){0,2}(?:real[\s-]?time|online)(?:\s\w+)?"
    r"|\breal[\s-]?time\s(?:\w+\s){0,2}(?:not|unnecessary|isn.t)\b(?:\s\w+)?",
    re.I,
)
_NEAR = re.compile(r"\bnear[\s-]?(?:real[\s-]?time|rt)\b|\bmicro-?batch", re.I)
_REAL_TIME = re.compile(
    r"\breal[\s-]?time\b|\bonline\b|\bsynchronous|\bon[\s-]demand\b|\brest\b|\bapi\b"
    r"|\bper request\b|\bat request time\b|\binteractive",
    re.I,
)
_BATCH = re.compile(
    r"\bbatch|\bnightly\b|\bovernight\b|\bdaily\b|\bweekly\b|\bmonthly\b|\bhourly\b|\bscheduled\b"
    r"|\bno latency\b|\boffline\b",
    re.I,
)
_ANSWERS = re.compile(
    r"\b(?:answers?|responds?|responses?|repl(?:y|ies)|scores?|predictions?|predicts?|returns?"
    r"|returned|latency|called)\b[^,;]{0,30}\b(?:in|within|under|below|inside|of|is)\s"
    r"(?:about |at most |less than )?$",
    re.I,
)
_CADENCES = (
    ("continuous", r"\bcontinuous|\bstream(?:s|ing|ed)?\b|\bin real[\s-]?time\b"),
    ("hourly", r"\bhourly\b|\b(?:each|every|per) hour\b"),
    ("daily", r"\bdaily\b|\bnightly\b|\b(?:each|every|per) (?:day|night|morning)\b"),
    ("weekly", r"\bweekly\b|\b(?:each|every|per) week\b"),
    ("monthly", r"\bmonthly\b|\b(?:each|every|per) month\b"),
    ("once", r"\bonce\b(?! (?:a|per|every|each))|\bone[\s-](?:off|time)\b|\bstatic\b"),
)  # fmt: skip
_ARRIVES = re.compile(
    r"\b(?:update[ds]?|arrives?|refreshed|delivered|loaded|extracted|snapshots?|new rows)\b", re.I
)
_TOOLS = (
    ("Airflow", r"airflow"), ("MLflow", r"ml\s?flow"),
    ("W&B", r"w&b|wandb|weights (?:&|and) biases"), ("BentoML", r"bento\s?ml"),
    ("Evidently", r"evidently"), ("Spark", r"(?:py)?spark"), ("Databricks", r"databricks"),
    ("SageMaker", r"sage\s?maker"), ("Vertex AI", r"vertex ai"), ("Azure ML", r"azure\s?ml"),
    ("Kubeflow", r"kubeflow"), ("Feast", r"feast"), ("DVC", r"dvc"), ("dbt", r"dbt"),
    ("Kafka", r"kafka"), ("Grafana", r"grafana"), ("Prometheus", r"prometheus"),
)  # fmt: skip
_RUN = re.compile(
    r"\b(?:we|teams?|already|today|currently)\b[^.;]{0,40}\b(?:run|use|operate|have)s?\b", re.I
)
_LABEL = re.compile(r"\b(?:labels?|outcomes?)\b", re.I)
_OTHER_FRAMEWORKS = re.compile(
    r"\b(?:airflow|kubeflow|dagster|prefect|metaflow|sagemaker|vertex|azure ml|azureml|databricks"
    r"|mlflow|flyte|argo|kedro|luigi|mage|other)\b",
    re.I,
)


FEWEST_CASES = 100
"""Cases that somebody has, from which on they are taken for the rows of a table."""


def read_data(reading: Reading) -> None:
    """Fill in the size of the table, its labels and what is wrong with it."""
    _read_rows(reading)
    _read_features(reading)
    text = reading.text("labels")
    if text:
        kind = next((name for name, pattern in _LABELS if re.search(pattern, text, re.I)), "")
        if kind:
            reading.take("labels", kind)
        else:
            reading.refuse("labels", "does not say whether labels are available, partial or none")
    if reading.text("known_issues"):
        reading.take("known_issues", reading.text("known_issues").replace("\n", "; "))


def read_use(reading: Reading) -> None:
    """Fill in latency, consumption, cadence, framework and the tools that are run."""
    _read_latency(reading)
    if not {"latency_ms", "consumption", "latency_class"} & set(reading.values):
        _read_answer_time(reading)
    _read_cadence(reading)
    _read_tools(reading)
    text = reading.text("framework")
    if re.search(r"\bzen\s?ml\b", text, re.I):
        reading.take("framework", "zenml")
    elif _OTHER_FRAMEWORKS.search(text):
        reading.take("framework", "other")
    elif text:
        reading.refuse("framework", "names no orchestration framework that is known here")


def _read_rows(reading: Reading) -> None:
    text = reading.text("rows")
    numbers = _counts(text)
    if numbers:
        named = [q for q in numbers if _ROWS.match(text[q.end :])]
        rows = (named or numbers)[0]
        if rows.is_range:
            reading.refuse("rows", "is a range; one number is needed")
        elif _A_RATE.match(text[rows.end :]):
            reading.refuse("rows", "is a number for each period; the total is needed")
        elif rows.value < 1 or not rows.value.is_integer():
            reading.refuse("rows", "is no number of rows")
        else:
            reading.take("rows", int(rows.value), about=rows.about)
            if len(numbers) > 1 and not named:
                reading.refuse("rows", f"holds several numbers; {int(rows.value):,} was taken")
    elif text:
        reading.refuse("rows", "holds no number of rows")
    for sentence in reading.sentences:
        for quantity, _, after in sentence.of_kind("number"):
            noun = _ROWS.match(after)
            if noun and not _A_RATE.match(after[noun.end() :]) and quantity.value >= 1:
                reading.take("rows", int(quantity.value), about=True)
    for sentence in reading.sentences:
        for quantity, before, after in sentence.of_kind("number"):
            case = _HAVE.search(before) and _CASES.match(after)
            counted = case and not _A_RATE.match(after[case.end() :])
            if counted and sentence.label == "" and quantity.value >= FEWEST_CASES:
                reading.take("rows", int(quantity.value), about=True)


def _read_features(reading: Reading) -> None:
    for label, name in (("n_numeric", "n_numeric"), ("n_categorical", "n_categorical")):
        numbers = _counts(reading.text(label))
        if numbers:
            reading.take(name, int(numbers[0].value), about=numbers[0].about)
    text = reading.text("features")
    _take_features(reading, text, _counts(text), labelled=True)
    for sentence in reading.sentences:
        if sentence.section == "data" or sentence.label == "":
            counts = [q for q in sentence.quantities if q.kind == "number"]
            _take_features(reading, sentence.text, counts, labelled=False)
    both = [reading.values.get(name) for name in ("n_numeric", "n_categorical")]
    if None not in both:
        total = sum(count for count in both if count is not None)
        reading.take("n_features", total)
        if reading.values["n_features"] < total:
            reading.refuse("features", f"counts {total} numeric and categorical features in fewer")
    if text and not {"n_features", "n_numeric", "n_categorical"} & set(reading.values):
        reading.refuse("features", "holds no number of features")


def _take_features(reading: Reading, text: str, counts: list[Quantity], *, labelled: bool) -> None:
    for quantity in counts:
        before, after = text[: quantity.start], text[quantity.end :]
        if quantity.is_range:
            continue
        if _of(_NUMERIC, before, after):
            name = "n_numeric"
        elif _of(_CATEGORICAL, before, after):
            name = "n_categorical"
        elif labelled or _FEATURES.match(after):
            name = "n_features"
        else:
            continue
        if quantity.value.is_integer() and quantity.value >= 0:
            columns = re.match(r"\s?columns\b", after, re.I)
            reading.take(name, int(quantity.value), about=quantity.about or bool(columns))


def _of(kind: str, before: str, after: str) -> bool:
    """The number is followed by `kind`, or stands after `kind:`."""
    return bool(
        re.match(rf"\s?(?:are\s|x\s|×\s)?{kind}", after, re.I)
        or re.search(
            rf"\b{kind}\s?(?:features|columns)?\s?[:=]\s?(?:about\s|~)?$", before[-40:], re.I
        )
    )


def _counts(text: str) -> list[Quantity]:
    return [q for q in find_quantities(text) if q.kind == "number"]


def _read_latency(reading: Reading) -> None:
    budgets = [
        quantity
        for quantity in find_quantities(reading.text("latency"))
        if quantity.kind == "duration"
        and quantity.value < SECONDS["hour"]
        and not quantity.is_range
    ]
    if budgets:
        reading.take("latency_ms", round(budgets[0].value * 1000), about=budgets[0].about)
    label = "consumption" if reading.text("consumption") else "latency"
    text = reading.text(label)
    positive = _NO_REAL_TIME.sub(" ", text)
    near = bool(_NEAR.search(positive))
    batch = bool(_BATCH.search(positive)) or positive != text
    real_time = bool(_REAL_TIME.search(_NEAR.sub(" ", positive)))
    if label == "latency" and budgets and not near and not batch:
        real_time = real_time or budgets[0].value < SECONDS["minute"]
    if near and not real_time:
        reading.take("latency_class", "near_rt")
        reading.refuse(label, "is neither batch nor real time; how scores are used is asked")
    elif batch or real_time:
        both = (batch and real_time) or bool(re.search(r"\bboth\b", text, re.I))
        reading.take("latency_class", "realtime" if real_time else "batch")
        reading.take("consumption", "both" if both else "realtime" if real_time else "batch")
    elif re.search(r"\b(?:unsure|not sure|unknown)\b", text, re.I):
        reading.take("consumption", "unsure")
    elif text and not budgets:
        reading.refuse(label, "does not say whether scores are made in batch or in real time")


def _read_answer_time(reading: Reading) -> None:
    """A sentence by which something answers within seconds asks for a service."""
    for sentence in reading.sentences:
        for quantity, before, _ in sentence.of_kind("duration"):
            soon = quantity.value < SECONDS["minute"] and _ANSWERS.search(before)
            if soon and sentence.label == "":
                reading.take("latency_ms", round(quantity.value * 1000), about=quantity.about)
                reading.take("latency_class", "realtime")
                reading.take("consumption", "realtime")


def _read_tools(reading: Reading) -> None:
    labelled = reading.text("existing_tools")
    prose = (s.text for s in reading.sentences if s.label in {"", "framework"})
    said = " ".join(text for text in prose if _RUN.search(text))
    named = [name for name, pattern in _TOOLS if re.search(rf"\b(?:{pattern})\b", said, re.I)]
    if labelled:
        parts = [part.strip() for part in re.split(r"[,;\n]", labelled) if part.strip()]
        named = [] if re.fullmatch(r"(?:none|no|nothing)\W*", labelled, re.I) else parts
    if named:
        reading.take("existing_tools", tuple(named))


def _read_cadence(reading: Reading) -> None:
    formulation = reading.values.get("formulation") or ""
    arrivals = [
        s.text
        for s in reading.sentences
        if _ARRIVES.search(s.text)
        and (s.section == "data" or (s.section == s.label == "" and not _LABEL.search(s.text)))
    ]
    for label, text in (
        ("cadence", reading.text("cadence")),
        ("arrivals", " ".join(arrivals)),
        ("latency", reading.text("latency")),
        ("formulation", formulation),
    ):
        found = [
            (m.start(), name)
            for name, pattern in _CADENCES
            if (m := re.search(pattern, text, re.I))
        ]
        if found and (label == "cadence" or min(found)[1] not in {"once", "continuous"}):
            reading.take("data_cadence", min(found)[1])
        elif text and label == "cadence":
            reading.refuse("cadence", "is not once, monthly, weekly, daily, hourly or continuous")
