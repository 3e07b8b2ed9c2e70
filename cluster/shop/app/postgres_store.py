"""Orders in PostgreSQL, with an outbox: an order and its event are stored together or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from psycopg.types.json import Jsonb

from .orders import BrokerAwayError, Order, OrderEvent
from .postgres import Database

BATCH = 100
"""How many events leave the outbox in one transaction."""


class PostgresStore:
    """Orders and outbox in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, order: Order, event: OrderEvent | None) -> None:
        """Store the order, and its event in the outbox: both or neither."""
        async with self._database.connection() as connection:
            body = Jsonb(order.as_json())
            await connection.execute("INSERT INTO orders (id, body) VALUES (%s, %s)", (order.id, body))
            if event:
                await connection.execute(
                    "INSERT INTO outbox (event_id, payload, headers) VALUES (%s, %s, %s)",
                    (event.event_id, event.payload, Jsonb(event.headers)),
                )

    async def get(self, order_id: str) -> Order | None:
        """Return the order with that id."""
        async with self._database.connection() as connection:
            found = await (await connection.execute("SELECT body FROM orders WHERE id = %s", (order_id,))).fetchone()
        return Order.from_json(found[0]) if found else None

    async def newest(self, most: int) -> list[Order]:
        """Return the newest orders, newest first."""
        async with self._database.connection() as connection:
            rows = await connection.execute("SELECT body FROM orders ORDER BY number DESC LIMIT %s", (most,))
            return [Order.from_json(body) for (body,) in await rows.fetchall()]

    async def empty_outbox(self, publish: Callable[[OrderEvent], Awaitable[None]]) -> int:
        """Publish the oldest events, remove them from the outbox and return how many. Raises BrokerAwayError.

        An event leaves only after the broker has it. If the process dies in between, the event is published again:
        consumers must expect an event twice.
        """
        published: list[str] = []
        away: BrokerAwayError | None = None
        async with self._database.connection() as connection:
            # Another replica's relay takes other rows meanwhile.
            rows = await connection.execute(
                "SELECT event_id, payload, headers FROM outbox ORDER BY number LIMIT %s FOR UPDATE SKIP LOCKED",
                (BATCH,),
            )
            for event_id, payload, headers in await rows.fetchall():
                try:
                    await publish(OrderEvent(event_id, payload, headers))
                except BrokerAwayError as error:
                    away = error
                    break
                published.append(event_id)
            await connection.execute("DELETE FROM outbox WHERE event_id = ANY(%s)", (published,))
        if away:
            raise away
        return len(published)

    async def close(self) -> None:
        """Release nothing: the opener of the database closes it."""
