"""What the nodes can hold: what is free now, and what would be free if nothing but Kubernetes itself were on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster.errors import NotReadyError
from cluster.kind.api import Api
from cluster.kind.guards import LEAST_CPU_MILLIS, LEAST_MEMORY, MOST_PODS
from cluster.manifests import Document
from cluster.podspec import read_deployment
from cluster.quantity import quantity
from cluster.shapes import mapping, mappings

LOAD_CPU, LOAD_MEMORY = 0.02, 64 * 2**20

SYSTEM = frozenset(("kube-system", "local-path-storage"))
"""The namespaces of what a kind cluster can't do without."""


@dataclass(frozen=True, slots=True)
class Amount:
    """CPU in cores, memory in bytes, and what else is asked for, by the resource's name: a GPU, huge pages, pods."""

    cpu: float
    memory: float
    others: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.cpu + other.cpu, self.memory + other.memory, _sums(self.others, other.others))

    def __sub__(self, other: Amount) -> Amount:
        return self + other.times(-1)

    def times(self, count: float) -> Amount:
        """So much, so often."""
        return Amount(self.cpu * count, self.memory * count, {name: of * count for name, of in self.others.items()})

    def fits(self, room: Amount) -> bool:
        """Whether so much can be had there."""
        others = all(of <= room.others.get(name, 0.0) for name, of in self.others.items() if of)
        return self.cpu <= room.cpu + 1e-9 and self.memory <= room.memory and others


NOTHING = Amount(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Room:
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
    template = document.get("spec", "template", "spec", default={})
    pod = requested(template if isinstance(template, dict) else {}, least=Amount(LEAST_CPU_MILLIS / 1000, LEAST_MEMORY))
    return Need(pod, pod.times(pods) + Amount(LOAD_CPU, LOAD_MEMORY, {"pods": 1.0}))


def room(api: Api) -> Room:
    """What the nodes that are ready have. Raises NotReadyError where none is."""
    nodes = [n for n in api.get("/api/v1/nodes")["items"] if _ready(n)]
    if not nodes:
        raise NotReadyError(
            "No node of the cluster is ready.", "`workbook cluster status` tells more; `workbook cluster up` mends it."
        )
    pods = [p for p in api.get("/api/v1/pods")["items"] if p["status"].get("phase") not in ("Succeeded", "Failed")]
    whole = {n["metadata"]["name"]: _amount(n["status"]["allocatable"]) for n in nodes}
    taken = [
        (p["spec"]["nodeName"], p["metadata"]["namespace"] in SYSTEM, requested(p["spec"]))
        for p in pods
        if p["spec"].get("nodeName")
    ]
    empty = {
        name: has - _total(amount for node, its_own, amount in taken if its_own and node == name)
        for name, has in whole.items()
    }
    return Room(
        _total(whole.values()) - _total(amount for _, _, amount in taken), _total(empty.values()), tuple(empty.values())
    )


def requested(pod: Mapping[str, Any], least: Amount = NOTHING) -> Amount:
    """What a pod asks the scheduler for; a container that asks for no CPU or memory is given the ``least``.

    Source: ``PodRequests`` in k8s.io/component-helpers/resource. Init containers run one after the other, beside the
    sidecars before them; what the pod asks for as a whole goes before the sum of its containers.
    """
    running = _total(_of_container(c, least) for c in mappings(pod.get("containers")))
    before = most = NOTHING
    for container in mappings(pod.get("initContainers")):
        asked = _of_container(container, least)
        if container.get("restartPolicy") == "Always":
            before = most_yet = before + asked
        else:
            most_yet = before + asked
        most = _larger(most, most_yet)
    whole = _larger(running + before, most)
    resources = mapping(pod.get("resources"))
    own = {**mapping(resources.get("limits")), **mapping(resources.get("requests"))} if resources else {}
    cpu, memory = (_number(own[name]) if name in own else None for name in ("cpu", "memory"))
    return Amount(
        whole.cpu if cpu is None else cpu, whole.memory if memory is None else memory, {**whole.others, "pods": 1.0}
    )


def _of_container(container: Mapping[str, Any], least: Amount) -> Amount:
    resources = mapping(container.get("resources"))
    # A limit without a request is taken as the request, too.
    asked = _amount({**mapping(resources.get("limits")), **mapping(resources.get("requests"))})
    return Amount(asked.cpu or least.cpu, asked.memory or least.memory, asked.others)


def _amount(written: Mapping[str, Any]) -> Amount:
    others = {str(name): _number(of) for name, of in written.items() if name not in ("cpu", "memory")}
    return Amount(_number(written.get("cpu")), _number(written.get("memory")), others)


def _ready(node: dict[str, Any]) -> bool:
    conditions = node["status"].get("conditions") or ()
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node["spec"].get("unschedulable")


def _total(amounts: Iterable[Amount]) -> Amount:
    return sum(amounts, start=NOTHING)


def _larger(one: Amount, other: Amount) -> Amount:
    names = {*one.others, *other.others}
    others = {name: max(one.others.get(name, 0.0), other.others.get(name, 0.0)) for name in names}
    return Amount(max(one.cpu, other.cpu), max(one.memory, other.memory), others)


def _sums(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in (*one, *other)}


def _number(written: Any) -> float:
    return float(quantity(written) or 0) if written is not None else 0.0
