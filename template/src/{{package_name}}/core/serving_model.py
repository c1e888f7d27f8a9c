"""What the service has of a model version: its columns, and the few numbers beside the scores.

Written beside the model's file at promotion; reading it needs neither scikit-learn nor pandas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .calibration import Calibration, Threshold
from .contract import Column, ProblemType
from .yaml_model import StrictModel

CURRENT, DESCRIPTION = "current.json", "model.json"
"""Which version answers, and what there is to know of one."""
Runtime = Literal["onnx", "sklearn"]


class Layout(StrictModel):
    """The model's columns by the input that they go into, each in its order."""

    numbers: tuple[str, ...] = ()
    """Numbers, and 1 or 0 for true and false; missing is NaN."""
    texts: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    """Seconds since 1970 in UTC; missing is NaN."""
    missing_text: str
    """What stands for an absent text."""

    @property
    def kinds(self) -> dict[str, tuple[str, ...]]:
        """The columns by the name of their input."""
        return {"numbers": self.numbers, "texts": self.texts, "times": self.times}


class Explained(StrictModel):
    """How reasons come out of an exported model, which then has a second output."""

    sources: tuple[str, ...]
    """The feature behind each of its columns, which repeat for each score."""
    classes: tuple[int, ...]
    """Codes of the classes that the fit has seen."""
    booster: str = ""
    """The file of the trees that read those columns; none where they are contributions already."""
    booster_sha256: str = ""


class ServedModel(StrictModel):
    """The content of `serving/versions/<n>/model.json`."""

    name: str
    version: int
    runtime: Runtime
    file: str
    """The model's file beside this one."""
    sha256: str = ""
    """Of that file."""
    exported: str
    """What the export was found to be, in one sentence."""
    problem_type: ProblemType
    target: str
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    """What a request holds, as the contract that the model was trained with has it."""
    keys: tuple[str, ...]
    """Columns that name a row, and must hold a value where they are given."""
    layout: Layout
    calibration: Calibration
    threshold: Threshold
    family: str
    explained: Explained | None = None
    """None where an exported model gives no reasons."""
    metric: str = ""
    value: float | None = None
    """The metric on the holdout."""


class Current(StrictModel):
    """The content of `serving/current.json`: which version answers requests."""

    version: int
    sha256: str
    """Of the version's `model.json`."""


def served_from(root: Path) -> Path:
    """Where the service of the project in `root` finds its files."""
    return root / "serving"


def segments_folder(log: Path) -> Path:
    """Where the service writes, below the prediction log that monitoring folds it into."""
    return log / "service"


def segment_version(segment: Path) -> str:
    """The model version that a segment's lines are about."""
    return segment.stem.rpartition("_v")[2]


def version_folder(folder: Path, version: int) -> Path:
    """Where the files of one version are."""
    return folder / f"versions/{version}"
