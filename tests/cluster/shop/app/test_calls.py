"""How a service of the shop calls another one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("httpx", reason="the shop's own requirements aren't installed")

from cluster.shop.app.calls import Answered, AwayError, call

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"


@asynccontextmanager
async def answering(*parts: bytes, between: asyncio.Event | None = None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that sends these parts, and its address; it keeps what it was sent. ``between`` holds up what follows a part."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        for part in parts:
            writer.write(part)
            if between:
                await between.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/orders", heard
    finally:
        server.close()


@pytest.mark.parametrize(
    ("parts", "answered"),
    [
        ((HEAD, b'{"id": "1"}'[:10]), Answered(200, None)),
        ((HEAD, b'{"id": 12}'), Answered(200, {"id": 12})),
        ((b"HTTP/1.1 503 Gone\r\ncontent-length: 2\r\n\r\n", b"[]"), Answered(503, [])),
        (
            (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n"),
            Answered(200, [1]),
        ),
        ((HEAD, b"\xff\xfe\xfd1234567"), Answered(200, None)),
    ],
    ids=["no JSON", "JSON", "an error", "in chunks", "no text"],
)
def test_answers(parts: tuple[bytes, ...], answered: Answered) -> None:
    """A call returns the status, and the body if it is JSON."""

    async def run() -> None:
        async with answering(*parts) as (url, _):
            assert await call("GET", url) == answered

    asyncio.run(run())


def test_headers_and_body() -> None:
    """A call sends its headers and its body as JSON."""

    async def run() -> None:
        async with answering(HEAD, b'{"id": 12}') as (url, heard):
            await call("POST", url, {"sku": "tea"}, traceparent="00-ab")
            assert b"traceparent: 00-ab" in heard[0]
            assert b"content-type: application/json" in heard[0].lower()

    asyncio.run(run())


def test_each_call_has_its_connection() -> None:
    """Two calls use two connections, so that a Service chooses a pod for each."""
    connections: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(0)
        while await reader.readline():
            connections[-1] += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(HEAD + b'{"id": 12}')
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        for _ in range(2):
            await call("GET", url)
        server.close()

    asyncio.run(run())
    assert connections == [1, 1]


@pytest.mark.parametrize("parts", [(b"",), (HEAD[:9],), (HEAD, b"{")], ids=["nothing", "half a line", "half a body"])
def test_away(parts: tuple[bytes, ...]) -> None:
    """A service that closes before its whole answer is away, and so is one that stops within it for too long."""

    async def run() -> None:
        async with answering(*parts) as (url, _):
            with pytest.raises(AwayError):
                await call("GET", url)
        never = asyncio.Event()
        async with answering(*parts, between=never) as (url, _):
            with pytest.raises(AwayError, match="Timeout"):
                await call("GET", url, within=0.05)
            never.set()

    asyncio.run(run())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://no-such-host.invalid/", "http://a:b/", "nothing", "ftp://a/"]
)
def test_no_such_service(url: str) -> None:
    """A service that doesn't exist is away, and so is one whose address isn't one."""
    with pytest.raises(AwayError):
        asyncio.run(call("GET", url))
