"""Table I and its constraints: the nine slots, checked against the installed ZenML."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from mlops_architecture import zenml_stack
from mlops_architecture.decision import Decisions
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.phases import stack
from mlops_architecture.zenml_stack import FLAVOURS, SLOTS, Flavour

from rules.cases import CHURN, CHURN_STATED, NO_TABLE, PLANES, WEATHER, decided, facts_of
from rules.operation import (
    assert_answers_any_facts,
    designed,
    operated_facts,
    proposed,
    standing_decisions,
)

GROWN = {"maturity_level": 2}
TEAM = {"team_size": 4, "owner": "Ada"}
AWS = TEAM | {"cloud": "aws"}
K8S = TEAM | {"platform_skill": "k8s_team", "cloud": "onprem_k8s"}
HEAVY = {"rows": 20_000_000, "data_size_gb": 11.0}
IN_MEMORY = {"data_engine": "duckdb_pandas"} | GROWN
AIRFLOW = {"existing_tools": ("Airflow",)}
ON_AIRFLOW = AWS | HEAVY | AIRFLOW
_BUILDERS = {"orchestrator", "step_operator", "deployer"}


@pytest.mark.parametrize(
    ("rule", "decision", "values", "earlier", "expected"),
    [
        ("small", "stack_orchestrator", {"cloud": "aws"}, {"maturity_level": 1}, "local"),
        ("small, Airflow run", "stack_orchestrator", AIRFLOW, {"maturity_level": 1}, "local"),
        ("level 2", "stack_orchestrator", {"cloud": "aws"}, GROWN, "sagemaker"),
        ("three people", "stack_orchestrator", AWS, {"maturity_level": 1}, "sagemaker"),
        ("past half a machine", "stack_orchestrator", {"cloud": "aws", "data_size_gb": 3.0},
         {"maturity_level": 1}, "sagemaker"),
        ("a sample fits", "stack_orchestrator", {"cloud": "aws", "data_size_gb": 3.0},
         {"maturity_level": 1, "data_engine": "duckdb_sample"}, "local"),
        ("no production", "stack_orchestrator", AWS | {"horizon": "prototype"}, GROWN, "local"),
        ("Airflow run", "stack_orchestrator", AWS | AIRFLOW, GROWN, "airflow"),
        ("own cluster", "stack_orchestrator", K8S, GROWN, "kubernetes"),
        ("two people run no cluster", "stack_orchestrator", K8S | {"team_size": 2}, GROWN, "local"),
        ("nobody for the cluster", "stack_orchestrator", K8S | {"platform_skill": "none"}, GROWN,
         "local"),
        ("gcp", "stack_orchestrator", TEAM | {"cloud": "gcp"}, GROWN, "vertex"),
        ("azure", "stack_orchestrator", TEAM | {"cloud": "azure"}, GROWN, "azureml"),
        ("own host", "stack_orchestrator", TEAM | {"cloud": "onprem_vm"}, GROWN, "ssh"),
        ("nothing", "stack_orchestrator", TEAM, GROWN, "local"),
        ("one person", "stack_artifact_store", {}, {}, "local"),
        ("a second person", "stack_artifact_store", {"team_size": 2}, {}, "s3"),
        ("a second person on gcp", "stack_artifact_store", {"team_size": 2, "cloud": "gcp"}, {},
         "gcp"),
        ("remote on azure", "stack_artifact_store", {"cloud": "azure"}, GROWN, "azure"),
        ("health data", "stack_artifact_store", {"personal_data": "special_or_phi"}, {}, "s3"),
        ("pseudonyms", "stack_artifact_store", {"personal_data": "pseudonymous"}, {}, "local"),
        ("Vertex reads its own", "stack_artifact_store", {},
         {"stack_orchestrator": "vertex"}, "gcp"),
        ("gates are steps", "stack_data_validator", {}, {}, "none"),
        ("Evidently run", "stack_data_validator", {"existing_tools": ("Evidently",)}, {},
         "evidently"),
        ("batch", "stack_deployer", AWS, {"deployment_mode": "batch"}, "none"),
        ("own service", "stack_deployer", AWS, {"deployment_mode": "realtime"}, "none"),
        ("all local", "stack_container_registry", {}, {}, "none"),
        ("ECR", "stack_container_registry", AWS, GROWN, "aws"),
        ("Artifact Registry", "stack_container_registry", TEAM | {"cloud": "gcp"}, GROWN, "gcp"),
        ("ACR", "stack_container_registry", TEAM | {"cloud": "azure"}, GROWN, "azure"),
        ("own host", "stack_container_registry", TEAM | {"cloud": "onprem_vm"}, GROWN, "dockerhub"),
        ("a deployer builds", "stack_container_registry", {}, {"stack_deployer": "gcp"},
         "dockerhub"),
        ("docker builds locally", "stack_container_registry", {}, {"stack_deployer": "docker"},
         "none"),
        ("owner", "stack_alerter", TEAM, {"monitoring_alerts": "slack"}, "slack"),
        ("2F keeps a file", "stack_alerter", TEAM, {"monitoring_alerts": "file"}, "none"),
        ("nobody", "stack_alerter", {"owner": ""}, {}, "none"),
        ("no production", "stack_alerter", TEAM | {"horizon": "learning"}, {}, "none"),
        ("heavy on Airflow", "stack_step_operator", ON_AIRFLOW, IN_MEMORY, "sagemaker"),
        ("SageMaker sizes its steps", "stack_step_operator", AWS | HEAVY, IN_MEMORY, "none"),
        ("under ten million rows", "stack_step_operator", ON_AIRFLOW | {"rows": 9_999_999},
         IN_MEMORY, "none"),
        ("under twice the machine", "stack_step_operator", ON_AIRFLOW | {"data_size_gb": 10.0},
         IN_MEMORY, "none"),
        ("a sample fits", "stack_step_operator", ON_AIRFLOW,
         GROWN | {"data_engine": "duckdb_sample"}, "none"),
        ("no second machine", "stack_step_operator", ON_AIRFLOW | {"cloud": "none"}, IN_MEMORY,
         "none"),
    ],
)  # fmt: skip
def test_first_match_fills_the_slot(
    rule: str, decision: str, values: dict[str, Any], earlier: dict[str, Any], expected: str
) -> None:
    assert proposed(stack, decision, values, earlier).value == expected, rule


@pytest.mark.parametrize(
    ("engine", "rows", "size", "held", "why"),
    [
        ("duckdb_sample", 6_433, 400.0, "training on at most 2,000,000 rows", "no step holds more"),
        ("duckdb_pandas", 6_433, 400.0, "1,200 GB in memory", "below 10,000,000 rows."),
        ("duckdb_pandas", 20_000_000, 2.0, "6 GB in memory", "up to 32 GB."),
    ],
)
def test_what_runs_it_is_argued_by_what_is_held_in_memory(
    engine: str, rows: int, size: float, held: str, why: str
) -> None:
    values, earlier = {"rows": rows, "data_size_gb": size}, {"data_engine": engine}
    operator = proposed(stack, "stack_step_operator", values, earlier).reason
    assert f", {held}; " in operator and why in operator and " or " not in operator
    local = proposed(stack, "stack_orchestrator", values, earlier).reason
    assert (f"{held}; no infrastructure" in local) is (size * 3 <= 8 or engine != "duckdb_pandas")


def test_a_platform_that_is_already_run_is_named_where_another_is_proposed() -> None:
    values = TEAM | {"cloud": "gcp", "existing_tools": ("Databricks",)}
    found = proposed(stack, "stack_orchestrator", values, GROWN)
    assert found.value == "vertex" and "Databricks that you run" in found.changes_if[0]


def test_alerter_stays_out_where_monitoring_was_skipped() -> None:
    facts = facts_of(**TEAM)
    assert designed(facts)["stack_alerter"] == "slack"
    assert designed(facts, monitoring_plan="skip")["stack_alerter"] == "none"


def test_a_changed_orchestrator_takes_store_and_registry_with_it() -> None:
    decisions = designed(facts_of(), stack_orchestrator="sagemaker")
    assert decisions.find("stack_orchestrator").differs
    assert decisions["stack_artifact_store"] == "s3"
    assert decisions["stack_container_registry"] == "dockerhub"


@pytest.mark.parametrize(
    ("cloud", "timed"), [("none", True), ("onprem_vm", True), ("aws", False), ("gcp", False)]
)
def test_an_orchestrator_that_cannot_schedule_says_so(cloud: str, timed: bool) -> None:
    reason = proposed(stack, "stack_orchestrator", TEAM | {"cloud": cloud}, GROWN).reason
    assert ("cron or CI" in reason) is timed


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_answered(facts: Facts) -> None:
    assert_answers_any_facts(stack, facts, Decisions())


@given(operated_facts, standing_decisions)
def test_any_facts_are_answered(facts: Facts, earlier: Decisions) -> None:
    assert_answers_any_facts(stack, facts, earlier)


@given(operated_facts)
def test_zenml_refuses_no_proposed_stack(facts: Facts) -> None:
    assert zenml_stack.violations(make_design(facts, {}).decisions) == ()


@given(operated_facts)
def test_no_proposed_stack_raises_a_red_flag(facts: Facts) -> None:
    decisions = make_design(facts, {}).decisions
    if decisions["stack_orchestrator"] == "kubernetes":
        assert facts.team_size > 2 and facts.platform_skill == "k8s_team", "RF16"
    if facts.personal_data in {"special_or_phi", "cardholder"}:
        assert decisions["stack_artifact_store"] != "local", "RF19"
    if decisions["stack_alerter"] != "none":
        assert facts.owner, "RF21"
    assert decisions["stack_deployer"] != "aws", "RF38"


LOCAL = {
    "stack_orchestrator": "local", "stack_artifact_store": "local", "training_tracker": "zenml",
    "stack_data_validator": "none", "governance_registry": "model_control_plane",
    "stack_deployer": "none", "stack_container_registry": "none", "stack_alerter": "none",
    "stack_step_operator": "none",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"stack_orchestrator": "ssh"}, "container registry"),
        ({"stack_orchestrator": "ssh", "stack_container_registry": "dockerhub"}, None),
        ({"stack_step_operator": "sagemaker", "stack_artifact_store": "s3"}, "container registry"),
        ({"stack_deployer": "gcp"}, "container registry"),
        ({"stack_deployer": "docker"}, None),
        ({"stack_orchestrator": "kubernetes", "stack_container_registry": "aws"},
         "refuses a local artifact store"),
        ({"stack_step_operator": "vertex", "stack_container_registry": "gcp"},
         "cannot read a local artifact store"),
        ({"stack_orchestrator": "vertex", "stack_artifact_store": "s3",
          "stack_container_registry": "gcp"}, "needs a gcp artifact store"),
        ({"governance_registry": "mlflow"}, "needs the MLflow tracker"),
        ({"governance_registry": "mlflow", "training_tracker": "mlflow"}, None),
    ],
)  # fmt: skip
def test_violations_say_what_zenml_would_refuse(
    changed: dict[str, str], refusal: str | None
) -> None:
    violations = zenml_stack.violations(decided(**(LOCAL | changed)))
    assert len(violations) == (refusal is not None)
    assert refusal is None or refusal in violations[0].message


class TestTable:
    """The stack table of the document."""

    def test_has_the_nine_slots_in_order(self) -> None:
        rows = zenml_stack.stack_table(CHURN, designed(CHURN))
        assert [row.component for row in rows] == [
            "Orchestrator", "Artifact store", "Experiment tracker", "Data validator",
            "Model registry", "Deployer", "Container registry", "Alerter", "Step operator",
        ]  # fmt: skip
        assert all(row.choice and row.why for row in rows)

    def test_says_what_was_chosen_instead(self) -> None:
        decisions = designed(CHURN, stack_orchestrator="ssh")
        row = zenml_stack.stack_table(CHURN, decisions)[0]
        assert row.choice.startswith("SSH")
        assert row.why.startswith("Chosen instead of local")

    def test_mlflow_is_called_by_the_project_and_leaves_the_slot_empty(self) -> None:
        decisions = designed(CHURN, training_tracker="mlflow")
        row = zenml_stack.stack_table(CHURN, decisions)[2]
        assert (row.choice.split(" (")[0], row.flavour) == ("None", "none")
        left_out = {r.component: r.why for r in zenml_stack.not_included(CHURN, decisions)}
        assert "calls MLflow itself" in left_out["Experiment tracker"]

    def test_what_is_left_out_and_what_is_in_make_the_nine(self) -> None:
        facts = facts_of(**AWS)
        decisions = designed(facts, stack_step_operator="sagemaker")
        out = {row.component for row in zenml_stack.not_included(facts, decisions)}
        filled = {slot.name for slot in SLOTS if slot.type in zenml_stack.filled(decisions)}
        assert {slot.name for slot in SLOTS} - filled <= out
        assert not filled & out

    def test_image_builder_comes_with_the_registry(self) -> None:
        remote = facts_of(**AWS)
        for facts, left_out in ((CHURN, True), (remote, False)):
            rows = zenml_stack.not_included(facts, designed(facts))
            assert ("Image builder" in {row.component for row in rows}) is left_out


@pytest.fixture(scope="module")
def installed() -> dict[tuple[str, str], Any]:
    """ZenML's own flavours by slot and name."""
    registry = pytest.importorskip("zenml.stack.flavor_registry").FlavorRegistry()
    flavours = [kind() for kind in registry.builtin_flavors + registry.integration_flavors]
    return {(str(found.type), str(found.name)): found for found in flavours}


class TestInstalledZenML:
    """What the catalogue says of flavours is read from the installed package."""

    def test_version_is_the_one_that_was_checked(self) -> None:
        assert pytest.importorskip("zenml").__version__ == "0.98.0"

    def test_every_option_of_a_slot_is_a_flavour_or_empty(self) -> None:
        for slot in SLOTS:
            if slot.decision in stack.OPTIONS:
                values = {option.value for option in stack.OPTIONS[slot.decision]}
                refused = {"aws"} if slot.type == "deployer" else set()  # App Runner, by RF38
                empty = {"none"} | refused
                assert {f.value for f in FLAVOURS if f.slot == slot.type} == values - empty

    @pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda f: f"{f.slot}-{f.value}")
    def test_flavour_exists_in_its_integration(
        self, flavour: Flavour, installed: dict[tuple[str, str], Any]
    ) -> None:
        found = installed[(flavour.slot, flavour.flavour)]
        home = type(found).__module__.partition("zenml.integrations.")[2].split(".")[0]
        assert home == flavour.integration

    @pytest.mark.parametrize("flavour", [f for f in FLAVOURS if f.slot == "orchestrator"])
    def test_schedulable_orchestrators_are_zenmls(
        self, flavour: Flavour, installed: dict[tuple[str, str], Any]
    ) -> None:
        config = installed[("orchestrator", flavour.flavour)].config_class
        assert config.model_construct().is_schedulable is flavour.schedulable

    @pytest.mark.parametrize(
        "flavour",
        [f for f in FLAVOURS if f.integration and f.slot in _BUILDERS],
        ids=lambda f: f"{f.slot}-{f.value}",
    )
    def test_container_flavours_ask_for_a_registry(self, flavour: Flavour) -> None:
        package = find_spec(f"zenml.integrations.{flavour.integration}")
        assert package is not None and package.origin is not None
        module = f"{flavour.slot}s/{flavour.flavour}_{flavour.slot}.py"
        source = (Path(package.origin).parent / module).read_text(encoding="utf-8")
        assert ("StackComponentType.CONTAINER_REGISTRY" in source) is (
            "container_registry" in flavour.needs
        )


def test_what_only_a_refused_value_would_rule_out_stands() -> None:
    recorded = {"stack_deployer": "aws", "stack_container_registry": "none"}
    decisions = make_design(facts_of(), recorded).decisions
    assert decisions.find("stack_deployer").refused
    assert not decisions.find("stack_container_registry").refused


def why_not(decision: str, option: str, values: dict[str, Any], answers: dict[str, Any]) -> str:
    entry = designed(facts_of(**values), **answers).find(decision)
    return next(each.why_not for each in entry.proposal.alternatives if each.value == option)


@pytest.mark.parametrize(
    ("decision", "option", "values", "answers", "said"),
    [
        ("stack_orchestrator", "kubernetes", K8S | {"cloud": "none"}, {}, "no cluster to run on"),
        ("stack_orchestrator", "kubernetes", K8S | {"horizon": "prototype"}, {},
         "A prototype horizon pays for no cluster."),
        ("stack_orchestrator", "kubernetes", AWS, GROWN, "A team of 4 (none)"),
        ("stack_deployer", "kubernetes", K8S, {}, "runs the service's image itself"),
        ("stack_deployer", "kubernetes", TEAM, {}, "platform skill is"),
        ("stack_alerter", "slack", TEAM, {"monitoring_alerts": "file"}, "2F sends Ada nothing"),
        ("stack_alerter", "slack", {}, {}, "owner nobody"),
        ("stack_scheduler", "orchestrator", K8S, GROWN, "would be yours to add"),
        ("governance_registry", "mlflow", {}, {"training_tracker": "mlflow"}, "with the first."),
        ("governance_registry", "mlflow", {}, {}, "MLflow's tracker, not zenml"),
    ],
)  # fmt: skip
def test_what_speaks_against_an_option_fits_the_facts(
    decision: str, option: str, values: dict[str, Any], answers: dict[str, Any], said: str
) -> None:
    assert said in why_not(decision, option, values, answers)
