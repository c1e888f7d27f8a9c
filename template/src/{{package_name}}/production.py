"""Versions trained, and moved into production: each move on the record before it happens.

One run at a time. One that is killed in between leaves a line without its move. The registry's
stage is the truth: the next run that may move something finds the difference and records it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from zenml import Model

from . import registry
from .core import audit, records
from .core.errors import GateError, ProjectError
from .project import Project
from .registry import RegisteredModel
from .steps import progress


def reconcile(project: Project) -> None:
    """Records what is in production, where the record's last line says something else."""
    entries = audit.read(project.audit, project.settings.name)
    recorded = entries[-1].version if entries else None
    champion = registry.champion(project.settings.name)
    found = champion.number if champion else None
    if found == recorded:
        return
    entry = audit.Entry(
        action="found",
        model=project.settings.name,
        version=found,
        previous=recorded,
        by="the registry",
        why="The last move was interrupted, or production was changed without this project.",
        commit=project.commit,
        evidence=champion.card.model_dump(mode="json") if champion else {},
    )
    records.append(project.audit, entry)


def require_before(project: Project, champion: RegisteredModel) -> RegisteredModel:
    """The version that was in production before the champion.

    Raises ProjectError if there is none to go back to.
    """
    entries = audit.read(project.audit, project.settings.name)
    number = audit.before(entries, champion.number)
    found = None if number is None else registry.find(project.settings.name, number)
    if found is None:
        raise ProjectError(
            f"There is no version before {champion.number} to go back to: use the fallback that "
            "docs/runbook.md names."
        )
    return found


def refuse_other_champion(project: Project, waiting: RegisteredModel) -> None:
    """Raises GateError unless the gate compared a version with the present champion, if any."""
    champion = registry.champion(project.settings.name)
    compared, present = waiting.card.compared_with, champion.number if champion else None
    if compared != present:
        before = "no champion" if compared is None else f"version {compared}"
        now = "none" if present is None else f"version {present}"
        raise GateError(
            f"Model version {waiting.number} was compared with {before}, and {now} is in "
            "production now: train again, or say with --why what else speaks for it."
        )


def train(project: Project, now: datetime, as_of: datetime | None) -> RegisteredModel:
    """Runs the training pipeline; the version that came of it, dated back to `as_of` if given."""
    from .pipelines.training import training

    name = project.settings.name
    progress.info("Preparing the training pipeline")
    run = training.with_options(model=Model(name=name))(project.training, now.isoformat())
    version = registry.require(name, run.model_version.number)
    if as_of is not None:
        registry.date_back(version, as_of)
    return version


def move(
    project: Project,
    action: Literal["promote", "rollback"],
    version: RegisteredModel,
    by: str,
    why: str,
) -> RegisteredModel | None:
    """Puts a version into production, on the record first; the champion that was, if any.

    Raises ProjectError, moving nothing, if the version cannot be loaded.
    """
    version.model()
    former = registry.champion(project.settings.name)
    entry = audit.Entry(
        action=action,
        model=project.settings.name,
        version=version.number,
        previous=former.number if former else None,
        by=by,
        why=why,
        commit=project.commit,
        evidence=version.card.model_dump(mode="json"),
    )
    records.append(project.audit, entry)
    registry.put_into_production(version)
    return former
