"""Volumes of cloud providers and storage systems. Most no longer work, but the server still validates them.

Source: the validate...VolumeSource functions of pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid, required, unsupported
from cluster.manifests.documents import Path

Rule = Callable[[Object, Path, Minor], Problems]

_HIGHEST = 255
_MOST_TENANT = 64
_MOST_NAME = 1000
_MOST_PORTAL = 64
_IQN = re.compile(r"iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$")
_EUI = re.compile(r"eui.[A-Za-z0-9]{16}")
_NAA = re.compile(r"naa.[A-Za-z0-9]{32}")
_WRONG_NAME = "must be valid format"
_PAIRS = "must be a host:port pair or multiple pairs separated by commas"
_CACHING, _DISKS = ("None", "ReadOnly", "ReadWrite"), ("Dedicated", "Managed", "Shared")
_MANAGED = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
_BLOB = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"


def needs(*fields: str) -> Rule:
    """Return the rule of a source with these required fields."""

    def rule(source: Object, path: Path, _minor: Minor) -> Problems:
        for field in fields:
            if not source.get(field):
                yield required((*path, field))

    return rule


def _partitioned(field: str) -> Rule:
    def rule(source: Object, path: Path, minor: Minor) -> Problems:
        yield from needs(field)(source, path, minor)
        if not 0 <= source.get("partition", 0) <= _HIGHEST:
            yield invalid((*path, "partition"), source["partition"], name_rules.between(1, _HIGHEST))

    return rule


def _iscsi(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("targetPortal")(source, path, minor)
    yield from _iscsi_session(source, path, minor, "must be valid format starting with iqn, eui, or naa")


def persistent_iscsi(source: Object, path: Path, minor: Minor, *, volume: str) -> Problems:
    """Source: validateISCSIPersistentVolumeSource; ``volume`` is the name of the PersistentVolume."""
    yield from needs("targetPortal")(source, path, minor)
    portal = source.get("targetPortal", "")
    if "initiatorName" in source and len(f"{volume}:{portal}".encode()) > _MOST_PORTAL:
        words = (
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName "
            "is specified."
        )
        yield invalid((*path, "targetportal"), portal, words)
    yield from _iscsi_session(source, path, minor, _WRONG_NAME, "name")


def _iscsi_session(source: Object, path: Path, minor: Minor, unknown: str, *of_secret: str) -> Problems:
    """The checks of both iSCSI sources; ``unknown`` is the message for an unknown name format, ``of_secret`` the secret's fields."""
    yield from needs("iqn")(source, path, minor)
    name = source.get("iqn", "")
    if name and (complaint := _iscsi_name(name, unknown)):
        yield invalid((*path, "iqn"), name, complaint)
    if not 0 <= source.get("lun", 0) <= _HIGHEST:
        yield invalid((*path, "lun"), source["lun"], name_rules.between(0, _HIGHEST))
    authenticated = source.get("chapAuthDiscovery") or source.get("chapAuthSession")
    if authenticated and "secretRef" not in source:
        yield required((*path, "secretRef"))
    yield from _secret(source, path, minor, of_secret)
    initiator = source.get("initiatorName")
    if initiator is not None and (complaint := _iscsi_name(initiator, unknown)):
        yield invalid((*path, "initiatorname"), initiator, complaint)


def _iscsi_name(name: str, unknown: str) -> str:
    name = name[:_MOST_NAME]
    if not name.startswith(("iqn", "eui", "naa")):
        return unknown
    found = _IQN.search(name) if name.startswith("iqn") else _EUI.fullmatch(name) or _NAA.fullmatch(name)
    return "" if found else _WRONG_NAME


def _flocker(source: Object, path: Path, _minor: Minor) -> Problems:
    name, identity = source.get("datasetName", ""), source.get("datasetUUID", "")
    if not name and not identity:
        yield required(path, "one of datasetName and datasetUUID is required")
    if name and identity:
        yield invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously")
    if "/" in name:
        yield invalid((*path, "datasetName"), name, "must not contain '/'")


def _quobyte(source: Object, path: Path, minor: Minor) -> Problems:
    registry = source.get("registry", "")
    if not registry:
        yield required((*path, "registry"), _PAIRS)
    elif len(source.get("tenant", "")) > _MOST_TENANT:
        words = f"must be a UUID and may not exceed a length of {_MOST_TENANT} characters"
        yield required((*path, "tenant"), words)
    else:
        for pair in registry.split(","):
            if pair.count(":") != 1:
                yield invalid((*path, "registry"), registry, _PAIRS)
    yield from needs("volume")(source, path, minor)


def _fibre_channel(source: Object, path: Path, _minor: Minor) -> Problems:
    targets, wide, lun = source.get("targetWWNs", []), source.get("wwids", []), source.get("lun")
    if not targets and not wide:
        yield required((*path, "targetWWNs"), "must specify either targetWWNs or wwids, but not both")
    if targets and wide:
        words = "targetWWNs and wwids can not be specified simultaneously"
        yield invalid((*path, "targetWWNs"), targets, words)
    if targets and lun is None:
        yield required((*path, "lun"), "lun is required if targetWWNs is specified")
    elif targets and lun is not None and not 0 <= lun <= _HIGHEST:
        yield invalid((*path, "lun"), lun, name_rules.between(0, _HIGHEST))


def _flex(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("driver")(source, path, minor)
    for key in source.get("options", {}):
        if ("." + key.partition("/")[0].lower()).endswith((".kubernetes.io", ".k8s.io")):
            words = "kubernetes.io and k8s.io namespaces are reserved"
            yield invalid((*path, "options", Key(key)), key, words)


def _azure_disk(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("diskName", "diskURI")(source, path, minor)
    kind, address = source.get("kind", "Shared"), source.get("diskURI", "")
    for field, value, known in (
        ("cachingMode", source.get("cachingMode", "ReadWrite"), _CACHING), ("kind", kind, _DISKS),
    ):  # fmt: skip
        if value not in known:
            yield unsupported((*path, field), value, known)
    if kind == "Managed" and not address.startswith("/subscriptions/"):
        yield unsupported((*path, "diskURI"), address, (_MANAGED,))
    elif kind != "Managed" and not address.startswith("https://"):
        yield unsupported((*path, "diskURI"), address, (_BLOB,))


def with_secret(rule: Rule, *fields: str) -> Rule:
    """Return the rule of a source whose secretRef, if it exists, must have these fields."""

    def both(source: Object, path: Path, minor: Minor) -> Problems:
        yield from rule(source, path, minor)
        yield from _secret(source, path, minor, fields)

    return both


def _secret(source: Object, path: Path, minor: Minor, fields: Sequence[str]) -> Problems:
    if "secretRef" in source:
        yield from needs(*fields)(source["secretRef"], (*path, "secretRef"), minor)


def storage_os(source: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateStorageOSVolumeSource, without the secret."""
    yield from needs("volumeName")(source, path, minor)
    for field in ("volumeName", "volumeNamespace"):
        if name := source.get(field, ""):
            yield from each_invalid((*path, field), name, name_rules.dns_label(name))


RULES: dict[str, Rule] = {
    "gcePersistentDisk": _partitioned("pdName"),
    "awsElasticBlockStore": _partitioned("volumeID"),
    "iscsi": _iscsi,
    "glusterfs": needs("endpoints", "path"),
    "flocker": _flocker,
    "rbd": needs("monitors", "image"),
    "cinder": with_secret(needs("volumeID"), "name"),
    "cephfs": needs("monitors"),
    "quobyte": _quobyte,
    "fc": _fibre_channel,
    "flexVolume": _flex,
    "azureFile": needs("secretName", "shareName"),
    "vsphereVolume": needs("volumePath"),
    "photonPersistentDisk": needs("pdID"),
    "portworxVolume": needs("volumeID"),
    "azureDisk": _azure_disk,
    "storageos": with_secret(storage_os, "name"),
    "scaleIO": needs("gateway", "system", "volumeName"),
}
"""The rule of each provider's source, by the source's field in a volume."""
