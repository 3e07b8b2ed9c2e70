"""Whether the one node can take a pod: the scheduler's filters that matter for a single plain node.

Source: kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/, .../pod-scheduling-readiness/, and
kubernetes.io/docs/reference/labels-annotations-taints/ for the labels that a kubelet sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster.manifests.quantity import quantity
from cluster.manifests.shapes import mapping, mappings
from cluster.pods import obstacles

NODE = "workbook-control-plane"
"""kind's name for the one node of our cluster."""

_HOSTNAME = "kubernetes.io/hostname"

LABELS: Mapping[str, str] = {
    "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", _HOSTNAME: NODE,
    "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64",
    "node-role.kubernetes.io/control-plane": "", "node.kubernetes.io/exclude-from-external-load-balancers": "",
}  # fmt: skip
"""The node's labels: those that a kubelet sets, and those that kubeadm adds in a kind cluster."""

STORAGE = 200 * 2**30
"""The node's ephemeral storage, in bytes: more than any honest request, less than any clearly wrong one."""

_HAS = frozenset(("cpu", "memory"))
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"

NO_LABELS: Mapping[str, Any] = {}

Spec = Mapping[str, Any]


def held(spec: Spec) -> str:
    """Return the obstacle if the scheduler ignores the pod or its node doesn't exist; empty if neither."""
    if gates := mappings(spec.get("schedulingGates")):
        return obstacles.scheduling_gate(str(gates[0].get("name")))
    if (node := spec.get("nodeName")) and node != NODE:
        return obstacles.no_node(str(node))
    scheduler = spec.get("schedulerName")
    if scheduler and scheduler != "default-scheduler" and not node:
        return obstacles.no_scheduler(str(scheduler))
    return ""


def unschedulable(spec: Spec, labels: Mapping[str, Any] = NO_LABELS) -> str:
    """Return why no node fits, even an empty one; empty if one does. A pod with a node's name isn't scheduled at all.

    ``labels`` are the pod's own. For anti-affinity and spreading, enough nodes are assumed.
    """
    if spec.get("nodeName"):
        return ""
    for key, value in mapping(spec.get("nodeSelector")).items():
        if LABELS.get(key) != ("" if value is None else value):  # null is decoded as an empty label
            return f"no node has the label {str(key)[:120]}={str(value)[:63]}"
    if not _fits(mapping(mapping(spec.get("affinity")).get("nodeAffinity")).get(_REQUIRED)):
        return "no node has the labels that the required nodeAffinity asks for"
    near = mappings(mapping(mapping(spec.get("affinity")).get("podAffinity")).get(_REQUIRED))
    if not all(selects(term.get("labelSelector"), labels) for term in near):
        return "no pod runs that the required podAffinity asks for"
    for name, amount in _asked(spec):
        if amount > (STORAGE if name == "ephemeral-storage" else 0):
            return f"Insufficient {name[:120]}"
    return ""


def beyond_one_node(spec: Spec, labels: Mapping[str, Any] = NO_LABELS) -> str:
    """Return why these pods would stay Pending on one node although they could run on several; empty if they wouldn't."""
    if any(
        one.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"
        and (one.get("topologyKey") != _HOSTNAME or (one.get("minDomains") or 1) > 1)
        for one in mappings(spec.get("topologySpreadConstraints"))
    ):
        return "One node can't spread pods as topologySpreadConstraints asks"
    affinity = mapping(spec.get("affinity"))
    apart, near = (mappings(mapping(affinity.get(kind)).get(_REQUIRED)) for kind in ("podAntiAffinity", "podAffinity"))
    if any(selects(term.get("labelSelector"), labels) for term in apart):
        return "One node can't keep pods as far apart as podAntiAffinity asks"
    if any(term.get("topologyKey") != _HOSTNAME for term in near):
        return "One node has none of the zones that podAffinity asks about"
    return ""


def selects(selector: Any, labels: Mapping[str, Any]) -> bool:
    """Whether a label selector selects those labels: an empty selector selects everything, a missing one nothing."""
    if not isinstance(selector, dict):
        return False
    given = {str(key): str(value) for key, value in labels.items()}
    exact = all(given.get(str(key)) == str(value) for key, value in mapping(selector.get("matchLabels")).items())
    return exact and all(_holds(one, given) for one in mappings(selector.get("matchExpressions")))


def _asked(spec: Spec) -> Iterator[tuple[str, float]]:
    """Yield the requests for resources other than CPU and memory; a limit without a request counts as the request."""
    for one in (*mappings(spec.get("containers")), *mappings(spec.get("initContainers")), spec):
        resources = mapping(one.get("resources"))
        asked = {**mapping(resources.get("limits")), **mapping(resources.get("requests"))}
        for name, written in asked.items():
            if name not in _HAS and (amount := quantity(written)) is not None:
                yield str(name), float(amount)


def _fits(selector: Any) -> bool:
    """Whether the node matches a term of a required affinity; no affinity fits every node, an affinity without terms none."""
    if not isinstance(selector, dict):
        return True
    return any(_matches(term) for term in mappings(selector.get("nodeSelectorTerms")))


def _matches(term: Spec) -> bool:
    expressions, fields = mappings(term.get("matchExpressions")), mappings(term.get("matchFields"))
    if not expressions and not fields:
        return False
    return all(_holds(one, LABELS) for one in expressions) and all(
        _holds(one, {"metadata.name": NODE}) for one in fields
    )


def _holds(one: Spec, labels: Mapping[str, str]) -> bool:
    key, operator = str(one.get("key")), str(one.get("operator"))
    values = [str(value) for value in one["values"]] if isinstance(one.get("values"), list) else []
    has = labels.get(key)
    if operator == "In":
        return has in values
    if operator == "NotIn":
        return has not in values
    if operator in ("Exists", "DoesNotExist"):
        return (has is not None) == (operator == "Exists")
    if has is None or not has.isdigit() or not values or not values[0].lstrip("-").isdigit():
        return False
    return int(has) > int(values[0]) if operator == "Gt" else int(has) < int(values[0])
