"""Where the project's files are, and what they say."""

from __future__ import annotations

import getpass
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .core.contract import Contract, load_contract
from .core.environment import Environment, read_environment
from .core.errors import ProjectError, SettingsError
from .core.settings import SAMPLE, BatchInferenceSettings, ProjectSettings, TrainingSettings
from .core.yaml_model import Model, load

CONTRACT = Path("data/contract.yaml")
ENVIRONMENT = f"{__name__.partition('.')[0].upper()}_ENVIRONMENT"
"""The variable that names the environment."""
ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".gz", ".zst")
"""Of files that hold tables; predictions are named after what stands before them."""


@dataclass(frozen=True)
class Project:
    """A project by its root folder; everything that a run writes lies below it."""

    root: Path

    @classmethod
    def find(cls) -> Project:
        """The project around the working directory, else the one that this package belongs to.

        Raises ProjectError if neither lies in a folder with `data/contract.yaml`.
        """
        here = Path.cwd()
        for folder in (here, *here.parents, *Path(__file__).absolute().parents):
            if (folder / CONTRACT).is_file():
                return cls(folder.resolve())
        raise ProjectError(f"No {CONTRACT} in {here} or above it: run this inside the project.")

    @cached_property
    def environment(self) -> Environment:
        """Where this runs, and what differs there. Raises SettingsError if it is unknown."""
        return read_environment(self.root, ENVIRONMENT)

    @cached_property
    def settings(self) -> ProjectSettings:
        """`configs/project.yaml`."""
        return self.configured("project", ProjectSettings)

    @cached_property
    def contract(self) -> Contract:
        """`data/contract.yaml`."""
        return load_contract(self.root / CONTRACT)

    @cached_property
    def training(self) -> TrainingSettings:
        """`configs/training.yaml`."""
        return self.configured("training", TrainingSettings)

    @cached_property
    def batch_inference(self) -> BatchInferenceSettings:
        """`configs/batch_inference.yaml`."""
        return self.configured("batch_inference", BatchInferenceSettings)

    def configured(self, pipeline: str, settings: type[Model]) -> Model:
        """`configs/<pipeline>.yaml`, and what differs in the environment.

        Raises SettingsError naming the file and the key.
        """
        overlay = self.environment.overlays.get(pipeline)
        return load(self.root / f"configs/{pipeline}.yaml", settings, SettingsError, overlay)

    def check(self) -> None:
        """Reads all of the above. Raises the first error, naming the file and the key."""
        _ = (self.settings, self.contract, self.training, self.batch_inference)

    @property
    def synthetic(self) -> bool:
        """Whether the table is drawn from the contract, so that no number means anything."""
        return self.contract.synthetic or self.settings.data.location(self.root) == SAMPLE

    @property
    def store(self) -> Path:
        """ZenML's database and artifacts."""
        return self.root / ".zenml_store"

    @property
    def snapshots(self) -> Path:
        """Hashed Parquet copies of the tables that were read."""
        return self.root / "data/snapshots"

    def report(self, version: int) -> Path:
        """Where the HTML report of a model version is written."""
        return self.root / f"reports/model_{version}.html"

    def model_card(self, version: int) -> Path:
        """Where the card of a model version is written, from what ran."""
        return self.root / f"reports/model_{version}_card.md"

    @property
    def prediction_log(self) -> Path:
        """What each scoring run said of each row; monitoring reads it."""
        return self.root / "prediction_log"

    @property
    def staging(self) -> Path:
        """Predictions that are not published yet, each output in a folder of its name."""
        return self.root / ".staged"

    @property
    def logs(self) -> Path:
        """What libraries say during a run, one file for each command."""
        return self.root / "logs"

    @property
    def audit(self) -> Path:
        """The record of every move into production."""
        return self.root / "audit/production.jsonl"

    @property
    def retraining(self) -> Path:
        """The record of every decision to retrain or not."""
        return self.root / "audit/retraining.jsonl"

    @property
    def locks(self) -> Path:
        """Files that a run holds while no other may do the same."""
        return self.root / ".locks"

    @property
    def person(self) -> str:
        """Who runs this: git's name for them, else the machine's."""
        return self._git("config", "user.name") or getpass.getuser()

    @property
    def commit(self) -> str:
        """The git commit in short, and whether files differ from it; empty where there is none.

        What a run writes into architecture.md is no difference.
        """
        head = self._git("rev-parse", "--short=12", "HEAD")
        changed = self._git("status", "--porcelain", "--", ".", ":(exclude)architecture.md")
        return f"{head} with uncommitted changes" if head and changed else head

    def _git(self, *arguments: str) -> str:
        try:
            run = subprocess.run(
                ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
            )
        except OSError:
            return ""
        return "" if run.returncode else run.stdout.strip()

    def predictions(self, source: str | None) -> Path:
        """Where predictions for the table at `source`, the project's own if None, go."""
        uri = source or self.settings.data.location(self.root)
        name = uri.rpartition("#")[2] if "://" in uri else Path(uri).name
        while Path(name).suffix in ENDINGS:
            name = Path(name).stem
        return self.root / self.batch_inference.output / f"{name}.parquet"

    def shown(self, path: Path) -> str:
        """`path` as people should read it: relative to the root where it lies below it."""
        return str(path.relative_to(self.root) if path.is_relative_to(self.root) else path)
