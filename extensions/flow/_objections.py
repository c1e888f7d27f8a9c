"""Objections that want an answer: a reason, or a waiver by a named person."""

from __future__ import annotations

from typing import Any

from ..mlops_architecture import answers, interview, reasons, red_flags
from ..mlops_architecture.red_flags import Raised
from ._decisions import Decisions


class Objections(Decisions):
    """What was objected to the decisions so far, and is still unanswered."""

    def _raised(self, answer: str) -> Raised | None:
        """The flag that fired and wants the answer `rf03_reason` or `rf13_waiver`."""
        wanting = red_flags.wanting(answer)
        raised = self.design(wanting.phase).raised
        return next((each for each in raised if wanting.raised_as(each)), None)

    def fires(self, answer: str) -> bool:
        """Whether an objection was raised that wants this answer."""
        return self._raised(answer) is not None

    def asks_why(self, answer: str) -> bool:
        """Whether the person still owes this answer; the objection is printed first."""
        if not self._talking or not reasons.is_owed(str(self._context.get(answer, ""))):
            return False
        if raised := self._raised(answer):
            self._print(answer, interview.objection(raised, self._was_owed(answer)))
        return True

    def _was_owed(self, answer: str) -> bool:
        """Whether an earlier run recorded that this answer is owed: Enter may keep it so."""
        return reasons.is_owed(str(dict(self._before.decided).get(answer, "given")))

    def owed(self, answer: str) -> Any:
        """The default of the question: nothing at all where a sentence is insisted on."""
        if self._conf["defaults"]:
            return self._given_reason(answer) or reasons.OWED
        return "" if self._was_owed(answer) else self._context["UNSET"]

    def _given_reason(self, answer: str) -> str:
        """The reason of this run, where it is for the very decision that is objected to."""
        raised, given = self._raised(answer), str(self._conf["data"].get("change_reason") or "")
        fits = raised is not None and raised.decision in self._named
        return given if fits and not answers.objection(answer, given) else ""

    def why_objection(self, answer: str) -> str:
        """What is wrong with a reason or a waiver as it was typed; owed is fine unattended.

        On an update, a person may leave owed what was: an empty answer keeps it.
        """
        given = str(self._context[answer])
        if reasons.is_owed(given):
            kept = not self._talking or (given == "" and self._was_owed(answer))
            return "" if kept else interview.STILL_OWED
        return answers.objection(answer, given)
