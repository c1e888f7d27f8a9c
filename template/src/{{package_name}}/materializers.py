"""How artifacts that are neither JSON nor text are kept."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import joblib
from zenml.enums import ArtifactType
from zenml.materializers.base_materializer import BaseMaterializer

from .core.files import unwritable
from .core.holdout import Holdout
from .core.models import TrainedModel
from .core.split import Split
from .core.training import Training


class JoblibMaterializer(BaseMaterializer):
    """Python objects as joblib files. Load them from your own registry only: a pickle is code."""

    ASSOCIATED_TYPES: ClassVar[tuple[type[Any], ...]] = (TrainedModel, Training, Split, Holdout)
    ASSOCIATED_ARTIFACT_TYPE: ClassVar[ArtifactType] = ArtifactType.DATA

    def load(self, data_type: type[Any]) -> Any:
        """The object as it was saved."""
        with self.artifact_store.open(self._path, "rb") as file:
            return joblib.load(file)

    def save(self, data: Any) -> None:
        """Writes the object below the artifact's URI."""
        try:
            with self.artifact_store.open(self._path, "wb") as file:
                joblib.dump(data, file, compress=1)
        except OSError as problem:
            raise unwritable(self._path, problem) from problem

    @property
    def _path(self) -> str:
        return os.path.join(self.uri, "object.joblib")
