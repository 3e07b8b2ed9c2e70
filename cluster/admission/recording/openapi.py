"""Kinds and types from a server's OpenAPI documents: fields and their types, no descriptions."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cluster.admission.recording.connection import Ask, get
from cluster.admission.schema import inner

GROUPS = (
    "api/v1", "apis/apps/v1", "apis/autoscaling/v1", "apis/autoscaling/v2", "apis/batch/v1",
    "apis/networking.k8s.io/v1", "apis/policy/v1", "apis/rbac.authorization.k8s.io/v1",
    "apis/scheduling.k8s.io/v1", "apis/storage.k8s.io/v1",
)  # fmt: skip
"""The group versions whose kinds are recorded; other kinds are recorded by name only."""

SPECIAL = {
    "resource.Quantity": "Quantity",
    "intstr.IntOrString": "IntOrString",
    "v1.Time": "Time",
    "v1.MicroTime": "MicroTime",
    "v1.FieldsV1": "any",
    "runtime.RawExtension": "any",
}
"""Types that decode themselves, by the last two parts of their names."""

_GATE = re.compile(r"(?:(\w+)\s+feature[ -]?gate)|(?:feature[ -]?gate\s+(\w+))", re.IGNORECASE)

Schemas = dict[str, Any]


def documents(ask: Ask, progress: Callable[[int, int], object]) -> dict[str, Any]:
    """Return the OpenAPI document of each group version."""
    found = {}
    for number, group in enumerate(GROUPS):
        progress(number, len(GROUPS))
        found[group] = get(ask, f"/openapi/v3/{group}")
    return found


def kinds(ask: Ask, groups: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the kinds of the documents' groups that can be created: type, path, plural and whether they are namespaced."""
    found: dict[str, dict[str, Any]] = {}
    for group, document in groups.items():
        found |= dict(_kinds(ask, group, document))
    return found


def _kinds(ask: Ask, group: str, document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    by_kind = {
        gvk["kind"]: _name(name)
        for name, schema in document["components"]["schemas"].items()
        for gvk in schema.get("x-kubernetes-group-version-kind", ())
        if len(schema["x-kubernetes-group-version-kind"]) == 1
    }
    for resource in get(ask, f"/{group}")["resources"]:
        if "/" not in resource["name"] and "create" in resource["verbs"] and resource["kind"] in by_kind:
            api_version = group.partition("/")[2]
            yield f"{api_version}/{resource['kind']}", {
                "type": by_kind[resource["kind"]], "path": f"{group}", "plural": resource["name"],
                "namespaced": resource["namespaced"],
            }  # fmt: skip


def others(ask: Ask, known: Mapping[str, Any]) -> Iterator[str]:
    """Return the other kinds that can be created, as ``group/version/Kind``."""
    for group in get(ask, "/apis")["groups"]:
        for version in group["versions"]:
            for resource in get(ask, f"/apis/{version['groupVersion']}")["resources"]:
                name = f"{version['groupVersion']}/{resource['kind']}"
                if "/" not in resource["name"] and "create" in resource["verbs"] and name not in known:
                    yield name


def schemas(groups: Mapping[str, Any]) -> Schemas:
    """Return every type's schema by its name in Go's packages: ``core/v1.Container``."""
    return {
        _name(name): schema
        for document in groups.values()
        for name, schema in document["components"]["schemas"].items()
    }  # fmt: skip


def types(by_name: Schemas, wanted: list[str]) -> dict[str, dict[str, str]]:
    """Return the fields, with their types, of the wanted types and of all types in them."""
    found: dict[str, dict[str, str]] = {}
    queue = deque(wanted)
    while queue:
        name = queue.popleft()
        if name in found or name not in by_name:
            continue
        properties = by_name[name].get("properties", {})
        found[name] = {field: _field(schema) for field, schema in sorted(properties.items())}
        queue.extend(inner(spec) for spec in found[name].values())
    return dict(sorted(found.items()))


def gate(by_name: Schemas, owner: str, field: str) -> str:
    """Return the feature gate in a field's description; empty if it names none."""
    found = _GATE.search(_description(by_name, owner, field))
    return (found[1] or found[2]) if found else ""


def is_write_only(by_name: Schemas, owner: str, field: str) -> bool:
    """Whether a field is never in an answer, such as a Secret's ``stringData``."""
    return "write-only" in _description(by_name, owner, field)


def _description(by_name: Schemas, owner: str, field: str) -> str:
    return str(by_name[owner]["properties"][field].get("description", ""))


def _name(reference: str) -> str:
    parts = reference.removeprefix("#/components/schemas/").split(".")
    special = SPECIAL.get(".".join(parts[-2:]))
    return special or f"{parts[-3]}/{parts[-2]}.{parts[-1]}"


def _field(schema: Any) -> str:
    if "allOf" in schema:
        return _field(schema["allOf"][0])
    if "$ref" in schema:
        return _name(schema["$ref"])
    kind = schema.get("type")
    if kind == "array":
        return "[]" + _field(schema["items"])
    if kind == "object":
        return "map[string]" + _field(schema["additionalProperties"]) if "additionalProperties" in schema else "any"
    if kind == "string":
        return "[]byte" if schema.get("format") == "byte" else "string"
    return {"integer": str(schema.get("format", "int64")), "boolean": "bool", "number": "float64"}.get(kind, "any")
