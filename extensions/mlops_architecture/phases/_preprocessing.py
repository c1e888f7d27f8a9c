"""How features are prepared for each model family: rules D1 to D4."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import ColumnProfile, Facts
from ._columns import (
    doubtful_columns,
    excluded_columns,
    feature_columns,
    is_category,
    is_numeric,
    n_features,
)
from ._inputs import counted, inputs, listed, marked, number, others, percent, spelled

SCALING: tuple[Option, ...] = (
    Option(value="standard", label="Standard scaling for the linear family, none for trees"),
    Option(value="robust", label="Robust scaling for the linear family, none for trees"),
    Option(value="power", label="Power transform for the linear family, none for trees"),
    Option(value="none", label="No scaling"),
)
ENCODING: tuple[Option, ...] = (
    Option(value="by_cardinality", label="By the number of levels: one-hot, grouped, target"),
    Option(value="onehot", label="One-hot, rare levels grouped"),
    Option(value="target", label="Cross-fitted target encoding"),
)
MISSING: tuple[Option, ...] = (
    Option(value="median_indicator", label="Median and indicator; trees keep the gap"),
    Option(value="median", label="Median; trees keep the gap"),
    Option(value="native", label="Left as they are: for tree models alone"),
)
SELECTION: tuple[Option, ...] = (
    Option(value="drop_useless", label="Columns that cannot help are dropped, no other search"),
    Option(value="l1", label="Useless columns dropped, and an L1 penalty on the linear model"),
)

_TOP = f"top {percent(limits.D1_TOP_SHARE)}"


def scaling(facts: Facts) -> Proposal:
    """Rule D1: the linear family only; splits of a tree do not change under scaling."""
    numeric = tuple(column for column in feature_columns(facts) if is_numeric(column))
    heavy = tuple(column for column in numeric if _has_heavy_tail(column))
    count = len(numeric) if facts.profile else facts.n_numeric
    value = "none" if count == 0 else "power" if heavy else "standard"
    columns = marked(facts, "n_numeric", f"{count} numeric")
    noun = "column" if count == 1 else "columns"
    return Proposal(
        decision="feature_scaling",
        value=value,
        reason={
            "none": f"None of the {counted(n_features(facts), 'feature')} is a number: nothing to "
            "scale.",
            "power": f"{len(heavy)} of {columns} {noun} {'has' if len(heavy) == 1 else 'have'} "
            f"heavy tails ({_tails(heavy)}): a power transform keeps the linear fit from chasing "
            "them, where validation shows it. LightGBM needs none.",
            "standard": f"{columns} {noun}{_tameness(numeric)}: one scale for the linear model's "
            "penalty. LightGBM splits on order and needs none.",
        }[value],
        rule="D1",
        references=("SKL",),
        alternatives=others(
            SCALING,
            value,
            {
                "standard": f"{listed(_names(heavy))} would pull the linear fit."
                if heavy
                else "There is no number to scale.",
                "robust": "Right where outliers are errors; nobody has said that they are.",
                "power": f"No tail among {counted(count, 'numeric column')} asks for it.",
                "none": f"The penalty would weigh {counted(count, 'column')} by their units.",
            },
        ),
        changes_if={
            "power": ("the tail is the signal", "the outliers are errors: robust scaling"),
            "standard": (
                f"a skewness passes {limits.D1_SKEWNESS}, or a {_TOP} passes "
                f"{limits.D1_TAIL_RATIO}× the median",
            ),
            "none": ("a numeric column is added",),
        }[value],
        inputs=inputs(facts, "n_numeric"),
    )


def _has_heavy_tail(column: ColumnProfile) -> bool:
    """More than a flag, skewed or with a top far beyond the median."""
    return column.distinct > 2 and (
        abs(column.skewness or 0.0) > limits.D1_SKEWNESS
        or (column.tail_ratio or 0.0) > limits.D1_TAIL_RATIO
    )


def _tails(heavy: tuple[ColumnProfile, ...]) -> str:
    described = tuple(
        f"{column.name} skewness {number(column.skewness)}"
        if abs(column.skewness or 0.0) > limits.D1_SKEWNESS and column.skewness is not None
        else f"{column.name} {_TOP} at {number(column.tail_ratio or 0.0)}× the median"
        for column in heavy
    )
    return listed(described, most=2)


def _tameness(numeric: tuple[ColumnProfile, ...]) -> str:
    measured = [abs(column.skewness) for column in numeric if column.skewness is not None]
    if not measured:
        return ", taken as tame until measured"
    return f", none with a heavy tail (largest skewness {number(max(measured))})"


def _names(columns: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def encoding(facts: Facts) -> Proposal:
    """Rule D2: by levels; where each decision is explained, every level keeps its name."""
    categories = tuple(column for column in feature_columns(facts) if is_category(column))
    many = _many_levelled(categories)
    value = "onehot" if many and facts.explains_each_decision else "by_cardinality"
    return Proposal(
        decision="feature_encoding",
        value=value,
        reason=(
            f"Each decision needs its reasons, and {listed(_with_levels(many))} would hide them in "
            "target codes: one-hot, rare levels grouped, keeps every coefficient named."
            if value == "onehot"
            else _bands(facts, categories)
        ),
        rule="D2",
        references=("SKL",),
        alternatives=others(
            ENCODING,
            value,
            {
                "by_cardinality": "Target codes of many levels cannot be explained case by case.",
                "onehot": f"{listed(_with_levels(many))} would become a column per level."
                if many
                else f"Does the same below {limits.D2_ONE_HOT_LEVELS + 1} levels and breaks past "
                f"{limits.D2_GROUPED_LEVELS}.",
                "target": f"Hides the levels that {limits.D2_GROUPED_LEVELS} or fewer can show.",
            },
        ),
        changes_if=(
            "a category has a known order: write it down and use ordinal codes",
            f"levels have under {limits.D2_ROWS_PER_LEVEL} rows on average: group by hand",
            "levels keep appearing at serving: hashing, unless reasons are owed",
        ),
        inputs=inputs(facts, "n_categorical", "interpretability"),
    )


def _many_levelled(categories: tuple[ColumnProfile, ...]) -> tuple[ColumnProfile, ...]:
    return tuple(column for column in categories if column.distinct > limits.D2_GROUPED_LEVELS)


def _bands(facts: Facts, categories: tuple[ColumnProfile, ...]) -> str:
    if facts.profile is None:
        columns = marked(facts, "n_categorical", counted(facts.n_categorical, "categorical column"))
        return (
            f"{columns}: one-hot up to {limits.D2_ONE_HOT_LEVELS} levels, rare ones grouped up to "
            f"{limits.D2_GROUPED_LEVELS}, cross-fitted target codes beyond. LightGBM takes ordinal "
            "codes."
        )
    few = sum(column.distinct <= limits.D2_ONE_HOT_LEVELS for column in categories)
    many = _many_levelled(categories)
    grouped = len(categories) - few - len(many)
    parts = (
        f"{few} of at most {limits.D2_ONE_HOT_LEVELS} levels one-hot" if few else "",
        f"{grouped} with rare levels grouped" if grouped else "",
        f"{listed(_with_levels(many))} cross-fitted target codes" if many else "",
    )
    done = "; ".join(part for part in parts if part) or "nothing to encode"
    columns = counted(len(categories), "categorical column")
    return f"{columns}: {done}. LightGBM takes ordinal codes."


def _with_levels(columns: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    return tuple(f"{column.name} ({column.distinct:,} levels)" for column in columns)


def missing(facts: Facts) -> Proposal:
    """Rule D3: indicators where enough is missing; unmeasured columns get them too."""
    numeric = tuple(column for column in feature_columns(facts) if is_numeric(column))
    gaps = tuple(column for column in numeric if column.missing)
    wide = tuple(column for column in gaps if column.missing_share >= limits.D3_INDICATOR_SHARE)
    value = "median_indicator" if wide or facts.profile is None else "median"
    return Proposal(
        decision="feature_missing",
        value=value,
        reason=_gaps(facts, gaps, wide),
        rule="D3",
        references=("PL", "SKL"),
        alternatives=others(
            MISSING,
            value,
            {
                "median_indicator": f"No numeric column lacks "
                f"{percent(limits.D3_INDICATOR_SHARE)}, too little to estimate an indicator.",
                "median": f"Hides where {listed(_names(wide)) or 'values'} are missing, which is "
                "often the signal.",
                "native": f"The linear baseline on {facts.target} cannot take a missing value.",
            },
        ),
        changes_if=(
            "values are missing at random, provably: the median alone",
            f"an indicator's own AUC stays under {limits.D3_USELESS_INDICATOR_AUC}: drop it",
            "inference is the aim, not prediction: iterative imputation",
        ),
        inputs=inputs(facts, "n_numeric", "rows"),
    )


def _gaps(facts: Facts, gaps: tuple[ColumnProfile, ...], wide: tuple[ColumnProfile, ...]) -> str:
    few = percent(limits.D3_INDICATOR_SHARE)
    if facts.profile is None:
        columns = marked(facts, "n_numeric", counted(facts.n_numeric, "numeric column"))
        return (
            f"Nobody has counted the gaps in {columns}: median and indicator from {few} missing, a "
            'level "missing" for categories; LightGBM keeps NaN.'
        )
    if wide:
        shares = tuple(f"{column.name} {percent(column.missing_share)}" for column in wide)
        mostly = tuple(c for c in wide if c.missing_share >= limits.D3_MOSTLY_MISSING)
        absence = f" In {listed(_names(mostly))}, absence may be the signal." if mostly else ""
        return (
            f"Missing: {listed(shares)}. The linear model gets median and indicator, LightGBM "
            f"the gap itself.{absence}"
        )
    if gaps:
        counts = tuple(f"{column.name} {column.missing:,}" for column in gaps)
        return (
            f"Missing of {facts.rows:,} rows: {listed(counts)}, under {few} each: the median, "
            "since an indicator could not be estimated. LightGBM keeps the gap."
        )
    return (
        f"0 of {facts.rows:,} rows lack a number today; the median waits for the first that does "
        "at scoring, and LightGBM takes it as it is."
    )


def selection(facts: Facts) -> Proposal:
    """Rule D4: useless columns always go; L1 where features outnumber what positives bear."""
    count, limit = n_features(facts), facts.n_positive / limits.D4_CASES_PER_FEATURE
    value = "l1" if count > limit else "drop_useless"
    regression = facts.problem_type == "regression"
    cases = counted(facts.n_positive, "row" if regression else "case")
    ratio = f"{counted(count, 'feature')} for {cases}{'' if regression else ' of the rarer class'}"
    verdict = (
        f"more than one in {spelled(limits.D4_CASES_PER_FEATURE)}, so an L1 penalty makes each pay"
        if value == "l1"
        else f"no more than one in {spelled(limits.D4_CASES_PER_FEATURE)}, so no automated "
        "selection"
    )
    return Proposal(
        decision="feature_selection",
        value=value,
        reason=f"{ratio}: {verdict}.{_dropped(facts)}",
        rule="D4",
        references=("MLTS",) if value == "l1" else ("MLTS", "KAPOOR"),
        alternatives=others(
            SELECTION,
            value,
            {
                "drop_useless": f"{counted(count, 'feature')} on {cases} would overfit.",
                "l1": f"{counted(count, 'feature')}: under {number(limit)}; trees ignore noise "
                "anyway.",
            },
        ),
        changes_if=(
            "each feature has a cost at serving",
            f"features pass {number(limit)}" if value == "drop_useless" else "cases are collected",
        ),
        inputs=inputs(facts, "n_positive", "n_numeric", "n_categorical", "post_outcome_columns"),
    )


def _dropped(facts: Facts) -> str:
    excluded, doubtful = excluded_columns(facts), doubtful_columns(facts)
    named = tuple(name for name, _ in excluded)
    gone = f" Dropped: {listed(named, most=5)}." if named else ""
    if not doubtful:
        return gone
    (strongest, why), *rest = doubtful
    return f"{gone} Look at {listed((f'{strongest} ({why})', *(name for name, _ in rest)))}."
