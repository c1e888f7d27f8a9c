"""From the registry to `serving/`: the files that the service reads, and nothing else.

A version's files are written before it moves into production, `current.json` after: a run that is
killed in between leaves the service with the version it had, and the next one that may move
something mends it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from ..core import stored
from ..core.data import read_frame
from ..core.errors import ArtifactError, DataError
from ..core.files import whole
from ..core.serving_model import (
    CURRENT,
    DESCRIPTION,
    Current,
    ServedModel,
    served_from,
    version_folder,
)
from ..core.serving_reasons import trees_of
from ..core.serving_settings import ServingSettings
from ..steps import progress

if TYPE_CHECKING:
    from ..core.contract import Contract
    from ..core.models import TrainedModel
    from ..core.serving_parity import Export
    from ..project import Project
    from ..registry import RegisteredModel

FILES = {"onnx": "model.onnx", "sklearn": "model.skops"}


def prepare(project: Project, version: RegisteredModel) -> None:
    """Writes the files of a version.

    Raises ArtifactError if the registry lacks one, ProjectError if one cannot be written, and what
    `_exported` raises.
    """
    model, contract, card = version.model(), version.load("contract"), version.card
    exported, found = _exported(project, version, model, contract)
    content = exported if found.runtime == "onnx" else stored.written(model)
    served = describe(project.settings.name, version.number, model, contract, found)
    facts = {"metric": card.label, "value": card.model.value}
    served = served.model_copy(update=facts)
    write_version(served_from(project.root), served, content, trees_of(model))


def _exported(
    project: Project, version: RegisteredModel, model: TrainedModel, contract: Contract
) -> tuple[bytes, Export]:
    """The ONNX file of a version, empty where there is none, and what was found of it.

    A version from before there was a service is exported now. Raises ArtifactError if that export
    would not say what the version says, DataError if its snapshot is gone.
    """
    if version.holds("export"):
        found = version.load("export")
        return version.load("onnx") if found.runtime == "onnx" else b"", found
    from ..core.serving_parity import export_and_check

    progress.info("Exporting model version %s, from before there was a service", version.number)
    serving, seed = project.configured("serving", ServingSettings), version.settings().seed
    frame = read_frame(version.load("table"), contract, model.inputs, serving.parity_rows, seed)
    exported, found = export_and_check(model, contract, frame, serving, seed)
    if not found.agrees:
        raise ArtifactError(f"Model version {version.number}: {found.said}")
    return exported, found


def follow(project: Project, champion: RegisteredModel | None) -> None:
    """Lets the service answer with the champion, or with nothing where there is none.

    Files that are gone or changed are written anew from the registry. A version that cannot be
    exported leaves the service as it is.
    """
    folder = served_from(project.root)
    if champion is None:
        (folder / CURRENT).unlink(missing_ok=True)
        return
    told, unchanged = _told(folder), _is_unchanged(version_folder(folder, champion.number))
    if unchanged and told == _current(folder, champion.number):
        return
    try:
        if not unchanged or (told and told.version == champion.number):
            prepare(project, champion)
    except (ArtifactError, DataError) as gone:
        progress.info("The service does not follow: %s", gone)
        return
    point_to(folder, champion.number)


def describe(
    name: str, version: int, model: TrainedModel, contract: Contract, found: Export
) -> ServedModel:
    """What the service has to know of a version of the model called `name`."""
    return ServedModel(
        name=name,
        version=version,
        runtime=found.runtime,
        file=FILES[found.runtime],
        exported=found.said,
        problem_type=model.problem_type,
        target=contract.target,
        classes=model.classes,
        columns=tuple(column for column in contract.used if column.role != "target"),
        keys=contract.keys,
        layout=found.layout,
        calibration=model.calibration,
        threshold=model.threshold,
        family=model.family,
        explained=found.explained,
    )


def write_version(folder: Path, served: ServedModel, content: bytes, trees: bytes = b"") -> None:
    """Writes a version's model and description below `folder`, and its trees for reasons."""
    home = version_folder(folder, served.version)
    changes: dict[str, object] = {"sha256": _written(home / served.file, content)}
    if (explained := served.explained) is not None and explained.booster:
        sha256 = _written(home / explained.booster, trees)
        changes["explained"] = explained.model_copy(update={"booster_sha256": sha256})
    _write(home / DESCRIPTION, served.model_copy(update=changes))


def point_to(folder: Path, version: int) -> None:
    """Names the version that answers."""
    _write(folder / CURRENT, _current(folder, version))


def _is_unchanged(home: Path) -> bool:
    """Whether a version's files are those that its description promises."""
    try:
        served = ServedModel.model_validate_json((home / DESCRIPTION).read_bytes())
        promised = {served.file: served.sha256}
        if served.explained is not None and served.explained.booster:
            promised[served.explained.booster] = served.explained.booster_sha256
        return all(
            hashlib.sha256((home / file).read_bytes()).hexdigest() == sha256
            for file, sha256 in promised.items()
        )
    except (OSError, ValidationError):
        return False


def _told(folder: Path) -> Current | None:
    """What the service was told last, if it can be read."""
    try:
        return Current.model_validate_json((folder / CURRENT).read_bytes())
    except (OSError, ValidationError):
        return None


def _current(folder: Path, version: int) -> Current:
    """What tells the service to answer with a version."""
    described = (version_folder(folder, version) / DESCRIPTION).read_bytes()
    return Current(version=version, sha256=hashlib.sha256(described).hexdigest())


def _written(path: Path, content: bytes) -> str:
    """Writes a file; its hash."""
    with whole(path) as partial:
        partial.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: BaseModel) -> None:
    with whole(path) as partial:
        partial.write_text(content.model_dump_json(indent=1), encoding="utf-8")
