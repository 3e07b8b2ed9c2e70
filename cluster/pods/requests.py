"""Resource requests of pods and capacities of nodes, counted in the same way for both worlds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster.manifests.quantity import quantity
from cluster.manifests.shapes import mapping, mappings


@dataclass(frozen=True, slots=True)
class Amount:
    """CPU in cores, memory in bytes, and other resources by name: GPUs, huge pages, pods."""

    cpu: float
    memory: float
    others: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.cpu + other.cpu, self.memory + other.memory, _sums(self.others, other.others))

    def __sub__(self, other: Amount) -> Amount:
        return self + other.times(-1)

    def times(self, count: float) -> Amount:
        """Return the amount multiplied by ``count``."""
        return Amount(self.cpu * count, self.memory * count, {name: of * count for name, of in self.others.items()})

    def fits(self, room: Amount) -> bool:
        """Whether ``room`` has at least this amount."""
        others = all(of <= room.others.get(name, 0.0) for name, of in self.others.items() if of)
        return self.cpu <= room.cpu + 1e-9 and self.memory <= room.memory and others


NOTHING = Amount(0.0, 0.0)


def requested(pod: Mapping[str, Any], least: Amount = NOTHING) -> Amount:
    """Return what a pod requests; a container without a CPU or memory request counts with ``least``.

    Source: ``PodRequests`` in k8s.io/component-helpers/resource. Init containers run one after the other, beside the
    sidecars before them; requests of the pod as a whole override the sum of its containers.
    """
    running = total(_of_container(c, least) for c in mappings(pod.get("containers")))
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
    # A limit without a request counts as the request.
    asked = amount({**mapping(resources.get("limits")), **mapping(resources.get("requests"))})
    return Amount(asked.cpu or least.cpu, asked.memory or least.memory, asked.others)


def amount(written: Mapping[str, Any]) -> Amount:
    """Read an amount of resources: requests, or a node's capacity."""
    others = {str(name): _number(of) for name, of in written.items() if name not in ("cpu", "memory")}
    return Amount(_number(written.get("cpu")), _number(written.get("memory")), others)


def total(amounts: Iterable[Amount]) -> Amount:
    """Return the sum of the amounts."""
    return sum(amounts, start=NOTHING)


def _larger(one: Amount, other: Amount) -> Amount:
    names = {*one.others, *other.others}
    others = {name: max(one.others.get(name, 0.0), other.others.get(name, 0.0)) for name in names}
    return Amount(max(one.cpu, other.cpu), max(one.memory, other.memory), others)


def _sums(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in (*one, *other)}


def _number(written: Any) -> float:
    return float(quantity(written) or 0) if written is not None else 0.0
