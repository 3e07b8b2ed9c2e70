"""The wiring of a shop: its parts, and the connections between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

API: Final = "api"
WORKER: Final = "worker"
DATABASE: Final = "database"
CACHE: Final = "cache"
BROKER: Final = "broker"
RELAY: Final = "relay"

PARTS = (API, WORKER, DATABASE, CACHE, BROKER, RELAY)
ENGINES = (DATABASE, CACHE, BROKER)
STOPPED = (WORKER, CACHE, DATABASE, BROKER)
"""The parts that the story stops, in this order."""

Connection = tuple[str, str]
"""Caller and called part."""

KNOWN: frozenset[Connection] = frozenset({
    (API, DATABASE), (API, CACHE), (API, BROKER), (API, WORKER),
    (RELAY, DATABASE), (RELAY, BROKER),
    (WORKER, BROKER), (WORKER, DATABASE),
})  # fmt: skip
"""The connections that the shop's programs use; any other arrow has no effect."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts that run, and their connections. A missing part has no connections."""

    parts: frozenset[str]
    connections: frozenset[Connection]

    def __post_init__(self) -> None:
        if strange := self.parts - set(PARTS) or self.connections - KNOWN:
            raise ValueError(f"no part of this shop: {sorted(strange)}")
        if loose := [c for c in self.connections if not set(c) <= self.parts]:
            raise ValueError(f"a connection of a part that isn't there: {sorted(loose)}")

    def joined(self, caller: str, called: str) -> bool:
        """Whether one part has a connection to another."""
        return (caller, called) in self.connections


WHOLE = Wiring(
    frozenset({API, WORKER, DATABASE, CACHE, BROKER}),
    frozenset({(API, DATABASE), (API, CACHE), (API, BROKER), (WORKER, BROKER)}),
)
"""The lesson's own wiring."""
