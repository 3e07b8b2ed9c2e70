"""Waiting for an event or for time, always with a limit."""

from __future__ import annotations

import asyncio


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether the event is set within ``within`` seconds."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def elapse(seconds: float) -> None:
    """Return after ``seconds``, or at once when canceled."""
    await happens(asyncio.Event(), seconds)
