"""From a table to one prediction for each of its rows, by the champion."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.settings import BatchInferenceSettings
from ..steps.batch_inference import (
    ingest_batch,
    load_champion,
    predict_batch,
    validate_batch,
    write_predictions,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def batch_inference(source: str | None, output: str, settings: BatchInferenceSettings) -> None:
    """Scores the table at `source`, the project's own if None, into the Parquet file `output`."""
    version = load_champion()
    batch = ingest_batch(source, after="load_champion")
    contract, _ = validate_batch(batch)
    staged = predict_batch(batch, contract, version, output, settings)
    write_predictions(staged, output)
