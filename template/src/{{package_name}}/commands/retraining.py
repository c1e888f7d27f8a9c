"""`retrain`."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import summaries
from ..console import facts
from .clock import AsOf, moment
from .running import results, running

OUTCOMES = {
    "declined": "nothing was trained",
    "refused": "the gate refused the challenger: the champion stays",
    "waiting": f"the challenger waits for a person: {summaries.COMMAND} {summaries.TAKE_OVER}",
    "promoted": "the challenger is in production",
}


def retrain(
    why: Annotated[str, typer.Option(help="Your reason, which counts as a trigger.")] = "",
    as_of: AsOf = None,
) -> None:
    """Train a challenger where there is a reason and something new to learn, and gate it."""
    with running("retrain", moves=True) as project:
        from ..core.retraining import RetrainingSettings
        from ..pipelines.retraining import retraining

        settings = project.configured("retraining", RetrainingSettings)
        entry = retraining(project, settings, why, moment(as_of), as_of)
    challenger = "" if entry.challenger is None else f", version {entry.challenger} challenges it"
    results().print(
        summaries.heading(f"{entry.outcome.capitalize()}: {OUTCOMES[entry.outcome]}", False),
        facts(
            ("champion", f"version {entry.champion}{challenger}"),
            ("trigger", entry.trigger),
            ("reasons", "\n".join(entry.reasons)),
            ("record", project.shown(project.retraining)),
        ),
    )
