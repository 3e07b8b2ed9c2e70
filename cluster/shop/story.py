"""What a shop does for real: orders are placed, then each part is taken away in turn and brought back.

The story is the same however the shop runs: a :class:`Stage` has the parts as processes of this machine or as pods. What is
told is only what was seen: the API's answers, rows in the database, keys in the cache, messages in the stream, emails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Protocol

from cluster.errors import WorldError
from cluster.polling import holds
from cluster.shop.wiring import API, BROKER, DATABASE, RELAY, STOPPED, WHOLE, WORKER, Wiring

ORDERS, ORDERS_EACH = 20, 5
"""How many orders are placed while all is well, and while a part is away."""

AT_ONCE = 4
MAIL_SECONDS = 0.1
"""How long the mail server takes over an email, in seconds: one that is near and not busy."""

FOLLOW_WITHIN = 12.0
"""How long emails that should follow are waited for, in seconds; a worker that comes back looks after one or two."""

LONGEST = 300.0
"""How long a whole story may take, in seconds, on a machine however busy; a usual one takes ten to thirty."""

QUIET = 0.6
"""How long it is watched whether something comes that nobody expects, in seconds."""

LOOKED_EACH = 0.1
QUEUE, REQUEST = "queue", "request"
"""How the worker may have heard of an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was sent: ``at`` seconds after the story began, and answered with ``status`` ``seconds`` later.

    ``emailed`` is when its email was with the mail server, in seconds after the story began; None where none came.
    ``reads`` are how long its customer waited to see it, the first time and the second.
    """

    at: float
    status: int
    seconds: float
    id: str = ""
    reads: tuple[float, ...] = ()
    stored: bool = False
    cached: bool = False
    announced: bool = False
    emailed: float | None = None
    heard_by: str = ""

    @property
    def accepted(self) -> bool:
        """Whether its customer was told yes, and it is kept where a restart doesn't lose it."""
        return self.status == HTTPStatus.CREATED and self.stored


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the story: ``stopped`` is the part that was away, empty where none was.

    Times are seconds after the story began. ``half_done`` counts what customers were refused and that is stored or emailed
    all the same. ``back`` is when the part was there again.
    """

    stopped: str
    began: float
    orders: tuple[Order, ...] = ()
    back: float | None = None
    ended: float | None = None
    half_done: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """A story so far. ``way`` says how the shop ran; ``beside`` are the same orders by the queue, where it calls the worker."""

    way: str
    wiring: Wiring
    chapters: tuple[Chapter, ...] = ()
    beside: tuple[Order, ...] = ()
    live: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    def chapter(self, stopped: str = "") -> Chapter | None:
        """The chapter in which that part was away."""
        return next((c for c in self.chapters if c.stopped == stopped), None)


Watch = Callable[[Story], None]
"""Told of a story each time that it has grown."""


class Stage(Protocol):
    """A shop that runs: whoever tells its story may visit it, take its parts away and bring them back."""

    @property
    def way(self) -> str:
        """How it runs, in a word or two."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of how it runs."""
        ...

    def visit(self, method: str, query: Mapping[str, Any] | None = None, within: float = 30.0) -> Any:
        """What the visitor answers. Raises WorldError where it can't be reached."""
        ...

    def take_away(self, part: str) -> None:
        """Stop a part, and return when it has stopped."""
        ...

    def bring_back(self, part: str) -> None:
        """Start a part again, with its data, and return when every part that depends on it is ready."""
        ...

    def mail_takes(self, seconds: float) -> None:
        """Have the mail server take so long over an email."""
        ...

    def rewire(self, wiring: Wiring) -> None:
        """Give API and worker the connections of another wiring, and wait until they are ready."""
        ...


def tell(stage: Stage, wiring: Wiring, watch: Watch | None = None) -> Story:
    """Place orders, take each part away in turn and place some more, and tell. Raises WorldError."""
    return _Telling(stage, wiring, watch).tell()


@dataclass
class _Telling:
    stage: Stage
    wiring: Wiring
    watch: Watch | None
    began: float = field(default_factory=time.time)
    chapters: list[Chapter] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    strays: set[str] = field(default_factory=set)

    def tell(self) -> Story:
        self.stage.mail_takes(MAIL_SECONDS)
        self._well()
        for part in STOPPED:
            if part in self.wiring.parts:
                self._without(part)
        beside: tuple[Order, ...] = ()
        if self.wiring.joined(API, WORKER):
            beside = self._by_the_queue()
        return replace(self._story(live=False), beside=beside)

    def _well(self) -> None:
        self._begin("")
        self._place(ORDERS, AT_ONCE)
        self._follow()
        self._end()

    def _without(self, part: str) -> None:
        self._begin(part)
        self.stage.take_away(part)
        self._place(ORDERS_EACH, ORDERS_EACH)
        self._look()
        self.stage.bring_back(part)
        self._change(back=self._now)
        self._follow()
        self._end()

    def _by_the_queue(self) -> tuple[Order, ...]:
        """The same orders once more, in a shop that is wired as the lesson has it."""
        if not {DATABASE, BROKER, WORKER} <= self.wiring.parts:
            return ()  # nothing is started that wasn't drawn
        lessons = {c for c in WHOLE.connections if set(c) <= self.wiring.parts}
        self.stage.rewire(replace(self.wiring, connections=self.wiring.connections - {(API, WORKER)} | lessons))
        placed = self.stage.visit("POST", {"count": ORDERS, "at_once": AT_ONCE}, 60)
        return tuple(self._read(order) for order in placed)

    # --- one chapter

    @property
    def _now(self) -> float:
        return time.time() - self.began

    def _begin(self, stopped: str) -> None:
        if self._now > LONGEST:
            raise WorldError(f"The story wasn't over after {LONGEST:.0f} s.", "Try again when less is going on here.")
        self.chapters.append(Chapter(stopped, self._now))
        self._tell()

    def _end(self) -> None:
        self._change(ended=self._now)

    def _change(self, **what: Any) -> None:
        self.chapters[-1] = replace(self.chapters[-1], **what)
        self._tell()

    def _place(self, count: int, at_once: int) -> None:
        placed = self.stage.visit("POST", {"count": count, "at_once": at_once}, 60)
        self._change(orders=tuple(self._read(order) for order in placed))

    def _read(self, order: Mapping[str, Any]) -> Order:
        at = float(order["at"]) - self.began
        return Order(at, int(order["status"]), float(order["seconds"]), str(order["id"]), tuple(order["reads"]))

    def _follow(self) -> None:
        """Look until every event and email that may come has come; or, where none may, for a quiet moment."""
        wiring = self.wiring
        announces = wiring.joined(API, BROKER) or wiring.joined(RELAY, BROKER)
        mails = announces and wiring.joined(WORKER, BROKER)

        def come() -> bool:
            self._look()
            taken = [o for o in self.chapters[-1].orders if o.id]
            return announces and all(o.announced and (o.emailed is not None or not mails) for o in taken)

        holds(come, FOLLOW_WITHIN if announces else QUIET, LOOKED_EACH)

    def _look(self) -> None:
        seen = self.stage.visit("GET")
        emails = {e["order_id"]: e for e in seen["emails"] or ()}
        stored, cached = set(seen["stored"] or ()), set(seen["cached"] or ())
        announced = set(seen["announced"] or ())
        orders = tuple(
            replace(
                order,
                stored=order.stored or order.id in stored,
                cached=order.cached or order.id in cached,
                announced=order.announced or order.id in announced,
                emailed=emails[order.id]["at"] - self.began if order.id in emails else order.emailed,
                heard_by=emails[order.id]["by"] if order.id in emails else order.heard_by,
            )
            for order in self.chapters[-1].orders
        )
        self.known |= {order.id for order in orders if order.id}
        new = (stored | emails.keys()) - self.known - self.strays
        self.strays |= new
        self._change(orders=orders, half_done=self.chapters[-1].half_done + len(new))

    def _tell(self) -> None:
        if self.watch is not None:
            self.watch(self._story(live=True))

    def _story(self, *, live: bool) -> Story:
        return Story(
            self.stage.way, self.wiring, tuple(self.chapters), live=live, notes=self.stage.notes, seconds=self._now
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a story comes to, in the terms in which a drawing is judged.

    ``steps`` says of ``stored``, ``cached``, ``announced`` and ``emailed`` whether it came to that; ``failures`` says of
    each part that was away whether orders were accepted meanwhile, and whether their emails came in the end. An email
    counts that the worker sent because it heard of the order on the queue.
    """

    steps: Mapping[str, bool]
    failures: Mapping[str, tuple[bool, bool]]


def seen(story: Story) -> Seen:
    """What a story comes to."""
    well = story.chapter()
    orders = well.orders if well else ()
    steps = {
        "stored": _all(orders, lambda o: o.stored),
        "cached": _all(orders, lambda o: o.cached),
        "announced": _all(orders, lambda o: o.announced),
        "emailed": _all(orders, lambda o: _heard_on_queue(story.wiring, o)),
    }
    failures = {
        c.stopped: (
            _all(c.orders, lambda o: o.accepted),
            _all(c.orders, lambda o: o.accepted and _heard_on_queue(story.wiring, o)),
        )
        for c in story.chapters
        if c.stopped
    }
    return Seen(steps, failures)


def _heard_on_queue(wiring: Wiring, order: Order) -> bool:
    # Where the API calls the worker and announces as well, the worker sends one email: by the call, which comes first.
    both = wiring.joined(API, WORKER) and wiring.joined(WORKER, BROKER) and order.announced
    return order.emailed is not None and (order.heard_by == QUEUE or both)


def _all(orders: Sequence[Order], holds: Callable[[Order], bool]) -> bool:
    return bool(orders) and all(map(holds, orders))
