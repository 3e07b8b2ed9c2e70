"""The faults that a teacher can turn on.

outage: not ready, but orders work, as if the database were far away. hang: connections are accepted but never
answered, as if every thread waited for a lock. leak: the process takes memory step by step. slow: orders take seconds.
No fault ends the process, each can be turned off, and the fault port always answers.
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
"""A leak's step and maximum, in bytes, and the time between two steps, in seconds."""


@dataclass(slots=True)
class _Fault:
    """A fault that is on. ``delay`` is how long a slow order takes, in seconds; ``timer`` turns the fault off."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    delay: float = 0.0
    timer: asyncio.TimerHandle | None = None


class Faults:
    """The faults that are on. For use inside one event loop."""

    def __init__(self) -> None:
        self._on: dict[str, _Fault] = {}
        self._leaking: set[asyncio.Task[None]] = set()
        self.taken = 0
        """Leaked memory, in bytes."""
        self.waiting = 0
        """How many slow orders are in progress."""

    def begin(self, name: str, *, lasts: float | None = None, delay: float = 0.0) -> None:
        """Turn a fault on, for ``lasts`` seconds or without limit. A fault that is on continues with the new arguments."""
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
        """Turn a fault off, if it is on."""
        fault = self._on.pop(name, None)
        if fault is not None:
            fault.over.set()
            if fault.timer is not None:
                fault.timer.cancel()

    def over(self, name: str) -> asyncio.Event | None:
        """Return the event that is set when the fault ends; None while it is off."""
        fault = self._on.get(name)
        return fault.over if fault else None

    @property
    def delay(self) -> float:
        """The extra time of an order that arrives now, in seconds."""
        slow = self._on.get(SLOW)
        return slow.delay if slow else 0.0

    def state(self) -> dict[str, dict[str, object]]:
        """Return each fault by name: whether it is on, when it ends, and its extent."""
        now, states = asyncio.get_running_loop().time(), {}
        for name in FAULTS:
            fault = self._on.get(name)
            about: dict[str, object] = {"on": fault is not None}
            if fault and fault.timer:
                about["ends_in_seconds"] = round(fault.timer.when() - now, 3)
            if name == LEAK:
                about["taken_bytes"] = self.taken
            if name == SLOW:
                about |= {"waiting": self.waiting, "seconds": self.delay}
            states[name] = about
        return states

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
    """An application that doesn't answer while the fault ``hang`` is on, or until the process closes its listener."""

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
    """An application whose orders take the delay of the fault ``slow`` at their arrival."""

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
    """Return once one of the events is set."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
