"""Slips in a learner's JSON schema: the smallest correction with which it accepts a good event.

A slip that makes a schema unusable, or refuses its own event, costs points once. The other events are tested with that slip
corrected. Nothing is changed in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from cluster.manifests.documents import Path
from cluster.text.names import nearest
from graders.application_platform.exercises.event.keywords import KEYWORDS

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
CALLED: Mapping[str, str] = {
    "str": "string", "text": "string", "uuid": "string", "date": "string", "datetime": "string", "int": "integer",
    "float": "number", "decimal": "number", "bool": "boolean", "dict": "object", "map": "object", "list": "array",
}  # fmt: skip
"""Names of types in other languages, with JSON's names."""

_NAMES = re.compile(r"[\w.-]{1,80}")
_MOST_NAMES = 50
_LONGEST = 80


def type_meant(written: Any) -> str:
    """Return the JSON type that is equal or equivalent to a name, or an empty text."""
    word = str(written)[:_LONGEST].strip().casefold()
    return word if word in TYPES else CALLED.get(word, "")


def usable_again(schema: Any, at: Path) -> Any:
    """Return the schema with the invalid keyword at a path corrected or deleted.

    Return None if the path has no keyword.
    """
    if not at or not _there(schema, at):
        return None
    value = _at(schema, at)
    if at[-1] == "required" and at[-2:-1] == ("properties",):  # the list is among the fields
        lifted = _without(schema, at)
        return _with(lifted, (*at[:-2], "required"), _listed(value))
    if at[-2:-1] == ("properties",):
        meant = type_meant(value) if isinstance(value, str) else ""
        return _with(schema, at, {"type": meant} if meant else {})
    if at[-1] == "required" and at[-3:-2] == ("properties",) and isinstance(value, bool):
        return _lifted(schema, at[:-3])
    if at[-1] == "required":
        return _with(schema, at, _listed(value))
    if at[-1] == "type" and isinstance(value, str) and type_meant(value):
        return _with(schema, at, type_meant(value))
    return _without(schema, at)


def relaxed(schema: Any, at: Path, event: Any, absent: str = "", unexpected: Sequence[str] = ()) -> Any:
    """Return the schema without the keyword at a path that refuses an event; None if the path has no keyword.

    ``absent`` is the field that the event lacks, ``unexpected`` are fields that the schema doesn't know. A name that is
    similar to one of the event's replaces it.
    """
    if not at or not _there(schema, at):
        return None
    value = _at(schema, at)
    if at[-1] == "required" and absent and isinstance(value, list):
        others = [one for one in value if one != absent]
        near = nearest(absent, [name for name in event if name not in others] if isinstance(event, dict) else [])
        return _with(schema, at, [*others, near] if near else others)
    if unexpected:
        fields = _at(schema, (*at[:-1], "properties")) if _there(schema, (*at[:-1], "properties")) else {}
        known = fields if isinstance(fields, dict) else {}
        return _with(schema, (*at[:-1], "properties"), {**dict.fromkeys(unexpected, True), **known})
    return _without(schema, at)


def fields_beside(schema: Any, event: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the event's fields that a schema describes beside its type instead of below properties."""
    if not isinstance(schema, dict):
        return ()
    return tuple(name for name, value in schema.items() if name in event and name not in KEYWORDS and _describes(value))


def _describes(value: Any) -> bool:
    return bool(type_meant(value)) if isinstance(value, str) else isinstance(value, dict)


def required_within(schema: Any) -> Path:
    """Return the path of a list of required names in a field without fields, or an empty path."""
    fields = schema.get("properties") if isinstance(schema, dict) else None
    for name, field in fields.items() if isinstance(fields, dict) else ():
        if isinstance(field, dict) and "required" in field and "properties" not in field:
            return ("properties", name, "required")
    return ()


def place_of(schema: Any, field: Path) -> Path:
    """Return the schema's path for a field of an event, or for the innermost described field around it."""
    place: Path = ()
    for step in field:
        deeper = (*place, "properties", step)
        if not _there(schema, deeper):
            break
        place = deeper
    return place


def described(at: Path) -> Path:
    """Return the event's field for a path in a schema: the steps below properties."""
    steps = iter(at)
    return tuple(name for step in steps if step == "properties" and (name := next(steps, None)) is not None)


def _lifted(schema: Any, place: Path) -> Any:
    """Replace “required: true” of single fields by a list of their names beside properties."""
    node = _at(schema, place) if place else schema
    fields = node["properties"]
    names = [name for name, field in fields.items() if isinstance(field, dict) and field.get("required") is True]
    plain = {
        name: {key: value for key, value in field.items() if key != "required" or not isinstance(value, bool)}
        if isinstance(field, dict)
        else field
        for name, field in fields.items()
    }
    whole = {**node, "properties": plain, "required": list(dict.fromkeys([*_listed(node.get("required")), *names]))}
    return _with(schema, place, whole) if place else whole


def _listed(value: Any) -> list[str]:
    """Return the names in a value that should be a list of names."""
    if isinstance(value, list):
        return list(dict.fromkeys(one for one in value[:_MOST_NAMES] if isinstance(one, str)))
    text = value[: _LONGEST * _MOST_NAMES] if isinstance(value, str) else ""
    return list(dict.fromkeys(_NAMES.findall(text)))[:_MOST_NAMES]


def _there(value: Any, path: Path) -> bool:
    step: Any
    for step in path:
        if (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            value = value[step]
        else:
            return False
    return True


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _changed(value: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """Return a copy of a value with the holder of the path's end changed; the rest is shared."""
    copied: Any = copy(value)
    head, *rest = path
    if rest:
        copied[head] = _changed(copied[head], tuple(rest), change)
    else:
        change(copied, head)
    return copied


def _with(schema: Any, path: Path, value: Any) -> Any:
    return _changed(schema, path, lambda holder, step: holder.__setitem__(step, value))


def _without(schema: Any, path: Path) -> Any:
    def drop(holder: Any, step: Any) -> None:
        if isinstance(holder, dict):
            del holder[step]
        else:
            holder[step] = True  # a schema that allows every value; the other indices don't change

    return _changed(schema, path, drop)
