"""ConfigMaps, Secrets, claims of storage, and the kinds with rules only for metadata.

Source: ValidateConfigMap, ValidateSecret and ValidatePersistentVolumeClaim in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid, required, too_long
from cluster.admission.rules.claims import claim_spec
from cluster.admission.rules.metadata import object_meta
from cluster.manifests.documents import Path

MOST_BYTES = 1024 * 1024
"""The most bytes of a ConfigMap's or Secret's whole data."""

_ACCOUNT = "kubernetes.io/service-account.name"
_NEEDED: dict[str, tuple[str, ...]] = {
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_SOURCES = (("PersistentVolumeClaim", ""), ("VolumeSnapshot", "snapshot.storage.k8s.io"))
_JSON = {"kubernetes.io/dockercfg": ".dockercfg", "kubernetes.io/dockerconfigjson": ".dockerconfigjson"}


def config_map(obj: Object, minor: Minor) -> Problems:
    """ValidateConfigMap: keys that can be file names, not in both maps, 1 MiB altogether."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor, generation=True)
    text, binary = obj.get("data", {}), obj.get("binaryData", {})
    for key in text:
        path: Path = ("data", Key(key))
        yield from each_invalid(path, key, name_rules.config_key(key))
        if key in binary:
            yield invalid(path, key, "duplicate of key present in binaryData")
    for key in binary:
        yield from each_invalid(("binaryData", Key(key)), key, name_rules.config_key(key))
    size = sum(len(value.encode()) for value in text.values()) + sum(len(_bytes(value)) for value in binary.values())
    if size > MOST_BYTES:
        yield too_long((), MOST_BYTES)


def secret(obj: Object, minor: Minor) -> Problems:
    """ValidateSecret: like a ConfigMap's keys, and what each type needs; stringData is merged into data."""
    metadata = obj.get("metadata", {})
    yield from object_meta(metadata, name_rules.dns_subdomain, minor, generation=True)
    data = secret_data(obj)
    for key in sorted(data):
        yield from each_invalid(("data", Key(key)), key, name_rules.config_key(key))
    if sum(map(len, data.values())) > MOST_BYTES:
        yield too_long(("data",), MOST_BYTES)
    kind = obj.get("type") or "Opaque"
    if kind == "kubernetes.io/service-account-token":
        if not metadata.get("annotations", {}).get(_ACCOUNT):
            yield required(("metadata", "annotations", Key(_ACCOUNT)))
    elif kind == "kubernetes.io/basic-auth":
        if "username" not in data and "password" not in data:
            yield required(("data", Key("username")))
            yield required(("data", Key("password")))
    elif kind in _JSON:
        yield from _json(data, _JSON[kind])
    for key in _NEEDED.get(kind, ()):
        if key not in data or (kind == "kubernetes.io/ssh-auth" and not data[key]):
            yield required(("data", Key(key)))


def secret_data(obj: Object) -> dict[str, bytes]:
    """Return a Secret's data by key: stringData is merged into data."""
    data = {key: _bytes(value) for key, value in obj.get("data", {}).items()}
    return data | {key: value.encode() for key, value in obj.get("stringData", {}).items()}


def _json(data: dict[str, bytes], key: str) -> Problems:
    path: Path = ("data", Key(key))
    if key not in data:
        yield required(path)
        return
    complaint = _json_complaint(data[key])
    if complaint:
        yield invalid(path, "<secret contents redacted>", complaint)


def _json_complaint(text: bytes) -> str:
    """Return the error of Go's json.Unmarshal into a map, as far as we can reproduce it."""
    if not text.strip():
        return "unexpected end of JSON input"
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"invalid JSON: {str(error)[:80]}"
    if value is None or isinstance(value, dict):
        return ""
    kind = {list: "array", str: "string", bool: "bool"}.get(type(value), "number")
    return f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


def volume_claim(obj: Object, minor: Minor) -> Problems:
    """ValidatePersistentVolumeClaim."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor, generation=True)
    yield from claim_spec(_kept_sources(obj.get("spec", {})), ("spec",), minor)


def _kept_sources(spec: Object) -> Object:
    """Return the claim without the sources that are dropped before validation: other namespaces, and a single foreign kind.

    Source: DropDisabledFields and EnforceDataSourceBackwardsCompatibility in pkg/api/persistentvolumeclaim/util.go.
    """
    source, reference = spec.get("dataSource", {}), spec.get("dataSourceRef", {})
    dropped = set()
    if reference.get("namespace"):
        dropped.add("dataSourceRef")
    alone = "dataSourceRef" not in spec or "dataSourceRef" in dropped
    if alone and (source.get("kind"), source.get("apiGroup", "")) not in _SOURCES:
        dropped.add("dataSource")
    kept = {field: value for field, value in spec.items() if field not in dropped}
    if "dataSourceRef" in kept:  # each gets its default from the other
        reference = {field: value for field, value in kept["dataSourceRef"].items() if field != "namespace"}
        kept.setdefault("dataSource", reference)
    elif "dataSource" in kept:
        kept["dataSourceRef"] = kept["dataSource"]
    return kept


def metadata_only(
    name_rule: name_rules.Check, *, namespaced: bool = True, generation: bool = True
) -> Callable[[Object, Minor], Problems]:
    """Return the rule for a kind whose metadata alone is judged."""

    def rule(obj: Object, minor: Minor) -> Problems:
        yield from object_meta(
            obj.get("metadata", {}), name_rule, minor, namespaced=namespaced, generation=generation
        )  # fmt: skip

    return rule
