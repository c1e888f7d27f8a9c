"""How fast a large table is scored, and in how much memory: 2 and 20 million rows of 20 columns.

    uv run python benchmarks/scoring.py

Generates a project, and in its environment fits a logistic regression with one-hot columns and 300
trees on a sample. Each scoring is a process of its own that does what `score` does, by the
project's code: snapshot, gates, predictions to disk, prediction log. Beside it stands what the
fitted Pipelines reach on rows in memory, one on each core. Fails where 20 million rows take a tenth
more memory than 2 million, or fewer than 80 % of those rows a second. Needs 8 GB of disk.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = "measured"
FEW, MANY, SAMPLE = 2_000_000, 20_000_000, 20_000
NUMBERS, TEXTS = 9, 10
FAMILIES: dict[str, dict[str, Any]] = {
    "linear": {"penalty": 1.0},
    "lightgbm": {"n_estimators": 300, "num_leaves": 31},
}
IN_MEMORY_ROWS, IN_MEMORY_SECONDS = 200_000, 15.0
MEMORY_ALLOWED, SPEED_ASKED = 1.1, 0.8


def main() -> int:
    """Generate a project and measure inside it."""
    from copier import run_copy

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / PACKAGE
        run_copy(str(ROOT), project, vcs_ref="HEAD", defaults=True, unsafe=True, quiet=True)
        script = str(Path(__file__).absolute())
        inside = ["uv", "run", "--directory", str(project), "python", script, "measure", folder]
        return subprocess.run(inside, check=False).returncode


def measure(folder: str) -> int:
    """Write the tables, fit, score each in a process of its own, and print."""
    for rows in (SAMPLE, FEW, MANY):
        write(Path(folder), rows)
    print(f"{1 + NUMBERS + TEXTS} columns, {NUMBERS} of them numbers and {TEXTS} texts", flush=True)
    kept = [promise_kept(folder, family) for family in FAMILIES]
    return 0 if all(kept) else 1


def promise_kept(folder: str, family: str) -> bool:
    """Whether memory does not grow, and scoring keeps up with the Pipeline."""
    fit(Path(folder), family)
    cores = os.cpu_count() or 1
    children = [child("in_memory", folder, family) for _ in range(cores)]
    pipelines = [answer(each) for each in children]
    pace = sum(each["rows"] / each["seconds"] for each in pipelines)
    cost = sum(each["cpu"] for each in pipelines) / sum(each["rows"] for each in pipelines)
    print(f"{family}: the Pipeline in memory on {cores} cores", flush=True)
    print(f"  {pace:12,.0f} rows/s, {1e6 * cost:5.2f} CPU s a million rows", flush=True)
    few, many = (answer(child("score", folder, family, str(rows))) for rows in (FEW, MANY))
    for found in (few, many):
        rows, seconds = found["rows"], found["seconds"]
        print(
            f"  {rows:12,} rows scored in {seconds:,.1f} s: {rows / seconds:,.0f} rows/s, "
            f"{found['cpu'] / seconds:.1f} cores busy, at most {found['megabytes']:,.0f} MB, "
            f"{1e6 * found['cpu'] / rows:.2f} CPU s a million rows: "
            + ", ".join(f"{name} {1e6 * t / rows:.2f}" for name, t in found["stages"].items()),
            flush=True,
        )
    speed = many["rows"] / many["seconds"] / pace
    growth = many["megabytes"] / few["megabytes"]
    by_work = cost / (many["cpu"] / many["rows"])
    print(
        f"  {speed:.0%} of the Pipeline's rows a second, {by_work:.0%} by CPU seconds; "
        f"{growth:.2f} times the memory",
        flush=True,
    )
    return speed >= SPEED_ASKED and growth <= MEMORY_ALLOWED


def child(*arguments: str) -> subprocess.Popen[bytes]:
    """A process of this file's function of that name."""
    return subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE)


def answer(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a child measured."""
    printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(process.returncode)
    return dict(json.loads(printed))


def write(folder: Path, rows: int) -> None:
    """A table of independent columns; two of the numbers have gaps."""
    import duckdb

    numbers = [
        f"CASE WHEN {place} > 1 OR hash(i, {place}) % 20 > 0 "
        f"THEN hash(i, {100 + place}) % 1000000 / 1e4 END AS x{place}"
        for place in range(NUMBERS)
    ]
    texts = [f"'level ' || hash(i, {200 + n}) % {n + 3} AS c{n}" for n in range(TEXTS)]
    duckdb.execute(
        f"COPY (SELECT 'customer ' || i AS customer, {', '.join([*numbers, *texts])} "
        f"FROM range({rows}) numbers(i)) TO '{folder}/{rows}.parquet' (FORMAT parquet)"
    )


def modules(*names: str) -> tuple[Any, ...]:
    """Modules of the generated project's core."""
    return tuple(import_module(f"{PACKAGE}.core.{name}") for name in names)


def contract() -> Any:
    """The contract of the tables."""
    (contracts,) = modules("contract")
    columns = [
        {"name": "customer", "type": "string", "role": "identifier"},
        *({"name": f"x{n}", "type": "number", "role": "feature"} for n in range(NUMBERS)),
        *(
            {
                "name": f"c{n}", "type": "string", "role": "feature", "distinct": n + 3,
                "levels": [f"level {level}" for level in range(n + 3)],
            }
            for n in range(TEXTS)
        ),
        {"name": "target", "type": "string", "role": "target", "levels": ["no", "yes"]},
    ]  # fmt: skip
    return contracts.Contract(
        table="table", target="target", problem_type="binary", positive_class="yes", rows=SAMPLE,
        identifiers=["customer"], columns=columns,
    )  # fmt: skip


def fit(folder: Path, family: str) -> None:
    """A model on the sample, kept in the folder."""
    import joblib
    import numpy as np

    calibration, data, models, preprocessing, settings = modules(
        "calibration", "data", "models", "preprocessing", "settings"
    )
    training = settings.TrainingSettings(
        metric="log_loss", candidates=tuple(FAMILIES), split={"strategy": "stratified"}
    )
    (frame,) = data.read_batches(f"{folder}/{SAMPLE}.parquet", contract(), SAMPLE)
    noise = np.random.default_rng(0).normal(0, 30, SAMPLE)
    truth = frame["x2"] + frame["x3"] + 30 * (frame["c0"] == "level 1") + noise > 110
    inputs = preprocessing.input_columns(contract(), training.features)
    parameters = {**models.DEFAULTS[family], **FAMILIES[family]}
    pipeline = models.build_pipeline(contract(), training, family, parameters)
    pipeline.fit(frame[list(inputs)], truth.astype(int))
    model = models.TrainedModel(
        family, parameters, "binary", ("no", "yes"), inputs, pipeline,
        calibration.Calibration(method="sigmoid"), calibration.Threshold(rule="half", value=0.5),
        np.array([], dtype=np.uint64),
    )  # fmt: skip
    joblib.dump(model, folder / family)


def in_memory(folder: str, family: str) -> dict[str, Any]:
    """Rows that the fitted Pipeline alone predicts on one core, chunk by chunk."""
    import joblib

    data, settings = modules("data", "settings")
    model = joblib.load(Path(folder) / family)
    rows = settings.BatchInferenceSettings().chunk_rows
    chunks = data.read_batches(f"{folder}/{FEW}.parquet", contract(), rows)
    frames = [next(chunks)[list(model.inputs)] for _ in range(IN_MEMORY_ROWS // rows)]
    begun, cpu, done = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - begun < IN_MEMORY_SECONDS:
        for frame in frames:
            model.pipeline.predict_proba(frame)
            done += len(frame)
    return {
        "rows": done,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
    }


def score(folder: str, family: str, rows: str) -> dict[str, Any]:
    """The stages of `score` over one table: their CPU seconds, and the memory of it all."""
    import joblib

    data, gates, inference, log, settings = modules(
        "data", "gates", "inference", "prediction_log", "settings"
    )
    model, table = joblib.load(Path(folder) / family), contract()
    chosen = settings.BatchInferenceSettings()
    stages: dict[str, float] = {}
    begun, cpu = time.perf_counter(), time.process_time()

    def timed(name: str, run: Callable[[], Any]) -> Any:
        start = time.process_time()
        made = run()
        stages[name] = time.process_time() - start
        return made

    with tempfile.TemporaryDirectory(dir=folder) as place:
        batch = timed("snapshot", lambda: data.snapshot(f"{folder}/{rows}.parquet", Path(place)))
        stored = data.open_table(batch.uri)
        timed("gates", lambda: gates.check(stored, table, for_training=False))
        batches = data.read_batches(batch.uri, table, chosen.chunk_rows)
        scored = inference.score_batches(model, batches, table, "1", chosen)
        path = Path(place) / "predictions.parquet"
        share = chosen.maximum_rejected_share
        found = timed("scoring", lambda: inference.write_predictions(scored, path, share, "1"))
        run = log.LoggedRun(
            scored_at=datetime.now(UTC), snapshot=batch.sha256, model_version="1",
            rows=found.scored, rejected=found.rejected, acted=found.acted,
        )  # fmt: skip
        timed("log", lambda: log.write(path, run, Path(place) / "log"))
    return {
        "rows": found.scored,
        "stages": stages,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    name, *arguments = sys.argv[1:]
    if name == "measure":
        sys.exit(measure(*arguments))
    print(json.dumps({"in_memory": in_memory, "score": score}[name](*arguments)))
