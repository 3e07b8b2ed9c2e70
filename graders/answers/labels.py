"""The text of a label as a reader sees it: records, HTML-like labels and Graphviz' escapes undone."""

from __future__ import annotations

import html
import re

LINES_READ = 400
"""How much of a label is looked at line by line, in characters."""

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
    """A label's lines as a reader sees them, without markup; empty ones are left out."""
    broken = re.split(r"\\[nlr]|\n|<[bB][rR]\b[^<>]{0,100}>", label[:LINES_READ])
    return [text for piece in broken if (text := plain(piece, name))]


def fields(label: str) -> list[tuple[str, str]]:
    """A record label's fields in order, as (port, text); the port is empty where a field has none."""
    found = []
    for piece in re.split(r"(?<!\\)[{}|]", label):
        match = _PORT.match(piece)
        text = piece[match.end() :] if match else piece
        if match or text.strip():
            found.append((match[1].strip() if match else "", re.sub(r"\\([{}|<> ])", r"\1", text)))
    return found
