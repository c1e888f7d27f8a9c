"""What the rules say of one design beside its decisions: duties, stack, risks, quality, cost."""

from __future__ import annotations

from functools import cached_property

from . import cost, infrastructure, interview, mvp, quality, readiness, risks, zenml_stack
from .decision import Decision
from .files import Files
from .phases import data, deployment, feature, governance, monitoring
from .red_flags import Raised
from .risks import Risk
from .sources import SOURCES, Source


class Tables(Files):
    """What the rules say of one design besides its decisions."""

    @cached_property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Columns that never become features, with the reason."""
        return feature.excluded_columns(self.facts)

    @property
    def roles(self) -> tuple[governance.Role, ...]:
        """Who does, answers for, is asked and is told."""
        return governance.raci(self.facts, self.design.decisions)

    @property
    def approver(self) -> str:
        """Who says yes to a promotion."""
        return governance.approver(self.facts, self.design["governance_approval"])

    @property
    def promotion_conditions(self) -> tuple[str, ...]:
        """When a model is promoted."""
        return deployment.promotion_conditions(self.facts, self.design.decisions)

    @property
    def rollback_ladder(self) -> tuple[str, ...]:
        """What is done when a model has to go back, in order."""
        return deployment.rollback_ladder(self.facts, self.design.decisions)

    @property
    def severities(self) -> tuple[monitoring.Severity, ...]:
        """The incident table."""
        return monitoring.incident_severities(self.facts)

    @property
    def runbook(self) -> tuple[str, ...]:
        """What is done in an incident, in order."""
        return monitoring.runbook(self.facts)

    @property
    def card_fields(self) -> tuple[tuple[str, str], ...]:
        """What the model card says of use, data and owner: name and text."""
        return governance.card_fields(self.facts)

    @property
    def erasure_path(self) -> tuple[str, ...]:
        """What is done when a person asks that their rows go; nothing where it is not owed."""
        return data.erasure_path(self.facts)

    @property
    def duties(self) -> tuple[governance.Duty, ...]:
        """What the law asks, where it applies."""
        return governance.legal_duties(self.facts)

    @cached_property
    def stack_table(self) -> tuple[zenml_stack.StackRow, ...]:
        """The nine slots with choice and reason."""
        return zenml_stack.stack_table(self.facts, self.design.decisions)

    @property
    def slots(self) -> dict[str, str]:
        """The decision that fills each slot of the stack, by the slot's name."""
        return {slot.name: slot.decision for slot in zenml_stack.SLOTS}

    @property
    def beside_the_slots(self) -> tuple[Decision, ...]:
        """Decisions on the stack that fill no slot."""
        filling = set(self.slots.values())
        return tuple(
            entry for entry in self.design.of("stack") if entry.proposal.decision not in filling
        )

    @cached_property
    def empty_slots(self) -> tuple[str, ...]:
        """Slots of the stack left empty; their records say when to fill them."""
        return tuple(row.component for row in self._not_included if row.component in self.slots)

    @cached_property
    def never_included(self) -> tuple[zenml_stack.NotIncluded, ...]:
        """Components that wait for nothing and are left out, and why."""
        elsewhere = set(self.slots) | {item.component for item in self.deferred}
        return tuple(row for row in self._not_included if row.component not in elsewhere)

    @cached_property
    def _not_included(self) -> tuple[zenml_stack.NotIncluded, ...]:
        return zenml_stack.not_included(self.facts, self.design.decisions)

    @cached_property
    def mvp_steps(self) -> tuple[mvp.MvpStep, ...]:
        """What is built first, in order."""
        return mvp.mvp_steps(self.facts, self.design.decisions)

    @cached_property
    def deferred(self) -> tuple[mvp.Deferred, ...]:
        """What is not included, and the trigger that adds it."""
        return mvp.deferred(self.facts, self.design.decisions)

    @property
    def raised(self) -> tuple[Raised, ...]:
        """The flags that were raised, whatever became of them."""
        return self.design.raised

    def became(self, flag: Raised) -> str:
        """What became of a flag."""
        return risks.became(flag)

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        """Every risk, the gravest first."""
        return risks.risks(self.design)

    @property
    def further_risks(self) -> tuple[Risk, ...]:
        """The risks that neither a flag nor the first page tells of."""
        told = {flag.id for flag in self.raised}
        rest = self.risks[interview.MOST_RISKS_ON_TOP :]
        return tuple(risk for risk in rest if not told & set(risk.flags))

    @property
    def limits(self) -> tuple[Risk, ...]:
        """The risks that are limits of the model itself."""
        return tuple(risk for risk in self.risks if risk.limit)

    @property
    def biggest_risks(self) -> tuple[Risk, ...]:
        """The risks of the first page."""
        return self.risks[: interview.MOST_RISKS_ON_TOP]

    @property
    def cloud(self) -> str:
        """The folder of `infrastructure/`; empty where there is none."""
        return infrastructure.cloud(self.design)

    @cached_property
    def infrastructure(self) -> cost.Priced:
        """What the files of `infrastructure/` are filled with."""
        return cost.priced(self.design, self.package_name)

    @cached_property
    def cost(self) -> cost.Estimate:
        """What it costs to build and to run."""
        return cost.estimate(self.design)

    @cached_property
    def scenarios(self) -> tuple[quality.Scenario, ...]:
        """Quality requirements as scenarios."""
        return quality.scenarios(self.design, self.cost.monthly)

    @cached_property
    def readiness(self) -> readiness.Scorecard:
        """The ML Test Score of the design."""
        return readiness.scorecard(self.facts, self.design.decisions)

    @property
    def test_score(self) -> Source:
        """Where the ML Test Score comes from."""
        return SOURCES["MLTS"]
