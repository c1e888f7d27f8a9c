"""`--as-of`: the time that a command takes for now, as a replay of the past needs it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="The time in UTC to take for now.",
    ),
]


def moment(as_of: datetime | None) -> datetime:
    """`as_of`, or now, in UTC and whole seconds."""
    return as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC).replace(microsecond=0)
