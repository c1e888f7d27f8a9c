"""How predictions reach their use: rules F1 and F2."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts, Provenance
from ._deployment_plan import answer_ms, is_realtime, replicas
from ._inputs import inputs, marked, number, others, spelled, taken, times, tiny
from ._pace import load, period, scored

MODE: tuple[Option, ...] = (
    Option(value="batch", label="Batch: a table of predictions, once per period"),
    Option(value="realtime", label="Real time: an answer for each request"),
    Option(value="both", label="Both, batch first"),
)
SERVING: tuple[Option, ...] = (
    Option(value="none", label="No service: a pipeline writes a table"),
    Option(value="fastapi", label="The project's own FastAPI service, one host"),
    Option(value="container_service", label="The service as a managed container"),
)
LOG: tuple[Option, ...] = (
    Option(value="files", label="In files, on the host that predicts"),
    Option(value="postgres", label="In PostgreSQL, shipped there from files"),
)

_CONTAINER_HOST = {
    "aws": "ECS (App Runner takes no new customers)",
    "gcp": "Cloud Run",
    "azure": "Container Apps (ZenML has no deployer for Azure)",
    "onprem_k8s": "your cluster",
}


def mode(facts: Facts) -> Proposal:
    """Rule F1: batch, unless the answer cannot wait an hour; for both, batch first."""
    value, reason = _delivery(facts)
    hours = f"{number(facts.staleness_ok_hours)} h"
    return Proposal(
        decision="deployment_mode",
        value=value,
        reason=reason,
        rule="F1",
        references=("RULES",) if value == "both" else (),
        alternatives=others(
            MODE,
            value,
            {
                "batch": f"A table once per {period(facts)} is too old where each request needs "
                "its own answer.",
                "realtime": f"Buys an on-call for scores that may be {hours} old.",
                "both": f"Two ways to deliver, where consumption is stated as {facts.consumption}.",
            },
        ),
        changes_if=(
            ("a prediction may be an hour old, or all keys can be enumerated",)
            if value == "realtime"
            else ("the input exists only at request time and somebody acts within minutes",)
        ),
        inputs=inputs(facts, "consumption", "staleness_ok_hours", "rows", "peak_rps"),
    )


def _delivery(facts: Facts) -> tuple[str, str]:
    rows, every = scored(facts), period(facts)
    hours = number(facts.staleness_ok_hours)
    peak = marked(facts, "peak_rps", load(facts))
    said = marked(facts, "consumption", "as consumption says")
    if facts.consumption == "both":
        return "both", (
            f"Both, batch first: the API at {peak} reads the same model and follows after "
            f"{spelled(limits.F1_BATCH_CYCLES)} batch cycles (a cycle is one {every}), so there is "
            "one parity problem at a time."
        )
    if facts.consumption == "unsure":
        return "batch", (
            f"Batch: nobody has said how predictions are used or that {limits.F1_STALE_HOURS} h is "
            f"too old. Scoring {rows} each {every} can be undone; the same model can answer "
            "requests later."
        )
    if facts.consumption == "batch":
        return "batch", (
            f"Batch, {said}: {rows} scored each {every}, no on-call, and rollback "
            "is one more run of the previous version."
        )
    if _may_be_old(facts):
        return "batch", (
            f"Batch: a score may be {hours} h old by your own answer, so one run every {hours} h "
            f"serves the {rows} without a service or an on-call."
        )
    return "realtime", (
        f"Real time, {said}: each request needs its own answer, at a peak of {peak}."
    )


def _may_be_old(facts: Facts) -> bool:
    """A staleness that batch keeps, given by somebody; an assumed one argues for nothing."""
    given = facts.source("staleness_ok_hours") is not Provenance.assumed
    return given and facts.staleness_ok_hours >= limits.F1_STALE_HOURS


def serving(facts: Facts, delivery: str, earlier: Decisions) -> Proposal:
    """Rule F2: the project's own service over ONNX; where it runs follows the cloud."""
    value = _server(facts, delivery)
    ebm = "ebm" in str(taken(earlier, "training_candidates", ""))
    host = _CONTAINER_HOST.get(facts.cloud, "no managed host")
    unasked = f"A batch answers no requests; consumption is {facts.consumption}."
    return Proposal(
        decision="deployment_serving",
        value=value,
        reason=_serving_reason(facts, value, host, ebm),
        rule="F2",
        references={"fastapi": ("SKL-P",), "container_service": ("SKL-P", "APPR")}.get(value, ()),
        alternatives=others(
            SERVING,
            value,
            {
                "none": f"A table cannot answer {load(facts)} at the peak.",
                "fastapi": unasked
                if value == "none"
                else f"One host has no second replica; you have {host}.",
                "container_service": unasked
                if value == "none"
                else f"Runs on {host}: no gain for {load(facts)}, horizon {facts.horizon}.",
            },
        ),
        changes_if=(
            ("a consumer needs scores less than an hour old, with an owner",)
            if value == "none"
            else (
                f"your own load test at {times(limits.F6_LOAD_TEST_FACTOR)} the peak misses the "
                "budget",
            )
        ),
        inputs=inputs(facts, "latency_ms", "peak_rps", "cloud", "horizon", "existing_tools"),
    )


def _server(facts: Facts, delivery: str) -> str:
    if not is_realtime(delivery):
        return "none"
    managed = facts.cloud in _CONTAINER_HOST and facts.horizon == "production"
    return "container_service" if managed else "fastapi"


def _serving_reason(facts: Facts, value: str, host: str, ebm: bool) -> str:
    if value == "none":
        return (
            f"No service: a batch of {scored(facts)} ends in a Parquet table, until somebody needs "
            f"scores less than {limits.F1_STALE_HOURS} h old."
        )
    where = "on one host" if value == "fastapi" else f"as a container on {host}"
    tools = {tool.casefold() for tool in facts.existing_tools}
    packed = ", packed with the BentoML you run" if "bentoml" in tools else ""
    advice = _latency_advice(facts.latency_ms, ebm)
    return f"The project's FastAPI service {where}{packed}: {load(facts)}. {advice}"


def _latency_advice(budget: int | None, ebm: bool) -> str:
    """Rule F2's bands; ONNX is the default export, so only the tightest and an EBM need more."""
    if ebm:
        within = f"Within {budget} ms: " if budget else ""
        return (
            f"{within}ONNX with one thread; where an EBM wins, which ONNX cannot say, the slower "
            "scikit-learn object."
        )
    if budget is None:
        return "No latency is stated; ONNX with one thread answers in about a millisecond."
    if budget < limits.F2_TIGHT_MS:
        return (
            f"Within {budget} ms only ONNX in process, after a parity test on "
            f"{limits.F2_PARITY_ROWS:,} rows (largest difference under "
            f"{tiny(limits.F2_PARITY_DIFFERENCE)})."
        )
    if budget < limits.F2_AMPLE_MS:
        return f"For {budget} ms: ONNX, one thread, no data frame per request, a warm process."
    return f"{budget} ms is ample for ONNX with one thread."


def log(facts: Facts, mode: str, server: str, earlier: Decisions) -> Proposal:
    """Rule F7: where monitoring can read each answer; replicas do not share a disk."""
    value = "postgres" if server == "container_service" else "files"
    count = replicas(facts.peak_rps, answer_ms(earlier) / 1000, workers=1)
    host = _CONTAINER_HOST.get(facts.cloud, "several hosts").partition(" (")[0]
    return Proposal(
        decision="deployment_log",
        value=value,
        reason=_log_reason(facts, mode, value, f"{count} replicas on {host}"),
        rule="F7",
        references=("RULES",),
        alternatives=others(
            LOG,
            value,
            {
                "files": f"Monitoring cannot read the disks of {count} replicas on {host}.",
                "postgres": f"A server to run, for what one host says at {load(facts)}."
                if is_realtime(mode)
                else f"A server to run, for one file each {period(facts)}.",
            },
        ),
        changes_if=(
            ("one host answers all requests, and monitoring runs there",)
            if value == "postgres"
            else ("the service runs on more than one host, or monitoring runs elsewhere",)
        ),
        inputs=inputs(facts, "consumption", "peak_rps", "cloud", "horizon"),
    )


def _log_reason(facts: Facts, mode: str, value: str, replicated: str) -> str:
    if value == "postgres":
        return (
            f"PostgreSQL: {replicated} answer, and monitoring needs all of it. Each answer is in a "
            f"local file before it goes out and is shipped after that, so {load(facts)} never "
            "waits for the server."
        )
    if is_realtime(mode):
        return (
            f"Files: one host answers {load(facts)}, and monitoring runs where it can read them; "
            "no server has to be up for an answer."
        )
    return f"Files: a scoring run writes its own, of {scored(facts)} each {period(facts)}."
