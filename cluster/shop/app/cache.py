"""The cache: Redis in front of the store. It makes reading faster; everything works without it."""

from __future__ import annotations

import json
import logging

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from .orders import Order

TIMEOUT = 0.2
"""The timeout for an answer, in seconds: a slower cache is useless."""

KEPT = 300
"""How long the cache keeps an order, in seconds."""

_log = logging.getLogger(__name__)


class Cache:
    """Orders in Redis under ``PREFIXorder:ID``. No method raises: what can't be read counts as absent."""

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
        )
        self._prefix = prefix

    async def get(self, order_id: str) -> Order | None:
        """Return the order, or None if the cache doesn't have it."""
        try:
            kept = await self._redis.get(self._key(order_id))
            return Order.from_json(json.loads(kept)) if kept else None
        except (RedisError, OSError, TimeoutError, ValueError, TypeError, KeyError) as error:
            _log.warning("the cache is away", extra={"error": str(error)})
            return None

    async def put(self, order: Order) -> None:
        """Keep the order for a while."""
        try:
            await self._redis.set(self._key(order.id), json.dumps(order.as_json()), ex=KEPT)
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("the cache is away", extra={"error": str(error)})

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()

    def _key(self, order_id: str) -> str:
        return f"{self._prefix}order:{order_id}"
