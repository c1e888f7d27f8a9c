"""From columns to numbers: one ColumnTransformer for each model family (rules D1 to D5, D8).

It is fitted on training rows only and travels inside the Pipeline; nothing may transform a row
outside of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils.validation import check_is_fitted

from .contract import Column, Contract
from .errors import FeatureError, SettingsError
from .features import FEATURES, Feature
from .settings import Family, FeatureSettings

MISSING = "missing"
"""The level that stands for an absent text."""
FEW_LEVELS = 15
MANY_LEVELS = 50
GROUP_ROWS, GROUP_SHARE = 20, 0.01
"""Rows, and their share, below which a level is grouped with other rare ones (rule D2)."""
SECONDS = {"hour": 86_400, "weekday": 7 * 86_400, "season": 365.2425 * 86_400}
"""Periods of the calendar cycles, in seconds."""

UNSCALED: tuple[Family, ...] = ("ebm", "lightgbm")
"""Families that split on order: numbers reach them as they are, gaps among them (rules D1, D3)."""

Branch = tuple[str, object, list[str]]


class CalendarFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Hour, weekday and season of times, each as sine and cosine of its cycle.

    Input: (n, k) datetime64 columns. Output: (n, 6 k) floats in [-1, 1], NaN where the time is
    absent. Neither day of month nor year is derived (rule D8): they do not come back.
    """

    def fit(self, X: pd.DataFrame, y: object = None) -> CalendarFeatures:
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        check_is_fitted(self)
        times = X.to_numpy(dtype="datetime64[s]")
        seconds = np.where(np.isnat(times), np.nan, times.astype(np.int64))
        angles = [2 * np.pi * seconds / period for period in SECONDS.values()]
        cycles = [function(angle) for angle in angles for function in (np.sin, np.cos)]
        return np.hstack(cycles)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        return np.asarray(
            [
                f"{column}_{cycle}_{function}"
                for cycle in SECONDS
                for function in ("sin", "cos")
                for column in self.feature_names_in_
            ],
            dtype=object,
        )


class OwnFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What functions of `features.py` compute from the columns.

    Input: (n, k) frame. Output: (n, functions) floats; what is infinite is missing. `transform`
    raises FeatureError if a function fails or does not give one number for each row.
    """

    def __init__(self, functions: tuple[Feature, ...]) -> None:
        self.functions = functions

    def fit(self, X: pd.DataFrame, y: object = None) -> OwnFeatures:
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        check_is_fitted(self)
        values = np.column_stack([_computed(function, X) for function in self.functions])
        return np.where(np.isfinite(values), values, np.nan)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        return np.asarray([function.__name__ for function in self.functions], dtype=object)


def _computed(function: Feature, table: pd.DataFrame) -> np.ndarray:
    try:
        values = np.asarray(function(table), dtype=float)
    except Exception as error:
        raise FeatureError(
            f"{function.__name__} in core/features.py failed ({type(error).__name__}: {error}): "
            "correct it, and run tests/test_features.py."
        ) from error
    if values.shape != (len(table),):
        raise FeatureError(
            f"{function.__name__} in core/features.py gave values of shape {values.shape} for "
            f"{len(table):,} rows: return one number for each row."
        )
    return values


def build_preprocessor(
    contract: Contract,
    settings: FeatureSettings,
    family: Family,
    seed: int,
    own: Sequence[Feature] = FEATURES,
) -> ColumnTransformer:
    """The transformer from a frame of raw columns to a matrix, unfitted.

    `own` are functions of `features.py`. Raises SettingsError if no column is left to learn from.
    """
    branches = _branches(contract, settings, family, seed)
    if own and branches:
        branches.append(_own_branch(contract, settings, family, tuple(own)))
    if not branches:
        raise SettingsError(
            "No feature is left: data/contract.yaml has only times, and features.dates in "
            "configs/training.yaml is none. Set it to calendar, or give a column role: feature."
        )
    return ColumnTransformer(branches, verbose_feature_names_out=True)


def input_columns(contract: Contract, settings: FeatureSettings) -> tuple[str, ...]:
    """Names of the raw columns that the Pipeline reads, in the contract's order."""
    times = set(_times(contract)) if settings.dates == "calendar" else set()
    usable = {column.name for column in contract.features if column.type != "datetime"} | times
    return tuple(column.name for column in contract.columns if column.name in usable)


def source_columns(fitted: ColumnTransformer) -> tuple[str, ...]:
    """The raw column, or function of `features.py`, behind each column of the fitted matrix."""
    return tuple(
        source
        for name, transformer, columns in fitted.transformers_
        if name != "remainder"
        for source in made_from(transformer, list(columns))
    )


def made_from(step: object, columns: list[str]) -> list[str]:
    """The source of each column that a fitted step makes of columns from these sources."""
    if isinstance(step, Pipeline):
        for part in step.named_steps.values():
            columns = made_from(part, columns)
        return columns
    if isinstance(step, OwnFeatures):
        return [function.__name__ for function in step.functions]
    if isinstance(step, CalendarFeatures):
        return 2 * len(SECONDS) * columns
    if isinstance(step, SimpleImputer) and step.indicator_ is not None:
        return columns + [columns[gap] for gap in step.indicator_.features_]
    if isinstance(step, OneHotEncoder):
        grouped = getattr(step, "infrequent_categories_", [None] * len(columns))
        return [
            column
            for column, levels, rare in zip(columns, step.categories_, grouped, strict=True)
            for _ in range(len(levels) - (0 if rare is None else len(rare) - 1))
        ]
    if isinstance(step, TargetEncoder) and step.target_type_ == "multiclass":
        return [column for column in columns for _ in step.classes_]
    return columns


def _branches(
    contract: Contract, settings: FeatureSettings, family: Family, seed: int
) -> list[Branch]:
    numbers = [c.name for c in contract.features if c.numeric or c.type == "boolean"]
    texts = [c for c in contract.features if c.type == "string"]
    times = _times(contract) if settings.dates == "calendar" else []
    if family in UNSCALED:
        branches: list[Branch] = [
            ("number", "passthrough", numbers),
            ("text", _ordinal_codes(family), [c.name for c in texts]),
            ("time", CalendarFeatures(), times),
        ]
    else:
        branches = [
            ("number", _scaled_numbers(settings), numbers),
            *_text_branches(texts, settings, contract, seed),
            ("time", make_pipeline(CalendarFeatures(), _constant(0.0)), times),
        ]
    return [branch for branch in branches if branch[2]]


def _own_branch(
    contract: Contract, settings: FeatureSettings, family: Family, own: tuple[Feature, ...]
) -> Branch:
    features = OwnFeatures(own)
    if family not in UNSCALED:
        features = make_pipeline(features, _scaled_numbers(settings))
    return "own", features, list(input_columns(contract, settings))


def _times(contract: Contract) -> list[str]:
    return [
        c.name
        for c in contract.columns
        if c.type == "datetime" and c.role in ("feature", "event_time")
    ]


def _constant(value: float | str) -> SimpleImputer:
    return SimpleImputer(strategy="constant", fill_value=value, keep_empty_features=True)


def _ordinal_codes(family: Family) -> Pipeline:
    """Codes in alphabetical order; for a level that training has not seen -1.

    For EBM it is missing: as no training row lacks a level, it then adds nothing to a score.
    """
    unknown = np.nan if family == "ebm" else -1
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=unknown)
    return make_pipeline(_constant(MISSING), codes)


def _scaled_numbers(settings: FeatureSettings) -> Pipeline:
    """Median in the gaps, a column saying where the gaps were, one scale (rules D1, D3).

    A value beyond those that training saw counts as the most extreme of them: a linear model
    would carry a mistyped year through to an absurd prediction.
    """
    imputer = SimpleImputer(
        strategy="median",
        add_indicator=settings.missing != "median",
        keep_empty_features=True,
    )
    clip = MinMaxScaler(clip=True)
    steps = {
        "standard": [clip, StandardScaler()],
        "robust": [clip, RobustScaler()],
        "power": [PowerTransformer(standardize=False), clip, StandardScaler()],
        "none": [],
    }
    return make_pipeline(imputer, *steps[settings.scaling])


def _text_branches(
    columns: list[Column], settings: FeatureSettings, contract: Contract, seed: int
) -> list[Branch]:
    """One-hot, one-hot with rare levels grouped, or target encoding, by levels (rule D2)."""
    few: list[str] = []
    some: list[str] = []
    many: list[str] = []
    for column in columns:
        levels = column.distinct or len(column.levels) or MANY_LEVELS + 1
        if settings.encoding == "target" or (
            settings.encoding == "by_cardinality" and levels > MANY_LEVELS
        ):
            many.append(column.name)
        elif levels > FEW_LEVELS:
            some.append(column.name)
        else:
            few.append(column.name)
    grouped = max(GROUP_ROWS, round(GROUP_SHARE * contract.rows))
    folds = KFold(n_splits=5, shuffle=True, random_state=seed)
    kind = "auto" if contract.classification else "continuous"
    encoder = TargetEncoder(target_type=kind, cv=folds)
    target = make_pipeline(_constant(MISSING), encoder, StandardScaler())
    return [
        ("text", _one_hot(None), few),
        ("grouped", _one_hot(grouped), some),
        ("target", target, many),
    ]


def _one_hot(min_frequency: int | None) -> Pipeline:
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=min_frequency)
    return make_pipeline(_constant(MISSING), encoder)
