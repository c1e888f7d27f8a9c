"""The one door to the project: train, score, promote, rollback, status, readiness.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by a gate or a failed readiness check,
130 interrupted. Progress and errors go to stderr, results to stdout. Heavy imports wait until a
command needs them.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from . import summaries
from .console import WIDTH, stages
from .core.errors import GateError, ProjectError
from .steps import progress

if TYPE_CHECKING:
    from .project import Project
    from .registry import RegisteredModel

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Training and batch inference, as architecture.md describes them.",
)


def main() -> None:
    """Entry point of the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


@app.command()
def train() -> None:
    """Train on the configured table, measure, and register the model."""
    with _running("train") as project:
        from zenml import Model

        from . import registry
        from .pipelines.training import training

        settings, name = project.training, project.settings.name
        progress.info("Preparing the training pipeline")
        run = training.with_options(model=Model(name=name))(settings)
        model = registry.require(name, run.model_version.number)
        evaluation = model.load("evaluation")
        if model.stage == registry.PRODUCTION:
            _record(project, "promote", model, None, "the gate", _reasons(model))
    _results().print(summaries.of_training(project, model, evaluation))


@app.command()
def score(
    input: Annotated[
        str | None,
        typer.Option(help="CSV or Parquet file, or database URL; the project's table by default."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Parquet file to write; predictions/<name of the input> by default."),
    ] = None,
) -> None:
    """Score a table with the champion: one prediction for each row that fits the contract."""
    with _running("score") as project:
        from zenml import Model

        from . import registry
        from .pipelines.batch_inference import batch_inference

        settings, name = project.batch_inference, project.settings.name
        source = input if input is None or "://" in input else str(Path(input).absolute())
        target = output.absolute() if output else project.predictions(source)
        if source is not None and Path(source).resolve() == target.resolve():
            raise ProjectError(f"{target} is the input: give another --output.")
        champion = registry.require_champion(name)
        progress.info("Preparing the batch inference pipeline")
        model = Model(name=name, version=champion.number)
        run = batch_inference.with_options(model=model)(source, str(target), settings)
        scoring = run.steps["write_predictions"].outputs["scoring"][0].load()
    synthetic = source is None and project.synthetic
    _results().print(summaries.of_scoring(project, scoring, synthetic))


@app.command()
def promote(
    by: Annotated[str, typer.Option(help="Who approves; else you, as git knows you.")] = "",
    why: Annotated[str, typer.Option(help="Why; else the gate's reasons.")] = "",
) -> None:
    """Put the model version that waits in staging into production."""
    with _running("promote") as project:
        from . import registry

        promoted, former = registry.promote(project.settings.name)
        _record(project, "promote", promoted, former, by, why or _reasons(promoted))
    retired = f"; version {former.number} is archived" if former else ""
    _results().print(f"Model version {promoted.number} is in production{retired}.")


@app.command()
def rollback(
    why: Annotated[str, typer.Option(help="What is wrong with the version in production.")],
    by: Annotated[str, typer.Option(help="Who decides; else you, as git knows you.")] = "",
) -> None:
    """Put the version that was in production before back, and archive the present one."""
    with _running("rollback") as project:
        from . import registry
        from .core import audit

        name = project.settings.name
        champion = registry.require_champion(name).number
        to = audit.before(audit.read(project.audit), champion)
        restored, former = registry.roll_back(name, to)
        _record(project, "rollback", restored, former, by, why)
    _results().print(
        f"Model version {restored.number} is back in production; version {former.number} is "
        f"archived. Score again what it touched: {summaries.COMMAND} score"
    )


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts; the keys stay.")] = False,
) -> None:
    """Show the champion, what waits for promotion, and the last scoring.

    Keys of --json: project, data {uri, synthetic}, champion and candidate (the version in
    staging), each null or {version, stage, trained_at, family, metric, label,
    higher_is_better, model, baseline, dummy, gain (each {value, low, high}), baseline_family,
    threshold, threshold_rule, training_rows, test_rows, features, trials, snapshot, source,
    synthetic, verdict, reasons, report}, counts {training_runs, scoring_runs}, last_scoring
    (null or {at, path, rejected_path, rows, scored, rejected, acted, reasons, model_version}).
    Times are in UTC, paths absolute.
    """
    with _running("status") as project:
        from . import registry

        found = registry.status(project)
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        _results().print(summaries.of_status(found))


@app.command()
def readiness() -> None:
    """Run the tests that demonstrate readiness, and write the score into architecture.md."""
    with _running("readiness", zenml=False) as project:
        from .core import readiness as score
        from .core.marked_tests import run_marked

        score.read_document(project.root)
        progress.info("Running the tests that are marked with readiness")
        ran = run_marked(project.root, project.logs / "pytest.log", progress.debug)
        found = score.judge(ran, score.has_schedule(project.root))
        today = datetime.now(UTC).date().isoformat()
        score.write_block(project.root, score.block(found, today, project.commit))
    _results().print(summaries.of_readiness(found))
    if found.failed:
        raise typer.Exit(3)


def _record(
    project: Project,
    action: Literal["promote", "rollback"],
    version: RegisteredModel,
    former: RegisteredModel | None,
    by: str,
    why: str,
) -> None:
    """Adds a move into production to the audit record."""
    from .core import audit

    entry = audit.Entry(
        action=action,
        version=version.number,
        previous=former.number if former else None,
        by=by or project.person,
        why=why,
        commit=project.commit,
        evidence=version.card.model_dump(mode="json"),
    )
    audit.append(project.audit, entry)


def _reasons(version: RegisteredModel) -> str:
    """What the gate said of a version."""
    return " ".join(version.card.reasons)


def _results() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH)
    return console


@contextmanager
def _running(command: str, zenml: bool = True) -> Iterator[Project]:
    """The project, with ZenML ready where it is needed; exits on errors.

    Stages are shown, and chatter is kept in a log.
    """
    console = Console(file=sys.stderr, highlight=False)
    log: Path | None = None
    try:
        with stages(console, progress):
            progress.info("Starting")
            from . import runtime
            from .project import Project

            project = Project.find()
            project.check()
            log = project.logs / f"{command}.log"
            with _logged(log) as stream, redirect_stdout(stream), redirect_stderr(stream):
                if zenml:
                    runtime.start(project)
                yield project
    except ProjectError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(3 if isinstance(error, GateError) else 1) from None
    except KeyboardInterrupt:
        console.print(f"Interrupted: {summaries.COMMAND} status shows what is in place.")
        raise typer.Exit(130) from None
    except Exception as error:
        where = f" The details are in {log}." if log else ""
        console.print(
            f"Something unexpected happened: {type(error).__name__}: {error}.{where}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1) from None


@contextmanager
def _logged(path: Path) -> Iterator[IO[str]]:
    """Sends all that libraries log, warn and print to `path`; yields the open file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = logging.root.handlers[:]
    with path.open("w", encoding="utf-8") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.root.handlers[:] = [handler]
        logging.captureWarnings(True)
        try:
            yield stream
        except Exception as error:
            if not isinstance(error, ProjectError):
                logging.exception("The command failed")
            raise
        finally:
            logging.captureWarnings(False)
            logging.root.handlers[:] = before
