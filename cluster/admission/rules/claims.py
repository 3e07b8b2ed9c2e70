"""Claims of storage, as objects and as templates.

Source: ValidatePersistentVolumeClaimSpec and ValidatePersistentVolumeClaimTemplate in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from cluster.admission.rules.metadata import annotation_map, label_selector, labels
from cluster.manifests.documents import Path

_ALONE = "ReadWriteOncePod"
_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", _ALONE)
VOLUME_MODES = ("Block", "Filesystem")
_TEMPLATE_METADATA = ("labels", "annotations", "creationTimestamp")


def claim_template(template: Object, path: Path, minor: Minor) -> Problems:
    """A claim's template: only labels, annotations and a spec."""
    metadata = template.get("metadata", {})
    yield from annotation_map(metadata.get("annotations"), (*path, "metadata", "annotations"), minor)
    yield from labels(metadata.get("labels"), (*path, "metadata", "labels"), minor)
    for field in metadata:
        if field not in _TEMPLATE_METADATA:
            yield forbidden((*path, "metadata", field), "cannot be set")
    yield from claim_spec(template.get("spec", {}), (*path, "spec"), minor)


def claim_spec(spec: Object, path: Path, minor: Minor) -> Problems:
    """A claim's requests: access modes and an amount of storage."""
    modes = spec.get("accessModes", [])
    if not modes:
        yield required((*path, "accessModes"), "at least 1 access mode is required")
    yield from label_selector(spec.get("selector"), (*path, "selector"), minor)
    yield from access_modes(modes, (*path, "accessModes"))
    storage = spec.get("resources", {}).get("requests", {}).get("storage")
    where = (*path, "resources", Key("storage"))
    if storage is None:
        yield required(where)
    elif storage.amount <= 0:
        yield invalid(where, storage, "must be greater than zero")
    name = spec.get("storageClassName", "")
    if name:
        yield from each_invalid((*path, "storageClassName"), name, name_rules.dns_subdomain(name))
    mode = spec.get("volumeMode")
    if mode is not None and mode not in VOLUME_MODES:
        yield unsupported((*path, "volumeMode"), mode, VOLUME_MODES)
    yield from _sources(spec, path)
    if name := spec.get("volumeAttributesClassName", ""):
        yield from each_invalid((*path, "volumeAttributesClassName"), name, name_rules.dns_subdomain(name))


def access_modes(modes: Sequence[str], path: Path) -> Problems:
    """The access modes of claims and volumes."""
    for mode in modes:
        if mode not in _MODES:
            yield unsupported(path, mode, _MODES)
    if _ALONE in modes and any(mode in _MODES and mode != _ALONE for mode in modes):
        yield forbidden(path, f"may not use {_ALONE} with other access modes")


def _sources(spec: Object, path: Path) -> Problems:
    """Source: validateDataSource, validateDataSourceRef, and that both agree."""
    plain, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    for field, source in (("dataSource", plain), ("dataSourceRef", reference)):
        if source is not None:
            yield from _source(source, (*path, field))
    if plain is None or reference is None:
        return
    if reference.get("namespace"):
        yield invalid(path, {}, "may not be specified when dataSourceRef.namespace is specified")
    elif any(plain.get(field) != reference.get(field) for field in ("apiGroup", "kind", "name")):
        yield invalid(path, {}, "must match dataSourceRef")


def _source(source: Object, path: Path) -> Problems:
    kind, group = source.get("kind", ""), source.get("apiGroup", "")
    for field in ("name", "kind"):
        if not source.get(field):
            yield required((*path, field))
    if not group and kind != "PersistentVolumeClaim":
        yield invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
    elif group:
        yield from each_invalid((*path, "apiGroup"), group, name_rules.dns_subdomain(group))
    if namespace := source.get("namespace", ""):
        yield from each_invalid((*path, "namespace"), namespace, name_rules.dns_label(namespace))
