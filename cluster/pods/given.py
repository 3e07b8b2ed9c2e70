"""The objects that a pod refers to, and whether the answer has them: ConfigMaps, Secrets, claims, service accounts, classes.

A reference to a missing object keeps a pod from being created, scheduled or started, depending on the kind. Sources:
kubernetes.io/docs/concepts/configuration/configmap/ and .../secret/ ("optional"), and the kubelet's messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cluster.manifests.documents import Document
from cluster.manifests.references import ENVIRONMENT, Reference, in_a_volume, named
from cluster.manifests.shapes import mapping, mappings
from cluster.pods import obstacles

CLASSES = frozenset(("system-cluster-critical", "system-node-critical"))
"""The priority classes that every cluster has."""

_EVERYWHERE = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
_NAME = 253
MOST_SOURCES = 200
"""How many sources of variables are read for one container."""

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """The objects of an answer that a pod can refer to, by kind and name: their documents' data."""

    objects: Mapping[tuple[str, str], Object] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Sequence[Document], kinds: Sequence[str]) -> Given:
        """Collect the documents of these kinds."""
        found = {}
        for document in documents:
            kind = document.get("kind")
            if kind in kinds and isinstance(document.data, dict):
                found[str(kind), str(document.get("metadata", "name"))] = document.data
        return cls(found)

    def has(self, kind: str, name: str) -> bool:
        """Whether the cluster has such an object."""
        return (kind, name) in self.objects or (kind, name) in _EVERYWHERE

    def keys(self, kind: str, name: str) -> Mapping[str, str]:
        """The keys and values of a ConfigMap or a Secret; a Secret's base64 values are returned as empty texts."""
        return self._keys.get((kind, name), {})

    @cached_property
    def _keys(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        return {named: _read(named[0], thing) for named, thing in self.objects.items()}


def _read(kind: str, thing: Object) -> Mapping[str, str]:
    plain = thing.get("stringData" if kind == "Secret" else "data")
    coded = thing.get("data" if kind == "Secret" else "binaryData")
    return {
        **{str(key): "" for key in (coded if isinstance(coded, dict) else {})},
        **{str(key): str(value) for key, value in (plain if isinstance(plain, dict) else {}).items()},
    }


NOTHING = Given()


def uncreatable(spec: Object, given: Given) -> str:
    """Return why no pod can be created, in the words of the server's admission plug-ins; empty if one can."""
    account = _name(spec.get("serviceAccountName") or spec.get("serviceAccount"))
    if account and not given.has("ServiceAccount", account):
        return f'error looking up service account {account}: serviceaccount "{account}" not found'
    priority = _name(spec.get("priorityClassName"))
    if priority and priority not in CLASSES:
        return f"no PriorityClass with name {priority} was found"
    if not priority and (why := _computed(spec)):
        return why
    runtime = _name(spec.get("runtimeClassName"))
    if runtime:
        return f'pod rejected: RuntimeClass "{runtime}" not found'
    return (
        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
        if spec.get("overhead")
        else ""
    )


def _computed(spec: Object) -> str:
    """Return why a pod without a priority class may not set a computed field (``Admit`` in plugin/pkg/admission/priority)."""
    priority, policy = spec.get("priority"), spec.get("preemptionPolicy")
    ends = "must not be provided in pod spec; priority admission controller computed"
    if priority not in (None, 0):
        return f"the integer value of priority ({priority}) {ends} 0 from the given PriorityClass name"
    if policy not in (None, "PreemptLowerPriority"):
        return f"the string value of PreemptionPolicy ({policy}) {ends} PreemptLowerPriority from the given PriorityClass name"
    return ""


def unbound_claim(spec: Object, given: Given) -> str:
    """Return the scheduler's message on the first missing claim."""
    lost = next((claim for claim in claims(spec) if not given.has("PersistentVolumeClaim", claim)), "")
    return f'persistentvolumeclaim "{lost}" not found' if lost else ""


def claims(spec: Object) -> Iterator[str]:
    """Yield the names of the claims in a pod's volumes."""
    for volume in mappings(spec.get("volumes")):
        yield from (one.name for one in in_a_volume(volume) if one.kind == "PersistentVolumeClaim")


def unmountable(spec: Object, given: Given) -> str:
    """Return the obstacle of the first mounted volume whose object is missing; the kubelet ignores unmounted volumes."""
    every = [*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))]
    mounted = {mount.get("name") for container in every for mount in mappings(container.get("volumeMounts"))}
    for volume in mappings(spec.get("volumes")):
        if volume.get("name") not in mounted:
            continue
        name = str(volume.get("name"))
        for one in in_a_volume(volume):
            if one.optional or one.kind == "PersistentVolumeClaim":
                continue
            if not given.has(one.kind, one.name):
                return obstacles.volume_missing(name, one.kind, one.name)
            if lost := next((key for key in one.keys if key not in given.keys(one.kind, one.name)), ""):
                return obstacles.key_missing(name, lost, one.kind, one.name)
    return ""


def environment(container: Object, given: Given) -> tuple[dict[str, str], str]:
    """Return a container's known variables, and why they can't be resolved, in the kubelet's words."""
    variables: dict[str, str] = {}
    for source in mappings(container.get("envFrom"))[:MOST_SOURCES]:
        prefix = str(source.get("prefix") or "")
        for one in named(source, ENVIRONMENT):
            if given.has(one.kind, one.name):
                variables |= {prefix + key: value for key, value in given.keys(one.kind, one.name).items()}
            elif not one.optional:
                return variables, _not_found(one)
    for entry in mappings(container.get("env")):
        variable = str(entry.get("name"))
        if (value := entry.get("value")) is not None:
            variables[variable] = str(value)
        for one in named(mapping(entry.get("valueFrom")), ENVIRONMENT):
            keys = given.keys(one.kind, one.name)
            if one.key in keys:
                variables[variable] = keys[one.key]
            elif not one.optional:
                lost = f"couldn't find key {one.key} in {one.kind} {one.name}"
                return variables, lost if given.has(one.kind, one.name) else _not_found(one)
    return variables, ""


def _not_found(one: Reference) -> str:
    return f'{one.kind.lower()} "{one.name}" not found'


def _name(value: Any) -> str:
    return str(value)[:_NAME] if value is not None else ""
