"""One request to another service over a connection of its own: JSON both ways.

It is written on asyncio's streams. httpx was measured in its place: a pod starts with 8 MiB and 0.1 s of processor time more
(33 MiB and 0.2 s without it), and a request takes 2.5 ms of processor time instead of 0.4 ms. The visitor measures the
shop with this module, so that would be part of the times that it reports.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ANSWER_BYTES = 4 * 1024 * 1024
"""The largest answer that is read."""


class AwayError(Exception):
    """No answer came, or not in time."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The status, and the body where it is JSON."""

    status: int
    body: Any


async def call(method: str, url: str, body: Any = None, within: float = 5.0, **headers: str) -> Answered:
    """Send a request to ``http://host:port/path`` and read the answer, both within so many seconds. Raises AwayError."""
    try:
        async with asyncio.timeout(within):
            return await _exchange(method, url, body, headers)
    except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError) as error:
        raise AwayError(f"{type(error).__name__}: {error}".rstrip(": ")) from error


async def _exchange(method: str, url: str, body: Any, headers: dict[str, str]) -> Answered:
    to = urlsplit(url)
    reader, writer = await asyncio.open_connection(to.hostname, to.port or 80, limit=ANSWER_BYTES)
    try:
        data = b"" if body is None else json.dumps(body).encode()
        path = f"{to.path or '/'}?{to.query}" if to.query else to.path or "/"
        said = {"host": to.netloc, "connection": "close", "content-length": str(len(data)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data)
        await writer.drain()
        first, _, rest = (await reader.read(ANSWER_BYTES)).partition(b"\r\n\r\n")
        rest += await reader.read(ANSWER_BYTES)
        return Answered(int(first.split(b" ", 2)[1]), _json(first, rest))
    finally:
        writer.close()


def _json(head: bytes, body: bytes) -> Any:
    if b"transfer-encoding: chunked" in head.lower():
        body = _unchunked(body)
    try:
        return json.loads(body)
    except ValueError:
        return None


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        whole, body = whole + body[:length], body[length + 2 :]
        if not length:
            break
    return whole
