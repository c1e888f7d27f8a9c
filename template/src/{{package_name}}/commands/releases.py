"""`promote` and `rollback`, and the record of every move into production."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .. import summaries
from .running import results, running

if TYPE_CHECKING:
    from ..project import Project
    from ..registry import RegisteredModel


def promote(
    by: Annotated[str, typer.Option(help="Who approves; else you, as git knows you.")] = "",
    why: Annotated[str, typer.Option(help="Why; else the gate's reasons.")] = "",
) -> None:
    """Put the model version that waits in staging into production."""
    with running("promote") as project:
        from .. import registry

        promoted, former = registry.promote(project.settings.name)
        record_move(project, "promote", promoted, former, by, why or gate_reasons(promoted))
    retired = f"; version {former.number} is archived" if former else ""
    results().print(f"Model version {promoted.number} is in production{retired}.")


def rollback(
    why: Annotated[str, typer.Option(help="What is wrong with the version in production.")],
    by: Annotated[str, typer.Option(help="Who decides; else you, as git knows you.")] = "",
) -> None:
    """Put the version that was in production before back, and archive the present one."""
    with running("rollback") as project:
        from .. import registry
        from ..core import audit

        name = project.settings.name
        champion = registry.require_champion(name).number
        to = audit.before(audit.read(project.audit), champion)
        restored, former = registry.roll_back(name, to)
        record_move(project, "rollback", restored, former, by, why)
    results().print(
        f"Model version {restored.number} is back in production; version {former.number} is "
        f"archived. Score again what it touched: {summaries.COMMAND} score"
    )


def record_move(
    project: Project,
    action: Literal["promote", "rollback"],
    version: RegisteredModel,
    former: RegisteredModel | None,
    by: str,
    why: str,
) -> None:
    """Adds a move into production to the audit record."""
    from ..core import audit

    entry = audit.Entry(
        action=action,
        version=version.number,
        previous=former.number if former else None,
        by=by or project.person,
        why=why,
        commit=project.commit,
        evidence=version.card.model_dump(mode="json"),
    )
    audit.append(project.audit, entry)


def gate_reasons(version: RegisteredModel) -> str:
    """What the gate said of a version."""
    return " ".join(version.card.reasons)
