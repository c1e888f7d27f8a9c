"""`train`."""

from __future__ import annotations

from .. import summaries
from .clock import AsOf, moment
from .releases import gate_reasons
from .running import results, running


def train(as_of: AsOf = None) -> None:
    """Train on the configured table, measure, and register the model.

    The first version that passes the gate goes into production; a later one waits for `promote`.
    """
    with running("train", moves=True) as project:
        from .. import production, registry

        model = production.train(project, moment(as_of), as_of)
        evaluation = model.load("evaluation")
        if model.card.verdict == "promote" and registry.champion(project.settings.name) is None:
            production.move(project, "promote", model, "the gate", gate_reasons(model))
    results().print(summaries.of_training(project, model, evaluation))
