"""The ledger in PostgreSQL: a claim is a row, and the transaction that wrote it lasts as long as the sending."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .postgres import Database


class PostgresLedger:
    """Claims of every worker, in one table.

    A worker that dies while it sends takes its transaction with it, and so its claim: the message comes again and
    is sent. Only who dies between the mail server's yes and the commit sends twice; the emails' Message-ID is the
    same then.
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
