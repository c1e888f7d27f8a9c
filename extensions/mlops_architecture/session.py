"""What one conversation computes, each thing once: files read, facts, designs, documents.

Everything is keyed by recorded text, so that thousands of renders cost a look-up each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from . import blueprint, stack_files, stack_runs
from .contradictions import Contradiction, contradictions
from .data_profile import profile_table
from .decision import Decision
from .decision_log import mark_kept, overruled
from .design import PHASES, Design, make_design
from .document import Document, Names
from .fact_defaults import Sources
from .facts import DataProfile, Facts, Provenance
from .intake import BY_NAME, FOLLOWING, as_facts, default_of, resolve, tidied
from .problem_statement import (
    ProblemStatement,
    read_problem_statement,
    write_problem_statement,
)
from .records import Reference, cited, read_reference, slugs
from .red_flags import ANSWERS

Answers = tuple[tuple[str, Any], ...]
_TEXTS = ("project_name", "stated_facts", "data_profile", "problem_statement", "data_file")
_KEYS = ("target", "problem_type", "event_time", "entity_key")
_YIELDED = re.compile(r"\{% yield (\w+) from .*%\}.*\{% endyield %\}")


class Known(NamedTuple):
    """What the facts follow from: recorded statement and profile (JSON), and answers."""

    project_name: str
    stated: str
    profile: str
    answers: Answers


class Recorded(NamedTuple):
    """What an answers file holds: what facts follow from, paths, decisions, and how it was made."""

    package_name: str
    known: Known
    files: Mapping[str, str]
    decided: Answers
    approval: str
    """`approve` or `document`; empty where nothing was recorded."""
    version: str
    """The template's, as git describes it."""

    @property
    def log(self) -> str:
        """The decision log."""
        return _log_of(self.decided)


def read_statement(path: Path) -> str:
    """The problem statement as text to record; raises StatementError."""
    return _read_statement(path, _modified(path))


def read_table(path: Path, stated: str, answers: Mapping[str, Any]) -> str:
    """The profile of a table as text to record; raises ProfileError.

    Once the target is known, a key that nobody was asked for yet is the one that would be proposed.
    """
    keys = {name: str(answers.get(name) or "") for name in _KEYS}
    for name in _KEYS:
        if answers.get("target") and name not in answers:
            profile = _read_table(path, _modified(path), tuple(keys.values()))
            known = Known("", stated, profile, tuple(keys.items()))
            keys[name] = default_of(name, sources_of(known)).value
    return _read_table(path, _modified(path), tuple(keys.values()))


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


@lru_cache(maxsize=16)
def _read_statement(path: Path, modified: float) -> str:
    return read_problem_statement(path).model_dump_json(exclude_defaults=True)


@lru_cache(maxsize=16)
def _read_table(path: Path, modified: float, keys: tuple[str, ...]) -> str:
    return profile_table(path, *keys).model_dump_json(exclude_defaults=True)


@lru_cache(maxsize=16)
def statement_of(stated: str) -> ProblemStatement | None:
    """The recorded problem statement."""
    return ProblemStatement.model_validate_json(stated) if stated else None


@lru_cache(maxsize=16)
def _profile_of(recorded: str) -> DataProfile | None:
    return DataProfile.model_validate_json(recorded) if recorded else None


@lru_cache(maxsize=256)
def sources_of(known: Known) -> Sources:
    """What the defaults of facts are computed from."""
    return Sources(
        statement=statement_of(known.stated),
        profile=_profile_of(known.profile),
        answers=known.answers,
    )


@lru_cache(maxsize=256)
def facts_of(known: Known) -> Facts:
    """The facts as they stand, assumptions included."""
    return as_facts(known.project_name, sources_of(known))


@lru_cache(maxsize=16)
def statement_from(known: Known) -> str:
    """The problem statement that the flow writes where there was none: what was stated."""
    facts = facts_of(known)
    said: dict[bool, dict[str, Any]] = {True: {"project_name": known.project_name}, False: {}}
    for name, value in facts:
        said[facts.source(name) is Provenance.stated][name] = value
    return write_problem_statement(said[True], unsaid=said[False])


def recorded(path: Path) -> Recorded:
    """What the project at hand recorded in its answers file, as it lies there."""
    return _recorded(path, _modified(path))


@lru_cache(maxsize=16)
def _recorded(path: Path, modified: float) -> Recorded:
    return recorded_in(path.read_text("utf-8") if path.is_file() else "")


@lru_cache(maxsize=16)
def recorded_in(text: str) -> Recorded:
    """What the text of an answers file holds."""
    found = yaml.safe_load(text)
    answers = found if isinstance(found, dict) else {}
    facts = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in answers.items()
        if name in BY_NAME
    )
    name, stated, profile, *files = (str(answers.get(each) or "") for each in _TEXTS)
    known = Known(name, stated, profile, facts)
    package, approval, version = (
        str(answers.get(each) or "") for each in ("package_name", "approval", "_commit")
    )
    paths = dict(zip(_TEXTS[3:], files, strict=True))
    return Recorded(package, known, paths, decided_in(answers), approval, version)


def decided_in(answers: Mapping[str, Any]) -> Answers:
    """The answers that the decisions follow from, in the order of the phases."""
    names = [phase.plan for phase in PHASES]
    names += [name for phase in PHASES for name in phase.rules.OPTIONS]
    names += (*ANSWERS, "decision_log")
    return tuple((name, answers[name]) for name in names if name in answers)


@lru_cache(maxsize=16)
def nobodys_word(known: Known) -> frozenset[tuple[str, Any]]:
    """The recorded facts, with their values, that only repeat what the files of then proposed."""
    found = resolve(sources_of(known)) if known.answers else {}
    return frozenset(each for each in known.answers if not found[each[0]].answered)


@lru_cache(maxsize=16)
def overtaken(before: Known, now: Known, given: frozenset[str]) -> frozenset[str]:
    """Facts that only repeat what was proposed before, and follow otherwise by now."""
    if dict(before.answers) == dict(now.answers):
        return frozenset()
    free = {
        name
        for name, value in now.answers
        if (BY_NAME[name].treatment == "derived" or name in FOLLOWING)
        and name not in given
        and (name, value) in nobodys_word(before)
    }
    kept = tuple(each for each in now.answers if each[0] not in free)
    anew = resolve(sources_of(now._replace(answers=kept)))
    values = dict(now.answers)
    return frozenset(
        name for name in free if anew[name].value != tidied(BY_NAME[name], values[name])
    )


@lru_cache(maxsize=256)
def contradictions_of(
    known: Known, outside: tuple[str, ...], recorded: Answers
) -> tuple[Contradiction, ...]:
    """Facts that cannot both hold; `outside` were given by `-d`, `recorded` on an earlier run."""
    before = dict(recorded)
    answers = {**before, **dict(known.answers)}
    sources = sources_of(known._replace(answers=tuple(answers.items())))
    return contradictions(sources, outside, before)


@lru_cache(maxsize=512)
def design_of(known: Known, decided: Answers, until: str) -> Design:
    """Proposals and decisions of the phases up to `until`."""
    answers = dict(decided)
    design = mark_kept(make_design(facts_of(known), answers, until), _log_of(decided))
    entries = tuple(_with_hold(entry, known, decided) for entry in design.decisions.entries)
    return replace(design, decisions=replace(design.decisions, entries=entries))


def _with_hold(entry: Decision, known: Known, decided: Answers) -> Decision:
    name, value = entry.proposal.decision, entry.proposal.value
    return replace(entry, held=_held(known, decided, name, value)) if entry.kept else entry


@lru_cache(maxsize=512)
def _held(known: Known, decided: Answers, name: str, value: str | int) -> str:
    """What people chose, and would lose if `value` was adopted for the decision `name`."""
    facts, answers = facts_of(known), dict(decided)
    adopted = make_design(facts, {**answers, name: value})
    return overruled(make_design(facts, answers), adopted, _log_of(decided))


def _log_of(decided: Answers) -> str:
    return str(dict(decided).get("decision_log") or "")


def design_before(recorded: Recorded) -> Design | None:
    """What today's rules make of what was recorded; none where they cannot read it.

    Another version of the template may have known answers that are no choice any more.
    """
    try:
        return design_of(recorded.known, recorded.decided, "stack")
    except ValidationError:
        return None


@lru_cache(maxsize=16)
def references_of(texts: tuple[tuple[str, str], ...]) -> tuple[Reference, ...]:
    """The references from their paths and texts."""
    return tuple(read_reference(path, text) for path, text in texts)


@lru_cache(maxsize=16)
def document_of(
    known: Known,
    decided: Answers,
    names: Names,
    paths: tuple[str, ...],
    references: tuple[tuple[str, str], ...],
) -> Document:
    """What the templates render from; `paths` are all files of the template."""
    design = design_of(known, decided, "stack")
    kept = references_of(references)
    files = project_paths(design, names, paths, kept)
    return Document(design, names, files, kept)


def project_paths(
    design: Design, names: Names, paths: Iterable[str], references: Sequence[Reference]
) -> tuple[str, ...]:
    """The files of the template that this design keeps, under the names of the project."""
    many = {
        "record": tuple(slugs(design).values()),
        "reference": tuple(reference.name for reference in cited(design, references)),
        "beyond": stack_files.environments(design.decisions)[1:],
        "run": stack_runs.environments(design.decisions),
        "stack": stack_files.environments(design.decisions),
    }
    return tuple(
        written
        for path in sorted(paths)
        if not path.startswith("{{_copier")
        for written in _written(
            path.removesuffix(".jinja").replace("{{package_name}}", names.package_name), many
        )
        if not blueprint.is_excluded(design, names.approval, f"/{written}")
    )


def _written(path: str, many: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The files that one file of the template becomes: several where its name yields."""
    yielded = _YIELDED.search(path)
    if yielded is None:
        yield path
        return
    for name in many[yielded[1]]:
        yield path.replace(yielded[0], name)
