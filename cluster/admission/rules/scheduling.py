"""Placement of pods: affinity, tolerations, topology spread.

Source: validateAffinity, ValidateTolerations and validateTopologySpreadConstraints in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    required,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.metadata import label_selector
from cluster.manifests.documents import Path

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_HIGHEST_WEIGHT = 100
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
_INCLUSION = ("Honor", "Ignore")
_NO_SELECTOR = "must not be specified when labelSelector is not set"


def affinity(written: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateAffinity."""
    if (node := written.get("nodeAffinity")) is not None:
        here = (*path, "nodeAffinity")
        if (selector := node.get(_REQUIRED)) is not None:
            yield from node_selector(selector, (*here, _REQUIRED), minor)
        for index, term in enumerate(node.get(_PREFERRED, [])):
            yield from _weight(term, (*here, _PREFERRED, index))
            yield from _node_term(
                term.get("preference", {}), (*here, _PREFERRED, index, "preference"), minor, strict=False
            )
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = written.get(kind, {})
        for index, term in enumerate(terms.get(_REQUIRED, [])):
            yield from _pod_term(term, (*path, kind, _REQUIRED, index), minor)
        for index, weighted in enumerate(terms.get(_PREFERRED, [])):
            here = (*path, kind, _PREFERRED, index)
            yield from _weight(weighted, here)
            yield from _pod_term(weighted.get("podAffinityTerm", {}), (*here, "podAffinityTerm"), minor)


def tolerations(written: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """ValidateTolerations; a problem of a value is reported for the operator, as upstream does."""
    for index, toleration in enumerate(written):
        here = (*path, index)
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        value, effect = toleration.get("value", ""), toleration.get("effect", "")
        if key:
            yield from each_invalid((*here, "key"), key, minor.qualified_name(key))
        elif operator != "Exists":
            words = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            yield invalid((*here, "operator"), operator, words)
        if "tolerationSeconds" in toleration and effect != "NoExecute":
            yield invalid((*here, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
        if operator in ("Equal", ""):
            if complaints := minor.label_value(value):
                yield invalid((*here, "operator"), value, ";".join(complaints))
        elif operator == "Exists":
            if value:
                yield invalid((*here, "operator"), value, "value must be empty when `operator` is 'Exists'")
        else:
            numeric = minor.numeric_tolerations if operator in minor.numeric_tolerations else ()
            yield unsupported((*here, "operator"), operator, ("Equal", "Exists", *numeric))
        if effect and effect not in _EFFECTS:
            yield unsupported((*here, "effect"), effect, _EFFECTS)


def spread_constraints(written: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """Source: validateTopologySpreadConstraints."""
    last = {_key(constraint): index for index, constraint in enumerate(written)}
    for index, constraint in enumerate(written):
        here = (*path, index)
        skew = constraint.get("maxSkew", 0)
        topology, action = constraint.get("topologyKey", ""), constraint.get("whenUnsatisfiable", "")
        if skew <= 0:
            yield invalid((*here, "maxSkew"), skew, "must be greater than zero")
        if not topology:
            yield required((*here, "topologyKey"), "can not be empty")
        if action not in _ACTIONS:
            yield unsupported((*here, "whenUnsatisfiable"), action, _ACTIONS)
        if last[topology, action] > index:
            yield duplicate((*here, "{topologyKey, whenUnsatisfiable}"), f"{{{topology}, {action}}}")
        yield from _domains(constraint.get("minDomains"), action, (*here, "minDomains"))
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if name in constraint and constraint[name] not in _INCLUSION:
                yield unsupported((*here, name), constraint[name], _INCLUSION)
        selector = constraint.get("labelSelector")
        yield from _label_keys(constraint, selector, here, minor)
        yield from label_selector(selector, (*here, "labelSelector"), minor)


def _domains(domains: int | None, action: str, path: Path) -> Problems:
    """Source: validateMinDomains."""
    if domains is None:
        return
    if domains <= 0:
        yield invalid(path, domains, "must be greater than zero")
    if action != "DoNotSchedule":
        words = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
        yield invalid(path, domains, words)


def _key(constraint: Object) -> tuple[str, str]:
    return constraint.get("topologyKey", ""), constraint.get("whenUnsatisfiable", "")


def _weight(term: Object, path: Path) -> Problems:
    weight = term.get("weight", 0)
    if not 0 < weight <= _HIGHEST_WEIGHT:
        yield invalid((*path, "weight"), weight, "must be in the range 1-100")


def node_selector(selector: Object, path: Path, minor: Minor) -> Problems:
    """ValidateNodeSelector."""
    terms = selector.get("nodeSelectorTerms", [])
    if not terms:
        yield required((*path, "nodeSelectorTerms"), "must have at least one node selector term")
    for index, term in enumerate(terms):
        yield from _node_term(term, (*path, "nodeSelectorTerms", index), minor, strict=True)


def _node_term(term: Object, path: Path, minor: Minor, *, strict: bool) -> Problems:
    """ValidateNodeSelectorTerm; only required terms must have valid label values."""
    for index, requirement in enumerate(term.get("matchExpressions", [])):
        yield from _node_requirement(requirement, (*path, "matchExpressions", index), minor, strict=strict)
    for index, requirement in enumerate(term.get("matchFields", [])):
        yield from _node_field(requirement, (*path, "matchFields", index))


def _node_requirement(requirement: Object, path: Path, minor: Minor, *, strict: bool) -> Problems:
    key, operator = requirement.get("key", ""), requirement.get("operator", "")
    values = requirement.get("values", [])
    here = (*path, "values")
    match operator:
        case "In" | "NotIn":
            if not values:
                yield required(here, "must be specified when `operator` is 'In' or 'NotIn'")
        case "Exists" | "DoesNotExist":
            if values:
                yield forbidden(here, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        case "Gt" | "Lt":
            if len(values) != 1:
                yield required(here, "must be specified single value when `operator` is 'Lt' or 'Gt'")
        case _:
            yield invalid((*path, "operator"), operator, "not a valid selector operator")
    yield from each_invalid((*path, "key"), key, minor.qualified_name(key))
    if strict:
        for index, value in enumerate(values):
            yield from each_invalid((*here, index), value, minor.label_value(value))


def _node_field(requirement: Object, path: Path) -> Problems:
    """ValidateNodeFieldSelectorRequirement."""
    key, operator = requirement.get("key", ""), requirement.get("operator", "")
    values = requirement.get("values", [])
    if operator not in ("In", "NotIn"):
        yield invalid((*path, "operator"), operator, "not a valid selector operator")
    elif len(values) != 1:
        words = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        yield required((*path, "values"), words)
    if key != "metadata.name":
        yield invalid((*path, "key"), key, "not a valid field selector key")
        return
    for index, value in enumerate(values):
        yield from each_invalid((*path, "values", index), value, name_rules.dns_subdomain(value))


def _pod_term(term: Object, path: Path, minor: Minor) -> Problems:
    """Source: validatePodAffinityTerm."""
    selector = term.get("labelSelector")
    yield from label_selector(selector, (*path, "labelSelector"), minor)
    yield from label_selector(term.get("namespaceSelector"), (*path, "namespaceSelector"), minor)
    for namespace in term.get("namespaces", []):
        yield from each_invalid((*path, "namespace"), namespace, name_rules.dns_label(namespace))
    yield from _label_keys(term, selector, path, minor)
    topology = term.get("topologyKey", "")
    if not topology:
        yield required((*path, "topologyKey"), "can not be empty")
    yield from each_invalid((*path, "topologyKey"), topology, minor.qualified_name(topology))


def _label_keys(term: Object, selector: Object | None, path: Path, minor: Minor) -> Problems:
    """ValidateMatchLabelKeysAndMismatchLabelKeys.

    The values of matchLabelKeys are merged into the selector before validation, so a key in both is found there.
    """
    matching, mismatching = term.get("matchLabelKeys", []), term.get("mismatchLabelKeys", [])
    for name, keys in (("matchLabelKeys", matching), ("mismatchLabelKeys", mismatching)):
        if keys and selector is None:
            yield forbidden((*path, name), _NO_SELECTOR)
        elif selector is not None:
            for index, key in enumerate(keys):
                yield from each_invalid((*path, name, index), key, minor.qualified_name(key))
    for index, key in enumerate(matching):
        if key in mismatching:
            words = "exists in both matchLabelKeys and mismatchLabelKeys"
            yield invalid((*path, "matchLabelKeys", index), key, words)
