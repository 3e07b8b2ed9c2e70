"""A shop of orders that is visited: bestsellers by town, worked out by PostgreSQL or kept in Redis for a while.

Visits follow a clock of their own, ten a second, and always the same people come: so a hit rate is the same on every
machine. How long each answer took is real.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graders.application_platform.demos.databases.tenant import Sandbox, room

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection, Keys

ORDERS, TOWNS = 60_000, 60
VISITS, A_SECOND = 600, 10
ALONE = 100
"""How often the database is asked without a cache, to see how long it takes."""

SEED = 5
MOST_KEPT = 600_000
"""How long Redis itself keeps an entry at most, in milliseconds."""

BESTSELLERS = "SELECT article, sum(tickets) FROM orders WHERE town = %s GROUP BY article ORDER BY 2 DESC, 1 LIMIT 3"


class OrderDatabase:
    """The orders of a week, in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bestsellers(self, town: int) -> list[int]:
        """The three articles that this town bought most, added up from all orders."""
        return [int(row[0]) for row in self._connection.execute(BESTSELLERS, (town,))]


@dataclass
class ClockedCache:
    """Redis, with the visits' clock: an entry is gone when its time is over by that clock."""

    keys: Keys
    prefix: str
    now: float = 0.0
    hits: int = 0
    oldest: float = 0.0
    """How old the oldest answer was that anybody got out of it, in seconds."""

    def get(self, key: object) -> list[int] | None:
        """What is kept under the key; None where nothing is, where it was kept too long, or where Redis is away."""
        import redis  # noqa: PLC0415

        try:
            kept = self.keys.get(f"{self.prefix}{key}")
        except redis.RedisError:
            return None
        if kept is None:
            return None
        entry = json.loads(str(kept))
        if entry["until"] <= self.now:
            return None
        self.hits += 1
        self.oldest = max(self.oldest, self.now - entry["since"])
        return list(entry["value"])

    def set(self, key: object, value: list[int], keep: float) -> None:
        """Keep a value for so many seconds. Nothing happens where Redis is away."""
        import redis  # noqa: PLC0415

        entry = json.dumps({"value": value, "since": self.now, "until": self.now + keep})
        try:
            self.keys.set(f"{self.prefix}{key}", entry, px=MOST_KEPT)
        except redis.RedisError:
            return


Answer = Callable[[int, ClockedCache, OrderDatabase, float], object]
"""How a visitor is answered: the town, the cache, the database, and how long an entry may be kept, in seconds."""


@dataclass
class VisitTimes:
    """What became of visits: how long hits and misses took, in seconds each, and how many there were."""

    hits: list[float] = field(default_factory=list)
    misses: list[float] = field(default_factory=list)
    every: list[float] = field(default_factory=list)
    oldest: float = 0.0

    @property
    def hit_rate(self) -> float:
        """The share of visits that the cache answered."""
        return len(self.hits) / len(self.every) if self.every else 0.0


@dataclass
class CachedOrders:
    """The orders in PostgreSQL, and a cache before them."""

    room: Sandbox
    database: OrderDatabase
    keys: Keys

    @property
    def note(self) -> str:
        """What stands in for Redis where that can't be had."""
        return self.room.engines.cache.stands_in

    def alone(self) -> list[float]:
        """How long the database takes when it is asked each time."""
        return [_timed(lambda town=town: self.database.bestsellers(town)) for town in towns(ALONE)]  # type: ignore[misc]

    def visit(self, answer: Answer, keep: float, visits: int = VISITS, *, empty: bool = True) -> VisitTimes:
        """Send visitors. Whatever ``answer`` raises comes through."""
        cache = ClockedCache(self.keys, self.room.tenant.prefix)
        if empty:
            for key in list(self.keys.scan_iter(match=f"{cache.prefix}*")):
                self.keys.delete(key)
        seen = VisitTimes()
        for number, town in enumerate(towns(visits)):
            cache.now = number / A_SECOND
            before = cache.hits
            seconds = _timed(lambda town=town: answer(town, cache, self.database, keep))  # type: ignore[misc]
            seen.every.append(seconds)
            (seen.hits if cache.hits > before else seen.misses).append(seconds)
        seen.oldest = cache.oldest
        return seen

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Take Redis away, and bring it back whatever happens."""
        self.room.engines.cache.stop()
        try:
            yield
        finally:
            self.room.engines.cache.start()


@contextmanager
def shop() -> Iterator[CachedOrders]:
    """A week's orders, made up but always the same. Raises EnginesError."""
    with room("database", "cache") as it, it.connection() as connection, it.keys() as keys:
        connection.execute("CREATE TABLE orders (id int PRIMARY KEY, town int, article int, tickets int)")
        connection.execute(
            "INSERT INTO orders SELECT n, n %% %s, (n * 8191) %% 499, n %% 3 + 1 FROM generate_series(1, %s) n",
            (TOWNS, ORDERS),
        )
        connection.execute("ANALYZE orders")
        yield CachedOrders(it, OrderDatabase(connection), keys)


def towns(visits: int) -> list[int]:
    """The town that each visitor asks about: few are asked for often, and many now and then."""
    weights = [1 / (rank + 1) for rank in range(TOWNS)]
    return random.Random(SEED).choices(range(TOWNS), weights, k=visits)  # noqa: S311  no secret


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
