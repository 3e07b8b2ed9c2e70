"""A shop that shows the bestsellers of a town: PostgreSQL computes them, and Redis keeps them for a limited time.

The visits have a simulated clock, with ten visits a second, and always the same sequence of towns. So a hit rate is the
same on every machine. The durations are measured.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graders.application_platform.demos.databases.tenant import Sandbox, sandbox

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection, Keys

ORDERS, TOWNS = 60_000, 60
VISITS, A_SECOND = 600, 10
ALONE = 100
"""The number of queries that measure the database without a cache."""

SEED = 5
MOST_KEPT = 600_000
"""The longest time for which Redis itself keeps an entry, in milliseconds."""

BESTSELLERS = "SELECT article, sum(tickets) FROM orders WHERE town = %s GROUP BY article ORDER BY 2 DESC, 1 LIMIT 3"


class OrderDatabase:
    """The orders of a week, in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bestsellers(self, town: int) -> list[int]:
        """Return the three articles that a town bought most, computed from all orders."""
        return [int(row[0]) for row in self._connection.execute(BESTSELLERS, (town,))]


@dataclass
class ClockedCache:
    """Redis with the visits' clock: an entry expires by that clock."""

    keys: Keys
    prefix: str
    now: float = 0.0
    hits: int = 0
    oldest: float = 0.0
    """The age of the oldest answer from the cache, in seconds."""

    def get(self, key: object) -> list[int] | None:
        """Return the value of a key; None if the key is missing, the entry has expired, or Redis is down."""
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
        """Keep a value for ``keep`` seconds. If Redis is down, do nothing."""
        import redis  # noqa: PLC0415

        entry = json.dumps({"value": value, "since": self.now, "until": self.now + keep})
        try:
            self.keys.set(f"{self.prefix}{key}", entry, px=MOST_KEPT)
        except redis.RedisError:
            return


Answer = Callable[[int, ClockedCache, OrderDatabase, float], object]
"""Answers a visitor. Its arguments are the town, the cache, the database, and an entry's time to live in seconds."""


@dataclass
class VisitTimes:
    """The durations of hits, of misses and of all visits, and the age of the oldest answer from the cache, in seconds."""

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
    """The orders in PostgreSQL, with a cache in front of them."""

    sandbox: Sandbox
    database: OrderDatabase
    keys: Keys

    @property
    def note(self) -> str:
        """The stand-in for Redis if Redis can't be installed here; else empty."""
        return self.sandbox.engines.cache.stands_in

    def alone(self) -> list[float]:
        """Return the durations of queries to the database alone, in seconds."""
        return [_timed(lambda town=town: self.database.bestsellers(town)) for town in towns(ALONE)]  # type: ignore[misc]

    def visit(self, answer: Answer, keep: float, visits: int = VISITS, *, empty: bool = True) -> VisitTimes:
        """Send visitors and return their times; ``empty`` empties the cache first. Errors of ``answer`` propagate."""
        cache = ClockedCache(self.keys, self.sandbox.tenant.prefix)
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
        """Stop Redis for a block, and start it again afterward, also after an exception."""
        self.sandbox.engines.cache.stop()
        try:
            yield
        finally:
            self.sandbox.engines.cache.start()


@contextmanager
def shop() -> Iterator[CachedOrders]:
    """Yield a week of generated orders, always the same. Raises EnginesError."""
    with sandbox("database", "cache") as it, it.connection() as connection, it.keys() as keys:
        connection.execute("CREATE TABLE orders (id int PRIMARY KEY, town int, article int, tickets int)")
        connection.execute(
            "INSERT INTO orders SELECT n, n %% %s, (n * 8191) %% 499, n %% 3 + 1 FROM generate_series(1, %s) n",
            (TOWNS, ORDERS),
        )
        connection.execute("ANALYZE orders")
        yield CachedOrders(it, OrderDatabase(connection), keys)


def towns(visits: int) -> list[int]:
    """Return the town of each visit: a few towns are frequent, and many are rare."""
    weights = [1 / (rank + 1) for rank in range(TOWNS)]
    return random.Random(SEED).choices(range(TOWNS), weights, k=visits)  # noqa: S311  no secret


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
