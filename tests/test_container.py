"""The image of the service and what runs it: checked as far as that goes without docker."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import Request, urlopen

import botocore.session
import kubernetes_validate
import promql_parser
import pytest
import yaml
from botocore.validate import ParamValidator
from mlops_architecture import limits
from support import ROOT, generate
from test_generated_projects import ENVIRONMENT, eventually, uv

HOSTS = {"none": "", "aws": "aws", "azure": "azure", "gcp": "gcp", "onprem_k8s": "kubernetes"}
NAME = "A rather long project name of forty ch"
PACKAGE = "a_rather_long_project_name_of_forty_ch"
BIN = Path(sys.executable).parent
KEY, PORT = "0123456789abcdef", 8741


@pytest.fixture(scope="module", params=HOSTS)
def cloud(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def project(cloud: str, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that answers requests, hosted there."""
    folder = tmp_path_factory.mktemp(cloud) / "p"
    return generate(
        template, folder, target="left", project_name=NAME, consumption="realtime",
        cloud=cloud, peak_rps=1_600,
    )  # fmt: skip


@pytest.fixture(scope="module")
def served(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that answers requests, on a host of its own."""
    folder = tmp_path_factory.mktemp("served") / "p"
    return generate(
        template, folder, target="left", project_name="served", consumption="realtime",
        latency_ms=50,
    )  # fmt: skip


def documents(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text("utf-8"))


def test_a_project_holds_what_its_host_asks_for_and_nothing_else(project: Path, cloud: str) -> None:
    found = {path.name for path in (project / "deploy").iterdir()}
    assert found - {HOSTS[cloud]} == {"compose.yaml", "grafana", "prometheus"}
    assert not HOSTS[cloud] or HOSTS[cloud] in found
    record = next((project / "docs/decisions").glob("*deployment_serving.md")).read_text("utf-8")
    assert "Yours to add" not in record
    assert ("`Dockerfile`" in record) == bool(HOSTS[cloud])


def test_a_batch_project_holds_no_container_and_nothing_of_a_service(
    template: Path, tmp_path: Path
) -> None:
    project = generate(
        template, tmp_path / "p", target="left", cloud="onprem_k8s", project_name="batch"
    )
    names = {path.name for path in project.iterdir()}
    assert not names & {"Dockerfile", ".dockerignore", "deploy"}
    assert "ontainer" not in (project / "README.md").read_text("utf-8")
    paths = {path.relative_to(project) for path in project.rglob("*")}
    assert Path("src/batch/cli.py") in paths
    of_a_service = {path for path in paths if re.search("serving|rollout", path.name)}
    assert {path for path in of_a_service if path.parts[0] != "docs"} == set()
    commands = (project / "Makefile", project / "src/batch/cli.py")
    assert not any("serv" in path.read_text("utf-8") for path in commands)


def linted(project: Path) -> str:
    """What a linter says of the Dockerfile."""
    command = [str(BIN / "hadolint"), "Dockerfile"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True).stdout


def installed(project: Path) -> list[str]:
    """What the Dockerfile asks of `uv sync`, where nobody says otherwise."""
    dockerfile = (project / "Dockerfile").read_text("utf-8")
    (arguments,) = re.findall('^ARG INSTALL="(.*)"$', dockerfile, re.M)
    return str(arguments).split()


def test_the_dockerfile_passes_a_linter(served: Path) -> None:
    assert linted(served) == ""


def test_the_image_comes_from_tags_leaves_uv_behind_and_runs_without_root(served: Path) -> None:
    dockerfile = (served / "Dockerfile").read_text("utf-8")
    _, build, image = re.split("^FROM ", dockerfile, flags=re.M)
    assert all(re.match(r"[\w./-]+:[\w.-]+(\n| AS )", stage) for stage in (build, image))
    assert "uv sync" in build and not re.search(r"\buv\b", image)
    assert re.findall("^USER (.*)$", image, re.M)[-1] == "10001:10001"


def test_the_image_can_serve_each_model_that_may_win(template: Path, tmp_path: Path) -> None:
    project = generate(
        template, tmp_path / "p", target="left", consumption="realtime",
        interpretability="per_decision",
    )  # fmt: skip
    candidates = yaml.safe_load((project / "configs/training.yaml").read_text())["candidates"]
    assert "ebm" in candidates and linted(project) == ""
    uv(project, "sync", "--locked", "--dry-run", *installed(project))
    assert {"ebm", "serve"} < set(installed(project))


def test_what_the_dockerfile_copies_is_there_and_not_ignored(served: Path) -> None:
    lines = (served / "Dockerfile").read_text("utf-8").splitlines()
    ours = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    ignored = (served / ".dockerignore").read_text("utf-8").splitlines()
    kept = [line[1:] for line in ignored if line.startswith("!")]
    copied = [name for names in ours for name in names]
    assert sorted(copied) == sorted(kept)
    assert all((served / name).exists() for name in copied)


def test_the_trial_fits_the_schema_of_compose_and_mounts_what_is_there(served: Path) -> None:
    path = served / "deploy/compose.yaml"
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
         str(path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    services = yaml.safe_load(path.read_text("utf-8"))["services"]
    mounted = [volume.split(":")[0] for name in ("prometheus", "grafana")
               for volume in services[name]["volumes"]]  # fmt: skip
    assert all((path.parent / name).exists() for name in mounted if name.startswith("."))


def test_the_trial_scrapes_the_service_and_finds_its_rules_source_and_dashboard(
    served: Path,
) -> None:
    deploy = served / "deploy"
    services = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
    ports = {name: each["ports"][0].rpartition(":")[2] for name, each in services.items()}
    watched = yaml.safe_load((deploy / "prometheus/prometheus.yml").read_text())
    (scraped,) = watched["scrape_configs"]
    assert scraped["job_name"] == "service"
    assert scraped["static_configs"] == [{"targets": [f"service:{ports['service']}"]}]
    assert watched["rule_files"] == ["rules.yml"]
    (source,) = yaml.safe_load((deploy / "grafana/datasources.yml").read_text())["datasources"]
    assert source["url"] == f"http://prometheus:{ports['prometheus']}"
    dashboard = json.loads((deploy / "grafana/service.json").read_text())
    asked = {panel["datasource"]["uid"] for panel in dashboard["panels"]}
    assert asked == {source["uid"]}
    (provider,) = yaml.safe_load((deploy / "grafana/dashboards.yml").read_text())["providers"]
    mounted = dict(volume.split(":")[:2] for volume in services["grafana"]["volumes"])
    assert mounted["./grafana/service.json"] == f"{provider['options']['path']}/service.json"
    for kind in ("datasources", "dashboards"):
        assert mounted[f"./grafana/{kind}.yml"].startswith(f"/etc/grafana/provisioning/{kind}/")
    (configured, _) = services["prometheus"]["volumes"]
    assert configured.startswith("./prometheus:/etc/prometheus:")


def metrics() -> set[str]:
    """The names under which Prometheus knows what the service tells, and its own of each target."""
    source = ROOT / "template/src/{{package_name}}/serving/metrics.py"
    module = ModuleType("metrics")
    exec(compile(source.read_text("utf-8"), str(source), "exec"), module.__dict__)
    samples = module.Metrics().registry.collect()
    return {"up"} | {
        name
        for metric in samples
        for name in {
            "counter": [f"{metric.name}_total"],
            "gauge": [metric.name],
            "histogram": [f"{metric.name}_{part}" for part in ("bucket", "count", "sum")],
        }[metric.type]
    }


def expressions(project: Path) -> list[str]:
    """All that Prometheus is asked: by its rules, and by the dashboard."""
    (rules,) = yaml.safe_load((project / "deploy/prometheus/rules.yml").read_text())["groups"]
    dashboard = json.loads((project / "deploy/grafana/service.json").read_text())
    return [rule["expr"] for rule in rules["rules"]] + [
        target["expr"] for panel in dashboard["panels"] for target in panel["targets"]
    ]


def test_rules_and_dashboard_ask_for_what_the_service_tells(served: Path) -> None:
    known = metrics()
    for expression in expressions(served):
        promql_parser.parse(expression)
        named = set(re.findall(r'(\w+){job="service"', expression))
        assert named and named <= known, expression
    rules = (served / "deploy/prometheus/rules.yml").read_text()
    assert "> 0.05\n" in rules and "above 50 ms" in rules


def test_the_dashboard_shows_each_figure_of_the_service(served: Path) -> None:
    shown = " ".join(expressions(served))
    told = {re.sub("_(bucket|count|sum)$", "", name) for name in metrics()}
    assert {name for name in told if name not in shown} == set()


@pytest.mark.parametrize("cloud", ["onprem_k8s"], indirect=True)
def test_manifests_fit_the_schemas_of_kubernetes(project: Path) -> None:
    folder = project / "deploy/kubernetes"
    (kustomization,) = yaml.safe_load_all((folder / "kustomization.yaml").read_text())
    assert {*kustomization["resources"], "kustomization.yaml"} == {
        path.name for path in folder.iterdir()
    }
    found = [each for each in documents(folder) if each["kind"] != "Kustomization"]
    for manifest in found:
        kubernetes_validate.validate(manifest, "1.33", strict=True)
    by_kind = {manifest["kind"]: manifest for manifest in found}
    pod = by_kind["Deployment"]["spec"]["template"]
    for kind in ("Service", "NetworkPolicy", "PodDisruptionBudget"):
        spec = by_kind[kind]["spec"]
        selector = spec.get("podSelector") or spec["selector"]
        assert selector.get("matchLabels", selector) == pod["metadata"]["labels"]
    scale = by_kind["HorizontalPodAutoscaler"]["spec"]
    assert (scale["minReplicas"], scale["maxReplicas"]) == (4, 7)
    (container,) = pod["spec"]["containers"]
    assert container["image"] == kustomization["images"][0]["name"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/health/ready", "port": "http"}
    assert container["livenessProbe"]["httpGet"] == {"path": "/health/live", "port": "http"}
    assert container["resources"]["requests"]["memory"] == f"{limits.F6_MEGABYTES}Mi"
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    (generated,) = kustomization["configMapGenerator"]
    assert container["envFrom"] == [{"configMapRef": {"name": generated["name"]}}]
    secret = f"--namespace {kustomization['namespace']} "
    assert secret in (project / "README.md").read_text("utf-8")
    (claim,) = pod["spec"]["volumes"]
    name = by_kind["PersistentVolumeClaim"]["metadata"]["name"]
    assert claim["persistentVolumeClaim"]["claimName"] == name


@pytest.mark.parametrize("cloud", ["aws"], indirect=True)
@pytest.mark.parametrize(
    ("file", "operation"), [("task", "RegisterTaskDefinition"), ("service", "CreateService")]
)
def test_what_ecs_is_asked_fits_its_interface(project: Path, file: str, operation: str) -> None:
    asked = json.loads((project / f"deploy/aws/{file}.json").read_text())
    shape = botocore.session.get_session().get_service_model("ecs").operation_model(operation)
    assert ParamValidator().validate(asked, shape.input_shape).generate_report() == ""


@pytest.mark.parametrize("cloud", ["gcp", "azure"], indirect=True)
def test_what_nobody_can_check_here_is_yaml_and_said_to_be_unchecked(
    project: Path, cloud: str
) -> None:
    (found,) = documents(project / "deploy" / HOSTS[cloud])
    assert len(found["name"] if "name" in found else found["metadata"]["name"]) <= 32
    assert "suits the cloud is unchecked" in (project / "README.md").read_text("utf-8")


def test_every_host_mounts_the_folders_that_the_image_writes_to(project: Path, cloud: str) -> None:
    dockerfile = (project / "Dockerfile").read_text("utf-8")
    (written,) = re.findall(r"install -d -o 10001 -g 10001 (.*)", dockerfile)
    paths = [project / "deploy/compose.yaml"]
    if HOSTS[cloud]:
        (mounting,) = (
            path for path in (project / "deploy" / HOSTS[cloud]).iterdir()
            if "/app/serving" in path.read_text("utf-8")
        )  # fmt: skip
        paths.append(mounting)
    for path in paths:
        mounted = path.read_text("utf-8")
        assert [folder for folder in written.split() if folder not in mounted] == []


def test_the_service_runs_from_what_the_image_installs(served: Path, tmp_path: Path) -> None:
    publish = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'tests')\n"
        "from example_tables import make_contract; from serving_examples import fit, publish\n"
        "publish(Path(), fit(), make_contract())"
    )
    uv(served, "run", "python", "-c", publish)
    lines = (served / "Dockerfile").read_text("utf-8").splitlines()
    command = json.loads(next(line for line in lines if line.startswith("CMD")).partition(" ")[2])
    app = tmp_path / "app"
    app.mkdir()
    for name in ("pyproject.toml", "uv.lock", "src", "configs", "data", "serving"):
        subprocess.run(["cp", "-r", str(served / name), str(app / name)], check=True)
    uv(app, "sync", "--locked", "--no-install-project", *installed(served))
    found = {path.name for path in (app / ".venv").glob("lib/*/site-packages/*")}
    assert not found & {"zenml", "sklearn", "pandas", "onnx"}
    service = subprocess.Popen(
        [str(app / ".venv/bin" / command[0]), *command[1:], "--port", str(PORT)],
        cwd=app,
        env=ENVIRONMENT | {"SERVED_API_KEY": KEY, "PYTHONPATH": str(app / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = f"http://127.0.0.1:{PORT}"
        schema = eventually(f"{address}/openapi.json")["paths"]["/v1/predict"]["post"]
        content = schema["requestBody"]["content"]["application/json"]
        (row,) = content["schema"]["examples"]
        asked = Request(f"{address}/v1/predict", json.dumps(row).encode(), {"X-API-Key": KEY})
        with urlopen(asked) as response:
            assert json.load(response)["model_version"] == "1"
    finally:
        service.terminate()
        said, _ = service.communicate(timeout=20)
    told = [json.loads(line)["message"] for line in said.splitlines()]
    assert told[-1].startswith("Finished server process"), told
