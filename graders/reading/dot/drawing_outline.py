"""A drawing's outline: its attributes, its names, the order of its statements, and its comments.

It needs no Graphviz, so a drawing with mistakes has an outline, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from graders.reading.dot.tokens import Token, seen, tokens
from graders.reading.outline import Comment, Ordering, Outline, Value

GRAPHS = frozenset({"graph", "digraph", "subgraph"})
KEYWORDS = GRAPHS | {"strict", "node", "edge"}
LABELS = frozenset({"label", "xlabel", "headlabel", "taillabel"})
NODE = "a node"

_COMMENT = re.compile(
    r'"(?:[^"\\]|\\.)*"|//[/!\s]*(?P<line>[^\n]*)|/\*(?P<block>.*?)(?:\*/|\Z)|^[^\S\n]*#+\s*(?P<hash>[^\n]*)',
    re.DOTALL | re.MULTILINE,
)


def dot_outline(text: str) -> Outline:
    """The outline of a text in DOT. Names are those of nodes, and all labels; the order of the statements is without names."""
    plain = seen(text)
    found = list(tokens(plain))
    statements = tuple(_statements(found))
    first = {node: line for _, node, line in reversed(statements)}
    numbers: dict[str, str] = {}
    for _, node, _ in statements:
        numbers.setdefault(node, str(len(numbers) + 1))
    shape = tuple(f"{numbers[tail]} -> {numbers[node]}" if tail else numbers[node] for tail, node, _ in statements)
    attributes = tuple(_attributes(found))
    return Outline(
        values=tuple(value for value in attributes if value.place[-1] not in LABELS),
        names=(
            *(Value((NODE,), node, first[node]) for node in numbers),
            *(value for value in attributes if value.place[-1] in LABELS),
        ),
        orderings=(Ordering((), shape, tuple(line for _, _, line in statements)),),
        comments=tuple(_comments(plain)),
    )


def _attributes(found: Sequence[Token]) -> Iterator[Value]:
    for name, sign, value in zip(found, found[1:], found[2:], strict=False):
        if sign.text == "=" and sign.kind == "mark":
            quoted = value.text if value.kind == "string" else ""
            yield Value((_word(name),), _word(value), value.line, quoted)


def _statements(found: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """Yield each mention of a node with the node before it, if an arrow is between them, and its line."""
    tail, before, depth = "", "", 0
    for token, after in pairwise([*found, Token("mark", ";", 0, 0, 0)]):
        if token.kind == "mark":
            depth = max(0, depth + (token.text == "[") - (token.text == "]"))
        elif not depth and token.kind in ("name", "string", "html"):
            is_node = token.word not in KEYWORDS and before not in GRAPHS and "=" not in (before, after.text)
            if is_node:
                node = _word(token)
                yield tail if before == "arrow" else "", node, token.line
                tail = node
        before = "arrow" if "arrow" in token.kind else token.word or token.text


def _word(token: Token) -> str:
    return token.text[1:-1] if token.kind == "string" and not token.open else token.text


def _comments(text: str) -> Iterator[Comment]:
    for found in _COMMENT.finditer(text):
        said = found["line"] or found["block"] or found["hash"] or ""
        if said.strip():
            yield Comment(" ".join(said.split()), text.count("\n", 0, found.start()) + 1)
