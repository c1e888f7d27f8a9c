"""Copier's only door into the rules: context for questions, file names and files."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import re
import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from copier.errors import UserMessageError
from copier_template_extensions import ContextHook
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent


def _load(name: str) -> Any:
    """Import a module of the rules under a name unique to this checkout.

    `copier update` runs the old and the new template in one process; a plain import would
    give both the rules of whichever came first.
    """
    folder = ROOT / "extensions" / "mlops_architecture"
    package = f"_{folder.name}_{hashlib.sha1(str(folder).encode()).hexdigest()[:12]}"
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            package, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None and spec.loader is not None
        sys.modules[package] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return importlib.import_module(f"{package}.{name}") if name else sys.modules[package]


rules = _load("")
answers, blueprint, contradictions, data_profile, decision_log = map(
    _load, ("answers", "blueprint", "contradictions", "data_profile", "decision_log")
)
design, document, intake, interview = map(_load, ("design", "document", "intake", "interview"))
naming, problem_statement, reasons, red_flags, session, text = map(
    _load, ("naming", "problem_statement", "reasons", "red_flags", "session", "text")
)

_SLUG = re.compile(r"[a-z0-9_]{1,60}")
_TEMPORARY = re.compile(r"\.(old|new)_copy\.")
_said: list[str] = []
"""Sections printed in the conversation going on."""
_checked: list[dict[str, Any]] = []
"""Answers from outside that were found good."""


@lru_cache(maxsize=1)
def _template_paths() -> tuple[str, ...]:
    """Every file of the template, relative to it."""
    folder = ROOT / "template"
    return tuple(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


@lru_cache(maxsize=1)
def _references() -> tuple[tuple[str, str], ...]:
    """Path below `references/` and text of every reference."""
    folder = ROOT / "references"
    return tuple(
        (path.relative_to(folder).with_suffix("").as_posix(), path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.md"))
    )


def _asks(flag: Any, answer: str) -> bool:
    """Whether the flag is the one that wants `answer`."""
    waiver = answer.endswith("_waiver")
    wanted = flag.waivable if waiver else flag.severity == "justify"
    return bool(wanted) and flag.id.lower() == answer.partition("_")[0]


class Flow:
    """One render's view of the answers so far, and what questions may ask of it."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._conf = context["_copier_conf"]

    # Where we are ------------------------------------------------------------------------

    @property
    def _destination(self) -> Path:
        return Path(str(self._conf["dst_path"]))

    @property
    def _temporary(self) -> bool:
        """One of the two renders in temporary folders that `copier update` compares."""
        return bool(_TEMPORARY.search(str(self._destination)))

    @property
    def _talking(self) -> bool:
        prompting = getattr(self._context["_copier_phase"], "value", "") == "prompt"
        return prompting and not self._conf["defaults"] and not self._temporary

    @property
    def _rereading(self) -> bool:
        return bool(self._context.get("reread")) and not self._temporary

    def check_outside(self) -> None:
        """Refuse what was given by `-d` and is unknown, of a wrong type, or no choice."""
        given = dict(self._conf["data"])
        if self._temporary or given in _checked:
            return
        if problem := answers.outside_objection(given):
            raise UserMessageError(problem)
        facts = {name: value for name, value in given.items() if name in intake.BY_NAME}
        for each in Flow({"_copier_conf": self._conf, **facts})._contradictions:
            if set(each.facts) <= set(facts):
                raise UserMessageError(each.refusal)
        _checked[:] = [given]

    # Files that facts are read from --------------------------------------------------------

    def default_statement(self) -> str:
        """The statement that already lies in the destination."""
        name = "problem_statement.md"
        return name if (self._destination / name).is_file() and not self._temporary else ""

    def _file(self, name: str) -> Path | None:
        given = str(self._context.get(name) or "")
        if not given or self._temporary:
            return None
        path = Path(given).expanduser()
        beside = self._destination / path
        return (beside if not path.is_absolute() and beside.exists() else path).absolute()

    def _recorded(self, name: str) -> str:
        return "" if self._rereading else str(self._context.get(name) or "")

    def _stated(self) -> str:
        path = self._file("problem_statement")
        recorded = self._recorded("stated_facts")
        return recorded if recorded or path is None else str(session.read_statement(path))

    def _profiled(self) -> str:
        path = self._file("data_file")
        recorded = self._recorded("data_profile")
        if recorded or path is None:
            return recorded
        keys = ("target", "problem_type", "event_time", "entity_key")
        return str(session.read_table(path, *(str(self._context.get(key) or "") for key in keys)))

    def file_objection(self, name: str) -> str:
        """Why the file that was answered to `name` cannot be used, or an empty string."""
        try:
            self._stated() if name == "problem_statement" else self._profiled()
        except (data_profile.ProfileError, problem_statement.StatementError) as error:
            return str(error)
        return ""

    def read(self, name: str) -> str:
        """The text to record of the statement (`stated_facts`) or the table (`data_profile`)."""
        source = "problem_statement" if name == "stated_facts" else "data_file"
        if problem := self.file_objection(source):
            raise UserMessageError(problem)
        return self._stated() if name == "stated_facts" else self._profiled()

    def stale(self, name: str) -> str:
        """Non-empty where re-reading was asked for and the file says something new."""
        return "reread" if self._rereading and self._context[name] != self.read(name) else ""

    # Facts -----------------------------------------------------------------------------------

    @property
    def _known(self) -> Any:
        given = tuple(
            (question.name, answers.typed(question.name, self._context[question.name]))
            for question in intake.QUESTIONS
            if question.name in self._context
        )
        name = str(self._context.get("project_name") or "")
        return session.Known(name, self._stated(), self._profiled(), given)

    @property
    def sources(self) -> Any:
        """What the defaults of facts are computed from."""
        return session.sources_of(self._known)

    @property
    def facts(self) -> Any:
        """The facts as they stand, assumptions included."""
        return session.facts_of(self._known)

    def fact(self, name: str) -> Any:
        """The default of the question `name`."""
        value = intake.default_of(name, self.sources).value
        filled = Flow({**self._context, name: value})
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
            print(interview.doubt(found.sentence), file=sys.stderr)
        if found or name in (self._context.get("facts_change") or []):
            return True
        if name in self._context:
            return False
        return name not in intake.BY_NAME or bool(intake.is_asked(name, self.sources))

    def asks_for_file(self, name: str) -> bool:
        """Whether the path is asked for; one from outside is refused here if it cannot be read."""
        outside = name in self._conf["data"] and not self._temporary
        if outside and (problem := self.file_objection(name)):
            raise UserMessageError(f"-d {name}: {problem}")
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
        if name in {"event_time", "entity_key"} and (problem := self._no_column(name)):
            return problem
        if problem := str(answers.objection(name, self._context[name])):
            return problem
        found = self._objecting_to(name)
        return str(found.sentence) if found else ""

    def _misfit(self, name: str) -> str:
        """Why the table's target cannot be learned, or not as the problem type says."""
        profile = self.sources.profile
        if profile is None:
            return ""
        problem_type = self._context["problem_type"] if name == "problem_type" else ""
        return str(data_profile.check_target(profile, self._context["target"], problem_type))

    def _no_column(self, name: str) -> str:
        """Why the table has no such event time or entity."""
        profile = self.sources.profile
        return str(data_profile.check_key(profile, name, self._context[name])) if profile else ""

    def misfit(self, problem_type: str) -> str:
        """Why a problem type is greyed out, in words that quote no text of the table."""
        other = Flow({**self._context, "problem_type": problem_type})
        if other._misfit("problem_type"):
            return "the target's values do not fit"
        return self.ruled_out("problem_type", problem_type)

    # Contradictions ----------------------------------------------------------------------------

    @property
    def _contradictions(self) -> Any:
        """Facts that cannot both hold; none in the renders that `copier update` compares."""
        if self._temporary or any(map(self.file_objection, ("problem_statement", "data_file"))):
            return ()
        recorded = session.recorded_answers(self._destination / str(self._conf["answers_file"]))
        return session.contradictions_of(self._known, tuple(self._conf["data"]), recorded)

    def _objecting_to(self, name: str) -> Any:
        """The contradiction that an answer to `name` has to end, if there is one."""
        if name not in intake.BY_NAME:
            return None
        return contradictions.objecting_to(name, self._contradictions, self._conf["data"])

    def ruled_out(self, name: str, value: Any) -> str:
        """The fact that a choice for `name` would contradict; the choice is greyed out with it."""
        found = Flow({**self._context, name: value})._objecting_to(name)
        return str(found.beside(name)) if found else ""

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
        """Refuse what no supervised model on a table can do."""
        statement = session.statement_of(self.read("stated_facts"))
        if statement and statement.out_of_scope:
            raise UserMessageError(interview.out_of_scope(statement.out_of_scope))
        labels = self._context.get("labels") or (statement and statement.labels)
        contradicted = any("labels" in each.facts for each in self._contradictions)
        if labels == "none" and not contradicted:
            raise UserMessageError(interview.NO_LABELS)

    # Decisions -------------------------------------------------------------------------------

    @property
    def _decided(self) -> tuple[tuple[str, Any], ...]:
        names = [phase.plan for phase in design.PHASES]
        names += [name for phase in design.PHASES for name in phase.rules.OPTIONS]
        names += red_flags.ANSWERS
        return tuple((name, self._context[name]) for name in names if name in self._context)

    def design(self, until: str = "stack") -> Any:
        """Proposals and decisions of the phases up to `until`."""
        return session.design_of(self._known, self._decided, until)

    def proposed(self, prefix: str, name: str) -> Any:
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

    def _wish(self, prefix: str, name: str, value: str | int) -> Any:
        """The decision as it would stand if `value` were taken."""
        decided = tuple({**dict(self._decided), name: value}.items())
        return session.design_of(self._known, decided, prefix).decisions.find(name)

    # Objections ------------------------------------------------------------------------------

    def _raised(self, answer: str) -> Any:
        """The flag that fired and wants the answer `rf03_reason` or `rf13_waiver`, or None."""
        kind = "block" if answer.endswith("_waiver") else "justify"
        flag = next(f for f in red_flags.FLAGS if _asks(f, answer))
        return next(
            (
                raised
                for raised in self.design(flag.phase).raised
                if (raised.id, raised.severity) == (flag.id, kind)
            ),
            None,
        )

    def fires(self, answer: str) -> bool:
        """Whether an objection was raised that wants this answer."""
        return self._raised(answer) is not None

    def asks_why(self, answer: str) -> bool:
        """Whether the person still owes this answer; the objection is printed first."""
        if self._talking and reasons.is_owed(str(self._context.get(answer, ""))):
            if raised := self._raised(answer):
                self._print(answer, interview.objection(raised))
            return True
        return False

    def why_objection(self, answer: str) -> str:
        """What is wrong with a reason or a waiver as it was typed; owed is fine unattended."""
        given = str(self._context[answer])
        if reasons.is_owed(given):
            return interview.STILL_OWED if self._talking else ""
        return str(answers.objection(answer, given))

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

    def adoptable(self, prefix: str) -> list[str]:
        """Decisions once accepted as proposed that would be proposed differently today."""
        log = decision_log.standing(str(self._context.get("decision_log") or ""))
        return [
            entry.proposal.decision
            for entry in self.design(prefix).of(prefix)
            if entry.differs
            and entry.proposal.decision in log
            and log[entry.proposal.decision].by == "proposal"
        ]

    def superseded(self, prefix: str, name: str) -> str:
        """Non-empty where today's proposal is to replace the recorded value."""
        adopting = self._context.get("adopt") == "all" or self._context.get(f"{prefix}_adopt")
        return "superseded" if adopting is True and name in self.adoptable(prefix) else ""

    def keeps_existing_files(self) -> bool:
        """Refuse, where nobody can be asked, to overwrite files of the destination."""
        new = not (self._destination / str(self._conf["answers_file"])).exists()
        if new and self._conf["defaults"] and not self._conf["overwrite"] and not self._temporary:
            references = session.references_of(_references())
            paths = session.project_paths(self.design(), self._names, _template_paths(), references)
            kept = {"problem_statement.md", "data/contract.yaml"}
            existing = [path for path in paths if (self._destination / path).exists()]
            if clashes := sorted(set(existing) - kept):
                raise UserMessageError(interview.destination_in_use(self._destination, clashes))
        return False

    def attended(self, recorded: str) -> str:
        """Non-empty where a person now approves what was approved unattended."""
        return "attended" if self._talking and recorded == "unattended" else ""

    def outdated_log(self) -> str:
        """Non-empty where decisions have changed since the log was written."""
        return "" if self._temporary or self._context["decision_log"] == self.log() else "stale"

    def log(self) -> str:
        """The decision log, up to date."""
        return str(
            decision_log.extended(
                str(self._context.get("decision_log") or ""),
                self.design(),
                self._context,
                date.today().isoformat(),
                rules.__version__,
            )
        )

    # What is said ----------------------------------------------------------------------------

    def say(self, section: str) -> bool:
        """Print a section of the conversation once, where a person is there to read it."""
        if section == "opening" and _said[-1:] != ["opening"]:
            _said.clear()
        if self._talking and section not in _said:
            self._print(section, self._section(section))
        return True

    def _print(self, section: str, words: str) -> None:
        if section not in _said:
            _said.append(section)
            print(words, file=sys.stderr)

    def _section(self, section: str) -> str:
        if section == "opening":
            return str(interview.opening())
        if section == "facts":
            found = [each.sentence for each in self._contradictions]
            return str(interview.facts_overview(self.facts, found))
        if section == "approval":
            return str(interview.summary(self.design()))
        phase = design.BY_PREFIX[section]
        texts = dict(_references())
        openings = [interview.opening_of(texts[reference]) for reference in phase.references]
        return str(interview.explain(phase, self.design(section), openings))

    def problem_statement(self) -> str:
        """The person's own statement, or the essentials that the flow captured."""
        path = self._file("problem_statement")
        if path is not None and path.is_file():
            return str(problem_statement.read_text(path)).rstrip("\n")
        captured = {"project_name": self._context["project_name"], **dict(self.facts)}
        return str(problem_statement.write_problem_statement(captured)).rstrip("\n")

    def closing(self) -> str:
        """The last words: that the design stands, where, and what is next."""
        return str(
            interview.closing(
                self.design(),
                self._context["approval"],
                self._context["package_name"],
                self._destination,
            )
        )

    # What is written -------------------------------------------------------------------------

    @property
    def document(self) -> Any:
        """Everything that the templates render from."""
        return session.document_of(
            self._known, self._decided, self._names, _template_paths(), _references()
        )

    @property
    def _names(self) -> Any:
        context = self._context
        approved = str(context.get("approved") or "")
        return document.Names(context["approval"], approved, str(context["package_name"]))

    def excluded(self, path: str) -> str:
        """`path` as an exclusion pattern where the design leaves it out."""
        return path if blueprint.is_excluded(self.design(), self._context["approval"], path) else ""

    def recorded_answers(self) -> str:
        """The answers file; having changed something is remembered as agreed."""
        recorded = {
            name: "good" if name.endswith("_plan") and value == "change" else value
            for name, value in self._context["_copier_answers"].items()
        }
        return str(text.mapping_to_yaml(recorded))


class Hook(ContextHook):
    """Puts `flow` into every render, and one escaping filter for each target format."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(
            md=text.markdown, code=text.code, mermaid=text.mermaid, toml=text.toml,
            as_yaml=text.to_yaml, shown=interview.show_value, sentence=text.sentence,
            words=text.words, lower_first=text.lower_first,
        )  # fmt: skip

    def hook(self, context: dict[str, Any]) -> None:
        """Add `flow` to the context of one render."""
        flow = Flow(context)
        flow.check_outside()
        context["flow"] = flow
        context["naming"] = naming
