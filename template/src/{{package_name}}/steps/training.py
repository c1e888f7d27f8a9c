"""The steps of the training pipeline, in order."""

from datetime import datetime
from typing import Annotated

import pandas as pd
from zenml import ArtifactConfig, get_step_context, step
from zenml.enums import ArtifactType
from zenml.types import HTMLString, MarkdownString

from .. import registry
from ..core import comparison as comparisons
from ..core import evaluation as evaluations
from ..core import gates, promotion
from ..core import training as trainings
from ..core.contract import Contract
from ..core.data import TableHandle, open_table, read_frame, snapshot
from ..core.database import shown
from ..core.errors import ArtifactError
from ..core.evaluation import Evaluation
from ..core.evidence import Evidence
from ..core.files import whole
from ..core.gates import GateReport
from ..core.holdout import Holdout, predict_holdout
from ..core.incumbent import todays_way
from ..core.model_card import render_card
from ..core.models import TrainedModel
from ..core.preprocessing import input_columns
from ..core.promotion import GateDecision
from ..core.report import render_report
from ..core.sample import source_uri
from ..core.settings import TrainingSettings
from ..core.split import Split, make_split
from ..core.training import Training
from ..materializers import SkopsMaterializer, TableMaterializer
from ..project import Project
from . import progress

FinalModel = Annotated[TrainedModel, ArtifactConfig(name="model", artifact_type=ArtifactType.MODEL)]


@step(output_materializers=TableMaterializer)
def ingest_data() -> Annotated[TableHandle, "table"]:
    """Reads the table once and freezes it as a hashed Parquet snapshot.

    A database's table that does not fit the contract is refused there.
    """
    project = Project.find()
    source = source_uri(project.settings.data, project.contract, project.root)
    progress.info("Reading %s", shown(source))
    gates.refuse_early(source, project.contract, for_training=True)
    return snapshot(source, project.snapshots, project.contract)


@step
def validate_data(
    table: TableHandle, as_of: str
) -> tuple[Annotated[Contract, "contract"], Annotated[GateReport, "data_gates"]]:
    """Holds the snapshot against `data/contract.yaml`; hands on the contract that it passed.

    A synthetic table has no age.
    """
    project = Project.find()
    contract = project.contract.model_copy(update={"synthetic": project.synthetic})
    progress.info("Checking %s rows against the contract", f"{table.rows:,}")
    now = None if contract.synthetic else datetime.fromisoformat(as_of)
    report = gates.check(
        open_table(table.uri), contract, for_training=True, now=now, written=table.written
    )
    gates.enforce(report, contract)
    return contract, report


@step(output_materializers={"split": SkopsMaterializer})
def engineer_features(
    table: TableHandle, contract: Contract, settings: TrainingSettings
) -> tuple[Annotated[Split, "split"], Annotated[list[str], "inputs"]]:
    """Splits the rows, and lists the columns that the model's Pipeline reads.

    What is done today is read here first, so that what cannot be read ends the run early.
    """
    inputs = input_columns(contract, settings.features)
    progress.info("Splitting the rows; columns to learn from: %s", len(inputs))
    frame = _labelled(table, contract, settings)
    todays_way(frame, contract)
    return make_split(frame, contract, settings.split, settings.seed), list(inputs)


@step(output_materializers={"training": SkopsMaterializer})
def train_model(
    table: TableHandle, contract: Contract, split: Split, settings: TrainingSettings
) -> Annotated[Training, "training"]:
    """Searches, calibrates and sets the threshold, on training rows only."""
    progress.info("Training on %s rows", f"{split.train.size:,}")
    frame = _labelled(table, contract, settings)
    return trainings.train(frame, split, contract, settings, progress.debug)


@step(output_materializers={"holdout": SkopsMaterializer, "model": SkopsMaterializer})
def evaluate_model(
    training: Training,
    table: TableHandle,
    contract: Contract,
    split: Split,
    settings: TrainingSettings,
) -> tuple[
    Annotated[Evaluation, "evaluation"],
    Annotated[Holdout, "holdout"],
    Annotated[GateDecision, "gate"],
    FinalModel,
]:
    """Measures the untouched test rows, and decides against baseline and champion."""
    progress.info("Measuring on %s rows that were not used so far", f"{split.test.size:,}")
    frame = _labelled(table, contract, settings)
    evaluation = evaluations.evaluate(training, frame, split, contract, settings)
    model, baseline = evaluations.final_models(training, evaluation)
    holdout = predict_holdout(model, baseline, frame, split, contract)
    champion = registry.champion(Project.find().settings.name)
    comparison = None
    if champion is not None:
        try:
            rival, before = champion.model(), champion.load("contract")
        except ArtifactError as gone:
            comparison = comparisons.incomparable(champion.number, settings, str(gone))
        else:
            comparison = comparisons.compare(
                champion.number, rival, before, model, frame, split, contract, settings
            )
    return evaluation, holdout, promotion.decide(evaluation, settings, comparison), model


@step
def register_model(
    training: Training,
    model: TrainedModel,
    table: TableHandle,
    split: Split,
    evaluation: Evaluation,
    holdout: Holdout,
    decision: GateDecision,
    data_gates: GateReport,
    contract: Contract,
    settings: TrainingSettings,
) -> tuple[Annotated[HTMLString, "report"], Annotated[MarkdownString, "model_card"]]:
    """Writes the model version, its report and card, and the verdict of the gate."""
    project, version = Project.find(), get_step_context().model
    progress.info("Registering model version %s", version.number)
    name, summary = project.settings.name, training.summary
    card = registry.Card.of(model, table, summary, evaluation, decision, contract.synthetic)
    evidence = Evidence(
        name=name,
        version=version.number,
        commit=project.commit,
        contract=contract,
        settings=settings,
        table=table,
        test_from=split.test_from,
        gates=data_gates,
        summary=summary,
        evaluation=evaluation,
        holdout=holdout,
        decision=decision,
        reasons=project.batch_inference.reasons,
    )
    report, model_card = render_report(evidence), render_card(evidence)
    for path, text in (
        (project.report(version.number), report),
        (project.model_card(version.number), model_card),
    ):
        with whole(path) as partial:
            partial.write_text(text, encoding="utf-8")
    registry.register(version, card, evaluation.metrics, model.parameters)
    return HTMLString(report), MarkdownString(model_card)


def _labelled(table: TableHandle, contract: Contract, settings: TrainingSettings) -> pd.DataFrame:
    """The rows whose target is known: the same ones in each step, so that positions hold."""
    frame = read_frame(
        table, contract, maximum_rows=settings.maximum_training_rows, seed=settings.seed
    )
    return trainings.drop_unlabelled(frame, contract)[0]
