"""One request to another service over a separate connection: JSON both ways.

A process that calls no service doesn't load this module, because httpx takes 0.1 s of processor time to load.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

_client = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))
"""Each request has a new connection, so that a Service chooses a pod for each."""


class AwayError(Exception):
    """No answer came in time."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The status, and the body if it is JSON."""

    status: int
    body: Any


async def call(method: str, url: str, body: Any = None, within: float = 5.0, **headers: str) -> Answered:
    """Send a request to ``http://host:port/path`` and read the answer, both within so many seconds. Raises AwayError."""
    try:
        async with asyncio.timeout(within):
            response = await _client.request(method, url, json=body, headers=headers, timeout=within)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise AwayError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
    try:
        return Answered(response.status_code, response.json())
    except ValueError:
        return Answered(response.status_code, None)
