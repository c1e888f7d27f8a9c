"""The references that the flow prints, the document cites and the project copies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mlops_architecture.design import Phase

REFERENCES = Path(__file__).parents[1] / "references"
CAPABILITIES = (
    "system-design",
    "mlops-mental-models",
    "data-management",
    "data-quality",
    "feature-engineering",
    "training-serving-parity",
    "experiment-tracking",
    "model-evaluation",
    "deployment-strategies",
    "drift-detection",
    "model-monitoring",
    "incident-response",
    "model-registry",
)
NAMES = (
    *(f"capabilities/{name}" for name in CAPABILITIES),
    "tooling/zenml/component-guide",
    "tooling/zenml/deployment-architectures",
)
OPENING, DECISIONS, SOURCES = "In ten lines", "Decisions it informs", "Sources"
SLOTS = {
    "orchestrator": "orchestrator",
    "artifact store": "artifact_store",
    "experiment tracker": "experiment_tracker",
    "data validator": "data_validator",
    "model registry": "model_registry",
    "deployer": "deployer",
    "container registry": "container_registry",
    "alerter": "alerter",
    "step operator": "step_operator",
}
FORBIDDEN = {
    "what '91 %' measured was not production": r"\b91\s?(%|percent)",
    "a loss whose cause is disputed": r"Zillow|881\s?M",
    "a deployment error without any model": r"Knight Capital",
    "a share without a source": r"\b95\s?% of (all )?cases|30 (minutes|hours)",
    "average precision is contested as the answer to imbalance": r"PR[- ]AUC",
    "superseded bank guidance": r"SR\s?11-7",
    "superseded date of the AI Act": r"(2 Aug(ust)?|Aug(ust)? 2,?) 2026|2026-08-02",
    "deprecated MLflow stages": r"MLflow\W+[Ss]taging|Staging/Production",
}
THRESHOLD = re.compile(r"\d\s?%|\d\.\d|[<>≤≥]\s?\d|\d+ (rows|days|positives|levels)")


def read(name: str) -> str:
    return (REFERENCES / f"{name}.md").read_text(encoding="utf-8")


def sections(name: str) -> dict[str, str]:
    """Heading of each `##` section of a reference and its text, in order."""
    parts = re.split(r"^## (.+)\n", read(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def informed(name: str) -> list[str]:
    """The decisions that a reference says it informs."""
    return re.findall(r"^- `(\w+)`:", sections(name)[DECISIONS], flags=re.MULTILINE)


def slot_flavours() -> dict[str, list[str]]:
    """The slots of the component guide's table and the flavours it names for each."""
    table = sections("tooling/zenml/component-guide")["The nine slots"]
    rows = (line.split("|")[1:-1] for line in table.splitlines() if line.startswith("|"))
    named = {row[0].strip(): re.findall(r"`(\w+)`", row[2] + row[3]) for row in rows}
    return {slot: flavours for slot, flavours in named.items() if flavours}


@pytest.fixture(scope="module")
def rules() -> tuple[Phase, ...]:
    from mlops_architecture.design import PHASES

    return PHASES


def test_exactly_the_fifteen_references_exist() -> None:
    found = {path.relative_to(REFERENCES).as_posix() for path in REFERENCES.rglob("*.md")}
    assert found == {f"{name}.md" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
class TestEachReference:
    def test_has_a_title_and_its_three_sections_in_order(self, name: str) -> None:
        assert re.match(r"# \S.*\n\n## In ten lines\n", read(name))
        headings = list(sections(name))
        assert headings[0] == OPENING
        assert headings[-1] == SOURCES
        assert DECISIONS in headings

    def test_opening_fits_the_terminal(self, name: str) -> None:
        lines = sections(name)[OPENING].strip("\n").splitlines()
        assert len(lines) <= 10
        assert [line for line in lines if len(line) > 76] == []

    def test_opening_reads_well_without_rendering(self, name: str) -> None:
        assert re.findall(r"[`*_#|<>]|\]\(", sections(name)[OPENING]) == []

    def test_decisions_state_no_threshold(self, name: str) -> None:
        assert THRESHOLD.findall(sections(name)[DECISIONS]) == []

    def test_only_decisions_stand_in_backticks_there(self, name: str) -> None:
        text = sections(name)[DECISIONS]
        assert informed(name)
        assert re.findall(r"`([^`]+)`", text) == informed(name)

    def test_each_source_has_a_title_and_an_https_link_or_is_a_judgement(self, name: str) -> None:
        entries = [line for line in sections(name)[SOURCES].splitlines() if line]
        source = re.compile(r"- [A-Z0-9-]+: \[[^\]]{4,}\]\(https://[^)\s]+\)|- Our judgement: \S")
        assert [entry for entry in entries if not source.match(entry)] == []

    def test_every_link_is_https(self, name: str) -> None:
        assert [
            url for url in re.findall(r"\]\(([^)]*)\)", read(name)) if url[:8] != "https://"
        ] == []

    def test_repeats_no_refuted_claim(self, name: str) -> None:
        text = " ".join(read(name).split())
        assert {why for why, claim in FORBIDDEN.items() if re.search(claim, text)} == set()

    def test_holds_no_template_syntax(self, name: str) -> None:
        assert re.findall(r"\{\{|\}\}|\{%|%\}|\{#|#\}", read(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_names_only_decisions_that_the_rules_know(name: str, rules: tuple[Phase, ...]) -> None:
    known = {decision for phase in rules for decision in phase.rules.OPTIONS}
    assert set(informed(name)) <= known


def test_every_decision_is_explained_somewhere(rules: tuple[Phase, ...]) -> None:
    explained = {decision for name in NAMES for decision in informed(name)}
    assert {decision for phase in rules for decision in phase.rules.OPTIONS} <= explained


def test_every_reference_that_a_phase_shows_exists(rules: tuple[Phase, ...]) -> None:
    assert {name for phase in rules for name in phase.references} <= set(NAMES)


def test_stages_pipelines_and_levels_are_all_taught() -> None:
    taught = sections("capabilities/system-design")
    assert len(re.findall(r"^\d+\. \*\*", taught["The ten stages"], re.MULTILINE)) == 10
    assert len(re.findall(r"^\| ", taught["The five pipelines"], re.MULTILINE)) == 1 + 5
    assert re.findall(r"^- \*\*(\d),", taught["The four maturity levels"], re.MULTILINE) == list(
        "0123"
    )
    components = sections("capabilities/mlops-mental-models")["The ten components"]
    assert len(re.findall(r"^\| ", components, re.MULTILINE)) == 1 + 10


def test_component_guide_names_the_nine_slots_in_order() -> None:
    assert list(slot_flavours()) == list(SLOTS)


def test_flavours_of_the_component_guide_exist_in_the_pinned_zenml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENML_CONFIG_PATH", str(tmp_path))
    monkeypatch.setenv("ZENML_ANALYTICS_OPT_IN", "false")
    registry = pytest.importorskip("zenml.stack.flavor_registry").FlavorRegistry()
    flavours = [kind() for kind in registry.builtin_flavors + registry.integration_flavors]
    available = {(flavour.type.value, flavour.name) for flavour in flavours}
    named = {(SLOTS[slot], name) for slot, names in slot_flavours().items() for name in names}
    assert named <= available
