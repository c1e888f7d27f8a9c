"""Shared tables, statements and the template itself."""

import csv
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1] / "extensions"))
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

STATEMENT = """\
# Problem statement: leavers

## One-Sentence Formulation
Given a customer's contract, predict whether they leave within 30 days, for the retention team,
each month, to keep revenue.

## ML Formulation
- **Problem type**: binary classification
- **Target variable**: `left`
- **Primary metric**: accuracy
- **Current baseline**: none

## Data Summary
- **Rows**: about 1,200
- **Label availability**: yes, complete after 30 days

## Constraints
- **Latency**: batch, monthly
- **Regulatory**: GDPR

## Business Context
An offer costs 20 € and a lost customer costs about 240 €. The team can call 60 customers a month.
"""


@pytest.fixture(scope="session", autouse=True)
def _quick() -> None:
    """Copies in this process are cheap."""
    from quick import hurry_copies

    hurry_copies()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the template without its git history."""
    from support import copy_template

    return copy_template(tmp_path_factory.mktemp("template") / "template")


@pytest.fixture(scope="session")
def stack_check(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module of a generated project that holds stack files to ZenML's classes."""
    from support import generate

    pytest.importorskip("zenml")
    project = generate(template, tmp_path_factory.mktemp("stacks") / "p", project_name="stacked")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project / "src"))
        patch.setenv("ZENML_CONFIG_PATH", str(tmp_path_factory.mktemp("zenml")))
        patch.setenv("ZENML_ANALYTICS_OPT_IN", "false")
        for name in [name for name in os.environ if name.startswith(("STAGING_", "PRODUCTION_"))]:
            patch.delenv(name)
        yield importlib.import_module("stacked.stack_check")
    for name in [name for name in sys.modules if name.split(".")[0] == "stacked"]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a git repository with one tag."""
    from support import commit, copy_template, git

    folder = copy_template(tmp_path_factory.mktemp("repository") / "template")
    commit(folder)
    git(folder, "tag", "v0.1.0")
    return folder


@pytest.fixture(scope="session")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,200 customers, of whom about one in five leaves; numbers as text, blanks, an identifier."""
    random = np.random.default_rng(7)
    n = 1200
    tenure = random.integers(0, 72, n)
    contract = random.choice(["monthly", "yearly", "two years"], n, p=[0.5, 0.3, 0.2])
    logit = 0.4 - 0.05 * tenure - 1.2 * (contract != "monthly") + random.normal(0, 0.8, n)
    charges = (tenure * random.uniform(20, 90, n)).round(2).astype(str)
    charges[tenure == 0] = " "
    columns = {
        "customer_id": [f"C{index:05d}" for index in random.permutation(n)],
        "tenure": tenure,
        "contract": contract,
        "total_charges": charges,
        "senior": random.integers(0, 2, n),
        "left": np.where(random.random(n) < 1 / (1 + np.exp(-logit)), "Yes", "No"),
    }
    path = tmp_path_factory.mktemp("tables") / "churn.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture(scope="session")
def statement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A problem statement for the churn table, naming the wrong metric."""
    path = tmp_path_factory.mktemp("statements") / "leavers.md"
    path.write_text(STATEMENT, encoding="utf-8")
    return path
