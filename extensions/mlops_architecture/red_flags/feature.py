"""Objections to the features (2C): leaks, protected grounds, stores."""

from __future__ import annotations

from ..facts import Facts
from ..phases._columns import (
    doubtful_columns,
    excluded_columns,
    feature_columns,
    is_protected_here,
    sensitive_columns,
)
from ..phases._inputs import counted, listed
from ..phases.feature import needs_store
from ._flag import Found, Severity, red_flag


@red_flag("RF08", Severity.block, "leaking columns", "KAPOOR", corrects=True)
def leak(facts: Facts) -> Found:
    """{column} {how}. It will not exist when you need it: removed."""
    leaks = [
        (name, why.removeprefix("suspected leak: "))
        for name, why in excluded_columns(facts)
        if why.startswith("suspected leak") or why == "filled in after the outcome"
    ]
    if not leaks:
        return False
    name, why = leaks[0]
    others = f" (and {len(leaks) - 1} more)" if len(leaks) > 1 else ""
    return {"column": name + others, "how": "is " + why if why.startswith(("f", "n")) else why}


@red_flag("RF59", Severity.block, "features", "RULES")
def nothing_to_learn_from(facts: Facts, target: str) -> Found:
    """No column is left to predict {target} from: {excluded}. Give a table with one known before
    the decision."""
    excluded = [f"{name} ({why})" for name, why in excluded_columns(facts)]
    found = facts.profile is not None and not feature_columns(facts)
    return found and bool(excluded) and {"excluded": listed(excluded, most=1)}


@red_flag("RF52", Severity.warn, "doubtful columns", "KAPOOR")
def nearly_a_leak(facts: Facts) -> Found:
    """{columns}: close to a leak. Put what is known only later into post_outcome_columns."""
    doubtful = [f"{name} {why}" for name, why in doubtful_columns(facts)]
    return bool(doubtful) and {"columns": listed(doubtful)}


@red_flag("RF20", Severity.justify, "feature_store")
def store_without_need(facts: Facts, feature_store: str) -> Found:
    """{models}, consumption {consumption}: no online/offline parity to protect, nothing shared.
    A SQL view is enough."""
    return (
        feature_store != "none"
        and not needs_store(facts)
        and {"models": counted(facts.n_models, "model"), "consumption": facts.consumption}
    )


@red_flag("RF32", Severity.block, "protected columns", "REGB", "EEOC", corrects=True)
def protected_input(facts: Facts) -> Found:
    """{columns} {protected}. Out of the features, kept aside for the fairness test where lawful."""
    return is_protected_here(facts) and _columns(sensitive_columns(facts))


@red_flag("RF32", Severity.justify, "protected columns", "REGB", "EEOC")
def protected_input_elsewhere(facts: Facts) -> Found:
    """{columns} {protected} among {features}. Say why it is lawful here, or take it out
    in data/contract.yaml."""
    if is_protected_here(facts) or facts.personal_data == "none":
        return False
    kept = {column.name for column in feature_columns(facts)}
    found = _columns(tuple(name for name in sensitive_columns(facts) if name in kept))
    return found and {**found, "features": counted(len(kept), "feature")}


def _columns(names: tuple[str, ...]) -> dict[str, object]:
    one = "is a protected ground" if len(names) == 1 else "are protected grounds"
    return {"columns": listed(names), "protected": one} if names else {}
