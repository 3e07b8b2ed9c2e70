"""Volumes: each has one complete source, with paths inside the volume.

Source: ValidateVolumes and validateVolumeSource in pkg/apis/core/validation/validation.go. A volume without a source is
an emptyDir (SetDefaults_Volume).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problem,
    Problems,
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    required,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.claims import claim_template
from cluster.admission.rules.environment import field_ref, resource_field_ref
from cluster.admission.rules.projected import projected
from cluster.admission.rules.providers import RULES, Rule, needs
from cluster.admission.rules.volume_paths import descending, no_backsteps, not_reserved
from cluster.manifests.documents import Path

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MOST_MODE = 0o777
_HOST_PATHS = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip
_FILE_FIELDS = (
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
)  # fmt: skip


def volumes(written: Sequence[Object], path: Path, minor: Minor) -> tuple[dict[str, Object], list[Problem]]:
    """Return the volumes that containers may mount, by name, and the problems of the others."""
    found: dict[str, Object] = {}
    problems: list[Problem] = []
    for index, volume in enumerate(written):
        here = (*path, index)
        name = volume.get("name", "")
        own = list(_source(volume, here, minor))
        own += each_invalid((*here, "name"), name, name_rules.dns_label(name)) if name else [required((*here, "name"))]
        if name in found:
            own.append(duplicate((*here, "name"), name))
        if own:
            problems += own
        else:
            found[name] = volume
    return found, problems


def _source(volume: Object, path: Path, minor: Minor) -> Problems:
    sources = [name for name in _ORDER if name in volume]
    for name in sources[:1]:
        yield from _SOURCES[name](volume[name], (*path, REPORTED.get(name, name)), minor)
    for name in sources[1:]:
        yield forbidden((*path, _REPORTED_TWICE.get(name, name)), "may not specify more than 1 volume type")


def _mode(source: Object, path: Path, name: str = "defaultMode") -> Problems:
    mode = source.get(name)
    if mode is not None and not 0 <= mode <= _MOST_MODE:
        yield invalid((*path, name), mode, "must be a number between 0 and 0777 (octal), both inclusive")


def _empty_dir(source: Object, path: Path, _minor: Minor) -> Problems:
    limit = source.get("sizeLimit")
    if limit is not None and limit.amount < 0:
        yield forbidden((*path, "sizeLimit"), "SizeLimit field must be a valid resource quantity")


def host_path(source: Object, path: Path, _minor: Minor) -> Problems:
    """Source: validateHostPathVolumeSource."""
    target = source.get("path", "")
    if not target:
        yield required((*path, "path"))
        return
    yield from no_backsteps(target, (*path, "path"))
    kind = source.get("type", "")
    if kind not in _HOST_PATHS:
        yield unsupported((*path, "type"), kind, _HOST_PATHS)


def _git_repo(source: Object, path: Path, minor: Minor) -> Problems:
    yield from needs("repository")(source, path, minor)
    yield from descending(source.get("directory", ""), (*path, "directory"))


def _items(named: str) -> Rule:
    """Source: validateSecretVolumeSource and validateConfigMapVolumeSource."""

    def rule(source: Object, path: Path, minor: Minor) -> Problems:
        yield from needs(named)(source, path, minor)
        yield from _mode(source, path)
        for index, item in enumerate(source.get("items", [])):
            yield from key_to_path(item, (*path, "items", index), minor)

    return rule


def key_to_path(item: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateKeyToPath."""
    yield from needs("key", "path")(item, path, minor)
    yield from not_reserved(item.get("path", ""), (*path, "path"))
    yield from _mode(item, path, "mode")


def nfs(source: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateNFSVolumeSource."""
    yield from needs("server", "path")(source, path, minor)
    target = source.get("path", "")
    if not target.startswith("/"):
        yield invalid((*path, "path"), target, "must be an absolute path")


def _downward(source: Object, path: Path, minor: Minor) -> Problems:
    yield from _mode(source, path)
    for item in source.get("items", []):
        yield from downward_file(item, path, minor)


def downward_file(item: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateDownwardAPIVolumeFile."""
    yield from needs("path")(item, path, minor)
    yield from not_reserved(item.get("path", ""), (*path, "path"))
    if "fieldRef" in item:
        yield from field_ref(item["fieldRef"], (*path, "fieldRef"), minor, _FILE_FIELDS)
        if "resourceFieldRef" in item:
            yield invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif "resourceFieldRef" in item:
        yield from resource_field_ref(item["resourceFieldRef"], (*path, "resourceFieldRef"), volume=True)
    else:
        yield required(path, "one of fieldRef and resourceFieldRef is required")
    yield from _mode(item, path, "mode")


def _csi(source: Object, path: Path, minor: Minor) -> Problems:
    driver = source.get("driver", "")
    yield from csi_driver(driver, (*path, "driver"), minor)
    reference = source.get("nodePublishSecretRef")
    if reference is None:
        return
    name = reference.get("name", "")
    if name:
        yield from each_invalid((*path, "name"), name, name_rules.dns_subdomain(name))
    else:
        yield required((*path, "nodePublishSecretRef", "name"))


def csi_driver(driver: str, path: Path, minor: Minor) -> Problems:
    """ValidateCSIDriverName."""
    if not driver:
        yield required(path)
        if minor.driver_alone:
            return
    if len(driver) > 63:  # noqa: PLR2004
        yield Problem(path, "FieldValueTooLong", "Too long: may not be more than 63 bytes")
    yield from each_invalid(path, driver, name_rules.dns_subdomain(driver.lower()))


def _ephemeral(source: Object, path: Path, minor: Minor) -> Problems:
    template = source.get("volumeClaimTemplate")
    if template is None:
        yield required((*path, "volumeClaimTemplate"))
    else:
        yield from claim_template(template, (*path, "volumeClaimTemplate"), minor)


def _image(source: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateImageVolumeSource; the pull policy has a default."""
    yield from needs("reference")(source, path, minor)
    policy = source.get("pullPolicy") or "Always"
    if policy not in PULL_POLICIES:
        yield unsupported((*path, "pullPolicy"), policy, PULL_POLICIES)


def _projected(source: Object, path: Path, minor: Minor) -> Problems:
    yield from _mode(source, path)
    yield from projected(source, path, minor, key_to_path, downward_file)


_OWN: dict[str, Rule] = {
    "emptyDir": _empty_dir,
    "hostPath": host_path,
    "gitRepo": _git_repo,
    "secret": _items("secretName"),
    "nfs": nfs,
    "persistentVolumeClaim": needs("claimName"),
    "downwardAPI": _downward,
    "configMap": _items("name"),
    "projected": _projected,
    "csi": _csi,
    "ephemeral": _ephemeral,
    "image": _image,
}
_ORDER = (
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
)  # in the server's order; the first existing source counts
_SOURCES = {**RULES, **_OWN}
REPORTED = {"gcePersistentDisk": "persistentDisk"}
"""The server's names of sources that differ from those in a manifest."""

_REPORTED_TWICE = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
