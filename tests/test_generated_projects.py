"""Generated projects really train, score and pass their own checks."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pyarrow.parquet as parquet
import pytest
import yaml
from browser import figures
from clients import ask_until, eventually, fuzz
from support import generate, recorded
from tables import TABLES, turning_year, write

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"VIRTUAL_ENV", "PYTHONPATH"} and not name.startswith(("ZENML_", "COV_"))
}
SEARCH_SECONDS = 2
EXPLAINED = {"binary", "multiclass"}
"""Kinds of table on which each decision owes its reasons; the wines are too few for an EBM."""


def uv(project: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """`uv` in a project, with its output for the report."""
    run = subprocess.run(
        [sys.executable, "-m", "uv", *arguments],
        cwd=project,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or run.returncode == 0, run.stdout + run.stderr
    return run


def hurry(project: Path) -> None:
    """A shorter search: these tests are about the whole, not about the best model."""
    settings = project / "configs" / "training.yaml"
    content = yaml.safe_load(settings.read_text("utf-8"))
    content["search"] |= {"seconds": SEARCH_SECONDS, "trials": 6}
    settings.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def status(project: Path, package: str) -> Any:
    return json.loads(uv(project, "run", package, "status", "--json").stdout)


def refuses_a_late_table(project: Path, package: str) -> None:
    """Once newer rows were known, the same table no longer trains, nor is it scored."""
    contract = project / "data" / "contract.yaml"
    forgetful = re.sub(r"(?m)^newest: .*", "newest: null", contract.read_text("utf-8"))
    contract.write_text(forgetful.replace("age_fail_days: null", "age_fail_days: 3"))
    for command in ("train", "score"):
        late = uv(project, "run", package, command, "--as-of", "2031-01-01", check=False)
        assert late.returncode == 3 and "(gates.age_fail_days)" in late.stderr, late.stderr


@pytest.mark.parametrize("kind", TABLES)
def test_a_project_trains_and_scores_on_the_persons_own_table(
    kind: str, template: Path, tmp_path: Path
) -> None:
    make, target = TABLES[kind]
    columns = make()
    table = write(columns, tmp_path / f"{kind}.csv")
    package = f"{kind}_model"
    explained = kind in EXPLAINED
    project = generate(
        template, tmp_path / "p", data_file=str(table), target=target, project_name=package,
        interpretability="per_decision" if explained else "none",
    )  # fmt: skip
    refused = uv(project, "run", package, "score", check=False)
    assert refused.returncode == 1
    assert "train" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    hurry(project)
    said = uv(project, "run", package, "train").stdout
    assert "dummy" in said and "[" in said
    champion = status(project, package)["champion"]
    assert champion is not None, said
    card = (project / "reports/model_1_card.md").read_text("utf-8")
    assert champion["snapshot"] in card and champion["label"] in card
    uv(project, "run", package, "score", "--output", "out.parquet")
    scored = parquet.read_table(project / "out.parquet")
    assert scored.num_rows == len(columns[target])
    assert ("reasons" in scored.column_names) == explained
    settings = yaml.safe_load((project / "configs/training.yaml").read_text("utf-8"))
    assert ("ebm" in settings["candidates"]) == (kind == "binary")
    if explained:
        reasons = scored["reasons"].combine_chunks().flatten().to_pylist()
        named = [reason["feature"] for reason in reasons]
        assert scored.num_rows < len(named) <= 4 * scored.num_rows
        assert set(named) <= set(columns) - {target}
    if kind == "temporal":
        refuses_a_late_table(project, package)
    split = settings["split"]
    expected = {"temporal": "forward", "grouped": "grouped", "regression": "random"}
    assert split["strategy"] == expected.get(kind, "stratified")
    drawn = figures(project / "reports/model_1.html", tmp_path)
    assert len(drawn) >= {"regression": 3, "multiclass": 4}.get(kind, 6)
    assert all(width > 100 and height > 50 and marks > 10 for width, height, marks in drawn)


def test_a_project_that_owes_reasons_passes_the_tests_of_its_explainable_models(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(
        template,
        tmp_path / "p",
        data_file=str(churn),
        target="left",
        regulations=["ecoa"],
    )
    uv(project, "sync", "--locked")
    names = ("architecture", "models", "preprocessing", "reasons")
    uv(project, "run", "pytest", "-q", *(f"tests/test_{name}.py" for name in names))


def test_a_project_passes_its_own_tests_linter_and_type_checker(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(
        template, tmp_path / "p", data_file=str(churn), target="left", project_name="own checks"
    )
    uv(project, "sync", "--locked")
    uv(project, "run", "ruff", "check")
    uv(project, "run", "ruff", "format", "--check")
    uv(project, "run", "mypy")
    uv(project, "run", "pytest", "-q")


def test_a_project_with_mlflow_optuna_and_dates_as_its_table_writes_them_passes_its_checks(
    template: Path, tmp_path: Path
) -> None:
    columns = dict(TABLES["temporal"][0]())
    times = map(datetime.fromisoformat, columns["measured_at"])
    columns["measured_at"] = [time.strftime("%d.%m.%Y %H:%M") for time in times]
    table = write(columns, tmp_path / "stops.csv")
    project = generate(
        template, tmp_path / "p", data_file=str(table), target="stopped",
        training_tracker="mlflow", training_search="optuna",
    )  # fmt: skip
    assert "%d.%m.%Y %H:%M" in (project / "data/contract.yaml").read_text("utf-8")
    uv(project, "sync", "--locked")
    uv(project, "run", "ruff", "check")
    uv(project, "run", "ruff", "format", "--check")
    uv(project, "run", "mypy")
    tests = (f"tests/test_{name}.py" for name in ("architecture", "pipelines", "tracking"))
    uv(project, "run", "pytest", "-q", *tests)


@pytest.mark.parametrize("monitoring", ["good", "skip"])
def test_a_project_that_answers_requests_passes_its_checks_watched_or_not(
    monitoring: str, template: Path, tmp_path: Path
) -> None:
    project = generate(
        template, tmp_path / "p", consumption="realtime", impact="high", label_delay_days=1,
        monitoring_plan=monitoring,
    )  # fmt: skip
    uv(project, "sync", "--locked")
    uv(project, "run", "ruff", "check")
    uv(project, "run", "ruff", "format", "--check")
    uv(project, "run", "mypy")
    stars = "*" if monitoring == "good" else ""
    tests = sorted(
        str(path.relative_to(project))
        for part in ("architecture", f"serving{stars}", f"rollout{stars}")
        for path in (project / "tests").glob(f"test_{part}.py")
    )
    uv(project, "run", "pytest", "-q", *tests)


@contextmanager
def service(project: Path, key: str, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service of the project `served`, killed at the end if it still runs; `said` is stdout."""
    with said.open("wb") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-m", "uv", "run", "served", "serve", "--port", "8731"],
            cwd=project,
            env=ENVIRONMENT | {"SERVED_API_KEY": key},
            stdout=stdout,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_service_keeps_to_its_description_is_ended_under_load_and_loses_no_answer(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(
        template, tmp_path / "p", data_file=str(churn), target="left", project_name="served",
        consumption="both",
    )  # fmt: skip
    hurry(project)
    said = uv(project, "run", "served", "train").stdout
    assert "Served by ONNX" in said, said
    key, address = "0123456789abcdef", "http://127.0.0.1:8731"
    stdout = tmp_path / "stdout.jsonl"
    with service(project, key, stdout) as process:
        described = eventually(f"{address}/openapi.json")
        found = fuzz(f"{address}/openapi.json", key, tmp_path)
        assert found.returncode == 0, found.stdout
        content = described["paths"]["/v1/predict"]["post"]["requestBody"]["content"]
        (example,) = content["application/json"]["schema"]["examples"]
        body = json.dumps(example)
        with pytest.raises(HTTPError, match="401"):
            urlopen(f"{address}/v1/predict", body.encode())
        given = ask_until(signal.SIGKILL, process, 8731, body, key)
    with service(project, key, stdout) as process:
        eventually(f"{address}/health/ready")
        given |= ask_until(signal.SIGTERM, process, 8731, body, key)
    told = [json.loads(line)["message"] for line in stdout.read_text("utf-8").splitlines()]
    assert told[-1].startswith("Finished server process"), told
    segments = (project / "prediction_log/service").glob("*.jsonl")
    wholes = [each.read_text("utf-8").rpartition("\n")[0].splitlines() for each in segments]
    lines = [json.loads(line) for whole in wholes for line in whole]
    assert given <= {line["id"] for line in lines}
    uv(project, "run", "served", "score")
    assert "requests" in uv(project, "run", "served", "monitor").stdout
    logged = [parquet.read_table(path) for path in (project / "prediction_log").glob("*.parquet")]
    (requests,) = [table for table in logged if "milliseconds" in table.column_names]
    said = sorted(row["score"] for line in lines for row in line["said"])
    assert sorted(requests["score"].to_pylist()) == said
    load = ("benchmarks/serving.py", "--clients", "2", "--seconds", "0.2")
    measured = uv(project, "run", "python", *load).stdout
    assert re.findall("(?m)^(this service|plain FastAPI)  +[12] ", measured) == [
        *2 * ["this service"], *2 * ["plain FastAPI"]
    ], measured  # fmt: skip


def test_a_project_ships_its_log_to_a_real_postgres_reads_a_table_there_and_scores_on_spark(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    project = generate(
        template, tmp_path / "p", data_file=str(churn), target="left", project_name="shipped",
        consumption="realtime", cloud="aws", horizon="production", data_engine="spark",
    )  # fmt: skip
    assert recorded(project)["deployment_log"] == "postgres"
    uv(project, "sync", "--locked")
    uv(project, "run", "ruff", "check")
    uv(project, "run", "ruff", "format", "--check")
    uv(project, "run", "mypy")
    names = (
        "architecture", "postgres_log", "postgres_source", "serving_log", "spark", "warehouse_sql"
    )  # fmt: skip
    tests = (f"tests/test_{name}.py" for name in names)
    said = uv(project, "run", "pytest", "-q", "-rs", *tests).stdout
    skips = [line.lower() for line in said.splitlines() if line.startswith("SKIPPED")]
    server = shutil.which("pg_ctl") or next(Path("/usr/lib/postgresql").glob("*/bin"), None)
    java = shutil.which("java")
    for name, there in {"postgres": server, "java": java, "spark": java}.items():
        assert there is None or not any(name in line for line in skips), said


def test_a_year_runs_unattended_and_tells_what_was_decided_each_month_and_why(
    template: Path, tmp_path: Path
) -> None:
    table = write(turning_year(), tmp_path / "year.csv")
    project = generate(
        template, tmp_path / "p", data_file=str(table), target="stopped", project_name="year",
        data_cadence="monthly", label_delay_days=1.0, stability="stable",
    )  # fmt: skip
    hurry(project)
    settings = project / "configs" / "retraining.yaml"
    content = yaml.safe_load(settings.read_text("utf-8"))
    assert content["trigger"] == "quality"
    settings.write_text(yaml.safe_dump(content | {"promotion": "automatic"}), encoding="utf-8")
    script = str(Path(__file__).with_name("replay.py"))
    ran = uv(project, "run", "python", script, "year", str(table), "measured_at")
    months = json.loads(ran.stdout)
    decided = {each["month"]: each["last_retraining"] for each in months}
    assert list(decided) == [f"2024-{month:02}" for month in range(4, 13)]
    assert all(each["reasons"] for each in decided.values())
    calm = [each for month, each in decided.items() if month < "2024-07"]
    assert "quality" not in {each["trigger"] for each in calm}
    turned = next(each for each in months if each["month"] == "2024-07")
    assert turned["last_drift"]["verdict"] == "flagged"
    assert turned["last_monitoring"]["breach"] and turned["codes"]["monitor"] == 3
    assert turned["last_retraining"]["trigger"] == "quality"
    assert "promoted" in {each["outcome"] for each in decided.values()}
    record = (project / "audit/retraining.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["outcome"] for line in record] == [
        each["outcome"] for each in decided.values()
    ]


def test_the_project_notices_when_its_document_promises_too_much(
    template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", project_name="liar")
    lies = [
        ("architecture.md", "5. `evaluate_model`", "5. `explain_model`"),
        ("architecture.md", "Pipeline `batch_inference`:", "Pipeline `stream_inference`:"),
        ("architecture.md", "  training.yaml", "  tuning.yaml"),
        ("architecture.md", "(`local`)", "(`kubernetes`)"),
        ("architecture.md", "`stacks/local.yaml`", "`stacks/production.yaml`"),
        ("architecture.md", "| Random search", "| Optuna's TPE"),
        ("architecture.md", "| ZenML run metadata", "| MLflow"),
        ("docs/decisions/2d_training_gate.md", "minimum_gain: 0.01", "minimum_gain: 0.02"),
        ("configs/retraining.yaml", "promotion: manual", "promotion: automatic"),
    ]
    for name, truth, lie in lies:
        file = project / name
        honest = file.read_text("utf-8")
        assert truth in honest
        file.write_text(honest.replace(truth, lie), encoding="utf-8")
        run = uv(project, "run", "pytest", "-q", "tests/test_architecture.py", check=False)
        assert run.returncode == 1, f"{lie!r} was not noticed"
        file.write_text(honest, encoding="utf-8")
    uv(project, "run", "pytest", "-q", "tests/test_architecture.py")
    contract, record = (
        project / "data/contract.yaml",
        project / "docs/decisions/2d_training_gate.md",
    )
    contract.write_text(contract.read_text("utf-8").replace("age_warn_days: 45.0", ""))
    record.write_text(record.read_text("utf-8") + "- Fairness by sex and marital_status: ≥ 80 %.\n")
    run = uv(project, "run", "pytest", "-q", "tests/test_architecture.py", check=False)
    assert "2 failed" in run.stdout and "['sex', 'marital_status']" in run.stdout
    assert "give gates.age_warn_days in data/contract.yaml, in days: older than" in run.stdout
