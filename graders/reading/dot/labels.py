"""The visible text of a label, from records, HTML-like labels and Graphviz' escapes."""

from __future__ import annotations

import html
import re

LINES_READ = 400
"""How many characters of a label are split into lines."""

CELLS_READ = 4_000
"""How many characters of a label are searched for cells with ports."""

_BREAK = re.compile(r"\\[nlr]|\n|<(?:[bB][rR]|/?[tT][dDrR])\b[^<>]{0,100}>")
_CELL = re.compile(
    r"<[tT][dD]\b[^<>]{0,200}?\b[pP][oO][rR][tT]\s*=\s*\"([^\"<>]{1,60})\"[^<>]{0,200}>(.{0,400}?)</[tT][dD]>",
    re.DOTALL,
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_PORT = re.compile(r"^\s*<([^<>|{}]{0,200})>")


def plain(label: str, name: str) -> str:
    r"""A label without markup, in one line; ``\\N`` stands for the node's name."""
    text = label.replace("\\N", name).replace("\\G", "").replace("\\L", "")
    text = re.sub(r"\\[nlr]", " ", text)
    if "<" in text or "&" in text:
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", html.unescape(_TAG.sub(" ", text)))
    return " ".join(text.replace("\\", "").split())


def lines(label: str, name: str) -> list[str]:
    """A label's visible lines, without markup and without empty ones."""
    broken = _BREAK.split(label[:LINES_READ])
    return [text for piece in broken if (text := plain(piece, name))]


def cells(label: str) -> list[tuple[str, str]]:
    """The cells of an HTML-like table that have a port, as (port, text with markup)."""
    return [(found[1], found[2]) for found in _CELL.finditer(label[:CELLS_READ])]


def fields(label: str) -> list[tuple[str, str]]:
    """A record label's fields in order, as (port, text); the port may be empty."""
    found = []
    for piece in re.split(r"(?<!\\)[{}|]", label):
        match = _PORT.match(piece)
        text = piece[match.end() :] if match else piece
        if match or text.strip():
            found.append((match[1].strip() if match else "", re.sub(r"\\([{}|<> ])", r"\1", text)))
    return found
