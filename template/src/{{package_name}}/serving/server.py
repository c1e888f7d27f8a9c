"""Starts the service in this process, and ends it in order."""

from __future__ import annotations

import logging
import os
import socket
import sys

import uvicorn

from ..core.errors import ProjectError
from ..core.serving_model import segments_folder, served_from
from ..core.serving_settings import ServingSettings
from ..project import Project
from .app import Service, create_app
from .log import PredictionLog
from .metrics import JsonLines, Metrics
from .watch import Watch

KEY_LETTERS = 16
"""A shorter key can be guessed."""


def serve(project: Project, host: str, port: int) -> None:
    """Answers until it is told to stop; then answers what it has begun, and ends the log.

    Raises ProjectError where the key is not set, or the port is taken.
    """
    settings = project.configured("serving", ServingSettings)
    key = api_key(project.settings.name) if settings.api_key else None
    metrics = Metrics()
    watch = Watch(served_from(project.root), settings.most_rows, metrics)
    log = PredictionLog(segments_folder(project.prediction_log))
    app = create_app(Service(settings, watch, log, metrics, key))
    listening = _listening(host, port)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=round(settings.timeout_seconds) + 1,
    )
    uvicorn.Server(config).run([listening])


def api_key(name: str) -> str:
    """What a request has to show. Raises ProjectError where it is not set, or too short."""
    variable = key_variable(name)
    key = os.environ.get(variable, "")
    if len(key) < KEY_LETTERS:
        raise ProjectError(
            f"{variable} is not set to a key of at least {KEY_LETTERS} letters: set it, or set "
            "api_key to false in configs/serving.yaml where something else lets nobody else in."
        )
    return key


def key_variable(name: str) -> str:
    """Where the environment holds the key of the model called `name`."""
    return f"{name.upper().replace('-', '_')}_API_KEY"


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise ProjectError(
            f"The service cannot listen on {host}:{port} ({problem.strerror}): give another --port."
        ) from None
