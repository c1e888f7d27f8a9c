"""From a design to what is built: pipelines, steps, files, and what stays on paper."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from . import infrastructure
from .container import HOSTS, host
from .decision import Decision, Decisions
from .design import PHASES, Design
from .phases import training
from .phases._deployment_plan import is_logged_in_postgres, is_served
from .schedule import is_watched, starter
from .stack_files import environments
from .text import lower_first
from .zenml_stack import builds_images


class Step(NamedTuple):
    """A step of a pipeline: its name in the code and what it does."""

    name: str
    does: str


class Pipeline(NamedTuple):
    """One of the five pipelines; `built` says whether this project holds its code."""

    name: str
    title: str
    built: bool
    when: str
    steps: tuple[Step, ...]


class Component(NamedTuple):
    """A part of the generated project that a decision adds or leaves out.

    `path` is a glob over paths that begin at the project's root.
    """

    path: str
    wanted: bool


TRAINING_STEPS = (
    Step("ingest_data", "reads the table once and freezes it as a hashed Parquet snapshot"),
    Step("validate_data", "holds the snapshot against `data/contract.yaml`"),
    Step("engineer_features", "splits the rows and lists the columns each model family sees"),
    Step("train_model", "searches, calibrates and sets the threshold, on training rows only"),
    Step("evaluate_model", "measures the untouched test rows, with intervals and slices"),
    Step(
        "register_model",
        "writes the version, its report and card, and the verdict of the gate",
    ),
)
BATCH_INFERENCE_STEPS = (
    Step("load_champion", "loads the model version at stage `production`, by id"),
    Step("ingest_batch", "opens the table to score, without loading it"),
    Step("validate_batch", "holds it against the contract, the target left out"),
    Step(
        "predict_batch",
        "scores chunk by chunk and sets aside the rows that do not fit; `score` then logs the "
        "predictions, before anybody can act on them, and moves their file into place at once",
    ),
)
EXPORT_STEP = Step(
    "export_model",
    "translates the model to ONNX, and the gate refuses a translation that says something else; "
    "an EBM, or a model with features of your own, is served as the scikit-learn object",
)
TRACKING_STEP = Step(
    "track_run", "copies parameters, metrics, trials, report and card of the version into MLflow"
)
DRIFT_STEPS = (
    Step("load_reference", "takes the champion's training rows, and its holdout for the score"),
    Step("ingest_window", "freezes the table to judge: the last one scored, or another"),
    Step("compare_distributions", "tests predictions first, then the watched features"),
    Step("report_drift", "flags the window, and alarms on the second in a row"),
)
MONITORING_STEPS = (
    Step("collect_predictions", "reads the prediction log"),
    Step("measure_health", "checks freshness, volume, nulls, score distribution and model age"),
    Step("measure_performance", "joins late labels and measures the metric with its interval"),
    Step("raise_alerts", "tells the owner, with the runbook"),
)
RETRAINING_STEPS = (
    Step("check_triggers", "decides whether there is a reason to retrain, and rows to learn from"),
    Step(
        "train_challenger",
        "runs the training pipeline, whose gate compares both on rows that neither has seen",
    ),
    Step(
        "hand_to_approver", "promotes, or leaves it to a person; records why, also if nothing ran"
    ),
)


def pipelines(design: Design) -> tuple[Pipeline, ...]:
    """The five pipelines in the mission's order, built and deferred told apart."""
    watched = is_watched(design.decisions)
    *before, register = TRAINING_STEPS
    exported = (EXPORT_STEP,) if is_served(design.decisions) else ()
    tracked = (TRACKING_STEP,) if is_tracked(design.decisions) else ()
    steps = (*before, *exported, register, *tracked)
    later = "when the monitoring phase is taken up"
    seen = "after each scoring" if watched else later
    checked = "after each scoring, and when labels arrive" if watched else later
    asked = "at the pace of the decided trigger, or when asked" if watched else later
    return (
        Pipeline("training", "Training", True, "on demand", steps),
        Pipeline(
            "batch_inference",
            "Inference",
            True,
            "on demand, once per period",
            BATCH_INFERENCE_STEPS,
        ),
        Pipeline("drift_detection", "Drift detection", watched, seen, DRIFT_STEPS),
        Pipeline("monitoring", "Monitoring", watched, checked, MONITORING_STEPS),
        Pipeline("retraining", "Retraining", watched, asked, RETRAINING_STEPS),
    )


def is_tracked(decisions: Decisions) -> bool:
    """Whether each training is copied into MLflow (rule E13)."""
    return decisions["training_tracker"] == "mlflow"


def is_on_spark(decisions: Decisions) -> bool:
    """Whether rows are scored on Spark (rule C3)."""
    return decisions["data_engine"] == "spark"


def is_promoted_by_ci(design: Design) -> bool:
    """Whether a job of the CI promotes what a person approves (rule F4)."""
    return design.facts.ci != "none" and design["deployment_promotion"] == "ci_gate"


def components(design: Design, approval: str) -> tuple[Component, ...]:
    """Parts of the project that exist only for some decisions; paths begin at its root."""
    approved = approval == "approve"
    watched, tracked = is_watched(design.decisions), is_tracked(design.decisions)
    shipped, ci = is_logged_in_postgres(design.decisions), design.facts.ci
    served, built = is_served(design.decisions), builds_images(design.decisions)
    return (
        Component("/configs", approved),
        Component("/configs/environments", len(environments(design.decisions)) > 1),
        Component("/configs/runs", built),
        Component("/data", approved),
        Component("/docs/going-to-production.md", approved),
        Component("/src", approved),
        Component("/stacks", approved),
        Component("/stacks/steps.Dockerfile", built),
        Component("/tests", approved),
        Component("/.gitignore", approved),
        Component("/Makefile", approved),
        Component("/README.md", approved),
        Component("/pyproject.toml", approved),
        Component("/uv.lock", approved),
        Component("/.github", approved and ci == "github"),
        Component("/.gitlab-ci.yml", approved and ci == "gitlab"),
        Component("/.github/workflows/schedule.yml", starter(design) == "github"),
        Component("/.github/workflows/promote.yml", is_promoted_by_ci(design)),
        Component("/schedules", approved and starter(design) == "cron"),
        *(
            Component(f"{place}{part}*", watched)
            for part in ("drift", "monitoring", "retraining")
            for place in ("/configs/", "/src/*/*/", "/tests/test_")
        ),
        *(
            Component(f"{place}tracking*", tracked)
            for place in ("/src/*/", "/src/*/*/", "/tests/test_")
        ),
        *(
            Component(f"{place}{part}*", served)
            for part in ("serving", "rollout")
            for place in ("/configs/", "/src/*/", "/src/*/*/", "/tests/", "/tests/test_")
        ),
        *(
            Component(place, is_on_spark(design.decisions))
            for place in ("/src/*/*/spark*", "/tests/test_spark*")
        ),
        Component("/src/*/*/postgres*", shipped),
        *(
            Component(f"{place}postgres*", shipped and watched)
            for place in ("/tests/", "/tests/test_")
        ),
        *(
            Component(f"{place}{part}*", watched)
            for part in ("rollout_quality", "serving_health", "serving_log", "serving_monitoring")
            for place in ("/src/*/*/", "/tests/test_")
        ),
        *(
            Component(place, approved and served)
            for place in ("/benchmarks", "/Dockerfile", "/deploy")
        ),
        Component("/.dockerignore", approved and (served or built)),
        *(Component(f"/deploy/{folder}", host(design) == folder) for folder in HOSTS),
        Component("/infrastructure", approved and bool(infrastructure.cloud(design))),
        *(
            Component(f"/infrastructure/{folder}", infrastructure.cloud(design) == folder)
            for folder in infrastructure.CLOUDS
        ),
        *(
            Component(f"/infrastructure/*/{part}*", part in infrastructure.parts(design))
            for part in infrastructure.PARTS
        ),
    )


def is_excluded(design: Design, approval: str, path: str) -> bool:
    """Whether the design leaves `path` out; a path that no decision governs stays in."""
    unwanted = tuple(part.path for part in components(design, approval) if not part.wanted)
    return bool(unwanted) and _at_or_below(unwanted).match(path) is not None


@lru_cache(maxsize=64)
def _at_or_below(globs: tuple[str, ...]) -> re.Pattern[str]:
    places = (re.escape(each).replace(r"\*", "[^/]*") for each in globs)
    return re.compile(rf"(?:{'|'.join(places)})(?:/|\Z)")


def unbuilt_parts(design: Design) -> tuple[str, ...]:
    """What accepted phases ask for beside their decisions, and no code does: "yours to add"."""
    parts: list[str] = []
    if not design.skipped("training"):
        checks = training.evaluation_checks(design.facts)
        parts += [lower_first(check.name) for check in checks if not check.built]
    if design["stack_orchestrator"] != "local":
        where = design.decisions.find("stack_orchestrator").label
        here = ["scoring"] if is_on_spark(design.decisions) else []
        here += ["drift detection", "monitoring"] if is_watched(design.decisions) else []
        if here:
            parts.append(
                f"{' and '.join(here)} on {where} itself: what reads files of one machine runs "
                "there, at the same server"
            )
    return tuple(parts)


def documented_only(design: Design) -> tuple[Decision, ...]:
    """Decisions of accepted phases that the person has to build: "yours to add"."""
    return tuple(
        decision
        for phase in PHASES
        if not design.skipped(phase.prefix)
        for decision in design.of(phase.prefix)
        if not decision.built
    )
