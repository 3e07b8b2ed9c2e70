"""The ledger: the events whose emails were sent. A message that comes twice leads to one email."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Ledger(Protocol):
    """Claims on events."""

    def claim(self, event_id: str) -> AbstractAsyncContextManager[bool]:
        """Claim an event while its email is sent; yields False if it was sent before.

        A normal end of the block records the email, an exception releases the claim. A second claim on the same event
        waits for the first. May raise StoreAwayError.
        """
        ...


class MemoryLedger:
    """Claims in memory, lost with the process."""

    def __init__(self) -> None:
        self._sent: set[str] = set()
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def claim(self, event_id: str) -> AsyncIterator[bool]:
        """Claim an event; see ``Ledger``. Emails are sent one after the other."""
        async with self._one:
            if event_id in self._sent:
                yield False
                return
            yield True
            self._sent.add(event_id)
