"""The frame of the shop's programs: start, open the port, and close in order."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from os import environ

from starlette.routing import Route

from . import json_logs, process, traces
from .faults import Faults, Hung, Slowed
from .json_errors import application
from .phases import Lifecycle
from .serving import listen, serve
from .settings import Settings, SettingsError, read
from .telemetry import Observed
from .waiting import happens

CLOSED_WITHIN = 1.0
"""How long disconnecting from engines and collector may take, in seconds."""

_log = logging.getLogger(__name__)

Work = Callable[[Settings, Lifecycle], Awaitable[None]]
"""A program's own part, from connecting to the closed port."""


def run(service: str, work: Work) -> int:
    """Run a program to its end; return the exit code: 0 after SIGTERM, 1 if it can't run."""
    json_logs.configure()
    try:
        settings = read(environ)
        provider = traces.configure(service, settings.release, settings.traces)
        # psycopg needs this kind of loop; everywhere but on Windows it is the usual one.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_live(settings, work))
    except (SettingsError, OSError) as error:
        _log.error("can't run", extra={"error": str(error)})
        return 1
    if settings.traces:
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(CLOSED_WITHIN)
    sys.stdout.flush()
    return 0


async def _live(settings: Settings, work: Work) -> None:
    lifecycle = Lifecycle(settings.serves_on)
    lifecycle.obey_signals()
    _log.info("initializing", extra={"release": settings.release})
    if not await happens(lifecycle.terminating, settings.behavior.start - process.age()):
        await work(settings, lifecycle)
    lifecycle.ignore_signals()
    _log.info("stopped")


async def open_to_traffic(
    settings: Settings, lifecycle: Lifecycle, routes: Sequence[Route], faults: Faults | None = None
) -> None:
    """Open the port and serve until the lifecycle closes. Raises OSError if the port is taken."""
    faults = faults or Faults()
    app = Observed(Hung(Slowed(application(routes), faults), faults, lifecycle.closing), lifecycle)
    listener = listen(settings.host, settings.port)
    about = {"port": listener.getsockname()[1], "release": settings.release}
    _log.info("listening", extra=about | {"seconds_since_start": round(process.age(), 3)})
    await serve(app, listener, lifecycle)


async def closed(*closes: Callable[[], Awaitable[None]]) -> None:
    """Close in turn, all within ``CLOSED_WITHIN`` seconds."""
    try:
        async with asyncio.timeout(CLOSED_WITHIN):
            for close in closes:
                await close()
    except TimeoutError:
        _log.warning("closed without waiting for every connection")
