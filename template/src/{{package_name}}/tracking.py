"""Runs in MLflow, to compare them by: a copy of what the registry holds, which stays the truth.

They lie in `mlruns/`, unless MLFLOW_TRACKING_URI names a server of yours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from .core.evaluation import Evaluation
    from .core.settings import TrainingSettings
    from .core.training import TrainingSummary
    from .project import Project
    from .registry import RegisteredModel

FOLDER = "mlruns"
DATABASE = f"sqlite:///{FOLDER}/mlflow.db"
"""The local store, seen from the project's root."""
ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
}
"""Quiet, and no training waits long for a server; a variable that is already set wins."""
MOST_METRICS = 1000
"""That MLflow takes at once."""


def shown_by() -> str:
    """What shows the runs in a browser; the address of a server may hold a password."""
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return "on the server that MLFLOW_TRACKING_URI names"
    return f"uv run mlflow ui --backend-store-uri {DATABASE}"


def log_version(project: Project, version: RegisteredModel, texts: Mapping[str, str]) -> None:
    """Writes a registered version as one run, with its trials.

    `texts` become artifacts by their names. Raises what MLflow raises.
    """
    client, experiment = _open(project)
    from mlflow.entities import Metric, Param

    summary, evaluation = version.load("training").summary, version.load("evaluation")
    settings = version.settings()
    began = int(version.trained_at.replace(tzinfo=UTC).timestamp() * 1000)
    run = client.create_run(
        experiment,
        start_time=began,
        run_name=f"version {version.number}",
        tags=_tags(project, version),
    ).info.run_id
    parameters = _parameters(version, settings) | dict(version.model().parameters)
    client.log_batch(
        run,
        metrics=[Metric(name, value, began, 0) for name, value in _metrics(evaluation)],
        params=[Param(name, str(value)) for name, value in parameters.items()],
    )
    for name, text in texts.items():
        client.log_text(run, text, name)
    client.log_text(run, settings.model_dump_json(indent=2), "settings.json")
    _log_trials(client, run, began, summary, settings)
    client.set_terminated(run)


def _open(project: Project) -> tuple[MlflowClient, str]:
    """A client, and the id of the experiment named after the project's model."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    server = os.environ.get("MLFLOW_TRACKING_URI")
    client = MlflowClient(server or _local_store(project))
    name = project.settings.name
    found = client.get_experiment_by_name(name)
    if found is not None:
        return client, found.experiment_id
    place = None if server else (project.root / FOLDER / "artifacts").as_uri()
    return client, client.create_experiment(name, artifact_location=place)


def _local_store(project: Project) -> str:
    """The address of the local store; one whose creation was cut short is created anew."""
    from mlflow import MlflowClient

    folder, unfinished = project.root / FOLDER, project.locks / "mlflow.unfinished"
    address = f"sqlite:///{folder}/mlflow.db"
    if unfinished.exists():
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        unfinished.parent.mkdir(exist_ok=True)
        unfinished.touch()
        folder.mkdir()
        MlflowClient(address).search_experiments(max_results=1)
        unfinished.unlink()
    return address


def _tags(project: Project, version: RegisteredModel) -> dict[str, str]:
    """What the run was, beside its numbers; `architecture` is the hash of the decision log."""
    log = project.root / "docs/decisions/log.md"
    decisions = hashlib.sha256(log.read_bytes()).hexdigest() if log.is_file() else ""
    card = version.card
    known = {
        "model_version": str(version.number),
        "verdict": card.verdict,
        "synthetic": str(card.synthetic).lower(),
        "commit": project.commit,
        "architecture": decisions[:12],
        "mlflow.user": project.person,
        "mlflow.note.content": "\n\n".join(card.reasons),
    }
    return {name: value for name, value in known.items() if value}


def _parameters(version: RegisteredModel, settings: TrainingSettings) -> dict[str, Any]:
    card = version.card
    return {
        "family": card.family,
        "seed": settings.seed,
        "snapshot": card.snapshot,
        "source": card.source,
        "metric": settings.metric,
        "split": settings.split.strategy,
        "search": settings.search.method,
        "trials": card.trials,
        "calibration": settings.calibration,
        "threshold_rule": card.threshold_rule,
        "threshold": card.threshold,
        "training_rows": card.training_rows,
        "test_rows": card.test_rows,
        "baseline": card.baseline_family,
    }


def _metrics(evaluation: Evaluation) -> Iterator[tuple[str, float]]:
    """Each metric of the holdout by name, and `_low` and `_high` of its interval."""
    primary = evaluation.primary
    measured = {score.name: score.model for score in (primary, *evaluation.others)}
    measured |= {
        f"baseline_{primary.name}": primary.baseline,
        f"dummy_{primary.name}": primary.dummy,
        "gain": evaluation.gain,
    }
    for name, interval in measured.items():
        bounds = {"": interval.value, "_low": interval.low, "_high": interval.high}
        yield from ((f"{name}{end}", value) for end, value in bounds.items() if value is not None)


def _log_trials(
    client: MlflowClient,
    run: str,
    began: int,
    summary: TrainingSummary,
    settings: TrainingSettings,
) -> None:
    """Each family's trials as steps of one metric, and all with their settings as a table.

    Runs of their own would take 100 times as long: a database commits each three times.
    """
    import pandas as pd
    from mlflow.entities import Metric

    from .core.search import search_metric

    name = f"validation_{search_metric(settings).name}"
    rows: list[dict[str, Any]] = [
        {
            "family": candidate.family,
            "trial": number,
            name: trial.value,
            "seconds": trial.seconds,
            **trial.parameters,
        }
        for candidate in summary.candidates
        for number, trial in enumerate(candidate.trials, start=1)
    ]
    client.log_text(run, pd.DataFrame(rows).to_csv(index=False), "trials.csv")
    steps = [
        Metric(f"{name}_{row['family']}", row[name], began, row["trial"])
        for row in rows
        if row[name] is not None
    ]
    for start in range(0, len(steps), MOST_METRICS):
        client.log_batch(run, metrics=steps[start : start + MOST_METRICS])
