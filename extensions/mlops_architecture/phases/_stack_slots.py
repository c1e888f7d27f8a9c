"""What fills each slot: the choices of table I, without their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .. import limits
from ..decision import Decisions, Option
from ..facts import Facts
from ..zenml_stack import flavour, needed_for_images
from ._inputs import taken

STEP_GB = limits.I_STEP_MEMORY * limits.C3_MACHINE_GB
"""Memory of one step from which it leaves its machine."""
MANAGED = {"aws": "sagemaker", "gcp": "vertex", "azure": "azureml"}
SIZES_ITS_STEPS = {"kubernetes", *MANAGED.values()}
"""Orchestrators that give each step a machine of its own."""

_SENSITIVE = {"special_or_phi", "cardholder"}
_STORES = {"aws": "s3", "gcp": "gcp", "azure": "azure"}


class Slots(NamedTuple):
    """The slots that others depend on: what the person put there, else what is proposed."""

    orchestrator: str
    step_operator: str
    deployer: str

    @property
    def building_images(self) -> tuple[str, ...]:
        """Those of the three that are not local."""
        return tuple(name for name in self if name not in {"local", "none"})


def label(options: Sequence[Option], value: str) -> str:
    """The words of an option."""
    return next(option.label for option in options if option.value == value)


def fill(facts: Facts, earlier: Decisions) -> Slots:
    """Orchestrator, step operator and deployer as they stand."""
    orchestrator = str(taken(earlier, "stack_orchestrator", choose_orchestrator(facts, earlier)))
    operator = choose_step_operator(facts, earlier, orchestrator)
    return Slots(
        orchestrator=orchestrator,
        step_operator=str(taken(earlier, "stack_step_operator", operator)),
        deployer=str(taken(earlier, "stack_deployer", "none")),
    )


def runs(facts: Facts, tool: str) -> bool:
    """Whether the team already runs this tool."""
    return any(tool in name.casefold() for name in facts.existing_tools)


def memory_gb(facts: Facts) -> float:
    """The whole table in memory, in GB."""
    return facts.data_size_gb * limits.A3_MEMORY_PER_SIZE


def fits_one_machine(facts: Facts, earlier: Decisions) -> bool:
    """The machine holds the training rows, as the engine of 2B reads them."""
    engine = taken(earlier, "data_engine", "duckdb_pandas")
    if engine == "duckdb_pandas":
        return memory_gb(facts) <= limits.I_MEMORY_SHARE * limits.C3_MACHINE_GB
    return engine != "spark"


def stays_small(facts: Facts, earlier: Decisions) -> bool:
    """A low level, few people, and one machine."""
    few = facts.team_size <= limits.I_TEAM
    level = int(taken(earlier, "maturity_level", 1))
    return level <= limits.I_LEVEL and few and fits_one_machine(facts, earlier)


def choose_orchestrator(facts: Facts, earlier: Decisions) -> str:
    """First match: small or no production, Airflow run, own cluster, managed, own host."""
    if stays_small(facts, earlier) or facts.horizon != "production":
        return "local"
    if runs(facts, "airflow"):
        return "airflow"
    enough = facts.team_size > limits.I_TEAM
    if facts.platform_skill == "k8s_team" and enough and facts.cloud != "none":
        return "kubernetes"
    if facts.cloud in MANAGED:
        return MANAGED[facts.cloud]
    return "ssh" if facts.cloud == "onprem_vm" else "local"


def choose_step_operator(facts: Facts, earlier: Decisions, orchestrator: str) -> str:
    """More than the machine, in one step, beside an orchestrator that cannot size its steps."""
    in_memory = taken(earlier, "data_engine", "duckdb_pandas") == "duckdb_pandas"
    heavy = in_memory and facts.rows >= limits.I_STEP_ROWS and memory_gb(facts) > STEP_GB
    if not heavy or orchestrator in SIZES_ITS_STEPS or facts.horizon != "production":
        return "none"
    return MANAGED.get(facts.cloud, "none")


def choose_artifact_store(facts: Facts, slots: Slots) -> str:
    """Local where nothing speaks against it; Vertex reads its own cloud's."""
    if slots.orchestrator == "vertex":
        return "gcp"
    return _STORES.get(facts.cloud, "s3") if store_reasons(facts, slots) else "local"


def store_reasons(facts: Facts, slots: Slots) -> tuple[str, ...]:
    """Why a local folder does not serve; nothing where it does."""
    reasons = {
        f"the {slots.orchestrator} orchestrator": slots.orchestrator != "local",
        f"the {slots.step_operator} step operator": slots.step_operator != "none",
        f"{facts.personal_data.replace('_', ' ')} data": facts.personal_data in _SENSITIVE,
        f"a team of {facts.team_size}": facts.team_size > 1,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def choose_container_registry(facts: Facts, slots: Slots) -> str:
    """None while no slot builds images; else the cloud's own."""
    if "container_registry" not in needed_for_images(*slots):
        return "none"
    own = flavour("container_registry", facts.cloud)
    return own.value if own is not None else "dockerhub"


def choose_alerter(facts: Facts, earlier: Decisions) -> str:
    """Slack in production with an owner, where 2F sends its alerts there."""
    wanted = facts.horizon == "production" and bool(facts.owner)
    route = taken(earlier, "monitoring_alerts", "slack" if wanted else "none")
    return "slack" if route == "slack" and "monitoring" not in earlier.skipped else "none"
