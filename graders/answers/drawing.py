"""A drawing in DOT, read: its nodes, arrows and clusters, whatever style it is written in.

The grammar is Graphviz' own. Attributes that a drawing may bring along (images, addresses, colours) are dropped
here; only names, labels, roles and directions go on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from cluster.errors import AnswerError
from cluster.limits import ANSWER_BYTES, DRAWING_DEPTH, DRAWING_EDGES, DRAWING_NODES
from graders.answers.dot import SyntaxProblemError, graphviz
from graders.answers.labels import fields, lines, plain

# Both take time linear in the text: a blank line is looked at once, and an open string or comment reaches to the end.
_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|^[^\S\n]*#[^\n]*", re.DOTALL | re.MULTILINE)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?P<end>"|\\?\Z)', re.DOTALL)
_LINES_SEARCHED = 200
_RECORDS = frozenset({"record", "Mrecord"})


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its name in the text, the text that a reader sees, the role that it states, and its clusters' labels.

    ``lines`` is the text line by line, as the label breaks it.
    """

    name: str
    text: str
    role: str = ""
    within: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What to call it in a message: what a reader sees."""
        return self.text or self.name


@dataclass(frozen=True, slots=True)
class Arrow:
    """A connection from ``tail`` to ``head``, by node name. ``both`` is one that points both ways, or has no direction."""

    tail: str
    head: str
    both: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and arrows, in the order in which they were written.

    ``ignored`` are attributes that were dropped, ``hidden`` is the number of arrows that nobody sees.
    """

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    directed: bool = True
    ignored: tuple[str, ...] = ()
    hidden: int = 0


def begun(text: str) -> bool:
    """Whether a drawing holds anything but comments and blank lines."""
    return bool(_COMMENT.sub("", text[: 4 * ANSWER_BYTES]).strip())


def source_of(drawing: object) -> str:
    """The DOT text of a ``graphviz.Digraph``, or of a text. Raises AnswerError for anything else."""
    source = drawing if isinstance(drawing, str) else getattr(drawing, "source", None)
    if isinstance(source, str):
        return source
    raise AnswerError(
        f"An object of type {type(drawing).__name__} is neither a text nor a drawing.",
        "Hand over DOT as a text, or a graphviz.Digraph.",
    )


def parse(text: str) -> Drawing:
    """Read a drawing. Raises AnswerError for a text that isn't DOT, or is too large, with the line where it stops."""
    _bounded(text)
    try:
        graph = json.loads(graphviz(text, "json0", "nop2").decode(errors="replace"), strict=False)
    except SyntaxProblemError:
        raise _unreadable(text) from None
    except ValueError:
        raise AnswerError("Graphviz could not make sense of this drawing.", "Take out unusual characters.") from None
    objects = graph.get("objects") or []
    nodes = [o for o in objects if "nodes" not in o and "subgraphs" not in o and not _is_cluster(o, graph)]
    edges = graph.get("edges") or []
    if len(nodes) > DRAWING_NODES or len(edges) > DRAWING_EDGES:
        raise _too_large(f"{len(nodes):,} nodes and {len(edges):,} arrows")
    if not nodes:
        raise AnswerError("The drawing is empty: it has no nodes.", "Name the parts and connect them: a -> b;")
    return _Reader(graph, objects, nodes, edges).drawing(text)


def _is_cluster(one: dict[str, Any], graph: dict[str, Any]) -> bool:
    # Graphviz lists subgraphs first; a subgraph without nodes has neither list.
    return int(one.get("_gvid", 0)) < int(graph.get("_subgraph_cnt", 0))


def _invisible(edge: dict[str, Any]) -> bool:
    # Such arrows only push nodes about; a connection that nobody sees is none.
    return "invis" in re.findall(r"\w+", str(edge.get("style") or "")[:200])


class _Reader:
    """From Graphviz' JSON to a Drawing: record ports become nodes, and arrows to clusters reach what is in them."""

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

    def drawing(self, text: str) -> Drawing:
        nodes = [node for gvid, written in self._nodes.items() for node in self._expand(gvid, written)]
        drawn = (arrow for edge in self._edges if not _invisible(edge) for arrow in self._arrows(edge))
        arrows = tuple(islice(drawn, DRAWING_EDGES + 1))  # a cluster's arrows multiply
        if len(arrows) > DRAWING_EDGES:
            raise _too_large(f"more than {DRAWING_EDGES:,} arrows once those to clusters are written out")
        hidden = sum(map(_invisible, self._edges))
        ignored = sorted({a for a in ("image", "URL", "href") if re.search(rf"\b{a}\s*=", text)})
        return Drawing(tuple(nodes), arrows, self._directed, tuple(ignored), hidden)

    def _used_ports(self) -> dict[tuple[int, str], str]:
        used = {(e[end], str(e.get(f"{end}port", "")).split(":")[0]) for e in self._edges for end in ("tail", "head")}
        ports: dict[tuple[int, str], str] = {}
        for gvid, node in self._nodes.items():
            if node.get("shape") in _RECORDS:
                for port, text in fields(str(node.get("label") or "")):
                    if port and (gvid, port) in used:
                        ports[gvid, port] = plain(text, str(node["name"]))
        return ports

    def _expand(self, gvid: int, written: dict[str, Any]) -> Iterator[Node]:
        name, label = str(written["name"]), str(written.get("label") or "")
        within = tuple(t for t in self._within.get(gvid, ()) if t)
        own = [(port, text) for (of, port), text in self._ports.items() if of == gvid]
        if name in self._clusters and label in ("", "\\N"):
            return  # `a -> cluster_b` makes a node of the cluster's name; the arrow means what is in the cluster
        for port, text in own:
            yield Node(f"{name}:{port}", text, within=within)
        if written.get("shape") in _RECORDS:
            rest = [plain(text, name) for port, text in fields(label) if (gvid, port) not in self._ports]
            shown = " ".join(t for t in rest if t)
            if own and not self._touched_whole(gvid):
                return
        else:
            shown = plain(label or "\\N", name)
        extra = plain(str(written.get("xlabel") or ""), name)
        text = " ".join(t for t in (shown, extra) if t)
        yield Node(name, text, str(written.get("role") or "")[:40].lower(), within, tuple(lines(label, name)))

    def _touched_whole(self, gvid: int) -> bool:
        return any(
            e[end] == gvid and (gvid, str(e.get(f"{end}port", "")).split(":")[0]) not in self._ports
            for e in self._edges
            for end in ("tail", "head")
        )

    def _arrows(self, edge: dict[str, Any]) -> Iterator[Arrow]:
        direction = str(edge.get("dir") or ("forward" if self._directed else "none"))
        text = plain(str(edge.get("label") or edge.get("xlabel") or ""), "")
        for tail in self._ends(edge, "tail"):
            for head in self._ends(edge, "head"):
                ends = (head, tail) if direction == "back" else (tail, head)
                yield Arrow(*ends, both=direction in ("both", "none"), text=text)

    def _ends(self, edge: dict[str, Any], end: str) -> list[str]:
        gvid = edge[end]
        node = self._nodes.get(gvid)
        if node is None:
            return []
        name = str(node["name"])
        cluster = name if name in self._clusters else str(edge.get("ltail" if end == "tail" else "lhead") or "")
        if cluster in self._clusters:
            members = self._clusters[cluster].get("nodes") or []
            inside = [
                str(self._nodes[m]["name"]) for m in members if m in self._nodes and str(self._nodes[m]["name"]) != name
            ]
            return ([] if name in self._clusters else [name]) + inside
        port = str(edge.get(f"{end}port", "")).split(":")[0]
        return [f"{name}:{port}" if (gvid, port) in self._ports else name]


def _bounded(text: str) -> None:
    if len(text.encode(errors="replace")) > ANSWER_BYTES:
        raise _too_large(f"{len(text.encode(errors='replace')) // 1024:,} kB")
    if "\0" in text:
        raise AnswerError("The drawing holds a zero byte: it isn't text.", "Write the drawing as DOT.")
    bare = _bare(text)
    depth = deepest = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    if deepest > DRAWING_DEPTH:
        raise AnswerError(
            f"Subgraphs are nested {deepest:,} deep; at most {DRAWING_DEPTH} are read.",
            "Nest them less: one level is enough.",
        )
    statements = bare.count(";") + bare.count("\n") + bare.count("->") + bare.count("--") + bare.count(" ")
    if statements > 40 * DRAWING_EDGES or bare.count("->") + bare.count("--") > 4 * DRAWING_EDGES:
        raise _too_large(f"about {bare.count('->') + bare.count('--'):,} arrows")


def _too_large(what: str) -> AnswerError:
    return AnswerError(
        f"The drawing is too large to be read: {what}.",
        f"At most {DRAWING_NODES} nodes and {DRAWING_EDGES:,} arrows are; five parts and a client are enough.",
    )


def _unreadable(text: str) -> AnswerError:
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
            'Run it in a cell of its own and hand it over: check("diagram", drawing).',
        )
    if not re.search(r"\b(di)?graph\b", start, re.IGNORECASE):
        return AnswerError("A drawing in DOT begins with “digraph {” and ends with “}”.", _IN_DOT)
    written = text.splitlines()
    if _reads(_closed(text)):
        return AnswerError(
            "The drawing ends before its last bracket is closed.",
            "Add “}” at the end, or “]” where a list of attributes stays open.",
        )
    wrong, right = ("--", "->") if re.match(r"(strict\s+)?digraph\b", start, re.IGNORECASE) else ("->", "--")
    if wrong in text and _reads(text.replace(wrong, right)):
        kind = "digraph" if right == "->" else "graph"
        return AnswerError(
            f"In a {kind} an arrow is written “{right}”, not “{wrong}”.",
            f"Write a {right} b, or begin with “{'graph' if kind == 'digraph' else 'digraph'} {{”.",
        )
    line = _where(written)
    return AnswerError(
        f"Graphviz stops reading in line {line}." if line else "Graphviz can't read this drawing.",
        "Look there for a missing quote, bracket or arrow; names with spaces need double quotes.",
        line=line,
        source_line=written[line - 1][:200] if line else "",
    )


def _reads(text: str) -> bool:
    try:
        graphviz(text, "json0", "nop2")
    except SyntaxProblemError:
        return False
    return True


def _where(lines: list[str]) -> int:
    """The first line after the longest beginning that Graphviz can read once its brackets are closed; 0 for none."""
    for end in range(min(len(lines), _LINES_SEARCHED), 0, -1):
        if not _reads(_closed("\n".join(lines[:end]))):
            continue
        return next((n for n in range(end + 1, len(lines) + 1) if lines[n - 1].strip()), end)
    return 1 if lines else 0


def _bare(text: str) -> str:
    """A text without its comments and with empty strings; of a string that is open at the end the quote is left."""
    return _STRING.sub(lambda string: '""' if string["end"] == '"' else '"', _COMMENT.sub("", text))


def _closed(text: str) -> str:
    bare = _bare(text)
    if '"' in bare.replace('""', ""):
        return text + '"'  # inside a string that doesn't end here: not a beginning that can be read
    opened = "".join(c for c in bare if c in "{}[]")
    while (shorter := opened.replace("{}", "").replace("[]", "")) != opened:
        opened = shorter
    return text + "".join({"{": "}", "[": "]"}.get(c, "") for c in reversed(opened))


_IN_DOT = 'In DOT an arrow is “a -> b;” between the braces of “digraph { }”, and a label is a [label="..."].'
