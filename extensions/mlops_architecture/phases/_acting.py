"""From scores to actions: calibration and threshold (rules E6 to E8)."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import Facts
from ._evidence import (
    capacity_binds,
    capacity_share,
    capacity_waits,
    cost_threshold,
    costs_known,
    rows_per_period,
    training_positives,
    training_rows,
)
from ._inputs import inputs, number, others, percent
from ._metric import metric_name

CALIBRATION: tuple[Option, ...] = (
    Option(value="sigmoid", label="Sigmoid: two numbers"),
    Option(value="isotonic", label="Isotonic: a table of steps"),
    Option(value="none", label="None: scores rank, they are no probabilities"),
)
IMBALANCE: tuple[Option, ...] = (
    Option(value="none", label="No resampling: the threshold moves instead"),
    Option(value="resample", label="SMOTE, over- or undersampling", built=False),
)
_AS_THEY_ARE = {
    "training_calibration": {
        "multiclass": "None: each class has the model's own probability",
        "regression": "None: a number is no probability",
    },
    "training_imbalance": {
        "multiclass": "No resampling: the classes as they come",
        "regression": "No resampling: a number has no classes",
    },
}
"""How `none` reads where there is no single score, and so no threshold."""
THRESHOLD: tuple[Option, ...] = (
    Option(value="cost", label="Where acting begins to pay"),
    Option(value="capacity", label="The top cases that can be acted on"),
    Option(value="tuned", label="Tuned on validation rows for F1"),
    Option(value="half", label="One half"),
    Option(value="none", label="None: values or the most likely class"),
)


def allowed_calibrations(facts: Facts) -> tuple[Option, ...]:
    """Calibration maps one score; only two classes have one."""
    if facts.problem_type == "binary":
        return CALIBRATION
    return (_as_they_are("training_calibration", facts),)


def allowed_thresholds(facts: Facts) -> tuple[Option, ...]:
    """Thresholds for which the numbers are known."""
    binary = facts.problem_type == "binary"
    possible = {
        "cost": binary and costs_known(facts),
        "capacity": binary and bool(capacity_share(facts)),
        "tuned": binary,
        "half": binary,
        "none": not binary,
    }
    return tuple(option for option in THRESHOLD if possible[str(option.value)])


def allowed_imbalances(facts: Facts) -> tuple[Option, ...]:
    """Only classes can be resampled."""
    if facts.problem_type == "binary":
        return IMBALANCE
    resampled = IMBALANCE[1:] if facts.problem_type == "multiclass" else ()
    return (_as_they_are("training_imbalance", facts), *resampled)


def _as_they_are(decision: str, facts: Facts) -> Option:
    return Option(value="none", label=_AS_THEY_ARE[decision][facts.problem_type])


def imbalance(facts: Facts) -> Proposal:
    """Rule E6: never resample; the threshold moves, and the probabilities stay true."""
    share = _positive_share(facts)
    instead = "; the threshold moves instead" if facts.problem_type == "binary" else ""
    return Proposal(
        decision="training_imbalance",
        value="none",
        reason=(
            f"{facts.rows:,} rows of a number have no classes to balance."
            if facts.problem_type == "regression"
            else f"{facts.n_positive:,} of {facts.rows:,} rows are of the rarer class: resampling "
            f"gains no AUC and breaks the probabilities{instead}."
        ),
        rule="E6",
        references=() if facts.problem_type == "regression" else ("VDG", "CARR"),
        alternatives=others(
            allowed_imbalances(facts),
            "none",
            {"resample": f"Scores would no longer be probabilities at {share} positive."},
        ),
        changes_if=("only a ranking is used and training is too slow: subsample the negatives",),
        inputs=inputs(facts, "rows", "n_positive", "problem_type"),
    )


def calibration(
    facts: Facts, engine: str, metric: str, threshold: str, validation: str, test_percent: int
) -> Proposal:
    """Rule E7: where a probability or a cost is used; isotonic only with rows to spare."""
    held_out = limits.E4_VALIDATION_SHARE
    share = 1 - test_percent / 100 if validation == "cross_validation" else held_out
    rows = round(training_rows(facts, engine) * share)
    positives = round(training_positives(facts, engine) * share)
    few = rows < limits.E7_ISOTONIC_ROWS or positives < limits.E7_ISOTONIC_POSITIVES
    enough = f"{limits.E7_ISOTONIC_ROWS:,} rows", f"{limits.E7_ISOTONIC_POSITIVES} positives"
    probability = metric in {"expected_cost", "log_loss", "brier"}
    used = probability or threshold == "cost" or costs_known(facts)
    value, why = "none", f"{metric_name(metric)} only ranks, and no cost reads a probability"
    if facts.problem_type != "binary":
        why = f"a {facts.problem_type} of {facts.target} has no single score to map"
    elif used and few:
        value, why = "sigmoid", f"under {' or '.join(enough)}, isotonic would fit noise"
    elif used and threshold == "capacity":
        value, why = "sigmoid", "isotonic's steps would tie scores at the edge of the capacity"
    elif used:
        value, why = "isotonic", f"at least {' and '.join(enough)}, any shape can be learned"
    ready = f"{rows:,} calibration rows with {positives:,} of the rarer class"
    return Proposal(
        decision="training_calibration",
        value=value,
        reason=f"{facts.rows:,} rows, but {why}." if value == "none" else f"{ready}: {why}.",
        rule="E7",
        references=("SKL",),
        alternatives=others(
            allowed_calibrations(facts),
            value,
            {
                "sigmoid": "Only an S-shape, and there are rows for any shape."
                if used
                else f"{metric_name(metric)} reads no probability.",
                "isotonic": f"{ready}: steps would tie or overfit."
                if used
                else f"Its steps would tie scores; {metric_name(metric)} reads their order.",
                "none": "A cost or a probability is read from the score.",
            },
        ),
        changes_if=(
            f"the calibration slope lies in {limits.E7_LEAST_SLOPE} to {limits.E7_MOST_SLOPE} "
            "already",
        )
        if used
        else ("somebody reads the score as a probability",),
        inputs=inputs(facts, "rows", "n_positive", "consumption"),
    )


def threshold(facts: Facts, metric: str) -> Proposal:
    """Rules E6 and E8: follows the metric; no resampling, the threshold moves instead."""
    value = _threshold_for(facts, metric)
    return Proposal(
        decision="training_threshold",
        value=value,
        reason=_why_threshold(facts, value),
        rule="E6, E8" if facts.imbalanced and facts.problem_type == "binary" else "E8",
        references=_threshold_references(facts, value),
        alternatives=others(
            allowed_thresholds(facts),
            value,
            {
                "cost": "Marks who pays off; the capacity may be smaller or larger.",
                "capacity": f"Acts on {number(facts.capacity or 0)} whether it pays or not.",
                "tuned": "Prices errors by F1, and better numbers are stated.",
                "half": f"Takes both errors as equal at {_positive_share(facts)} positive.",
            },
        ),
        changes_if={
            "cost": ("costs vary from case to case", "a capacity binds"),
            "capacity": ("the capacity becomes elastic: the cost threshold",),
            "tuned": ("costs or a capacity become known",),
            "half": (),
            "none": ("the target becomes a yes or no",),
        }[value],
        inputs=inputs(facts, "capacity", "rows", "cost_false_positive", "cost_false_negative",
                      "save_rate", "positive_rate"),
    )  # fmt: skip


def _threshold_for(facts: Facts, metric: str) -> str:
    if facts.problem_type != "binary":
        return "none"
    at_capacity = metric.endswith("at_capacity") and capacity_share(facts)
    if at_capacity or (capacity_binds(facts) and metric != "expected_cost"):
        return "capacity"
    return "cost" if costs_known(facts) else "tuned"


def _positive_share(facts: Facts) -> str:
    return percent(facts.positive_rate) if facts.positive_rate is not None else "an unknown share"


def _why_threshold(facts: Facts, value: str) -> str:
    if value == "none":
        return f"{facts.rows:,} rows of a {facts.problem_type} target: no yes or no to cut."
    resampling = (
        f" With {_positive_share(facts)} positive it moves; resampling breaks probabilities."
        if facts.imbalanced
        else ""
    )
    if value == "capacity":
        return (
            f"The top {percent(capacity_share(facts) or 1)}: {facts.capacity:,} of "
            f"{rows_per_period(facts):,} per period.{_beside(facts)}{resampling}"
        )
    waits = f"Capacity {facts.capacity:,} waits for a table. " if capacity_waits(facts) else ""
    if value == "cost":
        return f"{waits}{_formula(facts)}.{resampling}"
    return (
        f"{waits}No cost is known for {facts.rows:,} rows, {_positive_share(facts)} positive: the "
        f"threshold is tuned on validation rows for F1.{resampling}"
    )


def _formula(facts: Facts) -> str:
    threshold = cost_threshold(facts) or 0.0
    alarm, miss = (number(cost or 0) for cost in (facts.cost_false_positive,
                                                  facts.cost_false_negative))  # fmt: skip
    if facts.save_rate >= 1:
        return f"Acting pays above {threshold:.2f} = {alarm} / ({alarm} + {miss})"
    saved = number(facts.save_rate)
    if threshold >= 1:
        return f"Acting at {alarm} never pays: it saves {saved} × {miss} at best"
    return f"Acting pays above {threshold:.2f} = {alarm} / ({saved} × {miss})"


def _beside(facts: Facts) -> str:
    """The cost threshold, shown beside the capacity that outranks it."""
    return f" {_formula(facts)}, shown beside it." if costs_known(facts) else ""


def _threshold_references(facts: Facts, value: str) -> tuple[str, ...]:
    costs = ("ELKAN",) if costs_known(facts) and value != "none" else ()
    imbalance = ("VDG", "CARR") if facts.imbalanced and value != "none" else ()
    return (*costs, *imbalance) or ("SKL",)
