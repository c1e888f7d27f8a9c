"""`monitor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from .. import summaries
from ..console import facts
from ..core.files import alone
from ..steps import progress
from .clock import AsOf, moment
from .running import results, running

if TYPE_CHECKING:
    from ..core.monitoring import LabelIntake, Monitoring

STYLES = {"SEV1": "red", "SEV2": "red", "SEV3": "yellow"}


def monitor(
    labels: Annotated[
        Path | None,
        typer.Option(help="CSV or Parquet file with outcomes and the keys of what was scored."),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Watch the champion: the last scoring, its scores, its age, and its quality with labels."""
    with running("monitor") as project:
        from zenml import Model

        from .. import registry, run_settings, runs
        from ..core.monitoring import PAGE, URGENT, MonitoringSettings
        from ..pipelines.monitoring import monitoring

        run_settings.stay_here(project, "monitor")
        settings = project.configured("monitoring", MonitoringSettings)
        name = project.settings.name
        champion = registry.require_champion(name)
        progress.info("Preparing the monitoring pipeline")
        model = Model(name=name, version=champion.number)
        file, now = None if labels is None else str(labels.absolute()), moment(as_of).isoformat()
        with alone(project.locks / "monitor"):
            run = runs.finished(project, monitoring, model, file, settings, now)
        found = run.steps["raise_alerts"].outputs["monitoring"][0].load()
    results().print(_summary(found, str(PAGE), project.synthetic))
    if found.worst in URGENT:
        raise typer.Exit(3)


def _summary(found: Monitoring, page: str, synthetic: bool) -> Group:
    """Each check with what was found, what the labels held, and where the page is."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for column in ("", "check", "what was found"):
        table.add_column(column, overflow="fold")
    for check in found.checks:
        style = STYLES.get(check.severity or "", "")
        table.add_row(Text(check.severity or "well", style), check.name, Text(check.what))
    title = f"Model version {found.model_version} as of {found.as_of:%Y-%m-%d %H:%M} (UTC)"
    return Group(
        summaries.heading(title, synthetic),
        table,
        facts(
            ("labels", None if found.labels is None else _labels(found.labels)),
            ("new alerts", f"{found.raised:,}" if found.raised else "none"),
            ("page", page),
        ),
    )


def _labels(labels: LabelIntake) -> str:
    counts = (
        ("without label or key", labels.unlabelled),
        ("repeated, the last one counts", labels.repeated),
        ("keys with conflicting labels", labels.conflicting),
        ("keys that were never scored", labels.unknown),
    )
    odd = "".join(f"; {what}: {count:,}" for what, count in counts if count)
    return f"{labels.kept:,} known from {labels.rows:,} rows{odd}"
