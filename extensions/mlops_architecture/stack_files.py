"""The files in `stacks/`: the stack table of the document, one file for each environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, model_serializer

from .decision import Decision, Decisions
from .zenml_stack import IMAGE_BUILDER, SLOTS, Flavour, builds_images, filled

_PLACEHOLDER = re.compile(r"<([A-Z0-9_]+)>")

CONFIGURATION: dict[tuple[str, str], dict[str, Any]] = {
    ("orchestrator", "kubernetes"): {
        "kubernetes_context": "<KUBERNETES_CONTEXT>",
        "kubernetes_namespace": "<KUBERNETES_NAMESPACE>",
        "pass_zenml_token_as_secret": True,
    },
    ("orchestrator", "sagemaker"): {
        "execution_role": "<SAGEMAKER_ROLE>",
        "bucket": "<BUCKET>",
        "instance_type": "ml.m5.xlarge",
    },
    ("orchestrator", "vertex"): {
        "project": "<GCP_PROJECT>",
        "location": "<GCP_REGION>",
        "workload_service_account": "<VERTEX_SERVICE_ACCOUNT>",
    },
    ("orchestrator", "azureml"): {
        "subscription_id": "<AZURE_SUBSCRIPTION>",
        "resource_group": "<AZURE_RESOURCE_GROUP>",
        "workspace": "<AZUREML_WORKSPACE>",
    },
    ("orchestrator", "airflow"): {"local": False, "dag_output_dir": "<AIRFLOW_DAGS>"},
    ("orchestrator", "ssh"): {
        "hostname": "<SSH_HOST>",
        "username": "<SSH_USER>",
        "ssh_private_key": "{{ssh.private_key}}",
    },
    ("artifact_store", "s3"): {"path": "s3://<BUCKET>"},
    ("artifact_store", "gcp"): {"path": "gs://<BUCKET>"},
    ("artifact_store", "azure"): {
        "path": "az://<BLOB_CONTAINER>",
        "authentication_secret": "<environment>_blob",
    },
    ("experiment_tracker", "mlflow"): {"tracking_uri": "<MLFLOW_TRACKING_URI>"},
    ("experiment_tracker", "wandb"): {
        "entity": "<WANDB_ENTITY>",
        "project_name": "<WANDB_PROJECT>",
        "api_key": "{{wandb.api_key}}",
    },
    ("deployer", "gcp"): {"project": "<GCP_PROJECT>", "location": "<GCP_REGION>"},
    ("deployer", "kubernetes"): {"kubernetes_context": "<KUBERNETES_CONTEXT>"},
    ("container_registry", "aws"): {
        "uri": "<AWS_ACCOUNT>.dkr.ecr.<AWS_REGION>.amazonaws.com",
        "default_repository": "<ECR_REPOSITORY>",
    },
    ("container_registry", "gcp"): {
        "uri": "<GCP_REGION>-docker.pkg.dev/<GCP_PROJECT>/<GCP_REPOSITORY>"
    },
    ("container_registry", "azure"): {"uri": "<ACR_NAME>.azurecr.io"},
    ("container_registry", "dockerhub"): {"uri": "docker.io/<DOCKERHUB_USER>"},
    ("alerter", "slack"): {
        "slack_channel_id": "<SLACK_CHANNEL>",
        "slack_token": "{{slack.token}}",
    },
    ("step_operator", "sagemaker"): {
        "role": "<SAGEMAKER_ROLE>",
        "bucket": "<BUCKET>",
        "instance_type": "ml.m5.4xlarge",
    },
    ("step_operator", "vertex"): {"project": "<GCP_PROJECT>", "region": "<GCP_REGION>"},
    ("step_operator", "azureml"): {
        "subscription_id": "<AZURE_SUBSCRIPTION>",
        "resource_group": "<AZURE_RESOURCE_GROUP>",
        "workspace_name": "<AZUREML_WORKSPACE>",
    },
    ("step_operator", "kubernetes"): {
        "kubernetes_context": "<KUBERNETES_CONTEXT>",
        "kubernetes_namespace": "<KUBERNETES_NAMESPACE>",
    },
}
"""What is written of each flavour. `<NAME>` becomes a variable of the file's environment,
`<environment>` its name, and `{{secret.key}}` a reference to a secret of that environment."""
OWN_STORE = {
    "key": "{{s3.key}}",
    "secret": "{{s3.secret}}",
    "client_kwargs": {"endpoint_url": "https://<S3_HOST>"},
}
"""What a store with S3's interface needs where it is not Amazon's."""


class StackComponent(BaseModel):
    """What fills one slot: a flavour of ZenML, its configuration, and why."""

    flavor: str
    configuration: dict[str, Any] = {}
    why: str = Field(exclude=True)

    @model_serializer(mode="wrap")
    def _without_empty(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = dump(self)
        return {key: value for key, value in dumped.items() if value != {}}


class Stack(NamedTuple):
    """One file in `stacks/`."""

    environment: str
    name: str
    components: dict[str, StackComponent]

    @property
    def path(self) -> str:
        """Where it stands in the project."""
        return f"stacks/{self.environment}.yaml"


def local_stack(project: str) -> Stack:
    """What every project can run on: this machine alone."""
    return Stack(
        "local",
        f"{project}-local",
        {
            "orchestrator": StackComponent(flavor="local", why="Steps run in this process."),
            "artifact_store": StackComponent(flavor="local", why="A folder below .zenml_store/."),
        },
    )


def environments(decisions: Decisions) -> tuple[str, ...]:
    """The environments that have a stack of their own.

    Staging has one only where runs or artifacts lie elsewhere than on this machine.
    """
    names = {slot: row.flavour for slot, row in filled(decisions).items()}
    if names == {"orchestrator": "local", "artifact_store": "local"}:
        return ("local",)
    here = names["orchestrator"] == names["artifact_store"] == "local"
    return ("local", "production") if here else ("local", "staging", "production")


def stacks(
    project: str, cloud: str, decisions: Decisions, why: Callable[[Decision], str]
) -> tuple[Stack, ...]:
    """Every stack file of a project; `why` argues for a decision in one line."""
    decided = {slot.type: slot.decision for slot in SLOTS}
    table = {
        slot: (row, why(decisions.find(decided[slot]))) for slot, row in filled(decisions).items()
    }
    if builds_images(decisions):
        table["image_builder"] = (
            IMAGE_BUILDER,
            "The hidden tenth slot: this machine's Docker builds.",
        )
    return (
        local_stack(project),
        *(
            Stack(
                environment,
                f"{project}-{environment}",
                {
                    slot: StackComponent(
                        flavor=row.flavour,
                        configuration=_configuration(row, environment, cloud),
                        why=reason,
                    )
                    for slot, (row, reason) in table.items()
                },
            )
            for environment in environments(decisions)[1:]
        ),
    )


def _configuration(row: Flavour, environment: str, cloud: str) -> dict[str, Any]:
    """The configuration of a flavour; its variables and secrets name the environment."""
    written = CONFIGURATION.get((row.slot, row.flavour), {})
    if row.flavour == "s3" and cloud != "aws":
        written = written | OWN_STORE
    prefix = f"${{{environment.upper()}_"

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(below) for key, below in value.items()}
        if isinstance(value, str):
            value = value.replace("{{", f"{{{{{environment}_")
            value = value.replace("<environment>", environment)
            return _PLACEHOLDER.sub(rf"{prefix}\1}}", value)
        return value

    found: dict[str, Any] = named(written)
    return found
