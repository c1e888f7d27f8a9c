"""How artifacts that are neither JSON nor text are kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, ClassVar

from zenml.enums import ArtifactType
from zenml.materializers.base_materializer import BaseMaterializer
from zenml.materializers.pydantic_materializer import PydanticMaterializer

from .core import stored
from .core.data import TableHandle
from .core.errors import ArtifactError
from .core.extract import parquet_files
from .core.files import unwritable, whole
from .core.holdout import Holdout
from .core.inference import ScoringSummary
from .core.models import TrainedModel
from .core.split import Split
from .core.training import Training
from .project import Project


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


class _WithFiles(PydanticMaterializer):
    """Handles of files, and beside them the files themselves where the store is elsewhere.

    A step that runs on another machine has no file of the one that wrote it.
    """

    SKIP_REGISTRATION: ClassVar[bool] = True

    def _keep(self, path: Path) -> None:
        """Copies a file, or what a folder holds, unless the store is on this machine."""
        if self.artifact_store.config.is_local:
            return
        try:
            self.artifact_store.makedirs(self._files)
            for part in parquet_files(path):
                stored = os.path.join(self._files, part.name)
                with part.open("rb") as table, self.artifact_store.open(stored, "wb") as file:
                    shutil.copyfileobj(table, file)
        except OSError as problem:
            raise unwritable(self._files, problem) from problem

    def _bring(self, path: Path, folder: Path) -> Path:
        """Where the file or folder lies on this machine: below `folder` if it had to be fetched."""
        if path.exists() or not self.artifact_store.exists(self._files):
            return path
        here = folder / path.name
        if not here.exists():
            names = list(map(str, self.artifact_store.listdir(self._files)))
            with whole(here) as partial:
                if names == [here.name]:
                    self._fetch(here.name, partial)
                else:
                    partial.mkdir()
                    for name in names:
                        self._fetch(name, partial / name)
        return here

    def _fetch(self, name: str, target: Path) -> None:
        stored = os.path.join(self._files, name)
        with self.artifact_store.open(stored, "rb") as table, target.open("wb") as file:
            shutil.copyfileobj(table, file)

    @property
    def _files(self) -> str:
        return os.path.join(self.uri, "tables")


class TableMaterializer(_WithFiles):
    """Handles of tables, which lie among the project's snapshots."""

    ASSOCIATED_TYPES: ClassVar[tuple[type[Any], ...]] = (TableHandle,)

    def load(self, data_type: type[Any]) -> TableHandle:
        """The handle; a table that does not lie on this machine is fetched."""
        handle: TableHandle = super().load(data_type)
        here = self._bring(Path(handle.uri), Project.find().snapshots)
        return handle.model_copy(update={"uri": str(here)})

    def save(self, data: TableHandle) -> None:
        """Writes the handle, and the files of the table unless the store is on this machine."""
        super().save(data)
        self._keep(Path(data.uri))


class PredictionsMaterializer(_WithFiles):
    """What a scoring run found, with its staged files, which have a folder of their own."""

    ASSOCIATED_TYPES: ClassVar[tuple[type[Any], ...]] = (ScoringSummary,)

    def load(self, data_type: type[Any]) -> ScoringSummary:
        """The summary; files that do not lie on this machine are fetched."""
        staged: ScoringSummary = super().load(data_type)
        here = self._bring(Path(staged.path).parent, Project.find().staging)
        rejected = staged.rejected_path and str(here / Path(staged.rejected_path).name)
        path = str(here / Path(staged.path).name)
        return staged.model_copy(update={"path": path, "rejected_path": rejected})

    def save(self, data: ScoringSummary) -> None:
        """Writes the summary, and the files unless the store is on this machine."""
        super().save(data)
        self._keep(Path(data.path).parent)
