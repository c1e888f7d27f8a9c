"""No generated file holds a secret: keys, tokens and passwords are read from the environment."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import generate

HARMLESS = ("api_key: true", 'API_KEY = "X-API-Key"', "//me:secret@", "//user:password@host")
"""What only looks like one: a switch, a header's name, and addresses that show or test a form."""
SERVED = {"consumption": "both", "impact": "high", "current_level": 2}
DESIGNS: list[dict[str, Any]] = [
    {"ci": "github", "cloud": "aws", **SERVED},
    {"ci": "gitlab", "cloud": "onprem_k8s", **SERVED},
    {"ci": "none", "cloud": "none", "team_size": 2, "existing_tools": "mlflow"},
]


def suspicious(folder: Path) -> set[tuple[str, str]]:
    """The files in which detect-secrets finds something, and the lines."""
    scan = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "--no-verify"]
    run = subprocess.run(
        [*scan, "--exclude-files", r"uv\.lock"], cwd=folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return {
        (name, (folder / name).read_text("utf-8").splitlines()[each["line_number"] - 1].strip())
        for name, found in json.loads(run.stdout)["results"].items()
        for each in found
    }


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design["ci"])
def test_no_generated_file_holds_a_secret(
    design: dict[str, Any], template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", project_name="p", **design)
    found = {
        (name, line)
        for name, line in suspicious(project)
        if not any(text in line for text in HARMLESS)
    }
    assert not found


def test_a_secret_is_found(tmp_path: Path) -> None:
    lines = [
        "aws_access_key_id: AKIA" + "QWERTYUIOPASDFGH",
        "password: " + "hunter2hunter2",
        "uri: postgresql://ada:" + "lovelace@db/log",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "token: ghp_" + "a1B2c3" * 6,
    ]
    (tmp_path / "stack.yaml").write_text("\n".join(lines))
    assert {line for _, line in suspicious(tmp_path)} == set(lines)
