"""Manifests as the API server reads them: YAML 1.1 or JSON to JSON values, with the line of every value.

The C parser of PyYAML tokenises; the values are built here, as go-yaml v2 builds them (the library behind the API
server's sigs.k8s.io/yaml), because PyYAML's own constructors resolve other booleans, octals, dates and merges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import yaml

from cluster import unreadable
from cluster.limits import (
    ADMISSION_CHARACTERS,
    ADMISSION_PROBLEMS,
    ANSWER_BYTES,
    MANIFEST_DEPTH,
    MANIFEST_DOCUMENTS,
    MANIFEST_NODES,
)
from cluster.scalars import Scalar, UnresolvableError, key, plain, tagged

Path = tuple[str | int, ...]
"""Where in a document: keys and indices from its root, such as ``("spec", "containers", 0, "image")``."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an answer: its JSON value, its index in the file from 0, and the line of each path, from 1.

    ``source`` is the document's own part of the text, ``texts`` what was written for each value that isn't a text and no
    collection, such as ``no`` for false. ``duplicates`` are keys that stand twice in one mapping, which the server's strict decoding refuses, with the
    line of the second; ``complaints`` is how the server's YAML reader words them. Empty documents are skipped, so
    they have no index.
    """

    index: int
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    duplicates: tuple[tuple[Path, int], ...] = ()
    complaints: tuple[str, ...] = ()
    source: str = field(default="", repr=False, compare=False)
    texts: Mapping[Path, str] = field(default_factory=dict, repr=False, compare=False)

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at a path, or the default where any step of it is missing or of another type."""
        value = self.data
        for step in path:
            if not _has(value, step):
                return default
            value = value[step]
        return value

    def written(self, *path: str | int) -> str:
        """The value at a path as it was written: ``no`` where the value is false; empty where there is no such value."""
        value = self.get(*path)
        return value if isinstance(value, str) else self.texts.get(path, "")

    def line(self, *path: str | int) -> int:
        """The line of a path, or of its nearest ancestor that was written; 0 where there is none."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def read(text: str) -> tuple[Document, ...]:
    """Read every document of an answer.

    Raises AnswerError, with the line and column where reading stopped, for text that is no YAML, that is larger,
    deeper or longer than cluster/limits.py allows (aliases expanded), or that carries Python objects. Comments
    alone, and empty documents, are no documents.
    """
    if len(text) > ANSWER_BYTES or len(text.encode(errors="replace")) > ANSWER_BYTES:
        raise unreadable.too_large(text)
    try:
        composed = list(_compose(text))
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise unreadable.worded(error, text) from error
    ends: list[int | None] = [*(begins for _, begins in composed[1:]), None]
    written = [
        (root, slice(begins, end))
        for (root, begins), end in zip(composed, ends, strict=False)  # without documents there is an end too many
        if not (root.kind is _SCALAR and root.value is None)
    ]
    lines = text.splitlines(keepends=True) if len(composed) > 1 else [text]
    return tuple(
        _Construction(text).document(index, root, "".join(lines[part]) if len(composed) > 1 else text)
        for index, (root, part) in enumerate(written)
    )


_GO_FLOATS = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
_SCALAR, _SEQUENCE, _MAPPING = "scalar", "sequence", "mapping"
_MERGE_TAG = "tag:yaml.org,2002:merge"


class _Scalar:
    """A scalar of the tree between parsing and construction; ``merge`` is the key ``<<``. Lines count from 1.

    ``text`` is the scalar as it was written.
    """

    __slots__ = ("line", "merge", "text", "value")
    kind, size, open = _SCALAR, 1, False

    def __init__(self, line: int, value: Any, merge: bool, text: str) -> None:
        self.line = line
        self.value = value
        self.merge = merge
        self.text = text


class _Collection:
    """A sequence's nodes, or a mapping's keys and values by turns; an alias is the very node that it names.

    ``size`` counts values with aliases expanded, without expanding them.
    """

    __slots__ = ("kind", "line", "open", "size", "value")
    merge = False

    def __init__(self, kind: str, line: int) -> None:
        self.kind = kind
        self.line = line
        self.value: list[_Node] = []
        self.size = 1
        self.open = True


_Node = _Scalar | _Collection


def _compose(text: str) -> Iterator[tuple[_Node, int]]:
    """The documents' roots, and the line on which each begins, from 0. One loop over the parser's events, so that depth costs no stack."""
    parser = yaml.CSafeLoader(text)
    documents, left = 0, MANIFEST_NODES
    try:
        while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > MANIFEST_DOCUMENTS:
                    raise unreadable.too_many_documents(_line(event))
                root = _compose_document(parser, text, left)
                left -= root.size
                yield root, _line(event) - 1
    finally:
        parser.dispose()


def _compose_document(parser: Any, text: str, most: int) -> _Node:
    next_event = parser.get_event
    root = _Collection(_SEQUENCE, 1)
    parents = [root]
    siblings: list[_Node] = root.value
    anchors: dict[str, _Node] = {}
    total = 0
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent and event.tag is None and event.anchor is None:
            # nearly every event: spared a call and a look at the table
            value = text_of_it = event.value
            merge = False
            if event.implicit[0]:
                merge = value == "<<"
                value = plain(value)
                if type(value) is float and not math.isfinite(value):
                    raise unreadable.refused(f"json: unsupported value: {_GO_FLOATS[str(value)]}", _line(event), text)
            siblings.append(_Scalar(event.start_mark.line + 1, value, merge, text_of_it))
            total += 1
        elif kind in _ENDS:
            if kind is yaml.DocumentEndEvent:
                return root.value[0]
            closed = parents.pop()
            closed.open = False
            closed.size += sum([child.size for child in closed.value])
            siblings = parents[-1].value
            continue
        else:
            node: _Node = _NODES[kind](event, anchors, text)
            siblings.append(node)
            total += node.size
            if node.open:
                assert isinstance(node, _Collection)  # noqa: S101  for the type checker: nothing else is open
                parents.append(node)
                siblings = node.value
                if len(parents) > MANIFEST_DEPTH + 1:
                    raise unreadable.too_deep(_line(event), text)
        if total > most:
            raise unreadable.too_many_values(_line(event), text)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any, anchors: dict[str, _Node], text: str) -> _Scalar:
    """A scalar with a tag or an anchor."""
    written = event.value
    merge = written == "<<" and (event.tag == _MERGE_TAG if event.tag is not None else event.implicit[0])
    if event.tag is not None:
        value = _tagged(event, text)
    else:
        value = plain(written) if event.implicit[0] else written
        if type(value) is float and not math.isfinite(value):
            raise unreadable.refused(f"json: unsupported value: {_GO_FLOATS[str(value)]}", _line(event), text)
    node = _Scalar(_line(event), value, merge, written)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _tagged(event: Any, text: str) -> Scalar:
    _no_python(event, text)
    try:
        return tagged(event.value, event.tag)
    except UnresolvableError as error:
        raise unreadable.refused(str(error), _line(event), text) from error


def _collection(event: Any, anchors: dict[str, _Node], text: str) -> _Collection:
    if event.tag is not None:
        _no_python(event, text)
    kind = _MAPPING if type(event) is yaml.MappingStartEvent else _SEQUENCE
    node = _Collection(kind, event.start_mark.line + 1)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _no_python(event: Any, text: str) -> None:
    if ":python/" in event.tag:
        raise unreadable.python_object(event.tag, _line(event), event.start_mark.column + 1, text)


def _aliased(event: Any, anchors: dict[str, _Node], text: str) -> _Node:
    line = _line(event)
    node = anchors.get(event.anchor)
    if node is None:
        raise unreadable.refused(f"unknown anchor '{event.anchor[:80]}' referenced", line, text)
    if node.open:
        raise unreadable.refused(f"anchor '{event.anchor[:80]}' value contains itself", line, text)
    return node


_ENDS = frozenset((yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.DocumentEndEvent))
_NODES: Mapping[type, Callable[[Any, dict[str, _Node], str], _Node]] = {
    yaml.ScalarEvent: _scalar,
    yaml.MappingStartEvent: _collection,
    yaml.SequenceStartEvent: _collection,
    yaml.AliasEvent: _aliased,
}


class _Construction:
    """Building one document's data from its tree. The tree is finite and at most MANIFEST_NODES large."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.duplicates: list[tuple[Path, int]] = []
        self.complaints: list[str] = []

    def document(self, index: int, root: _Node, source: str) -> Document:
        data = self.build(root, ())
        lines, texts = _Paths(root, _line_of), _Paths(root, _text_of)
        return Document(index, data, lines, tuple(self.duplicates), tuple(self.complaints), source, texts)

    def build(self, node: _Node, path: Path) -> Any:
        if node.kind is _SCALAR:
            return node.value
        if len(path) > MANIFEST_DEPTH:  # aliases within aliases
            raise unreadable.too_deep(node.line, self.text)
        if node.kind is _MAPPING:
            into: dict[str, Any] = {}
            self.fill(into, node, path)
            return into
        return [
            item.value if item.kind is _SCALAR else self.build(item, (*path, position))
            for position, item in enumerate(node.value)
        ]

    def fill(self, into: dict[str, Any], node: _Node, path: Path) -> None:
        """Put a mapping's entries into ``into``, in order; a merge is filled in where it stands, later keys win.

        Only a key that is written twice in one mapping is a duplicate. A key that replaces a merged one isn't:
        kubectl takes it, although the server's own strict reading of YAML would not.
        """
        written_here: set[str] = set()
        pairs = iter(node.value)
        for written, value in zip(pairs, pairs, strict=True):
            if written.merge:
                self.merge(into, value, path)
                continue
            name = key(written.value) if written.kind is _SCALAR else None
            if name is None:
                raise unreadable.bad_key(written.line, self.text)
            if name in written_here and len(self.duplicates) < ADMISSION_PROBLEMS:
                self.duplicates.append(((*path, name), written.line))
                self.complaints.append(f"line {value.line}: key {_quoted(written.value)} already set in map")
            written_here.add(name)
            into[name] = value.value if value.kind is _SCALAR else self.build(value, (*path, name))

    def merge(self, into: dict[str, Any], value: _Node, path: Path) -> None:
        sources = value.value[::-1] if value.kind is _SEQUENCE else [value]
        for source in sources:
            if source.kind is not _MAPPING:
                raise unreadable.refused(
                    "map merge requires map or sequence of maps as the value", value.line, self.text
                )
            self.fill(into, source, path)


Noted = TypeVar("Noted")


class _Paths(Mapping[Path, Noted]):
    """What is noted of every path, worked out once somebody asks: of an accepted document nobody does.

    ``note`` gives it for the key (None for an item of a list) and the node of a path, or None where nothing is noted.
    """

    def __init__(self, root: _Node, note: Callable[[_Scalar | None, _Node], Noted | None]) -> None:
        self._root = root
        self._note = note

    @cached_property
    def _found(self) -> dict[Path, Noted]:
        found: dict[Path, Noted] = {}
        self._look(found, None, self._root, ())
        return found

    def _look(self, found: dict[Path, Noted], name: _Scalar | None, node: _Node, path: Path) -> None:
        """Note what is in a node, with merges filled in where they stand. The tree was built before, so it is fit."""
        if (noted := self._note(name, node)) is not None:
            found[path] = noted
        self._look_below(found, node, path)

    def _look_below(self, found: dict[Path, Noted], node: _Node, path: Path) -> None:
        if node.kind is _SEQUENCE:
            for position, item in enumerate(node.value):
                self._look(found, None, item, (*path, position))
        elif node.kind is _MAPPING:
            pairs = iter(node.value)
            for written, value in zip(pairs, pairs, strict=True):
                if written.merge:
                    for source in value.value[::-1] if value.kind is _SEQUENCE else [value]:
                        self._look_below(found, source, path)
                elif (name := key(written.value)) is not None:
                    self._look(found, written, value, (*path, name))

    def __getitem__(self, path: Path) -> Noted:
        return self._found[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __reduce__(self) -> tuple[type, tuple[dict[Path, Noted]]]:
        return dict, (self._found,)


def _line_of(name: _Scalar | None, node: _Node) -> int:
    return node.line if name is None else name.line


def _text_of(_name: _Scalar | None, node: _Node) -> str | None:
    return node.text if isinstance(node, _Scalar) and not isinstance(node.value, str) else None


_UNPRINTABLE = re.compile(r"[^ -~]")


def _quoted(value: Scalar) -> str:
    # Go's %#v of a key: strings quoted, numbers and booleans bare
    if isinstance(value, str):
        escaped = value[:ADMISSION_CHARACTERS].replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda m: m[0] if m[0].isprintable() else f"\\x{ord(m[0]):02x}", escaped) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)
