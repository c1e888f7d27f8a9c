"""A random walk: what people may do to a project in years, one move after another.

A walk is drawn from a seed; one that fails tells its moves, each of which `Walk.make` makes again.
After each move the project has to stand: see `Walk.check`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import copier
from choices import DECISIONS
from copier.errors import UserMessageError
from mlops_architecture import decision_log, session, text
from mlops_architecture.design import PHASES, make_design
from moves import PLANS, Move, draw, draw_creation
from standing import broken_promise, lint, parse
from support import git, recorded
from versions import TAGS

OFTEN_EDITED = (
    "README.md", "Makefile", ".gitignore", "pyproject.toml", "architecture.md",
    "problem_statement.md", "docs/runbook.md", "docs/model_card.md", "docs/decisions/log.md",
    "data/contract.yaml", "configs/training.yaml", "configs/batch_inference.yaml",
    "configs/project.yaml", "configs/monitoring.yaml", "configs/serving.yaml",
    "src/p/core/features.py", "src/p/core/models.py", "tests/test_features.py",
)  # fmt: skip
NEVER_LEAVES = {*OFTEN_EDITED} - {"configs/monitoring.yaml", "configs/serving.yaml"}
CONFLICT = re.compile("^<<<<<<< before updating$", re.M)
NOT_EDITED = (".copier-answers.yml", "uv.lock")


class State(NamedTuple):
    """What a project remembers, as it lies in its answers."""

    answers: dict[str, Any]
    known: session.Known

    @property
    def log(self) -> str:
        """The log of decisions."""
        return str(self.answers["decision_log"])

    @property
    def given_way(self) -> set[str]:
        """Decisions that are recorded and cannot stand by the facts, and say so in the document."""
        design = make_design(session.facts_of(self.known), self.answers)
        return {
            name
            for phase in PHASES
            for name in phase.rules.OPTIONS
            if design.decisions.find(name).refused or self.answers.get(name) != design[name]
        }


class Walk:
    """A project on its way, with what its person wrote into it."""

    def __init__(self, repository: Path, project: Path) -> None:
        self.repository = repository
        self.project = project
        self.wrote: dict[str, list[str]] = {}
        self.moves: list[Move] = []
        self.refused = self.conflicts = 0

    # Moving ----------------------------------------------------------------------------------

    def wander(self, seed: int, steps: int, table: Mapping[str, str]) -> None:
        """A walk of so many moves after the creation, all drawn from the seed."""
        random = Random(seed)
        while not self.exists:
            self.make(draw_creation(random, table))
        for _ in range(steps):
            self.make(draw(random, self.tag))

    @property
    def tag(self) -> str:
        """The version of the template that the project was made by."""
        return str(recorded(self.project)["_commit"])

    @property
    def state(self) -> State:
        known = session.recorded(self.project / ".copier-answers.yml").known
        return State(recorded(self.project), known)

    def make(self, move: Move) -> None:
        """One move, after which everything still stands; else the way there is told."""
        self.moves.append(move)
        try:
            self._make(move)
        except Exception as error:
            error.add_note(f"The way there: {self.moves}")
            raise

    def _make(self, move: Move) -> None:
        before = self.state if self.exists else None
        match move.kind:
            case "create":
                self._copy(move.given)
            case "edit":
                self._edit(Random(repr(move.given["place"])), move.given["often"])
            case _:
                self._update(move)
        if not self.exists:
            return
        self.check(move, before)
        if move.kind == "nothing":
            assert git(self.project, "status", "--porcelain") == "", "an empty update has a diff"
        self.commit(move.kind)

    @property
    def exists(self) -> bool:
        """Whether there is a project: answers that contradict each other make none."""
        return (self.project / "architecture.md").exists()

    def _copy(self, given: Mapping[str, Any]) -> None:
        try:
            copier.run_copy(
                str(self.repository), self.project, data={"project_name": "p", **given},
                vcs_ref=TAGS[0], defaults=True, unsafe=True, quiet=True,
            )  # fmt: skip
        except UserMessageError:
            assert not self.project.exists(), "what is refused is not begun"
            self.refused += 1
        else:
            git(self.project, "init", "-q")

    def _update(self, move: Move) -> None:
        """An update to a version, or one that changes answers and keeps the version."""
        given = dict(move.given)
        ref = given.pop("tag", copier.VcsRef.CURRENT)
        try:
            copier.run_update(
                self.project, data=given, vcs_ref=ref, defaults=True, unsafe=True, quiet=True,
                overwrite=True,
            )  # fmt: skip
        except UserMessageError as refusal:
            assert len(str(refusal).split()) > 3, "a refusal is a sentence"
            assert git(self.project, "status", "--porcelain") == "", "what is refused is not done"
            self.refused += 1

    def commit(self, message: str) -> None:
        """Everything, as an update wants it."""
        git(self.project, "add", "-A")
        git(self.project, "commit", "-q", "--allow-empty", "-m", message)

    # Editing ---------------------------------------------------------------------------------

    def _edit(self, random: Random, often: bool) -> None:
        """Some lines of a person's in one file, at its end or between two of its lines."""
        files = sorted(git(self.project, "ls-files").splitlines())
        likely = [path for path in OFTEN_EDITED if path in files]
        possible = [
            path for path in files if path not in NOT_EDITED and _lines_of_a_person(path, "")
        ]
        path = random.choice(likely if often else possible)
        lines = _lines_of_a_person(path, f"mine_{len(self.moves)}")
        places = _between(path, (self.project / path).read_text("utf-8"))
        self.write(path, lines, random.choice(places) if random.random() < 0.3 else places[0])

    def write(self, path: str, lines: list[str], place: int) -> None:
        """Lines of a person's at a place in a file."""
        file = self.project / path
        before = file.read_text("utf-8")
        written = "\n".join(lines) + "\n"
        file.write_text(before[:place] + written + before[place:], encoding="utf-8")
        self.wrote.setdefault(path, []).extend(line for line in lines if line)

    def _resolve(self, path: str) -> None:
        """A conflict as a person would end it: what is new, and one's own lines."""
        lines = iter((self.project / path).read_text("utf-8").splitlines())
        resolved: list[str] = []
        for line in lines:
            if line != "<<<<<<< before updating":
                resolved.append(line)
                continue
            ours, theirs = _sides(lines)
            own = [each for each in ours if each in self.wrote[path] and each not in theirs]
            resolved += [*theirs, *own]
        (self.project / path).write_text("\n".join(resolved) + "\n", encoding="utf-8")

    def _do_as_told(self, told: str) -> None:
        """What the project's test asks of its person, whose contract no update touches."""
        contract = self.project / "data" / "contract.yaml"
        before = after = contract.read_text("utf-8")
        for gate in re.findall(r"give gates\.(\w+)", told):
            after = after.replace(f"{gate}: null", f"{gate}: 90")
        if asked := re.match(r"(\[.+\]) are to be compared: give them group: true", told):
            for name in ast.literal_eval(asked[1]):
                column = rf"(- {{name: '?{re.escape(name)}'?, .*?role: \w+, )"
                after = re.sub(column, r"\1group: true, ", after)
        assert after != before, told
        contract.write_text(after, encoding="utf-8")

    # Checking --------------------------------------------------------------------------------

    def check(self, move: Move, before: State | None) -> None:
        """Everything that has to stand after a move."""
        files = self._end_conflicts()
        self._keeps_lines()
        after = self.state
        if before is not None:
            _keeps_decisions(move, before, after)
        answers = (self.project / ".copier-answers.yml").read_text("utf-8")
        assert text.mapping_to_yaml(after.answers) in answers, "the answers do not round-trip"
        for path in files:
            parse(self.project / path)
        if (self.project / "pyproject.toml").is_file():
            lint(self.project)
            while told := broken_promise(self.project):
                self._do_as_told(told)

    def _end_conflicts(self) -> list[str]:
        """All files that git would keep; conflicts may stand only where a person wrote."""
        listed = git(self.project, "ls-files", "-co", "--exclude-standard")
        files = sorted({each for each in listed.splitlines() if (self.project / each).is_file()})
        assert not [path for path in files if path.endswith(".rej")]
        for path in files:
            content = (self.project / path).read_text("utf-8")
            if CONFLICT.search(content):
                assert path in self.wrote, f"{path} has a conflict, and nobody had edited it"
                self.conflicts += 1
                self._resolve(path)
        return files

    def _keeps_lines(self) -> None:
        """No line of a person's is lost, unless its whole file left with a component."""
        for path in list(self.wrote):
            file = self.project / path
            if not file.exists():
                assert path not in NEVER_LEAVES, f"{path} is gone, and with it {self.wrote[path]}"
                del self.wrote[path]
                continue
            content = file.read_text("utf-8").splitlines()
            lost = [line for line in self.wrote[path] if line not in content]
            assert not lost, f"{path} lost {lost}"


def _keeps_decisions(move: Move, before: State, after: State) -> None:
    """Nothing was decided anew that the move does not decide, and the log only grows."""
    assert after.log.startswith(before.log), "the log was rewritten"
    blocked = State({**before.answers, **move.given}, after.known).given_way
    stood, stands = decision_log.standing(before.log), decision_log.standing(after.log)
    for name, value in before.answers.items():
        if name in DECISIONS and name not in move.given and move.kind != "adopt":
            gave_way = name in blocked and stood[name].by == "proposal"
            assert gave_way or after.answers[name] == value, f"{name} became {after.answers[name]}"
    changed = {name for name in stands if stands[name].after != stood[name].after}
    if move.kind == "adopt":
        overruled = {name for name in changed if stood[name].by == "person"}
        assert not overruled, f"{overruled} were a person's choice"
    else:
        skipped = {plan for plan in PLANS if after.answers[plan] == "skip"}
        beside = changed - set(move.given) - _of_phases({*move.given, *skipped})
        beside -= before.given_way | blocked
        assert not beside, f"{beside} changed beside {move}"


def _of_phases(plans: Iterable[str]) -> set[str]:
    """Decisions that follow the facts where a plan is skipped, and come back where it is not."""
    return {name for phase in PHASES if phase.plan in plans for name in phase.rules.OPTIONS}


def _lines_of_a_person(path: str, mark: str) -> list[str]:
    """What a person might add to such a file; nothing where nobody would."""
    match Path(path).name.rpartition(".")[2]:
        case "py":
            return ["", "", f"def {mark}() -> str:", f'    return "{mark}"']
        case "md":
            return ["", f"Here is {mark}, a remark of ours."]
        case "toml":
            return ["", f"[tool.{mark}]", f'{mark} = "yes"']
        case "yaml" | "yml" | "Makefile" | "Dockerfile" | "gitignore":
            return [f"# {mark}"]
    return []


def _between(path: str, content: str) -> list[int]:
    """Places in a file where lines of a person's may stand: its end, and what else fits."""
    places = [len(content)]
    if path.endswith((".yaml", ".yml")):
        places.append(0)
    if path.endswith(".md"):
        places += [found.start() + 1 for found in re.finditer("\n\n", content)]
    return places


def _sides(lines: Iterator[str]) -> tuple[list[str], list[str]]:
    """Ours and theirs of the conflict whose first marker was just read."""
    ours, theirs = [], []
    for line in lines:
        if line == "||||||| last update":
            continue
        if line == "=======":
            break
        ours.append(line)
    for line in lines:
        if line == ">>>>>>> after updating":
            break
        theirs.append(line)
    return ours, theirs
