"""Stated guardrails as numbers: which of them the generated project measures (rule E10)."""

from __future__ import annotations

import re

from ..facts import Facts
from ..statement.metrics import Mention, find_metrics, value_of
from ._evidence import capacity_share

_MEASURED = {
    "binary": (
        "precision", "recall", "f1", "f2", "roc_auc", "average_precision", "log_loss", "brier",
    ),
    "multiclass": ("macro_f1", "log_loss"),
    "regression": ("mae", "rmse", "wape", "r2"),
}  # fmt: skip
_PLAIN = frozenset({
    "a", "above", "as", "at", "be", "below", "by", "calls", "cases", "day", "drop", "fall", "high",
    "is", "it", "least", "less", "low", "lower", "max", "maximum", "min", "minimum", "month",
    "more", "most", "must", "no", "not", "of", "on", "or", "over", "per", "rows", "score",
    "should", "stay", "than", "the", "to", "under", "week",
})  # fmt: skip
"""Words that limit nothing: beside others a guardrail is about some part of the rows."""


def measured_guardrails(facts: Facts) -> dict[str, tuple[str, float]]:
    """Each guardrail that is a metric of the whole holdout: its metric there, and its limit."""
    found = {}
    for text in facts.guardrails:
        mentions = find_metrics(text)
        if len(mentions) != 1:
            continue
        name, value = _name(mentions[0], facts), value_of(mentions[0], text)
        if not name or value is None:
            continue
        rest = text[: value.start] + text[value.end :] if value.start >= mentions[0].end else ""
        words = re.findall(r"[^\W\d_]+", rest[: mentions[0].start] + rest[mentions[0].end :])
        if rest and {word.lower() for word in words} <= _PLAIN:
            found[text] = (name, value.decimal)
    return found


def _name(mention: Mention, facts: Facts) -> str:
    """What the project calls the metric; empty where it does not compute it."""
    if mention.name == "precision_at_k":
        at_capacity = bool(capacity_share(facts)) and mention.k in {"", str(facts.capacity)}
        return "precision_at_capacity" if at_capacity else ""
    return mention.name if mention.name in _MEASURED[facts.problem_type] else ""
