"""Two shops that differ in one arrow: the API calls the worker and waits, or leaves a message on the queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cluster.engines import warm
from cluster.polling import wait_until
from cluster.shop.local import LocalStage, stage
from cluster.shop.wiring import API, CACHE, DATABASE, WHOLE, WORKER, Wiring

LOOKED_EACH = 0.05
FOLLOW_WITHIN = 20.0
"""How long emails that should come are waited for, in seconds: a worker tries again after 1, 2, 4 ... seconds."""

PLACED_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way to have the email sent, and the shop that is wired like that. ``waits`` says whether the customer waits for it."""

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
        """When the customer had an answer."""
        return self.at + self.seconds


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A shop that runs, and the customers who come to it."""

    way: Way
    stage: LocalStage

    def place(self, count: int, at_once: int) -> tuple[TimedOrder, ...]:
        """Orders, so many at once, as their customers saw it. Raises WorldError."""
        rows = self.stage.visit("POST", {"count": count, "at_once": at_once}, PLACED_WITHIN)
        return tuple(TimedOrder(row["at"], row["status"], row["seconds"], row["id"]) for row in rows)

    def followed(self, orders: tuple[TimedOrder, ...]) -> tuple[TimedOrder, ...]:
        """The same orders, once the email of each that was accepted has come, or was waited for long enough."""
        emails: dict[str, float] = {}

        def come() -> bool:
            emails.update({e["order_id"]: e["at"] for e in self.stage.visit("GET")["emails"] or ()})
            return all(o.id in emails for o in orders if o.accepted)

        wait_until(come, FOLLOW_WITHIN, LOOKED_EACH)
        return tuple(replace(o, emailed=emails.get(o.id)) for o in orders)

    def seen(self) -> tuple[int, int]:
        """How many orders are in the database, and how many emails were sent."""
        seen = self.stage.visit("GET")
        return len(seen["stored"] or ()), len(seen["emails"] or ())


@contextmanager
def shop(way: Way) -> Iterator[RunningShop]:
    """A shop that is wired that way, until the block is left; then it is gone. Raises WorldError."""
    with stage(way.wiring, warm()) as running:
        yield RunningShop(way, running)
