"""Why a pod isn't ready, from its status and its events, in the words of `cluster/pods/obstacles.py`. Pure.

Sources: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ for the states, and the kubelet's own messages;
tests/cluster/kind/statuses/ has examples from a real cluster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cluster.pods import obstacles as say
from cluster.shop.releases import is_shops

Object = dict[str, Any]

NO_IMAGE = frozenset(("ErrImagePull", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "ImagePullBackOff"))
CANT_START = NO_IMAGE | {"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}
_NEVER_RAN = frozenset(("StartError", "ContainerCannotRun"))
_QUICK, _OFTEN = 3.0, 3
"""A container that ended within this many seconds after each of this many restarts will always do so."""

MOST_EVENTS = 50
"""The most different events of a pod that are kept."""

_FIELD = re.compile(r"\{([^}]+)\}")
_PROBE = re.compile(r"failed (startup|liveness) probe", re.IGNORECASE)
_VOLUME = re.compile(r'for volume "([^"]+)"')
_ABSENT = re.compile(r'(configmap|secret) "([^"]+)" not found')
_KEY = re.compile(r"references non-existent (?:config|secret) key: (\S+)")
_SOURCES = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"))
_NO_MEMORY = "cannot allocate memory"
"""The end of a runtime's message when it can't create a pod's cgroup: the pod's memory limit is too low."""

_POD, _PROCESS = re.compile(r" \(pod: .*", re.DOTALL), "unable to start container process: "
_KINDS = {"configmap": "ConfigMap", "secret": "Secret"}


@dataclass(frozen=True, slots=True)
class Heard:
    """An event about a pod: its reason, its container (empty for the whole pod), and the message."""

    reason: str
    container: str
    message: str

    @classmethod
    def of(cls, event: Object) -> Heard:
        """Convert an event of the API."""
        found = _FIELD.search(str(event.get("involvedObject", {}).get("fieldPath", "")))
        return cls(
            str(event.get("reason", "")), found[1] if found else "", str(event.get("message", ""))[:1000].strip()
        )

    @property
    def probe(self) -> str:
        """The probe for which the kubelet kills the container; empty for any other event."""
        found = _PROBE.search(self.message) if self.reason == "Killing" else None
        return found[1].lower() if found else ""


@dataclass(frozen=True, slots=True)
class PodObstacle:
    """What keeps a pod from being ready.

    ``sentence`` is empty if the timeline has it in the cluster's own words. ``lasting`` means that nothing in the cluster
    will change it, ``of_shop`` that another release of the shop might.
    """

    sentence: str
    lasting: bool = False
    of_shop: bool = False


def obstacles(pod: Object, events: Sequence[Heard] = (), *, ready_too: bool = False) -> Iterator[PodObstacle]:
    """Yield what keeps a pod from being ready; nothing if it is ready or its state isn't known yet.

    A crashing container may be ready between two crashes: ``ready_too`` includes it then.
    """
    status = pod.get("status", {})
    if why := evicted(status) or next((e.message for e in events if e.reason == "Evicted"), ""):
        yield PodObstacle(say.evicted(why))
    elif is_true(status, "Ready") and not ready_too:
        return
    elif unscheduled := tuple(_unscheduled(pod)):
        yield from unscheduled
    elif unmade := tuple(_unmade(pod, events)):
        yield from unmade
    elif first := _first_init(pod, events):
        yield first
    elif is_true(status, "ContainersReady") and not ready_too:
        yield from (PodObstacle(say.readiness_gate(name), lasting=True) for name in _open_gates(pod))
    else:
        for container in _running_beside(pod):
            yield from _container(pod, container, events, ready_too=ready_too)


def plain(message: str) -> str:
    """Return the kubelet's message without the pod's own names, and of a container runtime's message only the cause."""
    words = _POD.sub("", message)
    if (start := words.rfind(_PROCESS)) >= 0:
        words = words[start + len(_PROCESS) :]
    return words.rpartition(": ")[2] if "/cgroup/" in words else words


def main_container(pod: Object) -> str:
    """Return the name of the container that runs the shop, or else of the first one."""
    every = pod.get("spec", {}).get("containers") or ()
    return next((str(c["name"]) for c in every if is_shops(c.get("image"))), every[0]["name"] if every else "")


def running_together(pod: Object) -> list[Object]:
    """Return the containers that run together: the pod's containers and its native sidecars."""
    spec = pod.get("spec", {})
    inits = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    return [*inits, *(spec.get("containers") or ())]


def condition(status: Object, name: str) -> Object:
    """Return a condition of a node or a pod; empty without one of that name."""
    return next((c for c in status.get("conditions") or () if c.get("type") == name), {})


def is_true(status: Object, name: str) -> bool:
    """Whether a node's or a pod's condition is true."""
    return bool(condition(status, name).get("status") == "True")


def evicted(status: Object) -> str:
    """Return the kubelet's message on a pod that it evicted; empty for any other pod."""
    return str(status.get("message", ""))[:300].strip() if status.get("reason") == "Evicted" else ""


def _unscheduled(pod: Object) -> Iterator[PodObstacle]:
    spec, status = pod.get("spec", {}), pod.get("status", {})
    scheduled = condition(status, "PodScheduled")
    if scheduled.get("reason") == "SchedulingGated":
        for gate in spec.get("schedulingGates") or ():
            yield PodObstacle(say.scheduling_gate(str(gate.get("name"))), lasting=True)
    elif scheduled.get("reason") == "Unschedulable":
        yield PodObstacle("", lasting=True)
    elif not scheduled and not status.get("startTime"):
        # Neither a scheduler nor a kubelet has reported anything.
        if node := spec.get("nodeName"):
            yield PodObstacle(say.no_node(str(node)), lasting=True)
        elif (scheduler := str(spec.get("schedulerName", ""))) not in ("", "default-scheduler"):
            yield PodObstacle(say.no_scheduler(scheduler), lasting=True)


def _unmade(pod: Object, events: Sequence[Heard]) -> Iterator[PodObstacle]:
    """Yield volumes, or a lack of memory, that keep every container waiting. If one has run, nothing is missing."""
    every = [*(pod["status"].get("initContainerStatuses") or ()), *(pod["status"].get("containerStatuses") or ())]
    if any(c.get("containerID") for c in every):
        return
    for event in events:
        if event.reason == "FailedCreatePodSandBox" and event.message.endswith(_NO_MEMORY):
            yield PodObstacle(
                say.cant_start(main_container(pod), f"{event.reason}: {plain(event.message)}"), lasting=True
            )
            return
        volume = _VOLUME.search(event.message) if event.reason == "FailedMount" else None
        absent = _ABSENT.findall(event.message)
        if volume and absent:
            for kind, name in absent:
                yield PodObstacle(say.volume_missing(volume[1], _KINDS[kind], name), lasting=True)
        elif volume and (key := _KEY.search(event.message)):
            for kind, name in _sources(pod, volume[1], key[1]):
                yield PodObstacle(say.key_missing(volume[1], key[1], kind, name), lasting=True)


def _sources(pod: Object, volume: str, key: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names of the objects in a volume that should have a key."""
    for one in pod["spec"].get("volumes") or ():
        if one.get("name") == volume:
            for source in (one, *((one.get("projected") or {}).get("sources") or ())):
                for field, kind, called in _SOURCES:
                    asked = source.get(field) or {}
                    if any(item.get("key") == key for item in asked.get("items") or ()):
                        yield kind, str(asked.get(called) or asked.get("name"))


def _first_init(pod: Object, events: Sequence[Heard]) -> PodObstacle | None:
    """Return the obstacle of the first init container that hasn't finished: nothing after it starts."""
    sidecars = _sidecars(pod)
    for container in pod["status"].get("initContainerStatuses") or ():
        name, state = str(container["name"]), container.get("state", {})
        if name in sidecars:
            if not container.get("started"):
                return next(_container(pod, container, events), None)
            continue
        code = state.get("terminated", {}).get("exitCode")
        if code == 0:
            continue
        if "running" in state:
            return PodObstacle(say.init_runs_on(name))
        if (blocked := _cant_start(pod, container)) is not None:
            return blocked
        if ended := _ended(container):
            return PodObstacle(say.init_fails(name, int(ended.get("exitCode", 0))), lasting=_ends_again(container))
        return None
    return None


def _running_beside(pod: Object) -> Iterator[Object]:
    """Yield the containers that should run together, the shop's own last, so that the others are reported first."""
    sidecars, main = _sidecars(pod), main_container(pod)
    inits = (c for c in pod.get("status", {}).get("initContainerStatuses") or () if c["name"] in sidecars)
    every = [*inits, *(pod.get("status", {}).get("containerStatuses") or ())]
    return iter(sorted(every, key=lambda c: c["name"] == main))


def _container(
    pod: Object, container: Object, events: Sequence[Heard], *, ready_too: bool = False
) -> Iterator[PodObstacle]:
    """Yield why one container isn't ready; nothing if it is ready or still starting."""
    name = str(container["name"])
    of_shop = name == main_container(pod)
    restarts = int(container.get("restartCount", 0))
    if container.get("ready") and not (ready_too and restarts):
        return
    if (blocked := _cant_start(pod, container)) is not None:
        yield blocked
        return
    about = [e for e in events if e.container == name]
    ended = _ended(container)
    probe = next((e.probe for e in reversed(about) if e.probe), "")
    if any(e.reason == "FailedPostStartHook" for e in about) or _reason(container) == "PostStartHookError":
        yield PodObstacle(say.hook_fails(name), lasting=restarts >= _OFTEN)
    elif probe and (restarts or ended):
        yield PodObstacle(say.killed(name, probe), of_shop=of_shop)
    elif ended and ("running" not in container.get("state", {}) or _ran_for(ended) <= _QUICK):
        code = int(ended.get("exitCode", 0))
        yield PodObstacle(say.ends(name, code), lasting=_ends_again(container), of_shop=of_shop)
    elif "running" in container.get("state", {}) and not container.get("ready"):
        yield PodObstacle(say.not_ready(name), of_shop=of_shop)


def _cant_start(pod: Object, container: Object) -> PodObstacle | None:
    """The kubelet can't make the container. The main container's image has its own event."""
    name, reason, ended = str(container["name"]), _reason(container), _ended(container)
    if reason in NO_IMAGE:
        if name == main_container(pod):
            return PodObstacle("", lasting=True, of_shop=True)
        return PodObstacle(say.cant_start(name, f"{reason}: {_image(pod, name)}"), lasting=True)
    if reason in CANT_START:
        message = plain(str(container["state"]["waiting"].get("message", "")))
        return PodObstacle(say.cant_start(name, f"{reason}: {message}"), lasting=True)
    if ended.get("reason") in _NEVER_RAN:
        return PodObstacle(
            say.cant_start(name, f"RunContainerError: {plain(str(ended.get('message', '')))}"), lasting=True
        )
    return None


def _ends_again(container: Object) -> bool:
    """Whether it ended soon after its start so often that it will do so again."""
    return int(container.get("restartCount", 0)) >= _OFTEN and _ran_for(_ended(container)) <= _QUICK


def _ended(container: Object) -> Object:
    """Return the container's last termination; empty if it never ended."""
    now, before = (container.get(part, {}).get("terminated") for part in ("state", "lastState"))
    ended: Object = now or before or {}
    return ended


def _ran_for(ended: Object) -> float:
    """Return how long an ended container ran, in seconds, as exactly as the API says."""
    began, over = (str(ended.get(when) or "") for when in ("startedAt", "finishedAt"))
    if not began or not over:
        return 0.0
    return (datetime.fromisoformat(over) - datetime.fromisoformat(began)).total_seconds()


def _open_gates(pod: Object) -> Iterator[str]:
    for gate in pod.get("spec", {}).get("readinessGates") or ():
        if not is_true(pod["status"], str(gate.get("conditionType"))):
            yield str(gate.get("conditionType"))


def _sidecars(pod: Object) -> frozenset[str]:
    """Return the names of the native sidecars."""
    every = pod.get("spec", {}).get("initContainers") or ()
    return frozenset(str(c["name"]) for c in every if c.get("restartPolicy") == "Always")


def _reason(container: Object) -> str:
    return str(container.get("state", {}).get("waiting", {}).get("reason", ""))


def _image(pod: Object, name: str) -> str:
    every = [*(pod["spec"].get("initContainers") or ()), *(pod["spec"].get("containers") or ())]
    return next((str(c.get("image"))[:120] for c in every if c["name"] == name), "")
