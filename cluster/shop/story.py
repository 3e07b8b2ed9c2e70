"""The story of a running shop: orders are placed, then each part is stopped in turn and started again.

The story is the same however the shop runs: a :class:`Stage` has the parts as processes on this machine or as pods. It
reports only observations: the API's answers, rows in the database, keys in the cache, messages in the stream, emails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Protocol

from cluster.errors import WorldError
from cluster.polling import wait_until
from cluster.shop.wiring import API, BROKER, DATABASE, RELAY, STOPPED, WHOLE, WORKER, Wiring

ORDERS, ORDERS_EACH = 20, 5
"""How many orders are placed while everything runs, and while one part is stopped."""

AT_ONCE = 4
MAIL_SECONDS = 0.1
"""How long the mail server takes for an email, in seconds: like a near, idle server."""

FOLLOW_WITHIN = 12.0
"""How long to wait for due emails, in seconds; a restarted worker sends them after one or two."""

LONGEST = 300.0
"""How long a whole story may take, in seconds, even on a busy machine; usually ten to thirty."""

QUIET = 0.6
"""How long to watch for emails or events that shouldn't come, in seconds."""

LOOKED_EACH = 0.1
QUEUE, REQUEST = "queue", "request"
"""How the worker heard of an order."""


@dataclass(frozen=True, slots=True)
class SentOrder:
    """An order: sent ``at`` seconds after the story began, answered with ``status`` after ``seconds``.

    ``emailed`` is when the mail server had its email, in seconds after the story began; None without an email.
    ``reads`` are the times that the customer waited to read it, the first and the second time, in seconds.
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
        """Whether the API accepted it and stored it where it survives a restart."""
        return self.status == HTTPStatus.CREATED and self.stored


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the story: ``stopped`` is the part that was stopped, empty if none was.

    Times are seconds after the story began. ``half_done`` counts orders that were refused but stored or emailed
    nevertheless. ``back`` is when the part was ready again.
    """

    stopped: str
    began: float
    orders: tuple[SentOrder, ...] = ()
    back: float | None = None
    ended: float | None = None
    half_done: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """A story so far. ``way`` says how the shop ran. For a shop that calls the worker, ``beside`` has the same orders, sent by queue."""

    way: str
    wiring: Wiring
    chapters: tuple[Chapter, ...] = ()
    beside: tuple[SentOrder, ...] = ()
    live: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    def chapter(self, stopped: str = "") -> Chapter | None:
        """Return the chapter in which that part was stopped."""
        return next((c for c in self.chapters if c.stopped == stopped), None)


Watch = Callable[[Story], None]
"""Called with a story each time that it has grown."""


class Stage(Protocol):
    """A running shop: the story visits it, and stops and starts its parts."""

    @property
    def way(self) -> str:
        """How the shop runs, in a word or two."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on how it runs, a sentence each."""
        ...

    def visit(self, method: str, query: Mapping[str, Any] | None = None, within: float = 30.0) -> Any:
        """Return the visitor's answer. Raises WorldError if it can't be reached."""
        ...

    def take_away(self, part: str) -> None:
        """Stop a part and wait for its end."""
        ...

    def bring_back(self, part: str) -> None:
        """Start a part again with its data, and wait until every part that depends on it is ready."""
        ...

    def mail_takes(self, seconds: float) -> None:
        """Make the mail server take this long for each email."""
        ...

    def rewire(self, wiring: Wiring) -> None:
        """Restart API and worker with the connections of another wiring, and wait until they are ready."""
        ...


def tell(stage: Stage, wiring: Wiring, watch: Watch | None = None) -> Story:
    """Place orders, then more with each part stopped in turn; return the story. Raises WorldError if the shop breaks."""
    return _StoryRun(stage, wiring, watch).tell()


@dataclass
class _StoryRun:
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
        beside: tuple[SentOrder, ...] = ()
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

    def _by_the_queue(self) -> tuple[SentOrder, ...]:
        """Place the same orders again in a shop with the lesson's wiring."""
        if not {DATABASE, BROKER, WORKER} <= self.wiring.parts:
            return ()  # parts that weren't drawn aren't started
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
            raise WorldError(f"The run wasn't over after {LONGEST:.0f} s.", "Try again when this machine is less busy.")
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

    def _read(self, order: Mapping[str, Any]) -> SentOrder:
        at = float(order["at"]) - self.began
        return SentOrder(at, int(order["status"]), float(order["seconds"]), str(order["id"]), tuple(order["reads"]))

    def _follow(self) -> None:
        """Watch until every due event and email has come; if none is due, for a short time."""
        wiring = self.wiring
        announces = wiring.joined(API, BROKER) or wiring.joined(RELAY, BROKER)
        mails = announces and wiring.joined(WORKER, BROKER)

        def come() -> bool:
            self._look()
            taken = [o for o in self.chapters[-1].orders if o.id]
            return announces and all(o.announced and (o.emailed is not None or not mails) for o in taken)

        wait_until(come, FOLLOW_WITHIN if announces else QUIET, LOOKED_EACH)

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
class ObservedStory:
    """The results of a story, in the terms in which a drawing is judged.

    ``steps`` says whether orders were ``stored``, ``cached``, ``announced`` and ``emailed``; ``failures`` says for
    each stopped part whether orders were accepted meanwhile, and whether their emails came in the end. An email
    counts only if the worker sent it because of the queue.
    """

    steps: Mapping[str, bool]
    failures: Mapping[str, tuple[bool, bool]]


def seen(story: Story) -> ObservedStory:
    """Return the results of a story."""
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
    return ObservedStory(steps, failures)


def _heard_on_queue(wiring: Wiring, order: SentOrder) -> bool:
    # If the API both calls the worker and announces, the worker sends one email: for the call, which comes first.
    both = wiring.joined(API, WORKER) and wiring.joined(WORKER, BROKER) and order.announced
    return order.emailed is not None and (order.heard_by == QUEUE or both)


def _all(orders: Sequence[SentOrder], holds: Callable[[SentOrder], bool]) -> bool:
    return bool(orders) and all(map(holds, orders))
