"""Manifests as the API server reads them: YAML 1.1 or JSON to JSON values, with the line of every value.

The C parser of PyYAML tokenises; the values are built here, as go-yaml v2 builds them (the library behind the API
server's sigs.k8s.io/yaml), because PyYAML's own constructors resolve other booleans, octals, dates and merges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

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

    ``duplicates`` are keys that stand twice in one mapping, which the server's strict decoding refuses, with the
    line of the second; ``complaints`` is how the server's YAML reader words them. Empty documents are skipped, so
    they have no index.
    """

    index: int
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    duplicates: tuple[tuple[Path, int], ...] = ()
    complaints: tuple[str, ...] = ()

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at a path, or the default where any step of it is missing or of another type."""
        value = self.data
        for step in path:
            if not _has(value, step):
                return default
            value = value[step]
        return value

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
        roots = [root for root in _compose(text) if not (root.kind is _SCALAR and root.value is None)]
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise unreadable.worded(error, text) from error
    return tuple(_Construction(text).document(index, root) for index, root in enumerate(roots))


_GO_FLOATS = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
_SCALAR, _SEQUENCE, _MAPPING = "scalar", "sequence", "mapping"
_MERGE_TAG = "tag:yaml.org,2002:merge"


class _Node:
    """A node of the tree between parsing and construction; an alias is the very node that it names.

    ``value`` is a scalar, a list of nodes, or a list of pairs of nodes; ``size`` counts values with aliases
    expanded, without expanding them. Lines count from 1.
    """

    __slots__ = ("kind", "line", "merge", "open", "size", "value")

    def __init__(self, kind: str, line: int, value: Any, *, merge: bool = False) -> None:
        self.kind = kind
        self.line = line
        self.value = value
        self.merge = merge
        self.size = 1
        self.open = kind is not _SCALAR


def _compose(text: str) -> Iterator[_Node]:
    """The documents' roots. One loop over the parser's events, so that depth costs no stack."""
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
                yield root
    finally:
        parser.dispose()


def _compose_document(parser: Any, text: str, most: int) -> _Node:
    root: list[_Node] = []
    parents: list[_Node] = []
    anchors: dict[str, _Node] = {}
    total = 0
    while True:
        event = parser.get_event()
        kind = type(event)
        if kind in _ENDS:
            if kind is yaml.DocumentEndEvent:
                return root[0]
            closed = parents.pop()
            closed.open = False
            closed.size += sum(child.size for child in closed.value)
            continue
        node = _NODES[kind](event, anchors, text)
        total += node.size
        if total > most:
            raise unreadable.too_many_values(_line(event), text)
        (parents[-1].value if parents else root).append(node)
        if node.open:
            parents.append(node)
            if len(parents) > MANIFEST_DEPTH:
                raise unreadable.too_deep(_line(event), text)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any, anchors: dict[str, _Node], text: str) -> _Node:
    written, tag = event.value, event.tag
    line = event.start_mark.line + 1
    merge = False
    if tag is not None:
        value, merge = _tagged(event, text), written == "<<" and tag == _MERGE_TAG
    elif event.implicit[0]:
        value, merge = plain(written), written == "<<"
        if type(value) is float and not math.isfinite(value):
            raise unreadable.refused(f"json: unsupported value: {_GO_FLOATS[str(value)]}", line, text)
    else:
        value = written
    node = _Node(_SCALAR, line, value, merge=merge)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _tagged(event: Any, text: str) -> Scalar:
    _no_python(event, text)
    try:
        return tagged(event.value, event.tag)
    except UnresolvableError as error:
        raise unreadable.refused(str(error), _line(event), text) from error


def _collection(event: Any, anchors: dict[str, _Node], text: str) -> _Node:
    if event.tag is not None:
        _no_python(event, text)
    kind = _MAPPING if type(event) is yaml.MappingStartEvent else _SEQUENCE
    node = _Node(kind, event.start_mark.line + 1, [])
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
_NODES = {
    yaml.ScalarEvent: _scalar,
    yaml.MappingStartEvent: _collection,
    yaml.SequenceStartEvent: _collection,
    yaml.AliasEvent: _aliased,
}


class _Construction:
    """Building one document's data and lines from its tree. The tree is finite and at most MANIFEST_NODES large."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.duplicates: list[tuple[Path, int]] = []
        self.complaints: list[str] = []
        self.depth = 0

    def document(self, index: int, root: _Node) -> Document:
        self.lines[()] = root.line
        data = self.build(root, ())
        return Document(index, data, self.lines, tuple(self.duplicates), tuple(self.complaints))

    def build(self, node: _Node, path: Path) -> Any:
        if node.kind is _SCALAR:
            return node.value
        if len(path) > MANIFEST_DEPTH:  # aliases within aliases
            raise unreadable.too_deep(node.line, self.text)
        if node.kind is _MAPPING:
            into: dict[str, Any] = {}
            self.fill(into, node, path)
            return into
        built = []
        for position, item in enumerate(node.value):
            where = (*path, position)
            self.lines[where] = item.line
            built.append(item.value if item.kind is _SCALAR else self.build(item, where))
        return built

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
            where = (*path, name)
            if name in written_here and len(self.duplicates) < ADMISSION_PROBLEMS:
                self.duplicates.append((where, written.line))
                self.complaints.append(f"line {value.line}: key {_quoted(written.value)} already set in map")
            written_here.add(name)
            self.lines[where] = written.line
            into[name] = value.value if value.kind is _SCALAR else self.build(value, where)

    def merge(self, into: dict[str, Any], value: _Node, path: Path) -> None:
        sources = value.value[::-1] if value.kind is _SEQUENCE else [value]
        for source in sources:
            if source.kind is not _MAPPING:
                raise unreadable.refused(
                    "map merge requires map or sequence of maps as the value", value.line, self.text
                )
            self.fill(into, source, path)


_UNPRINTABLE = re.compile(r"[^ -~]")


def _quoted(value: Scalar) -> str:
    # Go's %#v of a key: strings quoted, numbers and booleans bare
    if isinstance(value, str):
        escaped = value[:ADMISSION_CHARACTERS].replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda m: m[0] if m[0].isprintable() else f"\\x{ord(m[0]):02x}", escaped) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)
