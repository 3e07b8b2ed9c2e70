"""Record the schema that admission decodes by, from a real API server's OpenAPI documents.

Run it against a throw-away cluster, through ``kubectl proxy``::

    kind create cluster --name schema --image kindest/node:v1.34.4
    kubectl --context kind-schema proxy --port 8001 &
    python -m cluster.simulated.admission.record http://127.0.0.1:8001

Of each type it keeps the fields and their types and leaves out descriptions, paths and everything that decoding
doesn't ask. Go's own names (``v1.Protocol`` for what OpenAPI calls a string) aren't in OpenAPI, yet the server's
refusals carry them; so every field is asked for once with a value of the wrong type, as a dry run, and the name is
read off the refusal. Nothing is created.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from typing import Any

from cluster.simulated.admission.schema import RECORDED, displayed

GROUPS = (
    "api/v1", "apis/apps/v1", "apis/autoscaling/v1", "apis/autoscaling/v2", "apis/batch/v1",
    "apis/networking.k8s.io/v1", "apis/policy/v1", "apis/rbac.authorization.k8s.io/v1",
    "apis/scheduling.k8s.io/v1", "apis/storage.k8s.io/v1",
)  # fmt: skip
"""The group versions whose kinds are recorded; the others' kinds are recorded by name only."""

SPECIAL = {
    "resource.Quantity": "Quantity",
    "intstr.IntOrString": "IntOrString",
    "v1.Time": "Time",
    "v1.MicroTime": "MicroTime",
    "v1.FieldsV1": "any",
    "runtime.RawExtension": "any",
}
"""Types that decode themselves, by the last two parts of their names."""

_TYPE_OF = re.compile(r"Go struct field \S+ of type (\S+)$")
_WRONG: dict[str, Any] = {"string": 5, "int32": "x", "int64": "x", "float64": "x", "bool": 5}


def record(server: str) -> dict[str, Any]:
    """The recorded schema: ``version``, ``kinds``, ``types``, ``names`` and ``others``. Raises OSError."""
    schemas: dict[str, Any] = {}
    kinds: dict[str, dict[str, Any]] = {}
    for group in GROUPS:
        document = _get(server, f"openapi/v3/{group}")
        schemas |= document["components"]["schemas"]
        kinds |= dict(_kinds(server, group, document))
    types = _types(schemas, [kind["type"] for kind in kinds.values()])
    recorded = {
        "version": _get(server, "version")["gitVersion"],
        "kinds": kinds,
        "types": types,
        "names": {},
        "others": sorted(_others(server, kinds)),
    }
    recorded["names"] = _names(server, recorded)
    return recorded


def _get(server: str, path: str) -> Any:
    with urllib.request.urlopen(f"{server}/{path}", timeout=30) as answer:  # noqa: S310  the caller's own cluster
        return json.load(answer)


def _kinds(server: str, group: str, document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    by_kind = {
        gvk["kind"]: _name(name)
        for name, schema in document["components"]["schemas"].items()
        for gvk in schema.get("x-kubernetes-group-version-kind", ())
        if len(schema["x-kubernetes-group-version-kind"]) == 1
    }
    for resource in _get(server, group)["resources"]:
        if "/" not in resource["name"] and "create" in resource["verbs"] and resource["kind"] in by_kind:
            api_version = group.partition("/")[2]
            yield f"{api_version}/{resource['kind']}", {
                "type": by_kind[resource["kind"]], "path": f"{group}", "plural": resource["name"],
                "namespaced": resource["namespaced"],
            }  # fmt: skip


def _others(server: str, kinds: dict[str, Any]) -> Iterator[str]:
    for group in _get(server, "apis")["groups"]:
        for version in group["versions"]:
            for resource in _get(server, f"apis/{version['groupVersion']}")["resources"]:
                name = f"{version['groupVersion']}/{resource['kind']}"
                if "/" not in resource["name"] and "create" in resource["verbs"] and name not in kinds:
                    yield name


def _name(reference: str) -> str:
    parts = reference.removeprefix("#/components/schemas/").split(".")
    special = SPECIAL.get(".".join(parts[-2:]))
    return special or f"{parts[-3]}/{parts[-2]}.{parts[-1]}"


def _types(schemas: dict[str, Any], wanted: list[str]) -> dict[str, dict[str, str]]:
    by_name = {_name(name): schema for name, schema in schemas.items()}
    types: dict[str, dict[str, str]] = {}
    queue = deque(wanted)
    while queue:
        name = queue.popleft()
        if name in types or name not in by_name:
            continue
        properties = by_name[name].get("properties", {})
        types[name] = {field: _field(schema) for field, schema in sorted(properties.items())}
        queue.extend(spec.removeprefix("map[string]").lstrip("[]") for spec in types[name].values())
    return dict(sorted(types.items()))


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


def _names(server: str, recorded: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Go's names of fields where they differ from what the schema says, by asking with wrong values."""
    names: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for gvk, kind in recorded["kinds"].items():
        queue: deque[tuple[str, tuple[str, ...]]] = deque([(kind["type"], ())])
        while queue:
            owner, path = queue.popleft()
            if owner in seen:
                continue
            seen.add(owner)
            for field, spec in recorded["types"][owner].items():
                for asked, wrong in _questions(spec):
                    told = _ask(server, gvk, kind, (*path, field), wrong)
                    if told and told != displayed(asked):
                        suffix = "[]" if asked != spec else ""
                        names.setdefault(owner, {})[field + suffix] = told
                inner = spec.removeprefix("map[string]").lstrip("[]")
                if inner in recorded["types"]:
                    step = "[]" if spec.startswith("[]") else "{}" if spec.startswith("map") else ""
                    queue.append((inner, (*path, field, step) if step else (*path, field)))
    return names


def _questions(spec: str) -> Iterator[tuple[str, Any]]:
    if spec in ("any", "Quantity", "IntOrString", "Time", "MicroTime"):
        return
    yield spec, _WRONG.get(spec, 5)
    if spec.startswith("[]") and spec[2:] in _WRONG:
        yield spec[2:], [_WRONG[spec[2:]]]


def _ask(server: str, gvk: str, kind: dict[str, Any], path: tuple[str, ...], wrong: Any) -> str:
    value = wrong
    for step in reversed(path):
        value = [value] if step == "[]" else {"x": value} if step == "{}" else {step: value}
    body = {"apiVersion": gvk.rpartition("/")[0], "kind": gvk.rpartition("/")[2], **value}
    scope = "/namespaces/default" if kind["namespaced"] else ""
    request = urllib.request.Request(  # noqa: S310  the caller's own cluster
        f"{server}/{kind['path']}{scope}/{kind['plural']}?dryRun=All&fieldValidation=Strict",
        json.dumps(body).encode(), {"Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        match = _TYPE_OF.search(json.load(error).get("message", ""))
        return match[1] if match else ""


def main() -> None:
    """Record from the server named on the command line into the package."""
    recorded = record(sys.argv[1].rstrip("/"))
    text = json.dumps(recorded, indent=0, sort_keys=True, separators=(",", ":"))
    RECORDED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
