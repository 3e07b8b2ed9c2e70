"""Metadata and selectors: names, labels, annotations, and selectors' requirements.

Source: apimachinery's pkg/api/validation/objectmeta.go and pkg/apis/meta/v1/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problem,
    Problems,
    each_invalid,
    forbidden,
    invalid,
    required,
    too_long,
)
from cluster.manifests.documents import Path

METADATA: Path = ("metadata",)
_MOST_PREFIX = 58
MOST_ANNOTATIONS = 256 * 1024
"""Bytes of all annotations together."""


_ORPHAN, _FOREGROUND = "orphan", "foregroundDeletion"
_FINALIZERS = ("kubernetes", _ORPHAN, _FOREGROUND)
_SET_OPERATORS, _KEY_OPERATORS = ("In", "NotIn"), ("Exists", "DoesNotExist")


def object_meta(
    metadata: Object,
    name_rule: name_rules.Check,
    minor: Minor,
    *,
    namespaced: bool = True,
    core: bool = True,
    generation: bool = False,
) -> Problems:
    """ValidateObjectMeta: the name by its kind's own rule, labels, annotations, owners, finalizers.

    A namespace is dropped from kinds without namespaces. ``core`` kinds take standard finalizers only, unless fully qualified;
    ``generation`` says whether the kind keeps a written generation.
    """
    generate = metadata.get("generateName", "")
    if generate:
        yield from each_invalid((*METADATA, "generateName"), generate, name_rule(name_rules.masked(generate)))
    name = metadata.get("name", "")
    if name:
        yield from each_invalid((*METADATA, "name"), name, name_rule(name))
    elif generate:
        generated = generate[:_MOST_PREFIX] + "xxxxx"
        yield from each_invalid((*METADATA, "name"), generated, name_rule(generated))
    else:
        yield required((*METADATA, "name"), "name or generateName is required")
    namespace = metadata.get("namespace", "")
    if namespace and namespaced:
        yield from each_invalid((*METADATA, "namespace"), namespace, name_rules.dns_label(namespace))
    if generation:
        yield from nonnegative(metadata.get("generation"), (*METADATA, "generation"))
    yield from labels(metadata.get("labels"), (*METADATA, "labels"), minor)
    yield from annotation_map(metadata.get("annotations"), (*METADATA, "annotations"), minor)
    yield from _owners(metadata.get("ownerReferences", []), (*METADATA, "ownerReferences"), minor)
    yield from _finalizers(metadata.get("finalizers", []), (*METADATA, "finalizers"), minor)
    if core:
        yield from _core_finalizers(metadata.get("finalizers", []), (*METADATA, "finalizers"))


def nonnegative(value: int | None, path: Path) -> Problems:
    """ValidateNonnegativeField."""
    if value is not None and value < 0:
        yield invalid(path, value, "must be greater than or equal to 0")


def labels(written: Mapping[str, str] | None, path: Path, minor: Minor) -> Problems:
    """ValidateLabels: qualified names as keys, at most 63 characters as values."""
    for key, value in (written or {}).items():
        yield from each_invalid(path, key, minor.qualified_name(key))
        yield from each_invalid(path, value, minor.label_value(value))


def annotation_map(written: Mapping[str, str] | None, path: Path, minor: Minor) -> Problems:
    """ValidateAnnotations: qualified names as keys in any case, 256 KiB in all."""
    size = 0
    for key, value in (written or {}).items():
        yield from each_invalid(path, key, minor.qualified_name(key.lower()))
        size += len(key.encode()) + len(value.encode())
    if size > MOST_ANNOTATIONS:
        yield too_long(path, MOST_ANNOTATIONS)


def label_selector(selector: Object | None, path: Path, minor: Minor) -> Problems:
    """ValidateLabelSelector."""
    if selector is None:
        return
    yield from labels(selector.get("matchLabels"), (*path, "matchLabels"), minor)
    for index, requirement in enumerate(selector.get("matchExpressions", [])):
        yield from _requirement(requirement, (*path, "matchExpressions", index), minor)


def empty_selector(selector: Object) -> bool:
    """Whether a selector has no requirements."""
    return not selector.get("matchLabels") and not selector.get("matchExpressions")


def usable(selector: Object | None, minor: Minor) -> bool:
    """Whether LabelSelectorAsSelector accepts the selector.

    It refuses unknown operators, missing or superfluous values, and invalid keys and values.
    """
    return selector is None or not any(True for _ in label_selector(selector, (), minor))


def matches(selector: Object | None, written: Mapping[str, str]) -> bool:
    """Whether a usable selector matches labels. A missing selector matches nothing."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    return all(written.get(key) == value for key, value in wanted.items()) and all(
        _meets(requirement, written) for requirement in selector.get("matchExpressions", [])
    )


def _meets(requirement: Object, written: Mapping[str, str]) -> bool:
    key, values = requirement.get("key", ""), requirement.get("values", [])
    match requirement.get("operator"):
        case "In":
            return key in written and written[key] in values
        case "NotIn":
            return written.get(key) not in values
        case "Exists":
            return key in written
        case _:
            return key not in written


def _requirement(requirement: Object, path: Path, minor: Minor) -> Problems:
    operator, values = requirement.get("operator", ""), requirement.get("values", [])
    if operator in _SET_OPERATORS:
        if not values:
            yield required((*path, "values"), "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in _KEY_OPERATORS:
        if values:
            yield forbidden((*path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    else:
        yield invalid((*path, "operator"), operator, "not a valid selector operator")
    key = requirement.get("key", "")
    yield from each_invalid((*path, "key"), key, minor.qualified_name(key))
    for index, value in enumerate(values):
        yield from each_invalid((*path, "values", index), value, minor.label_value(value))


def _owners(owners: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """ValidateOwnerReferences, after duplicates were removed."""
    owners = [dict(owner) for owner in dict.fromkeys(tuple(sorted(owner.items())) for owner in owners)]
    controller = ""
    for index, owner in enumerate(owners):
        yield from _owner(owner, (*path, index) if minor.owners_by_index else path, minor)
        if owner.get("controller"):
            name = f"{owner.get('kind', '')}/{owner.get('name', '')}"
            if controller:
                yield invalid(
                    path, _go_owners(owners),
                    "Only one reference can have Controller set to true. "
                    f'Found "true" in references for {controller} and {name}',
                )  # fmt: skip
            else:
                controller = name


def _owner(owner: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateOwnerReference."""
    version, kind = owner.get("apiVersion", ""), owner.get("kind", "")
    unreadable = version.count("/") > 1 or version.endswith("/")
    if minor.owners_by_index:
        if unreadable:
            yield invalid((*path, "apiVersion"), version, "must be <group>/<version> or <version>")
        for field in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(field):
                yield required((*path, field), "must not be empty")
    else:
        if not version or unreadable:
            yield invalid((*path, "apiVersion"), version, "version must not be empty")
        if not kind:
            yield invalid((*path, "kind"), kind, "must not be empty")
        for field in ("name", "uid"):
            if not owner.get(field):
                yield invalid((*path, field), owner.get(field, ""), "must not be empty")
    if (version, kind) == ("v1", "Event"):
        yield invalid(path, _go_owners([owner])[0], "/v1, Kind=Event is disallowed from being an owner")


def _go_owners(owners: Sequence[Object]) -> list[dict[str, Any]]:
    order = ("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")
    always = order[:4]
    return [{k: o.get(k, "") for k in order if k in always or k in o} for o in owners]


def _finalizers(written: Sequence[str], path: Path, minor: Minor) -> Problems:
    """ValidateFinalizers, and the core kinds' own rule that a name without a slash must be one of three."""
    for finalizer in written:
        yield from each_invalid(path, finalizer, minor.qualified_name(finalizer))
    if _ORPHAN in written and _FOREGROUND in written:
        yield invalid(path, list(written), f"finalizer {_ORPHAN} and {_FOREGROUND} cannot be both set")


def _core_finalizers(written: Sequence[str], path: Path) -> Problems:
    for index, finalizer in enumerate(written):
        yield from core_finalizer(finalizer, (*path, index))


def core_finalizer(finalizer: str, path: Path) -> Problems:
    """validateKubeFinalizerName: without a slash it must be a standard name."""
    if "/" not in finalizer and finalizer not in _FINALIZERS:
        yield invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified")


def go_selector(selector: Object | None) -> dict[str, Any] | None:
    """Return a selector as the server shows it."""
    if selector is None:
        return None
    shown: dict[str, Any] = {}
    if selector.get("matchLabels"):
        shown["matchLabels"] = dict(sorted(selector["matchLabels"].items()))
    if selector.get("matchExpressions"):
        shown["matchExpressions"] = [
            {"key": one.get("key", ""), "operator": one.get("operator", "")}
            | ({"values": one["values"]} if one.get("values") else {})
            for one in selector["matchExpressions"]
        ]
    return shown


def template_labels_problem(path: Path, written: Mapping[str, str] | None) -> Problem:
    """Return the problem that the selector requires labels that the template lacks."""
    value = dict(sorted(written.items())) if written is not None else None
    return invalid((*path, "metadata", "labels"), value, "`selector` does not match template `labels`")
