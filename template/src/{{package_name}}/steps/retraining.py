"""What a retraining does, in order.

Plain functions, not ZenML steps: a ZenML pipeline has the same steps in every run, and here the
first decides whether the others happen. What they start is a run of the training pipeline.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from .. import production, registry
from ..core import records
from ..core import retraining as retrainings
from ..core.data import read_frame, snapshot
from ..core.retraining import Case, Entry, NewRows, Outcome, RetrainingSettings, Situation
from ..core.sample import source_uri
from ..project import Project
from ..registry import RegisteredModel
from . import progress


def check_triggers(project: Project, settings: RetrainingSettings, why: str, now: datetime) -> Case:
    """Decides whether there is a reason to retrain, and something new to learn."""
    name = project.settings.name
    champion = registry.require_champion(name)
    progress.info("Looking for a reason to retrain model version %s", champion.number)
    last, waiting = registry.last_trained(name), registry.find(name, registry.STAGING)
    situation = Situation(
        age_days=(now - last.trained_at.replace(tzinfo=UTC)) / timedelta(days=1),
        training_rows=last.card.training_rows,
        breach=_found(project, champion, "monitoring", registry.MONITORING).get("breach", False),
        drifting=_found(project, champion, "drift_detection", registry.DRIFT).get("verdict")
        == "alarm",
        waiting=waiting.number if waiting else None,
    )
    return retrainings.judge(situation, settings, why, lambda: _count_new(project, last))


def train_challenger(
    project: Project, case: Case, now: datetime, as_of: datetime | None
) -> RegisteredModel:
    """Runs the training pipeline; its gate compares with the champion on rows new to both.

    Where it fails, that stands on the record before the error goes on.
    """
    try:
        return production.train(project, now, as_of)
    except Exception as problem:
        champion = registry.require_champion(project.settings.name)
        _record(project, case, "failed", (*case.reasons, str(problem)), champion, None, now)
        raise


def hand_to_approver(
    project: Project,
    settings: RetrainingSettings,
    case: Case,
    challenger: RegisteredModel | None,
    now: datetime,
) -> Entry:
    """Promotes a challenger that passed, or leaves it to a person; records what was decided."""
    champion = registry.require_champion(project.settings.name)
    outcome: Outcome = "declined"
    reasons = case.reasons
    if challenger is not None:
        card = challenger.card
        reasons = (*reasons, *card.reasons)
        outcome = "refused" if card.verdict == "refuse" else "waiting"
        if card.verdict == "promote" and settings.promotion == "automatic":
            production.move(project, "promote", challenger, "the gate", " ".join(card.reasons))
            outcome = "promoted"
    return _record(project, case, outcome, reasons, champion, challenger, now)


def _record(
    project: Project,
    case: Case,
    outcome: Outcome,
    reasons: tuple[str, ...],
    champion: RegisteredModel,
    challenger: RegisteredModel | None,
    now: datetime,
) -> Entry:
    entry = Entry(
        at=datetime.now(UTC).replace(microsecond=0),
        as_of=now,
        model=project.settings.name,
        trigger=case.trigger,
        reasons=reasons,
        outcome=outcome,
        champion=champion.number,
        challenger=challenger.number if challenger else None,
    )
    records.append(project.retraining, entry)
    return entry


def _count_new(project: Project, last: RegisteredModel) -> NewRows:
    """The rows of the project's table that the last training did not have."""
    contract, before = project.contract, last.load("contract")
    progress.info("Counting new rows since model version %s was trained", last.number)
    table = snapshot(source_uri(project.settings.data, contract, project.root), project.snapshots)
    return retrainings.find_new(
        read_frame(table, contract, retrainings.compared_columns(contract)),
        contract,
        read_frame(last.load("table"), before, retrainings.compared_columns(before)),
        before,
    )


def _found(project: Project, champion: RegisteredModel, pipeline: str, key: str) -> dict[str, Any]:
    """What the latest run of a pipeline found of this champion."""
    found = registry.last(project.settings.name, pipeline, key) or {}
    return found if str(found.get("model_version")) == str(champion.number) else {}
