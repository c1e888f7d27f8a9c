"""Objections to versioning and governance (2G)."""

from __future__ import annotations

from ..facts import Facts
from ..phases._governance_records import needs_human_route
from ._flag import Found, Severity, red_flag


@red_flag("RF43", Severity.block, "governance_registry", "SKL-P")
def unsafe_load(governance_registry: str, target: str) -> Found:
    """A pickle runs code when opened. Load the model of {target} by registry id only."""
    return governance_registry == "files"


@red_flag("RF36", Severity.block, "governance_registry", "ZEN")
def registry_without_tracker(governance_registry: str, training_tracker: str) -> Found:
    """ZenML refuses this stack: the MLflow registry needs the MLflow tracker, and yours is
    {training_tracker}."""
    return governance_registry == "mlflow" and training_tracker != "mlflow"


@red_flag("RF29", Severity.block, "governance_recourse", "GDPR")
def automated_without_recourse(facts: Facts, governance_recourse: str) -> Found:
    """A fully automated decision of this weight ({impact} impact) needs a human review route
    (GDPR Art. 22)."""
    return governance_recourse == "none" and needs_human_route(facts) and {"impact": facts.impact}


@red_flag("RF49", Severity.justify, "governance_approval", "SR262")
def approves_own_work(facts: Facts, governance_approval: str) -> Found:
    """With {why} nobody approves their own work. Name who looks instead."""
    grave = facts.impact == "high" or facts.regulated
    why = "high impact" if facts.impact == "high" else "a regulated model"
    return grave and governance_approval in {"author", "cooling_off", "afterwards"} and {"why": why}
