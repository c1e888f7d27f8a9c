"""The step of training that makes a model ready to answer requests."""

from typing import Annotated

from zenml import step

from ..core import serving_parity
from ..core.contract import Contract
from ..core.data import TableHandle, read_frame
from ..core.models import TrainedModel
from ..core.promotion import GateDecision
from ..core.serving_parity import Export
from ..core.serving_settings import ServingSettings
from ..core.settings import TrainingSettings
from ..project import Project
from . import progress


@step
def export_model(
    model: TrainedModel,
    table: TableHandle,
    contract: Contract,
    decision: GateDecision,
    settings: TrainingSettings,
) -> tuple[
    Annotated[bytes, "onnx"], Annotated[Export, "export"], Annotated[GateDecision, "serving_gate"]
]:
    """Exports the model; the gate refuses one whose export does not say the same."""
    serving = Project.find().configured("serving", ServingSettings)
    progress.info("Exporting the model, and comparing it on %s rows", f"{serving.parity_rows:,}")
    frame = read_frame(table, contract, model.inputs, serving.parity_rows, settings.seed)
    exported, found = serving_parity.export_and_check(
        model, contract, frame, serving, settings.seed
    )
    return exported, found, serving_parity.judged(decision, found)
