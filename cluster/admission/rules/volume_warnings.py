"""Warnings about volumes: plugins that no longer work, and overlapping files in one volume.

Source: warningsForPodSpecAndMeta and warningsForOverlappingVirtualPaths in pkg/api/pod/warnings.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cluster.admission.decode import Key, Object, dotted
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted
from cluster.manifests.quantity import milli, whole

_PLUGINS = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_REPORTED = {"storageos": "storageOS"}
_LISTED = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"))
_CERTIFICATE = (
    ("certificateChainPath", "PodCertificate chain"), ("keyPath", "PodCertificate key"),
    ("credentialBundlePath", "PodCertificate credential bundle"),
)  # fmt: skip
_MOST_FILES = 200
"""The most files of one volume that are compared with each other."""

File = tuple[str, str]
"""A file's path in its volume, and its source; the source is empty if the volume has only one."""


def volume_warnings(volumes: Sequence[Object], path: Path) -> Iterator[str]:
    """Warnings about a pod's volumes; ``path`` is that of the list."""
    for index, volume in enumerate(volumes):
        yield from plugin_warnings(volume, (*path, index), _PLUGINS)
        template = volume.get("ephemeral", {}).get("volumeClaimTemplate", {})
        yield from claim_fractions(
            template.get("spec", {}), (*path, index, "ephemeral", "volumeClaimTemplate", "spec")
        )  # fmt: skip
    for volume in volumes:
        yield from _overlapping(volume)


def plugin_warnings(volume: Object, path: Path, plugins: Iterable[str]) -> Iterator[str]:
    """Yield one warning for each of these plugins that a volume uses."""
    for plugin in plugins:
        if plugin in volume:
            yield f"{dotted((*path, _REPORTED.get(plugin, plugin)))}: {_PLUGINS[plugin]}"


def claim_fractions(spec: Object, path: Path) -> Iterator[str]:
    """Source: GetWarningsForPersistentVolumeClaimSpec: a fraction of a byte."""
    for kind in ("requests", "limits"):
        amount = spec.get("resources", {}).get(kind, {}).get("storage")
        if amount is not None and not whole(milli(amount)):
            words = f"fractional byte value {quoted(milli(amount).text)} is invalid, must be an integer"
            yield f"{dotted((*path, 'resources', kind, Key('storage')))}: {words}"


def _overlapping(volume: Object) -> Iterator[str]:
    name = volume.get("name", "")
    for kind, shown, named in _LISTED:
        source = volume.get(kind, {})
        yield from _overlaps(name, f"{shown} {quoted(source.get(named, ''))}", _items(source, ""))
    yield from _overlaps(name, "DownwardAPI", _items(volume.get("downwardAPI", {}), ""))
    files: list[File] = []
    for source in volume.get("projected", {}).get("sources", []):
        if not source:
            yield f"volume {quoted(name)} (Projected) has no sources provided"
        files += _projected(source)
    yield from _overlaps(name, "Projected", files)


def _items(source: Object, origin: str) -> list[File]:
    return [(item.get("path", ""), origin) for item in source.get("items", [])]


def _projected(source: Object) -> list[File]:
    for kind, shown in (("configMap", "ConfigMap"), ("secret", "Secret")):
        if "items" in source.get(kind, {}):
            return _items(source[kind], f"{shown} {quoted(source[kind].get('name', ''))}")
    if "items" in source.get("downwardAPI", {}):
        return _items(source["downwardAPI"], "DownwardAPI")
    if "serviceAccountToken" in source:
        return [(source["serviceAccountToken"].get("path", ""), "ServiceAccountToken")]
    if "clusterTrustBundle" in source:
        bundle = source["clusterTrustBundle"]
        name = bundle.get("name") if "name" in bundle else bundle.get("signerName", "")
        return [(bundle.get("path", ""), f"ClusterTrustBundle {quoted(name)}")]
    certificate = source.get("podCertificate", {})
    return [(certificate[field], shown) for field, shown in _CERTIFICATE if certificate.get(field)]


def _overlaps(volume: str, what: str, files: Sequence[File]) -> Iterator[str]:
    seen: list[File] = []
    for target, origin in files[:_MOST_FILES]:
        bare = target.rstrip("/")
        for other, other_origin in seen:
            if bare and other and (f"{other}/".startswith(f"{bare}/") or f"{bare}/".startswith(f"{other}/")):
                both = f"{_shown(bare, origin)} with {_shown(other, other_origin)}"
                yield f"volume {quoted(volume)} ({what}): overlapping paths: {both}"
        seen.append((bare, origin))


def _shown(target: str, origin: str) -> str:
    return f"{quoted(target)} ({origin})" if origin else quoted(target)
