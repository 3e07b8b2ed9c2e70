"""A mail server that delivers nothing: ``python -m shop.sink``. It stores the emails that it accepts, and lists them.

::

    GET /emails                               [{"order_id": ..., "to": ..., "by": ..., "at": ...}], oldest first
    PUT /mood?delay=0.2&refusing=false        how long it takes for an email, in seconds; whether it refuses them

``SMTP_PORT`` (2525) is for mail, ``PORT`` (8080) for these requests.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bootstrap import open_to_traffic, run
from .json_errors import RefusedError
from .phases import Lifecycle
from .settings import Settings
from .waiting import elapse

KEPT = 10_000
"""How many emails are kept; then the oldest is dropped."""

LINE_BYTES = 64 * 1024
EMAIL_BYTES = 256 * 1024
DELAY_MOST = 10.0
SUBJECT = "Your order "

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Email:
    """An accepted email with its time, in seconds since the epoch; ``by`` is how the worker heard of the order."""

    order_id: str
    to: str
    by: str
    at: float


@dataclass(slots=True)
class Sink:
    """The emails so far, and the server's delay and refusal."""

    delay: float = 0.0
    refusing: bool = False
    emails: list[Email] = field(default_factory=list)

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection with the part of SMTP (RFC 5321) that a client with one email needs."""
        try:
            await self._serve_client(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(writer, "220 sink")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"MAIL" and self.refusing:
                await _say(writer, "451 later")
            elif verb == b"DATA":
                await _say(writer, "354 go on")
                self._take(await _text(reader))
                await elapse(self.delay)
                await _say(writer, "250 taken")
            elif verb == b"QUIT":
                await _say(writer, "221 bye")
                return
            else:
                await _say(writer, "250 yes")

    def _take(self, data: bytes) -> None:
        message = message_from_bytes(data)
        order_id = str(message["Subject"] or "").removeprefix(SUBJECT)
        self.emails.append(Email(order_id, str(message["To"]), str(message["X-Heard-By"] or ""), time.time()))
        del self.emails[:-KEPT]

    async def listed(self, _: Request) -> Response:
        """Return every accepted email."""
        return JSONResponse([asdict(email) for email in self.emails])

    async def mood(self, request: Request) -> Response:
        """Change the delay and the refusal."""
        try:
            delay = float(request.query_params.get("delay", self.delay))
        except ValueError:
            delay = -1.0
        if not 0 <= delay <= DELAY_MOST:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"The delay is 0 to {DELAY_MOST:g} seconds.")
        self.delay = delay
        self.refusing = request.query_params.get("refusing", str(self.refusing)).lower() == "true"
        return JSONResponse({"delay": self.delay, "refusing": self.refusing})


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode())
    await writer.drain()


async def _text(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while (line := await reader.readline()) not in (b".\r\n", b""):
        whole += line
        if len(whole) > EMAIL_BYTES:
            raise ValueError("the email is too large")
    return whole


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Accept emails and requests until the lifecycle ends. Raises OSError if a port is taken."""
    lifecycle.serves_on = 0.0
    sink = Sink()
    server = await asyncio.start_server(sink.smtp, settings.host, settings.smtp_port, limit=LINE_BYTES)
    _log.info("taking emails", extra={"port": server.sockets[0].getsockname()[1]})
    routes = [Route("/emails", sink.listed, methods=["GET"]), Route("/mood", sink.mood, methods=["PUT"])]
    try:
        await open_to_traffic(settings, lifecycle, routes)
    finally:
        server.close()


def main() -> int:
    """Run the mail server; return the exit code."""
    return run("sink", work)


if __name__ == "__main__":
    sys.exit(main())
