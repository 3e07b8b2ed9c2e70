"""The drawings that are run for real: the right ones, every arrow of the solution missing, every extra arrow, and odd ones."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

from cluster.shop.wiring import Wiring
from graders.application_platform.exercises.diagram.flow import Flow, place_order
from graders.application_platform.exercises.diagram.wired import wiring
from graders.reading.dot.drawing import parse
from tests.graders.application_platform.exercises.diagram.shop import EDGES, LABELS, NAMES, RIGHT


def drawn(edges: list[tuple[str, str]], without: str = "") -> str:
    """A drawing of the five parts with those arrows, perhaps without one part."""
    nodes = " ".join(f'{name} [label="{LABELS[name]}"];' for name in NAMES if name != without)
    arrows = " ".join(f"{tail} -> {head};" for tail, head in edges if without not in (tail, head))
    return f"digraph {{ {nodes} {arrows} }}"


MISSING = {f"no {tail} to {head}": drawn([e for e in EDGES if e != (tail, head)]) for tail, head in EDGES}
EXTRA = {
    f"also {tail} to {head}": drawn([*EDGES, (tail, head)])
    for tail, head in permutations(NAMES, 2)
    if (tail, head) not in EDGES
}
ABSENT = {f"no {name}": drawn(EDGES, without=name) for name in NAMES}
ODD = {
    "the worker called in place of the queue": drawn([("api", "postgres"), ("api", "redis"), ("api", "worker")]),
    "called and told, without a queue for the worker": drawn([*EDGES[:3], ("api", "worker")]),
    "nothing connected": drawn([]),
    "a cycle": "digraph { api -> postgres -> api -> redis -> api -> queue -> worker -> api }",
    "two databases": 'digraph { api -> pg1; api -> pg2; pg1 [label="PostgreSQL"]; pg2 [label="PostgreSQL reports"]; api -> redis; api -> queue -> worker }',
    "parts apart": "digraph { api -> postgres; redis -> queue; worker }",
    "one node only": "digraph { api }",
    "no part of a shop": "digraph { moon -> sun }",
    "the worker alone": "digraph { queue -> worker }",
    "an outbox and a call": 'digraph { api -> postgres -> outbox -> queue -> worker; api -> worker; outbox [label="Outbox relay"] }',
    "an outbox, and nobody who listens": 'digraph { api -> postgres -> outbox -> queue; outbox [label="Outbox relay"] }',
    "nothing kept, all announced": "digraph { api -> redis; api -> queue -> worker }",
}

DRAWINGS: Mapping[str, str] = {**RIGHT, **MISSING, **EXTRA, **ABSENT, **ODD}


def flow(name: str) -> Flow:
    """The flow's result for a drawing."""
    return place_order(parse(DRAWINGS[name]))


def by_wiring() -> dict[Wiring, list[str]]:
    """The drawings' names by their wiring; drawings with the same wiring are run once."""
    found: dict[Wiring, list[str]] = {}
    for name in DRAWINGS:
        found.setdefault(wiring(flow(name)), []).append(name)
    return found
