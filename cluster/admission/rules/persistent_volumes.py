"""PersistentVolumes: their capacity, their access modes, and one source of storage.

Source: ValidatePersistentVolumeSpec in pkg/apis/core/validation/validation.go, SetDefaults_PersistentVolume in
pkg/apis/core/v1/defaults.go, and checkMountOption in pkg/volume/validation/pv_validation.go.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from decimal import ROUND_UP, Decimal
from functools import partial

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    each_invalid,
    forbidden,
    invalid,
    required,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.claims import VOLUME_MODES, access_modes
from cluster.admission.rules.metadata import object_meta
from cluster.admission.rules.providers import RULES, Rule, needs, persistent_iscsi, storage_os, with_secret
from cluster.admission.rules.scheduling import node_selector
from cluster.admission.rules.volume_paths import no_backsteps
from cluster.admission.rules.volumes import REPORTED, csi_driver, host_path, nfs
from cluster.manifests.documents import Path
from cluster.manifests.quantity import Quantity, milli

_STORAGE = "storage"
_RETAIN, _RECYCLE = "Retain", "Recycle"
_POLICIES = ("Delete", _RECYCLE, _RETAIN)
_MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options"
_WITH_OPTIONS = (
    "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte", "iscsi", "cinder", "cephfs",
    "azureFile", "vsphereVolume", "azureDisk", "photonPersistentDisk",
)  # fmt: skip
"""The sources that allow mount options in an annotation."""

_CSI_SECRETS = (
    "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef",
)  # fmt: skip


def persistent_volume(obj: Object, minor: Minor) -> Problems:
    """ValidatePersistentVolume, and the plugins' rules for mount options."""
    metadata, spec = obj.get("metadata", {}), obj.get("spec", {})
    yield from object_meta(metadata, name_rules.dns_subdomain, minor, namespaced=False, generation=True)
    path: Path = ("spec",)
    modes = spec.get("accessModes", [])
    if not modes:
        yield required((*path, "accessModes"))
    yield from access_modes(modes, (*path, "accessModes"))
    yield from _capacity(spec.get("capacity"), (*path, "capacity"))
    policy = spec.get("persistentVolumeReclaimPolicy") or _RETAIN
    if policy not in _POLICIES:
        yield unsupported((*path, "persistentVolumeReclaimPolicy"), policy, _POLICIES)
    if "nodeAffinity" in spec:
        yield from _node_affinity(spec["nodeAffinity"], (*path, "nodeAffinity"), minor)
    yield from _source(spec, path, minor, metadata.get("name", ""))
    if policy == _RECYCLE and _is_root(spec.get("hostPath", {}).get("path", "")):
        words = "may not be 'recycle' for a hostPath mount of '/'"
        yield forbidden((*path, "persistentVolumeReclaimPolicy"), words)
    yield from _classes(spec, path)
    if _MOUNT_OPTIONS in metadata.get("annotations", {}) and not any(name in spec for name in _WITH_OPTIONS):
        words = "may not specify mount options for this volume type"
        yield forbidden(("metadata", "annotations", _MOUNT_OPTIONS), words)


def _capacity(capacity: Mapping[str, Quantity] | None, path: Path) -> Problems:
    """The capacity has only an amount of storage."""
    if not capacity:
        yield required(path)
    amounts = {name: milli(amount) for name, amount in (capacity or {}).items()}
    if amounts.keys() != {_STORAGE}:
        yield unsupported(path, amounts if capacity is not None else None, (_STORAGE,))
    for name, amount in amounts.items():
        if amount.amount < 0:
            whole = int(amount.amount.quantize(Decimal(1), ROUND_UP))
            yield invalid((*path, Key(name)), whole, "must be a valid resource quantity")
        if amount.amount <= 0:
            yield invalid((*path, Key(name)), amount, "must be greater than zero")


def _node_affinity(affinity: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateVolumeNodeAffinity."""
    if "required" in affinity:
        yield from node_selector(affinity["required"], (*path, "required"), minor)
    else:
        yield required((*path, "required"), "must specify required node constraints")


def _source(spec: Object, path: Path, minor: Minor, name: str) -> Problems:
    """One source of storage; the first existing one counts. A flexVolume is checked in addition to any other."""
    counted = False
    rules: Mapping[str, Rule] = {**_SOURCES, "iscsi": partial(persistent_iscsi, volume=name)}
    for source, rule in rules.items():
        if source not in spec:
            continue
        if counted and source != "flexVolume":
            yield forbidden((*path, _REPORTED_TWICE.get(source, source)), "may not specify more than 1 volume type")
            continue
        counted = True
        yield from rule(spec[source], (*path, REPORTED.get(source, source)), minor)
        if source == "local" and "nodeAffinity" not in spec:
            yield required((*path, "nodeAffinity"), "Local volume requires node affinity")
    if not counted:
        yield required(path, "must specify a volume type")


def _classes(spec: Object, path: Path) -> Problems:
    if name := spec.get("storageClassName", ""):
        yield from each_invalid((*path, "storageClassName"), name, name_rules.dns_subdomain(name))
    mode = spec.get("volumeMode")
    if mode is not None and mode not in VOLUME_MODES:
        yield unsupported((*path, "volumeMode"), mode, VOLUME_MODES)
    if "volumeAttributesClassName" not in spec:
        return
    here, name = (*path, "volumeAttributesClassName"), spec["volumeAttributesClassName"]
    if name:
        yield from each_invalid(here, name, name_rules.dns_subdomain(name))
    else:
        yield required(here, "an empty string is disallowed")
    if "csi" not in spec:
        yield required((*path, "csi"), "has to be specified when using volumeAttributesClassName")


def _is_root(target: str) -> bool:
    return target.startswith("/") and not posixpath.normpath(target).strip("/")


def _glusterfs(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("endpoints", "path")(source, path, minor)
    namespace = source.get("endpointsNamespace")
    if namespace:
        yield from each_invalid((*path, "endpointsNamespace"), namespace, name_rules.dns_label(namespace))
    elif namespace is not None:
        words = "if the endpointnamespace is set, it must be a valid namespace name"
        yield invalid((*path, "endpointsNamespace"), namespace, words)


def _azure_file(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("secretName", "shareName")(source, path, minor)
    if "secretNamespace" in source:
        yield from needs("secretNamespace")(source, path, minor)


def _local(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("path")(source, path, minor)
    yield from no_backsteps(source.get("path", ""), (*path, "path"))


def _csi(source: Object, path: Path, minor: Minor) -> Problems:
    yield from csi_driver(source.get("driver", ""), (*path, "driver"), minor)
    yield from needs("volumeHandle")(source, path, minor)
    for field in _CSI_SECRETS:
        if field in source:
            yield from _secret(source[field], (*path, field))


def _secret(reference: Object, path: Path) -> Problems:
    """Source: validatePVSecretReference."""
    for field, rule in (("name", name_rules.dns_subdomain), ("namespace", name_rules.dns_label)):
        if value := reference.get(field, ""):
            yield from each_invalid((*path, field), value, rule(value))
        else:
            yield required((*path, field))


_OWN: Mapping[str, Rule] = {
    "hostPath": host_path, "glusterfs": _glusterfs, "nfs": nfs, "azureFile": _azure_file, "local": _local, "csi": _csi,
    "cinder": with_secret(needs("volumeID"), "name", "namespace"),
    "storageos": with_secret(storage_os, "name", "namespace"),
}  # fmt: skip
_ORDER = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs",
    "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
    "azureDisk", "scaleIO", "local", "storageos", "csi",
)  # fmt: skip
_SOURCES: Mapping[str, Rule] = {name: _OWN.get(name) or RULES[name] for name in _ORDER}
"""The rule of each source, in the server's order; the rule of iSCSI also needs the object's name."""

_REPORTED_TWICE = {"cephfs": "cephFS"}
