"""The recorded schema: what is in it, and that another reader of it agrees on what fits."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from cluster.manifests import read
from cluster.simulated.admission.decode import decode
from cluster.simulated.admission.schema import fields, go_name, kinds, recorded

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
_SCALARS: dict[str, Any] = {
    "string": {"type": "string"}, "bool": {"type": "boolean"}, "float64": {"type": "number"}, "any": {},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}, "int64": {"type": "integer"},
    "IntOrString": {"type": ["integer", "string"]}, "Time": {"type": "string"}, "MicroTime": {"type": "string"},
    "[]byte": {"type": "string"},
    "Quantity": {"type": ["string", "number"], "pattern": r"^\s*([+-]|[+-]?[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?)\s*$"},
}  # fmt: skip


def as_json_schema(spec: str) -> dict[str, Any]:
    """A recorded type as JSON Schema: strict, and null wherever a value may be."""
    if spec in _SCALARS:
        found: dict[str, Any] = dict(_SCALARS[spec])
        if "type" in found:
            kind = found["type"]
            found["type"] = [*(kind if isinstance(kind, list) else [kind]), "null"]
        return found
    if spec.startswith("[]"):
        return {"type": ["array", "null"], "items": as_json_schema(spec[2:])}
    if spec.startswith("map[string]"):
        inner = as_json_schema(spec.removeprefix("map[string]"))
        return {"type": ["object", "null"], "additionalProperties": inner}
    return {"anyOf": [{"type": "null"}, {"$ref": f"#/$defs/{spec.replace('/', '.')}"}]}


@cache
def validator(type_name: str) -> Any:
    """A JSON Schema validator of a recorded type."""
    defs = {
        name.replace("/", "."): {
            "type": "object", "additionalProperties": False,
            "properties": {field: as_json_schema(spec) for field, spec in fields(name).items()},
        }
        for name in recorded()["types"]
    }  # fmt: skip
    return jsonschema_rs.validator_for({"$ref": f"#/$defs/{type_name.replace('/', '.')}", "$defs": defs})


def test_decoding_agrees_with_a_schema_validator() -> None:
    """On both corpora decoding refuses exactly what the same types as JSON Schema refuse."""
    judged = 0
    for name in ("admission.jsonl", "admission-more.jsonl"):
        for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["message"].startswith("the object provided") or "parsing time" in row["message"]:
                continue
            for document in read(row["manifest"]):
                kind = kinds().get((document.get("apiVersion"), document.get("kind")))
                if kind is None or "illegal base64" in row["message"]:
                    continue
                _, state = decode(document.data, kind.type)
                fits = not state.error and not state.unknown
                assert validator(kind.type).is_valid(document.data) == fits, (row["id"], state)
                judged += 1
    assert judged > 600


def test_recorded_from_1_34() -> None:
    """The schema is that of Kubernetes 1.34, and has the kinds that exercises and answers bring along."""
    assert recorded()["version"].startswith("v1.34.")
    for kind in (
        ("apps/v1", "Deployment"), ("batch/v1", "CronJob"), ("v1", "Service"), ("v1", "ConfigMap"),
        ("policy/v1", "PodDisruptionBudget"), ("autoscaling/v2", "HorizontalPodAutoscaler"), ("v1", "Secret"),
        ("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy"), ("v1", "ServiceAccount"),
    ):  # fmt: skip
        assert kind in kinds()


def test_gos_own_names() -> None:
    """Fields are called what Go calls them, which OpenAPI doesn't know."""
    assert go_name("core/v1.ContainerPort", "protocol", "string") == "v1.Protocol"
    assert go_name("core/v1.Capabilities", "drop", "string", item=True) == "v1.Capability"
    assert go_name("core/v1.Container", "ports", "[]core/v1.ContainerPort") == "[]v1.ContainerPort"


def test_no_descriptions() -> None:
    """Only types are recorded: the file stays small and loads in milliseconds."""
    recorded.cache_clear()
    began = time.perf_counter()
    recorded()
    assert time.perf_counter() - began < 0.1
    assert "description" not in json.dumps(recorded()["types"]["meta/v1.ObjectMeta"])
