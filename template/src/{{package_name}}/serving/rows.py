"""What a request has to look like, made from the columns of the version that answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NotRequired, Required

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from ..core.contract import MEANING, Column
from ..core.serving_model import ServedModel

FILLED = r"[^ \t\n\r\f\v]"
"""A text that is not blank."""
EXAMPLE_TIME = "2026-01-01T00:00:00Z"
WRITTEN = {"boolean": "true or false", "datetime": f"a time, as in {EXAMPLE_TIME}"}
"""How a value is written, where that is not plain from what it is."""
Rows = list[dict[str, Any]]


class RefusedError(Exception):
    """A request that gets no prediction; `str(error)` is the sentence to send."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


class RowReader:
    """Reads the rows of requests; types are held to, levels and ranges are not."""

    def __init__(self, served: ServedModel, most_rows: int) -> None:
        self._columns = {column.name: column for column in served.columns}
        self._keys = set(served.keys)
        self._most_rows = most_rows
        row: Any = _strict("Row", self._fields(), self.example())
        many = {"rows": Annotated[list[row], Field(min_length=1, max_length=most_rows)]}
        rows = _strict("Rows", many, {"rows": [self.example(), self.example()]})
        self.one: TypeAdapter[dict[str, Any]] = TypeAdapter(row)
        self.many: TypeAdapter[dict[str, Rows]] = TypeAdapter(rows)

    def read(self, body: bytes, many: bool) -> Rows:
        """The rows of a body: one as such, or many below `rows`. Raises RefusedError."""
        try:
            return self.many.validate_json(body)["rows"] if many else [self.one.validate_json(body)]
        except ValidationError as problem:
            detail = dict(problem.errors(include_url=False)[0])
            raise self._refusal(str(detail["type"]), detail) from None

    def example(self) -> dict[str, Any]:
        """A row made up from what the contract says of the columns."""
        return {name: _example(column) for name, column in self._columns.items()}

    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, column in self._columns.items():
            kind = _kind(column) if name in self._keys else _kind(column) | None
            fields[name] = Required[kind] if column.required else NotRequired[kind]
        return fields

    def _refusal(self, kind: str, detail: dict[str, Any]) -> RefusedError:
        """The sentence about the first thing that is wrong."""
        place = detail["loc"]
        if kind == "json_invalid":
            return RefusedError(f"The body is no valid JSON: {detail['ctx']['error']}.", 400)
        if kind == "too_long":
            most = f"{self._most_rows:,}"
            return RefusedError(f"One request may hold {most} rows: send the rest in others.", 413)
        if kind == "too_short":
            return RefusedError("rows is empty: send at least one.")
        numbers = [part for part in place if isinstance(part, int)]
        where = f"Row {numbers[0]}: " if numbers else ""
        if kind == "extra_forbidden":
            what = f"{place[-1]} is not known here: leave it out, or correct its name."
        elif kind == "missing":
            what = f"{place[-1]} is missing: send it{self._or_null(place[-1])}."
        else:
            name = next((part for part in place if part in self._columns), None)
            what = self._unfit(name, detail["input"]) if name else "This is no row: see /docs."
        return RefusedError(where + what)

    def _unfit(self, name: str, value: object) -> str:
        column = self._columns[name]
        if name in self._keys and (value is None or str(value).isspace() or value == ""):
            return f"{name} is missing: it names the row."
        kind = "string" if column.role in ("identifier", "entity") else column.type
        wanted = WRITTEN.get(kind, f"a {MEANING[kind]}")
        return f"{name} is not {wanted}: correct it{self._or_null(name)}."

    def _or_null(self, name: str) -> str:
        return "" if name in self._keys else ", or send null where it is not known"


def _strict(name: str, fields: dict[str, Any], example: dict[str, Any]) -> Any:
    """The type of a JSON object with just these fields, whatever their names."""
    config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [example]})
    return with_config(config)(TypedDict(name, fields))  # type: ignore[operator]


def _kind(column: Column) -> Any:
    """The type of a value that is there."""
    if column.role in ("identifier", "entity"):
        return Annotated[str, Field(pattern=FILLED)] | int
    kinds: dict[str, Any] = {"boolean": bool, "string": str, "datetime": datetime}
    return kinds.get(column.type, Annotated[float, Field(allow_inf_nan=False)])


def _example(column: Column) -> Any:
    """An average or the commonest level; of a key, one that is made up."""
    if column.role in ("identifier", "entity"):
        return 1 if column.numeric else f"{column.name}-1"
    if column.type == "datetime":
        return EXAMPLE_TIME
    if column.type == "boolean":
        return True
    if column.type == "string":
        return column.levels[0] if column.levels else "text"
    mean = 0.0 if column.mean is None else column.mean
    return round(mean) if column.type == "integer" else mean
