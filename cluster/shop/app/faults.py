"""The faults that a teacher puts the shop through, and how each of them feels from inside.

outage: not ready, though orders go on, as when the database is far away. hang: connections are accepted and nothing is
ever answered, as when every thread waits for a lock. leak: memory is taken step by step. slow: an order takes seconds.
None of them exits, each can be ended, and the fault port answers whatever goes on.
"""

from __future__ import annotations

import asyncio
import mmap
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .waiting import elapse, happens

OUTAGE, HANG, LEAK, SLOW = "outage", "hang", "leak", "slow"
FAULTS = (OUTAGE, HANG, LEAK, SLOW)

LEAK_STEP, LEAK_MOST, LEAK_SECONDS = 32 * 2**20, 700 * 2**20, 0.7
"""A leak takes this many bytes at a time, up to so many, a step each so many seconds."""


@dataclass(slots=True)
class _Fault:
    """A fault that is on. ``delay`` is what a slow order takes; ``timer`` ends the fault by itself."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    delay: float = 0.0
    timer: asyncio.TimerHandle | None = None


class Faults:
    """Which faults are on. Used inside one event loop."""

    def __init__(self) -> None:
        self._on: dict[str, _Fault] = {}
        self._leaking: set[asyncio.Task[None]] = set()
        self.taken = 0
        """What the leak holds, in bytes."""
        self.waiting = 0
        """How many orders are being slow now."""

    def begin(self, name: str, *, lasts: float | None = None, delay: float = 0.0) -> None:
        """Turn a fault on; ``lasts`` ends it after so many seconds. One that is on goes on, with the new arguments."""
        fault = self._on.get(name)
        if fault is None:
            fault = self._on[name] = _Fault()
            if name == LEAK:
                task = asyncio.create_task(self._leak(fault.over))
                self._leaking.add(task)
                task.add_done_callback(self._leaking.discard)
        fault.delay = delay
        if fault.timer is not None:
            fault.timer.cancel()
        fault.timer = None if lasts is None else asyncio.get_running_loop().call_later(lasts, self.end, name)

    def end(self, name: str) -> None:
        """Turn a fault off; one that is off stays off."""
        fault = self._on.pop(name, None)
        if fault is not None:
            fault.over.set()
            if fault.timer is not None:
                fault.timer.cancel()

    def over(self, name: str) -> asyncio.Event | None:
        """What is set when the fault ends; None while it is off."""
        fault = self._on.get(name)
        return fault.over if fault else None

    @property
    def delay(self) -> float:
        """What an order takes that arrives now, in seconds on top."""
        slow = self._on.get(SLOW)
        return slow.delay if slow else 0.0

    def state(self) -> dict[str, dict[str, object]]:
        """Each fault by name: whether it is on, when it ends by itself, and how bad it is."""
        now, told = asyncio.get_running_loop().time(), {}
        for name in FAULTS:
            fault = self._on.get(name)
            about: dict[str, object] = {"on": fault is not None}
            if fault and fault.timer:
                about["ends_in_seconds"] = round(fault.timer.when() - now, 3)
            if name == LEAK:
                about["taken_bytes"] = self.taken
            if name == SLOW:
                about |= {"waiting": self.waiting, "seconds": self.delay}
            told[name] = about
        return told

    async def _leak(self, over: asyncio.Event) -> None:
        held: list[bytearray] = []
        while self.taken < LEAK_MOST and not over.is_set():
            block = bytearray(min(LEAK_STEP, LEAK_MOST - self.taken))
            # Memory counts once it is written to, a page at a time. A step takes some 10 ms: other requests don't notice.
            block[:: mmap.PAGESIZE] = b"\x01" * -(-len(block) // mmap.PAGESIZE)
            held.append(block)
            self.taken += len(block)
            await happens(over, LEAK_SECONDS)
        await over.wait()
        held.clear()
        self.taken = 0


class Hung:
    """An application that answers nothing while the fault ``hang`` is on, or until the process closes its listener."""

    def __init__(self, app: ASGIApp, faults: Faults, closing: asyncio.Event) -> None:
        self.app = app
        self.faults = faults
        self.closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. See the ASGI specification for the arguments."""
        if hang := self.faults.over(HANG):
            await _first(hang, self.closing)
            # The client has long given up; a good answer now would look as if it were in time.
            await JSONResponse({"error": "It took too long."}, HTTPStatus.SERVICE_UNAVAILABLE)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Slowed:
    """An application whose orders take as long as the fault ``slow`` says when they arrive."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. See the ASGI specification for the arguments."""
        if self.faults.delay and scope["path"].startswith("/orders"):
            self.faults.waiting += 1
            try:
                await elapse(self.faults.delay)
            finally:
                self.faults.waiting -= 1
        await self.app(scope, receive, send)


async def _first(*events: asyncio.Event) -> None:
    """Return once one of them is set."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
