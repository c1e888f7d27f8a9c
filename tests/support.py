"""Making projects from this template in tests: without a terminal, and as a person would."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

ROOT = Path(__file__).parents[1]
PARTS = ("copier.yml", "extensions", "questions", "references", "template")
_SENTENCES = {
    "_reason": "We know, and accept it until autumn.\r",
    "_waiver": "Ada Lovelace: we know, and accept it until autumn.\r",
}
"""What a person writes who is asked for a reason or a waiver, by the end of the answer's name."""
ENTER, DOWN, UP, SPACE, ERASE = "\r", "\x1b[B", "\x1b[A", " ", "\x15"


def copy_template(folder: Path) -> Path:
    """The template without its git history, which makes a copy of it cheap."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".*_cache")
            shutil.copytree(source, folder / part, ignore=ignore)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / part)
    return folder


def generate(template: Path | str, project: Path, **answers: Any) -> Path:
    """A project made with `--defaults` and `-d` answers."""
    copier.run_copy(str(template), project, data=answers, defaults=True, unsafe=True, quiet=True)
    return project


def update(project: Path, quiet: bool = True, **answers: Any) -> None:
    """`copier update --defaults` with `-d` answers; the project is committed before it."""
    commit(project)
    copier.run_update(
        project, data=answers, defaults=True, unsafe=True, quiet=quiet, overwrite=True
    )


def recorded(project: Path) -> dict[str, Any]:
    """The answers that a project remembers."""
    loaded: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return loaded


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    run = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout


def commit(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "as it is")


def stand_in(folder: Path, name: str, script: str) -> Path:
    """`folder`, to be put on PATH, with a shell script in the place of a program."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return folder


class Terminal:
    """A person at the keyboard: what to press at each question, Enter where nothing is said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.shown: dict[str, str] = {}
        self.keys: Mapping[str, str] = {}
        self._prompt = copier._main.unsafe_prompt
        monkeypatch.setattr(copier._main, "unsafe_prompt", self._answer)

    def _answer(self, questions: list[dict[str, Any]], answers: Any) -> Any:
        name = questions[0]["name"]
        if questions[0]["when"]({}):
            self.asked.append(name)
            choices = questions[0].get("choices", ())
            titles = (each.title for each in choices)
            self.shown[name] = " ".join((questions[0]["message"], *titles))
        with (
            create_pipe_input() as keyboard,
            create_app_session(input=keyboard, output=DummyOutput()),
        ):
            keyboard.send_text(self.keys.get(name, _SENTENCES.get(name[-7:], ENTER)))
            return self._prompt(questions, answers=answers)

    def copy(
        self, template: Path, project: Path, keys: Mapping[str, str] | None = None, **answers: Any
    ) -> Path:
        """A project made by answering the flow."""
        self.keys = keys or {}
        copier.run_copy(str(template), project, data=answers, unsafe=True, quiet=True)
        return project


def picked(names: list[str], *wanted: str) -> str:
    """Keys that mark `wanted` in a list of `names` and go on."""
    presses: Iterator[str] = ((SPACE if name in wanted else "") + DOWN for name in names)
    return "".join(presses) + ENTER
