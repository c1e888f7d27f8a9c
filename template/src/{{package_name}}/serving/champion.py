"""The version that answers: read from `serving/`, checked by its hashes, and asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from ..core.calibration import Floats
from ..core.errors import NoChampionError, ProjectError
from ..core.serving_model import CURRENT, DESCRIPTION, Current, ServedModel, version_folder
from ..core.serving_scorer import OnnxScorer, Row
from ..core.yaml_model import StrictModel
from .rows import RowReader

SCORE, DECISION, PREDICTION, PROBABILITY = "score", "decision", "prediction", "probability_"
"""As batch scoring names them."""
Content = TypeVar("Content", bound=StrictModel)


class Scorer(Protocol):
    """What says the scores of rows before calibration: (n,), or (n, classes) for several."""

    def scores(self, rows: Sequence[Row]) -> Floats: ...


class Champion:
    """One version, ready to answer."""

    def __init__(self, served: ServedModel, scorer: Scorer, most_rows: int) -> None:
        self.served = served
        self.version = str(served.version)
        self.reader = RowReader(served, most_rows)
        self._scorer = scorer

    @property
    def example(self) -> Row:
        """A row as it could be asked about."""
        return self.reader.read(json.dumps(self.reader.example()).encode(), many=False)[0]

    def predict(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """What batch scoring says of each row, by the same names."""
        scores = self.served.calibration.apply(self._scorer.scores(rows))
        if self.served.problem_type == "regression":
            return [{PREDICTION: score} for score in scores.tolist()]
        if self.served.problem_type == "binary":
            return [self._decided(score) for score in scores.tolist()]
        names = [f"{PROBABILITY}{label}" for label in self.served.classes]
        labels = [self.served.classes[place] for place in scores.argmax(axis=1)]
        return [
            {PREDICTION: label, **dict(zip(names, values, strict=True))}
            for label, values in zip(labels, scores.tolist(), strict=True)
        ]

    def _decided(self, score: float) -> dict[str, Any]:
        threshold = self.served.threshold.value
        return {SCORE: score} if threshold is None else {SCORE: score, DECISION: score >= threshold}


def load(folder: Path, most_rows: int) -> Champion:
    """The version that `current.json` in `folder` names, once it has answered its own example.

    Raises NoChampionError where none is named yet, ProjectError where a file is gone or broken.
    """
    path = folder / CURRENT
    if not path.is_file():
        raise NoChampionError(f"No model is in production yet, so {path} is missing: promote one.")
    current = _parsed(path, _content(path), Current)
    home = version_folder(folder, current.version)
    path = home / DESCRIPTION
    served = _parsed(path, _content(path, current.sha256), ServedModel)
    champion = Champion(served, _scorer(home, served), most_rows)
    champion.predict([champion.example])
    return champion


def _scorer(home: Path, served: ServedModel) -> Scorer:
    content = _content(home / served.file, served.sha256)
    if served.runtime == "onnx":
        return OnnxScorer(content, served.layout)
    try:
        from .sklearn_scorer import SklearnScorer
    except ImportError as problem:
        raise ProjectError(
            f"Model version {served.version} is served without ONNX, and {problem.name} for it is "
            "not installed: install all dependencies, in an image as its Dockerfile says."
        ) from None
    return SklearnScorer(content, served)


def _content(path: Path, sha256: str | None = None) -> bytes:
    """The bytes of a file, if they have the hash that was promised."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise _broken(path, problem.strerror or "it cannot be read") from None
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise _broken(path, "it is not the file that was promoted")
    return content


def _parsed(path: Path, content: bytes, kind: type[Content]) -> Content:
    try:
        return kind.model_validate_json(content)
    except ValidationError as problem:
        raise _broken(path, problem.errors()[0]["msg"]) from None


def _broken(path: Path, why: str) -> ProjectError:
    return ProjectError(f"{path} cannot be served ({why}): promote the version again.")
