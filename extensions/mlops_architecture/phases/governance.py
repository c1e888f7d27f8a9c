"""2G, versioning and governance: registry, stages, approval, audit, card, reproducibility."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._governance_records import (
    Duty,
    Role,
    approver,
    audit_fields,
    card_fields,
    legal_duties,
    lineage,
    mover,
    needs_human_route,
    raci,
    weighs_under_gdpr,
)
from ._inputs import inputs, listed, marked, others, spelled, taken, tiny
from ._pace import opening

__all__ = [
    "OPTIONS",
    "Duty",
    "Role",
    "approver",
    "audit_fields",
    "card_fields",
    "legal_duties",
    "lineage",
    "propose",
    "raci",
]

_COOLED = f"after {limits.H3_COOLING_HOURS} hours"
OPTIONS: dict[str, tuple[Option, ...]] = {
    "governance_registry": (
        Option(value="model_control_plane", label="ZenML's Model Control Plane"),
        Option(value="mlflow", label="MLflow's registry, for consumers outside", built=False),
        Option(value="files", label="Model files in a folder or bucket", built=False),
    ),
    "governance_approval": (
        Option(value="author", label="The author, once the gate is green"),
        Option(value="cooling_off", label=f"The author, {_COOLED} and a checklist"),
        Option(value="second_person", label="One other person"),
        Option(value="independent_review", label="The owner and an independent reviewer"),
        Option(value="afterwards", label="The gate; the approver reads its record afterwards"),
    ),
    "governance_stages": (
        Option(value="staging_production", label="None → staging → production → archived"),
    ),
    "governance_audit": (Option(value="run_record", label="A record of each run and promotion"),),
    "governance_card": (
        Option(value="generated", label="A model card, generated for each version"),
    ),
    "governance_recourse": (
        Option(value="human_route", label="A person reviews a contested decision", built=False),
        Option(value="none", label="No review route of its own"),
    ),
    "governance_reproducibility": (
        Option(value="same_seed", label="Same snapshot and seed, same predictions"),
    ),
}


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2G."""
    unattended = taken(earlier, "deployment_promotion", "manual") == "automatic"
    registry, approval = _registry(facts, earlier), _approval(facts, unattended)
    kept_in = taken(earlier, "governance_registry", registry.value)
    moves = mover(facts, taken(earlier, "governance_approval", approval.value))
    return (
        registry,
        approval,
        _stages(facts, kept_in, moves),
        _audit(facts),
        _card(facts),
        _recourse(facts),
        _reproducibility(facts),
    )


def _registry(facts: Facts, earlier: Decisions) -> Proposal:
    """Rules H1 and H2: MLflow only where it already runs and is the tracker, which it needs."""
    running = "mlflow" in {tool.casefold() for tool in facts.existing_tools}
    tracker = taken(earlier, "training_tracker", "zenml")
    value = "mlflow" if running and tracker == "mlflow" else "model_control_plane"
    tools = listed(facts.existing_tools) or "nothing else"
    return Proposal(
        decision="governance_registry",
        value=value,
        reason=(
            f"MLflow's registry: you run {tools} and track there, so whoever loads "
            f"the model of {facts.target} from it goes on doing so."
            if value == "mlflow"
            else f"The Model Control Plane: already there with the lineage, and nobody outside "
            f"ZenML is said to load the model of {facts.target}."
        ),
        rule="H2" if value == "mlflow" else "H1",
        references=("MLFLOW",) if value == "mlflow" else ("ZEN",),
        alternatives=others(
            OPTIONS["governance_registry"],
            value,
            {
                "model_control_plane": f"Those who load models through {tools} would not find it.",
                "mlflow": "A second registry has to agree with the first"
                + ("." if tracker == "mlflow" else f"; it needs MLflow's tracker, not {tracker}."),
                "files": f"A pickle runs code when opened, and no file says who approved "
                f"{facts.target}.",
            },
        ),
        changes_if=(
            ("nobody outside ZenML loads models any more",)
            if value == "mlflow"
            else ("consumers outside ZenML load models",)
        ),
        inputs=inputs(facts, "existing_tools", "target"),
    )


def _approval(facts: Facts, unattended: bool) -> Proposal:
    """Rule H3: by impact and regulation; alone, sleep over it; F4 promotes without a person."""
    value = _approval_value(facts, unattended)
    impact = marked(facts, "impact", f"{facts.impact} impact")
    grave = f"{impact}, {listed(facts.regulations)}" if facts.regulated else impact
    author = opening(facts.approver or facts.owner or "the author")
    owner = opening(facts.owner or "the author")
    return Proposal(
        decision="governance_approval",
        value=value,
        reason={
            "author": f"{author} approves, once the gate is green: {impact} in a team of "
            f"{facts.team_size}, no regime that asks for more.",
            "cooling_off": f"{author} approves {_COOLED}, with a checklist: {impact}, and "
            "nobody else in a team of one.",
            "second_person": f"One other person of {facts.team_size} approves: {impact}.",
            "independent_review": f"{owner} and a reviewer outside development, both recorded: "
            f"{grave}, a team of {facts.team_size}.{_reviewer_missing(facts)}",
            "afterwards": f"The gate promotes without waiting for one of {facts.team_size} "
            f"people; {author} reads its record afterwards: {impact}.",
        }[value],
        rule="H3",
        references=("SR262",) if value == "independent_review" else (),
        alternatives=others(
            OPTIONS["governance_approval"],
            value,
            _approval_why_not(facts, unattended, impact, grave),
        ),
        changes_if=(
            ("impact falls, and no regulation applies",)
            if value == "independent_review"
            else ("impact rises", "a second person joins")
            if value == "cooling_off"
            else ("a person promotes again",)
            if value == "afterwards"
            else ("impact rises", "a regulation applies")
        ),
        inputs=inputs(facts, "impact", "regulated", "team_size", "owner", "approver"),
    )


def _approval_why_not(
    facts: Facts, unattended: bool, impact: str, grave: str
) -> dict[str | int, str]:
    if unattended and not (facts.impact == "high" or facts.regulated):
        return dict.fromkeys(
            ("author", "cooling_off", "second_person", "independent_review"),
            "The gate promotes and waits for nobody.",
        )
    alone = facts.team_size <= 1
    needs_more = facts.impact == "high" or facts.regulated
    return {
        "author": f"With {grave} nobody approves their own work at once.",
        "cooling_off": f"A pause is no review: {grave}."
        if needs_more
        else f"{impact.capitalize()}: nothing to sleep over."
        if facts.impact == "low"
        else f"A team of {facts.team_size} has a colleague who can look.",
        "second_person": f"A colleague is not independent of development: {grave}."
        if needs_more
        else "A team of one has no second person."
        if alone
        else f"{impact.capitalize()} does not pay for a second pair of eyes.",
        "independent_review": f"{impact.capitalize()} does not pay for a reviewer from outside.",
        "afterwards": f"With {grave} somebody looks before."
        if needs_more
        else "Nothing is promoted without a person here.",
    }


def _approval_value(facts: Facts, unattended: bool) -> str:
    if facts.impact == "high" or facts.regulated:
        return "independent_review"
    if unattended:
        return "afterwards"
    if facts.impact == "medium":
        return "second_person" if facts.team_size > 1 else "cooling_off"
    return "author"


def _reviewer_missing(facts: Facts) -> str:
    named = facts.approver and facts.approver != facts.owner
    return "" if named else " The reviewer is still to be named."


def _stages(facts: Facts, registry: str | int, moves: str) -> Proposal:
    """Rule H2: stages in ZenML, moved by whom H3 names; in MLflow they are deprecated."""
    return Proposal(
        decision="governance_stages",
        value="staging_production",
        reason=(
            f"In MLflow the aliases champion and challenger stand for production and staging: "
            f"its stages are deprecated since 2.9. {opening(moves)} moves them."
            if registry == "mlflow"
            else f"None, staging, production, archived: {moves} moves a version of the "
            f"{facts.target} model along, and the way back is the same command."
        ),
        rule="H2",
        references=("MLFLOW",) if registry == "mlflow" else ("ZEN",),
        inputs=inputs(facts, "owner", "approver", "target"),
    )


def _audit(facts: Facts) -> Proposal:
    """Rule H4: always, with what the law adds."""
    duties = [duty.regime for duty in legal_duties(facts) if duty.owed]
    law = f" Asked for by {listed(duties)}." if duties else ""
    return Proposal(
        decision="governance_audit",
        value="run_record",
        reason=(
            f"An audit asks {len(audit_fields())} fields of each run and promotion, to answer what "
            f"decided on {facts.target} on any day.{law}"
        ),
        rule="H4",
        references=("MLTS", *dict.fromkeys(duty.source for duty in legal_duties(facts))),
        inputs=inputs(facts, "regulations", "impact", "decision_mode", "personal_data", "use_case"),
    )


def _card(facts: Facts) -> Proposal:
    """Rule H6: generated, never copied by hand."""
    owner = facts.owner or "nobody yet"
    return Proposal(
        decision="governance_card",
        value="generated",
        reason=(
            f"One page for each version: what {facts.target} is predicted for and not for, the "
            f"{facts.rows:,} rows, metrics by slice, limits, owner ({owner}). Never copied by "
            "hand."
        ),
        rule="H6",
        references=("MITCH",),
        inputs=inputs(facts, "owner", "rows", "target"),
    )


def _recourse(facts: Facts) -> Proposal:
    """Rule H10: a human route where a machine decides with legal or similar effect."""
    owed, heavy = needs_human_route(facts), weighs_under_gdpr(facts)
    how = f"{facts.decision_mode.replace('_', ' ')} decisions of {facts.impact} impact"
    return Proposal(
        decision="governance_recourse",
        value="human_route" if owed else "none",
        reason=(
            f"Personal data and {how} under the GDPR: a person reviews, a channel to contest, the "
            "logic explained (Art. 22)."
            if owed
            else f"{opening(how)}: while a person really decides, Art. 22 asks for no review route "
            "of its own; a score that they rely on heavily counts as the decision (C-634/21)."
            if heavy
            else f"{opening(how)}, personal data {facts.personal_data.replace('_', ' ')}: Art. 22 "
            "asks for no review route of its own."
        ),
        rule="H10",
        references=("GDPR",),
        alternatives=others(
            OPTIONS["governance_recourse"],
            "human_route" if owed else "none",
            {
                "human_route": f"Owed only once the score is heavily relied on: {how}."
                if heavy
                else f"Nobody is owed one by law: {how}.",
                "none": f"Unlawful for {how} on personal data.",
            },
        ),
        changes_if=(
            ("a person really decides each case",)
            if owed
            else ("people rely heavily on the score: it then counts as the decision",)
            if heavy
            else ("the model decides alone about people, with weight",)
        ),
        inputs=inputs(facts, "decision_mode", "impact", "personal_data", "regulations"),
    )


def _reproducibility(facts: Facts) -> Proposal:
    """Rule H7: two trainings on one snapshot and seed agree."""
    return Proposal(
        decision="governance_reproducibility",
        value="same_seed",
        reason=(
            f"Two trainings on the same snapshot ({facts.rows:,} rows) and seed give predictions "
            f"that differ by less than {tiny(limits.H7_DIFFERENCE)}, or, with threads, metrics "
            f"within {spelled(limits.H7_STANDARD_ERRORS)} standard error."
        ),
        rule="H7",
        references=("MLTS",),
        inputs=inputs(facts, "rows"),
    )
