"""`score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import summaries
from ..core.errors import ProjectError
from ..core.files import alone
from ..steps import progress
from .clock import AsOf, moment
from .running import results, running


def score(
    input: Annotated[
        str | None,
        typer.Option(help="CSV or Parquet file, or database URL; the project's table by default."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Parquet file to write; predictions/<name of the input> by default."),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Score a table with the champion: one prediction for each row that fits the contract."""
    with running("score", files=True) as project:
        from zenml import Model

        from .. import registry, run_settings
        from ..pipelines.batch_inference import batch_inference

        settings, name = project.batch_inference, project.settings.name
        source = input if input is None or "://" in input else str(Path(input).absolute())
        target = output.absolute() if output else project.predictions(source)
        if source is not None and Path(source).resolve() == target.resolve():
            raise ProjectError(f"{target} is the input: give another --output.")
        champion = registry.require_champion(name)
        progress.info("Preparing the batch inference pipeline")
        model, options = Model(name=name, version=champion.number), run_settings.in_use(project)
        pipeline = batch_inference.with_options(model=model, **options)
        with alone(project.locks / f"score_{target.stem}"):
            run = pipeline(source, str(target), settings, moment(as_of).isoformat())
        scoring = run.steps["write_predictions"].outputs["scoring"][0].load()
    synthetic = source is None and project.synthetic
    results().print(summaries.of_scoring(project, scoring, synthetic))
