"""An answer's outline: its values with their places, the order of its keys, and its comments. It says how an answer is written.

A text that can't be read has its lines as values. Nothing is judged here, and nothing of an answer is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests.documents import Document, Path
from cluster.manifests.documents import read as read_documents

ITEM = "-"
"""The name of a list's items in a place: their number isn't part of it."""

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value: the names above it, its text, and its line, from 1; ``written`` is the text with its quotation marks."""

    place: Place
    text: str
    line: int
    written: str = ""


@dataclass(frozen=True, slots=True)
class Ordering:
    """Names in the order in which they are written at a place; ``lines`` has the line of each."""

    place: Place
    names: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment without its sign, and its line, from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How an answer is written; each part in the order of the text. ``names`` are the values that the learner has made up."""

    values: tuple[Value, ...] = ()
    names: tuple[Value, ...] = ()
    orderings: tuple[Ordering, ...] = ()
    comments: tuple[Comment, ...] = ()


_OPENS = frozenset(" \t[{,:-")
"""What may stand before a quotation mark that opens a text."""
_QUOTED = r"""\s*:\s*(?P<raw>"(?:[^"\\]|\\.)*"|'[^']*')"""


def yaml_outline(text: str) -> Outline:
    """The outline of a YAML text: a manifest, choices, a form, a plan."""
    comments = tuple(yaml_comments(text))
    try:
        documents = read_documents(text)
    except AnswerError:
        return Outline(tuple(line_values(text)), comments=comments)
    lines = text.split("\n")
    values: list[Value] = []
    orderings: list[Ordering] = []
    for document in documents:
        _walk(document, document.data, (), (), (values, orderings, lines))
    return Outline(tuple(values), orderings=tuple(orderings), comments=comments)


def line_values(text: str) -> Iterator[Value]:
    """The lines of a text that can't be read otherwise, as values without a place."""
    for number, line in enumerate(text.split("\n"), 1):
        if said := " ".join(line.split()):
            yield Value((), said, number)


def yaml_comments(text: str) -> Iterator[Comment]:
    """The comments of a YAML text, whether or not it can be read."""
    for number, line in enumerate(text.split("\n"), 1):
        said = line[_comment_at(line) :].strip().lstrip("#!").strip() if "#" in line else ""
        if said:
            yield Comment(said, number)


def _comment_at(line: str) -> int:
    """The column of a line's comment, from 0; the line's length if it has none."""
    quote, before = "", " "
    for column, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'" and before in _OPENS:
            quote = sign
        elif sign == "#" and before in " \t":
            return column
        before = sign
    return len(line)


def _walk(
    document: Document, value: Any, path: Path, place: Place, into: tuple[list[Value], list[Ordering], list[str]]
) -> None:
    values, orderings, lines = into
    if isinstance(value, Mapping):
        orderings.append(_ordering(document, value, path, place))
        for name, below in value.items():
            _walk(document, below, (*path, name), (*place, name), into)
    elif isinstance(value, list):
        if value and not any(isinstance(item, (Mapping, list)) for item in value):
            texts = tuple(_text(document, (*path, index)) for index in range(len(value)))
            orderings.append(Ordering((*place, ITEM), texts, tuple(document.line(*path, i) for i in range(len(value)))))
        for index, below in enumerate(value):
            _walk(document, below, (*path, index), (*place, ITEM), into)
    else:
        line = document.line(*path)
        values.append(Value(place, _text(document, path), line, _quoted(place, line, lines)))


def _ordering(document: Document, value: Iterable[str], path: Path, place: Place) -> Ordering:
    names = tuple(value)
    return Ordering(place, names, tuple(document.line(*path, name) for name in names))


def _text(document: Document, path: Path) -> str:
    return document.written(*path) or str(document.get(*path))


def _quoted(place: Place, line: int, lines: list[str]) -> str:
    """A value as it stands in its line, if it has quotation marks; else an empty text."""
    if not place or place[-1] == ITEM or not 0 < line <= len(lines):
        return ""
    found = re.search(re.escape(place[-1]) + _QUOTED, lines[line - 1])
    return found["raw"] if found else ""
