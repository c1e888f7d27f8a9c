"""From the prediction log, and the labels that arrived, to alerts and a page."""

from zenml import pipeline
from zenml.enums import ExecutionMode

from ..core.monitoring import MonitoringSettings
from ..steps.monitoring import (
    collect_predictions,
    measure_health,
    measure_performance,
    raise_alerts,
)


@pipeline(enable_cache=False, execution_mode=ExecutionMode.FAIL_FAST)
def monitoring(labels: str | None, settings: MonitoringSettings, as_of: str) -> None:
    """Watches the champion; `labels` is a table of outcomes, `as_of` the time in ISO 8601."""
    collected = collect_predictions(labels, as_of)
    health = measure_health(collected, settings, as_of)
    quality = measure_performance(collected, settings, as_of)
    raise_alerts(collected, health, quality, settings, as_of)
