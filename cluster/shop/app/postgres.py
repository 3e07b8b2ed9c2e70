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
"""Replicas that start together would else create the same table twice, which IF NOT EXISTS doesn't prevent."""

Connection = AsyncConnection[tuple[Any, ...]]


class Database:
    """A database that may be away, also at the start: the tables come with the first connection."""

    def __init__(self, url: str, schema: str | None) -> None:
        """``schema``: where the tables are, created when missing; None for the user's own default."""
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
            # Having given up, the pool tries again with the next request, and so notices at once that all is well.
            reconnect_timeout=WAIT,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        """Begin to connect, without waiting for it."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Let go of every connection."""
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
        """A connection in a transaction that is committed at the end. Raises StoreAwayError, with nothing changed."""
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
