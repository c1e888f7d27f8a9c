"""From the table to a registered model version."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.settings import TrainingSettings
from ..steps.training import (
    engineer_features,
    evaluate_model,
    ingest_data,
    register_model,
    train_model,
    validate_data,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def training(settings: TrainingSettings, as_of: str) -> None:
    """Trains on the configured table; the gate decides about the model's stage.

    `as_of` is the time, in ISO 8601, that the age of the table is judged at.
    """
    table = ingest_data()
    contract, data_gates = validate_data(table, as_of)
    split, _ = engineer_features(table, contract, settings)
    trained = train_model(table, contract, split, settings)
    evaluation, holdout, decision, model = evaluate_model(trained, table, contract, split, settings)
    register_model(
        trained, model, table, split, evaluation, holdout, decision, data_gates, contract, settings
    )
