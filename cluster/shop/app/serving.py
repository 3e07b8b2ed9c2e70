"""Serve HTTP until it is time to close, and leave the signals to the owner of the process.

uvicorn itself closes its listener on SIGTERM at once and then raises the signal again, so its process exits with 143.
Here the lifecycle decides when the listener closes, and the exit code is the caller's.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from .phases import Lifecycle

KEEP_ALIVE = 75
"""How long an idle connection is kept, in seconds: longer than proxies keep theirs, so that they close first."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """Open a port. Raises OSError if it is taken."""
    return socket.create_server((host, port), backlog=2048)


async def serve(app: ASGIApp, listener: socket.socket, lifecycle: Lifecycle) -> None:
    """Serve until the lifecycle closes; then finish the requests in flight within its time, and return."""
    server = _Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=max(0, int(lifecycle.finishes_within)),
        )
    )
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    closing = asyncio.ensure_future(lifecycle.closing.wait())
    await asyncio.wait({serving, closing}, return_when=asyncio.FIRST_COMPLETED)
    closing.cancel()
    server.should_exit = True
    await serving
