"""Decisions as the settings that the generated project runs on: the content of `configs/`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from . import limits
from .design import Design
from .facts import Facts
from .phases import deployment, training
from .phases._pace import cadence_days
from .red_flags import Resolution


class DataSource(BaseModel):
    """Where the table lives, and the environment variable that overrides it."""

    uri: str
    override: str


class ProjectSettings(BaseModel):
    """The content of `configs/project.yaml`."""

    name: str
    data: DataSource


class TrainingSettings(BaseModel):
    """The content of `configs/training.yaml`."""

    seed: int = 42
    metric: str
    baseline: str
    candidates: list[str]
    features: dict[str, str]
    split: dict[str, Any]
    search: dict[str, Any]
    calibration: str
    threshold: dict[str, Any]
    intervals: dict[str, Any]
    gate: dict[str, Any]
    maximum_training_rows: int | None


class BatchInferenceSettings(BaseModel):
    """The content of `configs/batch_inference.yaml`."""

    output: str = "predictions"
    chunk_rows: int = limits.C3_CHUNK_ROWS
    maximum_rejected_share: float = limits.C5_REJECTED_SHARE
    capacity: int | None = None
    reasons: int = 0


class DriftSettings(BaseModel):
    """The content of `configs/drift_detection.yaml`: rules G1, G2, G4 and G5."""

    fewest_rows: int = limits.G2_FEWEST_ROWS
    window_rows: int
    wasserstein: float = limits.G1_WASSERSTEIN
    false_discovery_rate: float = limits.G1_FALSE_DISCOVERY
    total_variation: float = limits.G1_TOTAL_VARIATION
    chi_squared_p: float = limits.G1_CHI_SQUARED_P
    fewest_expected: int = limits.G1_EXPECTED_CASES
    watched_features: int = limits.G4_FEATURES
    watched_importance: float = limits.G4_IMPORTANCE
    alarm_features: int = limits.G5_FEATURES
    alarm_share: float = limits.G5_SHARE
    windows_in_a_row: int = limits.G5_WINDOWS


class MonitoringSettings(BaseModel):
    """The content of `configs/monitoring.yaml`."""

    owner: str
    alerts: bool
    cadence_days: float | None
    late_periods: float = limits.C5_AGE_WARN_PERIODS
    missed_periods: float = limits.C5_AGE_FAIL_PERIODS
    volume_warn: float = limits.C5_VOLUME_WARN_CHANGE
    volume_least: float = limits.C5_VOLUME_FAIL_LEAST
    volume_most: float = limits.C5_VOLUME_FAIL_MOST
    rejected_warn: float = limits.C5_RANGE_FAIL_SHARE
    window_rows: int
    distance: float = limits.G1_WASSERSTEIN
    significance: float = limits.G1_FALSE_DISCOVERY
    share_distance: float = limits.G1_TOTAL_VARIATION
    share_significance: float = limits.G1_CHI_SQUARED_P
    fewest_expected: int = limits.G1_EXPECTED_CASES
    retrain_days: int
    estimate: bool


class RetrainingSettings(BaseModel):
    """The content of `configs/retraining.yaml`."""

    trigger: str
    interval_days: int
    label_delay_days: float
    new_share: float = limits.G10_NEW_SHARE
    new_positives: int = limits.G10_NEW_POSITIVES
    promotion: str


class ServingSettings(BaseModel):
    """The content of `configs/serving.yaml`: rules F2, F6 and F7."""

    api_key: bool = True
    most_body_bytes: int = limits.F2_REQUEST_BYTES
    most_rows: int = limits.F2_REQUEST_ROWS
    timeout_seconds: int = limits.F2_REQUEST_SECONDS
    log_inputs: bool
    reasons: int
    latency_ms: int | None
    load_test_rps: float
    parity_rows: int = limits.F2_PARITY_ROWS
    parity_difference: float = limits.F2_PARITY_DIFFERENCE


class RolloutSettings(BaseModel):
    """The content of `configs/rollout.yaml`: rule F3."""

    strategy: str
    shadow_days: int
    canary_shares: tuple[float, ...] = (limits.F3_FIRST_SHARE, limits.F3_SECOND_SHARE)
    canary_days: float = limits.F3_CANARY_STAGE_DAYS
    fewest_requests: int = limits.F3_FEWEST_REQUESTS
    usual_failures: float = limits.F3_USUAL_FAILURES
    most_failures: float = limits.F3_MOST_FAILURES
    slow_ms: int
    usual_slow: float = limits.F3_USUAL_SLOW
    most_slow: float = limits.F3_MOST_SLOW
    score_shift: float = limits.F3_SCORE_SHIFT
    decision_shift: float = limits.F3_DECISION_SHIFT
    least_agreement: float = limits.F3_LEAST_AGREEMENT
    false_alarm: float = limits.F3_FALSE_ALARM


def project_settings(facts: Facts, package_name: str) -> ProjectSettings:
    """Name and table of the project; without a table, the sample drawn from the contract."""
    return ProjectSettings(
        name=package_name.replace("_", "-"),
        data=DataSource(
            uri=facts.profile.uri if facts.profile else "sample",
            override=f"{package_name.upper()}_DATA",
        ),
    )


def training_settings(design: Design) -> TrainingSettings:
    """Phases 2C and 2D as the training pipeline reads them."""
    return TrainingSettings(
        metric=str(design["training_metric"]),
        baseline=str(design["training_baseline"]),
        candidates=training.trained(
            str(design["training_candidates"]), str(design["feature_missing"])
        ).split("_"),
        features={
            "scaling": str(design["feature_scaling"]),
            "encoding": str(design["feature_encoding"]),
            "missing": str(design["feature_missing"]),
            "selection": str(design["feature_selection"]),
            "dates": str(design["feature_dates"]),
        },
        split={
            "strategy": design["training_split"],
            "test_share": int(design["training_test_share"]) / 100,
            "validation": design["training_validation"],
            "folds": limits.E4_FOLDS,
            "gap_seconds": _gap_seconds(design),
        },
        search={
            "method": design["training_search"],
            "trials": limits.E5_TRIALS, "seconds": limits.E5_SECONDS,
        },
        calibration=str(design["training_calibration"]),
        threshold=_threshold(design),
        intervals={
            "method": design["training_intervals"],
            "resamples": limits.E9_RESAMPLES, "level": limits.E9_LEVEL,
        },
        gate={
            "minimum_gain": limits.E10_MINIMUM_GAIN, "minimum_cases": _minimum_cases(design),
            "guardrails": dict(deployment.measured_guardrails(design.facts).values()),
            "calibration_slope": deployment.calibration_range(design.facts, design.decisions),
            "latency_ms": _latency_ms(design),
            "fairness": _fairness(design.facts),
        },
        maximum_training_rows=training.maximum_training_rows(design["data_engine"]),
    )  # fmt: skip


def batch_inference_settings(design: Design) -> BatchInferenceSettings:
    """Phase 2E as the batch inference pipeline reads it; the capacity is that of one period."""
    by_capacity = design["training_threshold"] == "capacity"
    return BatchInferenceSettings(
        capacity=design.facts.capacity if by_capacity else None,
        reasons=_reasons(design),
    )


def monitoring_settings(design: Design) -> MonitoringSettings:
    """Phase 2F as the monitoring pipeline reads it."""
    return MonitoringSettings(
        owner=design.facts.owner,
        alerts=design["monitoring_alerts"] != "none",
        cadence_days=cadence_days(design.facts),
        window_rows=int(design["monitoring_window_rows"]),
        retrain_days=max(int(design["monitoring_retrain_days"]), 1),
        estimate=design["monitoring_performance"] == "estimated",
    )


def retraining_settings(design: Design) -> RetrainingSettings:
    """Phases 2E and 2F as retraining reads them; what is only documented is left to a person."""
    automatic = design["deployment_promotion"] == "automatic"
    return RetrainingSettings(
        trigger=_built(design, "monitoring_trigger", "manual"),
        interval_days=max(int(design["monitoring_retrain_days"]), 1),
        label_delay_days=design.facts.label_delay_days,
        promotion="automatic" if automatic else "manual",
    )


def serving_settings(design: Design) -> ServingSettings:
    """Phase 2E as the service reads it; of personal data no value is logged."""
    return ServingSettings(
        log_inputs=design.facts.personal_data == "none",
        reasons=_reasons(design),
        latency_ms=_latency_ms(design),
        load_test_rps=limits.F6_LOAD_TEST_FACTOR * design.facts.peak_rps,
    )


def rollout_settings(design: Design) -> RolloutSettings:
    """Phase 2E as a roll-out reads it; without a stated budget, what any server keeps."""
    low = design.facts.impact == "low"
    return RolloutSettings(
        strategy=_built(design, "deployment_strategy", "shadow_full"),
        shadow_days=limits.F3_LOW_SHADOW_DAYS if low else limits.F3_SHADOW_DAYS,
        slow_ms=_latency_ms(design) or limits.F2_AMPLE_MS,
    )


def _built(design: Design, name: str, otherwise: str) -> str:
    """The decision's value, or what stands in where the template only documents it."""
    decision = design.decisions.find(name)
    return str(decision.value) if decision.built else otherwise


def _minimum_cases(design: Design) -> int:
    """Rule E4: what the holdout must hold of the rarest class; 0 where a person waived it."""
    waived = {flag.id for flag in design.raised if flag.resolution is Resolution.waived}
    without = design.facts.problem_type == "regression" or "RF11" in waived
    return 0 if without else limits.E4_HOPELESS_TEST_POSITIVES


def _reasons(design: Design) -> int:
    """Rule H11: how many features are told of each prediction; none where no reasons are owed."""
    return limits.H11_REASONS if design.facts.explains_each_decision else 0


def _latency_ms(design: Design) -> int | None:
    """What the 99th percentile of one row is held to; None where nobody waits for an answer."""
    waits = deployment.is_realtime(design["deployment_mode"])
    return design.facts.latency_ms or None if waits else None


def _fairness(facts: Facts) -> dict[str, Any] | None:
    """Rule E11: what groups are held to; None where nobody is selected, or no people are."""
    if facts.problem_type != "binary" or not training.concerns_people(facts):
        return None
    return {
        "favourable": training.favourable(facts),
        "selection_ratio": limits.E11_SELECTION_RATIO,
        "rate_gap": limits.E11_RATE_GAP,
        "on_breach": "review" if training.decides_about_people(facts) else "report",
    }


def _gap_seconds(design: Design) -> int:
    """Rule E4: the gap of a split in time is the label delay."""
    forward = str(design["training_split"]).startswith("forward")
    return round(design.facts.label_delay_days * 86_400) if forward else 0


def _threshold(design: Design) -> dict[str, Any]:
    facts, rule = design.facts, design["training_threshold"]
    return {
        "rule": rule,
        "cost_false_positive": facts.cost_false_positive,
        "cost_false_negative": facts.cost_false_negative,
        "save_rate": facts.save_rate,
        "capacity_share": training.capacity_share(facts),
    }
