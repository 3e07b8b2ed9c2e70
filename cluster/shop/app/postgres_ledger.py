"""The ledger in PostgreSQL: a claim is a row, and its transaction lasts until the email is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .postgres import Database


class PostgresLedger:
    """Claims of every worker, in one table.

    If a worker crashes while it sends, its transaction and so its claim are rolled back: the message comes again and
    its email is sent. Only a crash between the mail server's acceptance and the commit leads to a second email,
    with the same Message-ID.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def claim(self, event_id: str) -> AsyncIterator[bool]:
        """Claim an event; see ``Ledger``."""
        async with self._database.connection() as connection:
            claimed = await connection.execute(
                "INSERT INTO emails_sent (event_id) VALUES (%s) ON CONFLICT DO NOTHING", (event_id,)
            )
            yield claimed.rowcount == 1
