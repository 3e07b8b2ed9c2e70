"""A container as the kubelet sees it: its program, its probes, its hooks and its limits, defaults filled in.

Defaults are the API's: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. The document was
admitted, so it has the right shape; a field with a default may be absent, null, or zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.manifests.quantity import quantity
from cluster.manifests.shapes import listing, mapping
from cluster.pods.container_commands import missing_program, outcome, succeeds
from cluster.pods.probing import requested_path
from cluster.pods.program import Program


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe. ``asks`` is the path of an httpGet at the program's port; for other probes ``always`` is the constant result.

    A tcpSocket probe, which only connects, has neither. ``unasked`` marks a probe that the kubelet can't run: its port
    has a name that the container lacks, or its command a program that the image lacks. The kubelet drops its results:
    liveness never fails then, and readiness and startup never succeed (``doProbe`` in
    k8s.io/kubernetes/pkg/kubelet/prober). ``always`` is False then.
    """

    asks: str | None
    always: bool | None
    unasked: bool
    delay: float
    period: float
    timeout: float
    successes: int
    failures: int
    grace: float | None

    @property
    def kills(self) -> bool:
        """Whether it fails again and again, so that the kubelet kills the container."""
        return self.always is False and not self.unasked

    @property
    def noticed(self) -> float:
        """Seconds from a container's start until the probe has failed often enough, at the earliest."""
        return self.delay + self.period * (self.failures - 1)


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod: its program, its probes, its limits (memory in bytes, CPU in cores; None means no limit).

    ``native`` is an init container with ``restartPolicy: Always``, a sidecar that starts before the others.
    ``hook`` is how long ``postStart`` takes, in seconds, or None if it fails; ``pre_stop`` how long ``preStop`` takes.
    ``lost`` says why its variables can't be resolved, in the kubelet's words.
    """

    name: str
    program: Program
    liveness: Probe | None
    readiness: Probe | None
    startup: Probe | None
    memory_limit: float | None
    cpu_limit: float | None
    hook: float | None
    pre_stop: float
    native: bool
    lost: str


Ports = Mapping[int, Program]
"""The programs of a pod by the port on which they listen: its containers share one network."""


def read_container(
    container: dict[str, Any], spec: dict[str, Any], runs: Program, ports: Ports, lost: str
) -> Container:
    """Read a container of a pod with that spec and program; limits of the whole pod apply to each of its containers."""
    limits = mapping(mapping(container.get("resources")).get("limits"))
    cpu, memory = (None if (of := quantity(limits.get(name))) is None else float(of) for name in ("cpu", "memory"))
    whole_pod = mapping(mapping(spec.get("resources")).get("limits"))
    cpu_of_all, memory_of_all = (
        None if (of := quantity(whole_pod.get(name))) is None else float(of) for name in ("cpu", "memory")
    )
    lifecycle = mapping(container.get("lifecycle"))
    return Container(
        name=str(container.get("name") or ""),
        program=runs,
        liveness=_probe(container, runs, ports, "livenessProbe"),
        readiness=_probe(container, runs, ports, "readinessProbe"),
        startup=_probe(container, runs, ports, "startupProbe"),
        memory_limit=_least(memory, memory_of_all),
        cpu_limit=_least(cpu, cpu_of_all),
        hook=_post_start(runs, mapping(lifecycle.get("postStart"))),
        pre_stop=_pre_stop(mapping(lifecycle.get("preStop"))),
        native=is_native(container),
        lost=lost,
    )


def _least(one: float | None, other: float | None) -> float | None:
    # The kubelet sets no limit for 0.
    return min((limit for limit in (one, other) if limit), default=None)


def is_native(container: dict[str, Any]) -> bool:
    """Whether an init container is a sidecar, which runs as long as the pod does."""
    return container.get("restartPolicy") == "Always"


def _probe(container: dict[str, Any], runs: Program, ports: Ports, field: str) -> Probe | None:
    probe = mapping(container.get(field))
    if not probe:
        return None
    timeout = number(probe.get("timeoutSeconds"), 1)
    asks, always = (None, True) if runs.assumed else _handler(container, runs, ports, probe, timeout)
    grace = probe.get("terminationGracePeriodSeconds")
    return Probe(
        asks=asks, always=always, unasked=not runs.assumed and _unasked(container, probe),
        delay=number(probe.get("initialDelaySeconds"), 0),
        period=number(probe.get("periodSeconds"), 10),
        timeout=timeout,
        successes=int(number(probe.get("successThreshold"), 1)),
        failures=int(number(probe.get("failureThreshold"), 3)),
        grace=None if grace is None else number(grace, 30),
    )  # fmt: skip


def _handler(
    container: dict[str, Any], runs: Program, ports: Ports, probe: dict[str, Any], timeout: float
) -> tuple[str | None, bool | None]:
    """Return the path that a probe requests from the container's own program, or the probe's constant result."""
    if get := mapping(probe.get("httpGet")):
        asked = _at(runs, ports, _port(container, get.get("port")))
        if str(get.get("scheme") or "HTTP") != "HTTP" or get.get("host") or asked is None:
            return None, False
        path = requested_path(str(get.get("path") or "/"))
        if asked is runs and path in runs.answers:
            return path, None
        return None, path in asked.answers
    if socket := mapping(probe.get("tcpSocket")):
        asked = _at(runs, ports, _port(container, socket.get("port")))
        return None, None if asked is runs else asked is not None
    if command := mapping(probe.get("exec")):
        return None, succeeds(listing(command.get("command")), timeout)
    return None, False  # grpc: the shop doesn't speak it


def _unasked(container: dict[str, Any], probe: dict[str, Any]) -> bool:
    for handler in ("httpGet", "tcpSocket"):
        port = mapping(probe.get(handler)).get("port")
        if isinstance(port, str) and _port(container, port) == -1:
            return True
    command = mapping(probe.get("exec"))
    return bool(command and missing_program(listing(command.get("command"))))


def _at(runs: Program, ports: Ports, port: int | None) -> Program | None:
    """Return the program that listens on a port of the pod: the container's own or another one's."""
    if port is None:
        return None
    return runs if port == runs.listens else ports.get(port)


def _port(container: dict[str, Any], port: Any) -> int | None:
    if isinstance(port, str):
        named = (p for p in listing(container.get("ports")) if isinstance(p, dict) and p.get("name") == port)
        port = next((p.get("containerPort") for p in named), None)
    return whole(port, -1)


def _pre_stop(hook: dict[str, Any]) -> float:
    if sleep := mapping(hook.get("sleep")):
        return number(sleep.get("seconds"), 0)
    command = listing(mapping(hook.get("exec")).get("command"))
    if found := outcome(command):
        return found.seconds
    words = re.search(r"\bsleep\s+(\d{1,6}(?:\.\d{1,6})?)\b", " ".join(str(w) for w in command)[:2000])
    return float(words[1]) if words else 0.0


def _post_start(runs: Program, hook: dict[str, Any]) -> float | None:
    """Return how long the hook takes, or None if it fails. It runs while the process starts: no port is open yet."""
    if runs.assumed or not hook:
        return 0.0
    if sleep := mapping(hook.get("sleep")):
        return number(sleep.get("seconds"), 0)
    if "exec" not in hook:
        return None
    command = listing(mapping(hook.get("exec")).get("command"))
    if not succeeds(command, math.inf):
        return None
    found = outcome(command)
    return found.seconds if found else 0.0


def number(value: Any, default: float, *, zero: bool = False) -> float:
    """Return a number from the document. Zero and null become the default, as in the API's defaulting."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return float(value) if value or zero else default


def whole(value: Any, default: int) -> int:
    """Return a count from the document; zero stays zero."""
    return int(number(value, default, zero=True))
