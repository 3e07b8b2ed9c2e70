"""Waiting: always for something, always for so long at most."""

from __future__ import annotations

import asyncio


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether the event is set within so many seconds."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def elapse(seconds: float) -> None:
    """Return after so many seconds, or at once when canceled."""
    await happens(asyncio.Event(), seconds)
