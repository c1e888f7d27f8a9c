"""What the templates read: the design as the words and tables of files to be written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from . import (
    blueprint,
    decision_log,
    facts_told,
    interfaces,
    interview,
    layout,
    moving,
    records,
    schedule,
    stack_files,
    stack_runs,
)
from .decision import Decision
from .design import BY_PREFIX, Design
from .facts import Provenance
from .intake import QUESTIONS, unstated
from .phases import training
from .phases._deployment_plan import is_logged_in_postgres, is_served
from .phases._pace import arriving, label_delay, period
from .records import Record, Reference
from .stack_files import Stack
from .tables import Tables
from .text import lower_first, without_echo, words

MOST_WORDS_OF_WHY = 16
ON_TOP = {"formulation", "success_criteria", "target", "problem_type", "owner", "approver"}
"""Facts that the first page states in full."""
_CLAUSE = re.compile(r"(?<=[\w)%]; )|(?<=[\w)%][.] )(?<!Art[.] )")


class Names(NamedTuple):
    """How this project is approved and called."""

    approval: str
    """`approve` or `document`."""
    approved: str
    """`by a person` or `unattended`."""
    package_name: str
    log: str
    """The decision log."""


class Document(Tables):
    """One design, ready to be written down. Holds no rule of its own."""

    def __init__(
        self,
        design: Design,
        names: Names,
        paths: Sequence[str],
        references: Sequence[Reference],
    ) -> None:
        super().__init__(design, names.package_name)
        self.approval = names.approval
        self.approved = names.approved
        self.log = decision_log.parse(names.log)
        self._paths = paths
        self._references = references

    @cached_property
    def pipelines(self) -> tuple[blueprint.Pipeline, ...]:
        """The five pipelines, built and deferred told apart."""
        return blueprint.pipelines(self.design)

    def decision(self, name: str) -> Decision:
        """One decision by name."""
        return self.design.decisions.find(name)

    def chosen(self, prefix: str) -> tuple[Decision, ...]:
        """The decisions of one phase that had an alternative."""
        return tuple(entry for entry in self.design.of(prefix) if entry.proposal.alternatives)

    def settled(self, prefix: str) -> tuple[Decision, ...]:
        """The decisions of one phase that had none."""
        return tuple(entry for entry in self.design.of(prefix) if not entry.proposal.alternatives)

    def skipped(self, prefix: str) -> str:
        """What skipping the phase came to; empty where it was not skipped."""
        return BY_PREFIX[prefix].when_skipped if self.design.skipped(prefix) else ""

    @property
    def watched(self) -> bool:
        """Whether the project holds drift detection, monitoring and retraining."""
        return schedule.is_watched(self.design.decisions)

    @property
    def served(self) -> bool:
        """Whether the project holds a service that answers requests."""
        return is_served(self.design.decisions)

    @property
    def rolled_out(self) -> bool:
        """Whether a new version takes over in stages."""
        return self.served and self.rollout_settings.strategy != "swap"

    @property
    def promoted_by_ci(self) -> bool:
        """Whether a job of the CI promotes what a person approves."""
        return blueprint.is_promoted_by_ci(self.design)

    @property
    def promoted_by_gate(self) -> bool:
        """Whether a retraining promotes what the gate passes, without a person."""
        return self.watched and self.design["deployment_promotion"] == "automatic"

    @property
    def take_over(self) -> str:
        """The command by which a version that waits becomes the champion."""
        return "rollout advance" if self.rolled_out else "promote"

    @property
    def log_in_postgres(self) -> bool:
        """Whether the service ships its prediction log to PostgreSQL."""
        return is_logged_in_postgres(self.design.decisions)

    @property
    def on_spark(self) -> bool:
        """Whether rows are scored on Spark."""
        return blueprint.is_on_spark(self.design.decisions)

    @property
    def tracked(self) -> bool:
        """Whether each training is copied into MLflow."""
        return blueprint.is_tracked(self.design.decisions)

    @property
    def dependency_groups(self) -> tuple[str, ...]:
        """What `uv sync` installs beside the dependencies that every project has."""
        wanted = {
            "dev": True,
            "ebm": "ebm" in self.training_settings.candidates,
            "export": self.served,
            "mlflow": self.tracked,
            "postgres": self.log_in_postgres,
            "serve": self.served,
            "spark": self.on_spark,
        }
        return tuple(name for name, needed in wanted.items() if needed)

    @property
    def starter(self) -> str:
        """What starts the pipelines by itself: `cron`, `github`, or nothing."""
        return schedule.starter(self.design)

    @property
    def cron(self) -> str:
        """When one period's run starts."""
        return schedule.cron(self.design)

    @property
    def scheduled(self) -> tuple[str, ...]:
        """The commands of one period's run."""
        return schedule.commands(self.design)

    @property
    def trained_models(self) -> str:
        """The families that are trained, and what stands beside them on paper."""
        return training.trained_models(self.design.decisions)

    @cached_property
    def yours_to_add(self) -> tuple[Decision, ...]:
        """Decisions that this version of the template documents without building them."""
        return blueprint.documented_only(self.design)

    @cached_property
    def parts_to_add(self) -> tuple[str, ...]:
        """What is asked for beside the decisions, and not built."""
        return blueprint.unbuilt_parts(self.design)

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
        """A decision's name as words, without its phase: `metric`."""
        name = decision.proposal.decision
        phase, _, rest = name.partition("_")
        return words(rest if phase in BY_PREFIX else name)

    def record_of(self, name: str) -> str:
        """Where a decision's record stands."""
        return f"docs/decisions/{self._slugs[name]}.md"

    @cached_property
    def _slugs(self) -> dict[str, str]:
        return records.slugs(self.design)

    def choice(self, decision: Decision) -> str:
        """What was taken, and that it is not built."""
        return decision.label if decision.built else f"{decision.label} (yours to add)"

    def why(self, decision: Decision) -> str:
        """The first clauses of the rule's reason; the record has all of it."""
        proposal = decision.proposal
        if decision.kept:
            why = lower_first(self._argument(proposal.reason))
            held = f" Not adopted, since {decision.held}." if decision.held else ""
            return (
                f"Kept from {decision.kept}; today {proposal.value} would be proposed: {why}{held}"
            )
        if decision.differs:
            return f"Chosen by a person instead of the proposed {proposal.value}."
        return self._argument(without_echo(decision.label, proposal.reason))

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """The files in `stacks/`, one for each environment."""
        return stack_files.stacks(
            self.project_settings.name, self.facts.cloud, self.design.decisions, self.why
        )

    @property
    def environment(self) -> str:
        """Where the last step of the move leads: `production`, or `local`."""
        return self.stacks[-1].environment

    @cached_property
    def move(self) -> moving.Move:
        """What the move to the decided stack asks of a person."""
        return moving.move(self.design, self.stacks)

    @property
    def run_environments(self) -> tuple[str, ...]:
        """The environments in `configs/runs/`."""
        return stack_runs.environments(self.design.decisions)

    def run_settings(self, environment: str) -> stack_runs.RunSettings:
        """The content of a file in `configs/runs/`."""
        variable = f"{self.package_name.upper()}_ENVIRONMENT"
        return stack_runs.run_settings(self.design.decisions, environment, variable)

    @property
    def stack_groups(self) -> tuple[str, ...]:
        """The dependency groups that the stack's components ask for."""
        return stack_runs.groups(self.design.decisions)

    @property
    def stack_options(self) -> str:
        """The same as `uv sync` takes them, each after a space."""
        return "".join(f" --group {group}" for group in self.stack_groups)

    @staticmethod
    def _argument(reason: str) -> str:
        first, *rest = _CLAUSE.split(reason)
        for clause in rest:
            if len(f"{first}{clause}".split()) > MOST_WORDS_OF_WHY:
                break
            first += clause
        return f"{first.rstrip(';. ')}."

    @cached_property
    def card(self) -> tuple[tuple[str, str], ...]:
        """The summary on top: name and value of each line."""
        return interview.card(self.design)

    @cached_property
    def objections(self) -> tuple[str, ...]:
        """What the facts say against the metric that was stated, where no flag says it."""
        said = any(flag.decision in {"training_metric", "primary_metric"} for flag in self.raised)
        return () if said else training.metric_objections(self.facts)

    @cached_property
    def differences(self) -> tuple[str, ...]:
        """Facts that were stated and measured apart."""
        return tuple(
            f"{words(fact)}: {facts_told.show_value(stated)} stated, "
            f"{facts_told.show_value(measured)} measured; the measured one counts."
            for fact, stated, measured in self.facts.differing
        )

    # Context ----------------------------------------------------------------------------

    @property
    def consumer(self) -> str:
        """Who uses the predictions."""
        return interfaces.consumer(self.facts)

    @property
    def decision_time(self) -> str:
        """When they are used; empty where nobody said."""
        return interfaces.decision_time(self.facts)

    @property
    def label_delay(self) -> str:
        """The time until the truth is known."""
        return label_delay(self.facts)

    @property
    def answers_requests(self) -> bool:
        """Nothing but requests is answered: no table is written."""
        return self.design["deployment_mode"] == "realtime"

    @property
    def arriving(self) -> str:
        """How often the data come, as an adverb."""
        return arriving(self.facts)

    @property
    def period(self) -> str:
        """One period of the data as a noun."""
        return period(self.facts)

    @cached_property
    def input_schema(self) -> str:
        """The columns that come in, in a sentence."""
        return interfaces.input_schema(self.contract)

    @property
    def prediction(self) -> str:
        """The first column that is predicted."""
        return self.output_columns[len(interfaces.keys(self.contract)) + 1].name

    @cached_property
    def output_columns(self) -> tuple[interfaces.OutputColumn, ...]:
        """The columns of the predictions."""
        return interfaces.output_columns(self.contract, self.batch_inference_settings.reasons)

    # Records ----------------------------------------------------------------------------

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """One record for each decision."""
        return records.records(self, self.approved, self.log, tuple(self._references))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The references that the records cite."""
        return records.cited(self.design, self._references)

    @property
    def layout(self) -> str:
        """The directory tree of the project as it is."""
        return layout.draw(self._paths)

    @cached_property
    def known_facts(self) -> dict[Provenance, tuple[tuple[str, str], ...]]:
        """Name and value of every fact that is neither assumed nor absent, by provenance."""
        rows = [(self.facts.source(q.name), q.name) for q in QUESTIONS if q.name not in ON_TOP]
        return {
            provenance: tuple(
                (name, shown)
                for source, name in rows
                if source is provenance and (shown := self._shown(name)) != "–"
            )
            for provenance in (Provenance.measured, Provenance.stated, Provenance.derived)
        }

    @cached_property
    def assumed_facts(self) -> tuple[tuple[str, str, int], ...]:
        """Name, value and number of decisions that rest on it: what to confirm first, on top."""
        reads = Counter(
            read.fact for entry in self.design.decisions.entries for read in entry.proposal.inputs
        )
        names = [q.name for q in QUESTIONS if self.facts.source(q.name) is Provenance.assumed]
        resting = [(name, self._shown(name), reads[name]) for name in names if reads[name]]
        return tuple(sorted(resting, key=lambda row: -row[2]))

    def _shown(self, name: str) -> str:
        return facts_told.show_value(getattr(self.facts, name))

    @property
    def owed(self) -> tuple[str, ...]:
        """Legal facts that nobody stated."""
        return unstated(self.facts)
