"""The end of each command in a few lines, at most 80 columns wide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from .console import facts, number, with_interval

if TYPE_CHECKING:
    from .core.evaluation import Evaluation
    from .core.inference import ScoringSummary
    from .core.readiness import Readiness
    from .project import Project
    from .registry import RegisteredModel

COMMAND = f"uv run {__package__}"
NOTICE = "Synthetic table, drawn from data/contract.yaml: the numbers only show that it runs."


def of_training(project: Project, model: RegisteredModel, evaluation: Evaluation) -> Group:
    """What was trained, how well it does, what the gate said, and what to do next."""
    card = model.card
    threshold = f"{number(card.threshold)} ({card.threshold_rule})"
    gain = with_interval(**card.gain.model_dump())
    title = f"Model version {model.number} of {project.settings.name}"
    report = project.report(model.number)
    rows = f"{card.training_rows:,} rows, {card.features} columns; {card.test_rows:,} held out"
    stage, advice = _stage_and_advice(model.stage, card.verdict)
    return Group(
        heading(title, card.synthetic),
        _scores(evaluation),
        facts(
            ("gain", f"{gain} in {card.label} over the {card.baseline_family} baseline"),
            ("today's way", _beside_today(card.incumbent.model_dump()) if card.incumbent else None),
            ("data", f"{card.source}, snapshot {card.snapshot[:12]}"),
            ("trained on", rows),
            ("model", f"{card.family}, {card.trials} trials"),
            ("threshold", None if card.threshold is None else threshold),
            ("gate", "\n".join(card.reasons)),
            ("stage", stage),
            ("report", project.shown(report)),
            ("next", advice),
        ),
    )


def of_scoring(project: Project, scoring: ScoringSummary, synthetic: bool) -> Group:
    """What was scored, what was set aside and why, and where both are."""
    reasons = "; ".join(f"{reason} ({count:,})" for reason, count in scoring.reasons.items())
    rejected = scoring.rejected_path
    return Group(
        heading(f"Scored by model version {scoring.model_version}", synthetic),
        facts(
            ("scored", f"{scoring.scored:,} of {scoring.rows:,} rows"),
            ("to act on", _acted(scoring)),
            ("predictions", project.shown(Path(scoring.path))),
            (
                "set aside",
                f"{scoring.rejected:,} of {scoring.rows:,} rows: {reasons}" if reasons else None,
            ),
            ("rows set aside", project.shown(Path(rejected)) if rejected else None),
        ),
    )


def of_status(found: dict[str, Any]) -> Group:
    """The champion, what waits, and the last runs, as `status --json` has them."""
    scoring, waiting = found["last_scoring"], found["candidate"]
    scored = scoring and f"{scoring['scored']:,} of {scoring['rows']:,} rows on {scoring['at']}"
    return Group(
        heading(found["project"], found["data"]["synthetic"]),
        facts(
            ("champion", _version(found["champion"]) or f"none: run {COMMAND} train"),
            ("waiting", waiting and f"{_version(waiting)}\nrun {COMMAND} promote"),
            ("data", found["data"]["uri"]),
            (
                "runs",
                "{training_runs} of training, {scoring_runs} of scoring".format(**found["counts"]),
            ),
            ("last scoring", scored or "none"),
            ("last drift", found["last_drift"] and _drift(found["last_drift"])),
            ("last retraining", found["last_retraining"] and _retrained(found["last_retraining"])),
            ("last monitoring", found["last_monitoring"] and _watched(found["last_monitoring"])),
        ),
    )


def of_readiness(found: Readiness) -> Group:
    """The 28 tests with what was demonstrated of each, the score, and what failed."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    table.add_column("ML Test Score", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("tests")
    for name, tests in found.sections.items():
        table.add_row("", Text(name, "bold"), Text(f"{found.sums[name]:g}", "bold"), "")
        for test in tests:
            style = "red" if test.failed else "" if test.tests else "dim"
            table.add_row(test.id, test.title, f"{test.points:g}", Text(test.told, style))
    weakest = [name for name, total in found.sums.items() if total == found.score]
    return Group(
        table,
        facts(
            ("score", f"{found.score:g} of 7: {found.band}"),
            ("weakest", ", ".join(weakest)),
            ("tests", found.summary),
            ("failed", "\n".join(found.failed) or None),
            ("schedule", None if found.scheduled else "none, so a monitoring test counts ½"),
            ("log", "logs/pytest.log"),
            ("written to", "architecture.md, section Readiness"),
        ),
    )


def heading(title: str, synthetic: bool) -> Text:
    """The first line of a summary, and a warning where the table is synthetic."""
    line = Text(title, style="bold")
    return line.append(f"\n{NOTICE}", style="yellow") if synthetic else line


def _scores(evaluation: Evaluation) -> Table:
    """The metrics of the model with intervals, its baseline and the dummy."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("metric")
    table.add_column(f"{evaluation.family} [{evaluation.level:.0%} interval]", no_wrap=True)
    names = ["baseline", "dummy"] if evaluation.baseline != "dummy" else ["dummy"]
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for score in (evaluation.primary, *evaluation.others):
        values = [number(getattr(score, name).value) for name in names]
        table.add_row(score.label, with_interval(**score.model.model_dump()), *values)
    return table


def _stage_and_advice(stage: str | None, verdict: str) -> tuple[str, str]:
    if stage == "production":
        return "production: the first version that passed the gate", f"{COMMAND} score"
    if stage == "staging" and verdict == "promote":
        return "staging: it beats the champion", f"{COMMAND} promote"
    if stage == "staging":
        return "staging: a person must look first", f"read the report, then {COMMAND} promote"
    return "none: not promoted", "read the report; change configs/ or the table, and train again"


def _drift(finding: dict[str, Any]) -> str:
    """The last judged window as `status --json` has it, in a few words."""
    drifted = ", ".join(column["name"] for column in finding["columns"] if column["drifted"])
    return f"{finding['verdict']} on {finding['at']}" + (f": {drifted}" if drifted else "")


def _retrained(entry: dict[str, Any]) -> str:
    return f"{entry['outcome']} as of {entry['as_of']}: {entry['reasons'][0]}"


def _watched(monitoring: dict[str, Any]) -> str:
    failing = [check["name"] for check in monitoring["checks"] if check["severity"]]
    told = f"{monitoring['worst']}: {', '.join(failing)}" if failing else "all well"
    return f"{told} as of {monitoring['as_of']}"


def _acted(scoring: ScoringSummary) -> str | None:
    if scoring.acted is None:
        return None
    chosen = "" if scoring.capacity is None else ": the highest scores, equal ones by row"
    return f"{scoring.acted:,} rows{chosen}"


def _version(model: dict[str, Any] | None) -> str | None:
    """One version as `status --json` has it, in a few words."""
    if model is None:
        return None
    today = model["incumbent"]
    return (
        f"version {model['version']} ({model['family']}), trained on {model['trained_at']}\n"
        f"{model['label']} {with_interval(**model['model'])}, "
        f"{model['baseline_family']} baseline {number(model['baseline']['value'])}"
        + (f"\ntoday's way: {_beside_today(today)}" if today else "")
    )


def _beside_today(found: dict[str, Any]) -> str:
    """What is done today beside the model, as `status --json` has it."""
    if found["gain"] is None:
        return f"too few rows of {found['column']} to measure"
    today, model = (number(found[name]["value"]) for name in ("today", "model"))
    gain = with_interval(**found["gain"])
    return f"{today}, the model's {model}, gain {gain} in {found['label']}"
