"""Exercise ``entrances``: four programs; by which way requests come to each, and why."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

WAYS: Mapping[str, str] = {
    "cluster-ip": "Its address exists only in the cluster, so callers from outside don't reach it.",
    "node-port": "Callers have to know a node and a high port of it; when that node goes, they go, too.",
    "load-balancer": "It gets a public address of its own, which is paid for every month.",
    "ingress": "An Ingress serves HTTP to callers from outside. Without such callers it leads nowhere.",
}
"""Each way in, and what comes of it where it doesn't fit."""

REASONS: Mapping[str, str] = {
    "only-pods-call": "The facts name callers that aren't pods.",
    "names-share-an-address": "The facts name no names that could share an address.",
    "not-http": "Nothing in the facts says that it speaks another protocol than HTTP.",
    "no-balancer": "Nothing in the facts says that load balancers are missing.",
}
"""Each reason, and what to say of it where the facts don't give it."""


def _field(name: str, told: Mapping[str, str], right: str) -> Field:
    others = {option: consequence for option, consequence in told.items() if option != right}
    return Field(name, tuple(told), (right,), others)


def _entrance(name: str, title: str, facts: str, *, right: tuple[str, str], hint: str) -> Item:
    way, reason = right
    return Item(
        name, title, facts, (_field("way", WAYS, way), _field("because", REASONS, reason)),
        why="A way in that doesn't fit is either closed to those who need it, or open to everybody.",
        hints=(hint, "Who calls it, from where, and by which protocol?", "The table above has one way for just this caller."),
    )  # fmt: skip


ITEMS = (
    _entrance(
        "tide-table", "The tide table", "Only the harbor's own pods ask it, several times a second.",
        right=("cluster-ip", "only-pods-call"), hint="Does anybody outside the cluster call it?",
    ),
    _entrance(
        "berth-booking", "Booking a berth", "Browsers open berths.example; nine more names of the harbor have the same address.",
        right=("ingress", "names-share-an-address"), hint="How many names does one address have?",
    ),
    _entrance(
        "ship-radio", "The ships' radio", "Ships outside send their position by UDP to one fixed address.",
        right=("load-balancer", "not-http"), hint="What do ships speak?",
    ),
    _entrance(
        "pier-screen", "The screen on the pier", "A screen beside the one machine of a lab without a cloud opens it by HTTP.",
        right=("node-port", "no-balancer"), hint="Who would make a load balancer there?",
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="entrances", title="Ways in", section="01-ways-in", minutes=5, points=4, part=1, items=ITEMS,
    sample=Sample(__file__, 2.25),
)  # fmt: skip
