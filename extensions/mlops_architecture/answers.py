"""Answers given from outside (`-d name=value`): known names, right types, real choices."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .design import PHASES
from .facts import Facts
from .intake import BY_NAME, FactQuestion
from .naming import check_package_name, check_project_name
from .reasons import is_owed, reason_objection, waiver_objection
from .red_flags import ANSWERS, wanting
from .text import check_free_text

REGULATIONS = {
    "gdpr", "hipaa", "pci", "ecoa", "eu_ai_act", "sr26_2", "sox", "none", "not_stated",
}  # fmt: skip
_YES, _NO = {"true", "t", "yes", "y", "on", "1"}, {"false", "f", "no", "n", "off", "0"}
CHOICES = {
    "primary_metric": {
        "unsure", "accuracy", "f1", "f2", "macro_f1", "precision", "recall", "precision_at_k",
        "roc_auc", "average_precision", "log_loss", "brier", "expected_cost", "mae", "rmse",
        "rmsle", "mape", "wape", "pinball", "r2",
    },
    "use_case": {
        "churn", "credit", "fraud", "insurance", "hiring", "education", "health", "pricing",
        "demand", "maintenance", "other",
    },
}  # fmt: skip
"""Facts whose values a person picks from a list that the rules do not bound."""
PLANS = {"good", "change", "skip"}
WITHDRAWN = "withdraw"
"""A waiver that is given up: the proposal stands."""
CONTROLS: dict[str, set[str] | None] = {
    "project_name": None, "package_name": None, "problem_statement": None, "data_file": None,
    "facts_review": {"good", "change"}, "facts_change": None, "adopt": {"all", "none"},
    "reread": {"true", "false", "yes", "no"}, "approval": {"approve", "document"},
    "change_reason": None,
}  # fmt: skip
RECORDED = ("stated_facts", "data_profile", "decision_log", "approved")
"""Answers that only the flow gives."""
_LONGEST_PATH, _LONGEST_REASON = 4096, 300


def known_names() -> set[str]:
    """Every answer that the flow records or accepts."""
    names = set(CONTROLS) | set(RECORDED) | set(BY_NAME) | set(ANSWERS)
    for phase in PHASES:
        names |= {phase.plan, f"{phase.prefix}_change", f"{phase.prefix}_adopt"}
        names |= set(phase.rules.OPTIONS)
    return names


def _decisions() -> set[str]:
    return {name for phase in PHASES for name in phase.rules.OPTIONS}


def objection(name: str, value: Any) -> str:
    """What is wrong with `value` as the answer `name`, in one sentence, or nothing."""
    if name in BY_NAME:
        return _fact_objection(BY_NAME[name], value)
    if name in ANSWERS and not is_owed(str(value)):
        if name.endswith("_waiver"):
            withdrawn = value == WITHDRAWN and wanting(name).about in _decisions()
            return "" if withdrawn else waiver_objection(str(value))
        return reason_objection(str(value))
    if name == "project_name":
        return check_project_name(str(value))
    if name == "package_name":
        return check_package_name(str(value))
    if name in {"problem_statement", "data_file"}:
        return check_free_text(str(value), _LONGEST_PATH)
    if name.endswith("_change"):
        return _picks_objection(name, value)
    if name == "change_reason":
        return check_free_text(str(value), _LONGEST_REASON)
    allowed = _allowed(name)
    if allowed and str(value).lower() not in allowed:
        return f"{name} is one of {', '.join(sorted(allowed))}, not {value!r}."
    return ""


def typed(name: str, value: Any) -> Any:
    """The answer to the fact `name` in its own type; on the command line all is text.

    Raises ValueError where `objection` would object.
    """
    kind = BY_NAME[name].kind
    if isinstance(value, str) and kind == "integer":
        return int(float(value))
    if isinstance(value, str) and kind == "number":
        return float(value)
    if isinstance(value, str) and kind == "yes_no":
        return value.strip().lower() in _YES
    if kind == "choices":
        return tuple(_names(value))
    return tuple(value) if isinstance(value, list) else value


def outside_objection(data: Mapping[str, Any]) -> str:
    """The first thing wrong with answers given from outside, or an empty string.

    Names that begin with an underscore are Copier's own.
    """
    known = known_names()
    data = {name: value for name, value in data.items() if not name.startswith("_")}
    if recorded := [name for name in RECORDED if name in data]:
        return (
            f"-d {', '.join(recorded)}: the flow writes these itself, leave them out. To repeat a "
            "project, put its .copier-answers.yml into a new folder and run `copier recopy --trust`"
            " there."
        )
    for name, value in data.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            return f"-d {name}: there is no such answer.{hint}"
        if name.endswith("_adopt"):
            return f"-d {name}: pick at a terminal, or give -d adopt=all or -d DECISION=VALUE."
        if problem := objection(name, value):
            return f"-d {name}: {problem}"
    return ""


def _allowed(name: str) -> set[str]:
    if name in CONTROLS:
        return CONTROLS[name] or set()
    for phase in PHASES:
        if name == phase.plan:
            return PLANS
        if name in phase.rules.OPTIONS:
            return {str(option.value) for option in phase.rules.OPTIONS[name]}
    return set()


def _fact_objection(question: FactQuestion, value: Any) -> str:
    if question.kind == "integer" or question.kind == "number":
        return _number_objection(question, value)
    if question.kind in {"text", "names"}:
        return check_free_text(value if isinstance(value, str) else str(value))
    if question.kind == "choice":
        return _choice_objection(question.name, value)
    if question.kind == "choices":
        return _choices_objection(question.name, value)
    if str(value).strip().lower() not in _YES | _NO:
        return f"{question.name} is true or false, not {value!r}."
    return ""


def _choices_objection(name: str, value: Any) -> str:
    unknown = [each for each in _names(value) if each not in REGULATIONS]
    if unknown:
        return f"{name} are among {', '.join(sorted(REGULATIONS))}, not {unknown[0]!r}."
    return ""


def _picks_objection(name: str, value: Any) -> str:
    """What is wrong with the details that are picked to be changed."""
    phase = next((phase for phase in PHASES if name == f"{phase.prefix}_change"), None)
    known = set(phase.rules.OPTIONS) if phase else set(BY_NAME)
    unknown = [each for each in _names(value) if each and each not in known]
    return f"{unknown[0]!r} is not among what can be changed there." if unknown else ""


def _names(value: Any) -> list[str]:
    """The names in a list, or in a text that is one name or a list as YAML writes it."""
    if isinstance(value, str):
        listed = value.startswith("[") and value.endswith("]")
        value = value[1:-1].split(",") if listed else [value]
    return [str(each).strip().strip("'\"") for each in value]


def _number_objection(question: FactQuestion, value: Any) -> str:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return f"{question.name} is a number, not {value!r}."
    if number < 0 or number != number or number == float("inf"):
        return f"{question.name} is a finite number of at least 0, not {value}."
    if question.kind == "integer" and not number.is_integer():
        return f"{question.name} is a whole number, not {value}."
    if question.name in {"positive_rate", "save_rate"} and number > 1:
        return f"{question.name} is a share between 0 and 1 (0.265 for 26.5 %), not {value}."
    return ""


def _choice_objection(name: str, value: Any) -> str:
    if value == "not_stated":
        return "" if BY_NAME[name].legal else f"{name} cannot be left open."
    annotation: Any = Facts.model_fields[name].annotation
    if name in CHOICES and value not in CHOICES[name]:
        return f"{name} is one of {', '.join(sorted(CHOICES[name]))}, not {value!r}."
    if annotation is str:
        return ""
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        return f"{name}: {error.errors()[0]['msg'].lower()}, not {value!r}."
    return ""
