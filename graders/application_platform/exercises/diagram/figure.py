"""A drawing in the workbook's own style: the recognized parts, the arrows that carried the order, and what is missing.

We generate the DOT text for Graphviz, with the learner's labels quoted and shortened, and without the learner's attributes.
Fills are dark enough for white text, and arrows are mid-tones, so the figure is readable in light and dark themes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import wrap

from markupsafe import Markup

from cluster.errors import AnswerError
from cluster.text import ELLIPSIS
from graders.application_platform.exercises.diagram.flow import ENDS, Flow, place_order
from graders.application_platform.exercises.diagram.rubric import DiagramEvidence
from graders.application_platform.exercises.diagram.words import ASKED, PARTS, Role
from graders.present.templating import picture
from graders.reading.dot.drawing import Arrow, Drawing, Node
from graders.reading.dot.graphviz import graphviz
from graders.reading.text import shown

DRAWN = 60
"""The most nodes that are drawn; of a larger drawing only the parts and their neighbors."""

MOST_ARROWS = 20
"""The most arrows that are drawn of a drawing that is too dense."""

FONTS = "Arial, Helvetica, sans-serif"
NODE_ROOM, ARROW_ROOM = 14.5, 12.5
ROOM: Mapping[float, float] = {NODE_ROOM: 12, ARROW_ROOM: 10}
"""The font sizes for the layout, and the smaller ones of the final text.

Graphviz computes with Arial's widths; a browser without Arial may use letters that are up to a sixth wider.
"""

LINE, LINES = 18, 3
"""The most characters in a line of a node's label, and the most lines."""

INK, GOOD, BAD, ABSENT = "#7d858d", "#3f8fc4", "#d9534f", "#c98a12"
SHAPES: Mapping[Role, tuple[str, str]] = {
    Role.API: ("component", "#1f6fa8"),
    Role.WORKER: ("box3d", "#2f7d4f"),
    Role.DATABASE: ("cylinder", "#7a4fa3"),
    Role.CACHE: ("hexagon", "#a8501f"),
    Role.QUEUE: ("parallelogram", "#8a6a14"),
}
_ABSENT = {"emailed": "to be emailed"}
"""The word for a step that didn't happen, if it isn't the step's name."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The additions to a drawing: labels of arrows, and a line below a node's name.

    ``absences`` says whether missing parts and arrows are drawn; ``wrong`` arrows are crossed out.
    """

    arrows: Mapping[Arrow, str] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    wrong: frozenset[Arrow] = frozenset()
    absences: bool = False


def plain_picture(drawing: Drawing) -> tuple[Markup, str]:
    """Return the figure of a drawing without a verdict, and its alt text."""
    flow = place_order(drawing)
    drawing = flow.drawing
    alt = _alt(drawing, flow)
    drawn, left_out = _svg(drawing, flow, Annotations())
    return picture(drawn, alt, left_out), alt


def judged_picture(evidence: DiagramEvidence) -> Markup:
    """Return the figure of a drawing with the arrows that carried the order, missing ones, and wrong ones."""
    drawing, flow = evidence.drawing, evidence.flow
    alt = f"{_alt(drawing, flow)} {_verdict(evidence)}"
    told = Annotations(_carried(flow), wrong=frozenset((*flow.sync, *flow.exposed)), absences=True)
    drawn, left_out = _svg(drawing, flow, told)
    return picture(drawn, alt, f"{_verdict(evidence)} {left_out}".rstrip())


def told_picture(evidence: DiagramEvidence, told: Annotations, says: str) -> Markup:
    """Return the figure of a drawing with annotations; ``says`` are the annotations in words."""
    drawn, left_out = _svg(evidence.drawing, evidence.flow, told)
    return picture(drawn, f"{_alt(evidence.drawing, evidence.flow)} {says}", left_out)


def _svg(drawing: Drawing, flow: Flow, told: Annotations) -> tuple[str, str]:
    """Return the drawing as SVG with a transparent background, and a sentence about what it leaves out.

    Of a drawing that exceeds the layout's bounds, only arrows that carried the order are drawn.
    """
    try:
        return _laid_out(drawing, flow, told), _left_out(drawing)
    except AnswerError:
        carried = {a for arrows in flow.through.values() for a in arrows[:MOST_ARROWS]}
        chosen = tuple(a for a in dict.fromkeys(drawing.arrows) if a in carried)[:MOST_ARROWS]
        ends = {end for arrow in chosen for end in (arrow.tail, arrow.head)}
        nodes = tuple(n for n in drawing.nodes if n.name in ends or flow.roles[n.name][0] in SHAPES)[:DRAWN]
        thinned = replace(drawing, nodes=nodes, arrows=chosen)
        return _laid_out(thinned, flow, told), (
            f"The drawing has {len(drawing.arrows):,} arrows, too many to draw; it shows some that carried the order."
        )


def _laid_out(drawing: Drawing, flow: Flow, told: Annotations) -> str:
    laid_out = graphviz("\n".join(_dot(drawing, flow, told)), "svg", "dot").decode(errors="replace")
    for room, drawn in ROOM.items():
        laid_out = laid_out.replace(f'font-size="{room:.2f}"', f'font-size="{drawn:.2f}"')
    return laid_out.replace('font-family="Arial"', f'font-family="{FONTS}"')


def _dot(drawing: Drawing, flow: Flow, told: Annotations) -> Iterator[str]:
    nodes = _drawn(drawing, flow)
    ids = {node.name: f"n{i}" for i, node in enumerate(nodes)}
    yield "digraph { bgcolor=transparent; rankdir=LR; nodesep=0.35; ranksep=0.6; pad=0.1;"
    yield f'node [fontname="Arial" fontsize={NODE_ROOM} style=filled color="{INK}" fontcolor=white penwidth=1.2];'
    yield f'edge [fontname="Arial" fontsize={ARROW_ROOM} color="{INK}" fontcolor="{INK}" penwidth=1.4 arrowsize=0.8];'
    for node in nodes:
        yield _node(ids[node.name], node, flow.roles[node.name], told.nodes.get(node.name, ""))
    for arrow in dict.fromkeys(drawing.arrows):
        if arrow.tail in ids and arrow.head in ids:
            carried = told.arrows.get(arrow, "")
            yield _arrow(ids[arrow.tail], ids[arrow.head], arrow, carried, wrong=arrow in told.wrong)
    if told.absences:
        yield from _absences(flow, ids)
    yield "}"


def _drawn(drawing: Drawing, flow: Flow) -> list[Node]:
    if len(drawing.nodes) <= DRAWN:
        return list(drawing.nodes)
    parts = {name for name, roles in flow.roles.items() if set(roles) & set(PARTS)}
    near = {end for a in drawing.arrows if {a.tail, a.head} & parts for end in (a.tail, a.head)}
    return [n for n in drawing.nodes if n.name in near][:DRAWN]


def _node(name: str, node: Node, roles: tuple[Role, ...], told: str) -> str:
    role = roles[0]
    shape, fill = SHAPES.get(role, ("box", "#5c646c"))
    what = " + ".join(r.value for r in roles) if role in SHAPES else ("" if role is Role.OTHER else role.value)
    label = _wrapped(node.shown)
    second = f"\n{what}" if what and what not in node.shown.casefold() else ""
    third = f"\n{told}" if told else ""
    return (
        f'{name} [label={_quoted(label + second + third)} shape={shape} fillcolor={_quoted(fill)} margin="0.1,0.06"];'
    )


def _wrapped(text: str) -> str:
    lines = wrap(shown(text, LINE * LINES), LINE)
    return "\n".join(lines[:LINES]) + (ELLIPSIS if len(lines) > LINES else "")


def _arrow(tail: str, head: str, arrow: Arrow, carried: str, *, wrong: bool) -> str:
    both = " dir=both" if arrow.both else ""
    if wrong:
        return f'{tail} -> {head} [color="{BAD}" fontcolor="{BAD}" style=dashed label="✘ not this way"{both}];'
    if carried:
        return f'{tail} -> {head} [color="{GOOD}" fontcolor="{GOOD}" penwidth=2 label={_quoted(carried)}{both}];'
    return f"{tail} -> {head} [label={_quoted(shown(arrow.text, 24))}{both}];"


def _carried(flow: Flow) -> dict[Arrow, str]:
    return {arrow: f"✔ {step}" for step in list(ENDS)[::-1] if flow.came_to(step) for arrow in flow.through[step]}


def _absences(flow: Flow, ids: Mapping[str, str]) -> Iterator[str]:
    absent: set[Role] = set()
    for step, (one, other) in ENDS.items():
        if flow.happened(step):
            continue
        ends = [
            next((ids[n.name] for n in flow.parts[r].nodes if n.name in ids), f"no_{r.value}") for r in (one, other)
        ]
        absent |= {r for r, end in zip((one, other), ends, strict=True) if end.startswith("no_")}
        label = _quoted(f"missing: {_ABSENT.get(step, step)}")
        yield f'{ends[0]} -> {ends[1]} [color="{ABSENT}" fontcolor="{ABSENT}" style=dotted penwidth=2 label={label}];'
    for role in sorted(absent):
        label = _quoted(f"{ASKED[role]}\nmissing")
        yield f'no_{role.value} [label={label} shape=box style=dashed color="{ABSENT}" fontcolor="{ABSENT}"];'


def _alt(drawing: Drawing, flow: Flow) -> str:
    parts = [_called(n, flow) for n in drawing.nodes[:12]]
    more = f" and {len(drawing.nodes) - 12} more" if len(drawing.nodes) > 12 else ""  # noqa: PLR2004
    names = {n.name: shown(n.shown, 40) for n in drawing.nodes}
    arrows = [f"{names.get(a.tail, a.tail)} to {names.get(a.head, a.head)}" for a in drawing.arrows[:15]]
    joined = f"Arrows: {'; '.join(arrows)}." if arrows else "No arrows."
    return f"Drawing of {', '.join(parts)}{more}. {joined}"


def _called(node: Node, flow: Flow) -> str:
    roles = [r.value for r in flow.roles[node.name] if r is not Role.OTHER and r.value not in node.shown.casefold()]
    return f"{shown(node.shown, 40)} ({' and '.join(roles)})" if roles else shown(node.shown, 40)


def _verdict(evidence: DiagramEvidence) -> str:
    flow = evidence.flow
    steps = [f"{step} {'✔' if flow.came_to(step) else '✘'}" for step in ENDS]
    told = [f"An order was placed: {', '.join(steps)}."]
    if flow.happened("stored"):
        told += [
            _told(f.stopped, evidence.names(f.stopped), accepted=f.accepted, emailed=f.emailed)
            for f in flow.failures
            if flow.parts[f.stopped].nodes
        ]
    if flow.exposed:
        give = "gives" if len(flow.exposed) == 1 else "give"
        told.append(f"{evidence.arrows(flow.exposed)} {give} clients a way past the API.")
    return " ".join(told)


def _told(stopped: Role, name: str, *, accepted: bool, emailed: bool) -> str:
    if stopped is Role.DATABASE:
        return f"With {name} stopped, all orders were refused and none was half done."
    order = "orders were accepted" if accepted else "no order was accepted"
    mail = "the emails followed" if stopped in (Role.WORKER, Role.QUEUE) else "their emails were sent"
    return f"With {name} stopped, {order}{f' and {mail}' if accepted and emailed else ''}."


def _left_out(drawing: Drawing) -> str:
    return (
        f"The drawing has {len(drawing.nodes)} nodes; it shows only the parts and their neighbors."
        if len(drawing.nodes) > DRAWN
        else ""
    )


def _quoted(text: str) -> str:
    text = text.replace("&", "&amp;")  # Graphviz decodes entities in every label
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
