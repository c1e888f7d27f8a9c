"""What decisions promise of `configs/`: the keys that hold them, said in each decision's record.

The generated project's own test reads them there and holds the files to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import BaseModel

HELD: dict[str, tuple[str, ...]] = {
    "data_engine": ("training: maximum_training_rows",),
    "feature_scaling": ("training: features.scaling",),
    "feature_encoding": ("training: features.encoding",),
    "feature_missing": ("training: features.missing",),
    "feature_selection": ("training: features.selection",),
    "feature_dates": ("training: features.dates",),
    "training_metric": ("training: metric",),
    "training_baseline": ("training: baseline",),
    "training_candidates": (
        "training: candidates", "batch_inference: reasons", "serving: reasons",
    ),
    "training_split": ("training: split.strategy", "training: split.gap_seconds"),
    "training_validation": ("training: split.validation",),
    "training_test_share": ("training: split.test_share",),
    "training_search": (
        "training: search.method", "training: search.trials", "training: search.seconds",
    ),
    "training_calibration": ("training: calibration",),
    "training_threshold": ("training: threshold.rule", "batch_inference: capacity"),
    "training_intervals": ("training: intervals.method", "training: intervals.level"),
    "training_gate": (
        "training: gate.minimum_gain", "training: gate.minimum_cases",
        "training: gate.guardrails", "training: gate.calibration_slope",
        "training: gate.latency_ms", "training: gate.fairness",
    ),
    "deployment_strategy": (
        "rollout: strategy", "rollout: shadow_days", "rollout: most_failures",
        "rollout: slow_ms", "rollout: score_shift", "rollout: decision_shift",
    ),
    "deployment_promotion": ("retraining: promotion",),
    "monitoring_drift": (
        "drift_detection: wasserstein", "drift_detection: false_discovery_rate",
        "drift_detection: total_variation", "drift_detection: chi_squared_p",
        "drift_detection: windows_in_a_row",
    ),
    "monitoring_window_rows": ("drift_detection: window_rows", "monitoring: window_rows"),
    "monitoring_performance": ("monitoring: estimate",),
    "monitoring_alerts": ("monitoring: alerts",),
    "monitoring_retrain_days": ("retraining: interval_days", "retraining: label_delay_days"),
    "monitoring_trigger": ("retraining: trigger",),
}  # fmt: skip
"""Decisions, and where `configs/` holds them: the file, and the key in it."""


def promises(decision: str, configs: Mapping[str, BaseModel]) -> tuple[tuple[str, str], ...]:
    """The files that a decision is held by, each with its `key: value` as YAML has it.

    What a file leaves open (null, or empty) is no promise.
    """
    found = []
    for file, key in (place.split(": ") for place in HELD.get(decision, ())):
        if file in configs:
            value = configs[file].model_dump(mode="json")
            for part in key.split("."):
                value = value[part]
            if value not in (None, {}, ""):
                shown = value if isinstance(value, str) else json.dumps(value)
                found.append((f"configs/{file}.yaml", f"{key}: {shown}"))
    return tuple(found)
