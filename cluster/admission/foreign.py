"""Kinds that aren't judged here because they are unknown: custom resources, and kinds without a recorded schema.

Source of the rules for custom resources: ``ValidateCustomResourceDefinitionSpec`` in apiextensions-apiserver's
pkg/apis/apiextensions/validation/validation.go. Their group is a domain with a dot, their version and kind are labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cluster.admission import name_rules
from cluster.admission.schema import Schema
from cluster.text.names import is_near, is_slip, nearest

_FILES_OF_PROGRAMS = (".config.k8s.io", "kubeadm.k8s.io", "kind.x-k8s.io")
_DOMAINS = (".k8s.io", ".kubernetes.io")
_LONGEST = 120


def foreign(api_version: str, kind: str, schema: Schema) -> str:
    """Return in a sentence why a kind isn't judged here; empty if it is, or if it is a mistake such as a misspelled group."""
    this = f"This kind, {kind[:_LONGEST]} in {api_version[:_LONGEST]},"
    if (api_version, kind) in schema.others:
        return f"{this} is one of Kubernetes' own, but its schema isn't recorded in the workbook."
    group, _, version = api_version.rpartition("/")
    if group.endswith(_FILES_OF_PROGRAMS):
        return f"{this} is a program's configuration file, not an object for the API server."
    if not _may_be_custom(group, version, kind) or group in _groups(schema) or _misspelled(group, kind, schema):
        return ""
    return f"{this} comes from a CRD (CustomResourceDefinition) that the workbook doesn't have."


def near_other(api_version: str, kind: str, schema: Schema) -> tuple[str, str] | None:
    """Return the probably intended kind without a recorded schema: one of this name, or of a similar name in this group."""
    group = api_version.rpartition("/")[0]
    for version, name in sorted(schema.others):
        if name.lower() == kind.lower():
            return version, name
    own = {name: version for version, name in schema.others if version.rpartition("/")[0] == group}
    close = nearest(kind, own)
    return (own[close], close) if close else None


def _may_be_custom(group: str, version: str, kind: str) -> bool:
    return "." in group and not (
        name_rules.dns_subdomain(group) or name_rules.dns_1035_label(version) or name_rules.dns_1035_label(kind.lower())
    )


def _misspelled(group: str, kind: str, schema: Schema) -> bool:
    """Whether one of Kubernetes' own kinds (or its list) with a similar group was intended."""
    meant = {kind.lower(), kind.lower().removesuffix("list")}
    return any(
        group in {own + domain for domain in _DOMAINS} or _is_nearly(group, own)
        for own, kinds in _groups(schema).items()
        if not meant.isdisjoint(kinds)
    )


def _is_nearly(group: str, own: str) -> bool:
    """Whether a group is one slip away from another, or each part between its dots is near: ``network.k8s.io``."""
    written, parts = group.split("."), own.split(".")
    return is_slip(group, own) or (len(written) == len(parts) and all(map(is_near, written, parts)))


@cache
def _groups(schema: Schema) -> Mapping[str, frozenset[str]]:
    """Return Kubernetes' own groups, each with its kinds in lower case; the core group's name is empty."""
    found: dict[str, set[str]] = {}
    for api_version, kind in (*schema.kinds, *schema.others):
        found.setdefault(api_version.rpartition("/")[0], set()).add(kind.lower())
    return {group: frozenset(kinds) for group, kinds in found.items()}
