"""The timeline of the pods as a picture: a panel for each lane of the train, a row for each pod, seconds to the right.

The SVG comes from a template, without a plotting library: a picture takes less than a millisecond instead of a third of
a second, and a class of sixty needs sixty pictures. Colors are mid-tones that are visible on white and on black; each
state also has its own pattern, and its word is in the legend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cluster.train.stops import BAD_RELEASE, HANG, LANES, LEAK, OUTAGE, SHUTDOWN
from cluster.train.timeline import Event, EventKind, Timeline
from graders.application_platform.exercises.deployment.rubric import DeploymentEvidence
from graders.present.svg.axis import LINE, Axis, Entry, Tick, legend
from graders.present.templating import picture, templates_beside
from graders.reading.text import shown

render = templates_beside(__file__)

WIDTH, LEFT, RIGHT = 860, 150, 20
ROW, AXIS, TITLE, HEAD, LEVEL, LETTER = 20, 26, 18, 19, 15, 7
GLYPH = 13
"""The least distance of two marks in pixels; the later one moves to the right."""

MOST_TICKS = 12
LEAST = 640
"""The least width of the picture in pixels; a narrower page scrolls it."""

NAME = 21
"""The most characters of a pod's name beside its row."""

TITLES = ("Faults: what breaks, and how the pods react", "Releases: new versions, at the same time in other pods")
"""The titles of the lanes' panels, in the order of the lanes."""

MOST_TOLD = 8
"""The most events of a lane in the alt text."""

PENDING, STARTING, SERVING, AWAY, HUNG, ENDING, DOWN = (
    "pending", "starting", "serving", "away", "hung", "ending", "down",
)  # fmt: skip
WORDS = {
    PENDING: "not scheduled",
    STARTING: "starting",
    SERVING: "in the Service",
    AWAY: "out of the Service",
    HUNG: "hangs",
    ENDING: "terminating",
    DOWN: "not running",
}
"""The states a pod can be in, in the words of the legend."""

MARKS = {
    EventKind.FAULT: ("⚡", "broken on purpose"),
    EventKind.STARTED: ("↻", "restarted"),
    EventKind.OOM_KILLED: ("✖", "killed at its memory limit"),
    EventKind.EVICTED: ("▼", "evicted from its node"),
    EventKind.OVER: ("○", "repaired"),
}
"""The events with a glyph, and their words in the legend."""

_ALWAYS: Mapping[EventKind, str] = {
    **dict.fromkeys((EventKind.EXITED, EventKind.OOM_KILLED, EventKind.BACK_OFF, EventKind.FAILED, EventKind.EVICTED), DOWN),
    **dict.fromkeys((EventKind.FAILED_SCHEDULING, EventKind.FAILED_CREATE), PENDING),
    EventKind.STARTED: STARTING, EventKind.DELETED: "",
}  # fmt: skip
"""The state after an event, independent of the state before it."""

_ELSE: Mapping[EventKind, str] = {EventKind.SCHEDULED: STARTING, EventKind.READY: SERVING, EventKind.KILLING: ENDING}
"""The state after an event of a pod that neither hangs nor terminates."""


@dataclass
class _Pod:
    """The state of a pod after each event, and whether it is in the Service."""

    state: str = ""
    ready: bool = False

    def see(self, event: Event) -> None:
        """Change to the state after an event."""
        if event.kind in (EventKind.READY, EventKind.NOT_READY):
            self.ready = event.kind is EventKind.READY
        self.state = _ALWAYS[event.kind] if event.kind in _ALWAYS else self._next(event)

    def _next(self, event: Event) -> str:
        if self.state == ENDING:  # it also leaves the Service, but is still ending
            return ENDING
        if self.state == HUNG:
            mended = SERVING if self.ready else AWAY
            return {EventKind.KILLING: ENDING, EventKind.OVER: mended}.get(event.kind, HUNG)
        if event.kind is EventKind.FAULT and event.stop == HANG:
            return HUNG
        if event.kind is EventKind.NOT_READY and self.state == SERVING:
            return AWAY
        return _ELSE.get(event.kind, self.state)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time span of one pod in one state; x and width in pixels."""

    x: float
    width: float
    state: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An event with a glyph."""

    x: float
    glyph: str
    what: str


@dataclass(frozen=True, slots=True)
class PodRow:
    """A pod: its name, its vertical position, its states and its marks."""

    name: str
    y: float
    bars: tuple[Stretch, ...]
    marks: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class StopSpan:
    """A stop of the train, above the rows: from x to x + width."""

    name: str
    x: float
    width: float
    level: int
    label: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One lane of the train: its title, and its own time axis."""

    title: str
    y: float
    height: float
    spans: tuple[StopSpan, ...]
    rows: tuple[PodRow, ...]
    ticks: tuple[Tick, ...]


def figure(evidence: DeploymentEvidence) -> Markup:
    """Return the timeline as a figure; empty if nothing ran."""
    if evidence.timeline is None:
        return Markup()
    return picture(svg(evidence.timeline), alt(evidence.timeline), "What happened to your pods", LEAST)


def svg(timeline: Timeline) -> str:
    """Return a timeline as SVG; an empty string if nothing happened."""
    panels: list[Panel] = []
    y = 6.0
    for lane, title in zip(LANES, TITLES, strict=True):
        events = [e for e in timeline.events if e.stop in lane]
        if events:
            panels.append(_panel(events, lane, title, y))
            y += panels[-1].height + 12
    if not panels:
        return ""
    entries = tuple(_legend([row for panel in panels for row in panel.rows], y))
    return render(
        "timeline.svg", panels=panels, width=WIDTH, height=entries[-1].y + LINE + 4 if entries else y, left=LEFT,
        legend=entries, states=WORDS.keys(),
    )  # fmt: skip


def _legend(rows: Sequence[PodRow], y: float) -> Iterator[Entry]:
    """Yield the states and then the marks that are in the picture."""
    states = {bar.state for row in rows for bar in row.bars}
    glyphs = {mark.glyph for row in rows for mark in row.marks}
    for words in (WORDS.items(), MARKS.values()):
        entries = [(symbol, word) for symbol, word in words if symbol in states | glyphs]
        for entry in legend(entries, 0, WIDTH, y):
            yield entry
            y = entry.y
        y += LINE if entries else 0


def alt(timeline: Timeline) -> str:
    """Describe the picture in words: by lane, the events of each pod with their times."""
    lanes = [
        f"{title}: {'; '.join(told[:MOST_TOLD])}{f'; and {len(told) - MOST_TOLD} more' if len(told) > MOST_TOLD else ''}."
        for lane, title in zip(LANES, TITLES, strict=True)
        if (told := list(_told([e for e in timeline.events if e.stop in lane])))
    ]
    return " ".join(["Timeline of the pods.", *(lanes or ["No fault, and no restart."])])


_BROKEN: Mapping[str, str] = {
    OUTAGE: "lost its database", HANG: "hung", LEAK: "began to leak memory", SHUTDOWN: "was deleted with a request in flight",
    BAD_RELEASE: "of the bad release went into the Service",
}  # fmt: skip
"""The fault of each stop, in words."""


def _told(events: Sequence[Event]) -> Iterator[str]:
    pods: dict[str, _Pod] = {}
    left: set[str] = set()
    for event in events:
        pod = pods.setdefault(event.subject, _Pod())
        before = pod.state
        pod.see(event)
        if (said := _said(event, before, event.subject in left)) is not None:
            yield f"{shown(event.subject, 40)} {said} at {event.at:.1f} s"
        if said in _LEAVING:
            left.add(event.subject)
        elif event.kind is EventKind.READY:
            left.discard(event.subject)


_LEAVING = frozenset({"left the Service", "hung"})


def _said(event: Event, before: str, left: bool) -> str | None:
    """Return the words for an event; None for the normal events of a start and an end."""
    if event.kind is EventKind.FAULT:
        return _BROKEN.get(event.stop, "was broken on purpose")
    if event.kind is EventKind.STARTED:
        return "restarted" if event.value else None
    if event.kind is EventKind.NOT_READY:
        return "left the Service" if before == SERVING else None
    if event.kind is EventKind.READY:
        return "was back in the Service" if left else None
    if event.kind is EventKind.KILLING and before == HUNG:
        return "was ended by the kubelet"
    return {
        EventKind.OOM_KILLED: "was killed at its memory limit", EventKind.FAILED: "couldn't start", EventKind.FAILED_SCHEDULING: "found no node",
        EventKind.FAILED_CREATE: "couldn't create its pods", EventKind.EVICTED: "was evicted from its node",
    }.get(event.kind)  # fmt: skip


def _panel(events: Sequence[Event], lane: Sequence[str], title: str, y: float) -> Panel:
    axis = Axis(LEFT, WIDTH - RIGHT, max((1.0, *(e.at for e in events))))
    spans = tuple(_spans(events, lane, axis))
    head = TITLE + HEAD + LEVEL * max((s.level for s in spans), default=0)
    pods: dict[str, list[Event]] = {}
    for event in events:
        if event.subject not in lane:
            pods.setdefault(event.subject, []).append(event)
    rows = tuple(
        PodRow(_short(name), y + head + ROW * i, tuple(_bars(own, axis)), tuple(_marks(own, axis)))
        for i, (name, own) in enumerate(pods.items())
    )
    return Panel(title, y, head + ROW * len(rows) + AXIS, spans, rows, axis.seconds(MOST_TICKS, 1))


def _short(pod: str) -> str:
    # Pods of a Deployment differ at the end of their names: the template's hash, and their own.
    own = "-".join(pod.split("-")[-2:])
    return shown(pod, NAME) if len(pod) <= NAME or len(own) >= len(pod) else f"…{shown(own, NAME)}"


def _spans(events: Sequence[Event], lane: Sequence[str], axis: Axis) -> Iterator[StopSpan]:
    taken: list[tuple[int, float, float]] = []
    for stop in lane:
        own = [e.at for e in events if e.stop == stop and e.kind in (EventKind.BEGAN, EventKind.ENDED)]
        if not own:
            continue
        x, width = axis.at(min(own)), max(axis.length(max(own) - min(own)), 2)
        # A label may be wider than its stop; it then moves up, or to the left.
        label = LETTER * len(stop)
        x_label = min(x, WIDTH - RIGHT - label)
        end = max(x + width, x_label + label)
        level = next(n for n in range(len(lane)) if not any(n == m and x_label < b and end > a for m, a, b in taken))
        taken.append((level, x_label, end))
        yield StopSpan(stop, x, width, level, x_label)


def _bars(events: Sequence[Event], axis: Axis) -> Iterator[Stretch]:
    pod, state, since = _Pod(), "", 0.0
    last_start = max((i for i, e in enumerate(events) if e.kind is EventKind.STARTED), default=0)
    is_deleted = any(e.kind is EventKind.DELETED for e in events)
    for index, event in enumerate(events):
        pod.see(event)
        if event.kind is EventKind.EXITED and is_deleted and state == ENDING and index > last_start:
            pod.state = ""  # it ended as expected, and may still be listed for a moment
        if pod.state == state:
            continue
        if state and event.at > since:
            yield Stretch(axis.at(since), max(axis.length(event.at - since), 1), state)
        state, since = pod.state, event.at
    if state and axis.most > since:
        yield Stretch(axis.at(since), max(axis.length(axis.most - since), 1), state)


def _marks(events: Sequence[Event], axis: Axis) -> Iterator[Moment]:
    taken = 0.0
    for event in events:
        if event.kind not in MARKS or (event.kind is EventKind.STARTED and not event.value):
            continue
        glyph, what = MARKS[event.kind]
        said = f"{what}: {shown(event.detail, 80)}" if event.detail else what
        taken = max(axis.at(event.at), taken + GLYPH)
        yield Moment(taken, glyph, f"restart {event.value:.0f}" if event.kind is EventKind.STARTED else said)
