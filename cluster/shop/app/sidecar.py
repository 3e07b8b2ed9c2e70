"""The sidecar: a program that only runs beside another one. ``python -m shop.sidecar``; only the standard library.

It answers /healthz on ``PORT`` (9000), logs JSON, and exits with code 0 after SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from os import environ

PORT = 9000
REQUEST_WITHIN = 5.0
"""How long a client may take for its request, in seconds."""


def log(message: str, **about: object) -> None:
    """Write one line of JSON to stdout."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "info", "message": message, **about}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and close the connection."""
    try:
        async with asyncio.timeout(REQUEST_WITHIN):
            head = await reader.readuntil(b"\r\n\r\n")
            status = "200 OK" if head.startswith(b"GET /healthz ") else "404 Not Found"
            body = json.dumps(
                {"alive": True} if status.startswith("200") else {"error": "Unknown path: the only one is /healthz."}
            )
            headers = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close"
            writer.write(f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n{body}".encode())
            await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return
    finally:
        writer.close()


async def run(port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    server = await asyncio.start_server(answer, "0.0.0.0", port)  # noqa: S104  probes come from outside the pod
    log("listening", port=server.sockets[0].getsockname()[1])
    await asked.wait()
    server.close()
    log("stopped")


def main() -> int:
    """Run the sidecar; return the exit code."""
    asyncio.run(run(int(environ.get("PORT") or PORT)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
