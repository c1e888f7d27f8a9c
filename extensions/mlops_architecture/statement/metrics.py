"""Metrics in free text, and the targets and baselines that are stated with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .numbers import Quantity, find_quantities

_PATTERNS = (
    ("", r"balanced[\s-]accuracy|matthews|\bmcc\b|kappa\b|\bgini\b|\bndcg\b|\bsmape\b|\bmse\b"
         r"|mean squared error|specificity|\bf[\s-]?0[.,]5\b|(?:weighted|micro)[\s-]f[\s-]?1\b"
         r"|\blift\b|uplift"),
    ("macro_f1", r"macro[\s_-]?(?:averaged?[\s-])?f[\s-]?1\b|f[\s-]?1[\s_(-]{0,2}macro"),
    ("f2", r"\bf[\s-]?2\b|\bf[\s_-]?beta\b|\bfβ"),
    ("f1", r"\bf[\s-]?1\b|\bf[\s-](?:measure|score)\b"),
    ("average_precision", r"average[\s_-]precision|\bpr[\s_-]?auc\b|\bauc[\s_-]?pr\b|\bauprc\b"
                          r"|area under (?:the )?(?:pr|precision)"),
    ("precision_at_k", r"precision(?:_at_k\b|_at_capacity\b"
                       r"|(?:\s?@\s?|\s(?:at|in|among|within|for)\s(?:the\s)?(?:top[\s-])?)"
                       r"(?:k\b|capacity\b|(?!0[.,])(?P<k>\d[\d.,]{0,9}k?)\b(?!\s?%|\srecall)))"
                       r"|\bp@(?:k|\d)"),
    ("precision", r"\bprecision\b|\bppv\b|positive predictive value"),
    ("recall", r"\brecall\b|\bsensitivity\b|true positive rate|\btpr\b"),
    ("roc_auc", r"\broc[\s_-]{0,3}auc\b|\bauc[\s_-]?roc\b|\bauroc\b|\bauc\b|\broc\b"
                r"|area under (?:the )?(?:roc )?curve|\bc-statistic\b"),
    ("log_loss", r"\blog[\s_-]?loss\b|cross[\s-]?entropy"),
    ("brier", r"\bbrier\b"),
    ("expected_cost", r"expected[\s_-](?:cost|profit)|\b(?:total|net|business) cost\b"
                      r"|cost per (?:1|case|decision|thousand)|misclassification cost"),
    ("rmsle", r"\brmsle\b"),
    ("rmse", r"\brmse\b|root mean squared? error"),
    ("mape", r"\bmape\b|mean absolute percentage error"),
    ("wape", r"\bwm?ape\b|weighted absolute percentage"),
    ("mae", r"\bmae\b|mean absolute error"),
    ("pinball", r"\bpinball\b|quantile loss"),
    ("r2", r"\br[\s-]?2\b|r²|\br[\s-]squared\b|coefficient of determination"),
    ("accuracy", r"\baccuracy\b"),
)  # fmt: skip
METRICS = tuple(name for name, _ in _PATTERNS if name)
"""The metrics that a statement may name, beside `unsure`."""
RATES = frozenset(METRICS) - {"expected_cost", "log_loss", "mae", "rmse", "rmsle", "pinball"}
"""Metrics that are given as a share or as a number up to 1."""


_ANY = re.compile(
    "|".join(f"(?P<m{i}>{pattern})" for i, (_, pattern) in enumerate(_PATTERNS)), re.I
)
_UNSURE = re.compile(
    r"\bunsure\b|\bnot (?:sure|decided|known)\b"
    r"|\b(?:to be|please|need) (?:recommend|decide|determine|define|discuss|chosen|agree)"
    r"|\btb[dc]\b|\bdon.?t know\b|\bunknown\b|\bundecided\b"
    r"|^\W{0,5}\?+\W{0,5}$|\brecommend(?:ation)?\b|\byou (?:choose|tell)",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """A metric named in a text; `name` is empty for a metric that this template lacks."""

    name: str
    start: int
    end: int
    k: str = ""


def find_metrics(text: str) -> tuple[Mention, ...]:
    """The metrics that `text` names, in its order."""
    return tuple(
        Mention(_PATTERNS[int((match.lastgroup or "m0")[1:])][0], *match.span(), match["k"] or "")
        for match in _ANY.finditer(text)
    )


def is_unsure(text: str) -> bool:
    """The text asks for a recommendation instead of naming a metric."""
    return bool(_UNSURE.search(text))


def value_of(mention: Mention, text: str) -> Quantity | None:
    """The number that `text` gives for a metric: the first after its name, else the last before.

    A rate is a share or lies in [-1, 1]; other metrics are any number or amount.
    """
    quantities = [q for q in find_quantities(text) if not q.is_range and _fits(mention.name, q)]
    after = [q for q in quantities if q.start >= mention.end]
    before = [q for q in quantities if q.end <= mention.start]
    return after[0] if after else before[-1] if before else None


def _fits(metric: str, quantity: Quantity) -> bool:
    if metric in RATES:
        small = quantity.kind == "number" and -1 <= quantity.decimal <= 1
        return quantity.kind == "share" or small
    return quantity.kind in {"number", "money", "share"}
