"""`train`."""

from __future__ import annotations

from .. import summaries
from ..steps import progress
from .clock import AsOf
from .releases import gate_reasons
from .running import results, running


def train(as_of: AsOf = None) -> None:
    """Train on the configured table, measure, and register the model.

    The first version that passes the gate goes into production; a later one waits for `promote`.
    """
    with running("train", moves=True) as project:
        from zenml import Model

        from .. import production, registry
        from ..pipelines.training import training

        settings, name = project.training, project.settings.name
        progress.info("Preparing the training pipeline")
        run = training.with_options(model=Model(name=name))(settings)
        model = registry.require(name, run.model_version.number)
        if as_of is not None:
            registry.date_back(model, as_of)
        evaluation = model.load("evaluation")
        if model.card.verdict == "promote" and registry.champion(name) is None:
            production.move(project, "promote", model, "the gate", gate_reasons(model))
    results().print(summaries.of_training(project, model, evaluation))
