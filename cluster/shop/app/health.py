"""The health part of the contract: the platform's three probes, and /metrics.

/healthz says only whether this process is stuck; /readyz whether it wants requests now; /startupz whether
it is initialized. Source: kubernetes.io/docs, "Configure Liveness, Readiness and Startup Probes".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import OUTAGE, Faults
from .phases import Lifecycle

CHECK_WITHIN = 0.8
"""How long readiness waits for the parts that it checks, in seconds: just under a probe's default timeout of 1."""

Check = Callable[[], Awaitable[bool]]
"""Whether a part that the process needs is reachable."""


class Health:
    """The health of this process."""

    def __init__(self, lifecycle: Lifecycle, faults: Faults, *, ever_ready: bool = True) -> None:
        """``ever_ready`` is False for a release that never becomes ready."""
        self.lifecycle = lifecycle
        self.faults = faults
        self.ever_ready = ever_ready
        self.needs: dict[str, Check] = {}
        """Readiness' checks, by the name of the part."""
        self._asking: dict[str, asyncio.Task[bool]] = {}

    async def unready(self) -> str | None:
        """Return why the process wants no requests; None if it wants them."""
        if self.lifecycle.terminating.is_set():
            return "shutting down"
        if not self.ever_ready:
            return "this release never becomes ready"
        if self.faults.over(OUTAGE):
            return "outage"
        for name, check in self.needs.items():
            if not await self._there(name, check):
                return f"the {name} can't be reached"
        return None

    async def _there(self, name: str, check: Check) -> bool:
        # One check at a time for each part: otherwise probes would pile up on a part that hangs.
        task = self._asking.get(name)
        if task is None or task.done():
            task = self._asking[name] = asyncio.ensure_future(check())
        await asyncio.wait({task}, timeout=CHECK_WITHIN)
        return task.done() and not task.cancelled() and task.exception() is None and task.result()

    def routes(self) -> Sequence[Route]:
        """/healthz, /readyz, /startupz and /metrics."""
        return [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/startupz", self._startupz),
            Route("/metrics", self._metrics),
        ]

    async def _healthz(self, _: Request) -> Response:
        return JSONResponse({"alive": True})

    async def _readyz(self, _: Request) -> Response:
        why = await self.unready()
        if why is None:
            return JSONResponse({"ready": True})
        return JSONResponse({"ready": False, "why": why}, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _startupz(self, _: Request) -> Response:
        # The port opens once everything is initialized: a request that arrives here proves it.
        return JSONResponse({"started": True})

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
