"""What a decision changes in the generated project: where its code stands, or what stands in.

Texts are Markdown of our own; `{package}` is the project's package. They say where to look, never
why: reasons belong to the rules.
"""

from __future__ import annotations

from .decision import Decision

BUILT: dict[str, str] = {
    "maturity_level": "The commands in `src/{package}/cli.py` are the level's promise; what a "
    "higher level adds waits in section 12 of the architecture.",
    "data_ingestion": "The step `ingest_data` in `src/{package}/steps/training.py` reads the "
    "table that `configs/project.yaml` names.",
    "data_versioning": "Each run leaves its snapshot with its SHA-256, which stands on the card "
    "of the model version.",
    "data_engine": "`src/{package}/core/data.py` reads through DuckDB; `maximum_training_rows` in "
    "`configs/training.yaml` bounds what training takes.",
    "data_engine=spark": "`{package} score` sends the rows to Spark's workers by "
    "`src/{package}/core/spark.py`, which score them as one machine would; training takes "
    "`maximum_training_rows` of `configs/training.yaml`. It was run on one machine's Spark, and on "
    "no cluster.",
    "data_storage": "Snapshots, runs and models lie in the project's folder: back it up.",
    "data_gates": "`on_failure` and the limits stand in `data/contract.yaml`, which is yours; "
    "`src/{package}/core/gates.py` checks them at every run.",
    "data_privacy": "Identifiers have their role in `data/contract.yaml`, are never features, and "
    "none of their values is written there.",
    "data_retention_months": "No code deletes anything: whoever owns the data does, by this list.",
    "feature_scaling": "Read by `src/{package}/core/preprocessing.py`.",
    "feature_encoding": "Read by `src/{package}/core/preprocessing.py`.",
    "feature_missing": "Read by `src/{package}/core/preprocessing.py`.",
    "feature_selection": "Columns left out are marked in `data/contract.yaml`.",
    "feature_dates": "Read by `src/{package}/core/preprocessing.py`.",
    "feature_store": "No store is run; the features come from the table itself.",
    "feature_bundling": "`src/{package}/core/models.py` fits and keeps one object; training and "
    "scoring both use it.",
    "feature_point_in_time": "`data/contract.yaml` says which column is the time of a row, if any.",
    "training_metric": "It selects, gates and reports.",
    "training_baseline": "The gate measures against it.",
    "training_candidates": "Families and their search spaces stand in "
    "`src/{package}/core/models.py`.",
    "training_split": "Carried out by `src/{package}/core/split.py`.",
    "training_validation": "Carried out by `src/{package}/core/split.py`.",
    "training_test_share": "These rows are read once, by the evaluation.",
    "training_imbalance": "No row is drawn twice or left out; `threshold` in "
    "`configs/training.yaml` moves instead.",
    "training_search": "The report says how many trials ran in the time.",
    "training_calibration": "Kept as data beside the pipeline object.",
    "training_threshold": "Set on validation rows, kept as data beside the pipeline object.",
    "training_intervals": "Every number in the report has one.",
    "training_gate": "`src/{package}/core/promotion.py` decides, and `train` says why it refuses.",
    "training_tracker": "ZenML keeps parameters and metrics of each run; `{package} status` reads "
    "them.",
    "training_tracker=mlflow": "The step `track_run` copies each registered version into `mlruns/` "
    "by `src/{package}/tracking.py`: parameters, metrics with intervals, trials, report and card. "
    "`MLFLOW_TRACKING_URI` names a server instead. A run that MLflow does not take is registered "
    "all the same.",
    "deployment_mode": "`{package} score` writes one Parquet file to `predictions/`, and rejected "
    "rows beside it; `configs/batch_inference.yaml` tunes it.",
    "deployment_mode=realtime": "`{package} serve` answers requests; `{package} score` writes a "
    "table where one is asked for.",
    "deployment_mode=both": "`{package} score` writes a table to `predictions/`, `{package} serve` "
    "answers requests, by the same version.",
    "deployment_serving": "There is no service to run, and nobody is on call for one.",
    "deployment_serving=fastapi": "`{package} serve` runs `src/{package}/serving/`; "
    "`configs/serving.yaml` says what it accepts, and an export that differs is refused.",
    "deployment_serving=container_service": "`Dockerfile` is the image of `{package} serve`; "
    "`deploy/` holds a trial with its dashboard, and what runs it in a cloud or cluster you named.",
    "deployment_log": "`prediction_log/` on the host that predicts; back it up.",
    "deployment_log=postgres": "What the service answers is shipped by "
    "`src/{package}/serving/postgres_shipping.py` to the server that `{PACKAGE}_LOG_URL` names; "
    "monitoring fetches it from there. Scoring runs write to `prediction_log/`.",
    "deployment_strategy": "A new version scores from the next run on; earlier versions stay in "
    "the registry.",
    "deployment_strategy=shadow_full": "`{package} rollout advance` lets the service ask the new "
    "version beside the champion, and later instead of it; `rollout report` compares, "
    "`audit/rollout.jsonl` records.",
    "deployment_strategy=shadow_canary": "`{package} rollout advance` takes the new version from "
    "shadow through each share to all requests; the service aborts a canary by itself, and "
    "`audit/rollout.jsonl` says when and why.",
    "deployment_promotion": "`{package} promote` moves the version that waits in staging; `train` "
    "promotes by itself only where there is no champion yet, `retrain` where `promotion` in "
    "`configs/retraining.yaml` is automatic; where a version takes over in stages, it begins them.",
    "deployment_promotion=ci_gate": "A job of the CI runs the checks and `{package} gate`, and "
    "promotes the version that a person then approves, on the record; `train` promotes by itself "
    "only where there is no champion yet.",
    "deployment_fallback": "Nobody needs this project for it: see `docs/runbook.md`.",
    "deployment_fallback=last_scores": "The last table stays in `predictions/` until the "
    "next is finished: see `docs/runbook.md`.",
    "deployment_rollback": "`{package} rollback --why …` puts the version before back; a test "
    "rehearses it, and `audit/production.jsonl` records it.",
    "monitoring_drift": "`{package} drift` compares the last scored table with the champion's "
    "reference; `configs/drift_detection.yaml` holds the limits.",
    "monitoring_drift=none": "No drift test runs.",
    "monitoring_window_rows": "`window_rows` in `configs/drift_detection.yaml`: fewer rows "
    "show only larger shifts, and none below `fewest_rows`. In `configs/monitoring.yaml`: the "
    "newest rows that are measured.",
    "monitoring_performance": "`{package} monitor --labels FILE` measures; `estimate` in "
    "`configs/monitoring.yaml` says whether it estimates too.",
    "monitoring_alerts": "`alerts` and `owner` in `configs/monitoring.yaml`; what is new stands in "
    "`alerts/alerts.jsonl`.",
    "monitoring_alerts=slack": "`alerts` and `owner` in `configs/monitoring.yaml`; what is new "
    "stands in `alerts/alerts.jsonl`, and goes to the alerter of the stack that is applied.",
    "monitoring_alerts=none": "Nobody is told of anything; whoever runs a command reads its "
    "output.",
    "monitoring_retrain_days": "`interval_days` in `configs/retraining.yaml`.",
    "monitoring_trigger": "`{package} retrain` holds to `configs/retraining.yaml`.",
    "monitoring_trigger=manual": "A person runs `{package} retrain --why …`, with a reason.",
    "monitoring_exploration": "Every case is decided by its score; none is set aside at random.",
    "monitoring_incidents": "`docs/runbook.md` holds severities, first moves and the way back.",
    "governance_recourse": "The project holds none: whoever decides answers for it.",
    "governance_registry": "`src/{package}/registry.py` is the only module that writes stages.",
    "governance_approval": "Whoever runs `{package} promote` approves: give that right to nobody "
    "else. It records `--by` and checks neither the person nor a wait.",
    "governance_approval=afterwards": "`{package} retrain` promotes what the gate passes, as "
    "`promotion` in `configs/retraining.yaml` says, and records it in `audit/production.jsonl`; "
    "nobody is sent a message.",
    "governance_stages": "`train` sets staging, or production for the first version; `promote` "
    "moves on and archives the one before.",
    "governance_audit": "`audit/production.jsonl` records who moves which version, when, why and "
    "on what evidence, before it moves: metric with interval, baseline, threshold, snapshot hash, "
    "source and the gate's reasons. Lockfile hash, query text, report hash and the reason of a "
    "retirement are yours to add.",
    "governance_card": "`docs/model_card.md` holds what was designed; `reports/` what was measured "
    "of each version.",
    "governance_reproducibility": "`seed` in `configs/training.yaml`, the locked environment and "
    "the hashed snapshot repeat a training.",
    "stack_orchestrator": "`stacks/production.yaml` names it, and `{package} stack apply` moves "
    "the runs there. It was checked against ZenML's classes, and never run.",
    "stack_orchestrator=local": "`stacks/local.yaml`, which every project runs on first.",
    "stack_scheduler": "A file holds when each period's run starts, and you switch it on: "
    "`schedules/crontab`, or the CI's own.",
    "stack_scheduler=none": "A run starts when somebody types its command.",
    "stack_artifact_store": "`stacks/production.yaml` names it; what runs there after "
    "`{package} stack apply` keeps its artifacts in it, and earlier ones stay where they are.",
    "stack_artifact_store=local": "`stacks/local.yaml`: a folder of the project.",
    "stack_data_validator": "The gates are steps of the pipelines, so the slot stays empty.",
    "stack_deployer": "The slot stays empty.",
    "stack_container_registry": "`stacks/production.yaml` names it, and beside it the image "
    "builder; `stacks/steps.Dockerfile` is what it builds, from `uv.lock`.",
    "stack_container_registry=none": "No image is built.",
    "stack_alerter": "`stacks/production.yaml` fills the slot, and `{package} monitor` posts there "
    "once that stack is applied and the secret that it names exists.",
    "stack_alerter=none": "The slot stays empty.",
    "stack_step_operator": "`configs/runs/` sends `train_model` there, on the stacks that have it; "
    "the table goes along through the artifact store. It was never run.",
    "stack_step_operator=none": "Every step runs where its pipeline runs.",
}
MEANWHILE: dict[str, str] = {
    "maturity_level": "a person starts what the level automates",
    "data_ingestion": "the table is read once from the place in `configs/project.yaml`",
    "data_versioning": "each run keeps its snapshot as an artifact",
    "data_engine": "DuckDB reads, and training takes a bounded number of rows",
    "data_storage": "everything lies in the project's folder",
    "data_privacy": "identifiers are kept out of the features and of `data/contract.yaml`",
    "feature_store": "the features come from the table itself",
    "feature_point_in_time": "each row counts as known at its own time",
    "training_candidates": "the families in `configs/training.yaml` are trained",
    "training_validation": "validation rows are kept apart from the test part",
    "training_imbalance": "the rows stay as they are",
    "training_gate": "the gate keeps to the interval",
    "training_tracker": "ZenML keeps parameters and metrics of each run",
    "deployment_strategy": "a new version takes over at once, in batch from the next run on",
    "deployment_promotion": "a person runs `{package} promote`",
    "deployment_fallback": "whoever asks gets an error and no answer, and people decide by "
    "`docs/runbook.md`",
    "monitoring_drift": "`{package} drift` compares with two keys",
    "monitoring_performance": "`{package} monitor --labels FILE` measures with labels",
    "monitoring_retrain_days": "`configs/retraining.yaml` asks for a day at least",
    "monitoring_trigger": "a person runs `{package} train`",
    "monitoring_exploration": "no case is decided at random",
    "governance_recourse": "the owner hears a contested decision",
    "stack_scheduler": "somebody types the command of each run",
    "stack_data_validator": "`stacks/production.yaml` registers it, and the gates stay steps",
    "stack_deployer": "`stacks/production.yaml` registers it, and no pipeline is deployed by it",
    "governance_registry": "the Model Control Plane holds versions and stages",
}

WATCHING = frozenset({
    "monitoring_drift", "monitoring_window_rows", "monitoring_performance", "monitoring_alerts",
    "monitoring_retrain_days", "monitoring_trigger",
})  # fmt: skip
"""Decisions about code and configuration that a project without monitoring does not hold."""


def consequence(decision: Decision, package_name: str, watched: bool) -> str:
    """One or two sentences: where the decision stands in the project, or what stands in for it."""
    name = decision.proposal.decision
    if not watched and name in WATCHING:
        way = "plan=good" if decision.skipped else "drift=two_keys"
        said = "Left out, with its commands, configuration and tests: " \
            f"`copier update --trust -d monitoring_{way}` brings them."  # fmt: skip
    elif decision.built:
        own = BUILT.get(name, "The project follows it.")
        left_out = decision.skipped and name.startswith("deployment_")
        said = own if left_out else BUILT.get(f"{name}={decision.value}", own)
    else:
        otherwise = MEANWHILE.get(name, "nothing stands in")
        said = f"Yours to add: it is written down here and not built. Until then {otherwise}."
    return said.replace("{package}", package_name).replace("{PACKAGE}", package_name.upper())
