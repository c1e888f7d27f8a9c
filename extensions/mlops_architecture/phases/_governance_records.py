"""Rules H4 to H6 and H8 to H11 as data: what is recorded, who answers, which law asks what."""

from __future__ import annotations

from typing import NamedTuple

from .. import limits
from ..decision import Decisions
from ..facts import Facts


class Duty(NamedTuple):
    """What a law or supervisor asks of this model, and since when."""

    regime: str
    duty: str
    rule: str
    source: str


class Role(NamedTuple):
    """One line of the RACI table."""

    activity: str
    responsible: str
    accountable: str
    consulted: str
    informed: str


def audit_fields() -> tuple[str, ...]:
    """Rule H4: what one line must hold to answer "what was live on that day"."""
    return (
        "model version",
        "stage changes (who, when, why)",
        "git commit and whether files were changed",
        "lockfile hash",
        "data snapshot id, hash, row count and time range",
        "query text",
        "feature list",
        "parameters",
        "seed",
        "library versions",
        "metrics with intervals and slices",
        "baseline compared",
        "threshold",
        "calibration",
        "approver",
        "gate report hash",
        "deploy time",
        "previous version",
        "retirement reason",
    )


def lineage(facts: Facts) -> tuple[str, ...]:
    """Rule H5: how a prediction is traced back to its rows."""
    key = facts.entity_key or "the row identifier"
    return (
        "ZenML's run graph holds every step and artifact of a run",
        "the snapshot's id and hash stand in the metadata of each model version",
        f"each prediction carries its model version, beside {key}",
    )


def card_fields(facts: Facts) -> tuple[str, ...]:
    """Rule H6: the one page that is generated for each model version."""
    use = facts.formulation or f"predicts {facts.target}"
    return (
        f"intended use: {use}",
        "not for: any other decision",
        f"data: {facts.rows:,} rows, their time range and hash",
        "metrics with intervals, over all rows and by slice",
        "limits and known failures",
        f"owner: {facts.owner or 'still to be named'}",
    )


def raci(facts: Facts, decisions: Decisions) -> tuple[Role, ...]:
    """Who does, answers for, is asked about and is told of each activity."""
    owner = facts.owner or "owner (to be named)"
    approver = {
        "author": owner,
        "cooling_off": f"{owner}, after {limits.H3_COOLING_HOURS} hours",
        "second_person": _second(facts, "a second person (to be named)"),
        "independent_review": _second(facts, "an independent reviewer (to be named)"),
    }[str(decisions["governance_approval"])]
    team = "the team" if facts.team_size > 1 else owner
    source = facts.data_location.replace("_", " ")
    return (
        Role("training and evaluation", team, owner, approver, "consumers"),
        Role("promotion", owner, approver, team, "consumers"),
        Role("incidents and rollback", owner, owner, team, f"{approver}, consumers"),
        Role(f"the data ({source})", "data owner (to be named)", "data owner", team, owner),
    )


def _second(facts: Facts, otherwise: str) -> str:
    return facts.approver if facts.approver and facts.approver != facts.owner else otherwise


def legal_duties(facts: Facts) -> tuple[Duty, ...]:
    """Rules H8 to H11: only those that these facts call for."""
    laws = set(facts.regulations)
    rows = []
    if facts.eu_high_risk:
        rows.append(
            Duty(
                "EU AI Act, high risk",
                f"{facts.use_case} falls under Annex III: risk management to accuracy (Arts. "
                "9–15), an Annex IV file, automatic event logs kept "
                f"{limits.H8_LOG_MONTHS} months at least, human oversight, documentation kept "
                f"{limits.H8_YEARS} years. Applies from 2 December 2027, unless counsel says it "
                "is not Annex III",
                "H8",
                "AIA",
            )
        )
    if "sr26_2" in laws:
        rows.append(
            Duty(
                "US bank supervision, SR 26-2",
                "an entry in the inventory with its materiality tier, validation independent of "
                "development, outcomes analysis; SR 26-2 replaced SR 11-7 on 17 April 2026 and "
                f"is aimed at banks above {limits.H9_BILLION_DOLLARS} billion dollars",
                "H9",
                "SR262",
            )
        )
    if needs_human_route(facts):
        rows.append(
            Duty(
                "GDPR, Article 22",
                "a review by a person, a channel to contest, an explanation of the logic and a "
                "DPIA; a score that others rely on heavily counts as the decision (C-634/21)",
                "H10",
                "GDPR",
            )
        )
    if "ecoa" in laws:
        rows.append(
            Duty(
                "US credit, Regulation B",
                "no protected basis among the features, specific reasons for each denial, the "
                f"file kept {limits.H11_MONTHS} months",
                "H11",
                "REGB",
            )
        )
    return tuple(rows)


def needs_human_route(facts: Facts) -> bool:
    """Rule H10: personal data, decided by a machine, with legal or similar effect."""
    return (
        "gdpr" in facts.regulations
        and facts.personal_data != "none"
        and facts.decision_mode == "automated"
        and facts.impact == "high"
    )
