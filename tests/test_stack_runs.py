"""What runs on a stack need: locked packages, an image made of them, and steps that move."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from mlops_architecture import stack_runs, zenml_stack
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from support import generate
from test_generated_projects import uv
from test_stack_files import TEAM

pytest.importorskip("zenml")

PYTHONS = ("3.11", "3.12", "3.13")
NO_GROUP = {"evidently", "mlflow", "wandb"}
"""Their options are yours to add, save for MLflow, whose group is there where it is the tracker."""


@pytest.fixture(scope="module")
def project(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose local stack gives its training step away."""
    return generate(
        template, tmp_path_factory.mktemp("moved") / "p", cloud="aws", stack_plan="change", **TEAM,
        stack_orchestrator="local", stack_step_operator="sagemaker",
    )  # fmt: skip


@pytest.fixture(scope="module")
def locked(project: Path) -> Any:
    """What the lock gives to a laptop that also asks for these groups, by name."""

    @cache
    def of(*groups: str) -> dict[str, Requirement]:
        asked = [part for group in groups for part in ("--group", group)]
        exported = uv(
            project, "export", "--frozen", "--offline", "--no-hashes", "--no-header",
            "--no-annotate", "--no-emit-project", "--no-dev", *asked,
        ).stdout  # fmt: skip
        found = [Requirement(line) for line in exported.splitlines()]
        return {canonicalize_name(each.name): each for each in found}

    return of


def requirements(integration: str) -> list[Requirement]:
    """What ZenML says that an integration needs."""
    module = importlib.import_module(f"zenml.integrations.{integration}")
    (kind,) = (
        each
        for name, each in vars(module).items()
        if name.endswith("Integration") and name != "Integration"
    )
    return [Requirement(each) for each in kind.get_requirements(target_os=None)]


@pytest.mark.parametrize("group", stack_runs.GROUPS)
def test_a_group_locks_what_zenml_asks_of_each_integration_that_it_serves(
    group: str, locked: Any
) -> None:
    packages = locked(group)
    for integration in (group, *stack_runs.GROUPS[group]):
        for asked in requirements(integration):
            (pin,) = packages[canonicalize_name(asked.name)].specifier
            assert asked.specifier.contains(pin.version), (integration, asked)


def test_no_flavour_needs_what_no_group_has() -> None:
    asking = {row.integration for row in zenml_stack.FLAVOURS if row.integration}
    asking = {integration for integration in asking if requirements(integration)}
    assert asking - NO_GROUP == set(stack_runs.GROUPS)


@pytest.mark.parametrize("group", stack_runs.GROUPS)
def test_each_package_of_a_group_has_a_file_for_each_python(
    group: str, locked: Any, project: Path
) -> None:
    lock = tomllib.loads((project / "uv.lock").read_text("utf-8"))["package"]
    files = {(each["name"], each["version"]): each for each in lock if "registry" in each["source"]}
    for python in PYTHONS:
        version = tuple(map(int, python.split(".")))
        machines = [f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 24, 17)]
        machines += ["manylinux2014_x86_64", "linux_x86_64"]
        fit = {*cpython_tags(version, platforms=machines)}
        fit |= {*compatible_tags(version, platforms=machines)}
        here = {
            "python_version": python, "python_full_version": f"{python}.9", "extra": "",
            "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
            "platform_machine": "x86_64", "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }  # fmt: skip
        for name, each in locked(group).items():
            if each.marker is None or each.marker.evaluate(here):
                (pin,) = each.specifier
                package = files[name, pin.version]
                wheels = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", ())]
                tagged = {tag for wheel in wheels for tag in parse_wheel_filename(wheel)[3]}
                assert tagged & fit or (not wheels and "sdist" in package), (python, name)


def test_nobody_installs_a_cloud_to_try(project: Path, locked: Any) -> None:
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    assert not set(settings["default-groups"]) & set(stack_runs.GROUPS)
    assert not {"boto3", "kubernetes", "azure-core", "google-cloud-storage"} & locked().keys()


def test_an_image_whose_steps_use_spark_has_java(template: Path, tmp_path: Path) -> None:
    project = generate(
        template, tmp_path / "p", cloud="aws", data_engine="spark", stack_plan="change",
        stack_orchestrator="sagemaker", **TEAM,
    )  # fmt: skip
    dockerfile = (project / "stacks/steps.Dockerfile").read_text("utf-8")
    assert "libgomp1 default-jre-headless " in dockerfile
    pyproject = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert "spark" in pyproject["tool"]["uv"]["default-groups"]
    readme = (project / "README.md").read_text("utf-8")
    assert "Spark's workers see the folder of one machine" in readme


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_what_runs_on_a_runner_of_ones_own_has_the_packages_of_the_stack(
    ci: str, template: Path, tmp_path: Path
) -> None:
    project = generate(
        template, tmp_path / "p", ci=ci, cloud="aws", current_level=2, impact="high",
        data_cadence="monthly", stack_plan="change", stack_orchestrator="local",
        stack_step_operator="sagemaker", **TEAM,
    )  # fmt: skip
    if ci == "github":
        jobs = {}
        for name in ("schedule", "promote"):
            workflow = yaml.safe_load((project / f".github/workflows/{name}.yml").read_text())
            jobs |= workflow["jobs"]
        own = [job for job in jobs.values() if job.get("runs-on") == "self-hosted"]
        scripts = [[step.get("run") for step in job["steps"]] for job in own]
    else:
        jobs = yaml.safe_load((project / ".gitlab-ci.yml").read_text())
        scripts = [jobs[name]["script"] for name in ("period", "gate", "promote")]
    assert len(scripts) == 3
    assert all("uv sync --locked --group aws --group postgres" in each for each in scripts)
    assert "\tuv sync --inexact\n" in (project / "Makefile").read_text("utf-8")


def test_a_step_operator_gets_the_training_step(project: Path) -> None:
    run = yaml.safe_load((project / "configs/runs/production.yaml").read_text("utf-8"))
    stack = yaml.safe_load((project / "stacks/production.yaml").read_text("utf-8"))
    assert stack["components"]["step_operator"]["flavor"] == "sagemaker"
    assert run["steps"] == {"train_model": {"step_operator": True}}
    pipeline = (project / "src/churn/pipelines/training.py").read_text("utf-8")
    assert set(run["steps"]) <= set(re.findall(r"^    (\w+),$", pipeline, re.M))
    record = next((project / "docs/decisions").glob("*stack_step_operator.md")).read_text("utf-8")
    assert "Yours to add" not in record


class Builder:
    """A builder of images, as far as ZenML can tell: keeps what it is sent."""

    is_building_locally = True

    def __init__(self) -> None:
        from zenml.image_builders import BuildContext

        self.build_context_class = BuildContext
        self.sent: list[tuple[set[str], str]] = []

    def build(self, build_context: Any, **_: Any) -> str:
        extra = build_context.get_extra_files()
        self.sent.append(({*build_context.get_files(), *extra}, extra["Dockerfile"]))
        return "image"


def test_zenml_builds_the_locked_packages_first_and_puts_the_code_on_top(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zenml.config import DockerSettings
    from zenml.utils import source_utils
    from zenml.utils.pipeline_docker_image_builder import PipelineDockerImageBuilder

    monkeypatch.chdir(project)
    monkeypatch.setattr(source_utils, "get_source_root", lambda: str(project / "src"))
    run = yaml.safe_load(Path("configs/runs/production.yaml").read_text("utf-8"))
    builder = Builder()
    stack = SimpleNamespace(
        name="s", validate=lambda: None, image_builder=builder, container_registry=None
    )
    PipelineDockerImageBuilder().build_docker_image(
        DockerSettings(**run["settings"]["docker"]), tag="t", stack=stack, include_files=True
    )
    (packages, first), (code, second) = builder.sent
    assert first == Path("stacks/steps.Dockerfile").read_text("utf-8")
    assert {"uv.lock", "pyproject.toml", "configs/training.yaml", "data/contract.yaml"} < packages
    assert {name.split("/")[0] for name in packages} == {
        "Dockerfile", "configs", "data", "pyproject.toml", "src", "uv.lock",
    }  # fmt: skip
    assert "churn/steps/training.py" in code and " -r " not in second


def test_groups_are_the_same_in_the_project(project: Path) -> None:
    module = ast.parse((project / "src/churn/stack_packages.py").read_text("utf-8"))
    (table,) = (each.value for each in module.body if isinstance(each, ast.AnnAssign))
    assert eval(ast.unparse(table)) == {**stack_runs.GROUPS, "mlflow": set()}
