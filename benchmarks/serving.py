"""How long one row takes: the exported model beside the scikit-learn Pipeline, in one run.

    uv run python benchmarks/serving.py

Generates a project that answers requests, and in its environment fits a logistic regression and 300
trees on the synthetic table. Prints the median and the 99th percentile of one row, from the values
of a request to the decision, in this process: through the service's own code, and through the
Pipeline fed a data frame of one row. Fails where the service is less than ten times as fast.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = "measured"
TRAINING_ROWS, REQUESTS, WARM_UP = 5_000, 2_000, 100
TREES = 300
TIMES_ALLOWED = 10.0


def main() -> int:
    """Generate a project and measure inside it."""
    from copier import run_copy

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / PACKAGE
        data = {"consumption": "realtime"}
        run_copy(str(ROOT), project, data, vcs_ref="HEAD", defaults=True, unsafe=True, quiet=True)
        script = str(Path(__file__).absolute())
        inside = ["uv", "run", "--directory", str(project), "python", script, str(project)]
        return subprocess.run(inside, check=False).returncode


def measure(project: Path) -> int:
    """Fit, export, ask both one row at a time, and print."""
    print(f"one row in process, {REQUESTS:,} times: p50 / p99 in ms")
    fast_enough = [
        compare(project, "linear", {"penalty": 1.0}),
        compare(project, "lightgbm", {"n_estimators": TREES}),
    ]
    return 0 if all(fast_enough) else 1


def compare(project: Path, family: str, parameters: dict[str, Any]) -> bool:
    """Whether the exported model is as much faster as promised."""
    ask, ask_pipeline = askers(project, family, parameters)
    found = timed(ask), timed(ask_pipeline)
    (p50, p99), (slow_p50, slow_p99) = found
    print(
        f"{family:10} ONNX {p50:6.3f} / {p99:6.3f}   Pipeline {slow_p50:6.2f} / {slow_p99:6.2f}   "
        f"{slow_p50 / p50:,.0f} times"
    )
    return slow_p50 / p50 >= TIMES_ALLOWED


def askers(
    project: Path, family: str, parameters: dict[str, Any]
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Two calls that answer one row: the service's code, and the fitted Pipeline."""
    import numpy as np
    import pandas as pd

    names = (
        "core.calibration", "core.contract", "core.models", "core.preprocessing", "core.sample",
        "core.serving_parity", "core.serving_scorer", "core.serving_settings", "core.target",
        "project", "serving.champion", "serving.publication",
    )  # fmt: skip
    (
        calibration, contracts, models, preprocessing, sample, parity, scorers, settings, targets,
        projects, champions, publication,
    ) = (import_module(f"{PACKAGE}.{name}") for name in names)  # fmt: skip
    contract = contracts.load_contract(project / "data/contract.yaml")
    training = projects.Project(project).training
    frame = sample.draw(contract, TRAINING_ROWS, seed=0)
    classes = targets.class_labels(frame[contract.target], contract)
    inputs = preprocessing.input_columns(contract, training.features)
    parameters = {**models.DEFAULTS[family], **parameters}
    pipeline = models.build_pipeline(contract, training, family, parameters)
    pipeline.fit(
        frame[list(inputs)], targets.encode_target(frame[contract.target], contract, classes)
    )
    model = models.TrainedModel(
        family, parameters, contract.problem_type, classes, inputs, pipeline,
        calibration.Calibration(method="sigmoid"), calibration.Threshold(rule="half", value=0.5),
        np.array([], dtype=np.uint64),
    )  # fmt: skip
    exported, found = parity.export_and_check(
        model, contract, frame, settings.ServingSettings(), seed=0
    )
    print(f"{family:10} {found.said}")
    served = publication.describe(PACKAGE, 1, model, contract, found)
    champion = champions.Champion(served, scorers.OnnxScorer(exported, found.layout), most_rows=1)
    body = json.dumps(champion.reader.example()).encode()
    row = champion.example
    return (
        lambda: champion.predict(champion.reader.read(body, many=False)),
        lambda: model.predict(pd.DataFrame([row])).acted,
    )


def timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Median and 99th percentile of a call, in ms."""
    taken = []
    for _ in range(WARM_UP + REQUESTS):
        start = time.perf_counter()
        ask()
        taken.append(1_000 * (time.perf_counter() - start))
    taken = sorted(taken[WARM_UP:])
    return taken[REQUESTS // 2], taken[round(0.99 * REQUESTS)]


if __name__ == "__main__":
    sys.exit(measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
