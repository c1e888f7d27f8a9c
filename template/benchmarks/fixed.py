"""A server that says the same to everything: what it reaches is the limit of the load itself."""

from __future__ import annotations

import asyncio
import sys
from typing import cast

from uvicorn.loops.auto import auto_loop_factory

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Fixed(asyncio.Protocol):
    """Takes what comes in one piece for one request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(ANSWER)


async def serve(port: int) -> None:
    """Answers until it is stopped."""
    server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(serve(int(sys.argv[1])))
