"""PostgreSQL: a pool of connections, and the shop's tables in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, InterfaceError, OperationalError, sql
from psycopg_pool import AsyncConnectionPool

from .store import StoreAwayError

WAIT = 2.0
"""How long a request waits for a connection, in seconds."""

_TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    body jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL UNIQUE,
    payload bytea NOT NULL,
    headers jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS emails_sent (
    event_id text PRIMARY KEY,
    sent_at timestamptz NOT NULL DEFAULT now()
);
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('shop tables'))"
"""Otherwise replicas that start together could create a table twice, which IF NOT EXISTS doesn't prevent."""

Connection = AsyncConnection[tuple[Any, ...]]


class Database:
    """A database that may be unreachable, even at the start: the first connection creates the tables."""

    def __init__(self, url: str, schema: str | None) -> None:
        """``schema`` has the tables and is created if missing; None means the user's default schema."""
        self._schema = schema
        self._prepared = False
        arguments: dict[str, Any] = {"connect_timeout": int(WAIT)}
        if schema:
            arguments["options"] = f"-c search_path={schema}"
        self._pool = AsyncConnectionPool(
            url,
            kwargs=arguments,
            min_size=1,
            max_size=10,
            timeout=WAIT,
            # After it gave up, the pool retries with the next request, so it notices a recovery at once.
            reconnect_timeout=WAIT,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        """Begin to connect without waiting."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close(timeout=1.0)

    async def reachable(self) -> bool:
        """Whether the database answers and has the tables."""
        try:
            async with self.connection() as connection:
                await connection.execute("SELECT 1")
        except StoreAwayError:
            return False
        return True

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction that is committed at the end. On StoreAwayError nothing was changed."""
        try:
            async with self._pool.connection() as connection:
                await self._prepare(connection)
                yield connection
        except (OperationalError, InterfaceError) as error:
            raise StoreAwayError(str(error)) from error

    async def _prepare(self, connection: Connection) -> None:
        if self._prepared:
            return
        await connection.execute(_ONE_AT_A_TIME)
        if self._schema:
            await connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self._schema)))
        await connection.execute(_TABLES)
        await connection.commit()
        self._prepared = True
