"""Runs of pipelines on the stack in use, followed to their end wherever their steps are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from zenml import Model
from zenml.client import Client
from zenml.models import PipelineRunResponse
from zenml.pipelines.pipeline_definition import Pipeline
from zenml.pipelines.run_utils import wait_for_pipeline_run_to_finish
from zenml.utils.exception_utils import reconstruct_exception

from . import run_settings
from .core.errors import ProjectError
from .project import Project
from .steps import progress


def finished(
    project: Project, pipeline: Pipeline, model: Model, *arguments: Any
) -> PipelineRunResponse:
    """A run of the pipeline that ended well; some orchestrators do not wait for that themselves.

    Raises what a step raised, of which an orchestrator elsewhere says only that it failed.
    """
    name = f"{pipeline.name}-{datetime.now(UTC):%Y_%m_%d-%H_%M_%S_%f}"
    options = run_settings.in_use(project)
    try:
        run = pipeline.with_options(model=model, run_name=name, **options)(*arguments)
    except ProjectError:
        raise
    except Exception as problem:
        if told := _sentence(name):
            raise told from problem
        raise
    if not run.status.is_finished:
        progress.info("Waiting until run %s has ended", name)
        run = wait_for_pipeline_run_to_finish(run.id)
    if not run.status.is_successful:
        raise _sentence(name) or ProjectError(
            f"Run {name} is {run.status}, and no step says why: its logs are where it ran."
        )
    return run


def _sentence(name: str) -> ProjectError | None:
    """What a step of the run had to say to a person; None where none had."""
    try:
        run = Client().get_pipeline_run(name, allow_name_prefix_match=False)
    except KeyError:
        return None
    raised = [step.exception_info for step in run.steps.values() if step.exception_info]
    found = [reconstruct_exception(info, info.traceback) for info in raised]
    return next((each for each in found if isinstance(each, ProjectError)), None)
