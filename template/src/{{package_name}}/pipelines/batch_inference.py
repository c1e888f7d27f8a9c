"""From a table to one prediction for each of its rows, by the champion."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.settings import BatchInferenceSettings
from ..steps.batch_inference import (
    ingest_batch,
    load_champion,
    predict_batch,
    validate_batch,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def batch_inference(
    source: str | None, name: str, settings: BatchInferenceSettings, scored_at: str
) -> None:
    """Scores the table at `source`, the project's own if None, into the staged file `name`.

    `scored_at` is the time that the prediction log notes and the age of the table is judged at, in
    ISO 8601. No step has to run where the predictions are logged and published.
    """
    version = load_champion()
    batch = ingest_batch(source, after="load_champion")
    contract, _ = validate_batch(batch, scored_at)
    predict_batch(batch, contract, version, name, scored_at, settings)
