"""What questions about decisions ask: the proposal, the choices, and what is recorded of them."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from ..mlops_architecture import (
    __version__,
    changes,
    decision_log,
    design,
    interview,
    red_flags,
    session,
)
from ..mlops_architecture.decision import Decision
from ._facts import Facts

_SLUG = re.compile(r"[a-z0-9_]{1,60}")


class Decisions(Facts):
    """The design so far, and what may still be chosen."""

    @property
    def _decided(self) -> session.Answers:
        """What was decided; what a person names in this run is theirs from its beginning."""
        decided = dict(session.decided_in(self._context))
        if not self._temporary and decided.get("decision_log"):
            log = str(decided["decision_log"])
            decided["decision_log"] = decision_log.claimed(log, decided, self._named)
        return tuple(decided.items())

    def design(self, until: str = "stack") -> design.Design:
        """Proposals and decisions of the phases up to `until`."""
        return session.design_of(self._known, self._decided, until)

    def proposed(self, prefix: str, name: str) -> str | int:
        """Today's proposal for a decision: the default of its question."""
        return self.design(prefix).decisions.find(name).proposal.value

    def choices(self, prefix: str, name: str) -> str:
        """The options of a decision as YAML; a recorded value is never dropped.

        Copier renders the validators again: they call back for words that quote the table.
        """
        found = design.options(prefix, name, self.facts)
        choices: dict[str, Any] = {
            interview.option_label(option, self.proposed(prefix, name)): {
                "value": option.value,
                "validator": f"{{{{ flow.blocked({prefix!r}, {name!r}, {option.value!r}) }}}}",
            }
            for option in found
        }
        recorded = self._context.get(name)
        known = {option.value for option in found}
        if recorded not in known and _SLUG.fullmatch(str(recorded or "")):
            choices[f"{recorded} (recorded)"] = recorded
        return json.dumps(choices)

    def blocked(self, prefix: str, name: str, value: str | int) -> str:
        """Why an option is greyed out in the prompt, or an empty string.

        Elsewhere nothing is refused here: the design itself takes the safe branch and says so.
        """
        refused = self._wish(prefix, name, value).refused if self._talking else None
        return "" if refused is None or red_flags.is_waivable(refused) else refused.objection

    def _wish(self, prefix: str, name: str, value: str | int) -> Decision:
        """The decision as it would stand if `value` were taken."""
        decided = tuple({**dict(self._decided), name: value}.items())
        return session.design_of(self._known, decided, prefix).decisions.find(name)

    def detail(self, prefix: str, name: str) -> bool:
        """Whether the decision was picked to be changed; says what is blocked, and why."""
        picked = self._context[f"{prefix}_plan"] == "change" and name in self._picked(prefix)
        if picked and self._talking:
            options = design.options(prefix, name, self.facts)
            wishes = (self._wish(prefix, name, option.value) for option in options)
            if words := interview.blocked_options(wishes):
                self._print(name, words)
        return picked

    def _picked(self, prefix: str) -> list[str]:
        return list(self._context.get(f"{prefix}_change") or [])

    def adoptable(self, prefix: str) -> str:
        """Decisions once accepted as proposed, and proposed differently today, as YAML choices.

        What would overrule a person is none of them. The renders that `copier update` compares
        are told of what was adopted a moment before.
        """
        found = self.design(prefix).of(prefix)
        kept = [entry for entry in found if entry.is_adoptable or self._temporary]
        return json.dumps({interview.adoption(entry): entry.proposal.decision for entry in kept})

    def superseded(self, prefix: str, name: str) -> str:
        """Non-empty where today's proposal is to replace the recorded value.

        What was named in this run is taken as it was given, or corrected by the design.
        """
        if name in self._conf["data"]:
            return ""
        picked = self._context.get(f"{prefix}_adopt") or []
        adopting = self._context.get("adopt") == "all" or name in picked
        decision = self.design(prefix).decisions.find(name)
        log = str(self._context.get("decision_log") or "")
        adopted = adopting and decision.is_adoptable
        replaced = adopted or decision_log.gives_way(decision, log)
        return "superseded" if replaced else ""

    def attended(self, recorded: str) -> str:
        """Non-empty where a person now approves what was approved unattended."""
        return "attended" if self._talking and recorded == "unattended" else ""

    def has_project(self) -> bool:
        """Whether an earlier run was approved, so that more than the document is there."""
        return self._before.approval == "approve"

    def outdated_log(self) -> str:
        """Non-empty where decisions have changed since the log was written."""
        return "" if self._temporary or self._context["decision_log"] == self.log() else "stale"

    def log(self) -> str:
        """The decision log, up to date."""
        facts = changes.moved(self._before.known.answers, self._answered)
        run = decision_log.Run(
            date.today().isoformat(),
            __version__,
            "unattended" if self._conf["defaults"] else "person",
            self._reason,
            {each.name: str(each) for each in facts},
            self._blocked,
            self._named,
            self._taking_effect,
        )
        return decision_log.extended(
            str(self._context.get("decision_log") or ""), self.design(), self._context, run
        )

    @property
    def _reason(self) -> str:
        return str(self._context.get("change_reason") or "").strip()

    @property
    def _named(self) -> frozenset[str]:
        """What was given from outside, or picked to be decided in detail."""
        picked = (self._picked(phase.prefix) for phase in design.PHASES)
        return frozenset(self._conf["data"]).union(*picked)

    @property
    def _blocked(self) -> dict[str, str]:
        """What blocks decisions that stood until now, in words for the log."""
        before, words = dict(self._before.decided), {}
        known = decision_log.standing(self._before.log)
        for phase in design.PHASES:
            for decision in self.design().of(phase.prefix):
                name = decision.proposal.decision
                if before.get(name, decision.value) != decision.value:
                    refused = self._wish(phase.prefix, name, before[name]).refused
                    if refused is not None and refused.value == before[name]:
                        theirs = known[name].by == "person" if name in known else False
                        whose = ", which a person chose" if theirs else ""
                        words[name] = f"{refused.flag} no longer allows {refused.label}{whose}"
        return words

    @property
    def _taking_effect(self) -> frozenset[str]:
        """What people asked for earlier, what was blocked then, and stands now."""
        before, known = dict(self._before.decided), decision_log.standing(self._before.log)
        return frozenset(
            name
            for name, decision in self.design().decisions.by_name.items()
            if name in known
            and before.get(name) == decision.value
            and known[name].after != str(decision.value)
            and decision_log.chosen(self._before.log, name, decision.value)
        )

    def asks_for_a_reason(self) -> bool:
        """Whether decisions change that were taken before: the log wants to know why."""
        log = self._before.log
        new = self.log().splitlines()[len(log.splitlines()) :] if self._talking and log else ()
        return any(entry.changes for entry in decision_log.parse("\n".join(new)))
