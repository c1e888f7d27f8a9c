"""The ML Test Score (Breck et al. 2017) of a design: what it automates, and what it leaves out.

28 tests in four sections of seven. A test counts 1 where it is automated and repeated, ½ where a
person does it and writes down the result; the score is the sum of the weakest section. The titles
and bands stand once more in the generated project, which counts what it *demonstrates*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

from .decision import Decisions, Frozen
from .facts import Facts
from .phases._groups import compared_groups

AUTOMATED, BY_HAND, MISSING = 1.0, 0.5, 0.0
BANDS: tuple[tuple[float, str], ...] = (
    (0, "a research project rather than a production system"),
    (1, "serious holes in reliability are possible"),
    (2, "a first pass at production, which needs more investment"),
    (3, "reasonably tested, and more of it could be automated"),
    (5, "strong testing and monitoring"),
    (7, "exceptional testing and monitoring"),
)
"""Upper bound of the score, included, and what it means."""


class Test(NamedTuple):
    """One of the 28 tests: its title, and how a design with this template answers it."""

    id: str
    title: str
    answer: str


SECTIONS: dict[str, tuple[Test, ...]] = {
    "Data": (
        Test("D1", "Feature expectations are captured in a schema",
             "the gates hold each table against data/contract.yaml"),
        Test("D2", "All features are beneficial", "each group of features is left out once"),
        Test("D3", "No feature's cost is too much", "a person notes what each source costs"),
        Test("D4", "Features adhere to meta-level requirements",
             "a deny-list in the contract keeps columns from the model"),
        Test("D5", "The data pipeline has appropriate privacy controls",
             "a person reviews who reads what"),
        Test("D6", "New features can be added quickly",
             "how fast a team adds one is measured, not generated"),
        Test("D7", "All input feature code is tested", "unit tests of the features"),
    ),
    "Model": (
        Test("M1", "Model specs are reviewed and submitted", "a person reviews each change"),
        Test("M2", "Offline and online metrics correlate",
             "needs a live experiment, which nothing here can generate"),
        Test("M3", "All hyperparameters have been tuned", "a search on validation rows"),
        Test("M4", "The impact of model staleness is known", "a backtest by age of the model"),
        Test("M5", "A simpler model is not better", "the gate prefers the simpler model"),
        Test("M6", "Model quality is sufficient on important data slices",
             "the gate compares slices"),
        Test("M7", "The model is tested for considerations of inclusion",
             "rates are compared between named groups"),
    ),
    "Infrastructure": (
        Test("I1", "Training is reproducible", "one seed, one snapshot, one lockfile"),
        Test("I2", "Model specs are unit tested", "unit tests of every model family"),
        Test("I3", "The ML pipeline is integration tested", "the pipelines run in tests"),
        Test("I4", "Model quality is validated before serving", "the promotion gate"),
        Test("I5", "The model is debuggable", "a person explains a row step by step"),
        Test("I6", "Models are canaried before serving", "shadow or canary beside the champion"),
        Test("I7", "Serving models can be rolled back", "the previous version, by one command"),
    ),
    "Monitoring": (
        Test("Mon1", "Dependency changes result in notification", "owners of sources are told"),
        Test("Mon2", "Data invariants hold for inputs", "the gates, in training and scoring"),
        Test("Mon3", "Training and serving are not skewed", "features computed both ways agree"),
        Test("Mon4", "Models are not too stale", "the age of the champion has a limit"),
        Test("Mon5", "Models are numerically stable", "no NaN or infinity in scores"),
        Test("Mon6", "Computing performance has not regressed", "time and memory have a budget"),
        Test("Mon7", "Prediction quality has not regressed", "the metric on late labels"),
    ),
}  # fmt: skip
REVIEWED = {"D3", "D5", "M1", "I5"}
"""A person does these and writes down the result; no code replaces the judgement."""
BEYOND = {"D6", "M2"}
"""Nothing that can be generated answers these."""


def _timeless(facts: Facts, decisions: Decisions) -> str:
    return "" if facts.temporal else "no column holds the event time, so no model can be aged"


def _without_groups(facts: Facts, decisions: Decisions) -> str:
    return "" if compared_groups(facts) else "no column names groups that may be compared"


def _uncompared(facts: Facts, decisions: Decisions) -> str:
    if "deployment" in decisions.skipped:
        return "the deployment phase was skipped"
    swapped = decisions["deployment_strategy"] == "swap"
    return "a new version is swapped in without shadow or canary" if swapped else ""


def _unlabelled(facts: Facts, decisions: Decisions) -> str:
    arrive = facts.labels in {"available", "partial"}
    return "" if arrive else f"labels that would tell do not arrive (labels: {facts.labels})"


_Condition = Callable[[Facts, Decisions], str]
OBJECTIONS: dict[str, _Condition] = {
    "M4": _timeless, "M7": _without_groups, "I6": _uncompared, "Mon7": _unlabelled,
}  # fmt: skip
"""Why a conditional test is not in this design; an empty text where it is."""


class Designed(Frozen):
    """What the design makes of one test: 1, ½ or 0 points, and how or why not."""

    id: str
    title: str
    points: float
    reason: str


class Section(Frozen):
    """Seven tests of one kind."""

    name: str
    tests: tuple[Designed, ...]

    @property
    def sum(self) -> float:
        """Points of the section, 0 to 7."""
        return sum(test.points for test in self.tests)

    @property
    def by_hand(self) -> tuple[str, ...]:
        """What a person does, by title or, where many share a reason, by number."""
        return _told(test for test in self.tests if test.points == BY_HAND)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the design leaves out, and why."""
        return _told(test for test in self.tests if test.points == MISSING)


class Scorecard(Frozen):
    """The four sections; the weakest one counts."""

    sections: tuple[Section, ...]

    @property
    def score(self) -> float:
        """The smallest sum of a section."""
        return min(section.sum for section in self.sections)

    @property
    def band(self) -> str:
        """What the score means, in the words of the rubric."""
        return next(words for most, words in BANDS if self.score <= most)


def scorecard(facts: Facts, decisions: Decisions) -> Scorecard:
    """The designed score: what this design automates, leaves to people, and leaves out."""
    return Scorecard(
        sections=tuple(
            Section(name=name, tests=tuple(designed(test, facts, decisions) for test in tests))
            for name, tests in SECTIONS.items()
        )
    )


def designed(test: Test, facts: Facts, decisions: Decisions) -> Designed:
    """The points of one test by the table of section L, with the reason."""
    points, reason = _judge(test, facts, decisions)
    return Designed(id=test.id, title=test.title, points=points, reason=reason)


def _judge(test: Test, facts: Facts, decisions: Decisions) -> tuple[float, str]:
    watches = test in SECTIONS["Monitoring"]
    if watches and (unwatched := _unwatched(decisions)):
        return MISSING, unwatched
    if test.id in OBJECTIONS and (objection := OBJECTIONS[test.id](facts, decisions)):
        return MISSING, objection
    if watches and not _scheduled(decisions):
        return BY_HAND, "nothing starts the monitor by itself, so a person runs it"
    if test.id in BEYOND:
        return MISSING, test.answer
    return (BY_HAND if test.id in REVIEWED else AUTOMATED), test.answer


def _unwatched(decisions: Decisions) -> str:
    """Why no pipeline watches the model: the whole section then counts 0."""
    if "monitoring" in decisions.skipped:
        return "the monitoring phase was skipped, so the score is 0"
    if decisions["monitoring_drift"] == "none":
        return "no drift tests are chosen, so no pipeline watches the model and the score is 0"
    return ""


def _scheduled(decisions: Decisions) -> bool:
    """The orchestrator, the CI or cron starts runs by itself."""
    return decisions["stack_scheduler"] != "none"


def _told(tests: Iterable[Designed]) -> tuple[str, ...]:
    """One line for each reason: `D5 The data pipeline …: a person …`, `Mon1 to Mon7: …`."""
    return tuple(
        f"{_named(tuple(group))}: {reason}"
        for reason, group in groupby(tests, key=lambda test: test.reason)
    )


def _named(tests: tuple[Designed, ...]) -> str:
    first, last = tests[0], tests[-1]
    return f"{first.id} {first.title}" if first == last else f"{first.id} to {last.id}"
