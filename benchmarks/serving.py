"""The load test of generated projects: a logistic regression, and a LightGBM of 300 trees.

    uv run python benchmarks/serving.py data_file=/path/to/churn.csv target=Churn

Generates a project that answers requests with these answers (without any: on a synthetic table),
trains each model in it, and runs the project's own `make bench-serving`. Fails where the service is
slower or larger than promised, and says where.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from copier import run_copy

ROOT = Path(__file__).parents[1]
PACKAGE = "measured"
TREES = 300
SERVICE, MLFLOW = "this service", "mlflow models serve"
MOST_P50, MOST_P99 = 1.0, 5.0
"""Milliseconds, at one client."""
LEAST_PER_SECOND = 1500
"""At eight clients."""
MOST_MEGABYTES, TIMES_MLFLOW = 200, 30
"""At one client and at eight."""


class Row(NamedTuple):
    """What the load test prints of a server at a number of clients, in this order."""

    p50: float
    p99: float
    per_second: float
    cpu_ms: float
    megabytes: float


def main() -> int:
    """Measures both models; 1 where a promise is not kept, or a load test failed."""
    answers = dict(answer.split("=", 1) for answer in sys.argv[1:])
    answers |= {"consumption": "realtime", "project_name": PACKAGE}
    missed = []
    for family in ("linear", "lightgbm"):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / PACKAGE
            run_copy(
                str(ROOT), project, answers, vcs_ref="HEAD", defaults=True, unsafe=True, quiet=True
            )
            train(project, family)
            missed += [f"{family}: {miss}" for miss in misses(load_test(project))]
    print("\n" + ("\n".join(missed) or "Every promise is kept."))
    return 1 if missed else 0


def misses(rows: dict[tuple[str, int], Row] | None) -> Iterator[str]:
    """The promises that the service does not keep."""
    if rows is None:
        yield "the load test failed"
        return
    alone = rows[SERVICE, 1]
    if alone.p50 >= MOST_P50 or alone.p99 >= MOST_P99:
        yield f"p50 / p99 at 1 client: {alone.p50} / {alone.p99} ms, not < {MOST_P50} / {MOST_P99}"
    if (pace := rows[SERVICE, 8].per_second) < LEAST_PER_SECOND:
        yield f"answers/s at 8 clients: {pace:,.0f}, not {LEAST_PER_SECOND:,}"
    for clients, said in ((1, "1 client"), (8, "8 clients")):
        ours, theirs = rows[SERVICE, clients], rows[MLFLOW, clients]
        if ours.megabytes >= MOST_MEGABYTES:
            yield f"memory at {said}: {ours.megabytes:,.0f} MB, not < {MOST_MEGABYTES}"
        if (times := ours.per_second / theirs.per_second) < TIMES_MLFLOW:
            yield f"{times:.1f} times MLflow's answers/s at {said}, not {TIMES_MLFLOW}"


def train(project: Path, family: str) -> None:
    """Puts one model of the family into production, with its default parameters."""
    settings = project / "configs/training.yaml"
    content = yaml.safe_load(settings.read_text("utf-8"))
    content |= {"candidates": [family], "baseline": "dummy", "search": {"method": "none"}}
    content["gate"] |= {"minimum_gain": 0, "minimum_cases": 0}
    settings.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    models = project / f"src/{PACKAGE}/core/models.py"
    text = models.read_text("utf-8")
    models.write_text(text.replace('"n_estimators": 150', f'"n_estimators": {TREES}'), "utf-8")
    if uv(project, PACKAGE, "train"):
        sys.exit(f"{family} cannot be trained.")
    uv(project, PACKAGE, "promote")


def load_test(project: Path) -> dict[tuple[str, int], Row] | None:
    """What the project's load test prints, by server and clients; None where it failed."""
    rows = {}
    command = ["uv", "run", "--group", "mlflow", "python", "benchmarks/serving.py"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            for name in (SERVICE, MLFLOW):
                if line.startswith(name):
                    clients, *figures = line.removeprefix(name).replace(",", "").split()
                    rows[name, int(clients)] = Row(*map(float, figures[:5]))
    return None if process.returncode else rows


def uv(project: Path, *arguments: str) -> int:
    """Runs a command in the project's environment."""
    return subprocess.run(["uv", "run", *arguments], cwd=project, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
