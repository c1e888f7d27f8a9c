"""Which version answers: the one that `serving/current.json` names."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import NoChampionError, ProjectError
from ..core.serving_model import CURRENT
from .champion import Champion, load
from .metrics import Metrics

_Stamp = tuple[int, int] | None


class Watch:
    """The champion in memory; a new one takes its place between two requests.

    One that cannot be loaded is told of and tried again, and the version before goes on answering;
    where none is named any more, none answers.
    """

    def __init__(self, folder: Path, most_rows: int, metrics: Metrics) -> None:
        self._folder = folder
        self._most_rows = most_rows
        self._metrics = metrics
        self._champion: Champion | None = None
        self._problem = ProjectError("The service has not looked for a model yet: try again.")
        self._stamp: _Stamp = (0, 0)

    @property
    def champion(self) -> Champion:
        """The version that answers. Raises ProjectError where there is none."""
        if self._champion is None:
            raise self._problem
        return self._champion

    @property
    def found(self) -> Champion | None:
        """The version that answers, if there is one."""
        return self._champion

    def look(self) -> None:
        """Loads what `current.json` names, if that has changed or could not be loaded."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return
        try:
            champion = load(self._folder, self._most_rows)
        except NoChampionError as problem:
            self._champion, self._stamp = None, stamp
            self._tell(problem)
        except ProjectError as problem:
            self._tell(problem)
        else:
            self._champion, self._stamp = champion, stamp
            served = champion.served
            what = f"Model version {served.version} answers. {served.exported}"
            self._metrics.switched(served.version, what)

    def _tell(self, problem: ProjectError) -> None:
        """Once, however often it is found."""
        if str(problem) != str(self._problem):
            self._metrics.failed(str(problem))
        self._problem = problem

    def _stamped(self) -> _Stamp:
        try:
            found = (self._folder / CURRENT).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino
