"""ResourceQuotas: the resources that they count, and their scopes.

Source: ValidateResourceQuotaSpec in pkg/apis/core/validation/validation.go, and the scopes in
pkg/apis/core/helper/helpers.go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, invalid, required
from cluster.admission.rules.metadata import object_meta
from cluster.admission.rules.resources import in_quotas, quota_amount
from cluster.manifests.documents import Path
from cluster.manifests.quantity import milli

_COMPUTE = frozenset((
    "pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
))  # fmt: skip
_SCOPES: Mapping[str, frozenset[str]] = {
    "Terminating": _COMPUTE, "NotTerminating": _COMPUTE, "BestEffort": frozenset(("pods",)), "NotBestEffort": _COMPUTE,
    "PriorityClass": _COMPUTE, "CrossNamespacePodAffinity": _COMPUTE,
    "VolumeAttributesClass": frozenset(("persistentvolumeclaims", "requests.storage")),
}  # fmt: skip
"""The resources that each scope can count."""

_WITH_VALUES = ("PriorityClass", "VolumeAttributesClass")
_CONFLICTING = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_EXISTS = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)


def resource_quota(obj: Object, minor: Minor) -> Problems:
    """ValidateResourceQuota; the status is dropped before."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor, generation=True)
    spec = obj.get("spec", {})
    hard, scopes = spec.get("hard", {}), spec.get("scopes")
    for name, amount in hard.items():
        yield from quota_amount(name, milli(amount), ("spec", "hard", Key(name)), minor)
    if scopes:
        yield from _scopes(scopes, scopes, hard, ("spec", "scopes"))
    if "scopeSelector" in spec:
        yield from _selector(spec["scopeSelector"], scopes, hard)


def _scopes(named: Sequence[str], shown: Any, hard: Collection[str], path: Path) -> Problems:
    """Source: validateResourceQuotaScopes."""
    for scope in named:
        if scope not in _SCOPES:
            yield invalid(path, shown, "unsupported scope")
        yield from _counted(scope, shown, hard, path)
    yield from _conflicts(named, shown, path)


def _counted(scope: str, shown: Any, hard: Collection[str], path: Path) -> Problems:
    """The scope must apply to every counted resource."""
    for name in sorted(hard) if scope in _SCOPES else ():
        if in_quotas(name) and name not in _SCOPES[scope]:
            yield invalid(path, shown, "unsupported scope applied to resource")


def _conflicts(named: Collection[str], shown: Any, path: Path) -> Problems:
    for pair in _CONFLICTING:
        if all(scope in named for scope in pair):
            yield invalid(path, shown, "conflicting scopes")


def _selector(selector: Object, scopes: Sequence[str] | None, hard: Collection[str]) -> Problems:
    """Source: validateScopedResourceSelectorRequirement; the fields have no indexes."""
    path: Path = ("spec", "scopeSelector", "matchExpressions")
    requirements = selector.get("matchExpressions")
    for requirement in requirements or ():
        scope, operator = requirement.get("scopeName", ""), requirement.get("operator", "")
        if scope not in _SCOPES:
            yield invalid((*path, "scopeName"), scope, "unsupported scope")
        yield from _counted(scope, _go_selector(requirements), hard, path)
        if scope in _SCOPES and scope not in _WITH_VALUES and operator != "Exists":
            yield invalid((*path, "operator"), operator, _EXISTS)
        yield from _operator(operator, requirement.get("values"), path)
    yield from _conflicts([one.get("scopeName", "") for one in requirements or ()], scopes, path)


def _operator(operator: str, values: Sequence[str] | None, path: Path) -> Problems:
    if operator in ("In", "NotIn"):
        if not values:
            words = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
            yield required((*path, "values"), words)
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            words = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
            yield invalid((*path, "values"), values, words)
    else:
        yield invalid((*path, "operator"), operator, "not a valid selector operator")


def _go_selector(requirements: Sequence[Object] | None) -> dict[str, Any]:
    """Return a selector as the server shows it: with the names of Go's fields."""
    fields = (("ScopeName", "scopeName", ""), ("Operator", "operator", ""), ("Values", "values", None))
    return {
        "MatchExpressions": None
        if requirements is None
        else [{shown: one.get(field, empty) for shown, field, empty in fields} for one in requirements]
    }
