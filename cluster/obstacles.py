"""What keeps a pod from being ready, in the words of both worlds.

The simulated cluster reads it in the manifest, a real one in the pod's status; a card says the same of both. Each sentence
names what the learner wrote. Where the words come from: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/.
"""

from __future__ import annotations

_NAME = 63


def scheduling_gate(name: str) -> str:
    """``spec.schedulingGates`` isn't empty: the scheduler doesn't look at the pod."""
    return f"the scheduling gate {_quoted(name)} is never taken away"


def no_scheduler(name: str) -> str:
    """``spec.schedulerName`` names a scheduler that isn't there."""
    return f"no scheduler is called {_quoted(name)}, so nobody looks for a node"


def no_node(name: str) -> str:
    """``spec.nodeName`` names a node that isn't there."""
    return f"there is no node called {_quoted(name)}"


def readiness_gate(name: str) -> str:
    """``spec.readinessGates`` names a condition that nothing sets."""
    return f"nothing sets the condition {_quoted(name)} of its readinessGates"


def init_fails(container: str, code: int) -> str:
    """An init container ends with another exit code than 0: it is run again and again."""
    return f"the init container {_quoted(container)} ends with exit code {code}, again and again"


def init_runs_on(container: str) -> str:
    """An init container doesn't end, so the next one isn't started."""
    return f"the init container {_quoted(container)} doesn't end, so nothing after it starts"


def ends(container: str, code: int) -> str:
    """A container that should run ends: it is started again and again, with longer and longer pauses."""
    return f"the container {_quoted(container)} ends with exit code {code}, again and again"


def killed(container: str, probe: str) -> str:
    """A container is killed again and again by its own probe, which fails."""
    return f"the container {_quoted(container)} is restarted again and again: its {probe} probe fails"


def port_taken(container: str, other: str, port: int) -> str:
    """Two programs of one pod listen at one port: the one that comes later ends, again and again."""
    return f"the containers {_quoted(other)} and {_quoted(container)} both listen at port {port}, and a pod has each port once"


def not_ready(container: str) -> str:
    """A container runs, and its readiness or startup probe doesn't succeed."""
    return f"the container {_quoted(container)} runs and isn't ready"


def hook_fails(container: str) -> str:
    """A ``postStart`` hook fails: the container is ended and started again."""
    return f"the postStart hook of {_quoted(container)} fails, so the container is ended again and again"


def cant_start(container: str, why: str) -> str:
    """The kubelet can't make the container; ``why`` is its reason and message."""
    return f"the container {_quoted(container)} can't start: {why[:300]}"


def volume_missing(volume: str, kind: str, name: str) -> str:
    """A volume can't be mounted, as the object that it is made from isn't there."""
    return f"the volume {_quoted(volume)} can't be mounted: there is no {kind} called {_quoted(name)}"


def key_missing(volume: str, key: str, kind: str, name: str) -> str:
    """A volume can't be mounted, as the object that it is made from hasn't got one of its keys."""
    return f"the volume {_quoted(volume)} can't be mounted: the {kind} {_quoted(name)} has no key {_quoted(key)}"


def evicted(why: str) -> str:
    """The kubelet ended the pod, as it used more ephemeral storage than its limit."""
    return f"the pod was evicted: {why[:300]}"


def _quoted(name: str) -> str:
    return f"“{name[:_NAME]}”"
