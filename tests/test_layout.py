"""Section 10 draws what people edit, and names folders for the rest."""

from pathlib import Path

import yaml
from mlops_architecture.blueprint import components
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts
from mlops_architecture.layout import draw

ROOT = Path(__file__).parents[1]


def test_every_file_people_tune_is_drawn_and_of_the_code_only_what_is_theirs() -> None:
    drawn = draw(
        [
            "README.md", "configs/training.yaml", "docs/decisions/2a_maturity_level.md",
            "docs/references/data-quality.md", "docs/runbook.md", "src/churn/__init__.py",
            "src/churn/core/features.py", "src/churn/core/split.py", "uv.lock",
        ]
    ).splitlines()  # fmt: skip
    assert [line.split("  ", 8)[0] or line.strip().split("  ")[0] for line in drawn] == [
        "README.md", "configs/", "training.yaml", "docs/", "decisions/", "references/",
        "runbook.md", "src/", "churn/", "core/", "features.py",
    ]  # fmt: skip


def test_depth_is_two_spaces_a_level_and_a_purpose_stands_beside() -> None:
    lines = draw(["src/churn/core/models.py"]).splitlines()
    assert [len(line) - len(line.lstrip()) for line in lines] == [0, 2, 4, 6]
    assert lines[-1].endswith("  yours to edit: which models compete")


def test_copier_is_asked_about_each_part_that_a_decision_adds() -> None:
    design = make_design(Facts(project_name="p"), {}, "stack")
    settings = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8").partition("\n---")[0])
    asked = [line for line in settings["_exclude"] if "flow.excluded" in line]
    assert asked == [f"{{{{ flow.excluded('{part.path}') }}}}" for part in components(design, "")]
