"""What the image of the service, and the files that run it, are filled with: rule F6."""

from __future__ import annotations

from typing import NamedTuple

from . import limits
from .design import Design
from .phases._deployment_plan import is_served, replicas

_FOLDERS = {"aws": "aws", "azure": "azure", "gcp": "gcp", "onprem_k8s": "kubernetes"}
HOSTS = tuple(_FOLDERS.values())
"""Folders of `deploy/`, of which a project holds one at most."""
_MOST_LETTERS = 32
"""Of a name on Container Apps, the shortest of all."""


class Container(NamedTuple):
    """The service as one worker in a container."""

    name: str
    """Of the image, and of everything that runs it."""
    key: str
    """The environment variable that holds the key."""
    everything: bool
    """Whether a model may win that ONNX cannot say."""
    install: str
    """What `uv sync` puts into the image."""
    replicas: int
    """For the stated peak."""
    most_replicas: int
    """For the pace of the load test."""
    host: str
    """The folder of `deploy/` for where it runs; empty where nothing managed runs it."""
    slow_ms: int
    """What the 99th percentile of the answers is held to."""
    failed_share: float = limits.F6_FAILED_SHARE
    megabytes: int = limits.F6_MEGABYTES
    busy_percent: int = round(100 * limits.F6_UTILISATION)

    @property
    def slow_seconds(self) -> float:
        """The same as Prometheus counts it."""
        return self.slow_ms / 1000


def container(design: Design, package_name: str, candidates: tuple[str, ...]) -> Container:
    """The container of one design."""
    facts, seconds = design.facts, limits.F6_SERVICE_MS / 1000
    count = replicas(facts.peak_rps, seconds, workers=1)
    tested = replicas(limits.F6_LOAD_TEST_FACTOR * facts.peak_rps, seconds, workers=1)
    everything = "ebm" in candidates
    return Container(
        name=package_name.replace("_", "-")[:_MOST_LETTERS].rstrip("-"),
        key=f"{package_name.upper()}_API_KEY",
        everything=everything,
        install=(
            "--no-default-groups --group ebm --group serve" if everything else "--only-group serve"
        ),
        replicas=count,
        most_replicas=max(tested, count + limits.F6_SPARE_REPLICAS),
        host=host(design),
        slow_ms=facts.latency_ms or limits.F2_AMPLE_MS,
    )


def host(design: Design) -> str:
    """The folder of `deploy/` that the decisions and the cloud ask for, or none."""
    decisions = design.decisions
    if not is_served(decisions) or decisions["deployment_serving"] != "container_service":
        return ""
    return _FOLDERS.get(design.facts.cloud, "")
