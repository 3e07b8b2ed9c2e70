"""The view of a drawing that was run: the traffic of each arrow, the effect of each outage, and a timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cluster.percentile import percentile
from cluster.shop.story import Chapter, SentOrder, Story, seen
from cluster.shop.wiring import API, BROKER, CACHE, DATABASE, ENGINES, RELAY, WORKER
from cluster.text.amounts import format_duration
from graders.application_platform.exercises.diagram.figure import Annotations, told_picture
from graders.application_platform.exercises.diagram.rubric import DiagramEvidence
from graders.application_platform.exercises.diagram.wired import ROLE, carrying, foreseen
from graders.application_platform.exercises.diagram.words import Role
from graders.core.shown import Shown
from graders.present.svg.axis import Axis, legend
from graders.present.svg.bars import Bar
from graders.present.svg.bars import figure as bars
from graders.present.templating import picture, templates_beside

render = templates_beside(__file__)

WIDTH, LEFT, RIGHT = 860, 150, 24
TOP, ROW, BELOW, LEVEL = 48, 22, 46, 2
MOST_TICKS, LEAST_TICK = 14, 0.5
NAME = 20

LEGEND = (("good", "succeeded"), ("bad", "refused"), ("away", "stopped"))
HEADINGS = ("situation", "orders", "emails", "customers waited")
WAYS = {"processes": "as processes of this machine", "kind": "as pods on the kind cluster"}


@dataclass(frozen=True, slots=True)
class PartRow:
    """One row of the timeline, in pixels: spans in which a part ran or was stopped, or moments that were good or bad."""

    name: str
    y: float
    there: tuple[tuple[float, float], ...] = ()
    away: tuple[tuple[float, float], ...] = ()
    good: tuple[float, ...] = ()
    bad: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ChapterSpan:
    """A chapter's label and span above the rows, in pixels."""

    name: str
    x: float
    width: float
    level: int


def shown(evidence: DiagramEvidence, story: Story) -> Shown:
    """Return the whole story: drawing, timeline, a row for each chapter, and the waiting times with and without the call."""
    lines = [
        f"{away}: {orders}; emails: {emails}; customers waited {waited}"
        for away, orders, emails, waited in _rows(evidence, story)
    ]
    html = render(
        "story.html", live=story.live, headline=headline(story), drawing=_drawing(evidence, story),
        timeline=_timeline(evidence, story), headings=HEADINGS, rows=list(_rows(evidence, story)),
        beside=_beside(story), notes=list(_notes(evidence, story)),
    )  # fmt: skip
    return Shown(html, "\n".join([headline(story), *lines, *_notes(evidence, story)]))


def headline(story: Story) -> str:
    """Summarize the orders of the chapter in which all parts ran, in one line."""
    well = story.chapter()
    if well is None or not well.orders:
        return "Orders are being placed …" if story.live else "No order could be placed."
    orders = well.orders
    if not any(o.status for o in orders):
        return f"{len(orders)} orders were sent, but the drawing has no API to accept them."
    counts = (
        ("accepted", sum(o.status == 201 for o in orders)),  # noqa: PLR2004  HTTP: created
        ("stored", sum(o.stored for o in orders)),
        ("cached", sum(o.cached for o in orders)),
        ("announced", sum(o.announced for o in orders)),
        ("confirmed by email", sum(o.emailed is not None for o in orders)),
    )
    words = ", ".join(f"{count or 'none'} {what}" for what, count in counts)
    return f"{len(orders)} orders were placed: {words}{' …' if story.live else ''}"


# --- the drawing


def _drawing(evidence: DiagramEvidence, story: Story) -> Markup:
    over = _traffic(story)
    arrows = {a: over[c] for c, drawn in carrying(evidence.flow).items() for a in drawn if over.get(c)}
    fared = {
        node.name: words
        for part, words in _outages(story)
        for node in evidence.flow.parts[ROLE[part]].nodes
    }  # fmt: skip
    wrong = frozenset(evidence.flow.exposed)
    says = "; ".join(
        [*(f"{evidence.arrows([a])}: {_line(text)}" for a, text in arrows.items()),
         *(f"{evidence.name(name)}: {_line(text)}" for name, text in fared.items())]
    )  # fmt: skip
    return told_picture(evidence, Annotations(arrows, fared, wrong, absences=True), f"{says}.")


def _traffic(story: Story) -> dict[tuple[str, str], str]:
    """Describe the traffic of each connection in a few words."""
    orders = [o for c in story.chapters for o in c.orders]
    stored, cached = [o for o in orders if o.stored], [o for o in orders if o.cached]
    first, second = [o.reads[0] for o in cached if o.reads], [o.reads[1] for o in cached if len(o.reads) > 1]
    announced = sum(o.announced for o in orders)
    heard = sum(o.heard_by == "queue" for o in orders)
    called = [o for o in orders if o.heard_by == "request"]
    over = {
        (API, DATABASE): f"{len(stored)} orders"
        + (f"\nread in {format_duration(percentile(first, 50))}" if first else ""),
        (API, CACHE): f"{len(cached)} orders"
        + (f"\nread in {format_duration(percentile(second, 50))}" if second else ""),
        (API, BROKER): f"{announced} events",
        (RELAY, DATABASE): f"{announced} events",
        (RELAY, BROKER): f"{announced} events",
        (WORKER, BROKER): f"{heard} emails",
        (API, WORKER): f"{len(called)} calls, p99 {format_duration(percentile([o.seconds for o in called], 99))}"
        if called
        else "no call",
    }
    return {c: text for c, text in over.items() if c in story.wiring.connections}


def _outages(story: Story) -> Iterator[tuple[str, str]]:
    """Yield the effect of each part's outage on the orders, by part."""
    told = seen(story).failures
    for chapter in story.chapters:
        if chapter.stopped and chapter.ended is not None:
            accepted, emailed = told[chapter.stopped]
            mails = "\n✔ emails follow" if emailed else ""
            yield chapter.stopped, f"without it:\n{'✔ orders accepted' if accepted else '✘ orders refused'}{mails}"
    if story.chapters and any(o.status for c in story.chapters for o in c.orders) and not story.live:
        yield API, "accepted the orders"


# --- the timeline


def _timeline(evidence: DiagramEvidence, story: Story) -> Markup:
    if not story.chapters:
        return Markup()
    seconds = max(story.seconds, 1.0)
    axis = Axis(LEFT, WIDTH - RIGHT, seconds)
    x = axis.at
    rows = [*_orders(story, x), *_parts(evidence, story, x)]
    spans = [
        ChapterSpan(_called(evidence, c.stopped), x(c.began), max(x(c.ended or seconds) - x(c.began) - 3, 2), n % LEVEL)
        for n, c in enumerate(story.chapters)
    ]
    base = TOP + ROW * len(rows)
    svg = render(
        "story.svg",
        width=WIDTH,
        height=base + BELOW,
        left=LEFT,
        top=TOP,
        base=base,
        ticks=axis.seconds(MOST_TICKS, LEAST_TICK),
        spans=spans,
        rows=rows,
        legend=tuple(legend(LEGEND, LEFT, WIDTH, base + BELOW - 19)),
    )
    return picture(svg, _alt(evidence, story), f"Timeline of the run: the shop ran {WAYS.get(story.way, story.way)}")


def _orders(story: Story, place: Callable[[float], float]) -> Iterator[PartRow]:
    orders = [o for c in story.chapters for o in c.orders]
    yield PartRow(
        "orders",
        TOP,
        good=tuple(place(o.at) for o in orders if o.id),
        bad=tuple(place(o.at) for o in orders if not o.id),
    )
    yield PartRow("emails", TOP + ROW, good=tuple(place(o.emailed) for o in orders if o.emailed is not None))


def _parts(evidence: DiagramEvidence, story: Story, place: Callable[[float], float]) -> Iterator[PartRow]:
    for number, part in enumerate(p for p in (API, WORKER, *ENGINES) if p in story.wiring.parts):
        away = [(c.began, c.back if c.back is not None else story.seconds) for c in story.chapters if c.stopped == part]
        edges = [0.0, *(at for pair in away for at in pair), story.seconds]
        there = zip(edges[::2], edges[1::2], strict=True)
        yield PartRow(
            _short(evidence, ROLE[part]), TOP + ROW * (2 + number),
            there=tuple((place(a), place(b) - place(a)) for a, b in there),
            away=tuple((place(a), place(b) - place(a)) for a, b in away),
        )  # fmt: skip


def _alt(evidence: DiagramEvidence, story: Story) -> str:
    told = "; ".join(f"{row[0]}: {row[1]}, {row[2]}" for row in _rows(evidence, story))
    return f"Timeline of {story.seconds:.0f} seconds. {told}."


# --- the chapters in words


def _rows(evidence: DiagramEvidence, story: Story) -> Iterator[tuple[str, ...]]:
    for chapter in story.chapters:
        orders = chapter.orders
        accepted = sum(bool(o.id) for o in orders)
        taken = f"{accepted} of {len(orders)} accepted" if orders else "…"
        if chapter.half_done:
            taken += f"; {chapter.half_done} refused but half done"
        yield _called(evidence, chapter.stopped), taken, _emails(chapter), _waited(orders)


def _emails(chapter: Chapter) -> str:
    mailed = [o.emailed for o in chapter.orders if o.emailed is not None]
    if not mailed:
        return "none" if chapter.ended is not None else "…"
    if chapter.stopped and chapter.back is not None and max(mailed) > chapter.back:
        return f"{len(mailed)}, the last one {max(mailed) - chapter.back:.1f} s after it was back"
    return f"{len(mailed)}"


def _waited(orders: Sequence[SentOrder]) -> str:
    seconds = [o.seconds for o in orders]
    return (
        f"p50 {format_duration(percentile(seconds, 50))}, p99 {format_duration(percentile(seconds, 99))}"
        if seconds
        else "…"
    )


def _beside(story: Story) -> Markup:
    well = story.chapter()
    if not story.beside or well is None:
        return Markup()
    amounts = []
    for name, orders in (("by a call", well.orders), ("by the queue", story.beside)):
        seconds = [o.seconds for o in orders]
        p50, p99 = percentile(seconds, 50), percentile(seconds, 99)
        amounts.append(Bar(name, p50, p99, f"{format_duration(p50)}, p99 {format_duration(p99)}"))
    caption = "How long customers waited for an order, with your call to the worker and without it"
    return render("drawn.html", picture=bars(amounts, what="How long customers waited", caption=caption).html, todo="")


def _notes(evidence: DiagramEvidence, story: Story) -> Iterator[str]:
    yield from story.notes
    if story.live:
        return
    yield f'The shop ran {WAYS.get(story.way, story.way)}, {story.seconds:.0f} s. For the score, run check("diagram").'
    if seen(story) != foreseen(evidence.flow):
        yield (
            "This run differs from the judge's prediction. Either the machine was very busy, or the workbook has a bug: "
            "run it again, and if it still differs, please report it with your drawing."
        )


def _called(evidence: DiagramEvidence, stopped: str) -> str:
    return f"without {_short(evidence, ROLE[stopped])}" if stopped else "all parts run"


def _short(evidence: DiagramEvidence, role: Role) -> str:
    name = evidence.names(role).split(" and ")[0].strip("“”")
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _line(text: str) -> str:
    """Join the lines of a label into one line."""
    return text.replace(":\n", ": ").replace("\n", ", ")
