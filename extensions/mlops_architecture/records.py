"""Decision records: one short page for each decision, and the references that they cite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import decision_log
from .consequences import WATCHING, consequence
from .decision import Decision, Frozen, Proposal
from .design import PHASES, Design, Phase, options
from .facts_told import show_value
from .files import Files
from .phases import data, deployment, governance, monitoring, training
from .phases.feature import excluded_columns
from .promises import promises
from .red_flags import Raised, Resolution
from .risks import became
from .schedule import is_watched
from .sources import SOURCES, Source, unsourced
from .text import without_echo, words
from .zenml_stack import SLOTS, not_included

_IN_WORDS = {
    "n_positive": "cases of the rarer class", "n_numeric": "numeric columns",
    "n_categorical": "categorical columns", "n_models": "models", "peak_rps": "peak requests/s",
}  # fmt: skip
"""Facts whose name is no words."""
_INFORMS = re.compile(r"^## Decisions it informs\n(.*?)(?=^## |\Z)", re.M | re.S)

RECORDED_IN = {
    "primary_metric": "training_metric", "baseline_kind": "training_baseline",
    "baseline_value": "training_baseline", "success_criteria": "training_gate",
    "test positives": "training_test_share", "leaking columns": "feature_selection",
    "doubtful columns": "feature_selection", "protected columns": "feature_selection",
    "save_rate": "training_threshold", "data_size_gb": "data_engine",
    "owner": "governance_approval", "monitoring_plan": "monitoring_drift",
    "skipped phases": "maturity_level", "optional components": "maturity_level",
}  # fmt: skip
"""Objections to a fact, and the decision whose record tells of them."""


class Reference(Frozen):
    """A reference as the project keeps it; `informs` are the decisions that it explains."""

    name: str
    title: str
    text: str
    informs: frozenset[str]


class Superseded(Frozen):
    """What was decided before, and what took its place."""

    label: str
    until: str
    """The day of the change."""
    by: str
    reason: str


class Record(Frozen):
    """One decision as its page tells it. Texts are plain; `consequence` alone is Markdown."""

    slug: str
    title: str
    number: str
    phase: str
    status: str
    choice: str
    reason: str
    instead: str
    """What is proposed where something else stands; empty where the proposal does."""
    rule: str
    context: tuple[tuple[str, str, str], ...]
    """Name, value and provenance of each fact that was read."""
    objections: tuple[tuple[str, str], ...]
    """What was objected, and what became of it."""
    alternatives: tuple[tuple[str, str], ...]
    consequence: str
    promises: tuple[tuple[str, str], ...]
    """Files of `configs/`, each with the key and value that hold the decision."""
    details: tuple[str, ...]
    gates: tuple[data.GateRow, ...]
    turns: tuple[str, ...]
    superseded: tuple[Superseded, ...]
    references: tuple[Reference, ...]
    sources: tuple[tuple[str, Source], ...]

    @property
    def unsourced(self) -> str:
        """What stands behind a rule without a source; empty where there is one."""
        return "" if self.sources else unsourced(self.rule)


def read_reference(path: str, text: str) -> Reference:
    """A reference from its path below `references/` (`capabilities/data-quality`) and its text."""
    section = _INFORMS.search(text)
    return Reference(
        name=path.rpartition("/")[2],
        title=text.partition("\n")[0].removeprefix("# "),
        text=text.rstrip("\n"),
        informs=frozenset(re.findall(r"`(\w+)`", section[1] if section else "")),
    )


def cited(design: Design, references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references that explain a decision of a phase that was not skipped."""
    decided = {
        entry.proposal.decision
        for phase in PHASES
        if not design.skipped(phase.prefix)
        for entry in design.of(phase.prefix)
    }
    return tuple(reference for reference in references if decided & reference.informs)


def slug(phase: Phase, name: str) -> str:
    """A decision's file name without its suffix: `2d_training_metric`."""
    return f"{phase.number.lower()}_{name}"


def slugs(design: Design) -> dict[str, str]:
    """The file name of each decision's record."""
    return {
        entry.proposal.decision: slug(phase, entry.proposal.decision)
        for phase in PHASES
        for entry in design.of(phase.prefix)
    }


def records(
    files: Files,
    approved: str,
    log: Sequence[decision_log.Entry],
    references: Sequence[Reference],
) -> tuple[Record, ...]:
    """One record for each decision, in the order of the phases."""
    design, kept = files.design, cited(files.design, references)
    return tuple(
        _record(files, phase, decision, approved, log, kept)
        for phase in PHASES
        for decision in design.of(phase.prefix)
    )


def _record(
    files: Files,
    phase: Phase,
    decision: Decision,
    approved: str,
    log: Sequence[decision_log.Entry],
    references: Sequence[Reference],
) -> Record:
    design, proposal = files.design, decision.proposal
    labels = {o.value: o.label for o in options(phase.prefix, proposal.decision, design.facts)}
    raised = [
        flag
        for flag in design.raised
        if RECORDED_IN.get(flag.decision, flag.decision) == proposal.decision
    ]
    skipped = design.skipped(phase.prefix)
    return Record(
        slug=slug(phase, proposal.decision),
        title=words(proposal.decision),
        number=phase.number,
        phase=phase.title,
        status=_status(decision, skipped, raised, approved, _is_named(proposal.decision, log)),
        choice=decision.label,
        reason=_against(decision)
        if decision.differs
        else without_echo(decision.label, proposal.reason),
        instead=_proposed(labels[proposal.value], proposal.reason) if decision.differs else "",
        rule=proposal.rule,
        context=tuple(
            (_IN_WORDS.get(read.fact, words(read.fact)), _value(read.value), str(read.provenance))
            for read in proposal.inputs
        ),
        objections=tuple((flag.message, became(flag)) for flag in raised),
        alternatives=tuple(
            (labels[other.value], other.why_not)
            for other in proposal.alternatives
            if other.value != decision.value and other.value in labels
        ),
        consequence=consequence(decision, files.package_name, is_watched(design.decisions)),
        promises=promises(proposal.decision, files.configs),
        details=() if skipped else (*_details(design, decision), *_slot(design, decision)),
        gates=data.gate_rows(design.facts) if proposal.decision == "data_gates" else (),
        turns=decision.turns,
        superseded=_superseded(proposal.decision, log, labels),
        references=tuple(r for r in references if proposal.decision in r.informs),
        sources=tuple((key, SOURCES[key]) for key in proposal.references),
    )


def _is_named(name: str, log: Sequence[decision_log.Entry]) -> bool:
    last = next((entry for entry in reversed(log) if entry.decision == name), None)
    return last is not None and last.by == "person"


def _proposed(label: str, reason: str) -> str:
    return f"{label}: {without_echo(label, reason)}"


def _superseded(
    name: str, log: Sequence[decision_log.Entry], labels: Mapping[str | int, str]
) -> tuple[Superseded, ...]:
    """What the decision called `name` was before, newest first; a value that left has no label."""
    known = {str(value): label for value, label in labels.items()}
    changed = [entry for entry in log if entry.decision == name and entry.changes]
    return tuple(
        Superseded(
            label=known.get(entry.before, entry.before),
            until=entry.date,
            by=known.get(entry.after, entry.after),
            reason=entry.reason,
        )
        for entry in reversed(changed)
    )


def _value(value: object) -> str:
    shown = show_value(value)
    return "none" if shown == "–" else shown


def _status(
    decision: Decision, skipped: bool, raised: Sequence[Raised], approved: str, named: bool
) -> str:
    if skipped:
        left_out = decision.proposal.decision in WATCHING
        what = "left out for now" if left_out else "a safe default"
        return f"{what}, unreviewed because the phase was skipped"
    if decision.refused:
        return f"corrected, {decision.refused.label} was asked for and is blocked"
    if any(flag.resolution is Resolution.corrected for flag in raised):
        return "corrected by an objection, quoted below"
    if decision.kept:
        return f"kept from {decision.kept}, when it was proposed; nobody chose it against the rule"
    if decision.differs:
        return "chosen by a person"
    return "chosen by a person, as proposed" if named else f"accepted as proposed, {approved}"


def _against(decision: Decision) -> str:
    """What the rule says of the option that stands instead of the proposal."""
    said: Proposal = decision.proposal
    return next((other.why_not for other in said.alternatives if other.value == decision.value), "")


def _details(design: Design, decision: Decision) -> tuple[str, ...]:
    """What the rules add to a decision: its limits, conditions, steps."""
    facts, decisions, value = design.facts, design.decisions, decision.value
    match decision.proposal.decision:
        case "data_retention_months":
            kept = (
                f"{row.record}: {row.months} months, {row.duty}" for row in data.retention(facts)
            )
            return (*kept, *data.erasure_path(facts))
        case "feature_selection":
            return tuple(f"Left out: {name} ({why})" for name, why in excluded_columns(facts)[:12])
        case "training_gate":
            return tuple(
                f"{check.name}: {check.limit}{'' if check.built else ' (yours to add)'}"
                for check in training.evaluation_checks(facts)
            )
        case "training_candidates" if facts.explains_each_decision:
            return training.reasons_given(facts, deployment.is_served(decisions))
        case "deployment_mode":
            logged = ", ".join(deployment.prediction_log_fields(facts))
            return (
                *deployment.capacity_plan(facts, decisions),
                f"What a log of the predictions has to hold: {logged}.",
            )
        case "deployment_serving" if deployment.is_served(decisions):
            return (
                "A model that ONNX cannot say, an EBM or one with features of your own, is served "
                "as the scikit-learn object; training and status say which.",
            )
        case "deployment_promotion":
            return deployment.promotion_conditions(facts, decisions)
        case "deployment_rollback":
            return deployment.rollback_ladder(facts, decisions)
        case "monitoring_drift":
            return monitoring.drift_plan(facts) if value != "none" else ()
        case "monitoring_performance":
            return monitoring.quality_plan(facts, decisions)
        case "monitoring_retrain_days":
            return monitoring.retraining_plan(facts, decisions)
        case "monitoring_alerts":
            return monitoring.alert_policy(facts) if value != "none" else ()
        case "governance_registry":
            return governance.lineage(facts)
        case "governance_audit":
            return (f"An audit asks for {', '.join(governance.audit_fields())}.",)
    return ()


def _slot(design: Design, decision: Decision) -> tuple[str, ...]:
    """Why a slot of the stack stays empty, and when to fill it."""
    name = {slot.decision: slot.name for slot in SLOTS}.get(decision.proposal.decision)
    rows = not_included(design.facts, design.decisions)
    return tuple(row.why for row in rows if row.component == name)
