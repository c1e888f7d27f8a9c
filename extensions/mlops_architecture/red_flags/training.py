"""Objections to training and evaluation (2D)."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions
from ..facts import Facts
from ..phases import _metric
from ..phases._columns import n_parameters
from ..phases._evidence import (
    cost_threshold,
    costs_known,
    events_per_parameter,
    expected_test_positives,
    rare_cases,
    recall_half_width,
    tested_as_decided,
)
from ..phases._inputs import counted, number, percent
from ._flag import Found, Severity, red_flag

_ENOUGH = limits.E4_TEST_POSITIVES
_LINES = {"linear", "none"}
_READS_PROBABILITY = {"log_loss", "brier", "expected_cost"}
_SCORES = {"roc_auc", "average_precision", "f1", "f2", "macro_f1", "accuracy"}
"""Metrics of which 1 is perfect, and that no rule reaches by acting on everybody or on nobody."""


@red_flag("RF05", Severity.block, "primary_metric", corrects=True)
def accuracy(facts: Facts, primary_metric: str, training_metric: str) -> Found:
    """Always answering {majority} scores {share} accuracy and finds none of the {missed}. The
    metric is now {metric}."""
    if primary_metric != "accuracy" or facts.minority_share is None:
        return False
    decides = training_metric.endswith("at_capacity") or training_metric == "expected_cost"
    return (bool(_metric.accuracy_misleads(facts)) or decides) and {
        "majority": repr(_metric.majority(facts)),
        "share": percent(_metric.majority_share(facts)),
        "missed": f"{facts.n_positive:,}",
        "metric": _metric.metric_name(training_metric),
    }


@red_flag("RF42", Severity.block, "primary_metric", corrects=True)
def percentage_error_at_zero(facts: Facts, primary_metric: str, target: str) -> Found:
    """MAPE explodes at zero, and {target} comes as near as {nearest}. WAPE instead."""
    nearest = _metric.nearest_to_zero(facts)
    return primary_metric == "mape" and nearest is not None and {"nearest": number(nearest)}


@red_flag("RF07", Severity.justify, "baseline_kind", "MLTS", about_absence=True)
def no_baseline(baseline_kind: str, horizon: str, rows: int) -> Found:
    """{rows:,} rows and nothing to beat means nothing to claim: a dummy and a linear baseline
    were added. Say what decides today."""
    return horizon != "learning" and baseline_kind == "none"


@red_flag("RF40", Severity.justify, "baseline_value", "KAPOOR")
def too_good(facts: Facts, primary_metric: str, baseline_value: float | None) -> Found:
    """{metric} of {value} today is a leak until proven otherwise. Say on which rows it was
    measured."""
    if primary_metric not in _SCORES or facts.baseline_kind == "none" or baseline_value is None:
        return False
    for_nothing = _metric.majority_share(facts) if primary_metric == "accuracy" else 0.0
    good = limits.E12_TOO_GOOD_AUC <= baseline_value <= 1 and baseline_value > for_nothing
    return good and {
        "metric": _metric.metric_name(primary_metric),
        "value": f"{baseline_value:.3g}",
    }


@red_flag("RF12", Severity.block, "training_candidates", "VDP")
def too_few_events(facts: Facts, training_candidates: str) -> Found:
    """{cases} for {parameters}: only a penalised linear model is defensible."""
    few = facts.problem_type != "regression" and facts.n_positive < limits.E2_FEWEST_POSITIVES
    return few and training_candidates not in _LINES and _events(facts)


@red_flag("RF12", Severity.justify, "training_candidates", "VDP")
def few_events(facts: Facts, training_candidates: str) -> Found:
    """{cases} for {parameters} ({each} each): only a penalised linear model is defensible."""
    few = (
        facts.n_positive >= limits.E2_FEWEST_POSITIVES
        and events_per_parameter(facts) < limits.E2_LINEAR_EVENTS
    )
    return few and training_candidates not in _LINES and _events(facts)


@red_flag("RF13", Severity.block, "training_candidates", "GRIN", waivable=True)
def deep_learning(facts: Facts, training_candidates: str) -> Found:
    """At {rows} rows boosted trees win or tie for less. Show the win first."""
    rows = facts.labelled_rows
    small = rows < limits.E2_DEEP_ROWS or facts.n_positive < limits.E2_DEEP_POSITIVES
    return training_candidates == "deep" and small and {"rows": f"{rows:,}"}


@red_flag("RF33", Severity.block, "training_candidates", "TABPFN-L", waivable=True)
def licence(training_candidates: str, horizon: str) -> Found:
    """Weights of TabPFN from 2.5 on are non-commercial, outputs included. Use the v2 weights or
    buy a licence."""
    return training_candidates == "tabpfn" and horizon == "production"


@red_flag("RF31", Severity.block, "training_candidates", "REGB")
def credit_without_reasons(regulations: tuple[str, ...], training_candidates: str) -> Found:
    """Regulation B asks for specific reasons at each denial. Choose the penalised linear
    model, an EBM, or both."""
    return "ecoa" in regulations and training_candidates not in {*_LINES, "ebm", "linear_ebm"}


@red_flag("RF09", Severity.block, "training_split", "RULES", "KAPOOR")
def random_split(temporal: bool, event_time: str, training_split: str) -> Found:
    """You will predict the future but test on the past. Split by {event_time}."""
    return temporal and not training_split.startswith("forward")


@red_flag("RF10", Severity.block, "training_split", "KAPOOR")
def entity_overlap(unseen_entities: bool, entity_key: str, training_split: str) -> Found:
    """The same {entity_key} is in train and test; you are testing memory. Split by
    {entity_key}."""
    return bool(unseen_entities and entity_key) and "grouped" not in training_split


@red_flag("RF28", Severity.block, "training_validation", "KAPOOR")
def test_reuse(training_validation: str, rows: int) -> Found:
    """The test part would be used to choose; it no longer tests. {rows:,} rows have room for
    both."""
    return training_validation == "test"


@red_flag("RF11", Severity.block, "test positives", "COLLINS", waivable=True)
def hardly_a_test(facts: Facts, decisions: Decisions) -> Found:
    """{cases} in the test: recall is known to ±{width} points. No promotion can rest on that."""
    cases = _test_positives(facts, decisions)
    few = _is_classed(facts) and cases < limits.E4_HOPELESS_TEST_POSITIVES
    return few and _test(facts, cases) | _rarest(facts, cases)


@red_flag("RF11", Severity.warn, "test positives", "COLLINS")
def small_test(facts: Facts, decisions: Decisions) -> Found:
    """{cases} in the test: {measure} is known to ±{width} points. Small gains will not be seen."""
    found, positives = tested_as_decided(facts, decisions), _test_positives(facts, decisions)
    small = positives >= limits.E4_HOPELESS_TEST_POSITIVES and found.cases < _ENOUGH
    said = {"cases": found.said, "measure": found.measure}
    return _is_classed(facts) and small and _test(facts, found.cases) | said


@red_flag("RF48", Severity.justify, "training_calibration", "ELKAN", "SKL")
def uncalibrated_costs(facts: Facts, training_calibration: str, training_threshold: str) -> Found:
    """A cost threshold reads probabilities, and scores of {rows} rows would be none. Calibrate,
    or say why they can be trusted."""
    raw = training_calibration == "none" and training_threshold == "cost"
    return raw and costs_known(facts) and {"rows": f"{facts.rows:,}"}


@red_flag("RF54", Severity.justify, "training_threshold", "ELKAN")
def half_despite_costs(facts: Facts, training_threshold: str) -> Found:
    """One half takes both errors as equal, but a false alarm costs {alarm} and a miss {miss}. Act
    above {pays}, where it pays."""
    pays = cost_threshold(facts)
    if training_threshold != "half" or pays is None or number(pays) == number(limits.E8_HALF):
        return False
    return _costs(facts) | {"pays": number(pays)}


@red_flag("RF56", Severity.justify, "save_rate", "ELKAN")
def acting_never_pays(facts: Facts, problem_type: str, save_rate: float) -> Found:
    """Acting costs {alarm} and saves {saved} × {miss} at best: it never pays, even on a certain
    case. Correct the numbers, or say what else acting earns."""
    lost = problem_type == "binary" and (cost_threshold(facts) or 0) >= 1
    return lost and _costs(facts) | {"saved": number(save_rate)}


@red_flag("RF27", Severity.justify, "training_imbalance", "VDG", "CARR")
def resampling(
    facts: Facts, training_imbalance: str, training_metric: str, training_threshold: str
) -> Found:
    """Resampling {share} positives breaks the probabilities and adds no AUC. Move the
    threshold."""
    used = training_metric in _READS_PROBABILITY or training_threshold == "cost"
    share = percent(facts.positive_rate or 0.0)
    return training_imbalance == "resample" and used and {"share": share}


@red_flag("RF41", Severity.block, "training_gate")
def gain_inside_noise(facts: Facts, decisions: Decisions, training_gate: str) -> Found:
    """On {cases} a gain whose interval includes 0 is no improvement. Promotion needs the
    interval."""
    found = tested_as_decided(facts, decisions)
    return training_gate == "better_number" and {"cases": found.said}


def _costs(facts: Facts) -> dict[str, object]:
    return {
        "alarm": number(facts.cost_false_positive or 0),
        "miss": number(facts.cost_false_negative or 0),
    }


def _is_classed(facts: Facts) -> bool:
    return facts.problem_type != "regression"


def _test_positives(facts: Facts, decisions: Decisions) -> int:
    share = int(decisions["training_test_share"])
    return expected_test_positives(facts, decisions["data_engine"], share)


def _test(facts: Facts, positives: int) -> dict[str, object]:
    width = f"{100 * recall_half_width(positives):.1f}"
    return {"cases": rare_cases(facts, positives), "width": width}


def _rarest(facts: Facts, cases: int) -> dict[str, object]:
    """Of many classes the rarest is named, with its rows: one can do without it."""
    shares = facts.profile.share_of if facts.profile else {}
    if facts.problem_type != "multiclass" or not shares:
        return {}
    name = min(shares, key=lambda each: shares[each])
    rows = counted(round(shares[name] * facts.labelled_rows), "row")
    return {"cases": f"Class {name!r} has {rows} (merge or drop it), {cases:,}"}


def _events(facts: Facts) -> dict[str, object]:
    rows = counted(facts.n_positive, "row")
    return {
        "cases": rare_cases(facts, facts.n_positive) if _is_classed(facts) else rows,
        "parameters": counted(n_parameters(facts), "parameter"),
        "each": number(events_per_parameter(facts)),
    }
