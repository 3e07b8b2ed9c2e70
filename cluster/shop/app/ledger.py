"""The ledger: which events' emails were sent. It makes a message that comes twice one email."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Ledger(Protocol):
    """Claims on events."""

    def claim(self, event_id: str) -> AbstractAsyncContextManager[bool]:
        """Claim an event while its email is sent: False when it was sent before.

        Leaving the block in peace records it, leaving it by an exception gives the claim back. While one holds a
        claim, another who wants the same waits. May raise StoreAwayError.
        """
        ...


class MemoryLedger:
    """Claims in memory: gone with the process."""

    def __init__(self) -> None:
        self._sent: set[str] = set()
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def claim(self, event_id: str) -> AsyncIterator[bool]:
        """Claim an event; see ``Ledger``. Emails go one after the other."""
        async with self._one:
            if event_id in self._sent:
                yield False
                return
            yield True
            self._sent.add(event_id)
