"""Two shops that differ in one arrow: the API calls the worker and waits, or leaves a message on the queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cluster.engines import warm
from cluster.polling import wait_until
from cluster.shop.local import LocalStage, stage
from cluster.shop.wiring import API, CACHE, DATABASE, WHOLE, WORKER, Wiring

CHECKED_EVERY = 0.05
FOLLOW_WITHIN = 20.0
"""The longest wait for the expected emails, in seconds: a worker tries again after 1, 2, 4 ... seconds."""

PLACED_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way to send the email, and the wiring of its shop. ``waits`` is true if the customer waits for the email."""

    name: str
    wiring: Wiring
    waits: bool


INSIDE = Way(
    "inside the request",
    Wiring(frozenset({API, WORKER, DATABASE, CACHE}), frozenset({(API, DATABASE), (API, CACHE), (API, WORKER)})),
    waits=True,
)
BY_QUEUE = Way("by the queue", WHOLE, waits=False)
WAYS = (INSIDE, BY_QUEUE)


@dataclass(frozen=True, slots=True)
class TimedOrder:
    """An order: sent ``at``, answered with ``status`` after ``seconds``; its ``id`` is empty if it was refused.

    ``emailed`` is when its email came, or None. Moments are in seconds since the epoch.
    """

    at: float
    status: int
    seconds: float
    id: str
    emailed: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the order was accepted."""
        return bool(self.id)

    @property
    def answered(self) -> float:
        """When the customer got an answer."""
        return self.at + self.seconds


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A running shop, and its customers."""

    way: Way
    stage: LocalStage

    def place(self, count: int, at_once: int) -> tuple[TimedOrder, ...]:
        """Place ``count`` orders, ``at_once`` of them at a time, and return them. Raises WorldError."""
        rows = self.stage.visit("POST", {"count": count, "at_once": at_once}, PLACED_WITHIN)
        return tuple(TimedOrder(row["at"], row["status"], row["seconds"], row["id"]) for row in rows)

    def followed(self, orders: tuple[TimedOrder, ...]) -> tuple[TimedOrder, ...]:
        """Wait for the emails of the accepted orders, at most FOLLOW_WITHIN seconds; return the orders with them."""
        emails: dict[str, float] = {}

        def all_sent() -> bool:
            emails.update({e["order_id"]: e["at"] for e in self.stage.visit("GET")["emails"] or ()})
            return all(o.id in emails for o in orders if o.accepted)

        wait_until(all_sent, FOLLOW_WITHIN, CHECKED_EVERY)
        return tuple(replace(o, emailed=emails.get(o.id)) for o in orders)

    def seen(self) -> tuple[int, int]:
        """Return the number of orders in the database, and of sent emails."""
        seen = self.stage.visit("GET")
        return len(seen["stored"] or ()), len(seen["emails"] or ())


@contextmanager
def shop(way: Way) -> Iterator[RunningShop]:
    """Yield a running shop with that wiring, and end it after the block. Raises WorldError."""
    with stage(way.wiring, warm()) as running:
        yield RunningShop(way, running)
