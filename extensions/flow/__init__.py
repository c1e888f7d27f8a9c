"""What Copier's templates and questions call: `flow` in every render.

Each module adds to the one before: the place of a render, the files it reads, facts,
decisions, objections. These modules and `hook.py` are all that knows Copier.
"""

from __future__ import annotations

from copier.errors import UserMessageError
from pathspec import GitIgnoreSpec

from ..mlops_architecture import (
    blueprint,
    changes,
    closing,
    contract,
    decision_log,
    design,
    facts_told,
    interview,
    retelling,
    session,
    text,
)
from ..mlops_architecture.closing import Project
from ..mlops_architecture.document import Document, Names
from ..mlops_architecture.problem_statement import read_text
from ..mlops_architecture.reasons import OWED, is_owed
from ..mlops_architecture.red_flags import ANSWERS
from . import _history
from ._files import references, template_paths
from ._objections import Objections
from ._place import show_whole_refusals

__all__ = ["Flow", "show_whole_refusals"]

_PRETENDED = "Nothing was written (--pretend)."


class Flow(Objections):
    """One render's view of the answers so far, and what questions and templates ask of it."""

    # What is said ----------------------------------------------------------------------------

    def say(self, section: str) -> bool:
        """Print a section of the conversation once, where a person is there to read it."""
        if section == "opening":
            self._begin()
        if self._talking and not self._has_said(section):
            if words := self._in_brief(section):
                self._print(f"{section} in brief", words)
            elif words := self._section(section):
                self._print(section, words)
        return True

    def _in_brief(self, section: str) -> str:
        """What an update says where nothing moved since the last one, and nobody opens it.

        Another template is told whole: its rules of then are gone, and nothing to compare with.
        """
        answer = "facts_review" if section == "facts" else f"{section}_plan"
        comparable = self._updates and not self._upgrades
        was = session.design_before(self._before) if comparable else None
        if (
            was is None
            or section in {"opening", "table", "classes", "delay"}
            or self._context.get(answer) == "change"
        ):
            return ""
        if section == "facts":
            doubtful = self._rereading or self._contradictions
            return "" if doubtful else retelling.facts(was.facts, self.facts)
        if section == "approval":
            stands = self._before.approval == self._context["approval"] == "approve"
            attended = stands and self._context.get("approved") != "unattended"
            return retelling.approval(was, self.design()) if attended else ""
        known = decision_log.standing(self._before.log)
        return retelling.phase(design.BY_PREFIX[section], was, self.design(section), known)

    @property
    def _updates(self) -> bool:
        """Whether answers of an earlier run are evolved, and not given anew into its folder."""
        return "decision_log" in self._context and bool(self._before.log)

    @property
    def _upgrades(self) -> bool:
        """Whether the template is another than the one that the project was made with."""
        return self._before.version != str(self._context["_copier_answers"].get("_commit") or "")

    def _section(self, section: str) -> str:
        if section == "opening":
            return retelling.opening(self._upgrades) if self._updates else interview.opening()
        if section == "table":
            return facts_told.table(self.sources.profile) if self.sources.profile else ""
        if section == "classes":
            return facts_told.classes(self.sources.profile) if self.sources.profile else ""
        if section == "delay":
            return facts_told.delay(self.facts)
        if section == "facts":
            found = [each.sentence for each in self._contradictions]
            return facts_told.facts_overview(self.facts, found)
        if section == "approval":
            return interview.summary(self.design())
        phase = design.BY_PREFIX[section]
        texts = dict(references())
        openings = [interview.opening_of(texts[reference]) for reference in phase.references]
        return interview.explain(phase, self.design(section), openings)

    def problem_statement(self) -> str:
        """The person's own statement, or the essentials that the flow captured."""
        path = self._file("problem_statement")
        if path is not None and path.is_file():
            return read_text(path).rstrip("\n")
        return session.statement_from(self._known).rstrip("\n")

    def contract(self) -> str:
        """What a valid table is, as it is written first."""
        return contract.write_contract(self.document.contract)

    @property
    def _contract_at_hand(self) -> str:
        """The contract that lies in the destination, or an empty string."""
        path = self._destination / "data" / "contract.yaml"
        return path.read_text("utf-8", "replace") if path.is_file() else ""

    def keeps_contract(self) -> bool:
        """Whether the contract is the person's: all but a sample's that a table replaces."""
        untouched = contract.is_unedited_sample(self._contract_at_hand)
        return not (untouched and self._profiled())

    def closing(self) -> str:
        """The last words: that the design stands, where, and what is next."""
        if self._conf["pretend"]:
            return _PRETENDED
        return closing.closing(self.design(), self._project)

    def updated(self) -> str:
        """The last words of an update: what it changed, and what it left to the person."""
        if self._conf["pretend"]:
            return _PRETENDED
        file = str(self._conf["answers_file"])
        was = session.recorded_in(_history.before_update(self._destination, file))
        told = changes.changes(
            was, self._before, self.design(), self._reason, self._contract_at_hand
        )
        return closing.updated(
            self.design(), self._project, told, _history.traces(self._destination, file)
        )

    @property
    def _project(self) -> Project:
        return Project(
            self._destination,
            str(self._context["package_name"]),
            str(self._context["approval"]),
            bool(self._profiled()) and contract.is_of_sample(self._contract_at_hand),
            _history.is_in_repository(self._destination),
        )

    # What is written -------------------------------------------------------------------------

    def keeps_existing_files(self) -> bool:
        """Refuse, where nobody can be asked, to overwrite files of the destination."""
        new = not (self._destination / str(self._conf["answers_file"])).exists()
        if new and self._conf["defaults"] and not self._conf["overwrite"] and not self._temporary:
            kept = session.references_of(references())
            paths = session.project_paths(self.design(), self._names, template_paths(), kept)
            keeping = ("problem_statement.md", "data/contract.yaml", *self._conf["skip_if_exists"])
            kept_as_they_are = GitIgnoreSpec.from_lines(keeping)
            existing = [path for path in paths if (self._destination / path).exists()]
            if clashes := sorted(set(existing) - set(kept_as_they_are.match_files(existing))):
                raise UserMessageError(interview.destination_in_use(self._destination, clashes))
        return False

    @property
    def document(self) -> Document:
        """Everything that the templates render from."""
        return session.document_of(
            self._known, self._decided, self._names, template_paths(), references()
        )

    @property
    def _names(self) -> Names:
        context = self._context
        approved, log = (str(context.get(name) or "") for name in ("approved", "decision_log"))
        return Names(context["approval"], approved, str(context["package_name"]), log)

    def excluded(self, path: str) -> str:
        """`path` as an exclusion pattern where the design leaves it out."""
        return path if blueprint.is_excluded(self.design(), self._context["approval"], path) else ""

    def recorded_answers(self) -> str:
        """The answers file; having changed something is remembered as agreed."""
        recorded = dict(self._context["_copier_answers"])
        for name, value in recorded.items():
            if name.endswith("_plan") and value == "change":
                recorded[name] = "good"
            elif name in ANSWERS and is_owed(str(value)):
                recorded[name] = OWED
        return text.mapping_to_yaml(recorded)
