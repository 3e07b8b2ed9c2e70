"""A worker that confirms orders by email: a queue that delivers at least once, a database, a mail server, and crashes.

The model has the message of one order, which its producer may publish again; two workers with the same plan, each with its
own message; at most two crashes, between any two steps. The queue delivers a message again if it wasn't acknowledged when its
worker crashed or reached the end of its plan. The mail server recognizes an idempotency key, and the database a record, from
either worker. The model doesn't have failures of other parts, messages out of order, or time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graders.families.plan.model_check import Explored, Happening, explore

QUEUE, DATABASE, MAIL = "queue", "database", "mail server"
WORKERS = ("worker", "second worker")
LIFELINES = (QUEUE, *WORKERS, DATABASE, MAIL)

STEPS: Mapping[str, str] = {
    "receive": "take a message from the queue; no other worker gets it in that time",
    "skip-if-recorded": "look into the database; if this order is recorded as mailed, go straight to ack",
    "record": "write into the database that this order is mailed",
    "send": "hand the email to the mail server",
    "send-with-key": "hand it over with the order's id as its key; the mail server drops a key that it had before",
    "update-order": "set the order to confirmed in the database; twice is the same as once",
    "ack": "tell the queue that the message is done; it is gone then",
}
LOST, TWICE, AGAIN = "lost", "twice", "again"
CRASHES, COPIES, COUNTED = 2, 2, 2
IDLE = -1
SKIPPED = "recorded? yes, skip"
"""The event of a worker that finds an order recorded as mailed."""


class WorkersState(NamedTuple):
    """A state: the waiting messages, each worker's place in its plan, and the data of database and mail server.

    A worker at ``IDLE`` has no message; ``acked`` says of each worker whether its message was acknowledged.
    """

    waiting: int = 1
    published: int = 1
    at: tuple[int, int] = (IDLE, IDLE)
    acked: tuple[bool, bool] = (False, False)
    recorded: bool = False
    keyed: bool = False
    mailed: int = 0
    crashes: int = CRASHES
    again: bool = False


def check(plan: Sequence[str], beginning: WorkersState = WorkersState()) -> Explored:  # noqa: B008  a NamedTuple can't be changed
    """Explore all states that a plan can lead to. It begins with ``receive``, and its steps are from ``STEPS``."""
    steps = tuple(plan)
    return explore(beginning, lambda state: _moves(state, steps), _wrongs)


def _wrongs(shop: WorkersState) -> Iterator[str]:
    if shop.mailed >= COUNTED:
        yield TWICE
    if shop.again:
        yield AGAIN
    if not shop.waiting and shop.at == (IDLE, IDLE) and not shop.mailed:
        yield LOST


def _moves(shop: WorkersState, plan: tuple[str, ...]) -> Iterator[tuple[Happening, WorkersState]]:
    if shop.again or shop.mailed >= COUNTED:
        return  # a wrong state stays wrong
    for who, name in enumerate(WORKERS):
        at = shop.at[who]
        if at == IDLE:
            if shop.waiting:
                after = _placed(shop._replace(waiting=shop.waiting - 1), who, 1, acked=False)
                yield Happening(QUEUE, name, "the order's message"), after
            continue
        yield _end(shop, who, name) if at == len(plan) else _step(shop, who, name, plan)
        if shop.crashes:
            back = 0 if shop.acked[who] else 1
            after = _placed(
                shop._replace(crashes=shop.crashes - 1, waiting=shop.waiting + back), who, IDLE, acked=False
            )
            yield Happening(name, "", "crashes", crash=True), after
    if shop.published < COPIES:
        twice = shop._replace(waiting=shop.waiting + 1, published=shop.published + 1)
        yield Happening("", QUEUE, "the same message, published again"), twice


def _step(shop: WorkersState, who: int, name: str, plan: tuple[str, ...]) -> tuple[Happening, WorkersState]:
    at, acked = shop.at[who], shop.acked[who]
    step, after = plan[at], _placed(shop, who, at + 1, acked=acked)
    if step == "ack":
        return Happening(name, QUEUE, "ack"), _placed(shop, who, at + 1, acked=True)
    if step == "record":
        return Happening(name, DATABASE, "records the order as mailed"), after._replace(recorded=True)
    if step == "update-order":
        return Happening(name, DATABASE, "order confirmed"), after
    if step == "send":
        return Happening(name, MAIL, "the email"), after._replace(mailed=min(shop.mailed + 1, COUNTED))
    if step == "send-with-key":
        known = "the email, dropped by its key" if shop.keyed else "the email, with its key"
        return Happening(name, MAIL, known), after._replace(
            keyed=True, mailed=shop.mailed if shop.keyed else min(shop.mailed + 1, COUNTED)
        )
    if step == "skip-if-recorded" and shop.recorded:
        ack = plan.index("ack", at) if "ack" in plan[at:] else len(plan)
        return Happening(name, DATABASE, SKIPPED), _placed(shop, who, ack, acked=acked)
    if step == "skip-if-recorded":
        return Happening(name, DATABASE, "recorded? no"), after
    return Happening(name, "", step), after  # a second receive has no effect: the worker has its message


def _end(shop: WorkersState, who: int, name: str) -> tuple[Happening, WorkersState]:
    if shop.acked[who]:
        return Happening(name, "", "is done"), _placed(shop, who, IDLE, acked=False)
    # Without an acknowledgment the queue delivers the message again, forever.
    return Happening(QUEUE, name, "the same message, not acknowledged"), shop._replace(again=True)


def _placed(shop: WorkersState, who: int, at: int, *, acked: bool) -> WorkersState:
    first, second = shop.at, shop.acked
    places = (at, first[1]) if who == 0 else (first[0], at)
    acks = (acked, second[1]) if who == 0 else (second[0], acked)
    return shop._replace(at=places, acked=acks)
