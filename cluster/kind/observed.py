"""Turn the API server's objects into the timeline's events. Pure: from the state before and the object now."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cluster.kind.rewrite import LOAD
from cluster.kind.unready import (
    CANT_START,
    MOST_EVENTS,
    Heard,
    Object,
    PodObstacle,
    evicted,
    is_true,
    main_container,
    obstacles,
    plain,
    running_together,
)
from cluster.manifests.quantity import quantity
from cluster.shop.releases import REPOSITORY
from cluster.train.timeline import EventKind

Observation = tuple[EventKind, str, float | None]
"""A kind of event, its detail and its value."""

UNTIL_CRASHED, UNTIL_EVICTED = 3.0, 30.0
"""How long a container may be ready before it crashes, and before the kubelet measures its storage, in seconds."""

SIGKILLED = 137
"""The exit code of a process that SIGKILL ended."""

TINY_STORAGE = 2**20
"""A storage limit below this may be too low, in bytes: an idle pod writes 16 KiB, one under load 40 KiB a minute."""

_DELAY = re.compile(r"back-off (?:(\d+)m)?(\d+)s")


@dataclass
class PodSeen:
    """The observed state of a pod; ``release`` is the tag of its shop image, ``gone`` means that it will never run again.

    The driver sets ``leaks`` when it makes the pod leak: then a SIGKILL counts as out of memory.
    """

    name: str
    release: str = ""
    ready: bool = False
    deleted: bool = False
    gone: bool = False
    evicted: bool = False
    leaks: bool = False
    restarts: int = 0
    exit_code: int | None = None
    latest: Object = field(default_factory=dict)
    events: list[Heard] = field(default_factory=list)
    _started: str = ""
    _ended: str = ""
    _reported: set[str] = field(default_factory=set)

    def changed(self, pod: Object, kind: str) -> Iterator[Observation]:
        """Yield the events of a change of the pod; ``kind`` is the watch event's type."""
        self.release = self.release or _release(pod)
        self.latest = pod
        status = pod.get("status", {})
        if is_true(status, "PodScheduled") and self._first("scheduled"):
            yield EventKind.SCHEDULED, "", None
        elif (why := _unschedulable(status)) and self._first("unschedulable"):
            yield EventKind.FAILED_SCHEDULING, why, None
        container = _main(pod)
        if container:
            yield from self._container(container, pod)
        if why := evicted(status):
            yield from self._evicted(why)
        if status.get("phase") in ("Succeeded", "Failed") and not pod["metadata"].get("deletionTimestamp"):
            self.gone = True
        if pod["metadata"].get("deletionTimestamp") and not self.deleted:
            self.deleted = True
            if kind != "DELETED":
                yield EventKind.KILLING, "", None
        if kind == "DELETED" and self._first("deleted"):
            self.gone = True
            yield EventKind.DELETED, "", None

    def _container(self, container: Object, pod: Object) -> Iterator[Observation]:
        state, last = container.get("state", {}), container.get("lastState", {})
        for ended in (last.get("terminated"), state.get("terminated")):
            if ended and ended.get("containerID") and self._first(f"ended {ended['containerID']}"):
                self._ended = ended["containerID"]
                self.exit_code = int(ended.get("exitCode", 0))
                # A runtime on cgroup v1 sometimes misses the kernel's notice: then a leak's end looks like any SIGKILL.
                if ended.get("reason") == "OOMKilled" or (self.leaks and self.exit_code == SIGKILLED):
                    yield EventKind.OOM_KILLED, "memory over the limit", float(self.exit_code)
                yield EventKind.EXITED, str(ended.get("message") or "")[:200], float(self.exit_code)
        if "running" in state and container.get("containerID") != self._started:
            self._started = str(container.get("containerID"))
            self.restarts = int(container.get("restartCount", 0))
            yield EventKind.STARTED, "", float(self.restarts)
        waiting = state.get("waiting", {})
        reason = str(waiting.get("reason", ""))
        if reason in CANT_START and not reason.endswith("BackOff") and self._first(reason):
            what = _image(pod, container) if "Image" in reason else plain(str(waiting.get("message", "")))
            yield EventKind.FAILED, f"{reason}: {what[:200]}", None
        if reason.endswith("BackOff") and self._first(f"{reason} {container.get('restartCount')}"):
            found = _DELAY.search(str(waiting.get("message", "")))
            delay = 60.0 * int(found[1] or 0) + int(found[2]) if found else None
            yield EventKind.BACK_OFF, reason, delay

    def endpoint(self, *, ready: bool) -> Iterator[Observation]:
        """Yield the events of a change of the pod in the Service's endpoints."""
        if ready == self.ready:
            return
        self.ready = ready
        if (
            not ready
            and not self.deleted
            and not self.gone
            and self._started != self._ended
            and not self._unready_by_another()
        ):
            yield EventKind.UNHEALTHY, "readiness probe failed", None
        yield (EventKind.READY if ready else EventKind.NOT_READY), "", None

    def heard(self, event: Object) -> Iterator[Observation]:
        """Yield the events of a core API event about the pod."""
        one = Heard.of(event)
        if one.reason == "Evicted":
            yield from self._evicted(one.message)
        if one not in self.events and len(self.events) < MOST_EVENTS:
            self.events.append(one)
        if one.probe and one.container in ("", main_container(self.latest)):
            yield EventKind.UNHEALTHY, f"{one.probe} probe failed", None
            yield EventKind.KILLING, "", None

    def _evicted(self, why: str) -> Iterator[Observation]:
        self.gone = self.evicted = True
        if self._first("evicted"):
            yield EventKind.EVICTED, why[:300], None

    def obstacles(self, *, ready_too: bool = False) -> tuple[PodObstacle, ...]:
        """Return what keeps the pod from being ready now, or again and again."""
        return tuple(obstacles(self.latest, self.events, ready_too=ready_too)) if self.latest else ()

    @property
    def steady(self) -> float:
        """How long the pod must be ready before it counts, in seconds.

        A container without a readiness probe is ready as soon as it runs, even if it is about to crash; one with a low
        storage limit runs until the kubelet measures its storage.
        """
        containers = running_together(self.latest)
        if any(_storage(container) < TINY_STORAGE for container in containers):
            return UNTIL_EVICTED
        surely = not self.restarts and len(containers) == 1 and bool(containers[0].get("readinessProbe"))
        return 0.0 if surely else UNTIL_CRASHED

    def _unready_by_another(self) -> bool:
        """Whether the main container is ready, so that another container or a gate makes the pod unready."""
        return bool(_main(self.latest).get("ready"))

    def _first(self, what: str) -> bool:
        new = what not in self._reported
        self._reported.add(what)
        return new


def not_created(event: Object) -> str:
    """Return why a ReplicaSet can't create its pods; empty for any other event."""
    return str(event.get("message", ""))[:400] if event.get("reason") == "FailedCreate" else ""


def ready_pods(slices: list[Object]) -> set[str]:
    """Return the pods to which a Service sends requests, from its EndpointSlices."""
    endpoints = [e for one in slices for e in one.get("endpoints") or ()]
    return {
        str(e["targetRef"]["name"])
        for e in endpoints
        if e.get("targetRef") and (e.get("conditions") or {}).get("ready") is not False
    }


def complete(deployment: Object) -> bool:
    """Whether every replica is of the newest release and available, and no old one exists. Source: kubectl rollout status."""
    spec, status = deployment.get("spec", {}), deployment.get("status", {})
    wanted = int(spec.get("replicas", 1))
    return (
        int(status.get("observedGeneration", 0)) >= int(deployment["metadata"].get("generation", 0))
        and int(status.get("updatedReplicas", 0)) >= max(wanted, 1)
        and int(status.get("replicas", 0)) == int(status.get("updatedReplicas", 0))
        and int(status.get("availableReplicas", 0)) >= int(status.get("updatedReplicas", 0))
    )


def is_load_client(pod: Object) -> bool:
    """Whether a pod is the grader's own."""
    return bool(pod["metadata"]["name"] == LOAD)


def _main(pod: Object) -> Object:
    name = main_container(pod)
    found: Object = next((c for c in pod.get("status", {}).get("containerStatuses") or () if c["name"] == name), {})
    return found


def _image(pod: Object, container: Object) -> str:
    # The status' image may be a digest, or empty before the container exists: the spec has the written one.
    return next((str(c.get("image")) for c in pod["spec"]["containers"] if c["name"] == container["name"]), "")


def _storage(container: Object) -> float:
    """Return a container's limit of ephemeral storage, in bytes."""
    limits = (container.get("resources") or {}).get("limits") or {}
    amount = quantity(limits.get("ephemeral-storage"))
    return math.inf if amount is None else float(amount)


def _release(pod: Object) -> str:
    images = [str(c.get("image")) for c in pod.get("spec", {}).get("containers", [])]
    return next((image.rpartition(":")[2] for image in images if image.startswith(f"{REPOSITORY}:")), "")


def _unschedulable(status: Object) -> str:
    for one in status.get("conditions") or ():
        if one.get("type") == "PodScheduled" and one.get("reason") == "Unschedulable":
            return str(one.get("message", ""))[:300]
    return ""
