"""Objections to the ZenML stack (2H), and to everything at once."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ..phases._inputs import counted
from ..zenml_stack import is_schedulable, violations
from ._flag import Found, Severity, red_flag

_SENSITIVE = {"special_or_phi": "health or special-category", "cardholder": "card"}
_WITHOUT_EXTRAS = {
    "data_versioning": "zenml_artifacts", "feature_store": "none",
    "training_tracker": "zenml", "deployment_serving": "none",
    "governance_registry": "model_control_plane", "stack_orchestrator": "local",
    "stack_data_validator": "none", "stack_deployer": "none", "stack_step_operator": "none",
}  # fmt: skip


def optional_components(facts: Facts, decisions: Decisions) -> tuple[str, ...]:
    """What the decisions add to the six steps, save for tools that the team already runs."""
    running = {tool.casefold() for tool in facts.existing_tools}
    return tuple(
        str(decisions[name])
        for name, nothing in _WITHOUT_EXTRAS.items()
        if decisions[name] != nothing and decisions[name] not in running
    )


@red_flag("RF02", Severity.justify, "optional components", "RULES")
def everything_at_once(facts: Facts, decisions: Decisions, maturity_level: int) -> Found:
    """You picked {count} before one model runs. Ship the batch pipeline first; section 12 lists
    when each extra earns its place."""
    extras = optional_components(facts, decisions)
    picked = any(decisions.find(name).differs for name in _WITHOUT_EXTRAS)
    many = maturity_level <= limits.I_LEVEL and len(extras) > limits.J_OPTIONAL
    return many and picked and {"count": counted(len(extras), "extra")}


@red_flag("RF16", Severity.justify, "stack_orchestrator")
def kubernetes_for_few(
    facts: Facts, stack_orchestrator: str, stack_step_operator: str, stack_deployer: str
) -> Found:
    """{people} ({skill}) should not run a cluster for {models}. Use local or managed."""
    cluster = "kubernetes" in {stack_orchestrator, stack_step_operator, stack_deployer}
    unfit = facts.team_size <= limits.I_TEAM or facts.platform_skill != "k8s_team"
    skill = facts.platform_skill.replace("_", " ")
    return (
        cluster
        and unfit
        and {
            "people": counted(facts.team_size, "person").replace("persons", "people"),
            "skill": skill if skill != "none" else "no platform skill",
            "models": counted(facts.n_models, "model"),
        }
    )


@red_flag("RF37", Severity.block, "stack_scheduler", "ZEN")
def unschedulable(stack_scheduler: str, stack_orchestrator: str, data_cadence: str) -> Found:
    """The {stack_orchestrator} orchestrator cannot schedule {data_cadence} runs. Take cron or CI,
    or change it."""
    return stack_scheduler == "orchestrator" and not is_schedulable(stack_orchestrator)


@red_flag("RF19", Severity.block, "stack_artifact_store", "HIPAA", "PCI", waivable=True)
def sensitive_and_local(stack_artifact_store: str, personal_data: str, rows: int) -> Found:
    """{rows:,} rows of {kind} data do not go to a laptop artifact store. Use a bucket in the
    covered environment."""
    kind = _SENSITIVE.get(personal_data)
    return stack_artifact_store == "local" and bool(kind) and {"kind": kind}


@red_flag("RF36", Severity.block, "stack_artifact_store", "ZEN")
def store_refused(decisions: Decisions) -> Found:
    """ZenML refuses this stack: {message}"""
    return _violation(decisions, "stack_artifact_store")


@red_flag("RF36", Severity.block, "stack_container_registry", "ZEN")
def registry_refused(decisions: Decisions) -> Found:
    """ZenML refuses this stack: {message}"""
    return _violation(decisions, "stack_container_registry")


@red_flag("RF36", Severity.block, "stack_deployer", "ZEN")
def deployer_refused(decisions: Decisions) -> Found:
    """ZenML refuses this stack: {message}"""
    return _violation(decisions, "stack_deployer")


@red_flag("RF38", Severity.block, "stack_deployer", "APPR")
def app_runner(stack_deployer: str) -> Found:
    """App Runner takes no new customers since April 2026. Use ECS."""
    return stack_deployer == "aws"


@red_flag("RF21", Severity.block, "stack_alerter", "SRE")
def unowned_alerter(stack_alerter: str, owner: str) -> Found:
    """No owner, no alert. Until a name is given these are lines in a report."""
    return stack_alerter == "slack" and not owner


def _violation(decisions: Decisions, slot: str) -> Found:
    messages = [each.message for each in violations(decisions) if each.decision == slot]
    return bool(messages) and {"message": messages[0]}
