"""What a stack needs on its cloud: which files of `infrastructure/` a project holds."""

from __future__ import annotations

from .design import Design
from .stack_files import environments
from .zenml_stack import filled

CLOUDS = ("aws", "azure", "gcp")
"""Folders of `infrastructure/`, of which a project holds one at most."""
PARTS = ("bucket", "jobs", "kubernetes", "registry")
"""Files that a slot asks for, beside the cloud's own and the ZenML server's."""

_MANAGED = {"sagemaker": "aws", "vertex": "gcp", "azureml": "azure"}
_STORES = {"s3": "aws", "gcp": "gcp", "azure": "azure"}
_LEANS_ON = {"jobs": {"bucket", "registry"}, "kubernetes": {"bucket", "registry"}}
"""Files that name resources of others."""

_OUTPUTS = {
    ("aws", ""): ("AWS_ACCOUNT", "AWS_REGION"),
    ("aws", "bucket"): ("BUCKET",),
    ("aws", "jobs"): ("SAGEMAKER_ROLE",),
    ("aws", "kubernetes"): ("KUBERNETES_NAMESPACE",),
    ("aws", "registry"): ("ECR_REPOSITORY",),
    ("azure", ""): ("AZURE_RESOURCE_GROUP", "AZURE_SUBSCRIPTION"),
    ("azure", "bucket"): ("BLOB_CONTAINER",),
    ("azure", "jobs"): ("AZUREML_WORKSPACE",),
    ("azure", "kubernetes"): ("KUBERNETES_NAMESPACE",),
    ("azure", "registry"): ("ACR_NAME",),
    ("gcp", ""): ("GCP_PROJECT", "GCP_REGION"),
    ("gcp", "bucket"): ("BUCKET",),
    ("gcp", "jobs"): ("VERTEX_SERVICE_ACCOUNT",),
    ("gcp", "kubernetes"): ("KUBERNETES_NAMESPACE",),
    ("gcp", "registry"): ("GCP_REPOSITORY",),
}
"""Variables of stack files that each file gives, without their environment."""
_MOST_LETTERS = 16
"""Service accounts on Google Cloud have 30 letters, `-production` and a part included."""


def cloud(design: Design) -> str:
    """The folder of `infrastructure/` that a project holds; empty where nothing runs elsewhere."""
    away = "staging" in environments(design.decisions)
    return design.facts.cloud if away and design.facts.cloud in CLOUDS else ""


def parts(design: Design) -> frozenset[str]:
    """The files of that folder that the slots ask for."""
    here = cloud(design)
    if not here:
        return frozenset()
    found: set[str] = set()
    for slot, row in filled(design.decisions).items():
        if slot == "artifact_store" and _STORES.get(row.flavour) == here:
            found.add("bucket")
        elif slot == "container_registry" and row.flavour == here:
            found.add("registry")
        elif slot in {"orchestrator", "step_operator"} and _MANAGED.get(row.flavour) == here:
            found.add("jobs")
        elif slot in {"orchestrator", "step_operator"} and row.flavour == "kubernetes":
            found.add("kubernetes")
    return frozenset(found.union(*(_LEANS_ON.get(part, set()) for part in found)))


def given(design: Design) -> frozenset[str]:
    """The variables of stack files that it gives, without their environment."""
    here = cloud(design)
    return frozenset(
        variable for part in ("", *parts(design)) for variable in _OUTPUTS.get((here, part), ())
    )


def name(package_name: str) -> str:
    """What names there begin with; the environment and a part follow."""
    return package_name.replace("_", "-")[:_MOST_LETTERS].rstrip("-")
