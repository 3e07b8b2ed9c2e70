"""Correct a refused document as its card suggests, to judge the rest of the learner's answer.

A mistake costs points only where it is named. Other mistakes show in the corrected document, which keeps the learner's
line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from cluster.admission.response import Cause
from cluster.manifests.documents import Document, Path
from cluster.manifests.scalars import plain
from cluster.manifests.yaml_slips import tight

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_MEANT = re.compile(r"did you mean (?P<meant>.+)\?")
_WITHOUT_QUOTES = re.compile(
    r"write (?:it without quotes|the number alone): (?:(?P<number>-?\d{1,18})|(?P<boolean>true|false))"
)
_PLACE = re.compile(r".* belongs under (?P<place>.+)")
_SPACED = "a space after the colon: "
_TOP = "the top level"
_LISTED = "begin each entry with"
_REQUIRED = "FieldValueRequired"
_DUPLICATE = "FieldValueDuplicate"
_ON_TWO_LEVELS = ("restartPolicy",)
"""Fields of both pod and container: on the wrong level the server doesn't report them as unknown."""


def path_of(field: str) -> Path:
    """The path from the server's notation: ``spec.containers[0].resources.limits[memory]``."""
    steps = (inside or plain for inside, plain in _STEP.findall(field))
    return tuple(int(step) if step.isascii() and step.isdigit() else step for step in steps)


def mended(document: Document, cause: Cause) -> Document | None:
    """The document as it was probably meant; None if the cause's suggestion doesn't determine it."""
    path = path_of(cause.field)
    if not path:
        return None
    if cause.reason == _DUPLICATE:
        return document  # its data has one of the two values
    if place := _PLACE.fullmatch(cause.suggestion):
        under = () if place["place"] == _TOP else path_of(place["place"])
        return moved(document, path, (*under, path[-1]))
    if cause.reason == _REQUIRED:
        return _relocated(document, path)
    if _LISTED in cause.suggestion:
        value = document.get(*path)
        return _put(document, path, [value], {(0,): document.line(*path), **_under(document, path, (0,))})
    if _SPACED in cause.suggestion:
        return _with_blanks(document, path)
    if plain := _WITHOUT_QUOTES.fullmatch(cause.suggestion):
        return with_value(document, path, int(plain["number"]) if plain["number"] else plain["boolean"] == "true")
    meant = _MEANT.fullmatch(cause.suggestion)
    if meant is None:
        return None
    if cause.message.startswith("unknown field"):
        return moved(document, path, (*path[:-1], meant["meant"]))
    return with_value(document, path, meant["meant"])


def _with_blanks(document: Document, path: Path) -> Document | None:
    """The document with a space after each colon: in a text that should be a block, in a key, or in the keys of a block."""
    value = document.get(*path)
    if isinstance(value, str):
        pairs = [_pair(word) for word in value.split()]
        return with_value(document, path, dict(pair for pair in pairs if pair)) if all(pairs) else None
    path = path[:-1] if value is None else path
    block = document.get(*path)
    if not isinstance(block, dict):
        return None
    meant = {name: (_pair(str(name)) if inside is None else None) or (name, inside) for name, inside in block.items()}
    if not path:
        return replace(document, data=dict(meant.values()))
    lines: dict[Path, int] = {
        (name,): document.line(*path, before) for before, (name, _) in meant.items() if name != before
    }
    return _put(document, path, dict(meant.values()), lines)


def _pair(text: str) -> tuple[str, Any] | None:
    if tight(text) is None:
        return None
    name, _, value = text.partition(":")
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return name, value[1:-1] if is_quoted else plain(value)


def with_value(document: Document, path: Path, value: Any) -> Document | None:
    """The document with another value at a path; None if the path can't exist."""
    return _put(document, path, value, {(): document.line(*path)})


def moved(document: Document, source: Path, target: Path) -> Document | None:
    """The document with the value moved from ``source`` to ``target``; None if ``target`` is taken or can't exist."""
    if not present(document.data, source) or document.get(*target) is not None:
        return None
    return _put(_taken(document, source), target, document.get(*source), _under(document, source))


def without(document: Document, paths: Iterator[Path] | tuple[Path, ...]) -> Document:
    """The document without the values at some paths."""
    for path in paths:
        document = _taken(document, path)
    return replace(document, duplicates=(), complaints=())


def present(value: Any, path: Path) -> bool:
    """Whether a value has something at a path."""
    for step in path:
        if not _has(value, step):
            return False
        value = value[step]
    return bool(path)


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _relocated(document: Document, path: Path) -> Document | None:
    """The document with a required field moved to its place, if it is on one other level; else None."""
    if path[-1] not in _ON_TWO_LEVELS:
        return None
    found = [place for place in document.lines if place[-1:] == path[-1:] and place != path]
    return moved(document, found[0], path) if len(found) == 1 else None


def _taken(document: Document, path: Path) -> Document:
    if not present(document.data, path):
        return document
    data, below = _opened(document.data, path)
    if isinstance(below, dict):
        del below[path[-1]]
    else:
        below[path[-1]] = None  # the other entries keep their indices
    return replace(document, data=data)


def _put(document: Document, path: Path, value: Any, lines: Mapping[Path, int]) -> Document | None:
    """The document with a value and its lines at a path; missing blocks on the way are created."""
    data, below = _opened(document.data, path)
    if not (isinstance(below, dict) or _has(below, path[-1])):
        return None
    below[path[-1]] = value
    moved_lines = {(*path, *rest): line for rest, line in lines.items()}
    return replace(document, data=data, lines={**document.lines, **moved_lines})


def _opened(data: Any, path: Path) -> tuple[Any, Any]:
    """A copy of a value along a path, and the block or list in which the path ends, or None if the path can't exist."""
    root = below = copy(data)
    for step in path[:-1]:
        if isinstance(below, dict) and below.get(step) is None:
            below[step] = {}
        elif not _has(below, step):
            return root, None
        below[step] = copy(below[step])
        below = below[step]
    return root, below


def _under(document: Document, path: Path, deeper: Path = ()) -> dict[Path, int]:
    """The lines at and below a path, by the rest of their paths, with ``deeper`` in front."""
    size = len(path)
    return {(*deeper, *place[size:]): line for place, line in document.lines.items() if place[:size] == path}
