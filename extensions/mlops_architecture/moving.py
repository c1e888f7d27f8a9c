"""The move from a laptop to the decided stack: what a person has to supply, and what for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import infrastructure
from .design import Design
from .stack_files import Stack
from .zenml_stack import filled

_VARIABLE = re.compile(r"\$\{[A-Z]+?_(\w+)\}")
_SECRET = re.compile(r"\{\{[a-z]+_(\w+)\.(\w+)\}\}")
_MEANINGS = {
    "ACR_NAME": "the Azure Container Registry, by its name",
    "AIRFLOW_DAGS": "the folder that Airflow reads its DAGs from",
    "AWS_ACCOUNT": "the account's number",
    "AWS_REGION": "the region of the data",
    "AZUREML_WORKSPACE": "the AzureML workspace",
    "AZURE_RESOURCE_GROUP": "the resource group",
    "AZURE_SUBSCRIPTION": "the subscription's id",
    "BLOB_CONTAINER": "the container for artifacts, of one environment alone",
    "BUCKET": "the bucket for artifacts, of one environment alone",
    "DOCKERHUB_USER": "the account at Docker Hub that the images are pushed to",
    "ECR_REPOSITORY": "the repository of the steps' images",
    "GCP_PROJECT": "the project's id",
    "GCP_REGION": "the region of the data",
    "GCP_REPOSITORY": "the repository of the steps' images",
    "KUBERNETES_CONTEXT": "the cluster, as `kubectl config get-contexts` names it",
    "KUBERNETES_NAMESPACE": "a namespace for these runs alone",
    "MLFLOW_TRACKING_URI": "the MLflow server",
    "S3_HOST": "the host of the store that speaks S3, such as MinIO",
    "SAGEMAKER_ROLE": "the role that steps run as",
    "SLACK_CHANNEL": "the channel's id (not its name), where alerts are read",
    "SSH_HOST": "the machine that runs the steps",
    "SSH_USER": "its user, who may use Docker",
    "VERTEX_SERVICE_ACCOUNT": "the service account that steps run as",
    "WANDB_ENTITY": "the team at Weights & Biases",
    "WANDB_PROJECT": "the project there",
}
"""Variables of stack files, without their environment, and what each says."""
_ORIGINS = {
    "blob": "the identity of `infrastructure/azure/bucket.tf`, whose password `az ad app credential"
    ' reset --id "$(printenv "${E^^}_CLIENT_ID")"` makes, or one that may write the container',
    "s3": "a key of the store that may write this bucket alone",
    "slack": "the token of a Slack app that may write to the channel (`chat:write`)",
    "ssh": "a key pair made for this, whose public half is in the user's `authorized_keys`",
    "wandb": "an API key of a service account",
}
"""Secrets of ZenML, without their environment, and where each comes from."""
_BLOB_KEYS = ("account_name", "client_id", "client_secret", "tenant_id")
"""What a secret for Azure's store holds: ZenML reads it whole."""


class Variable(NamedTuple):
    """A variable of a stack file, without its environment."""

    name: str
    meaning: str
    given: bool
    """Whether Terraform gives it."""


class Secret(NamedTuple):
    """A secret of ZenML, without its environment."""

    name: str
    keys: tuple[str, ...]
    origin: str


class Move(NamedTuple):
    """What the decided stack asks of a person."""

    variables: tuple[Variable, ...]
    secrets: tuple[Secret, ...]
    orchestrator: str
    away: bool
    """Whether runs or artifacts lie elsewhere than on this machine."""
    builds: bool
    """Whether images are built and pushed."""
    registry: str


def move(design: Design, stacks: tuple[Stack, ...]) -> Move:
    """What the move asks for, from the last of the stack files."""
    texts = list(_texts(stacks[-1]))
    given = infrastructure.given(design)
    names = {name for text in texts for name in _VARIABLE.findall(text)}
    keys: dict[str, list[str]] = {}
    for text in texts:
        for secret, key in _SECRET.findall(text):
            keys.setdefault(secret, []).append(key)
        if text == f"{stacks[-1].environment}_blob":
            keys["blob"] = list(_BLOB_KEYS)
    rows = filled(design.decisions)
    registry = rows.get("container_registry")
    return Move(
        variables=tuple(Variable(name, _MEANINGS[name], name in given) for name in sorted(names)),
        secrets=tuple(
            Secret(name, tuple(sorted(keys[name])), _ORIGINS[name]) for name in sorted(keys)
        ),
        orchestrator=rows["orchestrator"].flavour,
        away=len(stacks) > 2,
        builds="image_builder" in stacks[-1].components,
        registry=registry.flavour if registry else "",
    )


def _texts(stack: Stack) -> Iterator[str]:
    """Every text in the configuration of a stack."""
    waiting: list[object] = [each.configuration for each in stack.components.values()]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += found.values()
        elif isinstance(found, str):
            yield found
