"""Obstacles: what keeps a pod from being ready, in the same sentences for both worlds.

The simulated cluster finds an obstacle in the manifest, a real one in the pod's status. Each sentence names what the
learner wrote, and ``understood`` parses it again, because recordings store sentences. Source of the terms:
kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

_NAME, _REASON = 63, 300


class Obstacle(StrEnum):
    """A kind of obstacle: its sentence, with a placeholder for each name."""

    SCHEDULING_GATE = "the scheduling gate “{gate}” is never taken away"
    NO_SCHEDULER = "no scheduler is called “{scheduler}”, so the pod never gets a node"
    NO_NODE = "there is no node called “{node}”"
    READINESS_GATE = "nothing sets the condition “{condition}” of its readinessGates"
    INIT_FAILS = "the init container “{container}” ends with exit code {code}, again and again"
    INIT_RUNS_ON = "the init container “{container}” doesn't end, so nothing after it starts"
    ENDS = "the container “{container}” ends with exit code {code}, again and again"
    KILLED = "the container “{container}” is restarted again and again: its {probe} probe fails"
    PORT_TAKEN = "the containers “{other}” and “{container}” both listen at port {port}, and a pod has each port once"
    NOT_READY = "the container “{container}” runs and isn't ready"
    HOOK_FAILS = "the postStart hook of “{container}” fails, so the container is ended again and again"
    CANT_START = "the container “{container}” can't start: {why}"
    VOLUME_MISSING = "the volume “{volume}” can't be mounted: there is no {kind} called “{name}”"
    KEY_MISSING = "the volume “{volume}” can't be mounted: the {kind} “{name}” has no key “{key}”"
    EVICTED = "the pod was evicted: {why}"


@dataclass(frozen=True, slots=True)
class ParsedObstacle:
    """A parsed sentence: its obstacle, and its names by placeholder (cut to 63 characters)."""

    obstacle: Obstacle
    names: Mapping[str, str]


def understood(sentence: str) -> ParsedObstacle | None:
    """Parse a sentence of this module; None for any other sentence."""
    for obstacle in Obstacle:
        if found := _form(obstacle).fullmatch(sentence):
            return ParsedObstacle(obstacle, found.groupdict())
    return None


def scheduling_gate(name: str) -> str:
    """``spec.schedulingGates`` isn't empty: the scheduler ignores the pod."""
    return _sentence(Obstacle.SCHEDULING_GATE, gate=name)


def no_scheduler(name: str) -> str:
    """``spec.schedulerName`` names a scheduler that doesn't exist."""
    return _sentence(Obstacle.NO_SCHEDULER, scheduler=name)


def no_node(name: str) -> str:
    """``spec.nodeName`` names a node that doesn't exist."""
    return _sentence(Obstacle.NO_NODE, node=name)


def readiness_gate(name: str) -> str:
    """``spec.readinessGates`` names a condition that nothing sets."""
    return _sentence(Obstacle.READINESS_GATE, condition=name)


def init_fails(container: str, code: int) -> str:
    """An init container exits with another code than 0: the kubelet runs it again and again."""
    return _sentence(Obstacle.INIT_FAILS, container=container, code=str(code))


def init_runs_on(container: str) -> str:
    """An init container doesn't end, so the next one isn't started."""
    return _sentence(Obstacle.INIT_RUNS_ON, container=container)


def ends(container: str, code: int) -> str:
    """A container that should run ends: the kubelet restarts it again and again, with growing delays."""
    return _sentence(Obstacle.ENDS, container=container, code=str(code))


def killed(container: str, probe: str) -> str:
    """A container is killed again and again by its own probe, which fails."""
    return _sentence(Obstacle.KILLED, container=container, probe=probe)


def port_taken(container: str, other: str, port: int) -> str:
    """Two programs of one pod listen on one port: the later one ends again and again."""
    return _sentence(Obstacle.PORT_TAKEN, container=container, other=other, port=str(port))


def not_ready(container: str) -> str:
    """A container runs, but its readiness or startup probe doesn't succeed."""
    return _sentence(Obstacle.NOT_READY, container=container)


def hook_fails(container: str) -> str:
    """A ``postStart`` hook fails: the container is ended and started again."""
    return _sentence(Obstacle.HOOK_FAILS, container=container)


def cant_start(container: str, why: str) -> str:
    """The kubelet can't create the container; ``why`` is its reason and message."""
    return _sentence(Obstacle.CANT_START, container=container, why=why[:_REASON])


def volume_missing(volume: str, kind: str, name: str) -> str:
    """A volume can't be mounted because its object doesn't exist."""
    return _sentence(Obstacle.VOLUME_MISSING, volume=volume, kind=kind, name=name)


def key_missing(volume: str, key: str, kind: str, name: str) -> str:
    """A volume can't be mounted because its object lacks one of the keys."""
    return _sentence(Obstacle.KEY_MISSING, volume=volume, key=key, kind=kind, name=name)


def evicted(why: str) -> str:
    """The kubelet ended the pod because it used more ephemeral storage than its limit."""
    return _sentence(Obstacle.EVICTED, why=why[:_REASON])


def _sentence(obstacle: Obstacle, **names: str) -> str:
    return obstacle.value.format(**{place: name if place == "why" else name[:_NAME] for place, name in names.items()})


@cache
def _form(obstacle: Obstacle) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(obstacle.value)), re.DOTALL)
