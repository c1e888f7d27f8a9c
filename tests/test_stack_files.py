"""The files in `stacks/`, held to ZenML's own classes and to the table of the document."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import terraform
import yaml
from broken_stacks import BROKEN, Broken, built, stack
from mlops_architecture import zenml_stack
from mlops_architecture.stack_files import CONFIGURATION
from support import generate, recorded

if TYPE_CHECKING:
    from zenml_classes import Installed, Named

TEAM = {"team_size": 4, "owner": "Ada", "maturity_level": 2, "project_name": "churn"}
TARGETS = {
    "none": "local",
    "onprem_k8s": "kubernetes",
    "aws": "sagemaker",
    "gcp": "vertex",
    "azure": "azureml",
    "onprem_vm": "ssh",
}
GROUPS = {
    "none": "--group postgres --group s3 --group slack",
    "onprem_k8s": "--group kubernetes --group postgres",
    "aws": "--group aws --group postgres",
    "gcp": "--group gcp --group postgres",
    "azure": "--group azure --group postgres",
    "onprem_vm": "--group postgres --group ssh",
}
"""What `uv sync` is told for the stack of a target."""
USES = ["batch", "realtime", "both"]
_ROW = re.compile(r"^\| ([\w ]+) \| \[.*?\]\(\S+\)(?: \(`(\w+)`\))? \| (.+) \|$", re.MULTILINE)


def made(template: Path, folder: Path, cloud: str, **answers: str) -> Path:
    skill = "k8s_team" if cloud == "onprem_k8s" else "none"
    return generate(template, folder, cloud=cloud, platform_skill=skill, **TEAM, **answers)


@pytest.fixture(scope="session")
def project(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(template, tmp_path_factory.mktemp("stacks") / "p", "aws")


@pytest.fixture
def check(stack_check: ModuleType, tmp_path: Path) -> Any:
    """What becomes of a file with this content."""

    def checked(content: bytes) -> Any:
        path = tmp_path / "stacks/x.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return stack_check.check(stack_check.Project(tmp_path), path)

    return checked


class Moved(NamedTuple):
    """A project that goes beyond one machine, and where to."""

    cloud: str
    consumption: str
    folder: Path

    def text(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")


@pytest.fixture(
    scope="module",
    params=[(cloud, consumption) for cloud in TARGETS for consumption in USES],
    ids=" ".join,
)
def moved(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Moved:
    cloud, consumption = request.param
    folder = tmp_path_factory.mktemp("moved") / "p"
    return Moved(cloud, consumption, made(template, folder, cloud, consumption=consumption))


def test_the_files_fit_zenml_and_are_the_table(moved: Moved, check: Any) -> None:
    project = moved.folder
    files = {path.stem: path.read_bytes() for path in (project / "stacks").glob("*.yaml")}
    assert set(files) == {"local", "staging", "production"}
    for environment, content in files.items():
        assert check(content).file.name == f"churn-{environment}"
    document = (project / "architecture.md").read_text("utf-8")
    table = document.partition("## 8. ZenML stack")[2].partition("\nNot included")[0]
    rows = {slot.lower().replace(" ", "_"): (name, why) for slot, name, why in _ROW.findall(table)}
    assert rows["orchestrator"][0] == TARGETS[moved.cloud]
    named = {slot: name for slot, (name, _) in rows.items() if name}
    for environment in ("staging", "production"):
        written = yaml.safe_load(files[environment])["components"]
        builder = {"image_builder": "local"} if "container_registry" in named else {}
        assert {slot: each["flavor"] for slot, each in written.items()} == named | builder
        comments = reasons(files[environment].decode())
        assert all(comments[slot] == rows[slot][1].replace("\\", "") for slot in named)
    groups = GROUPS[moved.cloud]
    assert f"\nuv sync {groups}\n" in (project / "README.md").read_text("utf-8")
    builds_what_its_steps_need(project, groups, images="image_builder" in written)


def builds_what_its_steps_need(project: Path, groups: str, images: bool) -> None:
    """An image of the locked packages, with settings and contract, where images are built."""
    from zenml.config import DockerSettings

    dockerfile = project / "stacks/steps.Dockerfile"
    assert dockerfile.exists() == (project / "configs/runs").exists() == images
    for path in project.glob("configs/runs/*"):
        run = yaml.safe_load(path.read_text("utf-8"))
        docker = run["settings"]["docker"]
        assert set(docker) <= set(DockerSettings.model_fields) and run["steps"] == {}
        assert project / str(DockerSettings(**docker).dockerfile) == dockerfile
        table = f"{path.stem.upper()}_DATA"
        handed = {name: f"${{{name}}}" for name in (table, "MLFLOW_TRACKING_URI")}
        assert run["environment"] == {"CHURN_ENVIRONMENT": path.stem, **handed}
        overlay = (project / f"configs/environments/{path.name}").read_text("utf-8")
        assert f"uri: ${{{table}}}\n" in overlay
    if images:
        text = dockerfile.read_text("utf-8")
        assert f"--no-dev --no-cache --compile-bytecode {groups}\n" in text
        kept = (project / ".dockerignore").read_text("utf-8").splitlines()
        for name in " ".join(re.findall(r"^COPY (.+) \S+$", text, re.M)).split():
            assert (project / name).exists() and f"!{name}" in kept


def test_the_image_of_the_steps_passes_a_linter(project: Path) -> None:
    command = [str(Path(sys.executable).parent / "hadolint"), "stacks/steps.Dockerfile"]
    said = subprocess.run(command, cwd=project, capture_output=True, text=True).stdout
    assert said == ""


def test_missing_packages_are_told_with_one_command_for_the_file(check: Any) -> None:
    packages = importlib.import_module("stacked.stack_packages")
    own = "flavor: dockerhub\nconfiguration:\n  uri: docker.io/x"
    checked = check(built(orchestrator="flavor: kubernetes", container_registry=own).encode())
    faults = list(packages.missing(checked))
    assert [fault.line for fault in faults] == [4, 6]
    assert all(fault.message.endswith(": uv sync --inexact --group kubernetes") for fault in faults)


def asked(project: Path, environment: str) -> set[str]:
    """The variables of a stack file, without their environment."""
    text = (project / f"stacks/{environment}.yaml").read_text("utf-8")
    components = yaml.safe_dump(yaml.safe_load(text))
    return set(re.findall(rf"\$\{{{environment.upper()}_(\w+)\}}", components))


BESIDE = {"ACCOUNT_NAME", "CLIENT_ID", "RUNS_ROLE", "SERVER_ADDRESS", "SERVER_URL", "TENANT_ID"}
"""Outputs that are no variables of a stack file."""
WHOLE = {"AWS_ACCOUNT", "AWS_REGION", "AZURE_RESOURCE_GROUP", "AZURE_SUBSCRIPTION", "GCP_PROJECT",
         "GCP_REGION", "KUBERNETES_NAMESPACE"}  # fmt: skip
"""Those that any stack on the cloud may ask for."""
YOURS = {"KUBERNETES_CONTEXT", "SLACK_CHANNEL"}


def test_the_way_there_names_all_that_is_asked_for_and_only_what_exists(moved: Moved) -> None:
    guide = moved.text("docs/going-to-production.md")
    exported = re.findall(r'^export "\$\{E\^\^\}_(\w+)=…"', guide, re.MULTILINE)
    wanted = asked(moved.folder, "production")
    away = moved.folder / "infrastructure" / moved.cloud
    given = (
        {each.upper() for each in terraform.outputs(terraform.parsed(away))}
        if away.exists()
        else set()
    )
    assert set(exported) == wanted - given | {"DATA"}
    read = set(re.findall(r'printenv "\$\{E\^\^\}_(\w+)"', guide))
    assert read <= wanted | given | {"DATA"}
    before = re.split(r"^```\n", guide.partition("```bash\n")[2], flags=re.MULTILINE)[0]
    assert before.count('export "') == len(exported)
    secrets = re.findall(r"\{\{production_(\w+)\.(\w+)\}\}", moved.text("stacks/production.yaml"))
    for name, key in secrets:
        assert f'secret create "${{E}}_{name}" -i' in guide
        assert re.search(rf"^- `\$\{{E\}}_{name}`, with .*`{key}`", guide, re.MULTILINE)
    assert "uv run churn gate\nuv run churn score\n" in guide
    builds = (moved.folder / "configs/runs").exists()
    assert ("export MLFLOW_TRACKING_URI=…" in guide) == builds
    walkable(moved.folder)
    assert {each.upper() for each in re.findall(r"output -raw (\w+)", guide)} <= given


def walkable(project: Path) -> None:
    """Each command, path and group that the guide names exists; its steps are numbered."""
    guide = (project / "docs/going-to-production.md").read_text("utf-8")
    assert (
        "made-up sample: `copier update --trust -d data_file=PATH`" in guide.partition("## 2.")[0]
    )
    for command, below in re.findall(r"uv run churn (\w+)(?: (\w+))?", guide):
        assert command in commands(project), command
        groups = {"stack": {"validate", "apply", "status"}, "rollout": {"advance"}}
        assert below in groups.get(command, {below}), below
    targets = re.findall(r"^([\w -]+):", (project / "Makefile").read_text("utf-8"), re.MULTILINE)
    for line in re.findall(r"(?:^|`)make ([a-z -]+)", guide, re.MULTILINE):
        assert set(line.split()) <= set(" ".join(targets).split()), line
    written = re.findall(r"`([\w.-]+/[\w./-]*)`", guide)
    written += [f"docs/{link}" for link in re.findall(r"\]\(((?!http)[^)]+)\)", guide)]
    for path in set(written) - LATER:
        assert (project / path).resolve().exists(), path
    numbers = [int(number) for number in re.findall(r"^## (\d+)\.", guide, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert guide.count("**Check**") == len(numbers) - 1
    assert guide.count("```") % 2 == 0 and len(guide.split()) < 1500
    assert set(re.findall(r"\b\d+\.\d+\.\d+\b", guide)) <= {zenml_of(project)}


def zenml_of(project: Path) -> str:
    """The version of ZenML that the project pins."""
    pinned = re.search(r"zenml\[local\]==([\d.]+)", (project / "pyproject.toml").read_text("utf-8"))
    assert pinned
    return pinned[1]


LATER = {
    ".zenml_store/", "alerts/", "alerts/alerts.jsonl", "audit/", "audit/production.jsonl",
    "prediction_log/", "prediction_log/rollout", "predictions/", "reports/",
    "reports/monitoring.html", "serving/", "zenmldocker/zenml-server",
}  # fmt: skip
"""What runs write, or lies elsewhere."""


def commands(project: Path) -> set[str]:
    """What the command line of a project offers."""
    code = (project / "src/churn/cli.py").read_text("utf-8")
    found = re.findall(r"app\.command\(\)\((?:\w+\.)?(\w+)\)", code)
    return {*found, *re.findall(r'name="(\w+)"', code)}


@pytest.mark.parametrize(
    "answers",
    [
        {"horizon": "learning"},
        {"data_cadence": "hourly"},
        {"owner": "Ada"},
        {"owner": "Ada", "consumption": "realtime", "ci": "gitlab", "current_level": 2},
    ],
    ids=" ".join,
)
def test_the_way_of_one_machine_is_short_and_names_only_what_exists(
    answers: dict[str, Any], template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", project_name="churn", **answers)
    walkable(project)
    guide = (project / "docs/going-to-production.md").read_text("utf-8")
    assert "terraform" not in guide and "ZenML server" not in guide
    production = project / "stacks/production.yaml"
    assert production.exists() == ("CHURN_ENVIRONMENT=production" in guide)
    assert production.exists() == ("steps above exported" in guide) and "a hour" not in guide
    assert production.exists() == (project / "configs/environments/production.yaml").exists()
    if production.exists():
        assert 'export "PRODUCTION_SLACK_CHANNEL=' in guide
        assert "zenml secret create production_slack -i" in guide


def code(project: Path) -> dict[str, str]:
    """The code of a project."""
    files = (project / "src").rglob("*.py")
    return {str(path.relative_to(project)): path.read_text("utf-8") for path in files}


@pytest.fixture(scope="session")
def at_home(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], dict[str, str]]:
    """The code of a project on one machine, by its use and where it logs predictions."""

    @cache
    def made_at_home(consumption: str, log: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("home") / "p"
        answers = {"consumption": consumption, "deployment_log": log}
        return code(made(template, folder, "none", **answers))

    return made_at_home


def test_nothing_of_an_environment_is_in_the_code(
    moved: Moved, at_home: Callable[[str, str], dict[str, str]]
) -> None:
    """Wherever it runs, the code is the same."""
    found = code(moved.folder)
    assert found == at_home(moved.consumption, recorded(moved.folder)["deployment_log"])
    named = re.compile(r"PRODUCTION_|STAGING_|churn-(production|staging)|\.amazonaws\.com")
    assert not [path for path, text in found.items() if named.search(text)]
    for environment in ("staging", "production"):
        written = yaml.safe_load(moved.text(f"configs/environments/{environment}.yaml"))
        assert written["stack"] == f"churn-{environment}"


def test_terraform_is_whole_and_gives_what_the_stack_files_ask_for(moved: Moved) -> None:
    if moved.cloud not in ("aws", "azure", "gcp"):
        assert not (moved.folder / "infrastructure").exists()
        return
    (folder,) = (moved.folder / "infrastructure").iterdir()
    assert folder.name == moved.cloud
    wanted, given = asked(moved.folder, "production"), held_together(folder) - BESIDE
    assert wanted - YOURS <= given <= wanted | WHOLE
    assert asked(moved.folder, "staging") == wanted


def held_together(folder: Path) -> set[str]:
    """It parses, is set as `terraform fmt` would, and names what it declares, and the reverse.

    What it gives, as variables of the environment.
    """
    blocks = terraform.parsed(folder)
    declared, named = terraform.declared(blocks), terraform.named(folder)
    assert named <= declared
    assert {name for name in declared if name.startswith(("var.", "local."))} <= named
    assert not [line for path in folder.glob("*.tf") for line in terraform.unaligned(path)]
    return {name.upper() for name in terraform.outputs(blocks)}


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_terraform_for_a_cluster_of_yours_is_whole(
    cloud: str, template: Path, tmp_path: Path
) -> None:
    project = generate(
        template, tmp_path / "p", cloud=cloud, platform_skill="k8s_team",
        **TEAM | {"project_name": "A rather long project name of forty ch"},
    )  # fmt: skip
    folder = project / "infrastructure" / cloud
    assert {path.stem for path in folder.iterdir()} == {
        "bucket", "kubernetes", "main", "registry", "server",
    }  # fmt: skip
    assert asked(project, "production") - held_together(folder) <= YOURS
    assert f"zenml-server:{zenml_of(project)}" in (folder / "server.tf").read_text("utf-8")


def test_a_fault_in_terraform_is_found(tmp_path: Path) -> None:
    good = (
        'locals {\n  name  = var.name\n  other = local.name\n}\n\nvariable "name" {\n  a = 1\n}\n'
    )
    (tmp_path / "main.tf").write_text(good + 'output "x" {\n  value = local.other\n}\n')
    held_together(tmp_path)
    for old, new in [("  name  =", "  name ="), ("var.name", "var.nam"), ("local.other", "1")]:
        (tmp_path / "main.tf").write_text(good.replace(old, new))
        with pytest.raises(AssertionError):
            held_together(tmp_path)


def reasons(text: str) -> dict[str, str]:
    """The comment above each slot, on one line."""
    found = re.findall(r"((?:^  # .*\n)+)^  (\w+):$", text, re.MULTILINE)
    return {slot: " ".join(re.findall(r"# (.*)", comment)) for comment, slot in found}


def test_a_laptop_alone_has_one_stack(template: Path, tmp_path: Path) -> None:
    project = generate(template, tmp_path / "p", project_name="churn", horizon="learning")
    assert [path.name for path in (project / "stacks").iterdir()] == ["local.yaml"]


def test_no_generated_file_holds_a_secret_or_a_place_of_its_own(project: Path) -> None:
    for path in (project / "stacks").glob("*.yaml"):
        text = path.read_text("utf-8")
        for component in yaml.safe_load(text)["components"].values():
            for key, value in component.get("configuration", {}).items():
                if any(word in key for word in ("token", "secret", "key")):
                    assert re.fullmatch(r"\{\{\w+\.\w+\}\}", value)


def test_there_are_a_hundred_broken_files_and_no_two_alike() -> None:
    assert len({each.content for each in BROKEN}) == len(BROKEN) >= 100


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: f"{each.says}-{each.named}")
def test_a_broken_file_is_refused_with_its_line(broken: Broken, check: Any) -> None:
    with pytest.raises(Exception) as caught:
        check(broken.content)
    assert type(caught.value).__name__ == "StackError", caught.value
    said = str(caught.value).splitlines()
    assert said[0].startswith(f"stacks/x.yaml, line {broken.named}: "), said
    assert broken.says in said[0] and len(said) == 1


def test_a_schedule_is_refused_beside_a_flavor_that_is_no_text(check: Any) -> None:
    text = stack("name: x\nschedule: daily", orchestrator="flavor: [kubernetes]")
    with pytest.raises(Exception, match="a schedule belongs to a pipeline") as caught:
        check(text.encode())
    assert re.findall(r"line (\d+)", str(caught.value)) == ["2", "5"]


def test_the_files_that_were_broken_are_whole_otherwise(check: Any) -> None:
    for text in (stack(), built()):
        assert check(text.encode()).file.name == "churn-x"


def test_every_fault_of_a_file_is_told_at_once(check: Any) -> None:
    text = stack(
        alerter="flavor: slak", artifact_store="flavor: s3\nconfiguration:\n  paht: s3://b"
    )
    with pytest.raises(Exception, match="no flavor") as caught:
        check(text.encode())
    assert re.findall(r"line (\d+)", str(caught.value)) == ["8", "10"]


def test_a_tracker_whose_address_is_not_set_yet_is_not_taken_for_one_of_this_machine(
    check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = built(
        orchestrator="flavor: kubernetes\nconfiguration:\n  kubernetes_context: team",
        experiment_tracker="flavor: mlflow\nconfiguration:\n  tracking_uri: ${TRACKER}",
    )
    assert check(text.encode()).file.unset[-1].name == "TRACKER"
    monkeypatch.setenv("TRACKER", "file:/runs")
    with pytest.raises(Exception, match="experiment tracker on this machine"):
        check(text.encode())


def test_what_the_environment_holds_is_checked_in_place(
    check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = stack(artifact_store="flavor: s3\nconfiguration:\n  path: ${BUCKET}")
    monkeypatch.setenv("BUCKET", "s3://churn")
    assert check(text.encode()).kept("artifact_store") == {"path": "s3://churn"}
    monkeypatch.setenv("BUCKET", "gs://churn")
    with pytest.raises(Exception, match=r"line 8: .*s3://"):
        check(text.encode())


class TestRules:
    """What the generated project knows of ZenML's validators is what their source says."""

    @pytest.fixture
    def installed(self, stack_check: ModuleType) -> dict[Named, Installed]:
        from zenml_classes import installed

        return installed()

    @pytest.fixture
    def rules(self, stack_check: ModuleType) -> ModuleType:
        return importlib.import_module("stacked.core.stack_rules")

    def test_slots_are_zenmls(self, rules: ModuleType) -> None:
        from zenml.enums import StackComponentType

        assert set(rules.SLOTS) == {kind.value for kind in StackComponentType}

    def test_needs(self, rules: ModuleType, installed: dict[Named, Installed]) -> None:
        needs = {named: each.required_slots for named, each in installed.items()}
        assert {named: set(slots) for named, slots in rules.NEEDS.items()} == {
            named: slots for named, slots in needs.items() if slots
        }

    def test_elsewhere(self, rules: ModuleType, installed: dict[Named, Installed]) -> None:
        assert {
            name
            for (kind, name), each in installed.items()
            if kind == "orchestrator" and each.refuses("stack.all_components")
        } == rules.ELSEWHERE

    def test_schedulable(self, rules: ModuleType, installed: dict[Named, Installed]) -> None:
        assert {
            name
            for (kind, name), each in installed.items()
            if kind == "orchestrator" and each.says("is_schedulable")
        } == rules.SCHEDULABLE

    def test_each_key_that_is_written_is_the_flavours(
        self, installed: dict[Named, Installed]
    ) -> None:
        flavours = {(row.slot, row.flavour) for row in zenml_stack.FLAVOURS}
        assert set(CONFIGURATION) <= flavours
        for named in flavours:
            written = set(CONFIGURATION.get(named, {}))
            assert installed[named].required_keys <= written <= installed[named].keys
