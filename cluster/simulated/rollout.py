"""A Deployment's controller: how many pods of each release exist, and how one release replaces another.

Documented behavior: kubernetes.io/docs/concepts/workloads/controllers/deployment/ (rolling update, max surge and
max unavailable, Recreate, minReadySeconds).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from cluster.pods.podspec import NODE_CPU, NODE_MEMORY, DeploymentSpec
from cluster.shop.releases import Release, release_of
from cluster.simulated.clock import Clock
from cluster.simulated.pod import Pod, Record
from cluster.train.timeline import EventKind

MOST_PODS = 40
"""The most pods that are simulated; the node holds fewer pods of honest size."""
RECONCILED = 0.05
"""How long the controller takes to react to a pod's change, in seconds."""
LOOKED_AGAIN = 0.25
"""How often the controller checks while the rollout isn't complete, in seconds."""


@dataclass
class Rollout:
    """A Deployment and its pods on the simulated node."""

    spec: DeploymentSpec
    clock: Clock
    record: Record
    pods: list[Pod] = field(default_factory=list)
    current: list[Pod] = field(default_factory=list)  # the pods of the newest release
    made: int = 0
    _refusal_told: bool = False

    def start(self, release: Release | None) -> None:
        """Start every replica of a release on an empty node."""
        self._release = release
        if not self.spec.paused:
            self.create(min(self.spec.replicas, MOST_PODS))

    def update(self, release: Release) -> None:
        """Replace the pods by those of another release, by the Deployment's strategy."""
        if self.spec.paused or release_of(self.spec.pod.image) is None:
            return
        self._release = release
        self.current = []
        self._reconcile()

    # --- the pods

    def alive(self) -> list[Pod]:
        """The pods that aren't being deleted."""
        return [p for p in self.pods if not p.deleted]

    def old(self) -> list[Pod]:
        """The live pods of earlier releases."""
        return [p for p in self.alive() if p not in self.current]

    def ready(self) -> list[Pod]:
        """The live pods that are ready."""
        return [p for p in self.alive() if p.ready]

    def complete(self) -> bool:
        """Whether every replica is of the newest release and available, and all old pods are terminating."""
        done = [p for p in self.current if self._available(p)]
        return len(done) >= max(self.spec.replicas, 1) and not self.old()

    def endpoints(self) -> list[Pod]:
        """The pods that the Service sends new connections to: the ready ones, or else those that terminate.

        Source: kubernetes.io/docs/concepts/services-networking/endpoint-slices/ (serving, terminating).
        """
        return [p for p in self.pods if p.in_endpoints] or [p for p in self.pods if p.serves_while_ending()]

    # --- the controller

    def _reconcile(self) -> None:
        if self.complete():
            return
        if self.spec.recreate:
            self._recreate()
        else:
            self._roll()
        self.clock.after(LOOKED_AGAIN, self._reconcile)

    def _recreate(self) -> None:
        for pod in self.old():
            pod.delete()
        if all(p.gone for p in self.pods if p not in self.current):
            self.create(self.spec.replicas - len(self.current))

    def _roll(self) -> None:
        most = self.spec.replicas + self.spec.surge
        least = self.spec.replicas - self.spec.unavailable
        room = min(most - len(self.alive()), self.spec.replicas - len(self.current))
        self.create(min(room, MOST_PODS))
        available = [p for p in self.alive() if self._available(p)]
        # Old pods that don't serve are deleted first; then as many others as may be unavailable.
        spare = len(available) - least
        for pod in [p for p in self.old() if not self._available(p)]:
            pod.delete()
        for pod in [p for p in self.old() if self._available(p)][: max(spare, 0)]:
            pod.delete()

    def _available(self, pod: Pod) -> bool:
        return pod.ready and not pod.deleted and self.clock.now - pod.ready_since >= self.spec.min_ready

    def create(self, how_many: int) -> None:
        """Create ``how_many`` pods of the newest release, as its ReplicaSet does."""
        if self.spec.pod.refused:
            if how_many > 0 and not self._refusal_told:
                self._refusal_told = True
                self.record(
                    self.spec.name, EventKind.FAILED_CREATE, f"a pod is forbidden: {self.spec.pod.refused}", None
                )
            return
        for _ in range(max(how_many, 0)):
            self.made += 1
            pod = Pod(f"{self.spec.name[:40]}-{self.made}", self.spec.pod, self._pullable(), self.clock, self.record)
            self.pods.append(pod)
            self.current.append(pod)
            problem = self._no_room()
            if problem:
                self.clock.after(RECONCILED, partial(self.record, pod.name, EventKind.FAILED_SCHEDULING, problem, None))
            else:
                pod.create()

    def _pullable(self) -> Release | None:
        return None if release_of(self.spec.pod.image) is None else self._release

    def _no_room(self) -> str:
        pods, spec = [p for p in self.pods if not p.gone], self.spec.pod
        if spec.cpu_request * len(pods) > NODE_CPU:
            return "Insufficient cpu"
        if spec.memory_request * len(pods) > NODE_MEMORY:
            return "Insufficient memory"
        return ""
