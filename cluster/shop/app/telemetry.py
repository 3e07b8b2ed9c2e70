"""Measure, trace and log every request: the part of the contract that an application gets from its platform."""

from __future__ import annotations

import logging
import re
import time

from opentelemetry.trace import SpanKind
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import traces
from .phases import Lifecycle

PROBES = frozenset({"/healthz", "/readyz", "/startupz", "/metrics"})
"""The paths that the platform requests every few seconds: measured, not traced, and logged only if they fail."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SERVER_ERROR = 500
_DURATION = Histogram(
    "http_request_duration_seconds",
    "Time from a request's first byte to the last of its response.",
    ("method", "route", "status"),
)
_log = logging.getLogger(__name__)


def route(path: str) -> str:
    """Return the route of a path. All unknown paths are one route, or else each would be its own metric."""
    if path in PROBES or path == "/orders":
        return path
    return "/orders/{id}" if re.fullmatch(r"/orders/[^/]+", path) else "other"


class Observed:
    """An application whose requests are measured, traced and logged, and whose connections close after SIGTERM."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. See the ASGI specification for the arguments."""
        if scope["path"] in PROBES:
            await self._measured(scope, receive, send)
            return
        name = f"{_method(scope)} {route(scope['path'])}"
        with traces.span(name, SpanKind.SERVER, dict(Headers(scope=scope))) as span:
            status = await self._measured(scope, receive, send)
            span.set_attribute("http.response.status_code", status)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> int:
        started, status = time.perf_counter(), _SERVER_ERROR

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if self.lifecycle.terminating.is_set():
                    # A client would reuse an open connection after the listener is closed.
                    MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:  # the application has answered 500 already
            _log.exception("the request failed")
        seconds = time.perf_counter() - started
        _DURATION.labels(_method(scope), route(scope["path"]), str(status)).observe(seconds)
        _tell(scope, status, seconds)
        return status


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _tell(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in PROBES and status < _SERVER_ERROR:
        return
    extra = {"method": scope["method"], "path": scope["path"], "status": status, "seconds": round(seconds, 6)}
    _log.log(logging.WARNING if status >= _SERVER_ERROR else logging.INFO, "request", extra=extra)
