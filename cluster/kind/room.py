"""What the nodes can hold: what is free now, and what would be free if nothing but Kubernetes itself were on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.errors import NotReadyError
from cluster.kind.api import Api
from cluster.podspec import DeploymentSpec
from cluster.quantity import quantity

LOAD_CPU, LOAD_MEMORY = 0.02, 64 * 2**20
LEAST_CPU, LEAST_MEMORY = 0.02, 32 * 2**20
"""What a container that asks for nothing is given as its request, by our LimitRange."""

SYSTEM = frozenset(("kube-system", "local-path-storage"))
"""The namespaces of what a kind cluster can't do without."""


@dataclass(frozen=True, slots=True)
class Amount:
    """CPU in cores and memory in bytes."""

    cpu: float
    memory: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.cpu + other.cpu, self.memory + other.memory)

    def fits(self, room: Amount) -> bool:
        """Whether so much can be had there."""
        return self.cpu <= room.cpu + 1e-9 and self.memory <= room.memory


@dataclass(frozen=True, slots=True)
class Room:
    """``free`` is what no pod has asked for; ``empty`` is what would be if only Kubernetes' own pods had."""

    free: Amount
    empty: Amount


def need(spec: DeploymentSpec) -> Amount:
    """What a lane may ask for at once: its replicas with the surge, and the client that sends requests."""
    pods = min(spec.replicas + (0 if spec.recreate else max(spec.surge, 1)), 60)
    cpu, memory = max(spec.pod.cpu_request, LEAST_CPU), max(spec.pod.memory_request, LEAST_MEMORY)
    return Amount(pods * cpu + LOAD_CPU, pods * memory + LOAD_MEMORY)


def room(api: Api) -> Room:
    """What the nodes that are ready have. Raises NotReadyError where none is."""
    nodes = [n for n in api.get("/api/v1/nodes")["items"] if _ready(n)]
    if not nodes:
        raise NotReadyError(
            "No node of the cluster is ready.", "`workbook cluster status` tells more; `workbook cluster up` mends it."
        )
    whole = _sum(n["status"]["allocatable"] for n in nodes)
    pods = [p for p in api.get("/api/v1/pods")["items"] if p["status"].get("phase") not in ("Succeeded", "Failed")]
    taken = [(p["metadata"]["namespace"] in SYSTEM, _asked(p)) for p in pods if p["spec"].get("nodeName")]
    used = _total(amount for _, amount in taken)
    system = _total(amount for its_own, amount in taken if its_own)
    return Room(_less(whole, used), _less(whole, system))


def _ready(node: dict[str, Any]) -> bool:
    conditions = node["status"].get("conditions") or ()
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node["spec"].get("unschedulable")


def _asked(pod: dict[str, Any]) -> Amount:
    return _sum((c.get("resources") or {}).get("requests") or {} for c in pod["spec"]["containers"])


def _sum(resources: Any) -> Amount:
    return _total(Amount(_number(r.get("cpu")), _number(r.get("memory"))) for r in resources)


def _total(amounts: Any) -> Amount:
    total = Amount(0.0, 0.0)
    for amount in amounts:
        total += amount
    return total


def _less(whole: Amount, part: Amount) -> Amount:
    return Amount(whole.cpu - part.cpu, whole.memory - part.memory)


def _number(written: Any) -> float:
    return float(quantity(written) or 0) if written is not None else 0.0
