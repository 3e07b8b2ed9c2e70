"""The wiring of a real shop from a drawing: its parts, and its connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster.shop.story import ObservedStory
from cluster.shop.wiring import API, BROKER, CACHE, DATABASE, RELAY, WORKER, Connection, Wiring
from graders.application_platform.exercises.diagram.flow import Flow
from graders.application_platform.exercises.diagram.words import Role
from graders.reading.dot.drawing import Arrow

PART: Mapping[Role, str] = {
    Role.API: API, Role.WORKER: WORKER, Role.DATABASE: DATABASE, Role.CACHE: CACHE, Role.QUEUE: BROKER,
}  # fmt: skip
"""The shop's name of each part that the exercise asks for."""

ROLE: Mapping[str, Role] = {part: role for role, part in PART.items()}


def wiring(flow: Flow) -> Wiring:
    """Return the wiring: the drawn parts, and a connection for each arrow that carries something."""
    parts = {PART[role] for role, part in flow.parts.items() if part.nodes}
    connections = {c for c, arrows in _carrying(flow) if arrows and set(c) - {RELAY} <= parts}
    if any(RELAY in c for c in connections):
        parts.add(RELAY)
    return Wiring(frozenset(parts), frozenset(connections))


def carrying(flow: Flow) -> dict[Connection, tuple[Arrow, ...]]:
    """Return the arrows of each connection."""
    return {c: arrows for c, arrows in _carrying(flow) if arrows}


def _carrying(flow: Flow) -> Iterator[tuple[Connection, tuple[Arrow, ...]]]:
    yield (API, DATABASE), flow.through["stored"]
    yield (API, CACHE), flow.through["cached"]
    yield (WORKER, BROKER), flow.through["emailed"]
    yield (API, WORKER), flow.sync
    yield (WORKER, DATABASE), flow.remembered
    if flow.outbox and flow.happened("stored"):
        # The relay reads the outbox in the database, where the API writes it together with the order.
        yield (RELAY, DATABASE), flow.through["announced"]
        yield (RELAY, BROKER), flow.through["announced"]
    else:
        yield (API, BROKER), flow.through["announced"]


def foreseen(flow: Flow) -> ObservedStory:
    """Return the flow's prediction in the terms of a story; a real run should observe the same."""
    steps = {step: flow.came_to(step) for step in flow.through}
    there = {PART[role] for role, part in flow.parts.items() if part.nodes}
    failures = {PART[f.stopped]: (f.accepted, f.emailed) for f in flow.failures if PART[f.stopped] in there}
    return ObservedStory(steps, failures)
