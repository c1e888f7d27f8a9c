"""Three complete sets of answers, and the documents that they give.

    uv run python tests/gallery.py

writes the documents anew, so that a change of the rules shows as a diff that can be read.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from support import ROOT, copy_template, generate
from tables import TABLES, subscribers, write

FOLDER = ROOT / "tests" / "examples"
EXAMPLES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
_TABLES = {
    "churn_batch": ("subscribers.csv", subscribers),
    "student_regression": ("patients.csv", TABLES["regression"][0]),
}


def answers(example: str, folder: Path) -> dict[str, Any]:
    """What a person answered, with the table and the statement that go with it."""
    given: dict[str, Any] = yaml.safe_load((FOLDER / example / "answers.yml").read_text("utf-8"))
    if example in _TABLES:
        name, make = _TABLES[example]
        given["data_file"] = str(write(make(), folder / name))
    if (FOLDER / example / "problem_statement.md").is_file():
        given["problem_statement"] = str(FOLDER / example / "problem_statement.md")
    return given


def render(example: str, template: Path, folder: Path) -> Path:
    """The project that the answers of an example give."""
    folder.mkdir(parents=True, exist_ok=True)
    return generate(template, folder / "project", **answers(example, folder))


def expected(example: str) -> Path:
    """The document that is kept beside the answers."""
    return FOLDER / example / "architecture.md"


def main() -> None:
    """Write the documents of all examples anew."""
    with tempfile.TemporaryDirectory() as temporary:
        template = copy_template(Path(temporary) / "template")
        for example in EXAMPLES:
            project = render(example, template, Path(temporary) / example)
            shutil.copy(project / "architecture.md", expected(example))
            print(f"{expected(example).relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
