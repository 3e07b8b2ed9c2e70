"""The broker: NATS JetStream, with one stream for the events of orders."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig

from .orders import BrokerAwayError, OrderEvent

STREAM, SUBJECT, CONSUMER = "order-events", "order-events.order.created", "email-worker"

PUBLISHED_WITHIN = 2.0
"""How long the broker may take to confirm an event, in seconds."""

ACK_WAIT = 30.0
"""How long a consumer may take for an event before another gets it, in seconds."""

_AWAY = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)
_log = logging.getLogger(__name__)


class Broker:
    """A broker that may be unreachable, even at the start; the background task keeps trying to connect."""

    def __init__(self, url: str, prefix: str) -> None:
        """``prefix`` begins the names of stream, subject and consumer, so that several shops can share a broker."""
        self._url = url
        self._stream, self._subject, self._consumer = prefix + STREAM, prefix + SUBJECT, prefix + CONSUMER
        self._client = Client()
        self._jetstream: JetStreamContext = self._client.jetstream()
        self._connecting: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to connect without waiting."""
        self._connecting = asyncio.create_task(
            self._client.connect(
                self._url,
                connect_timeout=2,
                reconnect_time_wait=1,
                max_reconnect_attempts=-1,
                error_cb=_tell,
            )
        )

    async def close(self) -> None:
        """Close the connection."""
        if self._connecting:
            self._connecting.cancel()
        with contextlib.suppress(*_AWAY):
            await self._client.close()

    async def reachable(self) -> bool:
        """Whether there is a connection."""
        return self._client.is_connected

    async def connected(self, within: float) -> bool:
        """Whether there is a connection; wait at most ``within`` seconds for the first one."""
        if self._connecting and not self._client.is_connected:
            await asyncio.wait({self._connecting}, timeout=within)
        return self._client.is_connected

    async def publish(self, event: OrderEvent) -> None:
        """Publish an event and wait until the broker has stored it. Raises BrokerAwayError if it can't."""
        if not self._client.is_connected:
            raise BrokerAwayError("not connected")
        # The broker drops duplicates within two minutes, so a retry makes no second event.
        headers: dict[str, Any] = event.headers | {"Nats-Msg-Id": event.event_id}
        try:
            try:
                await self._jetstream.publish(self._subject, event.payload, PUBLISHED_WITHIN, headers=headers)
            except (nats.js.errors.NoStreamResponseError, nats.errors.NoRespondersError):
                await self._ensure_stream()
                await self._jetstream.publish(self._subject, event.payload, PUBLISHED_WITHIN, headers=headers)
        except _AWAY as error:
            raise BrokerAwayError(str(error) or type(error).__name__) from error

    async def subscribe(self) -> JetStreamContext.PullSubscription:
        """Subscribe as a durable consumer that all workers share. Raises BrokerAwayError if the broker is unreachable."""
        if not self._client.is_connected:
            raise BrokerAwayError("not connected")
        try:
            await self._ensure_stream()
            return await self._jetstream.pull_subscribe(
                self._subject, self._consumer, self._stream, config=ConsumerConfig(ack_wait=ACK_WAIT)
            )
        except _AWAY as error:
            raise BrokerAwayError(str(error) or type(error).__name__) from error

    async def _ensure_stream(self) -> None:
        # Keep an existing stream with the settings that an operator gave it.
        try:
            await self._jetstream.stream_info(self._stream)
        except nats.js.errors.NotFoundError:
            await self._jetstream.add_stream(name=self._stream, subjects=[self._subject])


async def fetch(subscription: JetStreamContext.PullSubscription, most: int, within: float) -> list[Msg]:
    """Return the next messages, empty after ``within`` seconds without one. Raises BrokerAwayError if the broker is unreachable."""
    try:
        return await subscription.fetch(most, timeout=within)
    except nats.errors.TimeoutError:
        return []
    except _AWAY as error:
        raise BrokerAwayError(str(error) or type(error).__name__) from error


async def _tell(error: Exception) -> None:
    _log.warning("the broker is away", extra={"error": str(error) or type(error).__name__})
