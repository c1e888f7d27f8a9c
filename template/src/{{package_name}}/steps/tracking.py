"""The last step of training: a copy of the run for MLflow."""

from zenml import get_step_context, step
from zenml.types import HTMLString, MarkdownString

from .. import registry, tracking
from ..project import Project
from . import progress


@step
def track_run(report: HTMLString, model_card: MarkdownString) -> None:
    """Copies the version that was just registered into MLflow.

    Whatever stands in the way there, a server that is down or a full disk, ends in a sentence:
    the version is registered by now, and training goes on.
    """
    project = Project.find()
    version = registry.require(project.settings.name, get_step_context().model.number)
    progress.info("Copying the run into MLflow")
    try:
        tracking.log_version(project, version, {"report.html": report, "model_card.md": model_card})
    except Exception:  # MLflow, its database and the network have errors of their own
        progress.warning("MLflow lacks some of this run, the model is safe", exc_info=True)
