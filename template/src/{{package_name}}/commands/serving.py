"""`serve`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from ..core.errors import ProjectError


def serve(
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other machines ask.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
) -> None:
    """Answer requests with the champion, until stopped; a new champion takes over by itself."""
    from ..project import Project
    from ..serving.server import serve as start

    try:
        start(Project.find(), host, port)
    except ProjectError as error:
        console = Console(file=sys.stderr, highlight=False)
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
