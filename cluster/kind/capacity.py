"""The nodes' capacity: what is free now, and what would be free with only Kubernetes' own pods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.errors import NotReadyError
from cluster.kind.api import Api
from cluster.kind.guards import LEAST_CPU_MILLIS, LEAST_MEMORY, MOST_PODS
from cluster.manifests.documents import Document
from cluster.manifests.shapes import mapping
from cluster.pods.podspec import read_deployment
from cluster.pods.requests import Amount, amount, requested, total

LOAD_CPU, LOAD_MEMORY = 0.02, 64 * 2**20

SYSTEM = frozenset(("kube-system", "local-path-storage"))
"""The namespaces of a kind cluster's own components."""


@dataclass(frozen=True, slots=True)
class FreeCapacity:
    """Resources: ``free`` now on all nodes, and free with only Kubernetes' own pods, on all nodes and on each one."""

    free: Amount
    empty: Amount
    nodes: tuple[Amount, ...] = ()

    def could_hold(self, need: Need) -> bool:
        """Whether empty nodes could hold this need, each pod on one of them."""
        return need.at_once.fits(self.empty) and any(need.pod.fits(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Need:
    """The requests of one pod of a Deployment, and the most that a lane requests at once."""

    pod: Amount
    at_once: Amount


def need(document: Document) -> Need:
    """Return what a Deployment's lane needs: its replicas with the surge, and the load client."""
    spec = read_deployment(document)
    pods = min(spec.replicas + (0 if spec.recreate else max(spec.surge, 1)), MOST_PODS)
    template = mapping(document.get("spec", "template", "spec"))
    pod = requested(template, least=Amount(LEAST_CPU_MILLIS / 1000, LEAST_MEMORY))
    return Need(pod, pod.times(pods) + Amount(LOAD_CPU, LOAD_MEMORY, {"pods": 1.0}))


def room(api: Api) -> FreeCapacity:
    """Return the free resources of the ready nodes. Raises NotReadyError if no node is ready."""
    nodes = [n for n in api.get("/api/v1/nodes")["items"] if _ready(n)]
    if not nodes:
        raise NotReadyError(
            "No node of the cluster is ready.",
            "`workbook cluster status` shows more; `workbook cluster up` repairs it.",
        )
    pods = [p for p in api.get("/api/v1/pods")["items"] if p["status"].get("phase") not in ("Succeeded", "Failed")]
    whole = {n["metadata"]["name"]: amount(n["status"]["allocatable"]) for n in nodes}
    taken = [
        (p["spec"]["nodeName"], p["metadata"]["namespace"] in SYSTEM, requested(p["spec"]))
        for p in pods
        if p["spec"].get("nodeName")
    ]
    empty = {
        name: has - total(asked for node, its_own, asked in taken if its_own and node == name)
        for name, has in whole.items()
    }
    return FreeCapacity(
        total(whole.values()) - total(asked for _, _, asked in taken), total(empty.values()), tuple(empty.values())
    )


def _ready(node: dict[str, Any]) -> bool:
    conditions = node["status"].get("conditions") or ()
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node["spec"].get("unschedulable")
