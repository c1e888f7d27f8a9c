"""2H, the ZenML stack: seven slots; tracker and registry were decided before."""

from __future__ import annotations

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _stack_compute as compute
from . import _stack_services as services
from ._stack_slots import fill

OPTIONS: dict[str, tuple[Option, ...]] = {
    "stack_orchestrator": compute.ORCHESTRATOR,
    "stack_scheduler": compute.SCHEDULER,
    "stack_artifact_store": services.ARTIFACT_STORE,
    "stack_data_validator": services.DATA_VALIDATOR,
    "stack_deployer": services.DEPLOYER,
    "stack_container_registry": compute.CONTAINER_REGISTRY,
    "stack_alerter": services.ALERTER,
    "stack_step_operator": compute.STEP_OPERATOR,
}


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2H; a slot follows what the person put into those it depends on."""
    slots = fill(facts, earlier)
    return (
        compute.orchestrator(facts, earlier),
        compute.scheduler(facts, slots),
        services.artifact_store(facts, slots),
        services.data_validator(facts),
        services.deployer(facts, earlier),
        compute.container_registry(facts, slots),
        services.alerter(facts, earlier),
        compute.step_operator(facts, earlier, slots),
    )
