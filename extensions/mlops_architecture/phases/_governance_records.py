"""Rules H4 to H6 and H8 to H11 as data: what is recorded, who answers, which law asks what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ._data_duties import owes_erasure, retention
from ._inputs import counted, marked, percent
from ._pace import label_delay


class Duty(NamedTuple):
    """What a law or supervisor asks of this model, and since when."""

    regime: str
    duty: str
    rule: str
    source: str
    owed: bool = True
    """False where the facts say that the regime asks for nothing, unless counsel says otherwise."""


class Role(NamedTuple):
    """One line of the RACI table."""

    activity: str
    responsible: str
    accountable: str
    consulted: str
    informed: str


_UNNAMED = {
    "second_person": "a second person (to be named)",
    "independent_review": "an independent reviewer (to be named)",
}
"""Who approves where it may not be the owner, and nobody else is named."""


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
        "the snapshot's hash stands in the metadata of each model version",
        f"each prediction carries its model version, beside {key}",
    )


def card_fields(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Rule H6: what a model card says before any model is measured: name and text."""
    decides = {
        "advisory": "a person, who also sees the score",
        "human_in_loop": "a person, who confirms each case",
        "automated": "the machine",
    }[facts.decision_mode]
    profile = facts.profile
    source = profile.source if profile else "a synthetic table"
    times = (
        f", from {profile.first_event} to {profile.last_event}"
        if profile and profile.first_event
        else ""
    )
    rate = facts.positive_rate
    share = (
        "" if rate is None else f", {marked(facts, 'positive_rate', f'{percent(rate)} of them')}"
    )
    return (
        ("Intended use", facts.formulation or f"predicts {facts.target}"),
        ("Not for", f"any decision but the one on {facts.target} named above"),
        (
            "Decided by",
            f"{marked(facts, 'decision_mode', decides)}; "
            f"{marked(facts, 'impact', f'{facts.impact} impact')}",
        ),
        ("Data", f"{source}: {marked(facts, 'rows', counted(facts.rows, 'row'))}{times}"),
        ("Target", f"{facts.target}{share}, known after {label_delay(facts)}"),
        ("Owner", facts.owner or "still to be named"),
    )


def raci(facts: Facts, decisions: Decisions) -> tuple[Role, ...]:
    """Who does, answers for, is asked about and is told of each activity."""
    owner = facts.owner or "the owner (to be named)"
    approval = decisions["governance_approval"]
    pause = f", after {limits.H3_COOLING_HOURS} hours" if approval == "cooling_off" else ""
    promotes = f"{approver(facts, approval)}{pause}"
    team = "the team" if facts.team_size > 1 else owner
    asked, asks = (owner, promotes) if approval == "afterwards" else (promotes, team)
    source = facts.data_location.replace("_", " ")
    return (
        Role("training and evaluation", team, owner, asked, "consumers"),
        Role("promotion", mover(facts, approval) + pause, promotes, asks, "consumers"),
        Role("incidents and rollback", owner, owner, team, f"{promotes}, consumers"),
        Role(f"the data ({source})", "data owner (to be named)", "data owner", team, owner),
    )


def approver(facts: Facts, approval: str | int) -> str:
    """Rule H3: who says yes to a promotion, by name where one is known."""
    if approval in _UNNAMED:
        other = facts.approver if facts.approver != facts.owner else ""
        return other or _UNNAMED[str(approval)]
    return facts.approver or facts.owner or "the owner (to be named)"


def mover(facts: Facts, approval: str | int) -> str:
    """Rules F4 and H3: who or what moves a version into production."""
    return "the gate" if approval == "afterwards" else approver(facts, approval)


def legal_duties(facts: Facts) -> tuple[Duty, ...]:
    """Rules C6 to C8 and H8 to H11: only those that these facts call for."""
    laws = set(facts.regulations)
    rows = list(_duties_on_data(facts, laws))
    if "eu_ai_act" in laws:
        rows.append(_ai_act(facts))
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
                "GDPR Article 22",
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


def _ai_act(facts: Facts) -> Duty:
    """Rule H8: what Annex III asks, or why this is taken to be outside it."""
    if facts.eu_high_risk:
        use = "emergency triage" if facts.emergency_triage else facts.use_case
        return Duty(
            "EU AI Act, high risk",
            f"{use} falls under Annex III: risk management to accuracy (Arts. "
            "9–15), an Annex IV file, automatic event logs kept "
            f"{limits.H8_LOG_MONTHS} months at least, human oversight, documentation kept "
            f"{limits.H8_YEARS} years. Applies from 2 December 2027, unless counsel says it "
            "is not Annex III",
            "H8",
            "AIA",
        )
    why = {
        "fraud": "Annex III excepts the detection of fraud",
        "health": "of health, Annex III names emergency triage and insurance; a medical device "
        "can be high-risk too (Art. 6(1))",
        "other": "nobody named a use of Annex III, such as hiring, education, credit, insurance or "
        "emergency triage (-d use_case=NAME)",
    }.get(facts.use_case, f"Annex III does not name {facts.use_case}")
    return Duty(
        "EU AI Act",
        f"not classed as high-risk, because {why}; counsel decides",
        "H8",
        "AIA",
        owed=False,
    )


def _duties_on_data(facts: Facts, laws: set[str]) -> Iterator[Duty]:
    """Rules C6 to C8: what is owed to the people in the rows, whatever the model decides."""
    if owes_erasure(facts):
        special = facts.personal_data == "special_or_phi"
        months = next(row.months for row in retention(facts) if row.source == "GDPR")
        yield Duty(
            "GDPR",
            f"the legal basis{' (Art. 9)' if special else ''}, purpose and period are named"
            f"{', in a DPIA (Art. 35)' if special else ''}; raw personal data go after "
            f"{months} months, reviewed yearly; a person's rows go from the snapshots within "
            f"{limits.C8_ERASURE_DAYS} days of asking, and from the model at its next "
            "training, which is never called un-learning",
            "C6, C7, C8",
            "GDPR",
        )
    if "hipaa" in laws:
        yield Duty(
            "HIPAA",
            f"de-identified by Safe Harbor ({limits.C6_HIPAA_IDENTIFIERS} identifiers), or kept "
            "inside the covered environment with its access logged and no laptop copies; required "
            f"documentation kept {limits.C7_HIPAA_YEARS} years",
            "C6, C7",
            "HIPAA",
        )
    if "pci" in laws:
        yield Duty(
            "PCI DSS",
            "card numbers never enter: tokens only, which keeps the pipeline out of scope; audit "
            f"logs kept {limits.C7_PCI_MONTHS} months, the last {limits.C7_PCI_AT_HAND_MONTHS} at "
            "hand (10.5.1)",
            "C6, C7",
            "PCI",
        )


def needs_human_route(facts: Facts) -> bool:
    """Rule H10: personal data, decided by a machine, with legal or similar effect."""
    return weighs_under_gdpr(facts) and facts.decision_mode == "automated"


def weighs_under_gdpr(facts: Facts) -> bool:
    """Whoever only follows the score makes it the decision that Article 22 speaks of."""
    people = "gdpr" in facts.regulations and facts.personal_data != "none"
    return people and facts.impact == "high"
