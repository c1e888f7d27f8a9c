"""The version that answers: read from `serving/`, checked by its hashes, and asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from ..core.calibration import Floats
from ..core.errors import NoChampionError, ProjectError
from ..core.pulls import Contributions, towards
from ..core.serving_model import CURRENT, DESCRIPTION, Current, ServedModel, version_folder
from ..core.serving_scorer import OnnxScorer, Row
from ..core.yaml_model import StrictModel
from .rows import RowReader

SCORE, DECISION, PREDICTION, PROBABILITY = "score", "decision", "prediction", "probability_"
REASONS = "reasons"
"""As batch scoring names them."""
Content = TypeVar("Content", bound=StrictModel)


class Scorer(Protocol):
    """What says the scores of rows before calibration, (n,) or (n, classes), and why."""

    def scores(self, rows: Sequence[Row]) -> Floats: ...

    @property
    def explains(self) -> bool: ...

    def contributions(self, rows: Sequence[Row]) -> Contributions: ...


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

    @property
    def explains(self) -> bool:
        """Whether this version can give reasons."""
        return self._scorer.explains

    def explained(
        self, rows: Sequence[Row], said: Sequence[dict[str, Any]], count: int
    ) -> list[dict[str, Any]]:
        """What was said of rows, each with the up to `count` reasons that batch scoring gives.

        Raises ProjectError if this version has none to give.
        """
        if not self.explains:
            raise ProjectError(
                f"Model version {self.version} gives no reasons, as none were asked for when it "
                "was trained: ask its owner to train and promote a new one."
            )
        found = towards(self._scorer.contributions(rows), self._chosen(said))
        reasons = found.strongest(count)
        return [{**row, REASONS: why} for row, why in zip(said, reasons, strict=True)]

    def _chosen(self, said: Sequence[dict[str, Any]]) -> NDArray[np.int64] | None:
        """(n,) codes of the classes that were decided for; None where nothing was."""
        if self.served.problem_type == "multiclass":
            return np.array([self.served.classes.index(row[PREDICTION]) for row in said])
        return np.array([int(row[DECISION]) for row in said]) if DECISION in said[0] else None

    def _decided(self, score: float) -> dict[str, Any]:
        threshold = self.served.threshold.value
        return {SCORE: score} if threshold is None else {SCORE: score, DECISION: score >= threshold}


def load(folder: Path, most_rows: int) -> Champion:
    """The version that `current.json` in `folder` names; see `load_version`.

    Raises NoChampionError where none is named yet, ProjectError where a file is gone or broken.
    """
    path = folder / CURRENT
    if not path.is_file():
        raise NoChampionError(
            f"No model is published yet, so {path} is missing: train or promote one."
        )
    current = _parsed(path, _content(path), Current)
    return load_version(folder, current.version, current.sha256, most_rows)


def load_version(folder: Path, version: int, sha256: str, most_rows: int) -> Champion:
    """A version, once it has answered its own example. `sha256` is that of its description.

    Raises ProjectError where a file is gone or broken.
    """
    home = version_folder(folder, version)
    path = home / DESCRIPTION
    served = _parsed(path, _content(path, sha256), ServedModel)
    try:
        found = Champion(served, _scorer(home, served), most_rows)
        said = found.predict([found.example])
        if found.explains:
            found.explained([found.example], said, 1)
    except ProjectError:
        raise
    except Exception as problem:  # each kind of file has errors of its own
        raise _broken(home / served.file, f"{type(problem).__name__}: {problem}") from problem
    return found


def _scorer(home: Path, served: ServedModel) -> Scorer:
    content = _content(home / served.file, served.sha256)
    if served.runtime == "onnx":
        explained, trees = served.explained, b""
        if explained is not None and explained.booster:
            trees = _content(home / explained.booster, explained.booster_sha256)
        return OnnxScorer(content, served.layout, explained, trees)
    try:
        from ..core.stored import UnreadableError
        from .sklearn_scorer import SklearnScorer
    except ImportError as problem:
        raise ProjectError(
            f"Model version {served.version} is served without ONNX, and {problem.name} for it is "
            "not installed: install all dependencies, in an image as its Dockerfile says."
        ) from None
    try:
        return SklearnScorer(content, served)
    except UnreadableError as problem:
        raise _broken(home / served.file, str(problem)) from problem


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
    return ProjectError(
        f"{path} cannot be served ({why}): run `gate` where the registry is, which writes what the "
        "service reads anew, or promote the version again."
    )
