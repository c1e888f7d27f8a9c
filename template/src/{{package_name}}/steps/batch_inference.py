"""The steps of the batch inference pipeline, in order."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from zenml import step

from .. import registry
from ..core import gates, inference
from ..core.contract import Contract
from ..core.data import TableHandle, open_table, snapshot
from ..core.database import shown
from ..core.errors import ContractError
from ..core.gates import GateReport
from ..core.inference import ScoredBatch, ScoringSummary
from ..core.prediction_log import LoggedRun
from ..core.sample import source_uri
from ..core.settings import BatchInferenceSettings
from ..materializers import PredictionsMaterializer, TableMaterializer
from ..project import Project
from . import progress
from .scored_snapshot import score_snapshot


@step
def load_champion() -> Annotated[int, "model_version"]:
    """The number of the model version in production, which can be loaded and fits the contract."""
    project = Project.find()
    champion = registry.require_champion(project.settings.name)
    progress.info("Loading the champion, model version %s", champion.number)
    known = {column.name for column in project.contract.used}
    absent = [name for name in champion.model().inputs if name not in known]
    if absent:
        raise ContractError(
            f"Model version {champion.number} reads {', '.join(absent)}, which "
            "data/contract.yaml does not have as features: restore them, or train again."
        )
    return champion.number


@step(output_materializers=TableMaterializer)
def ingest_batch(source: str | None) -> Annotated[TableHandle, "batch"]:
    """Freezes the table to score, the project's own if None, as a hashed Parquet snapshot.

    A database's table that does not fit the contract is refused there.
    """
    project = Project.find()
    source = source or source_uri(project.settings.data, project.contract, project.root)
    progress.info("Reading %s", shown(source))
    gates.refuse_early(source, project.contract, for_training=False)
    return snapshot(source, project.snapshots, project.contract)


@step
def validate_batch(
    batch: TableHandle, scored_at: str
) -> tuple[Annotated[Contract, "contract"], Annotated[GateReport, "batch_gates"]]:
    """Holds the table against the contract, the target left out; hands on the contract.

    In a project with a synthetic table no table has an age.
    """
    project = Project.find()
    contract = project.contract
    progress.info("Checking %s rows against the contract", f"{batch.rows:,}")
    now = None if project.synthetic else datetime.fromisoformat(scored_at)
    report = gates.check(
        open_table(batch.uri), contract, for_training=False, now=now, written=batch.written
    )
    gates.enforce(report, contract)
    return contract, report


@step(output_materializers={"staged": PredictionsMaterializer})
def predict_batch(
    batch: TableHandle,
    contract: Contract,
    version: int,
    name: str,
    scored_at: str,
    settings: BatchInferenceSettings,
) -> tuple[Annotated[ScoringSummary, "staged"], Annotated[LoggedRun, "logged_run"]]:
    """Scores batch by batch into the staged file `name`; rows that do not fit are set aside.

    Where a capacity is set, the highest scores of the table are acted on. Whoever asked for the run
    logs and publishes the file; this says of it what the log will.
    """
    project = Project.find()
    model = registry.require(project.settings.name, version).model()
    progress.info("Scoring %s rows", f"{batch.rows:,}")
    scored = score_snapshot(model, batch, contract, str(version), settings)
    staged = inference.write_predictions(
        _with_progress(scored, batch.rows),
        project.staging / name / name,
        settings.maximum_rejected_share,
        str(version),
    )
    if settings.capacity is not None:
        staged = inference.act_on_highest(staged, settings.capacity)
    run = LoggedRun(
        scored_at=datetime.fromisoformat(scored_at),
        snapshot=batch.sha256,
        model_version=staged.model_version,
        rows=staged.scored,
        rejected=staged.rejected,
        acted=staged.acted,
    )
    return staged, run


def _with_progress(batches: Iterable[ScoredBatch], rows: int) -> Iterator[ScoredBatch]:
    """The same batches; a bar shows how many of the rows are done."""
    begun, done = time.monotonic(), 0
    for batch in batches:
        yield batch
        done += len(batch.predictions) + len(batch.rejected)
        pace = done / (time.monotonic() - begun)
        progress.debug(f"{done:,} done, {pace:,.0f} a second", extra={"share": done / rows})
