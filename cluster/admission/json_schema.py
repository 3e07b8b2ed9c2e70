"""The recorded schema as JSON Schema, for other tools: strict, with null allowed for every value.

Admission itself decodes by the recording, in the server's order, because refusals depend on
that order and on Go's names; a JSON Schema can only say that a value doesn't fit. Tests compare the two.
"""

from __future__ import annotations

from typing import Any

from cluster.admission.schema import Schema, inner

_SCALARS: dict[str, Any] = {
    "string": {"type": "string"}, "bool": {"type": "boolean"}, "float64": {"type": "number"}, "any": {},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}, "int64": {"type": "integer"},
    "IntOrString": {"type": ["integer", "string"], "minimum": -(2**31), "maximum": 2**31 - 1}, "Time": {"type": "string"}, "MicroTime": {"type": "string"},
    "[]byte": {"type": ["string", "array"], "items": {"type": ["integer", "null"], "minimum": 0, "maximum": 255}},
    "Quantity": {
        "type": ["string", "number"],
        "pattern": r"^\s*([+-]|[+-]?[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?)\s*$",
    },
}  # fmt: skip


def json_schema(type_name: str, recorded: Schema) -> dict[str, Any]:
    """Return the schema of a recorded type, such as ``apps/v1.Deployment``, with all types in it under ``$defs``."""
    types = {name: _struct(name, recorded) for name in _reached(type_name, recorded)}
    return {**types[type_name], "$defs": {_key(name): schema for name, schema in types.items()}}


def _reached(type_name: str, recorded: Schema) -> list[str]:
    found = [type_name]
    for name in found:
        for spec in recorded.fields(name).values():
            held = inner(spec)
            if recorded.knows(held) and held not in found:
                found.append(held)
    return found


def _struct(name: str, recorded: Schema) -> dict[str, Any]:
    properties = {field: _schema(spec) for field, spec in recorded.fields(name).items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _schema(spec: str) -> dict[str, Any]:
    if spec in _SCALARS:
        found: dict[str, Any] = dict(_SCALARS[spec])
        if "type" in found:
            kind = found["type"]
            found["type"] = [*(kind if isinstance(kind, list) else [kind]), "null"]
        return found
    if spec.startswith("[]"):
        return {"type": ["array", "null"], "items": _schema(spec[2:])}
    if spec.startswith("map[string]"):
        return {"type": ["object", "null"], "additionalProperties": _schema(spec.removeprefix("map[string]"))}
    return {"anyOf": [{"type": "null"}, {"$ref": f"#/$defs/{_key(spec)}"}]}


def _key(name: str) -> str:
    return name.replace("/", ".")
