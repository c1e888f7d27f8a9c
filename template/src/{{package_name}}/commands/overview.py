"""`status` and `readiness`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from .. import summaries
from ..steps import progress
from .running import results, running


def status(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts; the keys stay.")] = False,
) -> None:
    """Show the champion, what waits for promotion, and the last scoring.

    Keys of --json: project, data {uri, synthetic}, champion and candidate (the version in
    staging), each null or {version, stage, trained_at, family, metric, label,
    higher_is_better, model, baseline, dummy, gain (each {value, low, high}), baseline_family,
    incumbent (null or {column, kind, rows, acted, label, today, model, gain}: what is done today
    beside the model), threshold, threshold_rule, training_rows, test_rows, features, trials,
    snapshot, source, synthetic, verdict, reasons, report}, counts {training_runs, scoring_runs},
    last_scoring (null or {at, path, rejected_path, rows, scored, rejected, acted, capacity,
    reasons, model_version}), last_drift (null or {at, verdict, model_version, source, snapshot,
    rows, fewest_rows, window_rows, windows_in_a_row, watched, features_for_alarm, streak, columns:
    a list of {name, part, kind, effect, significance, missing_reference, missing_current, drifted,
    why}}), last_monitoring (null or {at, as_of, model_version, worst, breach, checks (each {name,
    severity, what}), labels, performance, estimate, raised}), last_retraining (null or {at,
    as_of, model, trigger, reasons, outcome, champion, challenger}).
    Times are in UTC, paths absolute.
    """
    with running("status") as project:
        from .. import registry

        found = registry.status(project)
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        results().print(summaries.of_status(found))


def readiness() -> None:
    """Run the tests that demonstrate readiness, and write the score into architecture.md."""
    with running("readiness", zenml=False) as project:
        from ..core import readiness as score
        from ..core.marked_tests import run_marked

        score.read_document(project.root)
        progress.info("Running the tests that are marked with readiness")
        ran = run_marked(project.root, project.logs / "pytest.log", progress.debug)
        found = score.judge(ran, score.has_schedule(project.root))
        today = datetime.now(UTC).date().isoformat()
        score.write_block(project.root, score.block(found, today, project.commit))
    results().print(summaries.of_readiness(found))
    if found.failed:
        raise typer.Exit(3)
