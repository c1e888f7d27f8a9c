"""The content of `configs/serving.yaml`."""

from __future__ import annotations

from pydantic import Field, NonNegativeInt, PositiveInt

from .yaml_model import StrictModel


class ServingSettings(StrictModel):
    """What the service accepts and keeps, and what an export is held to."""

    api_key: bool = True
    """Whether a request has to show the key; false where something before the service asks."""
    most_body_bytes: PositiveInt = 1_000_000
    most_rows: PositiveInt = 1_000
    """Of one request."""
    timeout_seconds: float = Field(default=5, gt=0)
    """From the end of a request's header to its answer; a header without end is waited for."""
    log_inputs: bool = False
    """Whether the values of a request are logged beside its prediction; else their hash."""
    reasons: NonNegativeInt = 0
    """Most features told of a prediction where a request asks for them; 0: nobody may ask."""
    latency_ms: float | None = Field(default=None, gt=0)
    """Monitoring warns where the 99th percentile of the answers lies above."""
    load_test_rps: float | None = Field(default=None, gt=0)
    """Requests a second that `make bench-serving` holds to `latency_ms`: a multiple of the peak."""
    parity_rows: PositiveInt = 10_000
    parity_difference: float = Field(default=1e-5, gt=0)
    """Largest difference between the exported model and the original that is taken for none."""
