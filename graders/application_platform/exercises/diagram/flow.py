"""Place an order in a shop that is wired like the drawing; then stop each part in turn.

Each arrow is a connection of the shop, and the shop has no others. Arrows between a service and a store or broker count
in either direction, because some people draw the caller and others the data flow. This module alone scores a drawing; a
real run of it shows the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from graders.application_platform.exercises.diagram.roles import Candidates, candidates
from graders.application_platform.exercises.diagram.words import PARTS, STORES, Role
from graders.reading.dot.drawing import Arrow, Drawing, Node

MOST_ASSIGNMENTS = 256
"""The most assignments that are tried; the remaining nodes keep their most likely role."""

POINTS: Mapping[str, float] = {
    "api": 0.2, "worker": 0.2, "database": 0.2, "cache": 0.2, "queue": 0.2,
    "stored": 1.0, "cached": 1.0, "announced": 0.75, "emailed": 8.0, "decoupled": 7.25, "guarded": 1.0,
}  # fmt: skip
"""The points of each criterion; of all assignments, the one with the most points counts.

Most points are for the whole way of an order, from the API to the email: single parts and arrows can be drawn without
knowing their purpose. If an order doesn't get there, ``Flow.share`` gives the share of these points.
"""

EACH = 0.5
"""Each mistake after the first costs this share of the points for the whole order; the first costs its row only."""

ENDS: Mapping[str, tuple[Role, Role]] = {
    "stored": (Role.API, Role.DATABASE), "cached": (Role.API, Role.CACHE), "announced": (Role.API, Role.QUEUE),
    "emailed": (Role.QUEUE, Role.WORKER),
}  # fmt: skip
"""The two parts that each step connects: its start and its end."""

_OUTBOX = ("outbox", "cdc", "change data capture", "debezium")


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A part that the exercise asks for, as drawn: its nodes, and their mistakes.

    ``share`` is the share of its points, from 0 to 1. ``with_parts`` are the parts that share its only box.
    """

    role: Role
    nodes: tuple[Node, ...]
    share: float
    other_kind: bool = False
    with_parts: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An order while a part is stopped: whether it is accepted, and whether its email comes in the end."""

    stopped: Role
    accepted: bool
    emailed: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """The result for one drawing. ``through`` are the arrows that carried each step.

    ``turned`` are arrows from a store or broker to the service that calls it; they count as well. ``direct`` are arrows
    between the API and the worker in place of the queue. ``strays`` is the number of stores that are connected with the
    queue without a program between. ``remembered`` are the arrows by which the worker uses the database. ``tangled``
    says that all pairs of parts are connected, or all but one, so that the drawing doesn't say which part calls which.
    """

    drawing: Drawing
    found: Mapping[str, Candidates]
    roles: Mapping[str, tuple[Role, ...]]
    parts: Mapping[Role, DrawnPart]
    through: Mapping[str, tuple[Arrow, ...]]
    sync: tuple[Arrow, ...]
    exposed: tuple[Arrow, ...]
    stranded: tuple[Node, ...]
    outbox: bool
    failures: tuple[Failure, ...]
    turned: tuple[Arrow, ...]
    remembered: tuple[Arrow, ...] = ()
    tangled: bool = False
    direct: tuple[Arrow, ...] = ()
    strays: int = 0

    @property
    def open_parts(self) -> frozenset[Role]:
        """The parts behind the API that clients reach directly."""
        ends = {end for arrow in self.exposed for end in (arrow.tail, arrow.head)}
        return frozenset(r for _, r in ENDS.values() if any(r in self.roles[end] for end in ends))

    @property
    def passed_by(self) -> frozenset[str]:
        """The steps that don't need the API. A single open part costs its own criterion; two or more cost these steps."""
        if self.tangled:
            return frozenset(ENDS)
        reached = self.open_parts
        return frozenset(s for s, (_, role) in ENDS.items() if role in reached) if len(reached) > 1 else frozenset()

    @property
    def needless(self) -> bool:
        """Whether clients reach all parts behind the API directly, so that it guards none of them."""
        own = {step for step in ("stored", "cached", "announced") if self.through[step]}
        passed_by = self.passed_by
        return bool(own & passed_by) and own <= passed_by

    def happened(self, step: str) -> bool:
        """Whether the order was ``stored``, ``cached``, ``announced`` or ``emailed``."""
        return bool(self.through[step])

    def came_to(self, step: str) -> bool:
        """Whether the order reached this step: an email needs an announced order."""
        return self.happened(step) and (step != "emailed" or self.happened("announced"))

    @property
    def confirmed(self) -> bool:
        """Whether a stored order was announced, and its email sent through the queue."""
        return self.happened("stored") and self.came_to("emailed")

    @property
    def mistakes(self) -> int:
        """The number of mistakes on the way of an order.

        These are missing parts and connections, an arrow between API and worker, a way past the API, and stores at the queue.
        """
        parts = sum(not part.nodes for part in self.parts.values())
        steps = sum(not arrows for arrows in self.through.values())
        return parts + steps + self.coupled + bool(self.exposed or self.stranded) + self.strays

    def share(self, criterion: str) -> float:
        """Return the share of the points of ``emailed`` or ``decoupled``, from 0 to 1.

        The first mistake with its own row costs only that row; each further one costs half of the points of these two
        criteria. A mistake in one of these two criteria costs half of its points even if it is the first mistake.
        """
        if "emailed" in self.passed_by or (criterion == "decoupled" and self._merged):
            return 0.0
        own = self.coupled if criterion == "decoupled" else not self.happened("emailed")
        if self.confirmed and not own:
            return 1.0
        return max(0.0, 1 - EACH * (self.mistakes - 1 + own))

    @property
    def coupled(self) -> bool:
        """Whether an arrow connects the API and the worker where only the queue should."""
        return bool(self.sync or self.direct)

    @property
    def _merged(self) -> bool:
        return any(self.parts[r].nodes and not self.parts[r].share for r in (Role.API, Role.WORKER))

    @property
    def guarded(self) -> bool:
        """Whether clients reach the API, and no part behind it."""
        wired = any(self.through.values())
        return self.parts[Role.API].share > 0 and wired and not (self.exposed or self.stranded or self.tangled)

    @property
    def points(self) -> float:
        """The rubric's points for this flow."""
        parts = (p for p in self.parts.values() if p.role is not Role.API or not self.needless)
        earned = sum(POINTS[p.role.value] * p.share for p in parts)
        done = {step for step in ("stored", "cached", "announced") if self.happened(step)} - self.passed_by
        earned += sum(POINTS[step] for step in done) + POINTS["guarded"] * self.guarded
        return earned + sum(POINTS[whole] * self.share(whole) for whole in ("emailed", "decoupled"))


def place_order(drawing: Drawing) -> Flow:
    """Run the drawing, and return the flow of the reading with the most points."""
    most = MOST_ASSIGNMENTS // len(drawing.readings)
    return max((_best(reading, most) for reading in drawing.readings), key=lambda flow: flow.points)


def _best(drawing: Drawing, most: int) -> Flow:
    found = candidates(drawing.nodes)
    return max((_run(drawing, found, roles) for roles in _assignments(found, most)), key=lambda flow: flow.points)


def _assignments(found: Mapping[str, Candidates], most: int) -> Iterable[dict[str, tuple[Role, ...]]]:
    likeliest = {name: c.merged or (c.roles[0],) for name, c in found.items()}
    open_names = []
    tried = 1
    for name, one in found.items():
        choices = len(one.roles) + bool(one.merged)
        if choices > 1 and tried * choices <= most:
            open_names.append(name)
            tried *= choices
    choices_of = [[(r,) for r in found[n].roles] + ([found[n].merged] if found[n].merged else []) for n in open_names]
    for chosen in product(*choices_of):
        yield likeliest | dict(zip(open_names, chosen, strict=True))


class _Wiring:
    """The connections between nodes, by role."""

    def __init__(self, drawing: Drawing, roles: Mapping[str, tuple[Role, ...]]) -> None:
        self.roles = roles
        self._playing: dict[Role, list[str]] = {}
        for name, played in roles.items():
            for role in played:
                self._playing.setdefault(role, []).append(name)
        self.arrows = [a for a in drawing.arrows if a.tail != a.head]
        self.touching: dict[str, list[Arrow]] = {}
        for arrow in self.arrows:
            self.touching.setdefault(arrow.tail, []).append(arrow)
            self.touching.setdefault(arrow.head, []).append(arrow)

    def of(self, *roles: Role) -> list[str]:
        return list(dict.fromkeys(name for role in roles for name in self._playing.get(role, ())))

    def joined(self, one: Iterable[str], other: Iterable[str], between: Iterable[str] = ()) -> tuple[Arrow, ...]:
        """Return the arrows, in either direction, that connect a node of ``one`` with a node of ``other``.

        A connection may go through one of the nodes ``between``.
        """
        ends, proxies = set(other), set(between)
        found: list[Arrow] = []
        for name in one:
            for arrow in self.touching.get(name, ()):
                far = _far(arrow, name)
                if far in ends:
                    found.append(arrow)
                elif far in proxies:
                    found += (
                        [arrow, *onward] if (onward := [a for a in self.touching[far] if _far(a, far) in ends]) else []
                    )
        return tuple(dict.fromkeys(found))

    def reached(self, start: Iterable[str], through: Iterable[str]) -> set[str]:
        """Return the nodes that are connected with ``start`` through nodes in ``through``, ``start`` included."""
        found, open_to = set(start), set(through)
        todo = list(found)
        while todo:
            name = todo.pop()
            for arrow in self.touching.get(name, ()):
                if (far := _far(arrow, name)) in open_to and far not in found:
                    found.add(far)
                    todo.append(far)
        return found


def _far(arrow: Arrow, name: str) -> str:
    return arrow.head if arrow.tail == name else arrow.tail


def _run(drawing: Drawing, found: Mapping[str, Candidates], roles: dict[str, tuple[Role, ...]]) -> Flow:
    wiring = _Wiring(drawing, roles)
    api, worker, database, cache, queue = (_asked(wiring.of(r), r, found) for r in PARTS)
    inner = _inner_proxies(wiring, api)
    between = [*wiring.of(Role.POOLER), *inner]
    stored = wiring.joined(api, database, between)
    relayed = _relayed(wiring, api, database if stored else [], queue)
    announced = wiring.joined(api, queue) or relayed
    through = {
        "stored": stored,
        "cached": wiring.joined(api, cache, between),
        "announced": announced,
        "emailed": wiring.joined(_heard(wiring, announced, queue), worker),
    }
    sync = _sync(wiring, api, worker, inner)
    return Flow(
        drawing=drawing,
        found=found,
        roles=roles,
        parts=_parts(drawing.nodes, found, roles),
        through=through,
        sync=sync,
        exposed=_exposed(wiring, inner),
        stranded=_stranded(drawing.nodes, wiring, api),
        outbox=bool(relayed) and not wiring.joined(api, queue),
        failures=_failures(through, sync),
        turned=tuple(a for a in dict.fromkeys(a for arrows in through.values() for a in arrows)
                     if not a.both and set(roles[a.tail]) & STORES and Role.WORKER not in roles[a.head]
                     and set(roles[a.head]) & {Role.API}),
        remembered=wiring.joined(worker, database, between),
        direct=() if wiring.joined(queue, worker) else wiring.joined(api, worker),
        strays=sum(bool(set(wiring.joined(store, queue)) - set(relayed)) for store in (database, cache)),
        tangled=sum(not wiring.joined(*pair) for pair in combinations((api, worker, database, cache, queue), 2)) <= 1,
    )  # fmt: skip


def _asked(playing: list[str], role: Role, found: Mapping[str, Candidates]) -> list[str]:
    """Return the nodes of a part that have the right kind, or all of them if none has."""
    return [name for name in playing if role not in found[name].other_kind] or playing


def _inner_proxies(wiring: _Wiring, api: list[str]) -> list[str]:
    """Return the proxies between the API and its stores, without those between clients and the API."""
    outside = {*wiring.of(Role.CLIENT), *wiring.of(Role.GATEWAY)}
    return [
        name
        for name in wiring.of(Role.GATEWAY)
        if not any(
            _far(a, name) in outside or (a.tail == name and a.head in api) for a in wiring.touching.get(name, ())
        )
    ]


def _heard(wiring: _Wiring, announced: Iterable[Arrow], queue: list[str]) -> list[str]:
    """Return the queues that an announcement reaches: the first one, and those that it feeds (topic to queue)."""
    at = {end for arrow in announced for end in (arrow.tail, arrow.head)} & set(queue)
    if not at:
        return queue
    onward = wiring.reached(at, [*queue, *wiring.of(Role.RELAY, Role.OTHER)])
    return [name for name in queue if name in onward]


def _sync(wiring: _Wiring, api: list[str], worker: list[str], inner: list[str]) -> tuple[Arrow, ...]:
    """Return the arrows by which the API calls the worker, directly or through a proxy."""
    callers, called, fronts = set(api), set(worker), set(wiring.of(Role.GATEWAY))
    straight = [a for a in wiring.arrows if _points(a, callers, called)]
    for arrow in (a for a in wiring.arrows if _points(a, callers, fronts)):
        proxy = arrow.head if arrow.head in fronts else arrow.tail
        if arrow.both and proxy not in inner:
            continue  # clients come through this proxy
        onward = [a for a in wiring.touching[proxy] if _points(a, [proxy], called)]
        straight += [arrow, *onward] if onward else []
    return tuple(dict.fromkeys(straight))


def _points(arrow: Arrow, tails: Collection[str], heads: Collection[str]) -> bool:
    straight = arrow.tail in tails and arrow.head in heads
    return straight or (arrow.both and arrow.head in tails and arrow.tail in heads)


def _relayed(wiring: _Wiring, api: list[str], database: list[str], queue: list[str]) -> tuple[Arrow, ...]:
    """Return the arrows by which an outbox or change-data-capture relay moves orders from the database to the queue.

    ``database`` is empty if no order reaches it.
    """
    relays = wiring.of(Role.RELAY)
    into = wiring.joined(relays, [*database, *api])
    fed = {end for arrow in into for end in (arrow.tail, arrow.head)} & set(relays)
    reached = wiring.reached(fed, relays)
    among = wiring.joined(reached, reached)
    if fed and (out_of := wiring.joined(reached, queue)):
        return (*into, *among, *out_of)
    return tuple(a for a in wiring.joined(database, queue) if any(word in a.text.casefold() for word in _OUTBOX))


def _exposed(wiring: _Wiring, inner: Sequence[str]) -> tuple[Arrow, ...]:
    """Return arrows by which a client, or a proxy in front of the API, reaches a store, a broker or the worker.

    An arrow from the worker to a client is the email.
    """
    clients = wiring.of(Role.CLIENT)
    fronts = [name for name in wiring.of(Role.GATEWAY) if name not in inner]
    stores, worker, poolers = wiring.of(*STORES), wiring.of(Role.WORKER), wiring.of(Role.POOLER)
    direct = wiring.joined(clients, stores, poolers)
    behind = (a for a in wiring.joined(fronts, stores, poolers) if a.tail in fronts or a.tail in poolers or a.both)
    past = [*direct, *behind]
    # An arrow without a direction may be the email, unless other parts are open, too.
    called = [
        a for a in wiring.arrows
        if (bool(past) or not a.both) and _points(a, [*clients, *fronts], worker)
    ]  # fmt: skip
    return tuple(dict.fromkeys((*past, *called)))


def _stranded(nodes: Sequence[Node], wiring: _Wiring, api: list[str]) -> tuple[Node, ...]:
    """Return the drawn clients that have no way to the API."""
    clients = wiring.of(Role.CLIENT)
    reached, todo = set(clients), list(clients)
    while todo:
        name = todo.pop()
        for arrow in wiring.touching.get(name, ()):
            far = _far(arrow, name)
            if far not in reached and (far in api or not set(wiring.roles[far]) & {*STORES, Role.WORKER}):
                reached.add(far)
                todo += [] if far in api else [far]
    return () if not clients or reached & set(api) else tuple(n for n in nodes if n.name in clients)


def _parts(
    nodes: Sequence[Node], found: Mapping[str, Candidates], roles: Mapping[str, tuple[Role, ...]]
) -> dict[Role, DrawnPart]:
    parts = {}
    for role in PARTS:
        playing = [n for n in nodes if role in roles[n.name]]
        alone = [n for n in playing if len(roles[n.name]) == 1]
        asked = [n for n in alone if role not in found[n.name].other_kind]
        if asked or not playing:
            parts[role] = DrawnPart(role, tuple(asked or playing), 1.0 if asked else 0.0)
        elif alone:
            parts[role] = DrawnPart(role, tuple(alone), 0.5, other_kind=True)
        else:
            together = roles[playing[0].name]
            parts[role] = DrawnPart(
                role, tuple(playing), _share(role, together), with_parts=tuple(r for r in together if r != role)
            )
    return parts


def _share(role: Role, together: tuple[Role, ...]) -> float:
    # One Redis for both is common in small shops: it is a full cache, and half a queue.
    if set(together) == {Role.CACHE, Role.QUEUE}:
        return 1.0 if role is Role.CACHE else 0.5
    return 0.0


def _failures(through: Mapping[str, tuple[Arrow, ...]], sync: tuple[Arrow, ...]) -> tuple[Failure, ...]:
    stored, announced, emailed = (bool(through[s]) for s in ("stored", "announced", "emailed"))
    # Without its broker a worker that listens there isn't ready, so its callers get no answer. The API stores its
    # announcements until the broker is back.
    accepted = {
        Role.WORKER: stored and not sync,
        Role.CACHE: stored,
        Role.DATABASE: False,
        Role.QUEUE: stored and not (sync and emailed),
    }
    return tuple(Failure(role, yes, emailed=yes and announced and emailed) for role, yes in accepted.items())
