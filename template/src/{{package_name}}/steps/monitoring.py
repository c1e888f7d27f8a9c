"""The steps of the monitoring pipeline, in order."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from zenml import get_step_context, step
from zenml.client import Client

from .. import registry
from ..core import (
    monitoring_alerts,
    monitoring_health,
    monitoring_labels,
    monitoring_page,
    monitoring_performance,
    prediction_log,
    records,
)
from ..core.files import whole
from ..core.monitoring import (
    ALERTS,
    HISTORY,
    PAGE,
    Collected,
    Health,
    Monitoring,
    MonitoringSettings,
    Quality,
)
from ..core.monitoring_alerts import Alert
from ..core.monitoring_predictions import LoggedPredictions
from ..core.retraining import RetrainingSettings
from ..project import Project
from . import progress


@step
def collect_predictions(labels: str | None, as_of: str) -> Annotated[Collected, "collected"]:
    """Reads the prediction log, and takes in the labels of a file where one is given."""
    project, now = Project.find(), datetime.fromisoformat(as_of)
    log = project.prediction_log
    progress.info("Reading the prediction log")
    runs = prediction_log.runs(log)
    monitoring_health.refuse_past(runs, now)
    intake = None
    if labels is not None:
        progress.info("Taking in the labels of %s", labels)
        intake = monitoring_labels.take_in(Path(labels), project.contract, log, now)
    champion = registry.require_champion(project.settings.name)
    return Collected(model_version=champion.number, runs=tuple(runs), labels=intake)


@step
def measure_health(
    collected: Collected, settings: MonitoringSettings, as_of: str
) -> Annotated[Health, "health"]:
    """Freshness, volume, values, scores and age: what needs no label."""
    project, now = Project.find(), datetime.fromisoformat(as_of)
    name, runs = project.settings.name, collected.runs
    progress.info("Checking the last scoring and the champion")
    champion = registry.require(name, collected.model_version)
    evaluation = champion.load("evaluation")
    newest = LoggedPredictions(
        project.prediction_log, project.contract, champion.number, now, settings.window_rows
    ).newest()
    checks = [
        monitoring_health.freshness(runs, now, settings),
        monitoring_health.volume(runs, settings),
        monitoring_health.rejected(runs, settings),
        monitoring_health.values(registry.last_artifact(name, "batch_inference", "batch_gates")),
        monitoring_health.scores(newest, evaluation, champion.load("holdout"), settings),
        monitoring_health.age(champion.trained_at.replace(tzinfo=UTC), now, settings),
    ]
    if project.batch_inference.capacity is None:
        checks += monitoring_health.acted(newest, evaluation, settings)
    return Health(checks=tuple(checks))


@step
def measure_performance(
    collected: Collected, settings: MonitoringSettings, as_of: str
) -> Annotated[Quality, "quality"]:
    """The champion's metric with the labels known so far, and its estimate without."""
    project, now = Project.find(), datetime.fromisoformat(as_of)
    contract = project.contract
    champion = registry.require(project.settings.name, collected.model_version)
    evaluation = champion.load("evaluation")
    progress.info("Measuring model version %s on its predictions", champion.number)
    predictions = LoggedPredictions(
        project.prediction_log,
        contract,
        champion.number,
        now,
        settings.window_rows,
        project.configured("retraining", RetrainingSettings).label_delay_days,
    )
    labelled = monitoring_performance.unseen(predictions.labelled(), champion.model(), contract)
    trained_with = champion.settings()
    found = (evaluation, contract, trained_with)
    estimated = settings.estimate and trained_with.calibration != "none"
    return Quality(
        performance=monitoring_performance.measure(labelled, *found),
        estimate=monitoring_performance.estimate(predictions.unlabelled(), *found)
        if estimated
        else None,
    )


@step
def raise_alerts(
    collected: Collected,
    health: Health,
    quality: Quality,
    settings: MonitoringSettings,
    as_of: str,
) -> Annotated[Monitoring, "monitoring"]:
    """Tells the owner what is new, and adds the run to the history and its page."""
    project, now = Project.find(), datetime.fromisoformat(as_of)
    name, record = project.settings.name, project.root / ALERTS
    checks = (
        *health.checks,
        *monitoring_health.quality(quality.performance, quality.estimate),
    )
    new: tuple[Alert, ...] = ()
    if settings.alerts:
        standing = monitoring_alerts.standing(record)
        new = monitoring_alerts.changes(checks, standing, now, settings.owner)
        records.append(record, *new)
        _send(new)
    found = Monitoring(
        as_of=now,
        model_version=collected.model_version,
        checks=checks,
        labels=collected.labels,
        performance=quality.performance,
        estimate=quality.estimate,
        raised=sum(alert.event == "raised" for alert in new),
    )
    records.append(project.root / HISTORY, found)
    page = monitoring_page.render(
        name,
        records.read(project.root / HISTORY, Monitoring),
        monitoring_alerts.standing(record).values(),
    )
    with whole(project.root / PAGE) as partial:
        partial.write_text(page, encoding="utf-8")
    registry.record(get_step_context().pipeline_run.id, registry.MONITORING, found)
    return found


def _send(alerts: tuple[Alert, ...]) -> None:
    """Sends alerts by the stack's alerter, where it has one; the record holds them already."""
    alerter = Client().active_stack.alerter
    for alert in alerts if alerter else ():
        try:
            alerter.post(alert.message)
        except Exception as problem:  # each alerter has errors of its own
            progress.info("The alerter failed (%s): see %s", problem, ALERTS)
