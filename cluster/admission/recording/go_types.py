"""Go's own names, which OpenAPI doesn't have: of types, and of structs that are embedded in others.

The server's refusals have them: ``Go struct field Pod.spec.containers.ports.protocol of type v1.Protocol``. So every
field is sent once with a value of the wrong type, and the names are read from the refusal.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster.admission.recording.connection import Ask, Progress, create
from cluster.admission.schema import displayed, inner

_REFUSED = re.compile(r"Go struct field \w+\.(\S+) of type (\S+)$")
_WRONG: dict[str, Any] = {"string": 5, "int32": "x", "int64": "x", "float64": "x", "bool": 5, "IntOrString": True}
_NOT_ASKED = ("any", "Quantity", "Time", "MicroTime")
_ROOT = ("apiVersion", "kind")
"""The fields that identify the object itself; in nested objects they are ordinary fields."""

Types = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class GoNames:
    """``types``: Go's name of a field's type, if it isn't the schema's; a field's name with ``[]`` stands for its items.

    ``embedded``: the embedded structs between a field's owner and the field, as a refusal writes them: for
    ``readinessProbe.ProbeHandler.httpGet`` the owner ``core/v1.Probe`` has ``httpGet: ProbeHandler``. Older servers
    don't write them.
    """

    types: dict[str, dict[str, str]] = field(default_factory=dict)
    embedded: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """A type's place in objects of a kind: the steps to it, and the path to it in a refusal."""

    gvk: str
    owner: str
    path: tuple[str, ...] = ()
    stack: tuple[str, ...] = ()


def go_names(ask: Ask, kinds: Mapping[str, Any], types: Types, progress: Progress) -> GoNames:
    """Send every field of every type with a wrong value, in the first place that has it."""
    names = GoNames()
    seen: set[tuple[str, str]] = set()
    total = sum(map(len, types.values()))
    queue = deque(_Place(gvk, kind["type"]) for gvk, kind in kinds.items())
    while queue:
        place = queue.popleft()
        for name, spec in types[place.owner].items():
            if (place.owner, name) in seen or (not place.path and name in _ROOT):
                continue
            seen.add((place.owner, name))
            progress("Go's names", len(seen), total)
            between = _asked(ask, kinds, names, place, (name, spec))
            if inner(spec) in types:
                step = ("[]",) if spec.startswith("[]") else ("{}",) if spec.startswith("map") else ()
                path, stack = (*place.path, name, *step), (*place.stack, *between, name)
                queue.append(_Place(place.gvk, inner(spec), path, stack))
    return names


def _asked(
    ask: Ask, kinds: Mapping[str, Any], names: GoNames, place: _Place, named: tuple[str, str]
) -> tuple[str, ...]:
    """Send one field with a wrong value, and keep Go's names for it. Return the embedded structs between its owner and it."""
    name, spec = named
    between: tuple[str, ...] = ()
    for asked, wrong in _questions(spec):
        value = wrong
        for step in reversed((*place.path, name)):
            value = [value] if step == "[]" else {"x": value} if step == "{}" else {step: value}
        _, said = create(ask, kinds[place.gvk], place.gvk, value)
        found = _REFUSED.search(said.get("message", ""))
        if not found:
            continue
        if found[2] != displayed(asked):
            names.types.setdefault(place.owner, {})[name + ("[]" if asked != spec else "")] = found[2]
        way = tuple(found[1].split("."))
        between = way[len(place.stack) : -1] if way[: len(place.stack)] == place.stack else ()
        if between:
            names.embedded.setdefault(place.owner, {})[name] = ".".join(between)
    return between


def _questions(spec: str) -> Iterator[tuple[str, Any]]:
    """Yield the types to find out, a field's and its items', each with a value of a wrong type."""
    if spec in _NOT_ASKED:
        return
    yield spec, _WRONG.get(spec, 5)
    if spec.startswith("[]") and spec[2:] in _WRONG:
        yield spec[2:], [_WRONG[spec[2:]]]
