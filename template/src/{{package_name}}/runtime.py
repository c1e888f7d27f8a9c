"""ZenML inside the project: its own store, offline and quiet, whatever the working directory."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

import yaml

from .core.errors import ProjectError
from .core.files import alone
from .project import ENVIRONMENT, Project
from .steps import progress

ACTIVE_STACK = "ZENML_ACTIVE_STACK_ID"
"""ZenML's own variable for the stack of one process; a step that runs elsewhere has it."""
PRIVATE = {
    "DO_NOT_TRACK": "1",
    "ZENML_ANALYTICS_OPT_IN": "false",
    "ZENML_AUTO_OPEN_DASHBOARD": "false",
    "ZENML_CAPTURE_PRINTS": "false",
    "ZENML_ENABLE_REPO_INIT_WARNINGS": "false",
    "ZENML_ENABLE_RICH_TRACEBACK": "false",
}
LOCAL = {
    "ZENML_DISABLE_PIPELINE_LOGS_STORAGE": "true",
    "ZENML_DISABLE_STEP_LOGS_STORAGE": "true",
}


def start(project: Project) -> None:
    """Makes ZenML ready in this process; the project's store is created where there is none.

    A variable that is already set wins, and with `ZENML_STORE_URL` (a server of yours) or
    `ZENML_CONFIG_PATH` the project has no store of its own. Raises ProjectError if the server
    cannot be used, or if the store was created in another folder, since it holds absolute paths.
    """
    theirs = {"ZENML_STORE_URL", "ZENML_CONFIG_PATH"} & set(os.environ)
    environment = {**PRIVATE, "ZENML_REPOSITORY_PATH": str(project.root)}
    if not theirs:
        environment |= LOCAL | {"ZENML_CONFIG_PATH": str(project.store)}
        _refuse_moved(project.store)
    for name, value in environment.items():
        os.environ.setdefault(name, value)

    if theirs:
        _open_theirs(os.environ.get("ZENML_STORE_URL"))
        return
    with alone(project.locks / "store"):  # a store that is still being created cannot be opened
        _open_or_create(project.store, project.locks / "store.unfinished")


def use_stack(project: Project) -> None:
    """Lets this process run on the stack of its environment, where that names one.

    Raises ProjectError if ZenML does not have it.
    """
    environment = project.environment
    if environment.stack is None or os.environ.get(ACTIVE_STACK):
        return
    try:
        select_stack(environment.stack)
    except KeyError:
        raise ProjectError(
            f"ZenML has no stack {environment.stack}, which {ENVIRONMENT}={environment.name} asks "
            f"for: apply stacks/{environment.name}.yaml first."
        ) from None


def select_stack(name: str) -> None:
    """Lets this process run on a stack. Raises KeyError if ZenML does not have it."""
    from zenml.client import Client

    found = Client().get_stack(name, allow_name_prefix_match=False)
    os.environ[ACTIVE_STACK] = str(found.id)


def _open_theirs(server: str | None) -> None:
    if server is None:
        _open_store()
        return
    progress.info("Connecting to the ZenML server %s", server)
    try:
        _open_store()
    except Exception as problem:  # no answer and no entry have errors of their own
        reason = " ".join(str(problem).split())
        raise ProjectError(
            f"The ZenML server {server} cannot be used: check ZENML_STORE_URL and "
            f"ZENML_STORE_API_KEY, and that it runs ({reason})."
        ) from None


def _open_or_create(store: Path, unfinished: Path) -> None:
    """A store whose creation was cut short can never be opened: it is created anew."""
    if unfinished.exists():
        shutil.rmtree(store, ignore_errors=True)
    if store.exists():
        progress.info("Opening the model store")
        _open_store()
        return
    progress.info("Creating the model store in %s (once)", store.name)
    unfinished.touch()
    _open_store()
    unfinished.unlink()


def _open_store() -> None:
    handlers = logging.root.handlers[:]
    from zenml.client import Client
    from zenml.utils import source_utils

    logging.root.handlers[:] = handlers  # ZenML has added its own, which write to the terminal
    source_utils.set_custom_source_root(str(Path(__file__).absolute().parents[1]))
    _ = Client().active_stack_model


def _refuse_moved(store: Path) -> None:
    configuration = store / "config.yaml"
    if not configuration.is_file():
        return
    url = (yaml.safe_load(configuration.read_text("utf-8")) or {}).get("store", {}).get("url", "")
    if url.startswith("sqlite") and str(store) not in url:
        raise ProjectError(
            f"{store} was created in another folder ({url}) and holds its paths: move the "
            f"project back, or delete {store.name} and train again."
        )
