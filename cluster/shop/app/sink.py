"""A mail server that delivers nothing: ``python -m shop.sink``. It keeps the emails that it takes, and tells of them.

::

    GET /emails                               [{"order_id": ..., "to": ..., "by": ..., "at": ...}], oldest first
    PUT /mood?delay=0.2&refusing=false        how long it takes over an email, in seconds; whether it takes any

``SMTP_PORT`` (2525) is for mail, ``PORT`` (8080) for the questions.
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
"""How many emails are kept; then the oldest goes."""

LINE_BYTES = 64 * 1024
EMAIL_BYTES = 256 * 1024
DELAY_MOST = 10.0
SUBJECT = "Your order "

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Email:
    """An email that was taken, and when, in seconds since the epoch; ``by`` is what the worker heard of the order by."""

    order_id: str
    to: str
    by: str
    at: float


@dataclass(slots=True)
class Sink:
    """The emails so far, and what mood the server is in."""

    delay: float = 0.0
    refusing: bool = False
    emails: list[Email] = field(default_factory=list)

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation, as much of SMTP (RFC 5321) as a client needs that has one email."""
        try:
            await self._converse(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
        """Every email that was taken."""
        return JSONResponse([asdict(email) for email in self.emails])

    async def mood(self, request: Request) -> Response:
        """Change how it takes emails."""
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
            raise ValueError("an email larger than anybody writes")
    return whole


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Take emails and answer questions until the life ends. Raises OSError when a port is taken."""
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
    """Run the mail server; the exit code."""
    return run("sink", work)


if __name__ == "__main__":
    sys.exit(main())
