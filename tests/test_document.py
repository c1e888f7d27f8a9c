"""The documents as their reader has them: short, linked, and about this project alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from mlops_architecture.phases._inputs import listed
from support import generate
from tables import TABLES, write

MOST_WORDS = 4_200
"""Eight A4 pages at 10 points, tables included and diagrams left out, hold about 4,600."""
MOST_DIAGRAMS, MOST_RECORD_LINES = 5, 50
REGULATED = {
    "target": "stopped", "consumption": "realtime", "cloud": "aws", "latency_ms": 50,
    "peak_rps": 20.0, "team_size": 6, "owner": "Ada", "approver": "Grace", "impact": "high",
    "decision_mode": "automated", "personal_data": "direct", "stability": "adversarial",
    "regulations": ["gdpr", "eu_ai_act", "ecoa", "hipaa", "pci", "sr26_2"], "use_case": "credit",
    "cost_false_positive": 5.0, "cost_false_negative": 300.0, "label_delay_days": 10.0,
}  # fmt: skip
PROJECTS = ("churn", "fraud", "student")
TITLES = [
    "1. MLOps pipeline overview", "2. Data plan", "3. Feature engineering plan",
    "4. Training and evaluation plan", "5. Deployment plan", "6. Monitoring and drift plan",
    "7. Versioning and governance", "8. ZenML stack specification", "9. Pipeline decomposition",
    "10. Project structure", "11. MVP scope", "12. Deferred components",
]  # fmt: skip
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def projects(
    template: Path, tmp_path_factory: pytest.TempPathFactory, churn: Path, statement: Path
) -> dict[str, Path]:
    """Three projects that have little in common."""
    folder = tmp_path_factory.mktemp("projects")
    make, _ = TABLES["temporal"]
    machines = write(make(), folder / "machines.csv")
    given: dict[str, dict[str, Any]] = {
        "churn": {"data_file": str(churn), "problem_statement": str(statement)},
        "fraud": REGULATED | {"data_file": str(machines)},
        "student": {
            "horizon": "learning", "problem_type": "regression", "target": "price",
            "monitoring_plan": "skip", "approval": "document", "rows": 900,
        },
    }  # fmt: skip
    return {name: generate(template, folder / name, **given[name]) for name in PROJECTS}


def read(project: Path, name: str = "architecture.md") -> str:
    return (project / name).read_text("utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, title
    return found[1]


def visible_words(text: str) -> int:
    """Words that a reader sees: no diagrams, no addresses, no table rules."""
    text = re.sub(r"```mermaid.*?```", "", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.sub(r"[|`*#\[\]-]", " ", text).split())


@pytest.mark.parametrize("name", PROJECTS)
class TestEachProject:
    def test_the_document_stays_under_eight_pages(
        self, projects: dict[str, Path], name: str
    ) -> None:
        assert visible_words(read(projects[name])) <= MOST_WORDS

    def test_the_twelve_sections_stand_in_order_with_at_most_five_diagrams(
        self, projects: dict[str, Path], name: str
    ) -> None:
        text = read(projects[name])
        assert re.findall(r"^## (\d+\. .*)$", text, re.M) == TITLES
        assert 1 <= text.count("```mermaid") <= MOST_DIAGRAMS

    def test_the_first_page_says_what_is_built_why_and_what_could_go_wrong(
        self, projects: dict[str, Path], name: str
    ) -> None:
        first = read(projects[name]).partition("## Context")[0]
        assert visible_words(first) <= 450
        for line in ("Status", "Level", "Mode", "Metric", "Built now", "Cost", "People"):
            assert f"| **{line}** | " in first
        deferred = re.findall(r"^- \*\*(.+?)\*\*", section(read(projects[name]), TITLES[11]), re.M)
        assert f"| **Deferred** | {listed(deferred, most=4)} |" in first
        numbered = re.findall(r"^(\d)\. \*\*[^*]+\*\*: .+\. \*.+\*$", first, re.M)
        assert numbered == ["1", "2", "3"]

    def test_every_relative_link_leads_somewhere(
        self, projects: dict[str, Path], name: str
    ) -> None:
        project = projects[name]
        pages = [project / "architecture.md", *(project / "docs").rglob("*.md")]
        for page in pages:
            for target in LINK.findall(read(page.parent, page.name)):
                if not target.startswith("https://"):
                    assert (page.parent / target).is_file(), f"{page.name} links to {target}"

    def test_each_decision_has_one_short_record_without_empty_sections(
        self, projects: dict[str, Path], name: str
    ) -> None:
        project = projects[name]
        records = [page for page in (project / "docs/decisions").glob("*.md") if page.stem != "log"]
        linked = set(re.findall(r"docs/decisions/(\w+)\.md", read(project)))
        assert {page.stem for page in records} == linked
        for page in records:
            text = page.read_text("utf-8")
            assert text.count("\n") <= MOST_RECORD_LINES, page.name
            assert re.match(r"# \S.*\n\nPhase 2[A-H], .+\. Status: \S.+\.\n\n## Context\n", text)
            parts = re.split(r"^## (.+)\n", text, flags=re.M)
            sections = dict(zip(parts[1::2], parts[2::2], strict=True))
            assert {"Context", "Decision", "Consequences"} <= set(sections), page.name
            assert all(body.strip() for body in sections.values()), page.name
            assert "\n\n\n" not in text and "None" not in sections["Context"]

    def test_paths_that_records_name_exist_in_the_project(
        self, projects: dict[str, Path], name: str
    ) -> None:
        project = projects[name]
        if not (project / "src").exists():
            return
        pattern = r"`((?:configs|data|docs|src|stacks|tests)/[\w./-]*\w)`"
        for page in (project / "docs").rglob("*.md"):
            for path in re.findall(pattern, page.read_text("utf-8")):
                assert (project / path).exists(), f"{page.name} names {path}"

    def test_only_references_that_a_record_cites_are_kept(
        self, projects: dict[str, Path], name: str
    ) -> None:
        docs = projects[name] / "docs"
        cited = {
            reference
            for page in (docs / "decisions").glob("*.md")
            for reference in re.findall(r"\.\./references/([\w-]+)\.md", page.read_text("utf-8"))
        }
        assert {page.stem for page in (docs / "references").glob("*.md")} == cited


def test_what_a_built_decision_asks_for_and_no_code_does_is_yours_to_add(
    projects: dict[str, Path],
) -> None:
    yours = section(read(projects["fraud"]), TITLES[11])
    assert "not built either: latency under load; drift detection and monitoring on" in yours
    gate = read(projects["fraud"], "docs/decisions/2d_training_gate.md")
    assert "Latency under load: p99 ≤ 50 ms (yours to add)" in gate
    candidates = read(projects["fraud"], "docs/decisions/2d_training_candidates.md")
    assert "Reasons beside each prediction of a table" in candidates
    assert "`reasons`" in section(read(projects["fraud"]), "Context and interfaces")
    assert "`reasons`" not in read(projects["student"])
    assert "They are sent once a stack" in read(projects["fraud"], "docs/runbook.md")


def test_a_skipped_phase_keeps_its_records_unreviewed_and_loses_its_references(
    projects: dict[str, Path],
) -> None:
    docs = projects["student"] / "docs"
    record = (docs / "decisions/2f_monitoring_drift.md").read_text("utf-8")
    assert "unreviewed because the phase was skipped" in record
    assert not (docs / "references/drift-detection.md").exists()
    assert (projects["churn"] / "docs/references/drift-detection.md").is_file()


def test_what_a_person_chose_is_told_with_what_the_rule_says(
    template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", data_gates="report")
    record = (project / "docs/decisions/2b_data_gates.md").read_text("utf-8")
    assert "Status: chosen by a person." in record
    assert "The rule says against it: " in record
    assert "It proposes instead: A failed gate stops the run: " in record
    turns = section(record, "What would change it").replace("\\", "")
    assert turns.split("proposed: ")[1].strip() == "copier update --trust -d data_gates=stop."
    assert "instead of the proposed stop" in read(project)


def test_only_the_laws_that_apply_are_named_and_never_as_advice(
    projects: dict[str, Path],
) -> None:
    regimes = ("GDPR", "HIPAA", "PCI DSS", "EU AI Act", "SR 26-2", "Regulation B")
    asked = {name: section(read(projects[name]), TITLES[6]) for name in PROJECTS}
    assert all(regime in asked["fraud"] for regime in regimes)
    assert asked["fraud"].count("no legal advice") == 1
    assert "**GDPR**" in asked["churn"] and "HIPAA" not in asked["churn"]
    assert "legal advice" not in asked["student"]
    assert "asks that their rows go" in read(projects["churn"], "docs/runbook.md")
    assert "asks that their rows go" not in read(projects["student"], "docs/runbook.md")


def test_runbook_and_card_speak_of_this_project(projects: dict[str, Path]) -> None:
    runbook = read(projects["fraud"], "docs/runbook.md")
    assert runbook.count("\n| SEV") == 4
    assert "Ada" in runbook and "within 5 minutes" in runbook
    card = read(projects["fraud"], "docs/model_card.md")
    assert "4,000 rows" in card and "| **Owner** | Ada |" in card
    assert "the machine; high impact" in card
    assert visible_words(runbook) <= 480


@pytest.mark.parametrize("pair", [("churn", "fraud"), ("churn", "student"), ("fraud", "student")])
@pytest.mark.parametrize(
    "title", ["Context and interfaces", "Quality requirements", "Risks and accepted debt", "Cost"]
)
def test_two_documents_share_no_sentence_about_their_project(
    projects: dict[str, Path], pair: tuple[str, str], title: str
) -> None:
    first, second = (
        {line for line in section(read(projects[name]), title).splitlines() if line[:2] == "- "}
        for name in pair
    )
    assert first & second == set()
