"""What fences a run in: one namespace each, and in it what the pod security standard, quota and limits allow.

Sources: kubernetes.io/docs, "Pod Security Admission", "Resource Quotas", "Limit Ranges", "Network Policies".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MANAGED = "app.kubernetes.io/managed-by"
OURS = "workbook"
EXPIRES = "workbook/expires"
"""The label that says when a namespace's run is over at the latest, in seconds since the epoch: then it is swept."""

LIVES, RENEWED = 60, 15
"""How long a namespace lives, in seconds, unless its run says again that it goes on, which it does so often."""

QUOTA = "run"

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


def fences(name: str) -> Iterator[tuple[str, Object]]:
    """What a namespace gets before anything of an answer does: the collection's path, and the object."""
    inside = f"/api/v1/namespaces/{name}"
    # Made before the controller makes it: a pod needs it, and no pod of ours needs a token.
    yield f"{inside}/serviceaccounts", _object("v1", "ServiceAccount", "default", automountServiceAccountToken=False)
    counts = {
        "pods": "60", "services": "10", "services.nodeports": "0", "services.loadbalancers": "0",
        "persistentvolumeclaims": "0", "configmaps": "20", "secrets": "5",
    }  # fmt: skip
    yield f"{inside}/resourcequotas", _object("v1", "ResourceQuota", QUOTA, spec={"hard": counts})
    # The resources that count are read in the document: these guard the node against a pod that has none.
    limits = {"type": "Container", "default": {"memory": "1Gi"}, "defaultRequest": {"cpu": "20m", "memory": "32Mi"}}
    yield f"{inside}/limitranges", _object("v1", "LimitRange", "node", spec={"limits": [limits]})
    policy = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}]}
    policies = f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"
    yield policies, _object("networking.k8s.io/v1", "NetworkPolicy", "no-way-out", spec=policy)


def _object(version: str, kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": {MANAGED: OURS}}, **rest}
