"""The worker's work: each event from the broker becomes one email, however often the event comes.

A message is acknowledged after its email was sent. After a crash in between the message comes again, and the ledger knows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from nats.aio.msg import Msg
from nats.js import JetStreamContext
from opentelemetry.trace import SpanKind
from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import mail, traces
from .bootstrap import closed, open_to_traffic
from .broker import Broker, fetch
from .faults import Faults
from .health import Health
from .json_errors import RefusedError
from .ledger import Ledger, MemoryLedger
from .orders import BrokerAwayError
from .phases import FINISH_WITHIN, Lifecycle
from .routes import body
from .settings import Settings
from .store import StoreAwayError
from .waiting import happens

AT_ONCE = 8
"""How many messages are processed at a time."""

FETCH_WITHIN = 1.0
"""How long one request for messages waits, in seconds; a stop may wait as long for it."""

RETRY_MOST = 30
"""A message whose email can't be sent is retried after 1, 2, 4 ... seconds, at most this many."""

_EMAILS = Counter("emails_total", "Confirmations by outcome.", ("outcome",))
_log = logging.getLogger(__name__)

QUEUE, REQUEST = "queue", "request"
"""How the worker hears of an order: from the broker, or by the API's call while the customer waits."""

Send = Callable[[mail.Confirmation, str], Awaitable[None]]
"""Sends one confirmation; the second argument is ``QUEUE`` or ``REQUEST``. Raises OSError if the mail server can't be reached."""


async def work(settings: Settings, lifecycle: Lifecycle) -> None:
    """Send emails and answer probes until the lifecycle ends. Raises OSError when the port is taken."""
    # It gets no requests, so it closes when its current work is done.
    lifecycle.serves_on = FINISH_WITHIN - 1
    health = Health(lifecycle, Faults(), ever_ready=settings.behavior.ready)
    closes: list[Callable[[], Awaitable[None]]] = []
    ledger = await _ledger(settings, health, closes)
    broker = await _broker(settings, health, closes)

    send = _sender(settings)

    async def consume() -> None:
        if broker:
            await _consume(broker, lifecycle, ledger, send)
        await lifecycle.terminating.wait()
        lifecycle.closing.set()

    routes = [*health.routes(), Confirmations(health, ledger, send).route()]
    await asyncio.gather(open_to_traffic(settings, lifecycle, routes), consume())
    await closed(*closes)


async def _broker(settings: Settings, health: Health, closes: list[Callable[[], Awaitable[None]]]) -> Broker | None:
    if not settings.broker:
        _log.warning("no broker: no events, no emails")
        return None
    broker = Broker(settings.broker, settings.prefix)
    await broker.open()
    closes.append(broker.close)
    health.needs["broker"] = broker.reachable
    return broker


async def _ledger(settings: Settings, health: Health, closes: list[Callable[[], Awaitable[None]]]) -> Ledger:
    if not settings.database:
        return MemoryLedger()
    from .postgres import Database  # noqa: PLC0415  loaded only if there is a database
    from .postgres_ledger import PostgresLedger  # noqa: PLC0415

    database = Database(settings.database, settings.schema)
    await database.open()
    closes.append(database.close)
    health.needs["database"] = database.reachable
    return PostgresLedger(database)


def _sender(settings: Settings) -> Send:
    async def send(confirmation: mail.Confirmation, by: str) -> None:
        if settings.mail:
            await asyncio.to_thread(mail.send, settings.mail, confirmation.message(by))
        else:
            _log.warning("no mail server: nothing leaves", extra={"order_id": confirmation.order_id})

    return send


async def _consume(broker: Broker, lifecycle: Lifecycle, ledger: Ledger, send: Send) -> None:
    while not lifecycle.terminating.is_set():
        try:
            await broker.connected(FETCH_WITHIN)
            subscription = await broker.subscribe()
            await _drain(subscription, lifecycle, ledger, send)
        except BrokerAwayError as error:
            _log.warning("the broker is away", extra={"error": str(error)})
            await happens(lifecycle.terminating, FETCH_WITHIN)


async def _drain(
    subscription: JetStreamContext.PullSubscription, lifecycle: Lifecycle, ledger: Ledger, send: Send
) -> None:
    while not lifecycle.terminating.is_set():
        messages = await fetch(subscription, AT_ONCE, FETCH_WITHIN)
        done = await asyncio.gather(*(_handle(message, ledger, send) for message in messages), return_exceptions=True)
        for error in done:
            if error is not None:  # the broker delivers the message again, to this worker or another
                _log.error("a message wasn't handled", extra={"error": repr(error)})


async def _handle(message: Msg, ledger: Ledger, send: Send) -> None:
    carrier = {name.lower(): value for name, value in (message.headers or {}).items()}
    with traces.span("order.created process", SpanKind.CONSUMER, carrier):
        try:
            await _once(mail.read(message.data), ledger, send, QUEUE)
            await message.ack()
        except mail.BadEventError as error:
            _EMAILS.labels("refused").inc()
            _log.error("unknown event", extra={"error": str(error)})
            await message.term()
        except (OSError, StoreAwayError) as error:
            _EMAILS.labels("failed").inc()
            _log.warning("the email will be tried again", extra={"error": str(error)})
            await message.nak(min(2 ** min(message.metadata.num_delivered - 1, 10), RETRY_MOST))


async def _once(confirmation: mail.Confirmation, ledger: Ledger, send: Send, by: str) -> None:
    about = {"event_id": confirmation.event_id, "order_id": confirmation.order_id, "by": by}
    async with ledger.claim(confirmation.event_id) as ours:
        if ours:
            await send(confirmation, by)
    _EMAILS.labels("sent" if ours else "known").inc()
    _log.info("email sent" if ours else "email was sent before", extra=about)


class Confirmations:
    """``POST /confirmations`` with an event: its email is sent before the answer."""

    def __init__(self, health: Health, ledger: Ledger, send: Send) -> None:
        self._health = health
        self._ledger = ledger
        self._send = send

    def route(self) -> Route:
        """The route."""
        return Route("/confirmations", self._confirm, methods=["POST"])

    async def _confirm(self, request: Request) -> Response:
        if why := await self._health.unready():
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, why)
        try:
            confirmation = mail.read(await body(request))
            await _once(confirmation, self._ledger, self._send, REQUEST)
        except mail.BadEventError as error:
            raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from None
        except (OSError, StoreAwayError) as error:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, f"The email wasn't sent: {error}") from None
        return JSONResponse({"order_id": confirmation.order_id})
