"""What was captured, as a problem statement that `parse_problem_statement` reads back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .markdown import code, escape, is_prose, one_line
from .numbers import format_number, format_share

_LAYOUT: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("One-Sentence Formulation", (
        ("formulation", "Formulation"), ("use_case", "Use case"), ("consumer", "Consumer"),
        ("decision_time", "Decision time"), ("business_outcome", "Outcome to optimize"),
    )),
    ("Business Context", (
        ("cost_false_positive", "Cost of a false positive"),
        ("cost_false_negative", "Cost of a false negative"),
        ("save_rate", "Save rate"),
        ("capacity", "Capacity"),
    )),
    ("ML Formulation", (
        ("problem_type", "Problem type"), ("target", "Target variable"),
        ("target_definition", "Target definition"), ("positive_class", "Positive class"),
        ("primary_metric", "Primary metric"),
        ("guardrails", "Guardrail metrics"), ("baseline", "Current baseline"),
    )),
    ("Metric Ladder", (
        ("business", "Business outcome"), ("product", "Product metric"),
        ("model", "Model metric"), ("data", "Data quality metric"),
    )),
    ("Data Summary", (
        ("rows", "Rows"), ("n_features", "Features"), ("n_numeric", "Numeric features"),
        ("n_categorical", "Categorical features"), ("labels", "Label availability"),
        ("label_delay_days", "Label delay"), ("positive_rate", "Positive rate"),
        ("missing_share", "Missing values"), ("known_issues", "Known issues"),
        ("data_cadence", "Data cadence"), ("event_time", "Event time"),
        ("entity_key", "Entity key"), ("identifiers", "Identifiers"),
    )),
    ("Constraints", (
        ("consumption", "Consumption"), ("latency_ms", "Latency"),
        ("staleness_ok_hours", "Staleness"), ("interpretability", "Interpretability"),
        ("regulations", "Regulatory"), ("personal_data", "Personal data"),
    )),
    ("Framework", (("framework", "Orchestration"), ("existing_tools", "Existing tools"))),
    ("Success Criteria", (("success_criteria", "Success criteria"),)),
)  # fmt: skip
_PARAGRAPHS = {"formulation", "success_criteria"}
_SHARES = {"save_rate", "positive_rate", "missing_share"}
_COUNTS = {"rows", "n_features", "n_numeric", "n_categorical",
           "cost_false_positive", "cost_false_negative"}  # fmt: skip
_NAMES = {"target", "positive_class", "event_time", "entity_key", "identifiers"}
_PHRASES = {
    "primary_metric": {"unsure": "unsure, to be recommended"},
    "problem_type": {"binary": "binary classification", "multiclass": "multiclass classification"},
    "labels": {"available": "yes, available", "partial": "partial", "proxy": "proxy labels only",
               "none": "none"},
    "consumption": {"realtime": "real time", "both": "both, batch and real time"},
    "interpretability": {"per_decision": "reasons for each decision", "global": "global"},
    "personal_data": {"special_or_phi": "special categories or health data",
                      "cardholder": "cardholder data", "direct": "direct identifiers"},
    "framework": {"zenml": "ZenML", "other": "other"},
    "regulations": {"gdpr": "GDPR", "hipaa": "HIPAA", "pci": "PCI DSS", "ecoa": "ECOA",
                    "eu_ai_act": "EU AI Act", "sr26_2": "SR 26-2", "sox": "SOX"},
}  # fmt: skip


_UNSAID = "Nobody stated these, so they are no part of it. Move a line above this one to state it:"


def write_problem_statement(captured: Mapping[str, Any], unsaid: Mapping[str, Any] = {}) -> str:
    """`captured` (names of `ProblemStatement` or `Facts` → values) as Markdown.

    What is None, empty, `not_stated` or not part of a problem statement is left out.
    Parsing the text gives the values back, with texts on one line. What is `unsaid` (measured,
    derived, assumed) follows in a comment, which is not read.
    """
    values = _regrouped(captured)
    title = one_line(str(values.get("title") or values.get("project_name") or ""))
    lines = [f"# Problem Statement: {escape(title)}" if title else "# Problem Statement"]
    for heading, fields in _LAYOUT:
        body = [_item(name, label, values[name]) for name, label in fields if name in values]
        if body:
            lines += ["", f"## {heading}", *_spaced(filter(None, body))]
    lines += _comment(_regrouped(unsaid))
    return "\n".join(lines) + "\n"


def _absent(value: Any) -> bool:
    if isinstance(value, str):
        return not one_line(value) or value == "not_stated"
    if isinstance(value, float) and value != value:
        return True
    return value is None or (
        isinstance(value, tuple | list) and tuple(value) in {(), ("not_stated",)}
    )


def _comment(values: Mapping[str, Any]) -> list[str]:
    """Items that a reader of the file can turn into statements."""
    fields = [field for _, group in _LAYOUT for field in group if field[0] in values]
    items = [_item(name, label, values[name]).replace("-->", "--\\>") for name, label in fields]
    return ["", "<!--", _UNSAID, "", *items, "-->"] if items else []


def _regrouped(captured: Mapping[str, Any]) -> dict[str, Any]:
    """What is there; the ladder's parts beside the rest, each baseline and capacity as one text."""
    values = {name: value for name, value in captured.items() if not _absent(value)}
    ladder = values.pop("ladder", None)
    if ladder is not None:
        values |= dict(ladder)
    kind, value = values.pop("baseline_kind", None), values.pop("baseline_value", None)
    if kind or value is not None:
        amount = "" if value is None else format_number(value)
        values["baseline"] = ": ".join(filter(None, (kind, amount)))
    if "capacity" in values:
        period = values.get("capacity_period")
        values["capacity"] = f"{values['capacity']:,}" + (f" per {period}" if period else "")
    return {name: value for name, value in values.items() if not _absent(value)}


def _item(name: str, label: str, value: Any) -> str:
    text = _text(name, value)
    if name in _PARAGRAPHS and is_prose(text):
        return text
    return f"- **{label}**: {text}"


def _text(name: str, value: Any) -> str:
    if name in _SHARES:
        return format_share(value)
    if name in _COUNTS:
        return format_number(value)
    if name == "label_delay_days":
        return f"{format_number(value)} days"
    if name == "staleness_ok_hours":
        return f"{format_number(value)} hours"
    if name == "latency_ms":
        return f"{value:,} ms"
    values = [value] if isinstance(value, str) else list(value)
    if name in _NAMES:
        return ", ".join(map(code, values))
    phrases = _PHRASES.get(name, {})
    texts = [phrases.get(str(item), escape(str(item))) for item in values]
    return ("; " if name == "guardrails" else ", ").join(texts)


def _spaced(body: Iterable[str]) -> list[str]:
    """The items, with a blank line after a paragraph."""
    return [line for item in body for line in ([item] if item.startswith("- ") else [item, ""])]
