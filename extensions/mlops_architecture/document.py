"""What the templates read: the design as the words and tables of files to be written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from . import blueprint, configuration, decision_log, interview, layout, mvp, zenml_stack
from .contract import Contract, make_contract
from .decision import Decision
from .design import Design
from .facts import Facts, Provenance
from .intake import QUESTIONS, owed
from .phases import data, deployment, feature, governance, monitoring, training
from .sources import SOURCES, Source


class Document:
    """One design, ready to be written down. Holds no rule of its own."""

    def __init__(
        self, design: Design, approval: str, package_name: str, paths: Sequence[str]
    ) -> None:
        self.design = design
        self.approval = approval
        self.package_name = package_name
        self._paths = paths

    @property
    def facts(self) -> Facts:
        """The facts that everything rests on."""
        return self.design.facts

    @cached_property
    def contract(self) -> Contract:
        """The content of `data/contract.yaml`."""
        return make_contract(self.facts, str(self.design["data_gates"]))

    @cached_property
    def project_settings(self) -> configuration.ProjectSettings:
        """The content of `configs/project.yaml`."""
        return configuration.project_settings(self.facts, self.package_name)

    @cached_property
    def training_settings(self) -> configuration.TrainingSettings:
        """The content of `configs/training.yaml`."""
        return configuration.training_settings(self.design)

    @cached_property
    def batch_inference_settings(self) -> configuration.BatchInferenceSettings:
        """The content of `configs/batch_inference.yaml`."""
        return configuration.BatchInferenceSettings()

    @property
    def local_stack(self) -> configuration.Stack:
        """The content of `stacks/local.yaml`."""
        return configuration.local_stack()

    @cached_property
    def pipelines(self) -> tuple[blueprint.Pipeline, ...]:
        """The five pipelines, built and deferred told apart."""
        return blueprint.pipelines(self.design)

    def decision(self, name: str) -> Decision:
        """One decision by name."""
        return self.design.decisions.find(name)

    def decisions(self, prefix: str) -> tuple[Decision, ...]:
        """The decisions of one phase."""
        return self.design.of(prefix)

    def skipped(self, prefix: str) -> bool:
        """Whether the phase was skipped."""
        return self.design.skipped(prefix)

    @cached_property
    def yours_to_add(self) -> tuple[Decision, ...]:
        """Decisions that this version of the template documents without building them."""
        return blueprint.documented_only(self.design)

    # Words ------------------------------------------------------------------------------

    @property
    def goal(self) -> str:
        """What is predicted and why, in one sentence."""
        return self.facts.formulation or (
            f"Predict {self.facts.target} ({self.facts.problem_type}) from one row of "
            f"{self.table_name}."
        )

    @property
    def description(self) -> str:
        """One line for `pyproject.toml`."""
        return f"Predicts {self.facts.target} ({self.facts.problem_type}) with ZenML."

    @property
    def table_name(self) -> str:
        """The table's name, or that it is synthetic."""
        profile = self.facts.profile
        return profile.source if profile else "a synthetic table drawn from data/contract.yaml"

    def name(self, decision: Decision) -> str:
        """A decision's name as words."""
        return decision.proposal.decision.replace("_", " ")

    def choice(self, decision: Decision) -> str:
        """What was taken, and that it was changed or is not built."""
        return decision.label if decision.built else f"{decision.label} (yours to add)"

    def why(self, decision: Decision) -> str:
        """The rule's reason; where a person took something else, what was proposed."""
        if not decision.differs:
            return decision.proposal.reason
        return (
            f"Chosen by a person instead of the proposed {decision.proposal.value}, of which the "
            f"rule says: {decision.proposal.reason}"
        )

    def basis(self, decision: Decision) -> str:
        """The rule behind a decision, and its sources; a rule without one is our judgement."""
        proposal = decision.proposal
        return f"{proposal.rule}: {', '.join(proposal.references) or 'judgement'}"

    @cached_property
    def card(self) -> tuple[tuple[str, str], ...]:
        """The summary on top: name and value of each line."""
        return interview.card(self.design)

    @cached_property
    def objections(self) -> tuple[str, ...]:
        """What the facts say against what was stated: the metric, and numbers that differ."""
        return (*training.metric_objections(self.facts), *self._differences())

    def _differences(self) -> tuple[str, ...]:
        return tuple(
            f"{fact.replace('_', ' ')}: {interview.show_value(stated)} stated, "
            f"{interview.show_value(measured)} measured; the measured one counts."
            for fact, stated, measured in self.facts.differing
        )

    # Tables -----------------------------------------------------------------------------

    @property
    def gates(self) -> tuple[data.GateRow, ...]:
        """What the data gates check."""
        return data.gate_rows()

    @property
    def retention(self) -> tuple[data.Retention, ...]:
        """How long each kind of record is kept."""
        return data.retention(self.facts)

    @cached_property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Columns that never become features, with the reason."""
        return feature.excluded_columns(self.facts)

    @property
    def checks(self) -> tuple[training.Check, ...]:
        """What every evaluation checks besides its metric."""
        return training.evaluation_checks(self.facts)

    @property
    def capacity_plan(self) -> tuple[str, ...]:
        """How much the deployment has to carry."""
        return deployment.capacity_plan(self.facts, self.design.decisions)

    @property
    def watch_plan(self) -> tuple[str, ...]:
        """What is watched, and what follows from it."""
        decisions = self.design.decisions
        return (
            *monitoring.drift_plan(self.facts),
            *monitoring.quality_plan(self.facts, decisions),
            *monitoring.retraining_plan(self.facts, decisions),
            *monitoring.alert_policy(self.facts),
        )

    @property
    def roles(self) -> tuple[governance.Role, ...]:
        """Who does, answers for, is asked and is told."""
        return governance.raci(self.facts, self.design.decisions)

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
    def audit_fields(self) -> tuple[str, ...]:
        """What each model version records."""
        return governance.audit_fields()

    @property
    def duties(self) -> tuple[governance.Duty, ...]:
        """What the law asks, where it applies."""
        return governance.legal_duties(self.facts)

    @cached_property
    def stack_table(self) -> tuple[zenml_stack.StackRow, ...]:
        """The nine slots with choice and reason."""
        return zenml_stack.stack_table(self.facts, self.design.decisions)

    @cached_property
    def not_included(self) -> tuple[zenml_stack.NotIncluded, ...]:
        """Slots left empty, and why."""
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
    def layout(self) -> str:
        """The directory tree of the project as it is."""
        return layout.draw(self._paths)

    @cached_property
    def fact_rows(self) -> tuple[tuple[str, str, Provenance], ...]:
        """Every fact with its value and provenance."""
        return tuple(
            (
                question.name,
                interview.show_value(getattr(self.facts, question.name)),
                self.facts.source(question.name),
            )
            for question in QUESTIONS
        )

    @property
    def owed(self) -> tuple[str, ...]:
        """Legal facts that nobody stated."""
        return owed(self.facts)

    @cached_property
    def sources(self) -> tuple[tuple[str, Source], ...]:
        """The sources that the decisions cite, by key."""
        cited = {
            key for entry in self.design.decisions.entries for key in entry.proposal.references
        }
        return tuple((key, SOURCES[key]) for key in sorted(cited))

    def log(self, recorded: str) -> tuple[decision_log.Entry, ...]:
        """The entries of the decision log."""
        return decision_log.parse(recorded)
