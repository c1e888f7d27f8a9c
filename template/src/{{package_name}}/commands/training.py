"""`train`."""

from __future__ import annotations

from .. import summaries
from ..steps import progress
from .releases import gate_reasons, record_move
from .running import results, running


def train() -> None:
    """Train on the configured table, measure, and register the model."""
    with running("train") as project:
        from zenml import Model

        from .. import registry
        from ..pipelines.training import training

        settings, name = project.training, project.settings.name
        progress.info("Preparing the training pipeline")
        run = training.with_options(model=Model(name=name))(settings)
        model = registry.require(name, run.model_version.number)
        evaluation = model.load("evaluation")
        if model.stage == registry.PRODUCTION:
            record_move(project, "promote", model, None, "the gate", gate_reasons(model))
    results().print(summaries.of_training(project, model, evaluation))
