"""The service: one row or many, health, metrics, and a description of itself."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..core.errors import ProjectError
from ..core.serving_settings import ServingSettings
from .champion import REASONS, Champion
from .description import MANY, ONE, describe
from .line import Line
from .log import PredictionLog
from .metrics import Metrics
from .rollout_watch import RolloutWatch
from .rows import RefusedError, Rows
from .watch import Watch
from .worker import Predicted

API_KEY = "X-API-Key"
SECONDS = 1.0
"""Between two looks at what was promoted or is rolled out."""
ROWS_AT_ONCE = 20
"""More rows than these are scored in a thread, so that nobody waits behind them."""


@dataclass(frozen=True)
class Service:
    """What answers requests; `key` is what one has to show, None where everybody may ask."""

    settings: ServingSettings
    watch: Watch
    rollouts: RolloutWatch
    log: PredictionLog
    metrics: Metrics
    key: str | None


class Part(NamedTuple):
    """Rows of a request that one version has answered, by their places in it."""

    by: Champion
    places: list[int]
    found: Predicted


def create_app(service: Service) -> FastAPI:
    """The application; the service's log and watch begin and end with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.log.start()
        await _look(service)
        following = asyncio.create_task(_follow(service))
        yield
        following.cancel()
        service.rollouts.close()
        await asyncio.to_thread(service.log.close)

    app = FastAPI(title="Predictions", lifespan=lifespan)
    app.openapi = lambda: describe(  # type: ignore[method-assign]
        app, service.watch.found, API_KEY if service.key else None, service.settings.reasons
    )

    async def predict(request: Request) -> Response:
        return await _answer(service, request, many=False)

    async def predict_batch(request: Request) -> Response:
        return await _answer(service, request, many=True)

    # plain routes: FastAPI's own take an eighth of the time, and would add nothing here
    app.add_route(ONE, predict, methods=["POST"])
    app.add_route(MANY, predict_batch, methods=["POST"])

    @app.get("/health/live", summary="Whether the process runs")
    async def live() -> Response:
        return JSONResponse({"status": "live"})

    @app.get("/health/ready", summary="Whether there is a model to answer with")
    async def ready() -> Response:
        try:
            champion = service.watch.champion
        except ProjectError as problem:
            return _error(503, str(problem))
        return JSONResponse({"status": "ready", "model_version": champion.version})

    @app.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
    async def metrics() -> Response:
        return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> Response:
        sentence = f"{error.detail}: /docs says what can be asked."
        return JSONResponse({"error": sentence}, error.status_code, error.headers)

    return app


async def _answer(service: Service, request: Request, many: bool) -> Response:
    """One request from its header to its answer; whatever fails ends in one sentence."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(service.settings.timeout_seconds):
            response = await _predict(service, request, many, started)
    except RefusedError as refusal:
        response = _error(refusal.status, str(refusal))
    except ProjectError as problem:
        response = _error(503, str(problem))
    except ClientDisconnect:
        response = _error(400, "The request ended before its body did: send it again.")
    except TimeoutError:
        seconds = service.settings.timeout_seconds
        response = _error(503, f"There is no answer within {seconds:g} s: try again later.")
    except OSError as problem:
        service.metrics.failed(f"The prediction log cannot be written: {problem}")
        response = _error(503, "The prediction cannot be logged, so it is not given: try later.")
    except Exception as problem:  # whatever one request does, the next is answered
        service.metrics.failed(f"A request failed: {type(problem).__name__}: {problem}")
        response = _error(500, "The model failed on this request: tell its owner.")
    took = time.perf_counter() - started
    service.metrics.answered(request.scope["path"], response.status_code, took)
    return response


async def _look(service: Service) -> None:
    """Takes up what was promoted or is rolled out since."""
    await asyncio.to_thread(service.watch.look)
    await service.rollouts.look(service.watch.found)


async def _follow(service: Service) -> None:
    """Looks again and again, until it is cancelled."""
    while True:
        await asyncio.sleep(SECONDS)
        service.log.end_old()
        try:
            await _look(service)
        except Exception as problem:  # the next look may go well
            service.metrics.failed(f"No look at what is promoted: {problem}")


async def _predict(service: Service, request: Request, many: bool, started: float) -> Response:
    """The answer, once it stands in the log."""
    _check_key(service.key, request)
    body = await _body(request, service.settings.most_body_bytes)
    reasons = _reasons(request, service.settings.reasons)
    champion = service.watch.champion
    rows = champion.reader.read(body, many)
    name = secrets.token_hex(16)
    answers: list[dict[str, Any]] = [{}] * len(rows)
    parts = await _parts(service, champion, rows, name, reasons)
    ms = 1000 * (time.perf_counter() - started)
    for by, places, found in parts:
        asked = [rows[place] for place in places]
        some = places if len(places) < len(rows) else None
        line = Line.of(by.served, asked, found.said, ms, name, some)
        service.log.append(by.version, line.written(body, service.settings.log_inputs))
        service.metrics.predicted(by.version, len(asked))
        if by is champion and (trial := service.rollouts.trial):
            trial.watch(name, asked, found)
        for place, row in zip(places, found.said, strict=True):
            answers[place] = {**row, "model_version": by.version}
    return JSONResponse({**({"predictions": answers} if many else answers[0]), "id": name})


async def _parts(
    service: Service, champion: Champion, rows: Rows, name: str, reasons: int
) -> list[Part]:
    """The predictions for the request `name`: the champion's, save for a canary's share of them."""
    trial, parts = service.rollouts.trial, []
    left = list(range(len(rows)))
    if trial and (mine := trial.mine(rows, name)):
        found = await trial.answer(name, [rows[place] for place in mine], reasons)
        if found is not None:
            parts.append(Part(trial.challenger, mine, found))
            left = sorted({*left} - {*mine})
    if left:
        found = await _by_champion(champion, [rows[place] for place in left], reasons)
        parts.append(Part(champion, left, found))
    return parts


async def _by_champion(champion: Champion, rows: Rows, reasons: int) -> Predicted:
    started = time.perf_counter()
    slow = len(rows) > ROWS_AT_ONCE or champion.served.runtime != "onnx"
    said = await asyncio.to_thread(champion.predict, rows) if slow else champion.predict(rows)
    ms = 1000 * (time.perf_counter() - started)
    told = await asyncio.to_thread(champion.explained, rows, said, reasons) if reasons else said
    return Predicted(told, ms)


def _check_key(key: str | None, request: Request) -> None:
    given = request.headers.get(API_KEY, "")
    if key is not None and not hmac.compare_digest(given.encode(), key.encode()):
        raise RefusedError(f"The header {API_KEY} is missing or wrong: ask the owner.", 401)


def _reasons(request: Request, most: int) -> int:
    """How many reasons to give of each prediction; 0 unless the request asks for them."""
    asked = request.query_params.get(REASONS, "false")
    if asked not in ("true", "false"):
        raise RefusedError("reasons is neither true nor false: correct it.")
    if asked == "true" and not most:
        raise RefusedError(
            "This service gives no reasons: leave the parameter out, or ask the owner to set "
            "reasons in configs/serving.yaml."
        )
    return most if asked == "true" else 0


async def _body(request: Request, most: int) -> bytes:
    """The body, read no further than what is allowed."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > most:
            raise RefusedError(f"A body may have {most:,} bytes: send fewer rows at a time.", 413)
    return b"".join(parts)


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status)
