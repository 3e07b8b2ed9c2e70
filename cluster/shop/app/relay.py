"""The relay: what is in the outbox is published, sooner or later, whatever happens to the broker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .orders import BrokerAwayError, OrderEvent
from .postgres_store import BATCH, PostgresStore
from .store import StoreAwayError
from .waiting import happens

LOOK = 1.0
"""The outbox is looked into at least every so many seconds: another replica may have died with events in it."""

_log = logging.getLogger(__name__)


class Relay:
    """Empties one store's outbox into a broker, until it is canceled."""

    def __init__(self, store: PostgresStore, publish: Callable[[OrderEvent], Awaitable[None]]) -> None:
        self._store = store
        self._publish = publish
        self._more = asyncio.Event()

    async def nudge(self, _: OrderEvent) -> None:
        """There is something in the outbox: look at once."""
        self._more.set()

    async def run(self) -> None:
        """Relay for ever. While the broker or the database is away it tries again each time it looks."""
        while True:
            self._more.clear()
            if await self._pass() < BATCH:
                await happens(self._more, LOOK)

    async def _pass(self) -> int:
        try:
            return await self._store.empty_outbox(self._publish)
        except (BrokerAwayError, StoreAwayError) as error:
            _log.warning("events wait in the outbox", extra={"error": str(error)})
        except Exception:  # whatever it was: without a relay no event would ever leave
            _log.exception("events wait in the outbox")
        return 0
