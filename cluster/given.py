"""What a pod refers to, and whether the answer has it: ConfigMaps, Secrets, claims, service accounts and classes.

A reference to what isn't there keeps a pod from being created, scheduled or started, whichever the object is for. Sources:
kubernetes.io/docs/concepts/configuration/configmap/ and .../secret/ ("optional"), and the kubelet's messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cluster import obstacles
from cluster.manifests import Document
from cluster.shapes import mapping, mappings

CLASSES = frozenset(("system-cluster-critical", "system-node-critical"))
"""The priority classes that every cluster has."""

_EVERYWHERE = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
_SOURCES = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"))
_NAME = 253
MOST_SOURCES = 200
"""How many sources of variables of a container are read."""

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """The objects of an answer that a pod can refer to, by kind and name: their documents' data."""

    objects: Mapping[tuple[str, str], Object] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Sequence[Document], kinds: Sequence[str]) -> Given:
        """Those of these kinds among the documents."""
        found = {}
        for document in documents:
            kind = document.get("kind")
            if kind in kinds and isinstance(document.data, dict):
                found[str(kind), str(document.get("metadata", "name"))] = document.data
        return cls(found)

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such an object where the pods run."""
        return (kind, name) in self.objects or (kind, name) in _EVERYWHERE

    def keys(self, kind: str, name: str) -> Mapping[str, str]:
        """The keys of a ConfigMap or a Secret with their values; a Secret's are empty where they are in base64."""
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
    """Why no pod is created, in the words of the server's admission plug-ins; empty where none stands in the way."""
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
    """Why a pod without a priority class may not say what the server computes (``Admit`` in plugin/pkg/admission/priority)."""
    priority, policy = spec.get("priority"), spec.get("preemptionPolicy")
    ends = "must not be provided in pod spec; priority admission controller computed"
    if priority not in (None, 0):
        return f"the integer value of priority ({priority}) {ends} 0 from the given PriorityClass name"
    if policy not in (None, "PreemptLowerPriority"):
        return f"the string value of PreemptionPolicy ({policy}) {ends} PreemptLowerPriority from the given PriorityClass name"
    return ""


def unbound_claim(spec: Object, given: Given) -> str:
    """The first claim that isn't there, in the scheduler's words."""
    lost = next((claim for claim in claims(spec) if not given.has("PersistentVolumeClaim", claim)), "")
    return f'persistentvolumeclaim "{lost}" not found' if lost else ""


def claims(spec: Object) -> Iterator[str]:
    """The names of the claims that a pod's volumes ask for."""
    for volume in mappings(spec.get("volumes")):
        if claim := _name(mapping(volume.get("persistentVolumeClaim")).get("claimName")):
            yield claim


def unmountable(spec: Object, given: Given) -> str:
    """The first mounted volume whose object isn't there, as an obstacle; the kubelet ignores what no container mounts."""
    every = [*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))]
    mounted = {_name(mount.get("name")) for container in every for mount in mappings(container.get("volumeMounts"))}
    for volume in mappings(spec.get("volumes")):
        name = _name(volume.get("name"))
        if name not in mounted:
            continue
        for kind, object_name, wanted in _objects(volume):
            if wanted.get("optional") is True:
                continue
            if not given.has(kind, object_name):
                return obstacles.volume_missing(name, kind, object_name)
            items = (_name(item.get("key")) for item in mappings(wanted.get("items")))
            if lost := next((item for item in items if item not in given.keys(kind, object_name)), ""):
                return obstacles.key_missing(name, lost, kind, object_name)
    return ""


def needed(spec: Object) -> Iterator[tuple[str, str]]:
    """The kind and the name of every object that a pod can't do without."""
    for container in (*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))):
        yield from ((kind, name) for kind, name, _, optional in _sources(container) if not optional)
        for entry in mappings(container.get("env")):
            yield from (
                (kind, name) for kind, name, _, optional in _keys(mapping(entry.get("valueFrom"))) if not optional
            )
    for volume in mappings(spec.get("volumes")):
        for kind, name, wanted in _objects(volume):
            if wanted.get("optional") is not True:
                yield kind, name
    yield from (("PersistentVolumeClaim", claim) for claim in claims(spec))


def _objects(volume: Object) -> Iterator[tuple[str, str, Object]]:
    """The ConfigMaps and Secrets that a volume is made from: kind, name, and how it asks for them."""
    for source in (volume, *mappings(mapping(volume.get("projected")).get("sources"))):
        for key, kind, called in _SOURCES:
            if wanted := mapping(source.get(key)):
                yield kind, _name(wanted.get(called) or wanted.get("name")), wanted


def environment(container: Object, given: Given) -> tuple[dict[str, str], str]:
    """A container's variables as far as the answer tells, and why they can't be had, in the kubelet's words."""
    variables: dict[str, str] = {}
    for kind, name, prefix, optional in _sources(container):
        if given.has(kind, name):
            variables |= {prefix + key: value for key, value in given.keys(kind, name).items()}
        elif not optional:
            return variables, f'{kind.lower()} "{name}" not found'
    for entry in mappings(container.get("env")):
        variable = str(entry.get("name"))
        if (value := entry.get("value")) is not None:
            variables[variable] = str(value)
        for kind, name, key, optional in _keys(mapping(entry.get("valueFrom"))):
            keys = given.keys(kind, name)
            if key in keys:
                variables[variable] = keys[key]
            elif not optional:
                lost = f"couldn't find key {key} in {kind} {name}"
                return variables, lost if given.has(kind, name) else f'{kind.lower()} "{name}" not found'
    return variables, ""


def _sources(container: Object) -> Iterator[tuple[str, str, str, bool]]:
    for source in mappings(container.get("envFrom"))[:MOST_SOURCES]:
        for field_name, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if wanted := mapping(source.get(field_name)):
                yield kind, _name(wanted.get("name")), str(source.get("prefix") or ""), wanted.get("optional") is True


def _keys(source: Object) -> Iterator[tuple[str, str, str, bool]]:
    for field_name, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if wanted := mapping(source.get(field_name)):
            yield kind, _name(wanted.get("name")), _name(wanted.get("key")), wanted.get("optional") is True


def _name(value: Any) -> str:
    return str(value)[:_NAME] if value is not None else ""
