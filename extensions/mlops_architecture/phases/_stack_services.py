"""What stands beside the pipelines: store, validator, deployer and alerter of table I."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._deployment_plan import is_realtime
from ._inputs import counted, inputs, listed, number, others, spelled, taken
from ._pace import load, scored
from ._stack_slots import (
    Slots,
    choose_alerter,
    choose_artifact_store,
    label,
    runs,
    store_reasons,
)

_CLOUD_STORES = {"s3": "aws", "gcp": "gcp", "azure": "azure"}

ARTIFACT_STORE: tuple[Option, ...] = (
    Option(value="local", label="Local folder"),
    Option(value="s3", label="S3 (or a store with its API)"),
    Option(value="gcp", label="Google Cloud Storage"),
    Option(value="azure", label="Azure Blob Storage"),
)
DATA_VALIDATOR: tuple[Option, ...] = (
    Option(value="none", label="None: the gates are steps"),
    Option(value="evidently", label="Evidently", built=False),
)
DEPLOYER: tuple[Option, ...] = (
    Option(value="none", label="None"),
    Option(value="docker", label="Docker, on one host", built=False),
    Option(value="gcp", label="Cloud Run", built=False),
    Option(value="aws", label="App Runner", built=False),
    Option(value="kubernetes", label="Kubernetes", built=False),
)
ALERTER: tuple[Option, ...] = (
    Option(value="none", label="None"),
    Option(value="slack", label="Slack"),
)


def artifact_store(facts: Facts, slots: Slots) -> Proposal:
    """Local for one person on a local orchestrator; else a bucket in the data's region."""
    value = choose_artifact_store(facts, slots)
    reasons = store_reasons(facts, slots) or (f"the {slots.orchestrator} orchestrator",)
    region = facts.residency or "the data's own region"
    spoken = ", such as MinIO" if value == "s3" and facts.cloud != "aws" else ""
    asking = "asks" if len(reasons) == 1 else "ask"
    return Proposal(
        decision="stack_artifact_store",
        value=value,
        reason=(
            f"A folder: a team of {facts.team_size} and a local orchestrator read it, "
            f"and {_size(facts.data_size_gb)} fit."
            if value == "local"
            else f"{label(ARTIFACT_STORE, value)}{spoken}, in {region}: "
            f"{listed(reasons, most=4)} {asking} for more than a folder on one machine, at "
            f"{_size(facts.data_size_gb)} so far."
        ),
        rule="I",
        references=("ZEN",),
        alternatives=others(
            ARTIFACT_STORE,
            value,
            {
                "local": f"Refused by, or wrong for, {listed(reasons, most=1)}.",
                **{
                    store: f"One person has one machine; {cloud} adds an account."
                    if value == "local"
                    else f"Your platform is {facts.cloud}, not {cloud}."
                    for store, cloud in _CLOUD_STORES.items()
                },
            },
        ),
        changes_if=(
            ("a second person or any remote slot joins", "health or card data enter")
            if value == "local"
            else ("one person works alone with a local orchestrator",)
        ),
        inputs=inputs(
            facts, "team_size", "cloud", "residency", "personal_data", "data_size_gb"
        ),
    )  # fmt: skip


def data_validator(facts: Facts) -> Proposal:
    """None by default: gates need no server, and the integrations wrap old interfaces."""
    value = "evidently" if runs(facts, "evidently") else "none"
    columns = facts.n_numeric + facts.n_categorical
    return Proposal(
        decision="stack_data_validator",
        value=value,
        reason=(
            f"None: the gates over {counted(columns, 'column')} are steps of the pipeline; ZenML "
            "0.98 wraps Evidently's legacy interface and Great Expectations before 1.0."
            if value == "none"
            else f"Evidently, which you already run ({listed(facts.existing_tools)}): reports "
            f"over {counted(columns, 'column')}; the gates stay steps."
        ),
        rule="I",
        references=("ZEN",),
        alternatives=others(
            DATA_VALIDATOR,
            value,
            {
                "none": "Those who read its reports today would lose them.",
                "evidently": f"Reports over {counted(columns, 'column')} that nobody asked for, "
                "and a pin on pandas.",
            },
        ),
        changes_if=(
            ("people who do not write code read data reports",)
            if value == "none"
            else ("nobody reads the reports",)
        ),
        inputs=inputs(facts, "existing_tools", "n_numeric", "n_categorical"),
    )


def deployer(facts: Facts, earlier: Decisions) -> Proposal:
    """None: batch writes a table, and the project's own service is far faster."""
    mode = taken(earlier, "deployment_mode", "batch")
    return Proposal(
        decision="stack_deployer",
        value="none",
        reason=(
            f"None: the project's own service answers {load(facts)}. A ZenML deployment took "
            f"{limits.I_DEPLOYER_MS} ms an answer and {limits.I_DEPLOYER_RPS} requests/s, the "
            f"service {limits.I_SERVICE_MS} ms and {limits.I_SERVICE_RPS:,}, on two cores."
            if is_realtime(mode)
            else f"None: a pipeline writes the predictions of {scored(facts)} as a table; "
            f"there are no requests to answer, and each would take {limits.I_DEPLOYER_MS} ms."
        ),
        rule="I",
        references=("ZEN", "APPR"),
        alternatives=others(
            DEPLOYER,
            "none",
            {
                "docker": f"{limits.I_DEPLOYER_MS} ms an answer; for {load(facts)} the project's "
                "own service.",
                "gcp": f"Cloud Run runs the service's image itself; your cloud is {facts.cloud}.",
                "aws": "Stands on App Runner, closed to new customers since 30 April 2026: ECS.",
                "kubernetes": f"{limits.I_DEPLOYER_MS} ms an answer on a cluster too, which runs "
                "the service's image itself."
                if facts.platform_skill == "k8s_team"
                else f"Asks for a cluster; platform skill is {facts.platform_skill}.",
            },
        ),
        changes_if=("few requests, each of which needs its lineage in ZenML",),
        inputs=inputs(facts, "peak_rps", "cloud", "platform_skill", "rows"),
    )


def alerter(facts: Facts, earlier: Decisions) -> Proposal:
    """Slack in production with an owner; an alert that nobody owns is noise."""
    value = choose_alerter(facts, earlier)
    owner = facts.owner or "nobody"
    return Proposal(
        decision="stack_alerter",
        value=value,
        reason=(
            f"Slack: {owner} owns the model in production and reads it, at most "
            f"{spelled(limits.G9_ALERTS_PER_WEEK)} alerts a week."
            if value == "slack"
            else _silent(facts)
        ),
        rule="I",
        references=("SRE",),
        alternatives=others(
            ALERTER,
            value,
            {
                "none": f"{owner} would learn of a failure from the users.",
                "slack": f"2F sends {owner} nothing through a channel."
                if facts.horizon == "production" and facts.owner
                else f"Nobody would read it: horizon {facts.horizon}, owner {owner}.",
            },
        ),
        changes_if=(
            ("the owner leaves",)
            if value == "slack"
            else ("an owner is named in production, and 2F alerts",)
        ),
        inputs=inputs(facts, "horizon", "owner"),
    )


def _size(gigabytes: float) -> str:
    return f"{number(gigabytes)} GB" if gigabytes >= 1 else f"{number(gigabytes * 1000)} MB"


def _silent(facts: Facts) -> str:
    if facts.horizon != "production":
        return (
            f"None: a {facts.horizon} horizon calls nobody, and what 2F finds stays in its report."
        )
    if not facts.owner:
        return "None: nobody owns the model yet, and what 2F finds stays in its report."
    return f"None: monitoring (2F) keeps its alerts in a file, where {facts.owner} reads them."
