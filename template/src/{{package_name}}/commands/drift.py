"""`drift`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group

from .. import summaries
from ..console import facts
from ..core.files import alone
from ..steps import progress
from .running import results, running

if TYPE_CHECKING:
    from ..core.drift import DriftFinding
    from ..project import Project


def drift(
    current: Annotated[
        str | None,
        typer.Option(help="CSV or Parquet file, or database URL; the last scored one by default."),
    ] = None,
) -> None:
    """Compare a table with what the champion was trained on; an alarm exits with 3."""
    with running("drift") as project:
        from zenml import Model

        from .. import registry, run_settings, runs
        from ..core.drift import DriftSettings
        from ..pipelines.drift_detection import drift_detection

        run_settings.stay_here(project, "drift")
        settings, name = project.configured("drift_detection", DriftSettings), project.settings.name
        source = current if current is None or "://" in current else str(Path(current).absolute())
        champion = registry.require_champion(name)
        progress.info("Preparing the drift detection pipeline")
        model = Model(name=name, version=champion.number)
        with alone(project.locks / "drift"):
            run = runs.finished(project, drift_detection, model, source, settings)
        finding = run.steps["report_drift"].outputs["finding"][0].load()
    results().print(_summary(project, finding))
    if finding.verdict == "alarm":
        raise typer.Exit(3)


def _summary(project: Project, finding: DriftFinding) -> Group:
    """The verdict, what moved, and where the report is."""
    from ..core.drift_report import FILE

    return Group(
        summaries.heading(f"Drift: {finding.verdict}", project.synthetic),
        facts(
            ("verdict", finding.said),
            *((column.name, column.why) for column in finding.drifted),
            ("window", f"{finding.source}, {finding.rows:,} rows"),
            ("reference", f"model version {finding.model_version}"),
            ("report", FILE),
        ),
    )
