"""The directory layout of a generated project, as the document draws it."""

from __future__ import annotations

from collections.abc import Iterable

PURPOSES = {
    "README.md": "how to start",
    "architecture.md": "the design and its reasons",
    "problem_statement.md": "the problem, as stated",
    "configs": "what a user tunes, one file per pipeline",
    "environments": "what differs in staging and production",
    "data": "the contract; snapshots land here",
    "docs": "what is read beside the design",
    "decisions": "one record for each decision, and the log of changes",
    "references": "what those records rest on",
    "runbook.md": "what to do when it breaks",
    "updating.md": "how the design evolves while your edits stay",
    "model_card.md": "what the model is for, and what not",
    "going-to-production.md": "the move, step by step",
    "infrastructure": "Terraform for what the stacks ask of their cloud",
    "src": "the package",
    "core": "pure functions: contract, features, models, evaluation, promotion",
    "runs": "images, steps and variables on each stack beyond this machine",
    "steps.Dockerfile": "the image of the steps, where a stack builds one",
    "steps": "thin ZenML steps over core",
    "pipelines": "one module per pipeline",
    "commands": "what cli.py offers",
    "rollouts.py": "shadow and canary, step by step",
    "serving": "the service, which needs no ZenML",
    ".github": "what the CI runs, and when",
    ".gitlab-ci.yml": "what the CI runs, and when",
    "benchmarks": "the load test of the service",
    "deploy": "what runs its container: a trial here, and where it is hosted",
    "Dockerfile": "the service as an image",
    "schedules": "what starts the runs; switched on by you",
    "stacks": "ZenML stacks, one file per environment",
    "tests": "unit tests, pipeline runs, document against code",
    "cli.py": "the one door to all of it",
    "features.py": "yours to edit: features of your own, one function each",
    "models.py": "yours to edit: which models compete",
    "contract.yaml": "yours to edit: what a valid table is",
    "test_architecture.py": "holds the code to the document",
}
DRAWN_WHOLE = {"configs", "data", "schedules", "stacks"}
"""Folders of which every file is drawn; elsewhere a file is drawn if it has a purpose."""


def draw(paths: Iterable[str]) -> str:
    """An indented tree of `paths` (posix, relative), two spaces a level, with purposes.

    A folder is drawn with the first of its files that is drawn, or for a purpose of its own.
    """
    lines: list[str] = []
    shown: set[tuple[str, ...]] = set()
    for path in sorted(paths):
        parts = tuple(path.split("/"))
        known = parts[-1] in PURPOSES or parts[0] in DRAWN_WHOLE
        for depth in range(1, len(parts) + 1):
            wanted = known or (depth < len(parts) and parts[depth - 1] in PURPOSES)
            if wanted and parts[:depth] not in shown:
                shown.add(parts[:depth])
                lines.append(_line(parts[:depth], is_folder=depth < len(parts)))
    return "\n".join(lines)


def _line(parts: tuple[str, ...], is_folder: bool) -> str:
    name = parts[-1]
    drawn = "  " * (len(parts) - 1) + name + ("/" if is_folder else "")
    purpose = PURPOSES.get(name, "")
    return f"{drawn:<36}  {purpose}" if purpose else drawn
