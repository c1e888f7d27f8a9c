"""From a table to one prediction for each of its rows, by the champion."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.settings import BatchInferenceSettings
from ..steps.batch_inference import (
    ingest_batch,
    load_champion,
    log_predictions,
    predict_batch,
    validate_batch,
    write_predictions,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def batch_inference(
    source: str | None, output: str, settings: BatchInferenceSettings, scored_at: str
) -> None:
    """Scores the table at `source`, the project's own if None, into the Parquet file `output`.

    `scored_at` is the time that the prediction log notes and the age of the table is judged at, in
    ISO 8601.
    """
    version = load_champion()
    batch = ingest_batch(source, after="load_champion")
    contract, _ = validate_batch(batch, scored_at)
    staged = predict_batch(batch, contract, version, output, settings)
    log_predictions(staged, batch, scored_at)
    write_predictions(staged, output, after="log_predictions")
