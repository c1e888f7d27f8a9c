"""The load test of generated projects: a logistic regression, and a LightGBM of 300 trees.

    uv run python benchmarks/serving.py data_file=/path/to/churn.csv target=Churn

Generates a project that answers requests with these answers (without any: on a synthetic table),
trains each model in it, and runs the project's own `make bench-serving`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from copier import run_copy

ROOT = Path(__file__).parents[1]
PACKAGE = "measured"
TREES = 300


def main() -> int:
    """Measures both models; 1 where one of the load tests failed."""
    answers = dict(answer.split("=", 1) for answer in sys.argv[1:])
    answers |= {"consumption": "realtime", "project_name": PACKAGE}
    failed = 0
    for family in ("linear", "lightgbm"):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / PACKAGE
            run_copy(
                str(ROOT), project, answers, vcs_ref="HEAD", defaults=True, unsafe=True, quiet=True
            )
            train(project, family)
            failed |= uv(project, "--group", "mlflow", "python", "benchmarks/serving.py")
    return failed


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


def uv(project: Path, *arguments: str) -> int:
    """Runs a command in the project's environment."""
    return subprocess.run(["uv", "run", *arguments], cwd=project, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
