"""Pointers to the mistakes in a refused document: field, line and suggestion.

They are ours: the server's status 400 has no causes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from cluster.admission.decode import Decoding, dotted
from cluster.admission.mistyped import mistyped
from cluster.admission.response import Cause
from cluster.admission.schema import Schema, ServedKind
from cluster.limits import ADMISSION_PROBLEMS
from cluster.manifests.documents import Document, Path
from cluster.manifests.yaml_slips import tight, without_blank
from cluster.text.names import nearest

_STRANGE_BLANK = re.compile(r"[^\S ]|[\u200b\u2060\ufeff]")
_MOST = 20
_LONGEST = 80
_FARTHEST = 2
_TIMES = 4
_PASSED_OVER = ("status", "managedFields", "ephemeralContainers", "fileKeyRef", "podCertificate")
_AMOUNTS = ("cpu", "memory", "ephemeral-storage")


def pointers(document: Document, kind: ServedKind, state: Decoding, schema: Schema) -> tuple[Cause, ...]:
    """Return one cause for each field that decoding refused, in the order of lines."""
    if state.error:
        return (_mistyped(document, kind, state, schema),)
    found = [
        Cause(
            dotted(one.path),
            "FieldValueDuplicate",
            f"“{str(one.path[-1])[:_LONGEST]}” is written twice, {one.where}",
            one.line,
            "keep one of the two",
        )
        for one in document.duplicates
    ]
    found += [_unknown(document, kind, path, schema) for path in state.unknown[:_MOST]]
    found.sort(key=lambda cause: cause.line)
    other = _other_kind(kind, state, schema)
    if other:
        words = f"a {kind.name} has no {str(state.unknown[0][-1])[:_LONGEST]}"
        found.insert(0, Cause("kind", "", words, document.line("kind"), f"did you mean {other}?"))
    return tuple(found[:ADMISSION_PROBLEMS])


def _mistyped(document: Document, kind: ServedKind, state: Decoding, schema: Schema) -> Cause:
    path = state.error_path
    words, suggestion = mistyped(
        state.error, schema.type_at(kind.type, path), path, document.get(*path), document.written(*path)
    )
    if path[-2:-1] in (("requests",), ("limits",)) and path[-1] not in _AMOUNTS:
        suggestion = _elsewhere(document, kind, path, schema) or suggestion
    return Cause(dotted(path), "FieldValueTypeInvalid", words, document.line(*path), suggestion)


def _unknown(document: Document, kind: ServedKind, path: Path, schema: Schema) -> Cause:
    field = dotted(path)
    words = f'unknown field "{field}"'
    return Cause(field, "FieldValueForbidden", words, document.line(*path), _suggestion(document, kind, path, schema))


def _suggestion(document: Document, kind: ServedKind, path: Path, schema: Schema) -> str:
    """Suggest a field of a similar name here, or this field's name in another place."""
    written, here = str(path[-1])[:_LONGEST], schema.fields(schema.owner(kind.type, path))
    lower = {name.lower(): name for name in here}
    if _STRANGE_BLANK.search(written):
        return "a no-break space, or another space that isn't plain, stands in it: delete that and type it again"
    if written.lower() in lower:
        return f"did you mean {lower[written.lower()]}?"
    if (pair := tight(written)) and pair[0] in here:
        return without_blank(pair)
    elsewhere = _elsewhere(document, kind, path, schema)
    number = next((name for name in (f"{written}s", written.removesuffix("s")) if name != written and name in here), "")
    if number and f".{number}" not in elsewhere:
        return f"did you mean {number}?"
    if elsewhere:
        return elsewhere
    if written in _AMOUNTS and "requests" in here:
        return f"{written} belongs under requests or limits"
    close = nearest(written, here) or _shortened(written.lower(), lower)
    return f"did you mean {close}?" if close else ""


def _shortened(written: str, lower: Mapping[str, str]) -> str:
    """Return a field that has the written one as its end (or the reverse), or else as its beginning; empty without one."""
    ends = (field for name, field in lower.items() if name.endswith(written) or written.endswith(name))
    begins = (field for name, field in lower.items() if name.startswith(written))
    return next(ends, "") or next(begins, "")


def _elsewhere(document: Document, kind: ServedKind, path: Path, schema: Schema) -> str:
    """Suggest the nearest place with a field of this name for such a value.

    Of several, it is the place that has most of the neighboring fields, such as httpGet for ``path`` and ``port``.
    """
    value, around = document.get(*path), document.get(*path[:-1])
    beside = frozenset(around if isinstance(around, dict) else ())
    places = _places(schema, kind.type).get(str(path[-1]), ())
    written = tuple(0 if isinstance(step, int) else step for step in path[:-1])
    near = sorted(
        (distance, -len(beside & {*schema.fields(schema.type_at(kind.type, place))}), place)
        for place in places
        if 0 < (distance := _distance(written, place)) <= _FARTHEST
        and _takes(schema, schema.type_at(kind.type, (*place, path[-1])), value)
    )
    if not near:
        return ""
    place = tuple(_own(step, index, path) for index, step in enumerate(near[0][-1]))
    return f"{str(path[-1])[:_LONGEST]} belongs under {dotted(place) or 'the top level'}"


def _takes(schema: Schema, spec: str, value: object) -> bool:
    """Whether a field's type fits the value's form: mapping, list or neither. A null fits every type."""
    if isinstance(value, dict):
        return spec.startswith("map[string]") or bool(schema.fields(spec))
    if isinstance(value, list):
        return spec.startswith("[]")
    return value is None or not (spec.startswith(("map[string]", "[]")) or schema.fields(spec))


def _own(step: str | int, index: int, path: Path) -> str | int:
    """Return the learner's own index in a list that both paths share."""
    return path[index] if isinstance(step, int) and index < len(path) and isinstance(path[index], int) else step


def _distance(written: Path, place: Path) -> int:
    """Return the number of levels up and down from one place to another; list entries don't count."""
    shared = 0
    for a, b in zip(written, place, strict=False):
        if a != b:
            break
        shared += 1
    return sum(isinstance(step, str) for step in (*written[shared:], *place[shared:]))


def _other_kind(kind: ServedKind, state: Decoding, schema: Schema) -> str:
    """Return another kind of a related name that has all the unknown fields of the spec, if there are several."""
    strange = {path[1] for path in state.unknown if len(path) == len(("spec", "field")) and path[0] == "spec"}
    if len(strange) < len(("one", "more")):
        return ""
    having = Counter(
        {
            other.name: len(own)
            for other in schema.kinds.values()
            if other.api_version == kind.api_version
            and strange <= set(own := schema.fields(schema.fields(other.type).get("spec", "")))
        }
    )
    return having.most_common()[-1][0] if having else ""


@cache
def _places(schema: Schema, root: str) -> dict[str, tuple[Path, ...]]:
    """Return for each field name its places in objects of this type: ``("spec", "containers", 0)``.

    Breadth first, so that the shortest place comes first; each type is visited a few times at most, and the status and
    fields of alpha features not at all.
    """
    found: dict[str, list[Path]] = {}
    seen = Counter((root,))
    queue: list[tuple[str, Path]] = [(root, ())]
    for owner, place in queue:
        for name, spec in schema.fields(owner).items():
            found.setdefault(name, []).append(place)
            inner = spec.removeprefix("[]")
            if seen[inner] < _TIMES and schema.fields(inner) and name not in _PASSED_OVER:
                seen[inner] += 1
                queue.append((inner, (*place, name, 0) if spec.startswith("[]") else (*place, name)))
    return {name: tuple(places) for name, places in found.items()}
