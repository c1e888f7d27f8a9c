"""The steps of the drift detection pipeline, in order."""

from itertools import chain
from pathlib import Path
from typing import Annotated

from zenml import get_step_context, step
from zenml.types import HTMLString

from .. import registry
from ..core import drift, drift_reading, drift_report
from ..core.data import TableHandle, snapshot
from ..core.drift import Compared, DriftFinding, DriftSettings, Streak
from ..core.drift_reading import Reference
from ..core.errors import DataError, ProjectError
from ..core.files import whole
from ..project import Project
from . import progress


@step
def load_reference(settings: DriftSettings) -> Annotated[Reference, "reference"]:
    """The table that the champion was trained on, and the features that matter to it."""
    champion = registry.require_champion(Project.find().settings.name)
    progress.info("Loading the reference of the champion, model version %s", champion.number)
    table = champion.load("table")
    if not Path(table.uri).is_file():
        raise ProjectError(
            f"{table.uri}, the snapshot that model version {champion.number} was trained on, is "
            "gone, and with it the reference for drift: restore it, or train and promote anew."
        )
    watched = drift_reading.watched_features(
        champion.load("evaluation"),
        champion.load("contract"),
        settings.watched_importance,
        settings.watched_features,
    )
    return Reference(model_version=champion.number, table=table, watched=watched)


@step
def ingest_window(source: str | None) -> Annotated[TableHandle, "window"]:
    """Freezes the table to judge; that of the last scoring run is frozen already."""
    project = Project.find()
    if source is not None:
        progress.info("Reading %s", source)
        return snapshot(source, project.snapshots)
    scored: TableHandle | None = registry.last_artifact(
        project.settings.name, "batch_inference", "batch"
    )
    if scored is None:
        raise ProjectError("Nothing was scored yet: score a table first, or give --current TABLE.")
    if not Path(scored.uri).is_file():
        raise DataError(
            f"{scored.uri}, the snapshot of the table that was scored last, is gone: "
            "score again, or give --current TABLE."
        )
    progress.info("Taking the table that was scored last, %s", scored.source)
    return scored


@step
def compare_distributions(
    reference: Reference, window: TableHandle, settings: DriftSettings
) -> Annotated[Compared, "compared"]:
    """Tests the score, then the target, then the watched features; nothing of a small window."""
    if window.rows < settings.fewest_rows:
        return Compared(columns=(), pictures=())
    progress.info("Comparing %s rows with the reference", f"{window.rows:,}")
    champion = registry.require(Project.find().settings.name, reference.model_version)
    contract, split = champion.load("contract"), champion.load("split")
    labelled = drift_reading.labelled_rows(reference.table, contract, champion.settings())
    train, holdout = labelled[split.train], labelled[split.test]
    score = drift_reading.score_column(champion.model(), contract, reference.table, holdout, window)
    others = drift_reading.table_columns(
        reference.watched, contract, reference.table, train, window
    )
    return drift.compare(chain([score], others), settings)


@step
def report_drift(
    reference: Reference, window: TableHandle, compared: Compared, settings: DriftSettings
) -> tuple[Annotated[DriftFinding, "finding"], Annotated[HTMLString, "report"]]:
    """Flags the window, alarms on the second in a row, and writes the report."""
    project = Project.find()
    name = project.settings.name
    last = registry.last(name, "drift_detection", registry.DRIFT)
    finding = drift.judge(
        window,
        reference.model_version,
        reference.watched,
        compared.columns,
        settings,
        None if last is None else Streak.model_validate(last),
    )
    registry.record(get_step_context().pipeline_run.id, registry.DRIFT, finding)
    report = drift_report.render(name, finding, compared)
    with whole(project.root / drift_report.FILE) as partial:
        partial.write_text(report, encoding="utf-8")
    return finding, HTMLString(report)
