"""The relay: it publishes every event in the outbox sooner or later, even after outages of the broker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .orders import BrokerAwayError, OrderEvent
from .postgres_store import BATCH, PostgresStore
from .store import StoreAwayError
from .waiting import happens

LOOK = 1.0
"""How often the outbox is checked at least, in seconds: another replica may have crashed with events in it."""

_log = logging.getLogger(__name__)


class Relay:
    """Empties one store's outbox into a broker, until it is canceled."""

    def __init__(self, store: PostgresStore, publish: Callable[[OrderEvent], Awaitable[None]]) -> None:
        self._store = store
        self._publish = publish
        self._more = asyncio.Event()

    async def nudge(self, _: OrderEvent) -> None:
        """Check the outbox at once: it has an event."""
        self._more.set()

    async def run(self) -> None:
        """Relay until canceled. While the broker or the database is unreachable, each check tries again."""
        while True:
            self._more.clear()
            if await self._pass() < BATCH:
                await happens(self._more, LOOK)

    async def _pass(self) -> int:
        try:
            return await self._store.empty_outbox(self._publish)
        except (BrokerAwayError, StoreAwayError) as error:
            _log.warning("events wait in the outbox", extra={"error": str(error)})
        except Exception:  # continue after any error: without a relay no event would be published
            _log.exception("events wait in the outbox")
        return 0
