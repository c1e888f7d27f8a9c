"""What questions about facts ask: defaults, whether to ask, and what is wrong with an answer."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from copier.errors import UserMessageError

from ..mlops_architecture import (
    answers,
    contradictions,
    data_profile,
    facts,
    facts_told,
    intake,
    interview,
    red_flags,
    session,
)
from ..mlops_architecture.fact_defaults import Sources
from ._files import Files
from ._place import unusable

_OF_COLUMNS = {"event_time", "entity_key", "post_outcome_columns"}
"""Facts that name columns of the table."""
_checked: list[tuple[Path, dict[str, Any]]] = []
"""A destination, and answers from outside, that were found good."""


class Facts(Files):
    """The facts so far, and the contradictions among them."""

    def check_outside(self) -> None:
        """Refuse a destination that cannot be written to, and what `-d` may not say.

        That is a name that is unknown, a wrong type, or no choice.
        """
        given = dict(self._conf["data"])
        place = self._destination.absolute()
        if self._temporary or (place, given) in _checked:
            return
        if problem := unusable(place) or answers.outside_objection(given):
            raise UserMessageError(problem)
        known = {name: value for name, value in given.items() if name in intake.BY_NAME}
        for each in type(self)({"_copier_conf": self._conf, **known})._contradictions:
            if set(each.facts) <= set(known):
                raise UserMessageError(each.refusal)
        _checked[:] = [(place, given)]

    @property
    def _known(self) -> session.Known:
        given = tuple(each for each in self._answered if not self._is_outdated(each[0]))
        name = str(self._context.get("project_name") or "")
        return session.Known(name, self._stated(), self._profiled(), given)

    @property
    def _answered(self) -> session.Answers:
        """The facts as they were answered so far."""
        return tuple(
            (question.name, answers.typed(question.name, self._context[question.name]))
            for question in intake.QUESTIONS
            if question.name in self._context
        )

    def _is_outdated(self, name: str) -> bool:
        """Whether the files, read anew, know better: nobody gave the answer, or the table counts.

        The target stays as long as the table has it: another guess would be another problem.
        Without files, a fact that was derived from others follows where these moved.
        """
        if not self._rereading:
            return name in self._overtaken
        if name == "target" or name in self._chosen_now:
            return False
        if name in intake.COUNTED and self._profiled():
            return True
        value = self._context[name]
        answer = name, tuple(value) if isinstance(value, list) else value
        return answer in session.nobodys_word(self._before.known)

    @cached_property
    def _overtaken(self) -> frozenset[str]:
        before = self._before.known
        if self._temporary or not before.answers:
            return frozenset()
        now = before._replace(answers=self._answered)
        return session.overtaken(before, now, frozenset(self._chosen_now))

    @property
    def _chosen_now(self) -> set[str]:
        """Facts that this run was given, or whose answer a person wants to set."""
        return {*self._conf["data"], *(self._context.get("facts_change") or [])}

    def outdated(self, name: str) -> str:
        """Non-empty where files or facts by now say otherwise than a fact that nobody gave."""
        if not self._is_outdated(name):
            return ""
        question, value = intake.BY_NAME[name], intake.default_of(name, self.sources).value
        same = intake.tidied(question, value) == intake.tidied(question, self._context[name])
        return "" if same else "outdated"

    @property
    def sources(self) -> Sources:
        """What the defaults of facts are computed from; what is outdated is as the files say."""
        known = session.sources_of(self._known)
        if not (self._rereading or self._overtaken):
            return known
        anew = intake.resolve(known)
        answered = tuple((name, anew[name].value) for name, _ in self._answered)
        return session.sources_of(self._known._replace(answers=answered))

    @property
    def facts(self) -> facts.Facts:
        """The facts as they stand, assumptions included."""
        return session.facts_of(self._known)

    def fact(self, name: str) -> Any:
        """The default of the question `name`."""
        value = intake.default_of(name, self.sources).value
        filled = type(self)({**self._context, name: value})
        if self._talking and filled._objecting_to(name):
            return self._context["UNSET"]
        if name in {"target", "problem_type"} and not self._talking:
            filled._insist(name)
        if isinstance(value, tuple):
            kind = intake.BY_NAME[name].kind
            return json.dumps(value) if kind == "choices" else "; ".join(value)
        return value

    def asks(self, name: str) -> bool:
        """Whether the fact `name` has to be asked for: unknown and needed, or picked.

        A bad answer from outside is refused here, where a sentence still reaches the person.
        """
        if not self._temporary:
            self._stop_where_contradictory()
            self._stop_where_hopeless()
            if name in self._conf["data"]:
                self._insist(name)
        if found := self._objecting_to(name):
            print(facts_told.doubt(found.sentence), file=sys.stderr)
        if found or name in (self._context.get("facts_change") or []):
            return True
        if missing := self._missing(name):
            print(facts_told.doubt(missing), file=sys.stderr)
            return True
        if name in self._context:
            return self._talking and intake.is_open(name, self._context[name])
        return name not in intake.BY_NAME or intake.is_asked(name, self.sources)

    def _missing(self, name: str) -> str:
        """What a person is told who can still name a fact whose lack would want a reason."""
        if not self._talking or name in self._conf["data"]:
            return ""
        return red_flags.missing(name, self.facts, self._context)

    def renames_package(self) -> bool:
        """Refuse another name for the package of a project, and with it for all of its files."""
        name = self._before.package_name
        if name and not self._temporary and self._conf["data"].get("package_name", name) != name:
            raise UserMessageError(interview.renamed_package(name))
        return False

    def asks_for_file(self, name: str) -> bool:
        """Whether the path is asked for; one that is to be read and cannot be is refused here.

        Later, Copier would drop a recorded path that no longer validates without a word.
        """
        outside = name in self._conf["data"] and not self._temporary
        if (outside or self._rereading) and (problem := self.file_objection(name)):
            raise UserMessageError(f"{name}: {problem}")
        return name not in self._context

    def has_something_to_review(self) -> bool:
        """Whether facts were read, measured or recorded, so that there is an overview to show."""
        return bool(self._stated() or self._profiled() or "data_profile" in self._context)

    def changeable_facts(self) -> str:
        """The facts that the overview offers for a change, as YAML choices."""
        return json.dumps(
            [question.name for question in intake.QUESTIONS if question.name != "target"]
        )

    def objection(self, name: str) -> str:
        """What is wrong with the answer to `name`, or an empty string."""
        if name in {"target", "problem_type"} and (problem := self._misfit(name)):
            return problem
        if name == "positive_class":
            return self._no_class() or self.outdated(name)
        if name in _OF_COLUMNS and (problem := self._no_column(name)):
            return problem
        if problem := answers.objection(name, self._context[name]) or self.outdated(name):
            return problem
        found = self._objecting_to(name)
        return found.sentence if found else ""

    def _misfit(self, name: str) -> str:
        """Why the table's target cannot be learned, or not as the problem type says."""
        profile = self.sources.profile
        if profile is None:
            return ""
        problem_type = self._context["problem_type"] if name == "problem_type" else ""
        return data_profile.check_target(profile, self._context["target"], problem_type)

    def _no_class(self) -> str:
        """Why the answer is not one of the target's two classes."""
        kind, given = self._context["problem_type"], self._context["positive_class"]
        return data_profile.check_class(self.sources.profile, kind, given)

    def _no_column(self, name: str) -> str:
        """Why the table has no such event time, entity or late columns.

        Late columns that were recorded, and that a table read anew has lost, do no harm.
        """
        profile, given = self.sources.profile, self._context[name]
        if profile is None:
            return ""
        if name != "post_outcome_columns":
            return data_profile.check_key(profile, name, given)
        kept = (name, given) in self._before.known.answers and name not in self._chosen_now
        return "" if kept or self._temporary else data_profile.check_columns(profile, name, given)

    def misfit(self, problem_type: str) -> str:
        """Why a problem type is greyed out, in words that quote no text of the table."""
        other = type(self)({**self._context, "problem_type": problem_type})
        if other._misfit("problem_type"):
            return "the target's values do not fit"
        return self.ruled_out("problem_type", problem_type)

    @property
    def _files_are_readable(self) -> bool:
        return not any(map(self.file_objection, ("problem_statement", "data_file")))

    # Contradictions ---------------------------------------------------------------------------

    @property
    def _contradictions(self) -> tuple[contradictions.Contradiction, ...]:
        """Facts that cannot both hold; none in the renders that `copier update` compares."""
        if self._temporary or not self._files_are_readable:
            return ()
        before = tuple(
            (name, value)
            for name, value in self._before.known.answers
            if not (name in self._context and self._is_outdated(name))
        )
        return session.contradictions_of(self._known, tuple(self._conf["data"]), before)

    def _objecting_to(self, name: str) -> contradictions.Contradiction | None:
        """The contradiction that an answer to `name` has to end, if there is one."""
        if name not in intake.BY_NAME:
            return None
        return contradictions.objecting_to(name, self._contradictions, self._conf["data"])

    def ruled_out(self, name: str, value: Any) -> str:
        """The fact that a choice for `name` would contradict; the choice is greyed out with it."""
        found = type(self)({**self._context, name: value})._objecting_to(name)
        return found.beside(name) if found else ""

    def to_reconsider(self) -> str:
        """The facts that contradict each other and can be asked for again, as YAML."""
        names = {name for each in self._contradictions for name in each.facts}
        return json.dumps(
            [name for name in contradictions.ORDER[1:] if name in names - set(self._conf["data"])]
        )

    def _stop_where_contradictory(self) -> None:
        """Refuse what contradicts where nobody can be asked which holds."""
        if not self._talking and (found := self._contradictions):
            raise UserMessageError(found[0].refusal)

    def _insist(self, name: str) -> None:
        if problem := self.objection(name):
            raise UserMessageError(problem)

    def _stop_where_hopeless(self) -> None:
        """Refuse what no supervised model on this table can do."""
        contradicted = any("labels" in each.facts for each in self._contradictions)
        readable = self._files_are_readable
        if readable and not contradicted and (why_not := red_flags.hopeless(self.facts)):
            raise UserMessageError(why_not)
