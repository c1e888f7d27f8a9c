"""Files that facts are read from, and those of the template itself."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

from copier.errors import UserMessageError

from ..mlops_architecture import session
from ..mlops_architecture.data_profile import ProfileError
from ..mlops_architecture.problem_statement import StatementError, read_text
from ._place import Place

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def template_paths() -> tuple[str, ...]:
    """Every file of the template, relative to it."""
    folder = ROOT / "template"
    return tuple(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


@lru_cache(maxsize=1)
def references() -> tuple[tuple[str, str], ...]:
    """Path below `references/` and text of every reference."""
    folder = ROOT / "references"
    return tuple(
        (path.relative_to(folder).with_suffix("").as_posix(), path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.md"))
    )


class Files(Place):
    """The problem statement and the table, as recorded or read anew."""

    def default_statement(self) -> str:
        """The statement that already lies in the destination."""
        name = "problem_statement.md"
        return name if (self._destination / name).is_file() and not self._temporary else ""

    @cached_property
    def _before(self) -> session.Recorded:
        """What an earlier run recorded in the destination."""
        return session.recorded(self._destination / str(self._conf["answers_file"]))

    @cached_property
    def _rereading(self) -> bool:
        """Whether files are read anew: asked for, or a project is given another file.

        Once files are rendered all that was read is recorded, and what was before is overwritten.
        """
        asked = bool(self._context.get("reread"))
        files = self._before.files.items() if self._before.known.answers else ()
        data = self._conf["data"]
        another = any(data.get(name, before) != before for name, before in files)
        return (asked or another) and not self._temporary and self._phase != "render"

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
        path = self._file("problem_statement") or self._own_statement
        if path is None:
            return str(self._context.get("stated_facts") or "")
        return self._recorded("stated_facts") or session.read_statement(path)

    @property
    def _own_statement(self) -> Path | None:
        """The statement that an earlier run wrote, to be read anew once somebody edited it."""
        path, known = self._destination / "problem_statement.md", self._before.known
        if not (self._rereading and known.answers and path.is_file()):
            return None
        edited = known.stated or read_text(path) != session.statement_from(known)
        return path.absolute() if edited else None

    def _profiled(self) -> str:
        path = self._file("data_file")
        recorded = self._recorded("data_profile")
        if recorded or path is None:
            return recorded
        return session.read_table(path, self._stated(), self._context)

    def file_objection(self, name: str) -> str:
        """Why the file that was answered to `name` cannot be used, or an empty string."""
        try:
            self._stated() if name == "problem_statement" else self._profiled()
        except (ProfileError, StatementError) as error:
            return str(error)
        except OSError as error:
            return f"This path leads nowhere ({error.strerror}): check it, or leave it out."
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
