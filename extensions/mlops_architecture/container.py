"""What the image of the service, and the files that run it, are filled with: rule F6."""

from __future__ import annotations

from typing import NamedTuple

from . import limits
from .design import Design
from .phases._deployment_plan import answer_ms, is_logged_in_postgres, is_served, replicas

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
    log_url: str
    """The one that names the server of the prediction log; empty where it stays in files."""
    everything: bool
    """Whether a model may win that ONNX cannot say, or whose reasons it cannot."""
    least: str
    """What `uv sync` puts into an image for models that ONNX can say."""
    most: str
    """And for the others."""
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
    def install(self) -> str:
        """What `uv sync` puts into the image unless it is told otherwise."""
        return self.most if self.everything else self.least

    @property
    def slow_seconds(self) -> float:
        """The same as Prometheus counts it."""
        return self.slow_ms / 1000


def container(design: Design, package_name: str, candidates: tuple[str, ...]) -> Container:
    """The container of one design."""
    facts, seconds = design.facts, answer_ms(design.decisions) / 1000
    count = replicas(facts.peak_rps, seconds, workers=1)
    tested = replicas(limits.F6_LOAD_TEST_FACTOR * facts.peak_rps, seconds, workers=1)
    explained_trees = facts.explains_each_decision and "lightgbm" in candidates
    everything = "ebm" in candidates or explained_trees
    shipped = is_logged_in_postgres(design.decisions)
    groups = ("serve", "postgres") if shipped else ("serve",)
    ebm = ("ebm",) if "ebm" in candidates else ()
    return Container(
        name=package_name.replace("_", "-")[:_MOST_LETTERS].rstrip("-"),
        key=f"{package_name.upper()}_API_KEY",
        everything=everything,
        log_url=f"{package_name.upper()}_LOG_URL" if shipped else "",
        least=" ".join(f"--only-group {group}" for group in groups),
        most=" ".join(["--no-default-groups", *(f"--group {group}" for group in (*groups, *ebm))]),
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
