"""What students choose freely: names and comments. A few are common, most are rare."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")

COMMON_NAMES = ("orders", "orders-api", "order-service", "shop-orders", "api", "orders-deployment", "orderapi")
FIRST = (
    "shop",
    "web",
    "my",
    "team",
    "demo",
    "test",
    "prod",
    "kurs",
    "lab",
    "store",
    "cart",
    "sales",
    "order",
    "platform",
)
SECOND = ("orders", "api", "svc", "service", "app", "backend", "deploy", "server", "core", "main", "one")
COMMON_COMMENTS = (
    "three replicas", "liveness probe", "readiness probe", "requests and limits", "from the contract", "my answer",
    "see the table", "TODO check", "port of the container", "image of the team",
)  # fmt: skip
OPEN = (
    "needs", "has", "wants", "this is", "we use", "I take", "not sure about", "see above for", "must keep", "because of",
    "only", "braucht", "wegen",
)  # fmt: skip
OBJECT = (
    "the small team", "a deadline", "the queue", "one key", "the night run", "more memory", "the old value", "this probe",
    "the cache", "all copies", "the first pod", "the customer", "plan B", "a slow start", "die Abfrage", "den Vertrag",
    "our table", "the mail",
)  # fmt: skip
CLOSE = (
    "", "", "now", "here", "I think", "again", "as in the text", "for safety", "at night", "on purpose", "maybe", "!!",
    "(ask)", "later", "zuerst",
)  # fmt: skip


def name_of(chance: random.Random) -> str:
    """A name for a Deployment: for most a common one, in the order of their popularity."""
    if chance.random() < 0.75:
        return popular(chance, COMMON_NAMES)
    name = f"{chance.choice(FIRST)}-{chance.choice(SECOND)}"
    return name if chance.random() < 0.8 else f"{name}-{chance.randint(1, 99)}"


def comment_of(chance: random.Random) -> str:
    """A comment: often a common one, otherwise a few words that others may use, too."""
    if chance.random() < 0.4:
        return popular(chance, COMMON_COMMENTS)
    return f"{chance.choice(OPEN)} {chance.choice(OBJECT)} {chance.choice(CLOSE)}".strip()


def popular(chance: random.Random, options: Sequence[Option]) -> Option:
    """One of the options; the n-th is chosen 1/n as often as the first."""
    return chance.choices(options, [1 / place for place in range(1, len(options) + 1)])[0]
