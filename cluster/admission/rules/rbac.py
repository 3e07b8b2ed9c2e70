"""Roles and bindings: the required fields of rules, and the roles and subjects of bindings.

Source: pkg/apis/rbac/validation/validation.go, and pkg/apis/rbac/v1/defaults.go for default API groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid, required, unsupported
from cluster.admission.rules.metadata import label_selector, object_meta, usable
from cluster.manifests.documents import Path

_GROUP = "rbac.authorization.k8s.io"
_ACCOUNT = "ServiceAccount"
_SUBJECTS = (_ACCOUNT, "User", "Group")


def role(obj: Object, minor: Minor) -> Problems:
    """ValidateRole."""
    yield from _rules(obj, minor, namespaced=True)


def cluster_role(obj: Object, minor: Minor) -> Problems:
    """ValidateClusterRole."""
    yield from _rules(obj, minor, namespaced=False)
    if "aggregationRule" not in obj:
        return
    path: Path = ("aggregationRule", "clusterRoleSelectors")
    selectors = obj["aggregationRule"].get("clusterRoleSelectors", [])
    if not selectors:
        yield required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil")
    for index, selector in enumerate(selectors):
        yield from label_selector(selector, (*path, index), minor)
        if not usable(selector, minor):
            yield invalid((*path, index), None, "invalid label selector.")


def role_binding(obj: Object, minor: Minor) -> Problems:
    """ValidateRoleBinding."""
    yield from _binding(obj, ("Role", "ClusterRole"), minor, namespaced=True)


def cluster_role_binding(obj: Object, minor: Minor) -> Problems:
    """ValidateClusterRoleBinding."""
    yield from _binding(obj, ("ClusterRole",), minor, namespaced=False)


def _rules(obj: Object, minor: Minor, *, namespaced: bool) -> Problems:
    metadata = obj.get("metadata", {})
    yield from object_meta(metadata, name_rules.path_segment, minor, namespaced=namespaced, generation=True)
    for index, rule in enumerate(obj.get("rules", [])):
        yield from _rule(rule, ("rules", index), minor, namespaced=namespaced)


def _rule(rule: Object, path: Path, minor: Minor, *, namespaced: bool) -> Problems:
    """ValidatePolicyRule: verbs, and either URLs or resources with their API groups."""
    if not rule.get("verbs"):
        yield required((*path, "verbs"), minor.verbs_required)
    if urls := rule.get("nonResourceURLs"):
        here = (*path, "nonResourceURLs")
        if namespaced:
            yield invalid(here, urls, "namespaced rules cannot apply to non-resource URLs")
        if any(rule.get(field) for field in ("apiGroups", "resources", "resourceNames")):
            yield invalid(here, urls, "rules cannot apply to both regular resources and non-resource URLs")
        return
    for field, what in (("apiGroups", "api group"), ("resources", "resource")):
        if not rule.get(field):
            yield required((*path, field), f"resource rules must supply at least one {what}")


def _binding(obj: Object, kinds: Sequence[str], minor: Minor, *, namespaced: bool) -> Problems:
    metadata, reference = obj.get("metadata", {}), obj.get("roleRef", {})
    yield from object_meta(metadata, name_rules.path_segment, minor, namespaced=namespaced, generation=True)
    group, kind, name = reference.get("apiGroup") or _GROUP, reference.get("kind", ""), reference.get("name", "")
    if group != _GROUP:
        yield unsupported(("roleRef", "apiGroup"), group, (_GROUP,))
    if kind not in kinds:
        yield unsupported(("roleRef", "kind"), kind, kinds)
    if name:
        yield from each_invalid(("roleRef", "name"), name, name_rules.path_segment(name))
    else:
        yield required(("roleRef", "name"))
    for index, subject in enumerate(obj.get("subjects", [])):
        yield from _subject(subject, ("subjects", index), namespaced=namespaced)


def _subject(subject: Object, path: Path, *, namespaced: bool) -> Problems:
    """ValidateRoleBindingSubject; RBAC's API group is the default for users and groups."""
    kind, name, group = subject.get("kind", ""), subject.get("name", ""), subject.get("apiGroup", "")
    if not name:
        yield required((*path, "name"))
    if kind == _ACCOUNT:
        if name:
            yield from each_invalid((*path, "name"), name, name_rules.dns_subdomain(name))
        if group:
            yield unsupported((*path, "apiGroup"), group, ("",))
        if not namespaced and not subject.get("namespace"):
            yield required((*path, "namespace"))
    elif kind not in _SUBJECTS:
        yield unsupported((*path, "kind"), kind, _SUBJECTS)
    elif group not in ("", _GROUP):
        yield unsupported((*path, "apiGroup"), group, (_GROUP,))
