"""What fences a run in: one namespace each, and in it what the pod security standard, quota and limits allow.

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
"""The label that says when a namespace's run is over at the latest, in seconds since the epoch: then it is swept."""

LIVES, RENEWED = 60, 15
"""How long a namespace lives, in seconds, unless its run says again that it goes on, which it does so often."""

QUOTA, MOST_PODS = "run", 60
"""The quota of a run's namespace, and how many pods may be in it at once."""

LEAST_MEMORY_LIMIT = 2**30
"""The memory limit of a container that has none, in bytes: more than the shop ever leaks."""

LEAST_CPU_MILLIS, LEAST_MEMORY = 20, 32 * 2**20
"""What a container requests that requests nothing, in thousandths of a core and in bytes."""

SELECTOR = f"{MANAGED}={OURS}"

Object = dict[str, Any]


def namespace(name: str, now: float) -> Object:
    """A run's own namespace."""
    labels = {MANAGED: OURS, EXPIRES: str(int(now + LIVES)), "pod-security.kubernetes.io/enforce": "baseline"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def renewal(now: float) -> Object:
    """What a run that goes on changes in its namespace."""
    return {"metadata": {"labels": {EXPIRES: str(int(now + LIVES))}}}


def expired(one: Object, now: float) -> bool:
    """Whether a namespace is a run's whose time is over."""
    labels = one.get("metadata", {}).get("labels", {})
    until = str(labels.get(EXPIRES, ""))
    return labels.get(MANAGED) == OURS and until.isdigit() and int(until) < now


def enforced(quota: Object) -> bool:
    """Whether a quota holds already: admission goes by its status, which a controller fills in a moment after it was made."""
    return bool(quota["spec"]["hard"]) and quota.get("status", {}).get("hard") == quota["spec"]["hard"]


def fences(name: str, pod: Object | None = None) -> Iterator[tuple[str, Object]]:
    """What a namespace gets before anything of an answer does: the collection's path, and the object.

    ``pod`` is the spec of the pods that will run there: what guards the node must not get in the way of what it says.
    """
    inside = f"/api/v1/namespaces/{name}"
    # Made before the controller makes it: a pod needs it, and no pod of ours needs a token.
    yield f"{inside}/serviceaccounts", _object("v1", "ServiceAccount", "default", automountServiceAccountToken=False)
    counts = {
        "pods": str(MOST_PODS), "services": "20", "services.nodeports": "0", "services.loadbalancers": "0",
        "persistentvolumeclaims": "0", "configmaps": "20", "secrets": "20", "count/serviceaccounts": "20",
    }  # fmt: skip
    yield f"{inside}/resourcequotas", _object("v1", "ResourceQuota", QUOTA, spec={"hard": counts})
    # The resources that count are read in the document: these guard the node against a pod that has none.
    if limits := container_defaults(pod or {}):
        yield f"{inside}/limitranges", _object("v1", "LimitRange", "node", spec={"limits": [limits]})
    policy = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}]}
    policies = f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"
    yield policies, _object("networking.k8s.io/v1", "NetworkPolicy", "no-way-out", spec=policy)


def container_defaults(pod: Object) -> Object:
    """The resources of a container that has none; empty where the pod has a memory limit of its own.

    The API server refuses a container's limit below its request or above the pod's limit, and requests of containers above
    the pod's: ``ValidatePodSpec`` in pkg/apis/core/validation. So no default may be either.
    """
    requests, limits = (mapping(mapping(pod.get("resources")).get(part)) for part in ("requests", "limits"))
    if "memory" in limits:
        return {}
    most = max((_requested(container) for container in _containers(pod)), default=0.0)
    default = {"memory": str(math.ceil(max(most, LEAST_MEMORY_LIMIT)))}
    least = {"cpu": f"{LEAST_CPU_MILLIS}m", "memory": str(LEAST_MEMORY)}
    # Without a request here, the limit would be taken for it.
    return {"type": "Container", "default": default, "defaultRequest": {"memory": "0"} if requests or limits else least}


def _requested(container: Object) -> float:
    """The memory that a container requests, in bytes."""
    asked = mapping(mapping(container.get("resources")).get("requests")).get("memory")
    return float(quantity(asked) or 0)


def _containers(pod: Object) -> Iterator[Object]:
    for field in ("containers", "initContainers"):
        yield from (c for c in pod.get(field) or () if isinstance(c, dict))


def _object(version: str, kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": {MANAGED: OURS}}, **rest}
