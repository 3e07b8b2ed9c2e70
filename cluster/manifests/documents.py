"""Manifests as kubectl and the API server read them: YAML 1.1 or JSON to JSON values, with the line of every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster.errors import AnswerError, LimitError
from cluster.manifests import yaml_errors
from cluster.manifests.bounds import ANSWER, Bounds, Left
from cluster.manifests.streams import TextPart, parts
from cluster.manifests.yaml_errors import DocumentPlace
from cluster.manifests.yaml_tree import Construction, DoubledKey, Path, compose

__all__ = ["Document", "DoubledKey", "Path", "Unread", "read", "read_each"]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an answer: its JSON value, its index in the file from 0, and the line of each path, from 1.

    ``source`` is the document's own part of the text. ``texts`` has the written form of each scalar that isn't a text, such
    as ``no`` for false. ``duplicates`` are keys that are written twice in one mapping (the server's strict
    decoding refuses them); ``complaints`` has the messages of the server's YAML reader on
    them. Empty documents are skipped, so they have no index. If kubectl silently ignores
    text below the document, ``rest`` says why.
    """

    index: int
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    duplicates: tuple[DoubledKey, ...] = ()
    complaints: tuple[str, ...] = ()
    source: str = field(default="", repr=False, compare=False)
    texts: Mapping[Path, str] = field(default_factory=dict, repr=False, compare=False)
    rest: AnswerError | None = field(default=None, repr=False, compare=False)

    def get(self, *path: str | int, default: Any = None) -> Any:
        """Return the value at a path, or the default if a step of it is missing or has another type."""
        value = self.data
        for step in path:
            if not _has(value, step):
                return default
            value = value[step]
        return value

    def written(self, *path: str | int) -> str:
        """Return the written form of the value at a path, such as ``no`` for false; empty without a value."""
        value = self.get(*path)
        return value if isinstance(value, str) else self.texts.get(path, "")

    def line(self, *path: str | int) -> int:
        """Return the line of a path, or of its nearest written ancestor, or 0."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a text that can't be read: its index among the documents from 0, its text, and why."""

    index: int
    text: str
    error: AnswerError


def read(text: str, bounds: Bounds = ANSWER) -> tuple[Document, ...]:
    """Read every document of a text, to its end.

    Raises AnswerError, with the line and column where reading stopped, for text that isn't YAML, that is larger,
    deeper or longer than the bounds allow (aliases expanded), or that has Python objects. Empty documents, and
    those with only comments, don't count.
    """
    found = []
    for one in read_each(text, bounds):
        if isinstance(one, Unread):
            raise one.error
        if one.rest is not None:
            raise one.rest
        found.append(one)
    return tuple(found)


def read_each(text: str, bounds: Bounds) -> Iterator[Document | Unread]:
    """Yield each document of a text as kubectl reads it, or why it can't be read; later documents may be readable.

    Text below a document in its own part isn't read. Raises LimitError once the text exceeds the bounds.
    """
    if len(text) > bounds.bytes or len(text.encode(errors="replace")) > bounds.bytes:
        raise yaml_errors.too_large(text, bounds)
    index, left = 0, Left(bounds.nodes, bounds.repeated)
    for number, part in enumerate(parts(text), 1):
        if number > bounds.documents:
            raise yaml_errors.too_many_documents(part.above + 1, bounds)
        place = DocumentPlace(part.text, part.above, bounds)
        found: Document | Unread | None
        try:
            found = (_json if part.is_json else _yaml)(index, part, place, left)
        except AnswerError as error:
            if isinstance(error, LimitError):
                raise
            found = Unread(index, part.text, error)
        if found is not None:
            yield found
            index += 1


def _yaml(index: int, part: TextPart, place: DocumentPlace, left: Left) -> Document | None:
    """Return a part's document, or None for an empty part."""
    if part.problem:
        raise yaml_errors.broken_stream(part.problem, part.above + part.line, place)
    tree = compose(place, left)
    if tree is None:
        return None
    made = Construction(tree.root, place)
    duplicates, complaints = tuple(made.duplicates), tuple(made.complaints)
    return Document(index, made.data, made.lines, duplicates, complaints, part.text, made.texts, tree.rest)


def _json(index: int, part: TextPart, place: DocumentPlace, left: Left) -> Document | None:
    """Do the same for JSON. JSON is nearly always YAML too, and only the YAML reader has lines."""
    try:
        document = _yaml(index, part, place, left)
    except AnswerError as error:
        if isinstance(error, LimitError):
            raise
        document = None
    if part.value is None or (document is not None and document.data == part.value):
        return document
    left.nodes -= _measured(part.value, place, left.nodes)
    return Document(index, part.value, {(): part.above + 1}, source=part.text)


def _measured(value: Any, place: DocumentPlace, most: int) -> int:
    """Return the number of values in a value, itself included. Raises LimitError if there are too many, or if it nests too deep."""
    count, depth, level = 0, 0, [value]
    while level:
        if depth > place.bounds.depth:
            raise yaml_errors.too_deep(place.above + 1, place)
        count += len(level)
        if count > most:
            raise yaml_errors.too_many_values(place.above + 1, place)
        below: list[Any] = []
        for one in level:
            if isinstance(one, (dict, list)):
                below += one.values() if isinstance(one, dict) else one
        depth, level = depth + 1, below
    return count
