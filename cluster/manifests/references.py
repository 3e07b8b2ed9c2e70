"""The objects to which a pod refers, each with its field.

Source: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.manifests.documents import Path
from cluster.manifests.shapes import listing, mapping, mappings

_NAMED = {
    "serviceAccountName": "ServiceAccount", "serviceAccount": "ServiceAccount",
    "priorityClassName": "PriorityClass", "runtimeClassName": "RuntimeClass",
}  # fmt: skip
ENVIRONMENT = {
    "configMapRef": "ConfigMap", "secretRef": "Secret", "configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret",
}  # fmt: skip
_VOLUMES = {"configMap": "ConfigMap", "secret": "Secret", "persistentVolumeClaim": "PersistentVolumeClaim"}
_NAMES = ("name", "secretName", "claimName")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a pod's spec: the object's kind and name, the key in it (empty for the whole), and the field's path.

    ``keys`` are the keys that a volume takes from it by name. A pod runs without an ``optional`` object.
    """

    kind: str
    name: str
    path: Path
    key: str = ""
    keys: tuple[str, ...] = ()
    optional: bool = False


def references(spec: Any) -> Iterator[Reference]:
    """Yield every required object of a pod with this spec, in the order of the fields. Optional ones are left out."""
    if not isinstance(spec, dict):
        return
    for field, kind in _NAMED.items():
        if isinstance(name := spec.get(field), str) and name:
            yield Reference(kind, name, (field,))
    for group in ("initContainers", "containers"):
        for index, container in _items(spec.get(group)):
            yield from (one for one in _in_a_container(container, (group, index)) if not one.optional)
    for index, volume in _items(spec.get("volumes")):
        yield from (one for one in in_a_volume(volume, ("volumes", index)) if not one.optional)


def in_a_volume(volume: dict[str, Any], path: Path = ()) -> Iterator[Reference]:
    """Yield the objects of a volume and of its projected sources."""
    yield from named(volume, _VOLUMES, path)
    for number, part in _items(mapping(volume.get("projected")).get("sources")):
        yield from named(part, _VOLUMES, (*path, "projected", "sources", number))


def named(source: dict[str, Any], fields: Mapping[str, str], path: Path = ()) -> Iterator[Reference]:
    """Yield the objects in these fields of a source of variables or of a volume; ``fields`` maps fields to kinds."""
    for field, kind in fields.items():
        asked = mapping(source.get(field))
        if name := next((text for n in _NAMES if (text := _text(asked.get(n)))), ""):
            keys = tuple(_text(item.get("key")) for item in mappings(asked.get("items")))
            yield Reference(kind, name, (*path, field), _text(asked.get("key")), keys, asked.get("optional") is True)


def _in_a_container(container: dict[str, Any], path: Path) -> Iterator[Reference]:
    for number, source in _items(container.get("envFrom")):
        yield from named(source, ENVIRONMENT, (*path, "envFrom", number))
    for number, variable in _items(container.get("env")):
        yield from named(mapping(variable.get("valueFrom")), ENVIRONMENT, (*path, "env", number, "valueFrom"))


def _items(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((index, item) for index, item in enumerate(listing(value)) if isinstance(item, dict))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
