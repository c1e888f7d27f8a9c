"""From a table and the champion's reference to a verdict on drift."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.drift import DriftSettings
from ..steps.drift_detection import (
    compare_distributions,
    ingest_window,
    load_reference,
    report_drift,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def drift_detection(source: str | None, settings: DriftSettings) -> None:
    """Judges the table at `source`, the one that was scored last if None."""
    reference = load_reference(settings)
    window = ingest_window(source, after="load_reference")
    compared = compare_distributions(reference, window, settings)
    report_drift(reference, window, compared, settings)
