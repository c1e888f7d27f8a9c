"""The OpenAPI description, from the version that answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from ..core.pulls import CONTRIBUTION, FEATURE
from .champion import REASONS, Champion

ONE, MANY = "/v1/predict", "/v1/predict/batch"
SUMMARIES = {ONE: "A prediction for one row", MANY: "Predictions for many rows, in their order"}
REASON = {FEATURE: "tenure", CONTRIBUTION: 0.5}
WHY = (
    "Features that pushed most towards what was decided, the strongest first; none where nothing "
    "did. A contribution is what the feature adds to the model's score before calibration. Only "
    "where asked for."
)
ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
REFUSALS = {
    "400": "No JSON",
    "401": "No key, or a wrong one",
    "413": "Too long, or too many rows",
    "422": "A row that does not fit",
    "503": "No model, no time, or no room for the log",
}


def describe(
    app: FastAPI, champion: Champion | None, api_key: str | None, reasons: int
) -> dict[str, Any]:
    """What can be asked and what comes back; without a champion only where.

    `api_key` names the header that a request has to have, if any; `reasons` is how many are given.
    """
    found = get_openapi(title=app.title, version="1", routes=app.routes)
    for path, summary in SUMMARIES.items():
        found["paths"][path] = {"post": {"summary": summary, "responses": _refused(REFUSALS)}}
    found["paths"]["/health/ready"]["get"]["responses"] |= _refused({"503": "No model yet"})
    if champion is not None:
        served = champion.served
        found["info"] |= {
            "title": f"{served.name}: predicts {served.target}",
            "description": f"Answered by model version {served.version}.",
        }
        said = champion.predict([champion.example])[0]
        row, name = {**said, "model_version": champion.version}, {"id": "0" * 32}
        _add(found, ONE, champion.reader.one, {**row, **name})
        _add(found, MANY, champion.reader.many, {"predictions": [row, row], **name})
        if reasons and champion.explains:
            _add_reasons(found, reasons)
    if api_key is not None:
        scheme = {"type": "apiKey", "in": "header", "name": api_key}
        found.setdefault("components", {})["securitySchemes"] = {"key": scheme}
        for path in SUMMARIES:
            found["paths"][path]["post"]["security"] = [{"key": []}]
    return found


def _add(
    found: dict[str, Any], path: str, request: TypeAdapter[Any], example: dict[str, Any]
) -> None:
    schema = request.json_schema(ref_template="#/components/schemas/{model}")
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas |= schema.pop("$defs", {})
    operation = found["paths"][path]["post"]
    operation["requestBody"] = {"required": True, "content": _json(schema)}
    answer = _schema_of(example) | {"examples": [example]}
    operation["responses"]["200"] = {"description": "The prediction", "content": _json(answer)}


def _refused(reasons: dict[str, str]) -> dict[str, Any]:
    """Answers with one sentence, by their status."""
    return {code: {"description": why, "content": _json(ERROR)} for code, why in reasons.items()}


def _add_reasons(found: dict[str, Any], most: int) -> None:
    """The parameter that asks for reasons, and where they stand in an answer."""
    parameter = {
        "name": REASONS,
        "in": "query",
        "description": f"Whether to tell up to {most} features that moved each prediction most.",
        "schema": {"type": "boolean", "default": False},
    }
    reasons = {"type": "array", "items": _schema_of(REASON), "maxItems": most, "description": WHY}
    for path in (ONE, MANY):
        operation = found["paths"][path]["post"]
        operation["parameters"] = [parameter]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        rows = answer["properties"].get("predictions", {"items": answer})
        rows["items"]["properties"][REASONS] = reasons


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _schema_of(value: Any) -> dict[str, Any]:
    """The JSON schema of values like this one."""
    if isinstance(value, dict):
        properties = {name: _schema_of(part) for name, part in value.items()}
        return {"type": "object", "properties": properties, "required": list(properties)}
    if isinstance(value, list):
        return {"type": "array", "items": _schema_of(value[0])}
    names = {bool: "boolean", float: "number", int: "integer", str: "string"}
    return {"type": names[type(value)]}
