"""Rule E3: the metric that selects a model. Capacity first, then costs, then log loss."""

from __future__ import annotations

from fractions import Fraction

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
)
from ._inputs import inputs, marked, number, others, percent
from ._pace import scored

_COST_CASES = f"{limits.E3_COST_CASES:,} cases"
METRIC: tuple[Option, ...] = (
    Option(value="expected_cost", label=f"Expected cost per {_COST_CASES}"),
    Option(value="precision_at_capacity", label="Precision among those acted on"),
    Option(value="recall_at_capacity", label="Recall among those acted on"),
    Option(value="log_loss", label="Log loss"),
    Option(value="brier", label="Brier score"),
    Option(value="average_precision", label="Average precision"),
    Option(value="roc_auc", label="ROC AUC"),
    Option(value="f1", label="F1"),
    Option(value="f2", label="F2: recall weighs more"),
    Option(value="macro_f1", label="Macro F1: every class weighs the same"),
    Option(value="mae", label="Mean absolute error"),
    Option(value="rmse", label="Root mean squared error"),
    Option(value="wape", label="Weighted absolute percentage error"),
    Option(value="pinball", label="Pinball loss"),
)

_BINARY = ("log_loss", "brier", "average_precision", "roc_auc", "f1", "f2")
_MULTICLASS = ("macro_f1", "log_loss")
_REGRESSION = ("mae", "rmse", "wape", "pinball")
_NAMES = {
    "brier": "Brier score", "roc_auc": "ROC AUC", "f1": "F1", "f2": "F2", "macro_f1": "macro F1",
    "mae": "MAE", "rmse": "RMSE", "wape": "WAPE", "pinball": "pinball loss", "mape": "MAPE",
    "precision_at_k": "precision at k",
}  # fmt: skip
_ROUNDING = 1e-9
"""A ratio of costs that equals a limit but for its last digit still lies within."""
_INSTEAD = {
    "recall": "f2", "precision": "f1", "precision_at_k": "average_precision", "macro_f1": "f1",
    "r2": "rmse", "rmsle": "mae", "mape": "wape",
}  # fmt: skip
_STATED_REASON = {
    "recall": "recall alone is maximised by acting on all, so F2 keeps a price on false alarms",
    "precision": "precision alone is maximised by acting once, so F1 keeps recall in it",
    "precision_at_k": "its k is not known, so average precision stands for every k",
    "macro_f1": "with two classes, F1 of the rarer one says it more plainly",
    "r2": "R² ranks models as RMSE does, and RMSE has a unit",
    "mape": "it divides by the total instead",
    "rmsle": "logs hide the unit, so MAE stands, with the logarithm left to the target",
    "average_precision": "fit for picking from the top of one population, with ROC AUC beside",
    "roc_auc": "it ranks all pairs, and average precision is reported beside it",
    "f1": "it prices errors by formula until you know their costs",
    "f2": "it takes a miss as dearer, until you know the costs",
    "log_loss": "it scores the probability itself, with Brier and calibration beside",
    "brier": "it scores the probability itself, with log loss and calibration beside",
}


def metric_name(value: str) -> str:
    """A metric's name within a sentence: `roc_auc` → `ROC AUC`, `log_loss` → `log loss`."""
    return _NAMES.get(value, value.replace("_", " "))


def allowed_metrics(facts: Facts) -> tuple[Option, ...]:
    """Metrics that fit the problem and for which the numbers are known."""
    names = {"binary": _BINARY, "multiclass": _MULTICLASS, "regression": _REGRESSION}
    fitting = set(names[facts.problem_type])
    if facts.problem_type == "binary":
        if costs_known(facts):
            fitting |= {"expected_cost"}
        if capacity_share(facts):
            fitting |= {"precision_at_capacity", "recall_at_capacity"}
    return tuple(option for option in METRIC if option.value in fitting)


def metric(facts: Facts) -> Proposal:
    """Rule E3; the stated metric is challenged with the numbers it would hide."""
    choose = {"binary": _binary, "multiclass": _multiclass, "regression": _regression}
    value, why = choose[facts.problem_type](facts)
    challenge = _challenge(facts)
    waits = "" if challenge or facts.problem_type != "binary" else capacity_waits(facts)
    if not challenge.endswith("but "):
        why = why[:1].upper() + why[1:]
    return Proposal(
        decision="training_metric",
        value=value,
        reason=challenge + why + waits,
        rule="E3",
        references=_REFERENCES.get(value, ()),
        alternatives=others(allowed_metrics(facts), value, _why_not(facts, value)),
        changes_if=_CHANGES_IF.get(value, ("costs or a capacity become known",)),
        inputs=inputs(
            facts, "primary_metric", "positive_rate", "rows", "capacity", "cost_false_positive",
            "cost_false_negative", "save_rate", "cost_ratio",
        ),
    )  # fmt: skip


_REFERENCES = {"expected_cost": ("ELKAN",), "average_precision": ("MCD",), "roc_auc": ("MCD",)}
_CHANGES_IF = {
    "expected_cost": ("costs vary from case to case: cost per case",
                      "a capacity binds: precision or recall there"),
    "precision_at_capacity": ("the capacity becomes elastic: expected cost",
                              "misses come to dominate: recall at capacity"),
    "recall_at_capacity": ("the capacity becomes elastic: expected cost",
                           "false alarms come to matter: precision at capacity"),
    "macro_f1": ("the costs of confusing each pair of classes become known",),
    "mae": ("large errors cost quadratically: RMSE", "over and under cost differently: pinball",
            "the target is a price: learn its logarithm"),
    "rmse": ("one error twice as large costs twice as much: MAE",),
    "wape": ("errors are paid for in units, not in shares of the total: MAE",),
    "pinball": ("over and under come to cost the same: MAE",),
}  # fmt: skip


def metric_objections(facts: Facts) -> tuple[str, ...]:
    """A sentence against the stated metric where another is proposed; empty where it stands."""
    proposal, stated = metric(facts), facts.primary_metric
    same = {proposal.value, "unsure"}
    if proposal.value == "precision_at_capacity":
        same |= {"precision_at_k"}
    if stated in same:
        return ()
    proposed = metric_name(str(proposal.value))
    return (f"{metric_name(stated)} stated, {proposed} proposed: {proposal.reason}",)


def accuracy_misleads(facts: Facts) -> tuple[str, ...]:
    """Rule E3, first row: grounds on which accuracy is replaced; empty where it may stand."""
    minority, ratio = facts.minority_share, facts.cost_ratio
    grounds = []
    if minority is not None and minority < limits.E3_MINORITY_SHARE:
        grounds.append(f"minority {percent(minority)} < {percent(limits.E3_MINORITY_SHARE)}")
    least, most = limits.E3_LEAST_COST_RATIO, limits.E3_MOST_COST_RATIO
    if ratio is not None and not least - _ROUNDING <= ratio <= most + _ROUNDING:
        limit = f"> {most}" if ratio > most else f"< {Fraction(least).limit_denominator()}"
        grounds.append(f"cost ratio {number(ratio)} {limit}")
    return tuple(grounds)


def _challenge(facts: Facts) -> str:
    """What a stated accuracy or MAPE would hide, in the table's numbers."""
    if facts.problem_type == "regression":
        return f"MAPE {_at_zero(facts)}. " if facts.primary_metric == "mape" else ""
    if facts.primary_metric != "accuracy" or facts.minority_share is None:
        return ""
    missed = f"{facts.n_positive:,}"
    if facts.problem_type == "multiclass":
        return f"Accuracy forgives missing all {missed} of the rarest class. "
    always = f"Always answering {majority(facts)!r} scores {percent(1 - facts.minority_share)}"
    grounds = accuracy_misleads(facts)
    if grounds:
        return f"{always} and finds none of the {missed}: {', '.join(grounds)}. "
    return f"{always} and finds none of the {missed}. {_might_stand(facts)}"


def _might_stand(facts: Facts) -> str:
    """Said honestly: what would let accuracy stand, before the number that does not."""
    ratio = facts.cost_ratio
    if ratio is None:
        return f"Minority {percent(facts.minority_share or 0)} would let accuracy stand; but "
    raw = (facts.cost_false_negative or 0) / (facts.cost_false_positive or 1)
    unsaved = f" ({number(raw)} before the save rate)" if facts.save_rate < 1 else ""
    return (
        f"Minority {percent(facts.minority_share or 0)} and cost ratio {number(ratio)}{unsaved} "
        "would let accuracy stand; but "
    )


def majority(facts: Facts) -> str:
    """The more frequent answer, as the table writes it."""
    profile = facts.profile
    if profile and profile.classes and len(profile.classes) == len(profile.class_shares):
        return max(zip(profile.class_shares, profile.classes, strict=True))[1]
    return "no" if 2 * (facts.positive_rate or 0) <= 1 else "yes"


def majority_share(facts: Facts) -> float:
    """Share of the most frequent answer: what always giving it scores in accuracy."""
    profile = facts.profile
    if profile and profile.class_shares:
        return max(profile.class_shares)
    return 1 - (facts.minority_share or 0.0)


def _at_zero(facts: Facts) -> str:
    nearest = nearest_to_zero(facts)
    if nearest is not None:
        return f"explodes at zero, and {facts.target} comes as near as {number(nearest)}"
    return f"weighs errors on a small {facts.target} above all others"


def nearest_to_zero(facts: Facts) -> float | None:
    """The least size of a target, where that is as good as zero beside the median size."""
    profile = facts.profile
    if profile is None or profile.target_least_size is None or profile.target_median_size is None:
        return None
    near = profile.target_least_size <= limits.E3_NEAR_ZERO_SHARE * profile.target_median_size
    return profile.target_least_size if near else None


def _binary(facts: Facts) -> tuple[str, str]:
    share, stated = capacity_share(facts), facts.primary_metric
    if share and capacity_binds(facts):
        misses = _misses_dominate(facts)
        name = "recall" if misses else "precision"
        because = ", as misses dominate" if misses else ""
        return f"{name}_at_capacity", (
            f"only {facts.capacity:,} of {rows_per_period(facts):,} can be acted on "
            f"({percent(share)}): {name} there is the decision{because}."
        )
    if costs_known(facts):
        return "expected_cost", (
            f"{_costs(facts)}: cost per {_COST_CASES} decides; acting pays above "
            f"{number(cost_threshold(facts) or 0)}."
        )
    value = stated if stated in _BINARY else _INSTEAD.get(stated, "log_loss")
    if value in _BINARY and stated in _STATED_REASON:
        return (
            value,
            f"You named {metric_name(stated)}; {_STATED_REASON[stated]} ({_prevalence(facts)}).",
        )
    return "log_loss", (
        f"no cost and no {'binding ' if facts.capacity else ''}capacity is known for "
        f"{_prevalence(facts)}: log loss scores the probability itself, with Brier and calibration "
        "beside."
    )


def _misses_dominate(facts: Facts) -> bool:
    """Recall was named, or a miss costs many false alarms."""
    named = facts.primary_metric in {"recall", "f2"}
    return named or (facts.cost_ratio or 0.0) >= limits.E3_DOMINANT_COST_RATIO


def _costs(facts: Facts) -> str:
    saved = f" ({percent(facts.save_rate)} saved)" if facts.save_rate < 1 else ""
    alarm = number(facts.cost_false_positive or 0)
    return f"a false alarm costs {alarm}, a miss {number(facts.cost_false_negative or 0)}{saved}"


def _prevalence(facts: Facts) -> str:
    rate = percent(facts.positive_rate) if facts.positive_rate is not None else "an unknown share"
    return f"{facts.labelled_rows:,} rows, {marked(facts, 'positive_rate', f'{rate} positive')}"


def _multiclass(facts: Facts) -> tuple[str, str]:
    profile = facts.profile
    classes = f"{len(profile.classes)} classes" if profile and profile.classes else "every class"
    rarest = f"the rarest {facts.n_positive:,} of {facts.labelled_rows:,} rows"
    if facts.primary_metric in {"log_loss", "brier"}:
        return "log_loss", (
            f"log loss scores the probabilities of {classes} ({rarest}); macro F1 is reported "
            "beside it."
        )
    return "macro_f1", (
        f"macro F1 weighs {classes} alike, {rarest}; log loss is reported beside it."
    )


def _regression(facts: Facts) -> tuple[str, str]:
    stated, ratio = facts.primary_metric, facts.cost_ratio
    subject = f"{facts.labelled_rows:,} rows of {facts.target}{_range(facts)}"
    least, most = limits.E3_LEAST_COST_RATIO, limits.E3_MOST_COST_RATIO
    if ratio is not None and not least <= ratio <= most:
        return "pinball", (
            f"too high costs {number(facts.cost_false_positive or 0)}, too low "
            f"{number(facts.cost_false_negative or 0)}: a ratio of {number(ratio)}, which only "
            "pinball loss counts."
        )
    value = stated if stated in _REGRESSION else _INSTEAD.get(stated, "")
    if value in _REGRESSION:
        why = _STATED_REASON.get(stated, "it is kept, with MAE, RMSE and R² reported beside")
        return value, f"{subject}: {metric_name(value)}, since {why}."
    if facts.use_case == "demand":
        return "wape", f"{subject}: WAPE weighs errors by volume, which demand is paid in."
    return "mae", f"{subject}: MAE reads in its unit, and no single row dominates."


def _range(facts: Facts) -> str:
    profile = facts.profile
    if profile is None or profile.target_minimum is None or profile.target_maximum is None:
        return ""
    return f" ({number(profile.target_minimum)} to {number(profile.target_maximum)})"


def _why_not(facts: Facts, value: str) -> dict[str | int, str]:
    all_rows = scored(facts)
    decides = {
        "expected_cost": "cost",
        "precision_at_capacity": "capacity",
        "recall_at_capacity": "capacity",
    }.get(value, metric_name(value))
    idle = (
        f"A capacity of {number(facts.capacity or 0)} covers all {all_rows}."
        if not capacity_binds(facts)
        else "Ranks the same models"
    )
    return {
        "expected_cost": f"Capacity outranks costs: {number(facts.capacity or 0)} of {all_rows}.",
        "precision_at_capacity": idle
        if not capacity_binds(facts)
        else f"{idle}; misses dominate at this capacity.",
        "recall_at_capacity": idle
        if not capacity_binds(facts)
        else f"{idle}; a false alarm wastes one of the {number(facts.capacity or 0)}.",
        "log_loss": f"Scores all {all_rows} alike; {decides} decides.",
        "brier": "Forgives confident errors more than log loss; reported beside.",
        "average_precision": f"Favours groups with more positives ({_prevalence(facts)}).",
        "roc_auc": f"Ranks all pairs, at no threshold; {decides} decides, AUC is reported beside.",
        "f1": "Prices both errors by formula, at nobody's costs.",
        "f2": "Takes a miss as four times as heavy, at nobody's costs.",
        "macro_f1": "Counts labels only; you asked for probabilities.",
        "mae": f"You asked for more than the size of errors in {facts.target}.",
        "rmse": f"The few largest errors in {facts.target} would decide.",
        "wape": f"{facts.target} is not a volume that adds up.",
        "pinball": "Over and under cost the same, as far as stated.",
    }
