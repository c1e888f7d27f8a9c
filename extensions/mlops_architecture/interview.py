"""What the flow says: Explain, Propose and Report as plain text for an 80-column terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from .blueprint import documented_only, pipelines, unbuilt_parts
from .cost import estimate, fits, spell
from .decision import Decision, Option
from .design import PHASES, Design, Phase
from .facts import Facts
from .facts_told import show_value
from .intake import unstated
from .mvp import deferred
from .phases import governance, training
from .phases._deployment_plan import is_served
from .phases._inputs import listed
from .red_flags import Raised, Resolution, is_waivable
from .risks import Risk, risks
from .sources import basis
from .text import heading, lower_first, sentence, wrap

MOST_RISKS_ON_TOP = 3


def destination_in_use(folder: Path, clashes: Sequence[str]) -> str:
    """The refusal to overwrite files that are already there."""
    shown = ", ".join(clashes[:8]) + (f" and {len(clashes) - 8} more" if len(clashes) > 8 else "")
    return (
        f"{folder} already holds {shown}; nothing was written. Choose another folder or a new one "
        "in it, take the document alone (-d approval=document), keep a file (--skip NAME), or "
        "replace them all (--overwrite)."
    )


def renamed_package(name: str) -> str:
    """The refusal to give a project's package another name."""
    return (
        f"-d package_name: a project keeps the name of its package, {name}, and all edits with "
        "it; for another name make another project."
    )


def opening_of(reference: str) -> str:
    """The section `In ten lines` of a reference."""
    _, _, rest = reference.partition("## In ten lines")
    return rest.partition("\n## ")[0].strip("\n")


STILL_OWED = "Write a whole sentence, please."


def objection(raised: Raised, was_owed: bool = False) -> str:
    """A flag as it is said before its answer is asked for."""
    way_out = " Owed so far: Enter leaves it so." if was_owed else ""
    return wrap(f"✗ {raised.id}  {raised.message}{way_out}", indent="  ")


def _settled(raised: Raised) -> str:
    """A flag that asks for nothing, with what became of it."""
    return wrap(f"✗ {raised.id}  {raised.message} ({_DONE[raised.resolution]})", indent="  ")


def blocked_options(refused: Iterable[Decision]) -> str:
    """Options that are blocked, with the whole objection, which the prompt would cut."""
    labels: dict[str, list[str]] = {}
    for refusal in (decision.refused for decision in refused):
        if refusal is not None:
            waiver = " A named person may waive it." if is_waivable(refusal) else ""
            said = f"{refusal.flag}  {refusal.objection}{waiver}"
            labels.setdefault(said, []).append(refusal.label)
    return "\n".join(
        wrap(f"✗ {'; '.join(names)}: {objection}", indent="  ")
        for objection, names in labels.items()
    )


_DONE = {Resolution.corrected: "corrected", Resolution.recorded: "recorded as a risk"}


def option_label(option: Option, proposed: object) -> str:
    """An option as a choice: its words, and whether it is proposed or yours to build."""
    proposal = " (proposed)" if option.value == proposed else ""
    return f"{option.label}{proposal}{'' if option.built else ' [yours to add]'}"


def opening() -> str:
    """The first lines of the conversation: what is coming, and the way out."""
    return "\n".join(
        (
            heading("MLOps architecture for tabular data"),
            wrap(
                "We design nine components of your architecture. I explain each, propose a "
                "plan from your own facts, and ask for your approval before moving on. First "
                "come the facts, then the nine phases; nothing is written before the end."
            ),
            wrap(
                "Enter takes the proposal. Where an answer contradicts another I say so and ask "
                "again; what was typed stays. Ctrl-C loses the answers: to leave early, choose "
                "Skip and take the phase up later with `copier update --trust`."
            ),
        )
    )


def explain(phase: Phase, design: Design, openings: Iterable[str]) -> str:
    """Explain and Propose of one phase: the references' ten lines, then the proposals."""
    before = PHASES[: PHASES.index(phase)][-1:]
    parts = [
        *(report(each, design) for each in before),
        heading(place(phase)),
        "\n\n".join(openings),
        _rests_on(design.of(phase.prefix)),
        "Proposed:",
    ]
    parts += [propose(decision) for decision in design.of(phase.prefix)]
    parts += [
        _settled(raised)
        for raised in design.raised
        if raised.phase == phase.prefix and raised.resolution in _DONE
    ]
    return "\n".join(parts)


def place(phase: Phase) -> str:
    """The phase among the nine, by number and title."""
    return f"[{PHASES.index(phase) + 1}/9] {phase.number}  {phase.title}"


def _rests_on(decisions: Iterable[Decision]) -> str:
    read = {entry.fact: entry for each in decisions for entry in each.proposal.inputs}
    facts = ", ".join(
        f"{fact.replace('_', ' ')} {show_value(entry.value)} ({entry.provenance})"
        for fact, entry in read.items()
    )
    return "\n" + wrap(f"This rests on: {facts or 'no fact of yours'}.", indent="  ") + "\n"


def propose(decision: Decision) -> str:
    """One proposal: what, why, and what would change it."""
    proposal = decision.proposal
    name = proposal.decision.replace("_", " ")
    lines = [wrap(f"• {name}: {decision.label}", indent="  ")]
    why = proposal.reason
    if decision.differs:
        both = f"(recorded: {decision.value}; proposed today: {proposal.value})"
        lines.append(wrap(f"  {both}", indent="  "))
        why = f"For {proposal.value}: {lower_first(why)}"
    source = basis(proposal.rule, proposal.references)
    lines.append(wrap(f"  {why} ({source})", indent="  "))
    if decision.turns:
        lines.append(wrap(f"  Changes if: {'; '.join(decision.turns)}.", indent="  "))
    return "\n".join(lines)


def adoption(decision: Decision) -> str:
    """A decision that can be adopted, as a choice: what stands, and what would."""
    name = decision.proposal.decision.replace("_", " ")
    return f"{name}: {decision.value} → {decision.proposal.value}"


def report(phase: Phase, design: Design) -> str:
    """Report of a phase just confirmed: what was decided, and what waits."""
    if design.skipped(phase.prefix):
        return wrap(f"✓ {phase.title}: skipped; {phase.when_skipped}.", indent="  ")
    decided = design.of(phase.prefix)
    changed = [entry.proposal.decision for entry in decided if entry.differs and not entry.kept]
    before = [entry.proposal.decision for entry in decided if entry.kept]
    told = f"{len(decided)} decision{'' if len(decided) == 1 else 's'} recorded"
    told += f", of them changed by you: {', '.join(changed)}" if changed else ""
    told += f"; kept, though proposed otherwise today: {', '.join(before)}" if before else ""
    return wrap(f"✓ {phase.title}: {told}.", indent="  ")


def summary(design: Design) -> str:
    """The card printed before the approval: what there is to approve, and what could go wrong."""
    lines = [wrap(f"{name:<13} {value}", indent=" " * 14) for name, value in card(design)]
    title = heading("[9/9] 2I  What there is to approve")
    biggest = [
        wrap(f"{rank}. {_told(risk)}", indent="   ")
        for rank, risk in enumerate(risks(design)[:MOST_RISKS_ON_TOP], start=1)
    ]
    return "\n".join(
        (report(PHASES[-1], design), title, *lines, "\nThe three biggest risks:", *biggest)
    )


def _told(risk: Risk) -> str:
    numbers = f": {risk.text}" if risk.text else ""
    return f"{risk.title}{numbers}. {sentence(risk.response)}"


def card(design: Design) -> tuple[tuple[str, str], ...]:
    """The design in a few lines: name and value of each."""
    facts = design.facts
    built = [pipeline.title for pipeline in pipelines(design) if pipeline.built]
    built += ["Service"] if is_served(design.decisions) else []
    later = [each.component for each in deferred(facts, design.decisions)]
    yours = [entry.proposal.decision.replace("_", " ") for entry in documented_only(design)]
    yours += unbuilt_parts(design)
    approver = governance.approver(facts, design["governance_approval"])
    return (
        ("Goal", f"{facts.problem_type} on {facts.target}, {facts.rows:,} rows"),
        ("Success", facts.success_criteria or "no number and date stated"),
        ("Level", _label(design, "maturity_level")),
        ("Mode", _label(design, "deployment_mode")),
        ("Metric", _label(design, "training_metric")),
        ("Gate", f"{_label(design, 'training_gate')}{_today(facts)}"),
        ("Models", training.trained_models(design.decisions)),
        ("Built now", ", ".join(built)),
        ("Deferred", listed(later, most=4)),
        ("Yours to add", listed(yours, most=4) or "nothing"),
        ("Cost", _cost(design)),
        ("People", f"owner: {facts.owner or 'nobody yet'}; approver: {approver}"),
        ("Owed", ", ".join(owed(design)) or "nothing"),
    )


def _today(facts: Facts) -> str:
    """What is done today, as far as it is known, for a reader of the gate."""
    if facts.baseline_kind == "none":
        return ""
    reach = "" if facts.baseline_value is None else f", said to reach {facts.baseline_value:g}"
    return f"; today: {facts.baseline_kind}{reach}"


def _cost(design: Design) -> str:
    estimated = estimate(design)
    return (
        f"{spell(estimated.weeks, 'week')} to build, {fits(estimated, design.facts)}; about "
        f"{estimated.monthly:,.0f} a month to run, at our prices"
    )


def _label(design: Design, name: str) -> str:
    return design.decisions.find(name).label


def owed(design: Design) -> tuple[str, ...]:
    """What the document owes: legal facts, and answers to objections."""
    unanswered = (each for each in design.raised if each.resolution is Resolution.owed)
    objections = (f"{each.id} ({each.decision.replace('_', ' ')})" for each in unanswered)
    return (*unstated(design.facts), *objections)
