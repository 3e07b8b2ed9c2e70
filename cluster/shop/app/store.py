"""Where orders are kept: what every store can do, and the one that is only this process's memory."""

from __future__ import annotations

from typing import Protocol

from .orders import Order, OrderEvent

MEMORY_ORDERS = 10_000
"""How many orders the memory keeps; then the oldest goes."""


class StoreAwayError(Exception):
    """The store can't be reached; nothing was changed."""


class Store(Protocol):
    """A place for orders. Every method but ``close`` may raise StoreAwayError."""

    async def add(self, order: Order, event: OrderEvent | None) -> None:
        """Keep the order, and the event to be announced with it: both or neither."""
        ...

    async def get(self, order_id: str) -> Order | None:
        """The order of that id."""
        ...

    async def newest(self, most: int) -> list[Order]:
        """The newest orders, newest first."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


class MemoryStore:
    """Orders in memory: gone with the process, and known to no other. It has no outbox: an event is the caller's."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    async def add(self, order: Order, event: OrderEvent | None) -> None:
        """Keep the order."""
        del event
        self._orders[order.id] = order
        if len(self._orders) > MEMORY_ORDERS:
            del self._orders[next(iter(self._orders))]

    async def get(self, order_id: str) -> Order | None:
        """The order of that id."""
        return self._orders.get(order_id)

    async def newest(self, most: int) -> list[Order]:
        """The newest orders, newest first."""
        return [order for order, _ in zip(reversed(self._orders.values()), range(most), strict=False)]

    async def close(self) -> None:
        """Nothing to let go of."""
