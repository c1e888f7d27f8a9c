"""Stack files that are wrong in one place each: the line marked `# here` is to be named."""

from __future__ import annotations

from textwrap import indent
from typing import NamedTuple

HERE = "  # here"
KEY = "configuration:\n  "
S3 = f"flavor: s3\n{KEY}path: s3://b"
SLACK = f"flavor: slack\n{KEY}slack_token: '{{{{slack.token}}}}'"
ECR = f"flavor: aws\n{KEY}uri: 1.dkr.ecr.eu-west-1.amazonaws.com"
SAGEMAKER = f"flavor: sagemaker\n{KEY}execution_role: r"
KUBERNETES = "flavor: kubernetes"
VERTEX = f"flavor: vertex\n{KEY}location: europe-west1"
AZUREML = f"flavor: azureml\n{KEY}subscription_id: s\n  resource_group: g\n  workspace: w"
SSH = f"flavor: ssh\n{KEY}hostname: h\n  username: u"
LOCAL = "flavor: local"


class Broken(NamedTuple):
    """A file, a word of what is to be said of it, and the line where no comment can mark it."""

    says: str
    text: str | bytes
    line: int = 0

    @property
    def content(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()

    @property
    def named(self) -> int:
        """The line that is to be named."""
        lines = self.content.split(b"\n")
        return self.line or next(n for n, line in enumerate(lines, 1) if b"# here" in line)


def stack(head: str = "name: churn-x", /, **slots: str | None) -> str:
    """A file whose slots hold what is given; a slot called `x_` is marked itself."""
    filled = {"orchestrator": LOCAL, "artifact_store": LOCAL} | slots
    lines = [head, "components:"]
    for slot, body in filled.items():
        if body is not None and f"{slot}_" not in slots:
            mark = HERE if slot.endswith("_") else ""
            lines += [f"  {slot.removesuffix('_')}:{mark}", indent(body, "    ")]
    return "\n".join(lines)


def at(body: str) -> str:
    """A component whose last line is the one at fault."""
    return body + HERE


def built(**slots: str | None) -> str:
    """A file with a registry, an image builder and a remote store, where nothing else is said."""
    beside = {"container_registry": ECR, "image_builder": LOCAL, "artifact_store": S3}
    return stack(**beside | slots)


WHOLE = stack()
UNREADABLE = (
    Broken("empty", "", 1),
    Broken("empty", "# nothing but a comment\n", 1),
    Broken("no mapping", f"just text{HERE}"),
    Broken("no mapping", f"# a list\n- name: churn{HERE}"),
    Broken("tab", WHOLE.replace("    flavor", "  \tflavor", 1), 4),
    Broken("tab", f"name: churn\n\tcomponents: {{}}{HERE}"),
    Broken("merge conflict", f"{WHOLE}\n<<<<<<< ours{HERE}\n"),
    Broken("merge conflict", f"{WHOLE}\n||||||| base{HERE}\n"),
    Broken("merge conflict", f"{WHOLE}\n>>>>>>> theirs{HERE}\n"),
    Broken("merge conflict", f"{WHOLE}\n=======\n", 7),
    Broken("not UTF-8", b"name: churn\n# caf\xe9  # here\ncomponents: {}"),
    Broken("not UTF-8", WHOLE.encode("utf-16"), 1),
    Broken("control character", f"{WHOLE}\n# \x07{HERE}"),
    Broken("not valid YAML", "name: churn\ncomponents: 'open\n  a: b\n", 2),
    Broken("not valid YAML", 'name: "churn\ncomponents: {}\n', 1),
    Broken("not valid YAML", "name: churn\ncomponents: [open\n", 2),
    Broken("not valid YAML", "name: churn\n\ncomponents: {a: b\n", 3),
    Broken("not valid YAML", f"name: churn\n components: {{}}{HERE}"),
    Broken("not valid YAML", f"name: a: b{HERE}"),
    Broken("not valid YAML", f"name: @churn{HERE}"),
    Broken("not valid YAML", f"{WHOLE}\n--- {HERE}\nname: two"),
    Broken("alias", f"name: &n churn\ncomponents: *n{HERE}"),
    Broken("alias", f"a: &a {{}}\nb:\n  <<: *a{HERE}\n"),
    Broken("alias", f"name: *nowhere{HERE}"),
    Broken("cannot be read", stack(f"name: !!python/name:os.system x{HERE}")),
    Broken("cannot be read", stack(f"name: !secret churn{HERE}")),
    Broken("cannot be read", stack(f"name: !!int churn{HERE}")),
    Broken("too deeply", f"name: {'[' * 500}{']' * 500}", 1),
    Broken("too deeply", stack(f"name: {'[' * 30}{']' * 30}{HERE}")),
)
SHAPE = (
    Broken("twice", f"name: churn\n{WHOLE}".replace("churn-x", f"x{HERE}")),
    Broken("twice", f"{WHOLE}\n  orchestrator:{HERE}\n    flavor: local"),
    Broken("twice", stack(alerter=f"flavor: slack\nflavor: discord{HERE}")),
    Broken("twice", stack(artifact_store=at(f"{S3}\n  path: s3://c"))),
    Broken("no text", stack(f"name: x\n1: one{HERE}")),
    Broken("no text", stack(f"name: x\non: one{HERE}")),
    Broken("no text", stack(f"name: x\nnull: one{HERE}")),
    Broken("no text", stack("name: x\n? [a]\n: one\n"), 2),
    Broken("name is missing", stack("").lstrip(), 1),
    Broken("no name", stack(f"name: 1{HERE}")),
    Broken("no name", stack(f"name: ''{HERE}")),
    Broken("no name", stack(f"name:{HERE}")),
    Broken("no name", stack(f"name: two words{HERE}")),
    Broken("no name", stack(f"name: a/b{HERE}")),
    Broken("no name", stack(f"name: {'n' * 65}{HERE}")),
    Broken("no name", stack(f"name: [a]{HERE}")),
    Broken("own stack", stack(f"name: default{HERE}")),
    Broken("no mapping", "name: churn", 1),
    Broken("no mapping", f"name: churn\ncomponents:{HERE}"),
    Broken("no mapping", f"name: churn\ncomponents: []{HERE}"),
    Broken("no mapping", f"name: churn\ncomponents: local{HERE}"),
    Broken("is components meant", stack(f"name: x\ncomponent: {{}}{HERE}")),
    Broken("no key of a stack file", stack(f"name: x\nversion: 2{HERE}")),
    Broken("cannot schedule", stack(f"name: x\nschedule: '0 6 * * *'{HERE}")),
    Broken("belongs to a pipeline", built(orchestrator=SAGEMAKER) + f"\nschedule: daily{HERE}"),
    Broken("orchestrator is missing", stack(orchestrator=None), 2),
    Broken("artifact_store is missing", stack(artifact_store=None), 2),
    Broken("is orchestrator meant", stack(orchestator_=LOCAL)),
    Broken("no slot", stack(scheduler_=LOCAL)),
    Broken("no mapping", f"{WHOLE}\n  alerter:{HERE}"),
    Broken("no mapping", f"{WHOLE}\n  alerter: slack{HERE}"),
    Broken("no mapping", f"{WHOLE}\n  alerter: [slack]{HERE}"),
    Broken("no flavor", stack(alerter_="configuration: {}")),
    Broken("no flavor", stack(alerter=at("flavor:"))),
    Broken("no flavor", stack(alerter=at("flavor: 1"))),
    Broken("no flavor", stack(alerter=at("flavor: [slack]"))),
    Broken("no mapping", stack(alerter=at("flavor: slack\nconfiguration: []"))),
    Broken("no mapping", stack(alerter=at("flavor: slack\nconfiguration: token"))),
    Broken("below configuration", stack(artifact_store=at("flavor: s3\npath: s3://b"))),
    Broken("is flavor meant", stack(alerter=at("flavor: slack\nflavour: slack"))),
)
FLAVORS = (
    Broken("is kubernetes meant", built(orchestrator=at("flavor: kubernets"))),
    Broken("no flavor of orchestrator", stack(orchestrator=at("flavor: s3"))),
    Broken("no flavor of artifact_store", stack(artifact_store=at("flavor: minio"))),
    Broken("no flavor of feature_store", stack(feature_store=at("flavor: redis"))),
    Broken("no key", stack(artifact_store=at(f"{S3}\n  bucket: b"))),
    Broken("is path meant", stack(artifact_store=at(f"flavor: gcp\n{KEY}paths: gs://b"))),
    Broken("no key", stack(orchestrator=at(f"{LOCAL}\n{KEY}parallel: 2"))),
    Broken("is execution_role meant", built(orchestrator=at(f"{SAGEMAKER}\n  executionrole: r"))),
    Broken("no key", built(orchestrator=at(f"{VERTEX}\n  region: europe-west1"))),
    Broken("no key", built(orchestrator=at(f"{AZUREML}\n  workspace_name: w"))),
    Broken("no key", built(orchestrator=at(f"{SSH}\n  password: p"))),
    Broken("is uri meant", built(container_registry=at(f"{ECR}\n  url: u"))),
    Broken("no key", stack(alerter=at(f"{SLACK}\n  channel: c"))),
    Broken("execution_role is missing", built(orchestrator_="flavor: sagemaker")),
    Broken("path is missing", stack(artifact_store=f"flavor: s3\nconfiguration: {{}}{HERE}")),
    Broken("location is missing", built(orchestrator_="flavor: vertex")),
    Broken(
        "hostname is missing",
        built(orchestrator=f"flavor: ssh\nconfiguration:{HERE}\n  username: u"),
    ),
    Broken("uri is missing", built(container_registry_="flavor: gcp")),
    Broken("slack_token is missing", stack(alerter_="flavor: slack")),
    Broken("wrong value", built(orchestrator=at(f"{KUBERNETES}\n{KEY}incluster: perhaps"))),
    Broken("wrong value", built(orchestrator=at(f"{KUBERNETES}\n{KEY}max_parallelism: many"))),
    Broken("wrong value", built(orchestrator=at(f"{AZUREML}\n  mode: free"))),
    Broken("wrong value", built(orchestrator=at(f"{SSH}\n  port: ssh"))),
    Broken("wrong value", built(orchestrator=at(f"{SSH}\n  mounts: /data"))),
    Broken("wrong value", stack(artifact_store=at(f"flavor: s3\n{KEY}path: [s3://b]"))),
    Broken("wrong value", stack(artifact_store=at(f"flavor: gcp\n{KEY}path: 7"))),
    Broken("wrong value", stack(deployer=at(f"flavor: docker\n{KEY}port_range: [1, 2, 3]"))),
    Broken("wrong value", stack(alerter=at(f"{SLACK}\n  timeout: 5 minutes"))),
    Broken("s3://", stack(artifact_store=at(f"flavor: s3\n{KEY}path: gs://b"))),
    Broken("gs://", stack(artifact_store=at(f"flavor: gcp\n{KEY}path: s3://b"))),
    Broken("az://", stack(artifact_store=at(f"flavor: azure\n{KEY}path: s3://b"))),
    Broken("s3://", stack(artifact_store=at(f"flavor: s3\n{KEY}path: '{{{{s3.bucket}}}}'"))),
    Broken("remote prefix", stack(artifact_store=at(f"{LOCAL}\n{KEY}path: s3://b"))),
)
SECRETS = (
    Broken("is a secret", stack(alerter=at(f"flavor: slack\n{KEY}slack_token: xoxb-1"))),
    Broken("is a secret", stack(alerter=at(f"flavor: slack\n{KEY}slack_token: ${{SLACK_TOKEN}}"))),
    Broken("is a secret", stack(artifact_store=at(f"{S3}\n  secret: abc"))),
    Broken("is a secret", stack(artifact_store=at(f"{S3}\n  token: 1"))),
    Broken("is a secret", built(orchestrator=at(f"{SSH}\n  ssh_private_key: PRIVATE"))),
    Broken("is a secret", built(orchestrator=at(f"{SAGEMAKER}\n  aws_secret_access_key: abc"))),
    Broken("is a secret", stack(experiment_tracker=at(f"flavor: wandb\n{KEY}api_key: abc"))),
    Broken(
        "is a secret",
        stack(artifact_store=at(f"{S3}\n  client_kwargs:\n    aws_secret_access_key: abc")),
    ),
    Broken(
        "is a secret",
        stack(
            artifact_store=at(f"{S3}\n  config_kwargs:\n    sent: [{{name: api_key, value: abc}}]")
        ),
    ),
    Broken(
        "is a secret",
        stack(experiment_tracker=at(f"flavor: mlflow\n{KEY}tracking_uri: https://u:p@host")),
    ),
    Broken(
        "is a secret",
        stack(artifact_store=at(f"{S3}\n  client_kwargs:\n    proxy: http://u:p@host:3128")),
    ),
    Broken(
        "does not resolve",
        stack(artifact_store=at(f"{S3}\n  client_kwargs:\n    endpoint_url: '{{{{s3.url}}}}'")),
    ),
    Broken(
        "does not resolve", stack(alerter=at(f"flavor: slack\n{KEY}slack_token: '{{{{slack}}}}'"))
    ),
    Broken("does not resolve", stack(alerter=at(f"{SLACK}\n  slack_channel_id: 'C{{{{a.b}}}}'"))),
    Broken("does not resolve", stack(f"name: '{{{{a.b}}}}'{HERE}")),
    Broken("no variable", stack(artifact_store=at(f"flavor: s3\n{KEY}path: s3://${{bucket}}"))),
    Broken("no variable", stack(artifact_store=at(f"flavor: s3\n{KEY}path: s3://${{B:-x}}"))),
    Broken("no variable", stack(artifact_store=at(f"flavor: s3\n{KEY}path: s3://${{B"))),
)
TOGETHER = (
    Broken("a container registry", built(orchestrator_=SAGEMAKER, container_registry=None)),
    Broken("an image builder", built(orchestrator_=KUBERNETES, image_builder=None)),
    Broken("registry and an image", stack(orchestrator_=KUBERNETES, artifact_store=S3)),
    Broken("an image builder", stack(deployer_="flavor: docker")),
    Broken(
        "a container registry", stack(image_builder_=f"flavor: kaniko\n{KEY}kubernetes_context: c")
    ),
    Broken("a container registry", stack(deployer_="flavor: gcp", image_builder=LOCAL)),
    Broken("on this machine", built(orchestrator=SAGEMAKER, artifact_store_=LOCAL)),
    Broken("on this machine", built(orchestrator=AZUREML, artifact_store_=LOCAL)),
    Broken("on this machine", built(orchestrator=KUBERNETES, artifact_store_=LOCAL)),
    Broken("on this machine", built(orchestrator=VERTEX, artifact_store_=LOCAL)),
    Broken(
        "on this machine",
        built(orchestrator=f"flavor: airflow\n{KEY}local: false", artifact_store_=LOCAL),
    ),
    Broken("on this machine", built(step_operator=KUBERNETES, artifact_store_=LOCAL)),
    Broken("take gcp", built(orchestrator=VERTEX, artifact_store_=S3)),
    Broken("an experiment tracker", stack(model_registry_="flavor: mlflow")),
    Broken(
        "take mlflow for both",
        stack(
            experiment_tracker=f"flavor: wandb\n{KEY}api_key: '{{{{wandb.key}}}}'",
            model_registry_="flavor: mlflow",
        ),
    ),
    Broken("no new customers", built(deployer_="flavor: aws")),
)
BROKEN = UNREADABLE + SHAPE + FLAVORS + SECRETS + TOGETHER
