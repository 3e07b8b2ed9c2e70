"""The orders: GET and POST /orders, GET /orders/{id}."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .json_errors import RefusedError
from .orders import BadOrderError, BrokerAwayError, Order, OrderEvent, WorkerAwayError, created, read_order
from .store import Store, StoreAwayError
from .traces import carried

if TYPE_CHECKING:  # its client loads only if there is a Redis: that takes half a second
    from .cache import Cache

BODY_BYTES = 64 * 1024
"""The largest body that is read."""

NEWEST = 100
"""How many orders GET /orders shows."""

Announce = Callable[[OrderEvent], Awaitable[None]]
"""Announces an event to other services. Raises BrokerAwayError."""

Confirm = Callable[[OrderEvent], Awaitable[None]]
"""Has the worker send the email while the customer waits. Raises WorkerAwayError if it can't."""


class Orders:
    """The orders API over a store, a cache and a way to announce."""

    def __init__(self, store: Store, cache: Cache | None, announce: Announce | None, *, outbox: bool) -> None:
        """``outbox`` means that the store announces events itself, and ``announce`` only wakes the relay."""
        self.store = store
        self.cache = cache
        self.announce = announce
        self.outbox = outbox
        self.confirm: Confirm | None = None

    def routes(self) -> Sequence[Route]:
        """The API's routes."""
        return [
            Route("/orders", self._newest, methods=["GET"]),
            Route("/orders", self._place, methods=["POST"]),
            Route("/orders/{order_id}", self._get, methods=["GET"]),
        ]

    async def _newest(self, _: Request) -> Response:
        try:
            orders = await self.store.newest(NEWEST)
        except StoreAwayError:
            raise _away("Orders can't be read now; try again.") from None
        return JSONResponse({"orders": [order.as_json() for order in orders]})

    async def _place(self, request: Request) -> Response:
        try:
            order = read_order(await body(request))
        except BadOrderError as error:
            raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from None
        try:
            await self._keep(order)
        except (StoreAwayError, BrokerAwayError):
            raise _away("The order wasn't placed; try again.") from None
        except WorkerAwayError:
            raise _away("The order couldn't be confirmed; try again.") from None
        return JSONResponse(order.as_json(), HTTPStatus.CREATED, {"location": f"/orders/{order.id}"})

    async def _keep(self, order: Order) -> None:
        event = created(order, carried())
        # There is no transaction over both, so an order that can't be announced isn't stored.
        if self.announce and not self.outbox:
            await self.announce(event)
        await self.store.add(order, event)
        if self.announce and self.outbox:
            await self.announce(event)
        if self.confirm:
            await self.confirm(event)

    async def _get(self, request: Request) -> Response:
        order = await self._find(request.path_params["order_id"])
        if order is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such order.")
        return JSONResponse(order.as_json())

    async def _find(self, said: str) -> Order | None:
        try:
            order_id = str(uuid.UUID(said))
        except ValueError:
            return None
        if self.cache and (kept := await self.cache.get(order_id)):
            return kept
        try:
            order = await self.store.get(order_id)
        except StoreAwayError:
            raise _away("The order can't be read now; try again.") from None
        if self.cache and order:
            await self.cache.put(order)
        return order


def _away(why: str) -> RefusedError:
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, why)


async def body(request: Request) -> bytes:
    """Read a request's body. Raises RefusedError if it is too large or never arrives."""
    whole = bytearray()
    try:
        async for chunk in request.stream():
            whole += chunk
            if len(whole) > BODY_BYTES:
                raise RefusedError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {BODY_BYTES // 1024} KiB."
                )
    except ClientDisconnect:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The connection was closed before the order was complete.") from None
    return bytes(whole)
