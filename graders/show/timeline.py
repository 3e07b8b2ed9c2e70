"""What happened to the pods, as a picture: a row a pod, seconds to the right.

It is an SVG of our own from a template rather than a plotting library's: it costs under a millisecond instead of
a third of a second, and a class of sixty has sixty of them. Inks are mid-tones that read on white and on black;
a state is told by pattern and position beside colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cluster.scenario import LANES
from cluster.timeline import Event, Kind, Timeline
from graders.answers.text import shown
from graders.show.html import render

WIDTH, LEFT, RIGHT = 860, 150, 20
ROW, AXIS, HEAD, LEVEL, LETTER = 20, 26, 19, 15, 7
TICKS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
MOST_TICKS = 12
NAME = 21
"""How many characters of a pod's name have room beside its row."""


BEGINS = {
    Kind.SCHEDULED: "starting",
    Kind.STARTED: "starting",
    Kind.READY: "serving",
    Kind.NOT_READY: "away",
    Kind.KILLING: "ending",
    Kind.EXITED: "down",
    Kind.OOM_KILLED: "down",
    Kind.BACK_OFF: "down",
    Kind.FAILED: "down",
    Kind.FAILED_SCHEDULING: "pending",
    Kind.FAILED_CREATE: "pending",
    Kind.DELETED: "",
}
MARKS = {
    Kind.FAULT: ("⚡", "broken on purpose"),
    Kind.OVER: ("○", "mended again"),
    Kind.OOM_KILLED: ("✖", "killed at its memory limit"),
}
MARK_WORDS = "⚡ broken on purpose   ↻ restarted   ✖ killed at its memory limit   ○ mended again"
WORDS = {
    "pending": "not scheduled",
    "starting": "starting",
    "serving": "in the Service",
    "away": "out of the Service",
    "ending": "ending",
    "down": "not running",
}
"""The states a pod can be in, in the words of the legend."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one pod's time in one state; x and width in pixels."""

    x: float
    width: float
    state: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment worth a glyph."""

    x: float
    glyph: str
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """A pod: its name, where it is in the picture, and what it went through."""

    name: str
    y: float
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stop of the train, above the rows: from x to x + width."""

    name: str
    x: float
    width: float
    level: int
    label: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One lane of the train with a time axis of its own."""

    y: float
    height: float
    spans: tuple[Span, ...]
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]


def svg(timeline: Timeline) -> str:
    """The picture of a timeline; an empty string where nothing happened."""
    panels: list[Panel] = []
    y = 6.0
    for lane in LANES:
        events = [e for e in timeline.events if e.stop in lane]
        if events:
            panels.append(_panel(events, lane, y))
            y += panels[-1].height + 12
    if not panels:
        return ""
    used = [s for s in WORDS if any(b.state == s for p in panels for r in p.rows for b in r.bars)]
    legend = [(LEFT + 135 * i, s, WORDS[s]) for i, s in enumerate(used)]
    return render(
        "timeline.svg", panels=panels, width=WIDTH, height=y + 40, left=LEFT, marks=MARK_WORDS, legend=legend, y=y
    )


def alt(timeline: Timeline) -> str:
    """The picture in words: for each pod that something happened to, what and when."""
    told = [f"{shown(e.subject, 40)} {said} at {e.at:.1f} s" for e in timeline.events if (said := _said(e)) is not None]
    if not told:
        return "Timeline of the pods: nothing was broken and nothing restarted."
    more = f"; and {len(told) - 8} more" if len(told) > 8 else ""  # noqa: PLR2004  what one can listen to
    return f"Timeline of the pods: {'; '.join(told[:8])}{more}."


def _said(event: Event) -> str | None:
    if event.kind is Kind.STARTED:
        return "restarted" if event.value else None
    return {
        Kind.FAULT: "was broken on purpose", Kind.NOT_READY: "left the Service", Kind.OOM_KILLED: "was OOM-killed",
        Kind.FAILED: "failed to start", Kind.FAILED_SCHEDULING: "found no node",
    }.get(event.kind)  # fmt: skip


def _panel(events: Sequence[Event], lane: Sequence[str], y: float) -> Panel:
    end = max((1.0, *(e.at for e in events)))
    scale = (WIDTH - LEFT - RIGHT) / end
    spans = tuple(_spans(events, lane, scale))
    head = HEAD + LEVEL * max((s.level for s in spans), default=0)
    pods: dict[str, list[Event]] = {}
    for event in events:
        if event.subject not in lane:
            pods.setdefault(event.subject, []).append(event)
    rows = tuple(
        Row(_short(name), y + head + ROW * i, tuple(_bars(own, end, scale)), tuple(_marks(own, scale)))
        for i, (name, own) in enumerate(pods.items())
    )
    step = next((t for t in TICKS if end / t <= MOST_TICKS), TICKS[-1])
    ticks = tuple((LEFT + t * scale, f"{t} s") for t in range(0, int(end) + 1, step))
    return Panel(y, head + ROW * len(rows) + AXIS, spans, rows, ticks)


def _short(pod: str) -> str:
    # What tells pods of a Deployment apart is at the end of their names: the template's hash, and their own.
    own = "-".join(pod.split("-")[-2:])
    return shown(pod, NAME) if len(pod) <= NAME or len(own) >= len(pod) else f"…{shown(own, NAME)}"


def _spans(events: Sequence[Event], lane: Sequence[str], scale: float) -> Iterator[Span]:
    taken: list[tuple[int, float, float]] = []
    for stop in lane:
        own = [e.at for e in events if e.stop == stop and e.kind in (Kind.BEGAN, Kind.ENDED)]
        if not own:
            continue
        x, width = LEFT + min(own) * scale, max((max(own) - min(own)) * scale, 2)
        # A label may be wider than its stop was long: it then takes its place further up, or to the left.
        label = LETTER * len(stop)
        x_label = min(x, WIDTH - RIGHT - label)
        end = max(x + width, x_label + label)
        level = next(n for n in range(len(lane)) if not any(n == m and x_label < b and end > a for m, a, b in taken))
        taken.append((level, x_label, end))
        yield Span(stop, x, width, level, x_label)


def _bars(events: Sequence[Event], end: float, scale: float) -> Iterator[Bar]:
    state, since = "", 0.0
    for event in [*events, None]:
        at = end if event is None else event.at
        new = "" if event is None else BEGINS.get(event.kind, state)
        if new == state and event is not None:
            continue
        if state and at > since:
            yield Bar(LEFT + since * scale, max((at - since) * scale, 1), state)
        state, since = new, at


def _marks(events: Sequence[Event], scale: float) -> Iterator[Mark]:
    for event in events:
        x = LEFT + event.at * scale
        if event.kind in MARKS:
            glyph, what = MARKS[event.kind]
            yield Mark(x, glyph, f"{what}: {shown(event.detail, 80)}" if event.detail else what)
        elif event.kind is Kind.STARTED and event.value:
            yield Mark(x, "↻", f"restart {event.value:.0f}")
