"""Fitted models and what goes with them as bytes, and back, without a pickle.

A pickle is code that runs when it is opened. A file of skops says what an object is made of, and
nothing is made of it unless all of its types are known: those that skops trusts, those of `KNOWN`,
and the functions of `features.py`.
"""

from __future__ import annotations

import inspect
from typing import Any
from zipfile import ZIP_DEFLATED

from . import features
from .errors import ArtifactError

OURS = (
    "calibration.Calibration",
    "calibration.Threshold",
    "holdout.Holdout",
    "metrics.Predictions",
    "models.TrainedModel",
    "preprocessing.CalendarFeatures",
    "preprocessing.OwnFeatures",
    "search.Trial",
    "split.Split",
    "splitters.Fold",
    "training.CandidateSummary",
    "training.Training",
    "training.TrainingSummary",
)
KNOWN = (
    *(f"{__package__}.{name}" for name in OURS),
    "collections.OrderedDict",
    "interpret.glassbox._ebm._ebm.ExplainableBoostingClassifier",
    "interpret.glassbox._ebm._ebm.ExplainableBoostingRegressor",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "numpy.dtype",
    "sklearn.model_selection._split.KFold",
)
"""Types that a file may hold beside those that skops trusts."""


class UnreadableError(Exception):
    """A file that nothing is made of; `str(error)` says why."""


def written(thing: object) -> bytes:
    """`thing` as a file. Raises ArtifactError if it could not be read again."""
    from skops import io as skops

    content: bytes = skops.dumps(thing, compression=ZIP_DEFLATED)
    if unknown := _unknown(content):
        raise ArtifactError(
            f"A {type(thing).__name__} with {unknown} is not stored, since it could not be read "
            "again: add that name to KNOWN in core/stored.py, if you trust it."
        )
    return content


def read(content: bytes) -> Any:
    """What a file holds. Raises UnreadableError if it is broken, or holds an unknown type."""
    from skops import io as skops

    try:
        if not (unknown := _unknown(content)):
            return skops.loads(content, trusted=_trusted())
    except Exception as problem:  # a broken file fails anywhere
        why = f"{type(problem).__name__}: {problem}"
        raise UnreadableError(f"it is broken, or no file of skops: {why}") from problem
    raise UnreadableError(f"it holds {unknown}, which KNOWN in core/stored.py does not name")


def _unknown(content: bytes) -> str:
    from skops import io as skops

    return ", ".join(sorted({*skops.get_untrusted_types(data=content)} - {*_trusted()}))


def _trusted() -> list[str]:
    """`KNOWN`, and the functions that `features.py` defines."""
    own = [name for name, value in vars(features).items()
           if inspect.isfunction(value) and value.__module__ == features.__name__]  # fmt: skip
    return [*KNOWN, *(f"{features.__name__}.{name}" for name in own)]
