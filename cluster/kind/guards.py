"""Protection of the cluster from a run: its own namespace with a pod security standard, a quota, limits and a network policy.

Sources: kubernetes.io/docs, "Pod Security Admission", "Resource Quotas", "Limit Ranges", "Network Policies".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cluster.manifests.quantity import quantity
from cluster.manifests.shapes import mapping

MANAGED = "app.kubernetes.io/managed-by"
OURS = "workbook"
EXPIRES = "workbook/expires"
"""The label with the time, in seconds since the epoch, after which a namespace is deleted as left over."""

LIVES, RENEWED = 60, 15
"""How long a namespace lives unless its run renews it, and how often the run does, in seconds."""

QUOTA, MOST_PODS = "run", 60
"""The name of the quota of a run's namespace, and how many pods it allows at once."""

LEAST_MEMORY_LIMIT = 2**30
"""The memory limit of a container without one, in bytes: more than the shop ever leaks."""

LEAST_CPU_MILLIS, LEAST_MEMORY = 20, 32 * 2**20
"""The requests of a container without any, in thousandths of a core and in bytes."""

SELECTOR = f"{MANAGED}={OURS}"

Object = dict[str, Any]


def namespace(name: str, now: float) -> Object:
    """Return a run's namespace."""
    labels = {MANAGED: OURS, EXPIRES: str(int(now + LIVES)), "pod-security.kubernetes.io/enforce": "baseline"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def renewal(now: float) -> Object:
    """Return the patch by which a run renews its namespace."""
    return {"metadata": {"labels": {EXPIRES: str(int(now + LIVES))}}}


def expired(one: Object, now: float) -> bool:
    """Whether a namespace belongs to a run and has expired."""
    labels = one.get("metadata", {}).get("labels", {})
    until = str(labels.get(EXPIRES, ""))
    return labels.get(MANAGED) == OURS and until.isdigit() and int(until) < now


def enforced(quota: Object) -> bool:
    """Whether a quota is already enforced: admission uses its status, which a controller sets a moment after its creation."""
    return bool(quota["spec"]["hard"]) and quota.get("status", {}).get("hard") == quota["spec"]["hard"]


def namespace_policies(name: str, pod: Object | None = None) -> Iterator[tuple[str, Object]]:
    """Yield the objects that a namespace gets before anything of an answer: the collection's path, and the object.

    ``pod`` is the spec of the pods that will run there: the defaults must not contradict it.
    """
    inside = f"/api/v1/namespaces/{name}"
    # We create it before the controller does: a pod needs it, and without our setting it would get a token.
    yield f"{inside}/serviceaccounts", _object("v1", "ServiceAccount", "default", automountServiceAccountToken=False)
    counts = {
        "pods": str(MOST_PODS), "services": "20", "services.nodeports": "0", "services.loadbalancers": "0",
        "persistentvolumeclaims": "0", "configmaps": "20", "secrets": "20", "count/serviceaccounts": "20",
    }  # fmt: skip
    yield f"{inside}/resourcequotas", _object("v1", "ResourceQuota", QUOTA, spec={"hard": counts})
    # Criteria read the resources in the document; these defaults protect the node from pods without any.
    if limits := container_defaults(pod or {}):
        yield f"{inside}/limitranges", _object("v1", "LimitRange", "node", spec={"limits": [limits]})
    policy = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}]}
    policies = f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"
    yield policies, _object("networking.k8s.io/v1", "NetworkPolicy", "no-way-out", spec=policy)


def container_defaults(pod: Object) -> Object:
    """Return the default resources of containers; empty if the pod itself has a memory limit.

    The API server refuses a container's limit below its request or above the pod's limit, and requests of containers above
    the pod's: ``ValidatePodSpec`` in pkg/apis/core/validation. No default may cause such a refusal.
    """
    requests, limits = (mapping(mapping(pod.get("resources")).get(part)) for part in ("requests", "limits"))
    if "memory" in limits:
        return {}
    most = max((_requested(container) for container in _containers(pod)), default=0.0)
    default = {"memory": str(math.ceil(max(most, LEAST_MEMORY_LIMIT)))}
    least = {"cpu": f"{LEAST_CPU_MILLIS}m", "memory": str(LEAST_MEMORY)}
    # Without a request here, the limit would become the request.
    return {"type": "Container", "default": default, "defaultRequest": {"memory": "0"} if requests or limits else least}


def _requested(container: Object) -> float:
    """Return the memory request of a container, in bytes."""
    asked = mapping(mapping(container.get("resources")).get("requests")).get("memory")
    return float(quantity(asked) or 0)


def _containers(pod: Object) -> Iterator[Object]:
    for field in ("containers", "initContainers"):
        yield from (c for c in pod.get(field) or () if isinstance(c, dict))


def _object(version: str, kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": {MANAGED: OURS}}, **rest}
