"""One YAML document as a tree of nodes with lines, and the construction of its value.

PyYAML's C parser tokenizes. Values are built here as in go-yaml v2 (the library behind the API
server's sigs.k8s.io/yaml), because PyYAML's own constructors treat booleans, octals, dates and merges differently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import yaml

from cluster.errors import AnswerError
from cluster.limits import ADMISSION_CHARACTERS, ADMISSION_PROBLEMS
from cluster.manifests import yaml_errors
from cluster.manifests.bounds import Left
from cluster.manifests.dialect import in_words_of_libyaml
from cluster.manifests.scalars import Scalar, UnresolvableError, key, plain, tagged
from cluster.manifests.yaml_errors import DocumentPlace

Path = tuple[str | int, ...]
"""A place in a document: keys and indices from its root, such as ``("spec", "containers", 0, "image")``."""

_GO_FLOATS = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
_SCALAR, _SEQUENCE, _MAPPING = "scalar", "sequence", "mapping"
_MERGED = "map merge requires map or sequence of maps as the value"
_MERGE_TAG = "tag:yaml.org,2002:merge"


class _Scalar:
    """A scalar of the tree between parsing and construction; ``merge`` marks the key ``<<``. Lines count from 1.

    ``text`` is its written form.
    """

    __slots__ = ("line", "merge", "text", "value")
    kind, size, open = _SCALAR, 1, False

    def __init__(self, line: int, value: Any, merge: bool, text: str) -> None:
        self.line = line
        self.value = value
        self.merge = merge
        self.text = text


class _Collection:
    """A sequence's nodes, or a mapping's keys and values alternately; an alias is the same node object as its anchor.

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


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root; ``rest`` says why text below the document in its part isn't read, if there is any."""

    root: _Node
    rest: AnswerError | None = None


def compose(place: DocumentPlace, left: Left) -> Tree | None:
    """Return the tree of a part's first document, or None for an empty part; subtract its size from ``left``.

    Like go-yaml's ``Unmarshal`` this reads one document and ignores the text below. Raises AnswerError.
    """
    # kubectl ends each line, even the last one, with a newline
    text, signs = in_words_of_libyaml(place.text if place.text.endswith("\n") else f"{place.text}\n")
    try:
        parser = yaml.CSafeLoader(text)
        try:
            next_event = _translated(parser.get_event, signs) if signs else parser.get_event
            while not isinstance(event := next_event(), yaml.DocumentStartEvent):
                if isinstance(event, yaml.StreamEndEvent):
                    return None
            root = _compose_document(next_event, place, left)
            left.nodes -= root.size
            return None if root.kind is _SCALAR and root.value is None else Tree(root, _rest(parser, place))
        finally:
            parser.dispose()
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        found = yaml_errors.worded(error, place)
        raise found from found.__cause__


def _translated(get_event: Callable[[], Any], signs: Mapping[int, str]) -> Callable[[], Any]:
    def next_event() -> Any:
        event = get_event()
        if type(event) is yaml.ScalarEvent:
            event.value = event.value.translate(signs)
        return event

    return next_event


def _rest(parser: Any, place: DocumentPlace) -> AnswerError | None:
    try:
        event = parser.get_event()
    except yaml.YAMLError as error:
        return yaml_errors.worded(error, place)
    return None if isinstance(event, yaml.StreamEndEvent) else yaml_errors.second_document(_line(event, place), place)


def _compose_document(next_event: Callable[[], Any], place: DocumentPlace, left: Left) -> _Node:
    """Build the tree in one loop over the parser's events, so that depth needs no stack."""
    first = place.above + 1
    root = _Collection(_SEQUENCE, first)
    parents = [root]
    siblings: list[_Node] = root.value
    rare = _Rare(place, left)
    total, most = 0, left.nodes
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent and event.tag is None and event.anchor is None:
            # the most frequent event, so it is handled without a call or a table lookup
            value = text_of_it = event.value
            merge = False
            if event.implicit[0]:
                merge = value == "<<"
                value = plain(value)
                if type(value) is float and not math.isfinite(value):
                    raise yaml_errors.refused(_no_json(value), _line(event, place), place)
            siblings.append(_Scalar(event.start_mark.line + first, value, merge, text_of_it))
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
            node = rare.node(event, total, parents[-1])
            siblings.append(node)
            total += node.size
            if node.open:
                assert isinstance(node, _Collection)  # noqa: S101  for the type checker: nothing else is open
                parents.append(node)
                siblings = node.value
                if len(parents) > place.bounds.depth + 1:
                    raise yaml_errors.too_deep(_line(event, place), place)
        if total > most:
            raise yaml_errors.too_many_values(_line(event, place), place)


class _Rare:
    """Builds the nodes of all events except plain scalars; keeps anchors and counts repetitions."""

    def __init__(self, place: DocumentPlace, left: Left) -> None:
        self._place = place
        self._left = left
        self._anchors: dict[str, _Node] = {}
        self._lengths: dict[int, int] = {}
        self._repeated = 0

    def node(self, event: Any, total: int, parent: _Collection) -> _Node:
        """Return the node of an event; ``total`` values came before it. Raises AnswerError."""
        node = _NODES[type(event)](event, self._anchors, self._place)
        if type(event) is yaml.AliasEvent:
            self._repeat(node, total + node.size, _line(event, self._place))
            if node.kind is _SEQUENCE and parent.kind is _MAPPING and parent.value and parent.value[-1].merge:
                raise yaml_errors.refused(_MERGED, _line(event, self._place), self._place)
        return node

    def _repeat(self, node: _Node, total: int, line: int) -> None:
        self._repeated += node.size
        if self._repeated > _FEW and total > _SMALL and self._repeated > total * _allowed(total):
            raise yaml_errors.too_many_aliases(line, self._place)
        self._left.repeated -= self._length(node)
        if self._left.repeated < 0:
            raise yaml_errors.too_long_repeated(line, self._place)

    def _length(self, node: _Node) -> int:
        """Return the number of characters in a node's scalars, aliases expanded; each node is visited once."""
        if isinstance(node, _Scalar):
            return len(node.text)
        known = self._lengths.get(id(node))
        if known is None:
            known = self._lengths[id(node)] = sum(map(self._length, node.value))
        return known


_FEW, _SMALL = 100, 1_000
"""With at most this many repeated values, or this many values in the document, aliasing is never excessive."""


def _allowed(total: int) -> float:
    """Return the share of a document's values that may be repetitions. Source: ``allowedAliasRatio`` in go-yaml v2's decode.go."""
    return 0.99 - 0.89 * min(max(total - 400_000, 0) / 3_600_000, 1.0)


def _no_json(value: float) -> str:
    return f"json: unsupported value: {_GO_FLOATS[str(value)]}"


def _line(event: Any, place: DocumentPlace) -> int:
    return place.above + int(event.start_mark.line) + 1


def _scalar(event: Any, anchors: dict[str, _Node], place: DocumentPlace) -> _Scalar:
    """A scalar with a tag or an anchor."""
    written = event.value
    merge = written == "<<" and (event.tag == _MERGE_TAG if event.tag is not None else event.implicit[0])
    if event.tag is not None:
        value = _tagged(event, place)
    else:
        value = plain(written) if event.implicit[0] else written
        if type(value) is float and not math.isfinite(value):
            raise yaml_errors.refused(_no_json(value), _line(event, place), place)
    node = _Scalar(_line(event, place), value, merge, written)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _tagged(event: Any, place: DocumentPlace) -> Scalar:
    _no_python(event, place)
    try:
        return tagged(event.value, event.tag)
    except UnresolvableError as error:
        raise yaml_errors.refused(str(error), _line(event, place), place) from error


def _collection(event: Any, anchors: dict[str, _Node], place: DocumentPlace) -> _Collection:
    if event.tag is not None:
        _no_python(event, place)
    kind = _MAPPING if type(event) is yaml.MappingStartEvent else _SEQUENCE
    node = _Collection(kind, _line(event, place))
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _no_python(event: Any, place: DocumentPlace) -> None:
    if ":python/" in event.tag:
        raise yaml_errors.python_object(event.tag, _line(event, place), event.start_mark.column + 1, place)


def _aliased(event: Any, anchors: dict[str, _Node], place: DocumentPlace) -> _Node:
    line = _line(event, place)
    node = anchors.get(event.anchor)
    if node is None:
        raise yaml_errors.refused(f"unknown anchor '{event.anchor[:80]}' referenced", line, place)
    if node.open:
        raise yaml_errors.refused(f"anchor '{event.anchor[:80]}' value contains itself", line, place)
    return node


_ENDS = frozenset((yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.DocumentEndEvent))
_NODES: Mapping[type, Callable[[Any, dict[str, _Node], DocumentPlace], _Node]] = {
    yaml.ScalarEvent: _scalar,
    yaml.MappingStartEvent: _collection,
    yaml.SequenceStartEvent: _collection,
    yaml.AliasEvent: _aliased,
}


@dataclass(frozen=True, slots=True)
class DoubledKey:
    """A key that is written twice in one mapping: its path, and the lines of the first and of this one, from 1."""

    path: Path
    first: int
    line: int

    @property
    def where(self) -> str:
        """Both lines in words: ``on lines 2 and 5``, or ``on line 2`` if they are equal."""
        return f"on line {self.line}" if self.line == self.first else f"on lines {self.first} and {self.line}"


class Construction:
    """A document's data, built from its tree, which is finite and within its bounds.

    ``duplicates`` are keys that are written twice in one mapping; ``complaints`` are go-yaml's
    messages on them, with lines counted in the part. ``lines`` and ``texts`` are as in ``Document``.
    Raises AnswerError.
    """

    def __init__(self, root: _Node, place: DocumentPlace) -> None:
        self.place = place
        self.duplicates: list[DoubledKey] = []
        self.complaints: list[str] = []
        self.data = self.build(root, ())
        self.lines: Mapping[Path, int] = _Paths(root, _line_of)
        self.texts: Mapping[Path, str] = _Paths(root, _text_of)

    def build(self, node: _Node, path: Path) -> Any:
        """Return the value of a node at a path."""
        if node.kind is _SCALAR:
            return node.value
        if len(path) > self.place.bounds.depth:  # aliases within aliases
            raise yaml_errors.too_deep(node.line, self.place)
        if node.kind is _MAPPING:
            into: dict[str, Any] = {}
            self.fill(into, node, path)
            return into
        return [
            item.value if item.kind is _SCALAR else self.build(item, (*path, position))
            for position, item in enumerate(node.value)
        ]

    def fill(self, into: dict[str, Any], node: _Node, path: Path) -> None:
        """Add a mapping's entries to ``into``, in order; a merge is expanded in its place, later keys win.

        Only a key that is written twice in one mapping is a duplicate. A key that replaces a merged one isn't:
        kubectl accepts it, although the server's own strict YAML reader would not.
        """
        written_here: dict[str, int] = {}
        pairs = iter(node.value)
        for written, value in zip(pairs, pairs, strict=True):
            if written.merge:
                self.merge(into, value, path)
                continue
            name = key(written.value) if written.kind is _SCALAR else None
            if name is None:
                raise yaml_errors.bad_key(written.line, self.place)
            if name in written_here and len(self.duplicates) < ADMISSION_PROBLEMS:
                self.duplicates.append(DoubledKey((*path, name), written_here[name], written.line))
                self.complaints.append(
                    f"line {value.line - self.place.above}: key {_quoted(written.value)} already set in map"
                )
            written_here.setdefault(name, written.line)
            into[name] = value.value if value.kind is _SCALAR else self.build(value, (*path, name))

    def merge(self, into: dict[str, Any], value: _Node, path: Path) -> None:
        """Add the merged mappings, the last one first: the first one wins."""
        sources = value.value[::-1] if value.kind is _SEQUENCE else [value]
        for source in sources:
            if source.kind is not _MAPPING:
                raise yaml_errors.refused(_MERGED, value.line, self.place)
            self.fill(into, source, path)


Noted = TypeVar("Noted")


class _Paths(Mapping[Path, Noted]):
    """The notes on all paths. The first request computes them; an accepted document gets no request.

    ``note`` returns the note for a path's key (None for an item of a list) and node, or None for no note.
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
        """Collect the notes in a node, with merges expanded in their place. The tree was built before, so it is valid."""
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
    """Return the line of a key, or of its value if that is a text on a later line."""
    is_below = name is not None and node.kind is _SCALAR and isinstance(node.value, str) and node.line > name.line
    return node.line if name is None or is_below else name.line


def _text_of(_name: _Scalar | None, node: _Node) -> str | None:
    return node.text if isinstance(node, _Scalar) and not isinstance(node.value, str) else None


_UNPRINTABLE = re.compile(r"[^ -~]")


def _quoted(value: Scalar) -> str:
    # Go's %#v of a key: strings quoted, numbers and booleans bare
    if isinstance(value, str):
        escaped = value[:ADMISSION_CHARACTERS].replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda m: m[0] if m[0].isprintable() else f"\\x{ord(m[0]):02x}", escaped) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)
