"""What runs the pipelines: orchestrator, container registry and step operator of table I."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ..zenml_stack import is_schedulable
from ._inputs import counted, inputs, listed, marked, number, others, part, taken, times
from ._pace import opening
from ._stack_slots import (
    SIZES_ITS_STEPS,
    STEP_GB,
    Slots,
    choose_container_registry,
    choose_orchestrator,
    choose_step_operator,
    label,
    memory_gb,
    stays_small,
)

ORCHESTRATOR: tuple[Option, ...] = (
    Option(value="local", label="Local"),
    Option(value="kubernetes", label="Kubernetes"),
    Option(value="sagemaker", label="SageMaker"),
    Option(value="vertex", label="Vertex AI"),
    Option(value="azureml", label="AzureML"),
    Option(value="airflow", label="Airflow"),
    Option(value="ssh", label="SSH: Docker on your own host"),
)
CONTAINER_REGISTRY: tuple[Option, ...] = (
    Option(value="none", label="None"),
    Option(value="aws", label="ECR"),
    Option(value="gcp", label="Artifact Registry"),
    Option(value="azure", label="Azure Container Registry"),
    Option(value="dockerhub", label="Docker Hub"),
)
STEP_OPERATOR: tuple[Option, ...] = (
    Option(value="none", label="None"),
    Option(value="sagemaker", label="SageMaker"),
    Option(value="vertex", label="Vertex AI"),
    Option(value="azureml", label="AzureML"),
    Option(value="kubernetes", label="Kubernetes"),
)


SCHEDULER: tuple[Option, ...] = (
    Option(value="orchestrator", label="The orchestrator's own schedule", built=False),
    Option(value="ci", label="A schedule of the CI"),
    Option(value="cron", label="cron or a systemd timer"),
    Option(value="none", label="Nothing: a person starts each run"),
)


def orchestrator(facts: Facts, earlier: Decisions) -> Proposal:
    """First match: small and local, Airflow already run, own cluster, managed, own host."""
    value = choose_orchestrator(facts, earlier)
    level = taken(earlier, "maturity_level", 1)
    timer = "" if is_schedulable(value) else " It cannot schedule: cron or CI starts the runs."
    return Proposal(
        decision="stack_orchestrator",
        value=value,
        reason=_orchestrator_reason(facts, earlier, value) + timer,
        rule="I",
        references=("ZEN",),
        alternatives=others(ORCHESTRATOR, value, _orchestrator_why_not(facts, level)),
        changes_if=(
            (
                f"a run takes {limits.I_RUN_HOURS} hours or {part(limits.I_MEMORY_SHARE)} the "
                "memory",
                "a second operator joins",
            )
            if value == "local"
            else _other_platforms(facts)
        ),
        inputs=inputs(
            facts, "team_size", "cloud", "platform_skill", "existing_tools", "data_size_gb",
            "horizon",
        ),
    )  # fmt: skip


def _other_platforms(facts: Facts) -> tuple[str, ...]:
    if "databricks" in {tool.casefold() for tool in facts.existing_tools}:
        return ("the Databricks that you run is to run this too: ZenML's orchestrator for it is "
                "yours to add",)  # fmt: skip
    return ("another platform is already run and on call",)


def _orchestrator_reason(facts: Facts, earlier: Decisions, value: str) -> str:
    level = taken(earlier, "maturity_level", 1)
    team = marked(facts, "team_size", f"a team of {facts.team_size}")
    size = _training_takes(facts, earlier)
    if value == "local" and stays_small(facts, earlier):
        return f"Local: level {level}, {team}, {size}; no infrastructure to run."
    if value == "local" and facts.horizon != "production":
        return f"Local: a {facts.horizon} horizon pays for no platform; {team}, {size}."
    if value == "local":
        return (
            f"Local, for want of a platform (cloud is {facts.cloud}): level {level}, {team} and "
            f"{number(facts.data_size_gb)} GB will outgrow it."
        )
    if value == "airflow":
        return f"Airflow, which you already run and are on call for: {team}, level {level}."
    if value == "kubernetes":
        return f"Kubernetes: {team} with an on-call for the cluster on {facts.cloud}."
    if value == "ssh":
        return f"SSH to your own host: Docker there, for {team} at level {level}, {size}."
    managed = f"{label(ORCHESTRATOR, value)}, managed, on {facts.cloud}"
    return f"{managed}: {team}, level {level}, {size}."


def _training_takes(facts: Facts, earlier: Decisions) -> str:
    """What has to fit a machine: the table, or the sample that the engine of 2B draws from it."""
    if taken(earlier, "data_engine", "duckdb_pandas") == "duckdb_pandas":
        return f"{number(memory_gb(facts))} GB in memory"
    return f"training on at most {limits.C3_TRAINING_ROWS:,} rows"


def container_registry(facts: Facts, slots: Slots) -> Proposal:
    """The cloud's own, exactly where a slot builds images; the image builder comes along."""
    value = choose_container_registry(facts, slots)
    builders = slots.building_images
    elsewhere = (
        f"No slot builds images (orchestrator: {slots.orchestrator})."
        if value == "none"
        else f"Your platform is {facts.cloud}."
    )
    return Proposal(
        decision="stack_container_registry",
        value=value,
        reason=(
            f"None: the {slots.orchestrator} orchestrator builds no images for a team of "
            f"{facts.team_size}."
            if value == "none"
            else f"{_registry(facts, value)}: it keeps the images of {listed(builders)} for a team "
            f"of {facts.team_size}. With it comes the hidden tenth slot, the image builder: local "
            "Docker, or the cloud's in CI."
        ),
        rule="I",
        references=("ZEN",),
        alternatives=others(
            CONTAINER_REGISTRY,
            value,
            {
                "none": f"ZenML refuses {listed(builders)} without a registry.",
                **dict.fromkeys(("aws", "gcp", "azure", "dockerhub"), elsewhere),
            },
        ),
        changes_if=(
            ("a slot that builds images is filled",)
            if value == "none"
            else ("every slot is local again",)
        ),
        inputs=inputs(facts, "cloud", "team_size"),
    )


def _registry(facts: Facts, value: str) -> str:
    name = label(CONTAINER_REGISTRY, value)
    if value != "dockerhub":
        return f"{name}, beside the data on {facts.cloud}"
    return f"{name}, in a private repository, for want of one of a cloud"


def scheduler(facts: Facts, slots: Slots) -> Proposal:
    """The CI that is there, else cron: both are built, and serve every orchestrator (RF37)."""
    value = _starter(facts)
    runs = f"{facts.data_cadence} runs, horizon {facts.horizon}"
    own = (
        f"a schedule of the {slots.orchestrator} orchestrator would be yours to add"
        if is_schedulable(slots.orchestrator)
        else f"the {slots.orchestrator} orchestrator cannot schedule"
    )
    return Proposal(
        decision="stack_scheduler",
        value=value,
        reason=(
            f"{label(SCHEDULER, value)}: {runs}, CI {facts.ci}; {own}. On after {limits.J_RUNS} "
            "runs by hand."
        ),
        rule="I",
        references=("ZEN",),
        alternatives=others(
            SCHEDULER,
            value,
            {
                "orchestrator": f"{opening(own)}; {runs}.",
                "ci": f"CI is {facts.ci}; {runs}.",
                "cron": f"Needs a machine that is always on; {runs}.",
                "none": f"Somebody would have to remember {facts.data_cadence} runs.",
            },
        ),
        changes_if=("the orchestrator changes", "runs come to be started by an event"),
        inputs=inputs(facts, "data_cadence", "horizon", "ci"),
    )


def _starter(facts: Facts) -> str:
    if facts.horizon != "production" or facts.data_cadence == "once":
        return "none"
    return "cron" if facts.ci == "none" else "ci"


def step_operator(facts: Facts, earlier: Decisions, slots: Slots) -> Proposal:
    """Only where one step needs more than the machine, and its orchestrator cannot grow."""
    value = choose_step_operator(facts, earlier, slots.orchestrator)
    need = f"{counted(facts.rows, 'row')}, {_training_takes(facts, earlier)}"
    elsewhere = f"Nothing to move: {need}." if value == "none" else f"Your cloud is {facts.cloud}."
    return Proposal(
        decision="stack_step_operator",
        value=value,
        reason=(
            f"None: {need}; {_no_operator(facts, earlier, slots.orchestrator)}."
            if value == "none"
            else f"{label(STEP_OPERATOR, value)} for train_model alone: {need} is more than "
            f"{times(limits.I_STEP_MEMORY)} the {limits.C3_MACHINE_GB} GB beside "
            f"{slots.orchestrator}."
        ),
        rule="I",
        references=("ZEN",),
        alternatives=others(
            STEP_OPERATOR,
            value,
            {
                "none": f"train_model would not fit: {need}.",
                **dict.fromkeys(("sagemaker", "vertex", "azureml", "kubernetes"), elsewhere),
            },
        ),
        changes_if=(
            (
                f"a profile shows one step over {limits.J_CPU_HOURS} hours on CPU, or in need of a "
                "GPU",
            )
            if value == "none"
            else ("training takes a sample that fits",)
        ),
        inputs=inputs(facts, "rows", "data_size_gb", "cloud"),
    )


def _no_operator(facts: Facts, earlier: Decisions, chosen: str) -> str:
    if taken(earlier, "data_engine", "duckdb_pandas") != "duckdb_pandas":
        return "no step holds more"
    if facts.rows < limits.I_STEP_ROWS:
        return f"boosted trees need no second machine below {limits.I_STEP_ROWS:,} rows"
    if memory_gb(facts) <= STEP_GB:
        return f"boosted trees need no second machine up to {STEP_GB} GB"
    if chosen in SIZES_ITS_STEPS:
        return f"{chosen} gives each step a machine of its own"
    return f"with cloud {facts.cloud} and a {facts.horizon} horizon there is no second machine"


def _orchestrator_why_not(facts: Facts, level: str | int) -> dict[str | int, str]:
    managed = f"Cloud is {facts.cloud}, for a team of {facts.team_size} at level {level}."
    return {
        "local": f"Serves {limits.I_TEAM} people at level {limits.I_LEVEL}; here "
        f"{facts.team_size} at level {level}, with {number(facts.data_size_gb)} GB.",
        "kubernetes": _no_cluster(facts),
        "sagemaker": managed,
        "vertex": managed,
        "azureml": managed,
        "airflow": "You do not run it, or need it, today.",
        "ssh": f"Runs on a host of your own; cloud is {facts.cloud}.",
    }


def _no_cluster(facts: Facts) -> str:
    if facts.cloud == "none":
        return "There is no cluster to run on: cloud is none."
    if facts.platform_skill != "k8s_team" or facts.team_size <= limits.I_TEAM:
        return (
            f"A team of {facts.team_size} ({facts.platform_skill}) should not run a cluster for "
            f"{counted(facts.n_models, 'model')}."
        )
    if facts.horizon != "production":
        return f"A {facts.horizon} horizon pays for no cluster."
    return "A second platform, beside the one that you already run."
