"""How long drift detection takes: 1,000,000 rows of 30 columns against as many.

    uv run python benchmarks/drift.py

Generates a project, and in its environment compares two Parquet files (20 numeric columns, 10
categorical) with the project's code; then SciPy column by column on the same files, and Evidently
where it is installed. Prints seconds, with reading and without imports, and fails above the
promise.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
PACKAGE = "measured"
ROWS, NUMBERS, CATEGORIES, LEVELS = 1_000_000, 20, 10, 12
SECONDS_ALLOWED = 5.0


def main() -> int:
    """Generate a project and measure inside it."""
    from copier import run_copy

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / PACKAGE
        run_copy(str(ROOT), project, vcs_ref="HEAD", defaults=True, unsafe=True, quiet=True)
        inside = [
            "uv",
            "run",
            "--directory",
            str(project),
            "python",
            str(Path(__file__).absolute()),
        ]
        return subprocess.run([*inside, folder], check=False).returncode


def measure(folder: Path) -> int:
    """Draw both tables, compare them in each way, and print."""
    files = [write(folder / f"{name}.parquet", seed) for seed, name in enumerate(("old", "new"))]
    for module in ("drift_reading", "drift"):
        import_module(f"{PACKAGE}.core.{module}")
    taken = timed(lambda: with_the_project(*files))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ROWS:,} rows, {NUMBERS} numeric and {CATEGORIES} categorical columns, against as many")
    print(f"this template  {taken:6.1f} s, at most {peak:,.0f} MB")
    print(f"SciPy          {timed(lambda: with_scipy(*files)):6.1f} s, column by column")
    if find_spec("evidently"):
        print(f"Evidently      {timed(lambda: with_evidently(*files)):6.1f} s, its preset")
    return 0 if taken < SECONDS_ALLOWED else 1


def write(path: Path, seed: int) -> Path:
    """A table of independent columns."""
    random = np.random.default_rng(seed)
    levels = np.array([f"level {number}" for number in range(LEVELS)])
    columns = {f"x{place}": random.normal(size=ROWS) for place in range(NUMBERS)}
    columns |= {
        f"c{place}": levels[random.integers(LEVELS, size=ROWS)] for place in range(CATEGORIES)
    }
    pq.write_table(pa.table(columns), path)
    return path


def timed(run: Callable[[], None]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def with_the_project(old: Path, new: Path) -> None:
    """The generated code, as its pipeline calls it."""
    contracts, data, drift, reading = (
        import_module(f"{PACKAGE}.core.{name}")
        for name in ("contract", "data", "drift", "drift_reading")
    )
    columns = [
        *({"name": f"x{place}", "type": "number", "role": "feature"} for place in range(NUMBERS)),
        *(
            {"name": f"c{place}", "type": "string", "role": "feature"}
            for place in range(CATEGORIES)
        ),
        {"name": "target", "type": "number", "role": "target"},
    ]
    contract = contracts.Contract(
        table=old.name, target="target", problem_type="regression", rows=ROWS, columns=columns
    )
    tables = [
        data.TableHandle(uri=str(path), rows=ROWS, sha256=path.stem, source=path.name)
        for path in (old, new)
    ]
    watched = [column.name for column in contract.features]
    pairs = reading.table_columns(watched, contract, tables[0], np.arange(ROWS), tables[1])
    compared = drift.compare(pairs, drift.DriftSettings())
    assert len(compared.columns) == NUMBERS + CATEGORIES
    assert not any(column.drifted for column in compared.columns)


def with_scipy(old: Path, new: Path) -> None:
    """The same statistics by SciPy's own functions."""
    import pandas as pd
    from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance

    for name in pq.read_schema(old).names:
        before, now = (pd.read_parquet(path, columns=[name])[name] for path in (old, new))
        if name.startswith("x"):
            wasserstein_distance(before, now)
            ks_2samp(before, now)
        else:
            counts = pd.concat([before.value_counts(), now.value_counts()], axis=1)
            chi2_contingency(counts.fillna(0).to_numpy().T)


def with_evidently(old: Path, new: Path) -> None:
    """Evidently's preset at its defaults."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    Report([DataDriftPreset()]).run(pd.read_parquet(new), pd.read_parquet(old))


if __name__ == "__main__":
    raise SystemExit(measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
