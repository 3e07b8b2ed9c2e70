"""A visitor who places orders and then looks up their results: ``python -m shop.visitor``.

::

    POST /orders?count=20&at_once=4   place orders at API_URL and read each; the API's answers, one object an order
    GET  /orders                      the state of every order so far, in every engine that is reachable now
    GET  /reached                     whether each part that the visitor knows is reachable now
    DELETE /orders                    remove the run's data from the engines

The visitor isn't part of the shop: it sees every engine, even those that the shop can't reach.
Its imports of engines' clients are inside functions: an engine that doesn't exist needs no client.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bootstrap import closed, open_to_traffic, run
from .calls import AwayError, call
from .json_errors import RefusedError
from .phases import Lifecycle
from .settings import Settings

ORDER = {"customer": "visitor@customers.example", "items": [{"sku": "tea", "quantity": 2}]}
COUNT_MOST, AT_ONCE_MOST = 2_000, 64
PLACED_WITHIN = 10.0
LOOKED_WITHIN = 1.0
"""How long a look into an engine may take, in seconds; a slower engine counts as unreachable."""


@dataclass(slots=True)
class VisitorOrder:
    """An order, as its visitor saw it: ``seconds`` is how long the answer took, ``at`` when it was sent (since the epoch).

    ``reads`` are the times of two reads after that, in seconds; ``id`` is empty if the API gave none.
    """

    at: float
    status: int
    seconds: float
    id: str = ""
    reads: list[float] = field(default_factory=list)


class Visitor:
    """One visitor and the orders so far."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.placed: list[VisitorOrder] = []
        self.announced: dict[str, float] = {}
        self._heard = 0
        self._database: Any = None
        self._cache: Any = None
        self._broker: Any = None

    async def place(self, request: Request) -> Response:
        """Place ``count`` orders, ``at_once`` at a time."""
        count, at_once = _number(request, "count", COUNT_MOST), _number(request, "at_once", AT_ONCE_MOST)
        turns = asyncio.Semaphore(at_once)

        async def one() -> VisitorOrder:
            async with turns:
                return await self._place()

        placed = await asyncio.gather(*(one() for _ in range(count)))
        self.placed += placed
        return JSONResponse([asdict(order) for order in placed])

    async def _place(self) -> VisitorOrder:
        at, began = time.time(), time.perf_counter()
        status, order_id = 0, ""
        try:
            answer = await call("POST", f"{self.settings.api}/orders", ORDER, PLACED_WITHIN)
            status = answer.status
            order_id = str(answer.body["id"]) if status == HTTPStatus.CREATED else ""
        except (AwayError, KeyError, TypeError):
            pass
        placed = VisitorOrder(at, status, time.perf_counter() - began, order_id)
        for _ in range(2 if order_id else 0):  # the first read fills the cache, the second one is served from it
            began = time.perf_counter()
            try:
                answer = await call("GET", f"{self.settings.api}/orders/{order_id}", within=PLACED_WITHIN)
            except AwayError:
                break
            if answer.status == HTTPStatus.OK:
                placed.reads.append(time.perf_counter() - began)
        return placed

    async def reached(self, _: Request) -> Response:
        """Return whether each address accepts connections."""
        settings = self.settings
        where = {
            "api": settings.api, "worker": settings.worker, "sink": settings.sink, "mail": settings.mail,
            "database": settings.database, "cache": settings.cache, "broker": settings.broker,
        }  # fmt: skip
        names = [name for name, url in where.items() if url]
        found = await asyncio.gather(*(_listens(str(where[name])) for name in names))
        return JSONResponse(dict(zip(names, found, strict=True)))

    async def look(self, _: Request) -> Response:
        """Return the state of every order: stored, cached, announced, emailed; None if an engine is unreachable now."""
        ids = [order.id for order in self.placed if order.id]
        stored, cached, announced, emails = await asyncio.gather(
            _soon(self._stored()), _soon(self._cached(ids)), _soon(self._announced()), _soon(self._emails())
        )
        return JSONResponse({
            "stored": stored,
            "cached": cached,
            "announced": announced,
            "emails": emails,
        })  # fmt: skip

    async def _stored(self) -> list[str]:
        if not self.settings.database:
            return []
        import psycopg  # noqa: PLC0415
        from psycopg import sql  # noqa: PLC0415

        if self._database is None or self._database.closed or self._database.broken:
            self._database = await psycopg.AsyncConnection.connect(
                self.settings.database, autocommit=True, connect_timeout=1
            )
        table = sql.Identifier(*filter(None, (self.settings.schema, "orders")))
        try:
            rows = await self._database.execute(sql.SQL("SELECT id::text FROM {} ORDER BY number").format(table))
        except psycopg.errors.UndefinedTable:
            return []
        return [row[0] for row in await rows.fetchall()]

    async def _cached(self, ids: list[str]) -> list[str]:
        if not self.settings.cache or not ids:
            return []
        from redis.asyncio import Redis  # noqa: PLC0415

        if self._cache is None:
            self._cache = Redis.from_url(self.settings.cache, socket_timeout=LOOKED_WITHIN)
        kept = await self._cache.mget([f"{self.settings.prefix}order:{one}" for one in ids])
        return [one for one, value in zip(ids, kept, strict=True) if value is not None]

    async def _announced(self) -> Mapping[str, float]:
        if not self.settings.broker:
            return {}
        import nats  # noqa: PLC0415
        from nats.js.errors import NotFoundError  # noqa: PLC0415

        from .broker import STREAM  # noqa: PLC0415

        if self._broker is None or self._broker.is_closed:
            self._broker = await nats.connect(self.settings.broker, connect_timeout=1, max_reconnect_attempts=-1, reconnect_time_wait=0.2)  # fmt: skip
        jetstream, stream = self._broker.jetstream(timeout=LOOKED_WITHIN), self.settings.prefix + STREAM
        try:
            last = (await jetstream.stream_info(stream)).state.last_seq
            for number in range(self._heard + 1, last + 1):
                event = json.loads((await jetstream.get_msg(stream, number)).data or b"{}")
                self.announced.setdefault(str(event.get("order_id")), time.time())
                self._heard = number
        except NotFoundError:
            pass
        return self.announced

    async def _emails(self) -> list[Any]:
        if not self.settings.sink:
            return []
        answer = await call("GET", f"{self.settings.sink}/emails", within=LOOKED_WITHIN)
        return list(answer.body or ())

    async def clear(self, _: Request) -> Response:
        """Remove the run's schema, stream and keys; return whether each was removed."""
        done = await asyncio.gather(_soon(self._drop()), _soon(self._forget()), _soon(self._unannounce()))
        return JSONResponse(dict(zip(("database", "cache", "broker"), (one is not None for one in done), strict=True)))

    async def _drop(self) -> bool:
        await self._stored()
        if self.settings.schema and self._database is not None:
            from psycopg import sql  # noqa: PLC0415

            await self._database.execute(
                sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(self.settings.schema))
            )
        return True

    async def _forget(self) -> bool:
        ids = [order.id for order in self.placed if order.id]
        await self._cached(ids)
        if self._cache is not None and ids:
            await self._cache.delete(*(f"{self.settings.prefix}order:{one}" for one in ids))
        return True

    async def _unannounce(self) -> bool:
        await self._announced()
        if self._broker is not None and self.settings.prefix:
            from nats.js.errors import NotFoundError  # noqa: PLC0415

            from .broker import STREAM  # noqa: PLC0415

            with contextlib.suppress(NotFoundError):
                await self._broker.jetstream().delete_stream(self.settings.prefix + STREAM)
        return True

    async def close(self) -> None:
        """Close every connection."""
        for connection in (self._database, self._broker):
            if connection is not None:
                await connection.close()
        if self._cache is not None:
            await self._cache.aclose()


def _load(settings: Settings) -> None:
    """Load the clients of the existing engines, so that the first look doesn't wait for the import."""
    if settings.database:
        import psycopg  # noqa: F401, PLC0415
    if settings.cache:
        import redis.asyncio  # noqa: F401, PLC0415
    if settings.broker:
        import nats  # noqa: F401, PLC0415


async def _listens(url: str) -> bool:
    to = urlsplit(url)
    try:
        async with asyncio.timeout(LOOKED_WITHIN):
            _, writer = await asyncio.open_connection(to.hostname, to.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _soon(look: Any) -> Any:
    try:
        async with asyncio.timeout(LOOKED_WITHIN):
            return await look
    except Exception:  # any error of the client means that the engine is unreachable
        return None


def _number(request: Request, name: str, most: int) -> int:
    value = request.query_params.get(name, "1")
    if not value.isdigit() or not 0 < int(value) <= most:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"“{name}” is a number from 1 to {most}.")
    return int(value)


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Serve the visitor's clients until the lifecycle ends."""
    lifecycle.serves_on = 0.0
    visitor = Visitor(settings)
    routes = [
        Route("/orders", visitor.place, methods=["POST"]),
        Route("/orders", visitor.look, methods=["GET"]),
        Route("/orders", visitor.clear, methods=["DELETE"]),
        Route("/reached", visitor.reached, methods=["GET"]),
    ]
    loading = asyncio.create_task(asyncio.to_thread(_load, settings))
    try:
        await open_to_traffic(settings, lifecycle, routes)
    finally:
        loading.cancel()
        await closed(visitor.close)


def main() -> int:
    """Run the visitor; return the exit code."""
    return run("visitor", work)


if __name__ == "__main__":
    sys.exit(main())
