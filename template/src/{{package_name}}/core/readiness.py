"""The ML Test Score (Breck et al. 2017): what the tests of this project demonstrate of it.

A test marked `@pytest.mark.readiness("I1")` shows test I1 of the score's 28. An id counts 1 where
all tests marked with it passed, and 0 where one did not or there is none; the score is the sum of
the weakest section.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import ProjectError
from .marked_tests import MarkedTest

SECTIONS: dict[str, dict[str, str]] = {
    "Data": {
        "D1": "Feature expectations are captured in a schema",
        "D2": "All features are beneficial",
        "D3": "No feature's cost is too much",
        "D4": "Features adhere to meta-level requirements",
        "D5": "The data pipeline has appropriate privacy controls",
        "D6": "New features can be added quickly",
        "D7": "All input feature code is tested",
    },
    "Model": {
        "M1": "Model specs are reviewed and submitted",
        "M2": "Offline and online metrics correlate",
        "M3": "All hyperparameters have been tuned",
        "M4": "The impact of model staleness is known",
        "M5": "A simpler model is not better",
        "M6": "Model quality is sufficient on important data slices",
        "M7": "The model is tested for considerations of inclusion",
    },
    "Infrastructure": {
        "I1": "Training is reproducible",
        "I2": "Model specs are unit tested",
        "I3": "The ML pipeline is integration tested",
        "I4": "Model quality is validated before serving",
        "I5": "The model is debuggable",
        "I6": "Models are canaried before serving",
        "I7": "Serving models can be rolled back",
    },
    "Monitoring": {
        "Mon1": "Dependency changes result in notification",
        "Mon2": "Data invariants hold for inputs",
        "Mon3": "Training and serving are not skewed",
        "Mon4": "Models are not too stale",
        "Mon5": "Models are numerically stable",
        "Mon6": "Computing performance has not regressed",
        "Mon7": "Prediction quality has not regressed",
    },
}
IDS = tuple(name for titles in SECTIONS.values() for name in titles)
BANDS: tuple[tuple[float, str], ...] = (
    (0, "a research project rather than a production system"),
    (1, "serious holes in reliability are possible"),
    (2, "a first pass at production, which needs more investment"),
    (3, "reasonably tested, and more of it could be automated"),
    (5, "strong testing and monitoring"),
    (7, "exceptional testing and monitoring"),
)
"""Upper bound of the score, included, and what it means."""
SCHEDULES = {"schedules/*": "", ".github/workflows/*.y*ml": "cron:", ".gitlab-ci.yml": "schedule"}
"""Where a schedule of this project is kept, and the word in such a file that tells it."""
UNSCHEDULED = "No schedule file starts a monitor, so a monitoring test counts ½."
DOCUMENT = "architecture.md"
BEGIN, END = "<!-- readiness:begin -->", "<!-- readiness:end -->"


@dataclass(frozen=True)
class Shown:
    """One of the 28 tests, its points, and the tests of this project that are marked with it."""

    id: str
    title: str
    points: float
    tests: tuple[MarkedTest, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the marked tests that failed."""
        return tuple(test.name for test in self.tests if test.outcome == "failed")

    @property
    def told(self) -> str:
        """What became of the marked tests, in a few words."""
        if not self.tests:
            return "no check yet"
        counts = {
            outcome: sum(test.outcome == outcome for test in self.tests)
            for outcome in ("passed", "failed", "skipped")
        }
        return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)


@dataclass(frozen=True)
class Readiness:
    """The demonstrated score: the tests of each section, and whether a schedule starts monitors."""

    sections: dict[str, tuple[Shown, ...]]
    ran: tuple[MarkedTest, ...]
    scheduled: bool

    @property
    def sums(self) -> dict[str, float]:
        """Points of each section, 0 to 7."""
        return {name: sum(test.points for test in tests) for name, tests in self.sections.items()}

    @property
    def score(self) -> float:
        """The smallest sum."""
        return min(self.sums.values())

    @property
    def band(self) -> str:
        """What the score means, in the words of the rubric."""
        return next(words for most, words in BANDS if self.score <= most)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of all marked tests that failed."""
        return tuple(test.name for test in self.ran if test.outcome == "failed")

    @property
    def summary(self) -> str:
        """How many marked tests ran, and how they ended."""
        passed = sum(test.outcome == "passed" for test in self.ran)
        return f"{passed} of {len(self.ran)} marked tests passed"


def judge(ran: tuple[MarkedTest, ...], scheduled: bool) -> Readiness:
    """The score of the tests that ran. Raises ProjectError for an id that is none of the 28."""
    for test in ran:
        for name in test.ids or ("nothing",):
            if name not in IDS:
                raise ProjectError(
                    f"{test.name} is marked with {name}, which is no test of the ML Test Score: "
                    f"give one of {', '.join(IDS)}."
                )
    return Readiness(
        {
            section: tuple(
                _shown(name, title, ran, 0.5 if section == "Monitoring" and not scheduled else 1.0)
                for name, title in titles.items()
            )
            for section, titles in SECTIONS.items()
        },
        ran,
        scheduled,
    )


def _shown(name: str, title: str, ran: tuple[MarkedTest, ...], most: float) -> Shown:
    tests = tuple(test for test in ran if name in test.ids)
    passed = bool(tests) and all(test.outcome == "passed" for test in tests)
    return Shown(name, title, most if passed else 0.0, tests)


def has_schedule(root: Path) -> bool:
    """Whether the project holds a file that starts `monitor` by itself."""
    found = (
        (word, path.read_text("utf-8", errors="replace"))
        for pattern, word in SCHEDULES.items()
        for path in root.glob(pattern)
        if path.is_file()
    )
    return any(word in text and "monitor" in text for word, text in found)


# The block of architecture.md ---------------------------------------------------------------


def block(readiness: Readiness, date: str, commit: str) -> str:
    """What is written between the marks: when, on what, how many tests, and the sections."""
    where = f"commit {commit}" if commit else "no git commit"
    return "\n".join(
        (
            f"**Demonstrated: {readiness.score}**, {readiness.band}. On {date} (UTC), {where}: "
            f"{readiness.summary}.",
            "",
            "| Section | Demonstrated, of 7 | Shown | Failed or skipped | No check yet |",
            "|---|---|---|---|---|",
            *_rows(readiness),
            *(() if readiness.scheduled else ("", UNSCHEDULED)),
        )
    )


def _rows(readiness: Readiness) -> Iterator[str]:
    for name, tests in readiness.sections.items():
        shown = [f"{test.id} {test.title}" for test in tests if test.points]
        lacking = [_lacking(test) for test in tests if test.tests and not test.points]
        without = [f"{test.id} {test.title}" for test in tests if not test.tests]
        cells = ("; ".join(cell) or "none" for cell in (shown, lacking, without))
        yield f"| {name} | {readiness.sums[name]} | {' | '.join(cells)} |"


def _lacking(test: Shown) -> str:
    """The id, title and what failed; parameters of a test may hold anything and are left out."""
    names = dict.fromkeys(re.sub(r"[`|\s]", "_", name.partition("[")[0]) for name in test.failed)
    return f"{test.id} {test.title}: {', '.join(f'`{name}`' for name in names) or 'skipped'}"


def rewritten(document: bytes, content: str) -> bytes:
    """`document` with `content` between its marks; every other byte stays as it is.

    Raises ProjectError unless each mark stands once on a line of its own, in order.
    """
    lines = document.splitlines(keepends=True)
    begin, end = (
        [place for place, line in enumerate(lines) if line.strip() == mark.encode()]
        for mark in (BEGIN, END)
    )
    if len(begin) != 1 or len(end) != 1 or begin[0] > end[0]:
        raise ProjectError(
            f"{DOCUMENT} needs the lines {BEGIN} and {END} once each, in this order, and has "
            f"{len(begin)} and {len(end)}: put them where the readiness score is to stand, or "
            "restore the file with git. Nothing was written."
        )
    newline = b"\r\n" if lines[begin[0]].endswith(b"\r\n") else b"\n"
    inside = b"".join(line.encode() + newline for line in content.split("\n"))
    return b"".join((*lines[: begin[0] + 1], inside, *lines[end[0] :]))


def read_document(root: Path) -> bytes:
    """`architecture.md`. Raises ProjectError if it cannot be read or has no place for the block."""
    path = root / DOCUMENT
    try:
        document = path.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"{path} cannot be read ({error.strerror}): restore it with git. Nothing was written."
        ) from None
    rewritten(document, "")
    return document


def write_block(root: Path, content: str) -> None:
    """Puts `content` into the block of `architecture.md`, whole or not at all."""
    path = (root / DOCUMENT).resolve()
    document = rewritten(read_document(root), content)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(document)
        try:
            shutil.copymode(path, file.name)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
    except OSError as error:
        raise ProjectError(
            f"{path} cannot be written ({error.strerror}): the tests ran, and the block is as it "
            "was. Make the file and its folder writable, and run this again."
        ) from None
