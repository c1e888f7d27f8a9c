"""A random walk: what people may do to a project in years, one move after another.

A walk is drawn from a seed, and is a list of moves: one that failed is printed as a list that
can be walked again. After each move the project has to stand: see `Walk.check`.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import copier
import yaml
from copier.errors import UserMessageError
from mlops_architecture import decision_log, session, text
from mlops_architecture.design import PHASES, make_design
from support import git, recorded
from versions import TAGS

FACTS: dict[str, list[Any]] = {
    "capacity": [0, 60],
    "ci": ["none", "github", "gitlab"],
    "cloud": ["none", "aws", "gcp", "azure", "onprem_vm", "onprem_k8s"],
    "committers": [1, 6],
    "consumption": ["batch", "both", "realtime"],
    "cost_false_negative": [0, 240],
    "cost_false_positive": [0, 20],
    "current_level": [0, 1, 2],
    "data_cadence": ["daily", "monthly"],
    "data_size_gb": [0.1, 40, 400],
    "decision_mode": ["automatic", "human"],
    "existing_tools": ["", "mlflow", "airflow"],
    "horizon": ["production", "prototype", "learning"],
    "impact": ["low", "high"],
    "interpretability": ["none", "global", "per_decision"],
    "label_delay_days": [1, 30, 90],
    "latency_ms": [50, 1000],
    "months_operated": [0, 12],
    "n_models": [1, 5],
    "owner": ["Ada", "Grace: \"#1\" {of} `us`"],
    "personal_data": ["none", "direct", "special_or_phi"],
    "platform_skill": ["none", "some_cloud", "k8s_team"],
    "primary_metric": ["unsure", "log_loss", "roc_auc"],
    "regulations": [["none"], ["gdpr"], ["ecoa"]],
    "rows": [500, 20_000, 3_000_000],
    "stability": ["stable", "seasonal", "drifting"],
    "team_size": [1, 4, 20],
    "weeks": [2, 26],
}  # fmt: skip
DECISIONS = {
    name: [option.value for option in options]
    for phase in PHASES
    for name, options in phase.rules.OPTIONS.items()
}
PLANS = [phase.plan for phase in PHASES]
OFTEN_EDITED = (
    "README.md", "Makefile", ".gitignore", "pyproject.toml", "architecture.md",
    "problem_statement.md", "docs/runbook.md", "docs/model_card.md", "docs/decisions/log.md",
    "data/contract.yaml", "configs/training.yaml", "configs/batch_inference.yaml",
    "configs/project.yaml", "configs/monitoring.yaml", "configs/serving.yaml",
    "src/p/core/features.py", "src/p/core/models.py", "tests/test_features.py",
)  # fmt: skip
NEVER_LEAVES = {"problem_statement.md", "architecture.md", *OFTEN_EDITED} - {
    "configs/monitoring.yaml", "configs/serving.yaml",
}  # fmt: skip
CONFLICT = re.compile("^<<<<<<< before updating$", re.M)
NOT_EDITED = (".copier-answers.yml", "uv.lock")
GENERATED_ANEW = ("docs/decisions/2", "docs/references/", "stacks/", "deploy/")


class Move(NamedTuple):
    """One move: what kind, and the answers that are given or the place that is edited."""

    kind: str
    given: Mapping[str, Any]


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


def draw(random: Random, tag: str) -> Move:
    """A move at random for a project made by the version `tag`."""
    kinds = {
        "edit": 10, "fact": 8, "decision": 8, "plan": 6, "version": 2, "adopt": 2, "nothing": 2,
        "approve": 1,
    }  # fmt: skip
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    if kind == "edit":
        return Move(kind, {"place": random.random(), "often": random.random() < 0.7})
    if kind == "plan":
        return Move(kind, {random.choice(PLANS): random.choice(["skip", "good"])})
    if kind in {"fact", "decision"}:
        values = FACTS if kind == "fact" else DECISIONS
        name = random.choice(sorted(values))
        return Move(kind, {name: random.choice(values[name])})
    if kind == "version":
        return Move(kind, {"tag": random.choice(TAGS[TAGS.index(tag) :])})
    return Move(kind, {"adopt": {"adopt": "all"}, "approve": {"approval": "approve"}}.get(kind, {}))


def draw_creation(random: Random, table: Mapping[str, str]) -> Move:
    """The first move: a project by some answers, on the table or without one."""
    names = random.sample(sorted(FACTS), 8)
    given = {name: random.choice(FACTS[name]) for name in names}
    given |= dict.fromkeys(random.sample(PLANS, 2), "skip")
    given |= random.choice([table, {}])
    return Move("create", {**given, "approval": random.choice(["document", *3 * ["approve"]])})


class Walk:
    """A project on its way, with what its person wrote into it."""

    def __init__(self, repository: Path, project: Path) -> None:
        self.repository = repository
        self.project = project
        self.wrote: dict[str, list[str]] = {}
        self.moves: list[Move] = []
        self.refused = self.conflicts = self.left = 0

    # Moving ----------------------------------------------------------------------------------

    def wander(self, seed: int, steps: int, table: Mapping[str, str]) -> None:
        """A walk of so many moves after the creation, all drawn from the seed."""
        random = Random(seed)
        while not self.exists:
            self.make(draw_creation(random, table))
        for _ in range(steps):
            self.make(draw(random, self.tag))

    def follow(self, moves: list[Move]) -> None:
        """The moves of an earlier walk."""
        for move in moves:
            self.make(move)

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
            path for path in files
            if path not in NOT_EDITED and not path.startswith(GENERATED_ANEW)
            and _lines_of_a_person(path, "")
        ]  # fmt: skip
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
            holds_to_its_document(self.project)

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
                self.left += 1
                continue
            content = file.read_text("utf-8").splitlines()
            lost = [line for line in self.wrote[path] if line not in content]
            assert not lost, f"{path} lost {lost}"


def _keeps_decisions(move: Move, before: State, after: State) -> None:
    """Nothing was decided anew that the move does not decide, and the log only grows."""
    assert after.log.startswith(before.log), "the log was rewritten"
    for name, value in before.answers.items():
        if name in DECISIONS and name not in move.given and move.kind != "adopt":
            assert after.answers[name] == value, f"{name}: {value} became {after.answers[name]}"
    stood, stands = decision_log.standing(before.log), decision_log.standing(after.log)
    changed = {name for name in stands if stands[name].after != stood[name].after}
    if move.kind == "adopt":
        overruled = {name for name in changed if stood[name].by == "person"}
        assert not overruled, f"{overruled} were a person's choice"
    else:
        skipped = {plan for plan in PLANS if after.answers[plan] == "skip"}
        beside = changed - set(move.given) - _of_phases({*move.given, *skipped})
        beside -= before.given_way | after.given_way
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


_parsed: set[tuple[str, bytes]] = set()


def parse(path: Path) -> None:
    """Holds a file to its format; the same content once."""
    content = path.read_bytes()
    if (path.suffix, content) in _parsed:
        return
    decoded = content.decode("utf-8")
    if path.suffix == ".py":
        ast.parse(decoded)
    elif path.suffix in {".yaml", ".yml"}:
        list(yaml.load_all(decoded, yaml.CSafeLoader))
    elif path.suffix in {".toml", ".lock"}:
        tomllib.loads(decoded)
    _parsed.add((path.suffix, content))


def lint(project: Path) -> None:
    """The linter finds nothing."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "."],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def holds_to_its_document(project: Path) -> None:
    """The project's own `tests/test_architecture.py`, without a process of its own."""
    source = project / "tests" / "test_architecture.py"
    spec = importlib.util.spec_from_file_location("architecture_of_a_project", source)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(project / "src"))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
        for name, test in vars(module).items():
            if name.startswith("test_"):
                for arguments in _cases(test):
                    test(**arguments)
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(str(project / "src"))
        for name in [each for each in sys.modules if each.split(".")[0] == "p"]:
            del sys.modules[name]


def _cases(test: Any) -> list[dict[str, Any]]:
    """The arguments of each case of a test, as pytest would pass them."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        assert not inspect.signature(test).parameters
        return [{}]
    names, values = marks[0].args
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]
