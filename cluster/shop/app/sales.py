"""The sales of a day, counted in the database."""

from __future__ import annotations

from datetime import date

import psycopg
from psycopg import sql

CONNECT_SECONDS = 5
_ON = "body ->> 'created_at' >= %s AND body ->> 'created_at' < %s"
_ORDERS = f"SELECT count(*) FROM orders WHERE {_ON}"  # noqa: S608  a constant of ours
_ITEMS = (
    "SELECT coalesce(sum((item ->> 'quantity')::int), 0) "  # noqa: S608
    f"FROM orders, jsonb_array_elements(body -> 'items') AS item WHERE {_ON}"
)


class DatabaseAwayError(Exception):
    """The database can't be reached, or has no orders table yet."""


def sales(url: str, schema: str | None, day: date) -> tuple[int, int]:
    """Return the number of orders of a day in UTC, and of the items in them. Raises AwayError."""
    # Times are stored as ISO 8601 in UTC, so they compare as texts.
    within = (f"{day}T00:00:00", f"{date.fromordinal(day.toordinal() + 1)}T00:00:00")
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            if schema:
                connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
            orders = connection.execute(_ORDERS, within).fetchone()
            items = connection.execute(_ITEMS, within).fetchone()
    except psycopg.Error as error:
        raise DatabaseAwayError(str(error).strip()) from error
    return (orders or (0,))[0], (items or (0,))[0]
