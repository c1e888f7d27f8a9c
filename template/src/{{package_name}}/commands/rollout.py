"""`rollout`: a new version takes over in stages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.table import Table

from .. import summaries
from ..console import facts
from ..core.numbers import shown
from .releases import Meant, gate_reasons
from .running import results, running

if TYPE_CHECKING:
    from ..core.rollout_report import Report

rollout = typer.Typer(no_args_is_help=True, help="Let a new version take over in stages.")
By = Annotated[str, typer.Option(help="Who decides; else you, as git knows you.")]


@rollout.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts; the keys stay.")] = False,
) -> None:
    """Show how far the roll-out is, or why the last one was aborted.

    Keys of --json: version, champion, stage, share, since (in UTC), aborted; null where no
    roll-out was begun.
    """
    with running("rollout", zenml=False) as project:
        from ..core.rollout import read_state
        from ..core.serving_model import served_from
        from ..rollouts import NOBODY

        state = read_state(served_from(project.root))
    if as_json:
        found = "null" if state is None else state.model_dump_json(exclude={"sha256", "archived"})
        print(found)
    elif state is None:
        results().print(NOBODY)
    else:
        results().print(
            summaries.heading(f"Model version {state.version}: {state.stage}", False),
            facts(
                ("beside", f"version {state.champion}, the champion"),
                ("since", state.since.isoformat(timespec="seconds")),
                ("why", state.aborted or None),
                ("next", None if state.aborted else f"{summaries.COMMAND} rollout report"),
            ),
        )


@rollout.command()
def report() -> None:
    """Compare what champion and challenger said; exit code 3 where something speaks against it."""
    with running("rollout") as project:
        from ..rollouts import report as make

        found = make(project, datetime.now(UTC))
    results().print(_shown(found))
    if any(finding.failed for finding in found.findings):
        raise typer.Exit(3)


@rollout.command()
def advance(
    by: By = "",
    why: Annotated[str, typer.Option(help="Why, where something speaks against it.")] = "",
    version: Meant = None,
) -> None:
    """Begin the next stage: shadow, each share of the requests, and at last all of them."""
    with running("rollout", moves=True) as project:
        from .. import production, registry, rollouts

        person, state = by or project.person, rollouts.running(project)
        challenger = registry.require_waiting(project.settings.name, version)
        if state is None:
            if not why:
                production.refuse_other_champion(project, challenger)
            state = rollouts.begin(project, person, why or gate_reasons(challenger))
        else:
            state = rollouts.advance(project, state, person, why)
            if state is None:
                reasons = why or gate_reasons(challenger)
                production.move(project, "promote", challenger, person, reasons)
    if state is None:
        said = f"Model version {challenger.number} is in production and answers all requests."
    elif state.share:
        said = f"Model version {state.version} answers {state.share:.0%} of the entities."
    else:
        said = f"Model version {state.version} is in shadow: it is asked too, and nobody is told."
    results().print(said)


@rollout.command()
def abort(
    why: Annotated[str, typer.Option(help="What is wrong with the challenger.")], by: By = ""
) -> None:
    """End the roll-out: the champion answers all requests, the challenger is archived."""
    with running("rollout", moves=True) as project:
        from .. import rollouts
        from ..core.errors import ProjectError

        state = rollouts.running(project)
        if state is None:
            raise ProjectError(rollouts.NOBODY)
        rollouts.abort(project, state, by or project.person, why)
    results().print(
        f"The roll-out of model version {state.version} is aborted, and the version archived: "
        f"version {state.champion} answers."
    )


def _shown(report: Report) -> Group:
    title = f"Model version {report.version} beside {report.champion}: {report.stage}"
    figures = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("version", "requests", "failures", "slow", "p50 ms", "p99 ms"):
        figures.add_column(name, justify="right")
    numbers = {"champion": report.champion, "challenger": report.version}
    for arm, version in numbers.items():
        values = report.evidence[arm].values()
        cells = ["" if value is None else shown(value) for value in values]
        figures.add_row(str(version), *cells)
    held = [each.what for each in report.findings if not each.failed]
    apart = [
        f"{', '.join(str(key) for key in each.keys.values())}: "
        f"{shown(each.champion)}, and {shown(each.challenger)} by the challenger"
        for each in report.differences
    ]
    against = any(each.failed for each in report.findings) or report.stage == "aborted"
    advice = "abort --why …" if against else "report, later" if report.obstacles else "advance"
    return Group(
        summaries.heading(title, False),
        figures,
        facts(
            ("since", f"{report.since.isoformat(timespec='seconds')}, {report.days:.1f} days"),
            ("holds", "\n".join(held) or None),
            ("against", "\n".join(report.obstacles) or None),
            ("furthest apart", "\n".join(apart) or None),
            ("next", f"{summaries.COMMAND} rollout {advice}"),
        ),
    )
