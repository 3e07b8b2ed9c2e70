"""Containers' mounts: volumes and raw devices of the pod.

Source: ValidateVolumeMounts and ValidateVolumeDevices in pkg/apis/core/validation/validation.go, whose paths
omit the mount's index.
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster.admission.decode import Object
from cluster.admission.problems import Problems, forbidden, invalid, not_found, required, unsupported
from cluster.admission.rules.volume_paths import descending
from cluster.manifests.documents import Path

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def mounts(container: Object, path: Path, volumes: Mapping[str, Object]) -> Problems:
    """ValidateVolumeMounts: each mount has an existing volume and a unique path."""
    devices = {device.get("name", ""): device.get("devicePath", "") for device in container.get("volumeDevices", [])}
    seen: set[str] = set()
    for index, mount in enumerate(container.get("volumeMounts", [])):
        here = (*path, index)
        name, target = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            yield required((*here, "name"))
        if name not in volumes:
            yield not_found((*here, "name"), name)
        if not target:
            yield required((*here, "mountPath"))
        if target in seen:
            yield invalid((*here, "mountPath"), target, "must be unique")
        seen.add(target)
        if name in devices:
            yield invalid((*here, "name"), name, "must not already exist in volumeDevices")
        if target in devices.values():
            yield invalid((*here, "mountPath"), target, "must not already exist as a path in volumeDevices")
        yield from _options(mount, here, path, privileged=bool(container.get("securityContext", {}).get("privileged")))


def _options(mount: Object, here: Path, path: Path, *, privileged: bool) -> Problems:
    sub_path, expression = mount.get("subPath", ""), mount.get("subPathExpr", "")
    if sub_path:
        yield from descending(sub_path, (*path, "subPath"))
    if expression:
        if sub_path:
            yield invalid((*here, "subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive")
        yield from descending(expression, (*path, "subPathExpr"))
    propagation = mount.get("mountPropagation")
    if propagation is not None:
        if propagation not in _PROPAGATIONS:
            yield unsupported((*path, "mountPropagation"), propagation, _PROPAGATIONS)
        if propagation == "Bidirectional" and not privileged:
            words = "Bidirectional mount propagation is available only to privileged containers"
            yield forbidden((*path, "mountPropagation"), words)
    yield from _recursive(mount, (*path, "recursiveReadOnly"))


def _recursive(mount: Object, path: Path) -> Problems:
    """Source: validateMountRecursiveReadOnly."""
    recursive = mount.get("recursiveReadOnly")
    if recursive is None or recursive == "Disabled":
        return
    if recursive not in _RECURSIVE:
        yield unsupported(path, recursive, _RECURSIVE)
        return
    if not mount.get("readOnly"):
        yield forbidden(path, "may only be specified when readOnly is true")
    if mount.get("mountPropagation", "None") != "None":
        yield forbidden(path, "may only be specified when mountPropagation is None or not specified")


def devices(container: Object, path: Path, volumes: Mapping[str, Object]) -> Problems:
    """ValidateVolumeDevices."""
    mounted = {mount.get("name", ""): mount.get("mountPath", "") for mount in container.get("volumeMounts", [])}
    seen_names: set[str] = set()
    seen_paths: set[str] = set()
    for index, device in enumerate(container.get("volumeDevices", [])):
        here = (*path, index)
        name, target = device.get("name", ""), device.get("devicePath", "")
        if not name:
            yield required((*here, "name"))
        if name in seen_names:
            yield invalid((*here, "name"), name, "must be unique")
        volume = volumes.get(name)
        if volume is None:
            yield not_found((*here, "name"), name)
        elif "persistentVolumeClaim" not in volume and "ephemeral" not in volume:
            words = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            yield invalid((*here, "name"), name, words)
        yield from _device_path(target, (*here, "devicePath"), seen_paths)
        if name in mounted:
            yield invalid((*here, "name"), name, "must not already exist in volumeMounts")
        if target in mounted.values():
            yield invalid((*here, "devicePath"), target, "must not already exist as a path in volumeMounts")
        if name:
            seen_names.add(name)


def _device_path(target: str, path: Path, seen: set[str]) -> Problems:
    if not target:
        yield required(path)
    if target in seen:
        yield invalid(path, target, "must be unique")
    if ".." in target.split("/"):
        yield invalid(path, target, "can not contain backsteps ('..')")
    else:
        seen.add(target)
