"""The store of orders: its protocol, and the store in this process's memory."""

from __future__ import annotations

from typing import Protocol

from .orders import Order, OrderEvent

MEMORY_ORDERS = 10_000
"""How many orders the memory keeps; then the oldest is dropped."""


class StoreAwayError(Exception):
    """The store can't be reached; nothing was changed."""


class Store(Protocol):
    """A place for orders. Every method but ``close`` may raise StoreAwayError."""

    async def add(self, order: Order, event: OrderEvent | None) -> None:
        """Store the order, and the event to announce: both or neither."""
        ...

    async def get(self, order_id: str) -> Order | None:
        """Return the order with that id."""
        ...

    async def newest(self, most: int) -> list[Order]:
        """Return the newest orders, newest first."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class MemoryStore:
    """Orders in memory: lost with the process, not shared with others. It has no outbox: the caller announces events."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    async def add(self, order: Order, event: OrderEvent | None) -> None:
        """Store the order."""
        del event
        self._orders[order.id] = order
        if len(self._orders) > MEMORY_ORDERS:
            del self._orders[next(iter(self._orders))]

    async def get(self, order_id: str) -> Order | None:
        """Return the order with that id."""
        return self._orders.get(order_id)

    async def newest(self, most: int) -> list[Order]:
        """Return the newest orders, newest first."""
        return [order for order, _ in zip(reversed(self._orders.values()), range(most), strict=False)]

    async def close(self) -> None:
        """Do nothing: there is no connection."""
