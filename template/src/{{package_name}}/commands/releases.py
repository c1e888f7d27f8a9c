"""`promote` and `rollback`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .. import summaries
from .running import results, running

if TYPE_CHECKING:
    from ..registry import RegisteredModel


def promote(
    by: Annotated[str, typer.Option(help="Who approves; else you, as git knows you.")] = "",
    why: Annotated[str, typer.Option(help="Why; else the gate's reasons.")] = "",
) -> None:
    """Put the model version that waits in staging into production.

    One that was compared with another champion than the present one needs a reason of yours.
    """
    with running("promote", moves=True) as project:
        from .. import production, registry

        promoted = registry.require_waiting(project.settings.name)
        if not why:
            production.refuse_other_champion(project, promoted)
        reasons = why or gate_reasons(promoted)
        former = production.move(project, "promote", promoted, by or project.person, reasons)
    retired = f"; version {former.number} is archived" if former else ""
    results().print(f"Model version {promoted.number} is in production{retired}.")


def rollback(
    why: Annotated[str, typer.Option(help="What is wrong with the version in production.")],
    by: Annotated[str, typer.Option(help="Who decides; else you, as git knows you.")] = "",
) -> None:
    """Put the version that was in production before back, and archive the present one."""
    with running("rollback", moves=True) as project:
        from .. import production, registry

        champion = registry.require_champion(project.settings.name)
        restored = production.require_before(project, champion)
        production.move(project, "rollback", restored, by or project.person, why)
    results().print(
        f"Model version {restored.number} is back in production; version {champion.number} is "
        f"archived. Score again what it touched: {summaries.COMMAND} score"
    )


def gate_reasons(version: RegisteredModel) -> str:
    """What the gate said of a version."""
    return " ".join(version.card.reasons)
