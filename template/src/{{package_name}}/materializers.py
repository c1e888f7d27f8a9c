"""How artifacts that are neither JSON nor text are kept."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from zenml.enums import ArtifactType
from zenml.materializers.base_materializer import BaseMaterializer

from .core import stored
from .core.errors import ArtifactError
from .core.files import unwritable
from .core.holdout import Holdout
from .core.models import TrainedModel
from .core.split import Split
from .core.training import Training


class SkopsMaterializer(BaseMaterializer):
    """Python objects as files of skops, which hold known types only and run nothing."""

    ASSOCIATED_TYPES: ClassVar[tuple[type[Any], ...]] = (TrainedModel, Training, Split, Holdout)
    ASSOCIATED_ARTIFACT_TYPE: ClassVar[ArtifactType] = ArtifactType.DATA

    def load(self, data_type: type[Any]) -> Any:
        """The object as it was saved. Raises ArtifactError if it cannot be read."""
        with self.artifact_store.open(self._path, "rb") as file:
            content = file.read()
        try:
            return stored.read(content)
        except stored.UnreadableError as problem:
            raise ArtifactError(f"{self._path}: {problem}") from problem

    def save(self, data: Any) -> None:
        """Writes the object below the artifact's URI."""
        content = stored.written(data)
        try:
            with self.artifact_store.open(self._path, "wb") as file:
                file.write(content)
        except OSError as problem:
            raise unwritable(self._path, problem) from problem

    @property
    def _path(self) -> str:
        return os.path.join(self.uri, "object.skops")
