"""What the nodes can hold: what is free now, and what would be free if nothing but Kubernetes itself were on them."""

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
"""The namespaces of what a kind cluster can't do without."""


@dataclass(frozen=True, slots=True)
class FreeCapacity:
    """What is free on all nodes, what would be if only Kubernetes' own pods were there, and that of each node."""

    free: Amount
    empty: Amount
    nodes: tuple[Amount, ...] = ()

    def could_hold(self, need: Need) -> bool:
        """Whether empty nodes could hold so much, each pod on one of them."""
        return need.at_once.fits(self.empty) and any(need.pod.fits(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Need:
    """What one pod of a Deployment asks for, and what a lane may ask for at once."""

    pod: Amount
    at_once: Amount


def need(document: Document) -> Need:
    """What a Deployment's lane needs: its replicas with the surge, and the client that sends requests."""
    spec = read_deployment(document)
    pods = min(spec.replicas + (0 if spec.recreate else max(spec.surge, 1)), MOST_PODS)
    template = mapping(document.get("spec", "template", "spec"))
    pod = requested(template, least=Amount(LEAST_CPU_MILLIS / 1000, LEAST_MEMORY))
    return Need(pod, pod.times(pods) + Amount(LOAD_CPU, LOAD_MEMORY, {"pods": 1.0}))


def room(api: Api) -> FreeCapacity:
    """What the nodes that are ready have. Raises NotReadyError where none is."""
    nodes = [n for n in api.get("/api/v1/nodes")["items"] if _ready(n)]
    if not nodes:
        raise NotReadyError(
            "No node of the cluster is ready.", "`workbook cluster status` tells more; `workbook cluster up` mends it."
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
