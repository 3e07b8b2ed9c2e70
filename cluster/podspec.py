"""What a Deployment's template says, defaults filled in, as the simulated kubelet reads it.

Defaults are the API's: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. The document was
admitted, so it is of the right shape; what a default stands for may be absent, null, or zero.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from cluster import baseline
from cluster.manifests import Document
from cluster.quantity import quantity
from cluster.shop.releases import MISSING_PROGRAMS, PORT, REPOSITORY, has_program

NODE_CPU, NODE_MEMORY = 4.0, 8 * 2**30
"""What the simulated node has free for pods, in cores and bytes."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe. ``asks`` is the path of an httpGet at the application's port; otherwise ``always`` is what comes of it.

    ``opens`` is true for a tcpSocket probe: it succeeds when the port is open.
    """

    asks: str | None
    always: bool | None
    opens: bool
    delay: float
    period: float
    timeout: float
    successes: int
    failures: int
    grace: float | None


@dataclass(frozen=True, slots=True)
class PodSpec:
    """The template as the kubelet sees it: times in seconds, memory in bytes, cpu in cores; None is no limit.

    ``refused`` says why the namespace doesn't let such a pod be created, ``unstartable`` why the kubelet can't start
    its container, ``impossible`` why no node has a place for it; each is empty where nothing stands in the way.
    """

    image: str
    runs_shop: bool
    liveness: Probe | None
    readiness: Probe | None
    startup: Probe | None
    memory_limit: float | None
    cpu_limit: float | None
    cpu_request: float
    memory_request: float
    grace: float
    pre_stop: float
    init: int
    refused: str
    unstartable: str
    impossible: str


@dataclass(frozen=True, slots=True)
class DeploymentSpec:
    """A Deployment as its controller sees it: surge and unavailability in pods, after percentages are resolved."""

    name: str
    replicas: int
    pod: PodSpec
    recreate: bool
    surge: int
    unavailable: int
    min_ready: float
    paused: bool


def read_deployment(document: Document) -> DeploymentSpec:
    """The Deployment that a document describes."""
    replicas = whole(document.get("spec", "replicas"), 1)
    rolling = _mapping(document.get("spec", "strategy", "rollingUpdate"))
    surge = _of(rolling.get("maxSurge"), replicas, math.ceil)
    unavailable = _of(rolling.get("maxUnavailable"), replicas, math.floor)
    return DeploymentSpec(
        name=str(document.get("metadata", "name") or "orders"),
        replicas=replicas,
        pod=read_pod(_mapping(document.get("spec", "template", "spec"))),
        recreate=document.get("spec", "strategy", "type") == "Recreate",
        surge=surge,
        # The controller never lets both be zero: kubernetes.io/docs/concepts/workloads/controllers/deployment/
        unavailable=unavailable if surge or unavailable else 1,
        min_ready=number(document.get("spec", "minReadySeconds"), 0),
        paused=document.get("spec", "paused") is True,
    )


def read_pod(spec: dict[str, Any]) -> PodSpec:
    """The pod that a template's spec describes."""
    every = [c for c in _list(spec.get("containers")) if isinstance(c, dict)]
    app = next((c for c in every if REPOSITORY in str(c.get("image"))), every[0] if every else {})
    sidecars = [c for c in _list(spec.get("initContainers")) if isinstance(c, dict)]
    limits = _mapping(_mapping(app.get("resources")).get("limits"))
    cpu, memory = (None if (of := quantity(limits.get(name))) is None else float(of) for name in ("cpu", "memory"))
    return PodSpec(
        image=str(app.get("image") or ""),
        runs_shop=not app.get("command"),
        liveness=_probe(app, "livenessProbe"),
        readiness=_probe(app, "readinessProbe"),
        startup=_probe(app, "startupProbe"),
        memory_limit=memory,
        cpu_limit=cpu,
        cpu_request=_requested(every, "cpu"),
        memory_request=_requested(every, "memory"),
        grace=number(spec.get("terminationGracePeriodSeconds"), 30, zero=True),
        pre_stop=_pre_stop(_mapping(_mapping(app.get("lifecycle")).get("preStop"))),
        init=sum(1 for c in sidecars if c.get("restartPolicy") != "Always"),
        refused=baseline.refused(spec),
        unstartable=_unstartable(spec, app),
        impossible=_impossible(spec),
    )


def number(value: Any, default: float, *, zero: bool = False) -> float:
    """A number from the document. Zero and nothing become the default, as the API's defaulting has it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return float(value) if value or zero else default


def whole(value: Any, default: int) -> int:
    """A count from the document, where zero means zero."""
    return int(number(value, default, zero=True))


def _probe(container: dict[str, Any], field: str) -> Probe | None:
    probe = _mapping(container.get(field))
    if not probe:
        return None
    asks, always, opens = _handler(container, probe)
    grace = probe.get("terminationGracePeriodSeconds")
    return Probe(
        asks=asks, always=always, opens=opens,
        delay=number(probe.get("initialDelaySeconds"), 0),
        period=number(probe.get("periodSeconds"), 10),
        timeout=number(probe.get("timeoutSeconds"), 1),
        successes=int(number(probe.get("successThreshold"), 1)),
        failures=int(number(probe.get("failureThreshold"), 3)),
        grace=None if grace is None else number(grace, 30),
    )  # fmt: skip


def _handler(container: dict[str, Any], probe: dict[str, Any]) -> tuple[str | None, bool | None, bool]:
    if get := _mapping(probe.get("httpGet")):
        if str(get.get("scheme") or "HTTP") != "HTTP" or get.get("host") or _port(container, get.get("port")) != PORT:
            return None, False, False
        path = str(get.get("path") or "/").split("?")[0]
        return path if path.startswith("/") else f"/{path}", None, False
    if socket := _mapping(probe.get("tcpSocket")):
        return None, None if _port(container, socket.get("port")) == PORT else False, True
    if command := _mapping(probe.get("exec")):
        return None, _runs(_list(command.get("command"))), False
    return None, False, False  # grpc: the shop doesn't speak it


def _runs(command: list[Any]) -> bool:
    """Whether an exec probe's command can succeed: its program is in the image, and so are those of its script."""
    return bool(command) and has_program(str(command[0])) and not any(_runs_missing(word) for word in command[1:])


def _runs_missing(word: Any) -> bool:
    programs = {part.rpartition("/")[2] for part in re.split(r"[\s;|&()]+", str(word)[:2000])}
    return bool(programs & MISSING_PROGRAMS)


def _port(container: dict[str, Any], port: Any) -> int | None:
    if isinstance(port, str):
        named = (p for p in _list(container.get("ports")) if isinstance(p, dict) and p.get("name") == port)
        port = next((p.get("containerPort") for p in named), None)
    return whole(port, -1)


def _pre_stop(hook: dict[str, Any]) -> float:
    if sleep := _mapping(hook.get("sleep")):
        return number(sleep.get("seconds"), 0)
    words = " ".join(str(w) for w in _list(_mapping(hook.get("exec")).get("command")))[:2000]
    found = re.search(r"\bsleep\s+(\d{1,6}(?:\.\d{1,6})?)\b", words)
    return float(found[1]) if found else 0.0


def _requested(containers: list[dict[str, Any]], name: str) -> float:
    total = 0.0
    for container in containers:
        resources = _mapping(container.get("resources"))
        # A limit without a request is taken as the request too.
        for kind in ("requests", "limits"):
            if (value := quantity(_mapping(resources.get(kind)).get(name))) is not None:
                total += float(value)
                break
    return total


def _unstartable(spec: dict[str, Any], app: dict[str, Any]) -> str:
    context = {**_mapping(spec.get("securityContext")), **_mapping(app.get("securityContext"))}
    if context.get("runAsNonRoot") is True and context.get("runAsUser") == 0:
        return "CreateContainerConfigError: container's runAsUser breaks non-root policy"
    command = _list(app.get("command"))
    if command and REPOSITORY in str(app.get("image")) and not has_program(str(command[0])):
        return f"RunContainerError: {str(command[0])[:60]} isn't in the image"
    return ""


def _impossible(spec: dict[str, Any]) -> str:
    known = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    for key, value in _mapping(spec.get("nodeSelector")).items():
        if known.get(key) != value:
            return f"no node has the label {key}={value}"
    return ""


def _of(value: Any, replicas: int, rounded: Any) -> int:
    if value is None:
        value = "25%"
    if isinstance(value, str):
        percent = value.removesuffix("%")
        return int(rounded(replicas * int(percent) / 100)) if percent.isdigit() and len(percent) < 9 else 0  # noqa: PLR2004
    return whole(value, 0)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
