"""Read a drawing in DOT: its nodes, arrows and clusters, in any style.

The grammar is Graphviz' own. Other attributes (images, URLs, colors) are dropped here; only names, labels, roles and
directions are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from cluster.errors import AnswerError
from cluster.limits import ANSWER_BYTES, DRAWING_DEPTH, DRAWING_EDGES, DRAWING_NODES, DRAWING_WORDS
from cluster.text.amounts import format_size
from cluster.text.names import nearest
from graders.reading.dot.graphviz import SyntaxProblemError, graphviz
from graders.reading.dot.labels import cells, fields, lines, plain
from graders.reading.dot.slips import DrawingSlip, slips
from graders.reading.dot.tokens import Token, graph_length, seen, tokens
from graders.reading.text import shown

# Linear in the text: a blank line is matched once, and an open comment reaches to the end.
_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|^[^\S\n]*#[^\n]*", re.DOTALL | re.MULTILINE)
_EMPTY = re.compile(r"(?:strict\s+)?(?:di)?graph\b[^{}]{0,200}\{\s*\}", re.IGNORECASE)
_LINES_SEARCHED = 200
_RECORDS = frozenset({"record", "Mrecord"})
_PICTURES = ("image", "shapefile")


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its name in DOT, its visible text, its ``role`` attribute, and the labels of its clusters.

    ``lines`` are the lines of the label, or the fields of a record. ``labeled`` is true if the node has a label or a
    role, ``pictured`` if it has only a picture.
    """

    name: str
    text: str
    role: str = ""
    within: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    labeled: bool = False
    pictured: bool = False

    @property
    def shown(self) -> str:
        """The node's name in messages: its visible text."""
        return self.text or self.name


@dataclass(frozen=True, slots=True)
class Arrow:
    """A connection from ``tail`` to ``head``, by node name. ``both`` is true if it points both ways or has no direction."""

    tail: str
    head: str
    both: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and arrows, in the order in which they were written.

    ``others`` are other ways to read the drawing: a record's fields as nodes of their own, an arrow to a cluster's border
    as arrows to the nodes inside. ``ignored`` are the dropped attributes, ``hidden`` is the number of invisible arrows,
    and ``slips`` are the mistakes in the text.
    """

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    directed: bool = True
    ignored: tuple[str, ...] = ()
    hidden: int = 0
    slips: tuple[DrawingSlip, ...] = ()
    others: tuple[Drawing, ...] = field(default=(), repr=False)

    @property
    def readings(self) -> tuple[Drawing, ...]:
        """Every way to read the drawing, the literal one first."""
        return (self, *self.others)


def is_started(text: str) -> bool:
    """Whether a drawing has more than comments, blank lines and an empty graph."""
    said = _COMMENT.sub("", seen(text[: 4 * ANSWER_BYTES])).strip()
    return bool(said) and not _EMPTY.fullmatch(said)


def source_of(drawing: object) -> str:
    """The DOT text of a ``graphviz.Digraph``, or of a text. Raises AnswerError for anything else."""
    source = drawing if isinstance(drawing, str) else getattr(drawing, "source", None)
    if isinstance(source, str):
        return source
    raise AnswerError(
        f"An object of type {type(drawing).__name__} is neither a text nor a drawing.",
        "Pass DOT as a text, or a graphviz.Digraph.",
    )


def parse(text: str) -> Drawing:
    """Read a drawing. Raises AnswerError for a text that isn't DOT, with the line where reading stops, or is too large."""
    _bounded(text)
    text = seen(text)
    found = _tokens(text)
    length = graph_length(found)
    first = text[: found[length - 1].end] if length < len(found) else text.rstrip()
    try:
        graph = json.loads(graphviz(first, "json0", "nop2").decode(errors="replace"), strict=False)
    except SyntaxProblemError:
        raise _unreadable(text, first, found) from None
    except ValueError:
        raise AnswerError("Graphviz couldn't read this drawing.", "Remove unusual characters.") from None
    objects = graph.get("objects") or []
    nodes = [o for o in objects if "nodes" not in o and "subgraphs" not in o and not _is_cluster(o, graph)]
    edges = graph.get("edges") or []
    if len(nodes) > DRAWING_NODES or len(edges) > DRAWING_EDGES:
        raise _too_large(f"{len(nodes):,} nodes and {len(edges):,} arrows")
    if not nodes:
        raise AnswerError("The drawing is empty: it has no nodes.", "Name the parts and connect them: a -> b;")
    return _Reader(graph, objects, nodes, edges).drawing(first, slips(found))


def _is_cluster(one: dict[str, Any], graph: dict[str, Any]) -> bool:
    # Graphviz lists subgraphs first; a subgraph without nodes has neither list.
    return int(one.get("_gvid", 0)) < int(graph.get("_subgraph_cnt", 0))


def _invisible(edge: dict[str, Any]) -> bool:
    # Invisible arrows only affect the layout; they aren't connections.
    return "invis" in re.findall(r"\w+", str(edge.get("style") or "")[:200])


def _port(edge: dict[str, Any], end: str) -> str:
    return str(edge.get(f"{end}port", "")).split(":")[0]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to read a drawing: ``fields`` with ports are nodes; arrows to ``borders`` lead to the nodes inside a cluster."""

    fields: bool = False
    borders: bool = False


class _Reader:
    """Converts Graphviz' JSON to a Drawing."""

    def __init__(
        self, graph: dict[str, Any], objects: list[Any], nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
    ) -> None:
        self._directed = bool(graph.get("directed"))
        self._nodes = {n["_gvid"]: n for n in nodes}
        self._edges = edges
        self._clusters = {
            str(o.get("name")): o for o in objects if _is_cluster(o, graph) and str(o.get("name")).startswith("cluster")
        }
        self._within: dict[int, list[str]] = {}
        for name, cluster in self._clusters.items():
            for member in cluster.get("nodes") or []:
                self._within.setdefault(member, []).append(plain(str(cluster.get("label") or ""), name))
        self._ports = self._used_ports()

    def drawing(self, text: str, found: tuple[DrawingSlip, ...]) -> Drawing:
        ignored = tuple(sorted({a for a in ("image", "URL", "href") if re.search(rf"\b{a}\s*=", text)}))
        hidden = sum(map(_invisible, self._edges))
        borders = any(e.get(end) in self._clusters for e in self._edges for end in ("ltail", "lhead"))
        ways = [
            _Way(f, b)
            for f in ((False, True) if self._ports else (False,))
            for b in ((False, True) if borders else (False,))
        ]
        read = [Drawing(tuple(self._drawn(way)), self._arrows(way), self._directed) for way in ways]
        return Drawing(read[0].nodes, read[0].arrows, self._directed, ignored, hidden, found, tuple(read[1:]))

    def _used_ports(self) -> dict[tuple[int, str], str]:
        used = {(e[end], _port(e, end)) for e in self._edges for end in ("tail", "head")}
        ports: dict[tuple[int, str], str] = {}
        for gvid, node in self._nodes.items():
            label = str(node.get("label") or "")
            for port, text in fields(label) if node.get("shape") in _RECORDS else cells(label):
                if port and (gvid, port) in used:
                    ports[gvid, port] = plain(text, str(node["name"]))
        return ports

    def _drawn(self, way: _Way) -> Iterator[Node]:
        for gvid, written in self._nodes.items():
            name, label = str(written["name"]), str(written.get("label") or "")
            within = tuple(t for t in self._within.get(gvid, ()) if t)
            own = [(port, text) for (of, port), text in self._ports.items() if of == gvid] if way.fields else []
            if name in self._clusters and label in ("", "\\N"):
                # `a -> cluster_b` creates a node with the cluster's name; the arrow means the nodes in the cluster, if it has any
                if not self._inside(name):
                    shown = plain(str(self._clusters[name].get("label") or ""), name)
                    yield Node(name, shown or name, lines=(shown,), labeled=bool(shown))
                continue
            for port, text in own:
                yield Node(f"{name}:{port}", text, within=within, lines=(text,), labeled=True)
            if not own or self._touched_whole(gvid):
                yield self._node(name, label, written, within)

    def _node(self, name: str, label: str, written: dict[str, Any], within: tuple[str, ...]) -> Node:
        if written.get("shape") in _RECORDS:
            pieces = [t for _, text in fields(label) if (t := plain(text, name))]
            said = " ".join(pieces)
        else:
            pieces, said = lines(label, name), plain(label or "\\N", name)
        role, extra = str(written.get("role") or "")[:40].lower(), plain(str(written.get("xlabel") or ""), name)
        text = " ".join(t for t in (said, extra) if t)
        pictured = bool(any(written.get(p) for p in _PICTURES) or re.search(r"<img\b", label, re.IGNORECASE))
        return Node(
            name, text, role, within, tuple(pieces), labeled=label not in ("", "\\N") or bool(role),
            pictured=pictured and not (said if label else extra),
        )  # fmt: skip

    def _touched_whole(self, gvid: int) -> bool:
        return any(
            e[end] == gvid and (gvid, _port(e, end)) not in self._ports for e in self._edges for end in ("tail", "head")
        )

    def _arrows(self, way: _Way) -> tuple[Arrow, ...]:
        drawn = (arrow for edge in self._edges if not _invisible(edge) for arrow in self._of(edge, way))
        arrows = tuple(islice(drawn, DRAWING_EDGES + 1))  # a cluster's arrows multiply
        if len(arrows) > DRAWING_EDGES:
            raise _too_large(f"more than {DRAWING_EDGES:,} arrows once those to clusters are written out")
        return arrows

    def _of(self, edge: dict[str, Any], way: _Way) -> Iterator[Arrow]:
        direction = str(edge.get("dir") or ("forward" if self._directed else "none"))
        text = plain(str(edge.get("label") or edge.get("xlabel") or ""), "")
        for tail in self._ends(edge, "tail", way):
            for head in self._ends(edge, "head", way):
                ends = (head, tail) if direction == "back" else (tail, head)
                yield Arrow(*ends, both=direction in ("both", "none"), text=text)

    def _ends(self, edge: dict[str, Any], end: str, way: _Way) -> list[str]:
        gvid = edge[end]
        node = self._nodes.get(gvid)
        if node is None:
            return []
        name = str(node["name"])
        port = _port(edge, end)
        own = f"{name}:{port}" if way.fields and (gvid, port) in self._ports else name
        border = str(edge.get("ltail" if end == "tail" else "lhead") or "") if way.borders else ""
        cluster = name if name in self._clusters else border
        if cluster not in self._clusters:
            return [own]
        inside = self._inside(cluster)
        return [*([] if name in self._clusters and inside else [own]), *(one for one in inside if one != name)]

    def _inside(self, cluster: str) -> list[str]:
        members = self._clusters[cluster].get("nodes") or []
        return [name for m in members if m in self._nodes and (name := str(self._nodes[m]["name"])) != cluster]


def _bounded(text: str) -> None:
    size = len(text.encode(errors="replace"))
    if size > ANSWER_BYTES:
        raise AnswerError(
            f"The drawing is too large: it has {format_size(size)}; at most {format_size(ANSWER_BYTES)} are read.",
            "Draw fewer nodes, and remove long labels.",
        )
    if "\0" in text:
        raise AnswerError("The drawing contains a zero byte: it isn't text.", "Write the drawing as DOT.")


def _tokens(text: str) -> list[Token]:
    """The tokens of a text. Raises AnswerError for too many of them, and for brackets nested too deep."""
    found = list(islice(tokens(text), DRAWING_WORDS + 1))
    arrows = sum(t.kind == "arrow" for t in found)
    if len(found) > DRAWING_WORDS or arrows > 4 * DRAWING_EDGES:
        raise _too_large(f"about {arrows:,} arrows, and {len(found):,} words and signs or more")
    depth = deepest = 0
    for token in found:
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
            deepest = max(deepest, depth)
    if deepest > DRAWING_DEPTH:
        raise AnswerError(
            f"Subgraphs are nested {deepest:,} deep; at most {DRAWING_DEPTH} are read.",
            "Nest them less deeply: one level is enough.",
        )
    return found


def _too_large(what: str) -> AnswerError:
    return AnswerError(
        f"The drawing is too large: {what}.",
        f"At most {DRAWING_NODES} nodes and {DRAWING_EDGES:,} arrows are read; draw fewer.",
    )


def _unreadable(text: str, first: str, found: list[Token]) -> AnswerError:
    start = _COMMENT.sub("", text).lstrip()[:400]
    if re.match(
        r"(graph|flowchart)\s+(TB|TD|BT|RL|LR)\b|sequenceDiagram|stateDiagram|C4\w+|classDiagram|erDiagram", start
    ):
        return AnswerError("This is Mermaid; the exercise reads DOT.", _IN_DOT)
    if start.startswith("@start") or re.match(r"(actor|component|participant|database|queue)\s", start):
        return AnswerError("This is PlantUML; the exercise reads DOT.", _IN_DOT)
    if re.match(r"(from|import)\s+\w+|\w+\s*=\s*(graphviz\.)?(Digraph|Graph)\(", start):
        return AnswerError(
            "This is Python; the exercise reads DOT.",
            "Run it in its own cell, and pass the drawing to check(...) as the second argument.",
        )
    written = text.split("\n")
    if error := _bad_beginning(found, written) or _open_comment(text, written):
        return error
    if slip := next(iter(slips(found[: graph_length(found)])), None):
        return AnswerError(slip.problem, slip.hint, line=slip.line, source_line=written[slip.line - 1][:200])
    if quote := next((t for t in found if t.kind == "string" and "\n" in t.text), None):
        return AnswerError(
            f"Line {quote.line} has a missing or an extra double quote.",
            "A name or label begins and ends with a double quote, in one line.",
            line=quote.line,
            source_line=written[quote.line - 1][:200],
        )
    if _reads(_closed(first)):
        return AnswerError(
            "The drawing ends before its last bracket is closed.",
            "Add “}” at the end, or “]” where a list of attributes stays open.",
        )
    wrong, right = ("--", "->") if re.match(r"(strict\s+)?digraph\b", start, re.IGNORECASE) else ("->", "--")
    if wrong in first and _reads(first.replace(wrong, right)):
        kind = "digraph" if right == "->" else "graph"
        line = next((t.line for t in found if t.kind == "arrow" and t.text == wrong), 0)
        return AnswerError(
            f"In a {kind} an arrow is written “{right}”, not “{wrong}”.",
            f"Write a {right} b, or begin with “{'graph' if kind == 'digraph' else 'digraph'} {{”.",
            line=line,
            source_line=written[line - 1][:200] if line else "",
        )
    line = _where(written)
    return AnswerError(
        f"Graphviz can't read line {line}." if line else "Graphviz can't read this drawing.",
        "Look for a missing quote, bracket or arrow in that line.",
        line=line,
        source_line=written[line - 1][:200] if line else "",
    )


def _bad_beginning(found: list[Token], written: list[str]) -> AnswerError | None:
    """The mistake before the first brace; None if the graph begins correctly."""
    start = next((n for n, token in enumerate(found) if token.word in ("graph", "digraph")), None)
    if start is None:
        near = next((t for t in found[:2] if nearest(t.word, ("digraph", "graph"))), None)
        meant = f" Did you mean digraph by “{shown(near.text, 20)}”?" if near else ""
        return AnswerError(f"A drawing in DOT begins with “digraph {{” and ends with “}}”.{meant}", _IN_DOT)
    if start and (start > 1 or found[0].word != "strict"):
        return AnswerError(
            f"There is text in front of “{found[start].text}”: {shown(written[found[0].line - 1].strip(), 40)}.",
            "Delete it, or make it a comment: // text",
            line=found[0].line,
            source_line=written[found[0].line - 1][:200],
        )
    opening = next((n for n, token in enumerate(found) if token.text == "{"), len(found))
    if (
        opening - start > 1
        and found[start + 1].text != "{"
        and (opening == len(found) or found[start + 1].kind == "strange")
    ):
        return AnswerError(
            f"The brace is missing: a drawing begins with “{found[start].text} {{”.",
            _IN_DOT,
            line=found[start].line,
            source_line=written[found[start].line - 1][:200],
        )
    return None


def _open_comment(text: str, written: list[str]) -> AnswerError | None:
    start = text.rfind("/*")
    if (
        start < 0
        or text.find("*/", start) >= 0
        or any(t.kind == "string" and t.start < start < t.end for t in tokens(text))
    ):
        return None
    line = text.count("\n", 0, start) + 1
    return AnswerError(
        "A comment begins with “/*” and never ends.",
        "End it with “*/”.",
        line=line,
        source_line=written[line - 1][:200],
    )


def _reads(text: str) -> bool:
    try:
        graphviz(text, "json0", "nop2")
    except SyntaxProblemError:
        return False
    return True


def _where(lines: list[str]) -> int:
    """The first line after the longest beginning that Graphviz can read with its brackets closed; 0 if the text is empty."""
    for end in range(min(len(lines), _LINES_SEARCHED), 0, -1):
        if not _reads(_closed("\n".join(lines[:end]))):
            continue
        return next((n for n in range(end + 1, len(lines) + 1) if lines[n - 1].strip()), end)
    return 1 if lines else 0


def _closed(text: str) -> str:
    """A beginning with its brackets closed; one that ends inside a string stays unreadable."""
    opened: list[str] = []
    for token in tokens(text):
        if token.open:
            return text + '"'
        if token.kind == "mark" and token.text in "{[":
            opened.append({"{": "}", "[": "]"}[token.text])
        elif token.kind == "mark" and opened and token.text == opened[-1]:
            opened.pop()
    return text + "".join(reversed(opened))


_IN_DOT = 'In DOT an arrow is “a -> b;” between the braces of “digraph { }”, and a label is a [label="..."].'
