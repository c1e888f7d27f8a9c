"""Replays a table month by month with a project's own commands; runs in that project.

`python replay.py PACKAGE TABLE TIME_COLUMN`: the first three months are trained on; each further
one is scored, held against the reference, monitored with its labels, and may retrain. Monthly
tables go to `replayed/`. Prints what each month ended with as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from typer.testing import CliRunner

TRAINED_MONTHS = 3


def replay(package: str, path: Path, time_column: str) -> list[dict[str, Any]]:
    """Exit codes of each month's commands, and what `status` tells after them."""
    app = importlib.import_module(f"{package}.cli").app
    table = pd.read_csv(path)
    month = pd.to_datetime(table[time_column]).dt.tz_localize(None).dt.to_period("M")
    months = sorted(month.unique())
    folder = Path("replayed").absolute()
    folder.mkdir()

    def run(*command: str) -> Any:
        ended = CliRunner().invoke(app, list(command))
        if ended.exit_code not in (0, 3):
            raise SystemExit(f"{command} ended with {ended.exit_code}: {ended.output}")
        return ended

    def known_until(last: Any) -> None:
        seen = folder / "seen.csv"
        table[month <= last].to_csv(seen, index=False)
        os.environ[f"{package.upper()}_DATA"] = str(seen)

    known_until(months[TRAINED_MONTHS - 1])
    run("train", "--as-of", str(months[TRAINED_MONTHS].start_time.date()))
    if json.loads(run("status", "--json").stdout)["champion"] is None:
        run("promote", "--why", "the first version")
    told = []
    for now in months[TRAINED_MONTHS:]:
        window, as_of = folder / f"{now}.csv", str((now + 1).start_time.date())
        table[month == now].to_csv(window, index=False)
        codes = {
            "score": run("score", "--input", str(window), "--as-of", as_of).exit_code,
            "drift": run("drift", "--current", str(window)).exit_code,
            "monitor": run("monitor", "--labels", str(window), "--as-of", as_of).exit_code,
        }
        known_until(now)
        codes["retrain"] = run("retrain", "--as-of", as_of).exit_code
        told.append(
            {"month": str(now), "codes": codes, **json.loads(run("status", "--json").stdout)}
        )
    return told


if __name__ == "__main__":
    print(json.dumps(replay(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
