"""The objects that a pod names and can't do without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster.manifests import Path

_NAMED = {
    "serviceAccountName": "ServiceAccount", "priorityClassName": "PriorityClass", "runtimeClassName": "RuntimeClass",
}  # fmt: skip
_ENVIRONMENT = {
    "configMapRef": "ConfigMap", "secretRef": "Secret", "configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret",
}  # fmt: skip
_VOLUMES = {"configMap": "ConfigMap", "secret": "Secret", "persistentVolumeClaim": "PersistentVolumeClaim"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a pod's spec names: its kind and name, the key in it (empty for the whole), and the field's path in the spec."""

    kind: str
    name: str
    path: Path
    key: str = ""


def references(spec: Any) -> Iterator[Reference]:
    """Every object that a pod with this spec can't do without, in the order of the fields. What is optional is left out.

    Source: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/.
    """
    if not isinstance(spec, dict):
        return
    for field, kind in _NAMED.items():
        if isinstance(name := spec.get(field), str) and name:
            yield Reference(kind, name, (field,))
    for group in ("initContainers", "containers"):
        for index, container in _items(spec.get(group)):
            yield from _of_a_container(container, (group, index))
    for index, volume in _items(spec.get("volumes")):
        yield from _named(volume, _VOLUMES, ("volumes", index))
        projected = volume.get("projected")
        for number, part in _items(projected.get("sources") if isinstance(projected, dict) else None):
            yield from _named(part, _VOLUMES, ("volumes", index, "projected", "sources", number))


def _of_a_container(container: dict[str, Any], path: Path) -> Iterator[Reference]:
    for number, source in _items(container.get("envFrom")):
        yield from _named(source, _ENVIRONMENT, (*path, "envFrom", number))
    for number, variable in _items(container.get("env")):
        if isinstance(value_from := variable.get("valueFrom"), dict):
            yield from _named(value_from, _ENVIRONMENT, (*path, "env", number, "valueFrom"))


def _named(source: dict[str, Any], fields: dict[str, str], path: Path) -> Iterator[Reference]:
    for field, kind in fields.items():
        named = source.get(field)
        if not isinstance(named, dict) or named.get("optional") is True:
            continue
        name = next((named[n] for n in ("name", "secretName", "claimName") if isinstance(named.get(n), str)), "")
        key = named.get("key")
        if name:
            yield Reference(kind, name, (*path, field), key if isinstance(key, str) else "")


def _items(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield index, item
