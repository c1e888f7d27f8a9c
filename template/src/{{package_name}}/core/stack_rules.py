"""What ZenML 0.98 refuses in a stack as a whole; its own validators wait until a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

SLOTS = (
    "alerter",
    "annotator",
    "artifact_store",
    "container_registry",
    "data_validator",
    "deployer",
    "experiment_tracker",
    "feature_store",
    "image_builder",
    "log_store",
    "model_deployer",
    "model_registry",
    "orchestrator",
    "sandbox",
    "step_operator",
)
REQUIRED = ("orchestrator", "artifact_store")

_BOTH = ("container_registry", "image_builder")
_IN_CONTAINERS = {
    "orchestrator": (
        *("airflow", "azureml", "hyperai", "kubeflow", "kubernetes", "modal", "sagemaker", "ssh"),
        *("tekton", "vertex", "vm_aws", "vm_azure", "vm_gcp", "vm_kubernetes", "vm_lambda"),
    ),
    "step_operator": (
        *("azureml", "baseten", "kubernetes", "modal", "runai", "sagemaker"),
        *("spark-kubernetes", "ssh", "vertex"),
    ),
    "deployer": ("aws", "gcp", "kubernetes"),
}
NEEDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{(slot, name): _BOTH for slot, names in _IN_CONTAINERS.items() for name in names},
    ("orchestrator", "local_docker"): ("image_builder",),
    ("deployer", "docker"): ("image_builder",),
    ("deployer", "huggingface"): ("container_registry",),
    ("model_deployer", "seldon"): ("image_builder",),
    ("image_builder", "aws"): ("container_registry",),
    ("image_builder", "gcp"): ("container_registry",),
    ("image_builder", "kaniko"): ("container_registry",),
    ("model_registry", "mlflow"): ("experiment_tracker",),
}
"""The slots that a flavour, by its own slot and name, does not work without."""
ELSEWHERE = {
    *("airflow", "azureml", "databricks", "kubeflow", "kubernetes", "modal", "sagemaker"),
    *("tekton", "vertex", "vm_aws", "vm_azure", "vm_gcp", "vm_kubernetes", "vm_lambda"),
}
"""Orchestrators that reach nothing which lies on this machine."""
SCHEDULABLE = {
    *("airflow", "azureml", "databricks", "hyperai"),
    *("kubeflow", "kubernetes", "sagemaker", "vertex"),
}


class Filled(NamedTuple):
    """What fills a slot: its flavour, its configuration, and whether it lies on this machine."""

    flavor: str
    configuration: Mapping[str, Any]
    local: bool = False


def refusals(stack: Mapping[str, Filled]) -> Iterator[tuple[str, str]]:
    """Each slot that cannot stand beside the others, with the reason and the remedy."""
    orchestrator = stack["orchestrator"]
    for slot, filled in stack.items():
        if (slot, filled.flavor) == ("orchestrator", "airflow") and filled.local:
            continue
        missing = [need for need in NEEDS.get((slot, filled.flavor), ()) if need not in stack]
        if missing:
            yield (
                slot,
                f"the {filled.flavor} {_words(slot)} does not work without "
                f"{' and '.join(map(_a, missing))}: add it.",
            )
    if orchestrator.flavor in ELSEWHERE and not orchestrator.local:
        for slot, filled in stack.items():
            if filled.local:
                yield (
                    slot,
                    f"the {orchestrator.flavor} orchestrator runs elsewhere and does not reach a "
                    f"{_words(slot)} on this machine: take a remote flavor.",
                )
    elif "step_operator" in stack and stack["artifact_store"].local:
        yield (
            "artifact_store",
            f"the {stack['step_operator'].flavor} step operator does not reach an artifact store "
            "on this machine: take a remote flavor.",
        )
    yield from _of_one_vendor(stack)


def _of_one_vendor(stack: Mapping[str, Filled]) -> Iterator[tuple[str, str]]:
    orchestrator, store = stack["orchestrator"], stack["artifact_store"]
    rooted = orchestrator.configuration.get("pipeline_root")
    if orchestrator.flavor == "vertex" and not rooted and store.flavor != "gcp" and not store.local:
        yield (
            "artifact_store",
            f"the vertex orchestrator does not write to a {store.flavor} artifact store: take gcp, "
            "or give the orchestrator a pipeline_root.",
        )
    tracker, registry = stack.get("experiment_tracker"), stack.get("model_registry")
    if registry and registry.flavor == "mlflow" and tracker and tracker.flavor != "mlflow":
        yield (
            "model_registry",
            f"the mlflow model registry does not work with a {tracker.flavor} experiment tracker: "
            "take mlflow for both.",
        )
    deployer = stack.get("deployer")
    if deployer and deployer.flavor == "aws":
        yield (
            "deployer",
            "the aws deployer stands on App Runner, which takes no new customers since April 2026: "
            "take the slot out, and run the service's container on ECS.",
        )


def schedule_refusal(orchestrator: object) -> str:
    """Why a stack file holds no schedule, and where it belongs."""
    if not isinstance(orchestrator, str) or orchestrator in SCHEDULABLE:
        return "a schedule belongs to a pipeline, not to a stack: delete it here."
    return (
        f"the {orchestrator} orchestrator cannot schedule: delete it here, and let cron or the CI "
        "start the runs."
    )


def _words(slot: str) -> str:
    return slot.replace("_", " ")


def _a(slot: str) -> str:
    return f"{'an' if slot[0] in 'aeio' else 'a'} {_words(slot)}"
