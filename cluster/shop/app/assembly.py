"""Assemble the API from exactly the parts that the settings name.

A client is loaded only if the settings name what it calls: the Redis client alone takes half a second.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from .bootstrap import closed, open_to_traffic
from .fault_api import fault_api
from .faults import Faults
from .health import Health
from .orders import OrderEvent, WorkerAwayError
from .phases import Lifecycle
from .routes import Announce, Confirm, Orders
from .serving import listen, serve
from .settings import Settings
from .store import MemoryStore, Store

if TYPE_CHECKING:
    from .cache import Cache

CONFIRMED_WITHIN = 5.0
"""How long a customer waits for the worker, in seconds, if the API calls it."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Shop:
    """A running API: its applications, its background tasks, and what to close at the end."""

    settings: Settings
    lifecycle: Lifecycle
    faults: Faults
    health: Health
    orders: Orders
    beside: list[asyncio.Task[None]] = field(default_factory=list)
    closes: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def serve(self) -> None:
        """Serve orders, and faults on their own port, until the lifecycle closes. Raises OSError if a port is taken."""
        routes = [*self.health.routes(), *self.orders.routes()]
        await asyncio.gather(self._serve_faults(), open_to_traffic(self.settings, self.lifecycle, routes, self.faults))

    async def close(self) -> None:
        """Stop the background tasks and disconnect from every engine."""
        for task in self.beside:
            task.cancel()
        await closed(*self.closes)

    async def _serve_faults(self) -> None:
        host, port = self.settings.fault_host, self.settings.fault_port
        try:
            listener = listen(host, port)
        except OSError as error:
            # Two shops in one pod share its ports. Orders matter more than faults.
            _log.error("no fault port", extra={"host": host, "port": port, "error": str(error)})
            return
        _log.info("fault port open", extra={"host": host, "port": listener.getsockname()[1]})
        await serve(fault_api(self.faults, self.settings.release), listener, self.lifecycle)


async def assemble(settings: Settings, lifecycle: Lifecycle) -> Shop:
    """Assemble the API of the settings and begin to connect. It doesn't wait for engines: readiness reports them."""
    faults = Faults()
    health = Health(lifecycle, faults, ever_ready=settings.behavior.ready)
    store: Store = MemoryStore()
    shop = Shop(settings, lifecycle, faults, health, Orders(store, None, None, outbox=False))
    shop.orders.announce = await _broker(shop)
    shop.orders.cache = _cache(shop)
    await _database(shop)
    if settings.worker:
        shop.orders.confirm = confirmer(settings.worker)
    return shop


def confirmer(worker: str) -> Confirm:
    """Return a function that asks the worker at that address to send an email, and waits until it is sent."""
    from .calls import AwayError, call  # noqa: PLC0415

    async def confirm(event: OrderEvent) -> None:
        body = json.loads(event.payload)
        try:
            answer = await call("POST", f"{worker}/confirmations", body, CONFIRMED_WITHIN, **event.headers)
        except AwayError as error:
            raise WorkerAwayError(str(error)) from error
        if answer.status != HTTPStatus.OK:
            raise WorkerAwayError(f"the worker answered {answer.status}")

    return confirm


async def _broker(shop: Shop) -> Announce | None:
    if not shop.settings.broker:
        return None
    from .broker import Broker  # noqa: PLC0415

    broker = Broker(shop.settings.broker, shop.settings.prefix)
    await broker.open()
    shop.closes.append(broker.close)
    return broker.publish


def _cache(shop: Shop) -> Cache | None:
    if not shop.settings.cache:
        return None
    from .cache import Cache  # noqa: PLC0415

    cache = Cache(shop.settings.cache, shop.settings.prefix)
    shop.closes.append(cache.close)
    return cache


async def _database(shop: Shop) -> None:
    if not shop.settings.database:
        return
    from .postgres import Database  # noqa: PLC0415
    from .postgres_store import PostgresStore  # noqa: PLC0415

    database = Database(shop.settings.database, shop.settings.schema)
    await database.open()
    shop.closes.append(database.close)
    shop.health.needs["database"] = database.reachable
    shop.orders.store = store = PostgresStore(database)
    if shop.orders.announce:
        from .relay import Relay  # noqa: PLC0415

        relay = Relay(store, shop.orders.announce)
        shop.orders.announce, shop.orders.outbox = relay.nudge, True
        shop.beside.append(asyncio.create_task(relay.run()))
