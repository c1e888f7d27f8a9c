"""One line of the service's log: what was said of the rows of one request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..core.serving_model import ServedModel
from ..core.serving_scorer import Row, utc


@dataclass(frozen=True)
class Line:
    """`keys` and `said` hold a list each, one entry for each row."""

    id: str
    at: datetime
    milliseconds: float
    """Until the prediction was made."""
    keys: Mapping[str, Sequence[str | None]]
    said: Sequence[Mapping[str, Any]]
    places: Sequence[int] | None
    """Of these rows in the request, where it held others too."""

    @classmethod
    def of(
        cls,
        served: ServedModel,
        rows: Sequence[Row],
        said: Sequence[Mapping[str, Any]],
        ms: float,
        request: str,
        places: Sequence[int] | None,
    ) -> Line:
        """The line about rows of a request that were just predicted."""
        return cls(request, datetime.now(UTC), ms, keys_of(served, rows), said, places)

    def written(self, body: bytes, with_inputs: bool) -> bytes:
        """As JSON; with the body of the request, else with its hash."""
        line: dict[str, Any] = {
            "id": self.id,
            "at": self.at.isoformat(),
            "ms": round(self.milliseconds, 3),
            "keys": self.keys,
            "said": self.said,
        }
        if self.places is not None:
            line["places"] = self.places
        if not with_inputs:
            return json.dumps({**line, "sha256": hashlib.sha256(body).hexdigest()}).encode()
        begins = json.dumps(line).encode()[:-1]
        return begins + b', "inputs": ' + body.replace(b"\n", b" ").replace(b"\r", b" ") + b"}"


def keys_of(served: ServedModel, rows: Sequence[Row]) -> dict[str, list[str | None]]:
    """What names the rows, by column."""
    return {name: [_text(row.get(name)) for row in rows] for name in served.keys}


def _text(value: str | int | datetime | None) -> str | None:
    """A key as batch scoring logs it; times in UTC."""
    if isinstance(value, datetime):
        return utc(value).replace(tzinfo=None).isoformat()
    return None if value is None else str(value)
