"""Common mistakes in DOT that Graphviz refuses, or silently reads as something else, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from graders.reading.dot.tokens import Token, graph_length
from graders.reading.text import shown

KEYWORDS = frozenset({"graph", "digraph", "node", "edge", "subgraph", "strict"})
_OPERANDS = frozenset({"name", "string", "html"})
_SIGNS = frozenset("-./\\@&$%!?*()~^|`")
MOST_SLIPS = 4
"""How many slips of a drawing are named; corrected ones make room for the next."""


@dataclass(frozen=True, slots=True)
class DrawingSlip:
    """A probable mistake: the problem, the next step, and its line, from 1.

    ``costs`` is true if nodes or arrows of the drawing may be lost by it.
    """

    problem: str
    hint: str
    line: int
    costs: bool = True


def slips(found: Sequence[Token]) -> tuple[DrawingSlip, ...]:
    """The slips in the tokens of a text, in the order of their lines."""
    length = graph_length(list(found))
    graph = found[:length]
    arrow = "--" if any(t.word == "graph" for t in graph[:2]) else "->"
    named = [*_arrows(graph, arrow), *_quotes(graph), *_names(graph), *_gaps(graph)]
    once = {(slip.problem, slip.hint): slip for slip in sorted(named, key=lambda s: -s.line)}
    return (*sorted(once.values(), key=lambda s: s.line)[:MOST_SLIPS], *_behind(found[length:], graph))


def _arrows(graph: Sequence[Token], arrow: str) -> Iterator[DrawingSlip]:
    for before, token, after in zip(graph, graph[1:], [*graph[2:], *graph[-1:]], strict=False):
        written = token.text
        if token.kind == "html" and token.open and before.kind in _OPERANDS and written.startswith("<-"):
            written = "<-"  # Graphviz reads an open label
        elif token.kind != "other arrow" and not (
            written == "-" and before.end < token.start and token.end < after.start
        ):
            continue
        hint = f"Write a {arrow} b."
        if written[0] in "<↔⇔←⇐⇄":
            hint = f"Write a {arrow} b [dir=both]." if written[-1] in ">↔⇔⇄" else f"Write b {arrow} a."
        yield DrawingSlip(f"An arrow is “{arrow}”, not “{written[:5]}”.", hint, token.line)


def _gaps(graph: Sequence[Token]) -> Iterator[DrawingSlip]:
    """Missing pieces: the end of an arrow, the value of an attribute, a closing bracket."""
    bracket: Token | None = None
    for before, token in pairwise(graph):
        if token.kind == "mark" and token.text == "[":
            bracket = token
        elif token.kind == "mark" and token.text == "]":
            bracket = None
        elif bracket and (token.kind == "arrow" or token.text in ("{", "}")):
            yield DrawingSlip("A “[” has no “]”.", "Close the list of attributes with “]”.", bracket.line)
            bracket = None
        one_end = token.kind == "arrow" and (before.kind == "arrow" or before.text in ("{", ";"))
        if one_end or (before.kind == "arrow" and token.text in ("}", ";", "[")):
            yield DrawingSlip(
                "An arrow needs a name on both sides.",
                "Name the missing node, or delete the arrow.",
                token.line,
            )
        if before.text == "=" and token.kind == "html" and token.open:
            yield DrawingSlip(
                "A label begins with “<” and never ends.", "End it with “>”, or write it in double quotes.", token.line
            )
        if before.text == "=" and token.text in ("]", ";", ","):
            yield DrawingSlip(
                "An attribute has no value after “=”.",
                'Write it after the sign, as in label="Orders API".',
                token.line,
            )


def _quotes(graph: Sequence[Token]) -> Iterator[DrawingSlip]:
    index = next((n for n, token in enumerate(graph) if token.kind == "quote"), None)
    if index is None:
        return
    quote = graph[index]
    inside = list(takewhile(lambda t: t.kind != "quote" and t.line == quote.line, graph[index + 1 : index + 12]))
    name = shown(" ".join(t.text for t in inside), 40)
    which = "single quotes (')" if quote.text == "'" else f"curly quotes ({quote.text})"
    yield DrawingSlip(f"A name is in {which}; DOT knows only straight double quotes.", f'Write "{name}".', quote.line)


def _names(graph: Sequence[Token]) -> Iterator[DrawingSlip]:
    """Unquoted names that need double quotes: with a hyphen or another sign, or with a space."""
    runs = list(_runs(graph))
    free = _free(graph, runs)
    for run in runs:
        if glued := _glued(run):
            written = shown("".join(t.text for t in glued), 40)
            sign = next((t.text for t in glued if t.kind == "strange"), "")
            what = "a hyphen" if "-" in written else f"“{sign}”" if sign else "a digit in front"
            yield DrawingSlip(
                f"A name with {what} needs double quotes: {written}.", f'Write "{written}".', glued[0].line
            )
        elif len({t.text for t in run if t.kind == "name"}) == len(run) and not all(t.text in free for t in run):
            written = shown(" ".join(t.text for t in run), 40)
            yield DrawingSlip(
                f"A name with a space needs double quotes: {written}.",
                f'Write "{written}"; without the quotes these are {len(run)} names.',
                run[0].line,
            )


def _glued(run: Sequence[Token]) -> Sequence[Token]:
    """The first tokens of a run without a space between them."""
    start = next((n for n in range(len(run) - 1) if run[n].end == run[n + 1].start), None)
    if start is None:
        return ()
    end = start + 1
    while end < len(run) and run[end - 1].end == run[end].start:
        end += 1
    return run[start:end]


def _runs(graph: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Unquoted names that follow one another in a line; a set such as ``{a b c}`` isn't one, nor ``label=a color=b``."""
    opened: list[str] = []
    index = 0
    while index < len(graph):
        start = index
        while index < len(graph) and _part_of_a_name(graph[index]) and graph[index].line == graph[start].line:
            index += 1
        if index == start:
            _follow(graph[index], opened)
            index += 1
            continue
        before = graph[start - 1] if start else None
        run = list(graph[start:index])
        if index < len(graph) and graph[index].text == "=":
            run.pop()  # the name of an attribute
        if before and before.text == "=" and "[" not in opened[-1:] and not _glued(run[:2]):
            run = []  # rank=same a b
        elif "[" in opened[-1:] and (before is None or before.text != "="):
            run = []
        in_a_set = before is not None and before.text == "{" and graph[min(index, len(graph) - 1)].text == "}"
        quoted = before is not None and before.kind == "quote"
        if len(run) > 1 and not quoted and (not in_a_set or _glued(run)):
            yield run


def _part_of_a_name(token: Token) -> bool:
    return (token.kind == "name" and token.word not in KEYWORDS) or (token.kind == "strange" and token.text in _SIGNS)


def _follow(token: Token, opened: list[str]) -> None:
    if token.kind == "mark" and token.text in "{[":
        opened.append(token.text)
    elif token.kind == "mark" and token.text in "}]" and opened:
        opened.pop()


def _free(graph: Sequence[Token], runs: Sequence[Sequence[Token]]) -> set[str]:
    """The names that occur alone, or in several runs: complete names, not parts of one with spaces."""
    every = Counter(t.text for t in graph if t.kind == "name")
    beside: dict[str, set[str]] = {}
    for run in runs:
        for token in run:
            beside.setdefault(token.text, set()).add(" ".join(t.text for t in run))
            every[token.text] -= 1
    return {name for name, left in every.items() if left or len(beside[name]) > 1}


def _behind(rest: Sequence[Token], graph: Sequence[Token]) -> Iterator[DrawingSlip]:
    """The slip for text after the graph that is read: another graph, or other text."""
    if not rest or not graph:
        return
    for token, following in pairwise(rest):
        if token.word in ("graph", "digraph") and (following.text == "{" or following.kind in _OPERANDS):
            yield DrawingSlip(
                "A second graph begins here; only the first one is read.",
                "Put everything between the braces of one digraph { }.",
                token.line,
            )
            return
    yield DrawingSlip(
        f"Text after the graph's last brace isn't read: “{shown(rest[0].text, 30)}” in line {rest[0].line}.",
        "Put everything between the first brace and the last brace, and delete the rest.",
        rest[0].line,
        costs=any(token.kind == "arrow" for token in rest),
    )
