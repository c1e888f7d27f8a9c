"""2D, training and evaluation: metric, models, split, calibration, threshold, gate, tracker."""

from __future__ import annotations

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _acting, _candidates, _evaluation, _metric, _models
from ._candidates import reasons_given, trained, trained_models
from ._checks import Check, evaluation_checks, slice_columns
from ._columns import n_parameters
from ._evidence import (
    capacity_share,
    cost_threshold,
    events_per_parameter,
    maximum_training_rows,
    recall_half_width,
    rows_per_period,
    span_days,
    tested_as_decided,
    training_rows,
)
from ._groups import compared_groups, concerns_people, decides_about_people, favourable
from ._inputs import taken
from ._metric import accuracy_misleads, metric_objections

__all__ = [
    "OPTIONS",
    "Check",
    "accuracy_misleads",
    "allowed",
    "capacity_share",
    "compared_groups",
    "concerns_people",
    "cost_threshold",
    "decides_about_people",
    "evaluation_checks",
    "events_per_parameter",
    "favourable",
    "maximum_training_rows",
    "metric_objections",
    "n_parameters",
    "propose",
    "reasons_given",
    "recall_half_width",
    "rows_per_period",
    "slice_columns",
    "span_days",
    "tested_as_decided",
    "trained",
    "trained_models",
    "training_rows",
]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "training_metric": _metric.METRIC,
    "training_baseline": _models.BASELINE,
    "training_candidates": _candidates.CANDIDATES,
    "training_split": _evaluation.SPLIT,
    "training_validation": _evaluation.VALIDATION,
    "training_test_share": _evaluation.TEST_SHARE,
    "training_search": _models.SEARCH,
    "training_calibration": _acting.CALIBRATION,
    "training_threshold": _acting.THRESHOLD,
    "training_imbalance": _acting.IMBALANCE,
    "training_intervals": _evaluation.INTERVALS,
    "training_gate": _evaluation.GATE,
    "training_tracker": _models.TRACKER,
}
_NARROWED = {
    "training_metric": _metric.allowed_metrics,
    "training_split": _evaluation.allowed_splits,
    "training_calibration": _acting.allowed_calibrations,
    "training_threshold": _acting.allowed_thresholds,
    "training_imbalance": _acting.allowed_imbalances,
    "training_intervals": _evaluation.allowed_intervals,
}


def allowed(decision: str, facts: Facts) -> tuple[Option, ...]:
    """The options of `decision` that fit the problem and the numbers that are known.

    Raises KeyError where this phase decides no such thing.
    """
    narrow = _NARROWED.get(decision)
    return narrow(facts) if narrow else OPTIONS[decision]


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2D; what the person changed in it carries over to the rest."""

    def settled(proposal: Proposal) -> str:
        return str(taken(earlier, proposal.decision, proposal.value))

    metric = _metric.metric(facts)
    candidates = _candidates.candidates(facts, earlier)
    families = trained(settled(candidates), str(taken(earlier, "feature_missing", "")))
    split = _evaluation.split(facts)
    validation = _evaluation.validation(facts)
    engine = str(taken(earlier, "data_engine", "duckdb_pandas"))
    test_share = _evaluation.test_share(facts, engine, settled(metric))
    threshold = _acting.threshold(facts, settled(metric))
    test_percent = int(settled(test_share))
    return (
        metric,
        _models.baseline(facts, earlier, families),
        candidates,
        split,
        validation,
        test_share,
        _models.search(facts, families),
        _acting.calibration(
            facts, engine, settled(metric), settled(threshold), settled(validation), test_percent
        ),
        threshold,
        _acting.imbalance(facts),
        _evaluation.intervals(facts, settled(split), test_percent),
        _evaluation.gate(facts, engine, settled(metric), test_percent),
        _models.tracker(facts, earlier),
    )
