"""A client that opens new connections at a steady rate and counts failures: ``python -m shop.load``.

::

    PUT    /load?host=10.96.0.7&port=80&rate=50      begin: GET /orders, ``rate`` new connections a second
    GET    /load                                     requests sent and failed so far
    DELETE /load                                     stop, wait for open requests, and return the counts

It measures, so it writes to sockets itself: a client library's own time and its connection pool would change the counts. A
request that isn't answered with 200 within five seconds has failed. The client runs inside the cluster, because only there
a Service has an address.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bootstrap import open_to_traffic, run
from .json_errors import RefusedError
from .phases import Lifecycle
from .settings import Settings
from .waiting import elapse

ANSWERED_WITHIN = 5.0
"""How long a request may take, in seconds."""

RATE_MOST = 500.0
"""The highest rate, in new connections a second."""


@dataclass(slots=True)
class Load:
    """Load on one address; ``failed`` counts failures by reason."""

    host: str
    port: int
    rate: float
    sent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _pace: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start sending."""
        self._pace = asyncio.create_task(self._send())

    async def end(self) -> None:
        """Stop sending, and wait for open requests."""
        if self._pace is not None:
            self._pace.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def counts(self) -> dict[str, object]:
        """Return the counts so far."""
        return {"sent": self.sent, "failed": self.failed.total(), "reasons": dict(self.failed)}

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            task = asyncio.create_task(self._ask())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            self.sent += 1
            # Times count from the beginning, so that one delay doesn't lower the rate.
            await elapse(max(0.0, began + self.sent / self.rate - loop.time()))

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                status = await self._status()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
            self.failed[type(error).__name__] += 1
        else:
            if status != HTTPStatus.OK:
                self.failed[str(status)] += 1

    async def _status(self) -> int:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(f"GET /orders HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            answer = await reader.read()
            return int(answer.split(b" ", 2)[1]) if b" " in answer else 0
        finally:
            writer.close()


class LoadApi:
    """Controls the load over HTTP, one at a time."""

    def __init__(self) -> None:
        self._load: Load | None = None

    async def begin(self, request: Request) -> Response:
        """Begin, and replace a running load."""
        try:
            load = Load(
                request.query_params["host"], int(request.query_params["port"]), float(request.query_params["rate"])
            )
        except (KeyError, ValueError):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "host, port and rate are needed.") from None
        if not 0 < load.rate <= RATE_MOST:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"The rate is above 0 and at most {RATE_MOST:g}.")
        if self._load is not None:
            await self._load.end()
        self._load = load
        load.begin()
        return JSONResponse(load.counts())

    async def counts(self, _: Request) -> Response:
        """Return the counts so far."""
        return JSONResponse(self._running().counts())

    async def end(self, _: Request) -> Response:
        """Stop and return the counts."""
        load = self._running()
        await load.end()
        return JSONResponse(load.counts())

    def _running(self) -> Load:
        if self._load is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "No load is running.")
        return self._load


async def load(settings: Settings, lifecycle: Lifecycle) -> None:
    """Serve the load client's own port until the lifecycle closes."""
    api = LoadApi()
    routes = [
        Route("/load", api.begin, methods=["PUT"]),
        Route("/load", api.counts, methods=["GET"]),
        Route("/load", api.end, methods=["DELETE"]),
    ]
    await open_to_traffic(settings, lifecycle, routes)


def main() -> int:
    """Run the load client; return the exit code."""
    return run("load", load)


if __name__ == "__main__":
    sys.exit(main())
