"""The Model Control Plane: versions of the model, their evidence, and which one is in production.

A version's card is small and is read without loading the model. The stage `production` marks
the champion, `staging` the version that waits for a person.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel
from zenml import log_metadata
from zenml.client import Client
from zenml.models import ModelVersionResponse
from zenml.utils.pagination_utils import depaginate_stream

from .core import records
from .core.database import shown
from .core.errors import ArtifactError, GateError, NoChampionError, ProjectError
from .core.records import Named
from .core.settings import TrainingSettings
from .project import Project

if TYPE_CHECKING:
    from .core.data import TableHandle
    from .core.evaluation import Evaluation
    from .core.models import TrainedModel
    from .core.promotion import GateDecision
    from .core.samplers import Parameters
    from .core.training import TrainingSummary

PRODUCTION, STAGING = "production", "staging"
CARD, SCORING, DRIFT, MONITORING = "card", "scoring", "drift", "monitoring"
TRAINED_AS_OF = "trained_as_of"
NO_MODEL = UUID(int=0)


class Measured(BaseModel):
    """A value on the holdout with the bounds of its interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


class Opponent(BaseModel):
    """What is done today, beside the model; without values where too few rows tell."""

    column: str
    kind: str
    rows: int
    acted: int | None
    label: str
    today: Measured | None
    model: Measured | None
    gain: Measured | None


class Card(BaseModel):
    """What there is to know of a model version at a glance."""

    family: str
    metric: str
    label: str
    higher_is_better: bool
    model: Measured
    baseline: Measured
    dummy: Measured
    baseline_family: str
    gain: Measured
    """Over the baseline, on the same rows; above 0 is better."""
    incumbent: Opponent | None = None
    """None where no column records what is done today."""
    threshold: float | None
    threshold_rule: str
    training_rows: int
    test_rows: int
    features: int
    trials: int
    snapshot: str
    """SHA-256 of the table that it was trained on."""
    source: str
    synthetic: bool
    verdict: str
    reasons: tuple[str, ...]
    compared_with: int | None
    """The champion that the gate compared it with; None where there was none."""

    @classmethod
    def of(
        cls,
        model: TrainedModel,
        table: TableHandle,
        summary: TrainingSummary,
        evaluation: Evaluation,
        decision: GateDecision,
        synthetic: bool,
    ) -> Card:
        """The card of the model that a training run ended with."""
        score, today = evaluation.primary, evaluation.incumbent
        return cls(
            family=evaluation.family,
            metric=score.name,
            label=score.label,
            higher_is_better=score.higher_is_better,
            model=Measured(**score.model.model_dump()),
            baseline=Measured(**score.baseline.model_dump()),
            dummy=Measured(**score.dummy.model_dump()),
            baseline_family=evaluation.baseline,
            gain=Measured(**evaluation.gain.model_dump(include={"value", "low", "high"})),
            incumbent=Opponent.model_validate(today.model_dump()) if today else None,
            threshold=model.threshold.value,
            threshold_rule=model.threshold.rule,
            training_rows=summary.rows,
            test_rows=evaluation.rows,
            features=summary.features,
            trials=summary.trials,
            snapshot=table.sha256,
            source=table.source,
            synthetic=synthetic,
            verdict=decision.verdict,
            reasons=decision.reasons,
            compared_with=decision.comparison.version if decision.comparison else None,
        )


class RegisteredModel:
    """One version of the model in the registry."""

    def __init__(self, response: ModelVersionResponse) -> None:
        self._response = response
        self.number: int = response.number
        self.stage: str | None = response.stage
        as_of = response.run_metadata.get(TRAINED_AS_OF)
        self.trained_at = datetime.fromisoformat(str(as_of)) if as_of else response.created
        """In UTC, without a zone."""

    @property
    def card(self) -> Card:
        """The version's card. Raises ProjectError if its training run did not end."""
        card = self._response.run_metadata.get(CARD)
        if card is None:
            raise ProjectError(f"Model version {self.number} was never registered: train again.")
        return Card.model_validate(card)

    def holds(self, name: str) -> bool:
        """Whether its training run made an artifact of that name."""
        return self._response.get_artifact(name) is not None

    def load(self, name: str) -> Any:
        """An artifact of the training run by its name: `model`, `evaluation`, `gate`, …

        Raises ArtifactError if it is gone or broken.
        """
        artifact = self._response.get_artifact(name)
        if artifact is None:
            raise ArtifactError(f"Model version {self.number} has no {name}: train again.")
        try:
            return artifact.load()
        except Exception as problem:  # each artifact store and file format has errors of its own
            where = f"{type(problem).__name__} at {artifact.uri}"
            why = problem if isinstance(problem, ArtifactError) else where
            raise ArtifactError(
                f"The {name} of model version {self.number} is gone or broken ({why}): restore it "
                "from a backup, or put another version into production."
            ) from problem

    def settings(self) -> TrainingSettings:
        """What it was trained with, whatever configs/training.yaml says by now."""
        run = self._response.get_artifact("split").run
        parameters = run.steps["engineer_features"].config.parameters
        return TrainingSettings.model_validate(parameters["settings"])

    def model(self) -> TrainedModel:
        """The fitted model itself."""
        model: TrainedModel = self.load("model")
        return model


def find(name: str, version: str | int) -> RegisteredModel | None:
    """The version of model `name` with this number or stage."""
    try:
        return RegisteredModel(Client().get_model_version(name, version))
    except KeyError:
        return None


def status(project: Project) -> dict[str, Any]:
    """What `status --json` prints; see there."""
    name = project.settings.name
    return {
        "project": name,
        "data": {
            "uri": shown(project.settings.data.location(project.root)),
            "synthetic": project.synthetic,
        },
        "champion": _described(project, champion(name)),
        "candidate": _described(project, find(name, STAGING)),
        "counts": {
            "training_runs": finished_runs(name, "training").total,
            "scoring_runs": finished_runs(name, "batch_inference").total,
        },
        "last_scoring": last(name, "batch_inference", SCORING),
        "last_drift": last(name, "drift_detection", DRIFT),
        "last_monitoring": last(name, "monitoring", MONITORING),
        "last_retraining": _last_line(project.retraining, name),
    }


def _last_line(record: Path, name: str) -> dict[str, Any] | None:
    """The last line about model `name` of a record; None where there is none."""
    lines = [line for line in records.read(record, Named) if line.model == name]
    return lines[-1].model_dump(mode="json") if lines else None


def _described(project: Project, version: RegisteredModel | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "version": version.number,
        "stage": version.stage,
        "trained_at": version.trained_at.isoformat(timespec="seconds"),
        **version.card.model_dump(mode="json"),
        "report": str(project.report(version.number)),
    }


def champion(name: str) -> RegisteredModel | None:
    """The version of model `name` that is in production."""
    return find(name, PRODUCTION)


def require(name: str, version: int) -> RegisteredModel:
    """A version of model `name` that is known to exist."""
    return RegisteredModel(Client().get_model_version(name, version))


def last_trained(name: str) -> RegisteredModel:
    """The newest version of model `name` whose training ended; a champion's did."""
    versions = depaginate_stream(
        Client().list_model_versions, model=name, sort_by="desc:number", hydrate=True
    )
    return next(RegisteredModel(found) for found in versions if CARD in found.run_metadata)


def require_champion(name: str) -> RegisteredModel:
    """The version of model `name` in production. Raises NoChampionError if there is none."""
    found = champion(name)
    if found is None:
        waiting = find(name, STAGING)
        passing = "train one that passes the gate"
        advice = f"promote version {waiting.number}" if waiting else passing
        raise NoChampionError(f"No version of {name} is in production yet: {advice} first.")
    return found


def register(
    version: ModelVersionResponse, card: Card, metrics: dict[str, float], parameters: Parameters
) -> None:
    """Keeps the card with the version, which waits in staging unless the gate refused it.

    Metrics and parameters stand beside the card, each by its name, for ZenML's comparisons.
    """
    log_metadata(
        {
            CARD: card.model_dump(mode="json"),
            "metrics": metrics,
            "parameters": dict(parameters),
        },
        infer_model=True,
    )
    if card.verdict != "refuse":
        version.set_stage(STAGING, force=True)


def require_waiting(name: str, number: int | None = None) -> RegisteredModel:
    """The version of model `name` in staging.

    Raises ProjectError if none waits, and GateError if it is another one than `number`.
    """
    waiting = find(name, STAGING)
    if waiting is None:
        raise ProjectError(f"No version of {name} waits for promotion: train one first.")
    if number not in (None, waiting.number):
        raise GateError(
            f"Model version {waiting.number} waits, not {number}: look at it before you approve it."
        )
    return waiting


def date_back(version: RegisteredModel, as_of: datetime) -> None:
    """Notes another time than the machine's as that of training, as a replay of the past needs."""
    model = version._response
    log_metadata({TRAINED_AS_OF: as_of.isoformat()}, model_name=model.name, model_version=model.id)


def put_into(stage: str, version: RegisteredModel) -> None:
    """Moves a version into a stage, and archives the one that was there: both or neither."""
    version._response.set_stage(stage, force=True)
    version.stage = stage


def record(run: UUID, key: str, summary: BaseModel) -> None:
    """Keeps what a pipeline run found with the run, for `last`."""
    log_metadata(metadata={key: summary.model_dump(mode="json")}, run_id_name_or_prefix=run)


def last(name: str, pipeline: str, key: str) -> dict[str, Any] | None:
    """What `last_run` kept under `key`, and its UTC time as `at`; None without such a run."""
    run = last_run(name, pipeline, key)
    if run is None:
        return None
    return {"at": run.end_time.isoformat(timespec="seconds"), **run.run_metadata[key]}


def last_artifact(name: str, pipeline: str, key: str, artifact: str) -> Any:
    """An artifact of `last_run`; None without such a run."""
    run = last_run(name, pipeline, key)
    steps = run.steps.values() if run else ()
    found = [step.outputs[artifact][0] for step in steps if artifact in step.outputs]
    return found[0].load() if found else None


def last_run(name: str, pipeline: str, key: str) -> Any:
    """The latest finished run of a pipeline for model `name` that kept something under `key`.

    One whose predictions were never published has kept nothing. None where there is no such run.
    """
    runs = depaginate_stream(Client().list_pipeline_runs, **_finished(name, pipeline))
    return next((run for run in runs if key in run.run_metadata), None)


def finished_runs(name: str, pipeline: str) -> Any:
    """A page with the latest finished run of a pipeline for model `name`; `total` counts all."""
    return Client().list_pipeline_runs(**_finished(name, pipeline))


def _finished(name: str, pipeline: str) -> dict[str, Any]:
    """How ZenML is asked for those runs, the latest first and one at a time."""
    models = Client().list_models(name=f"equals:{name}")
    return {
        "pipeline_name": pipeline,
        "model": models[0].id if models else NO_MODEL,
        "status": "completed",
        "sort_by": "desc:created",
        "size": 1,
        "hydrate": True,
    }
