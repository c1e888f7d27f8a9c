"""The nine slots of a ZenML stack: flavours, what they refuse, and the table for the document.

Checked against zenml 0.98.0. `value` is the decision's value, `flavour` ZenML's name.
"""

from __future__ import annotations

from typing import NamedTuple

from . import limits
from .decision import Decisions
from .facts import Facts
from .phases._inputs import counted, number, times


class Flavour(NamedTuple):
    """One flavour of one slot.

    `integration` is empty for core flavours. `needs`: the slots that building its images takes.
    `remote`: refuses every component that lives on a local path.
    """

    slot: str
    value: str
    flavour: str
    integration: str = ""
    needs: tuple[str, ...] = ()
    remote: bool = False
    schedulable: bool = False


_BUILDER = ("image_builder",)
_PUSHED = ("image_builder", "container_registry")


class Slot(NamedTuple):
    """A slot in the mission's order, and the decision that fills it."""

    name: str
    type: str
    decision: str


class StackRow(NamedTuple):
    """A row of the stack table."""

    component: str
    choice: str
    why: str
    flavour: str = "none"


class NotIncluded(NamedTuple):
    """A component that was left out, and why."""

    component: str
    why: str


SLOTS: tuple[Slot, ...] = (
    Slot("Orchestrator", "orchestrator", "stack_orchestrator"),
    Slot("Artifact store", "artifact_store", "stack_artifact_store"),
    Slot("Experiment tracker", "experiment_tracker", "training_tracker"),
    Slot("Data validator", "data_validator", "stack_data_validator"),
    Slot("Model registry", "model_registry", "governance_registry"),
    Slot("Deployer", "deployer", "stack_deployer"),
    Slot("Container registry", "container_registry", "stack_container_registry"),
    Slot("Alerter", "alerter", "stack_alerter"),
    Slot("Step operator", "step_operator", "stack_step_operator"),
)
FLAVOURS: tuple[Flavour, ...] = (
    Flavour("orchestrator", "local", "local"),
    Flavour("orchestrator", "kubernetes", "kubernetes", "kubernetes", _PUSHED, True, True),
    Flavour("orchestrator", "sagemaker", "sagemaker", "aws", _PUSHED, True, True),
    Flavour("orchestrator", "vertex", "vertex", "gcp", _PUSHED, True, True),
    Flavour("orchestrator", "azureml", "azureml", "azure", _PUSHED, True, True),
    Flavour("orchestrator", "airflow", "airflow", "airflow", _PUSHED, True, True),
    Flavour("orchestrator", "ssh", "ssh", "ssh", _PUSHED),
    Flavour("artifact_store", "local", "local"),
    Flavour("artifact_store", "s3", "s3", "s3"),
    Flavour("artifact_store", "gcp", "gcp", "gcp"),
    Flavour("artifact_store", "azure", "azure", "azure"),
    Flavour("experiment_tracker", "mlflow", "mlflow", "mlflow"),
    Flavour("experiment_tracker", "wandb", "wandb", "wandb"),
    Flavour("data_validator", "evidently", "evidently", "evidently"),
    Flavour("model_registry", "mlflow", "mlflow", "mlflow"),
    Flavour("deployer", "docker", "docker", needs=_BUILDER),
    Flavour("deployer", "gcp", "gcp", "gcp", _PUSHED),
    Flavour("deployer", "kubernetes", "kubernetes", "kubernetes", _PUSHED),
    Flavour("container_registry", "aws", "aws", "aws"),
    Flavour("container_registry", "gcp", "gcp"),
    Flavour("container_registry", "azure", "azure"),
    Flavour("container_registry", "dockerhub", "dockerhub"),
    Flavour("alerter", "slack", "slack", "slack"),
    Flavour("step_operator", "sagemaker", "sagemaker", "aws", _PUSHED),
    Flavour("step_operator", "vertex", "vertex", "gcp", _PUSHED),
    Flavour("step_operator", "azureml", "azureml", "azure", _PUSHED),
    Flavour("step_operator", "kubernetes", "kubernetes", "kubernetes", _PUSHED),
)

IMAGE_BUILDER = Flavour("image_builder", "local", "local")
"""The hidden tenth slot, filled exactly where another one builds images."""


def flavour(slot: str, value: str | int) -> Flavour | None:
    """The flavour behind a decision's value; None where the slot stays empty."""
    return next((row for row in FLAVOURS if (row.slot, row.value) == (slot, value)), None)


def filled(decisions: Decisions) -> dict[str, Flavour]:
    """The slots that the decisions fill, by type, in the mission's order.

    A step of the project calls MLflow itself, so its slot is filled only beside the registry that
    asks for it.
    """
    alone = decisions["governance_registry"] != "mlflow"
    found = {slot.type: flavour(slot.type, decisions[slot.decision]) for slot in SLOTS}
    return {
        slot: row
        for slot, row in found.items()
        if row is not None and not (alone and (slot, row.value) == ("experiment_tracker", "mlflow"))
    }


def needed_for_images(orchestrator: str, step_operator: str, deployer: str) -> frozenset[str]:
    """The slots that these three need filled, because they build images; none where they do not."""
    chosen = (
        flavour("orchestrator", orchestrator),
        flavour("step_operator", step_operator),
        flavour("deployer", deployer),
    )
    return frozenset(slot for row in chosen if row is not None for slot in row.needs)


def builds_images(decisions: Decisions) -> bool:
    """Whether the stack builds images."""
    return bool(_needed_for_images(decisions))


def _needed_for_images(decisions: Decisions) -> frozenset[str]:
    names = ("stack_orchestrator", "stack_step_operator", "stack_deployer")
    return needed_for_images(*(str(decisions[name]) for name in names))


def is_schedulable(orchestrator: str | int) -> bool:
    """Whether ZenML can start this orchestrator's runs by itself."""
    chosen = flavour("orchestrator", orchestrator)
    return chosen is not None and chosen.schedulable


class Violation(NamedTuple):
    """What ZenML's validators refuse, and the decision that has to give way."""

    decision: str
    message: str


def violations(decisions: Decisions) -> tuple[Violation, ...]:
    """What ZenML's validators refuse in these decisions, each as a sentence."""
    chosen = {slot.type: str(decisions[slot.decision]) for slot in SLOTS}
    orchestrator = flavour("orchestrator", chosen["orchestrator"])
    store = chosen["artifact_store"]
    refused = []
    pushed = "container_registry" in _needed_for_images(decisions)
    if pushed and chosen["container_registry"] == "none":
        refused.append(
            Violation(
                "stack_container_registry",
                "a slot that builds images needs a container registry and an image builder.",
            )
        )
    if orchestrator is not None and orchestrator.remote and store == "local":
        refused.append(
            Violation(
                "stack_artifact_store",
                f"the {orchestrator.value} orchestrator runs elsewhere and refuses a local "
                "artifact store.",
            )
        )
    if orchestrator is not None and orchestrator.remote and chosen["deployer"] == "docker":
        refused.append(
            Violation(
                "stack_deployer",
                f"the {orchestrator.value} orchestrator runs elsewhere and does not reach the "
                "Docker of this machine.",
            )
        )
    if chosen["step_operator"] != "none" and store == "local":
        refused.append(
            Violation(
                "stack_artifact_store",
                f"the {chosen['step_operator']} step operator cannot read a local artifact store.",
            )
        )
    if chosen["orchestrator"] == "vertex" and store != "gcp":
        refused.append(
            Violation(
                "stack_artifact_store",
                "Vertex without a pipeline root needs a gcp artifact store.",
            )
        )
    if chosen["model_registry"] == "mlflow" and chosen["experiment_tracker"] != "mlflow":
        refused.append(
            Violation("governance_registry", "the MLflow registry needs the MLflow tracker.")
        )
    return tuple(refused)


def stack_table(facts: Facts, decisions: Decisions) -> tuple[StackRow, ...]:
    """The nine slots in the mission's order: component, choice, why."""
    taken = filled(decisions)
    return tuple(_row(slot, decisions, taken.get(slot.type)) for slot in SLOTS)


def _row(slot: Slot, decisions: Decisions, chosen: Flavour | None) -> StackRow:
    decision = decisions.find(slot.decision)
    proposal = decision.proposal
    why = proposal.reason
    if decision.differs:
        taken = f"Kept from {decision.kept}" if decision.kept else "Chosen"
        why = f"{taken} instead of {proposal.value}, of which the rule says: {why}"
    named = slot.decision in {"training_tracker", "governance_registry"}
    choice = f"None ({decision.label})" if named and chosen is None else decision.label
    return StackRow(slot.name, choice, why, chosen.flavour if chosen else "none")


def not_included(facts: Facts, decisions: Decisions) -> tuple[NotIncluded, ...]:
    """What the stack leaves out: the empty slots, then the components that never enter."""
    taken = filled(decisions)
    empty = tuple(
        NotIncluded(slot.name, _left_out(slot, decisions))
        for slot in SLOTS
        if slot.type not in taken
    )
    return empty + _beyond_the_slots(facts, decisions)


def _left_out(slot: Slot, decisions: Decisions) -> str:
    if decisions[slot.decision] == "mlflow":
        return (
            "a step of the project calls MLflow itself, so that no training is lost to a tracker "
            "that is down; fill it together with MLflow's registry, which needs it"
        )
    return _LEFT_OUT[slot.type]


_LEFT_OUT = {
    "experiment_tracker": "one person can read a table; add it at "
    f"{limits.I_TRACKER_RUNS} runs or a second person",
    "data_validator": "gates are plain steps, and ZenML's validators wrap old interfaces "
    "(Evidently's legacy one, Great Expectations before 1.0); add Evidently when people who do "
    "not write code read data reports",
    "model_registry": "the Model Control Plane is there; add MLflow when consumers outside "
    "ZenML load models",
    "deployer": f"it serves whole pipelines at {limits.I_DEPLOYER_MS} ms the answer, where the "
    f"project's own service takes {limits.I_SERVICE_MS}; add it for few requests that each "
    "need their lineage",
    "container_registry": "no slot builds images; add it with the first one that does",
    "alerter": "an alert that nobody owns is noise; add it in production, once an owner is named",
    "step_operator": f"add it when one step needs a GPU or {times(limits.I_STEP_MEMORY)} the "
    "orchestrator's memory",
}


def _beyond_the_slots(facts: Facts, decisions: Decisions) -> tuple[NotIncluded, ...]:
    rows = [
        NotIncluded(
            "Model deployer (MLflow, Seldon)",
            "MLflow's deploys on the local machine only and Seldon's client is of 2018; both "
            "are being phased out",
        )
    ]
    if not builds_images(decisions):
        rows.append(NotIncluded("Image builder", "comes and goes with the container registry"))
    if decisions["feature_store"] == "none":
        rows.append(
            NotIncluded(
                "Feature store",
                f"{counted(facts.n_models, 'model')} with {decisions['deployment_mode']} "
                "predictions: no features to keep in step online or to share",
            )
        )
    if decisions["data_engine"] != "spark":
        size, engine = number(facts.data_size_gb), str(decisions["data_engine"]).replace("_", " ")
        rows.append(NotIncluded("Spark", f"{size} GB need no cluster; {engine} reads them"))
    if decisions["stack_orchestrator"] != "kubernetes":
        rows.append(
            NotIncluded(
                "Kubernetes",
                f"a team of {facts.team_size} should not run a cluster for "
                f"{counted(facts.n_models, 'model')}; add it when a platform owner is named, or "
                f"at {limits.J_PIPELINES} pipelines",
            )
        )
    return tuple(rows)
