"""Split a DOT text into tokens, each with its line, and find the end of the first graph: Graphviz reads only that one.

Graphviz names no line and silently accepts many mistakes. The tokens are Graphviz' own (comments, strings, HTML-like
labels, names, numbers), and some that people write in their place: curly quotes, and arrows of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "string", "html", "arrow", "other arrow", "quote", "mark", "strange"]

QUOTES = "“”„‟«»‘’‚‹›"
"""Quotation marks of other languages and of word processors; Graphviz reads them as letters."""

_ARROWS = "→⇒⟶⟹➔➜➝➞↔⇔⇄←⇐"
# Each alternative is linear: an open string, comment or label reaches to the end.
_TOKEN = re.compile(
    rf"""
    (?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<string>"(?:[^"\\]|\\.)*(?P<end>"|\\?\Z))
  | (?P<other_arrow>-{{1,3}}>{{2}}|-{{2,}}>|-{{3,}}|>+|[=~]+>|<[-=]{{1,2}}>|[–—]+>?|-[ ]>|-\.+-?>|[{_ARROWS}])
  | (?P<arrow>->|--)
  | (?P<quote>[{QUOTES}'])
  | (?P<name>-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)|(?:(?![{QUOTES}–—{_ARROWS}])(?:[^\W\d]|[^\x00-\x7f]))(?:(?![{QUOTES}–—{_ARROWS}])(?:\w|[^\x00-\x7f]))*)
  | (?P<mark>[{{}}\[\];,=:+])
  | (?P<html><)
  | (?P<strange>.)
    """,
    re.DOTALL | re.VERBOSE,
)
_BRACKETS = re.compile(r"[<>]")
_SKIPPED_LINE = re.compile(r"^[^\S\n]*#[^\n]*", re.MULTILINE)
_UNSEEN = {ord(c): None for c in "\ufeff\u200b\u200c\u200d\u2060"} | {ord(c): " " for c in "\u00a0\u2007\u202f\u3000"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign: its start and end in the text, from 0, and its line, from 1."""

    kind: Kind
    text: str
    start: int
    end: int
    line: int
    open: bool = False

    @property
    def word(self) -> str:
        """An unquoted name in lowercase, to compare with keywords; empty for any other token."""
        return self.text.casefold() if self.kind == "name" else ""


def seen(text: str) -> str:
    """The text without zero-width characters and with plain spaces; line numbers stay."""
    return text.translate(_UNSEEN)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, in linear time. ``open`` is true for a string or label that never ends."""
    line = position = 0
    counted = 0
    hashes = {found.start(): found.end() for found in _SKIPPED_LINE.finditer(text)}
    before = ""
    while position < len(text):
        if position in hashes:
            position = hashes[position]
            continue
        found = _TOKEN.match(text, position)
        assert found is not None  # noqa: S101  the last alternative takes anything
        kind, end, is_open = str(found.lastgroup), found.end(), False
        if kind == "end":
            kind = "string"
        if kind == "other_arrow" and found[0].startswith("<") and before == "=":
            kind = "html"  # a label that begins like an arrow
        if kind == "html":
            end, is_open = _html_end(text, position)
        elif kind == "string":
            is_open = found["end"] != '"'
        if kind != "skip":
            line, counted = line + text.count("\n", counted, position), position
            before = text[position:end] if kind == "mark" else kind
            yield Token(_KINDS.get(kind, "strange"), text[position:end], position, end, line + 1, is_open)
        position = end


_KINDS: dict[str, Kind] = {
    "string": "string", "other_arrow": "other arrow", "arrow": "arrow", "quote": "quote", "name": "name", "mark": "mark",
    "html": "html", "strange": "strange",
}  # fmt: skip


def _html_end(text: str, start: int) -> tuple[int, bool]:
    depth = 0
    for found in _BRACKETS.finditer(text, start):
        depth += 1 if found[0] == "<" else -1
        if not depth:
            return found.end(), False
    return len(text), True


def graph_length(found: list[Token]) -> int:
    """The number of tokens of the first graph, up to its closing brace; all if it isn't closed."""
    depth = 0
    for index, token in enumerate(found):
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
            if token.text == "}" and depth <= 0:
                return index + 1
    return len(found)
