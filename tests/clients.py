"""Clients of a generated project's service: one that tries everything, and several at once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

CLIENTS, FEWEST_ANSWERS = 4, 400
PATIENCE = 60.0
SPLIT_YOURSELF = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "405", "413", "422"]
"""
"""More rows than the schema allows are refused as a body that is too long."""


def eventually(url: str) -> Any:
    """What a service answers, once it answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(url) as response:
                return json.load(response)
        except OSError:
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.2)


def fuzz(description: str, key: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What schemathesis finds when it holds a service to its OpenAPI description."""
    settings = folder / "schemathesis.toml"
    settings.write_text(SPLIT_YOURSELF)
    command = ["st", "--config-file", str(settings), "run", description, "-H", f"X-API-Key: {key}"]
    limits = ["--max-examples", "30", "--seed", "1", "--generation-database", "none"]
    return subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:], *limits, "--no-color"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def ask_until(
    ending: signal.Signals, service: subprocess.Popen[bytes], port: int, body: str, key: str
) -> set[str]:
    """The ids of all predictions that a service gave several clients until the signal ended it."""
    given: list[str] = []

    def ask() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            while True:
                client.request("POST", "/v1/predict", body, {"X-API-Key": key})
                given.append(json.load(client.getresponse())["id"])
        except (OSError, http.client.HTTPException, ValueError):
            return  # the connection ended, at whatever byte

    askers = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for asker in askers:
        asker.start()
    deadline = time.monotonic() + PATIENCE
    while len(given) < FEWEST_ANSWERS and time.monotonic() < deadline:
        time.sleep(0.01)
    assert all(asker.is_alive() for asker in askers), "the service is ended while all ask"
    os.killpg(service.pid, ending)
    for asker in askers:
        asker.join()
    service.wait(PATIENCE)
    return set(given)
