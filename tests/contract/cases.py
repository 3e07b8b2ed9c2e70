"""The Deployments that both worlds run: reference answers, one-edit mutations, and generated probe settings.

A generated case is kept only if nothing in it happens within ``MARGIN`` seconds of a threshold, so that both worlds have
one verdict to agree on, whatever a probe's phase. For the same reason there is no liveness probe here that always fails:
whether its restarts fall into the update is chance.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from cluster.scenario import HANG_MOST, OUTAGE_MOST, RECOVERED_WITHIN, outage_seconds
from cluster.shop.releases import RELEASES, SLOW

Manifest = dict[str, Any]
Edit = Callable[[Manifest], Any]

MARGIN = 2.0
GENERATED, KILLED_EARLY = 22, 4
"""How many cases are generated, and how many of them at most whose slow start is taken for a hang: those take long."""

SEED = 20

_REFERENCE = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 3
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers:
        - name: orders
          image: shop/orders:1.0.0
          ports: [{name: http, containerPort: 8080}]
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: 500m, memory: 512Mi}
          livenessProbe: {httpGet: {path: /healthz, port: 8080}}
          readinessProbe: {httpGet: {path: /readyz, port: 8080}}
"""

_BESIDE = """
---
apiVersion: v1
kind: Service
metadata: {name: orders}
spec: {selector: {app: orders}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: orders}
spec: {minAvailable: 2, selector: {matchLabels: {app: orders}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {GREETING: hello}
"""


def cases() -> dict[str, str]:
    """Every case's manifest by its name."""
    edited = {name: _written(edit) for name, edit in {**_RIGHT, **_EDITS}.items()}
    edited["with-what-stands-beside-it"] = _written(_from_config_map) + _BESIDE
    return edited | {f"probes-{number:02}": _written(edit) for number, edit in enumerate(_generated(), 1)}


def _written(edit: Edit) -> str:
    manifest = yaml.safe_load(_REFERENCE)
    edit(manifest)
    return str(yaml.safe_dump(manifest, sort_keys=False))


def _spec(manifest: Manifest) -> Manifest:
    spec: Manifest = manifest["spec"]["template"]["spec"]
    return spec


def _app(manifest: Manifest) -> Manifest:
    container: Manifest = _spec(manifest)["containers"][0]
    return container


def _set(**fields: Any) -> Edit:
    return lambda m: _app(m).update(fields)


def _without(*fields: str) -> Edit:
    return lambda m: [_app(m).pop(field) for field in fields]


def _pod(**fields: Any) -> Edit:
    return lambda m: _spec(m).update(fields)


def _deployment(**fields: Any) -> Edit:
    return lambda m: m["spec"].update(fields)


def _probe(which: str, **fields: Any) -> Edit:
    return lambda m: _app(m)[f"{which}Probe"].update(fields)


def _asks(which: str, path: str, port: int | str = 8080) -> Edit:
    return _probe(which, httpGet={"path": path, "port": port})


def _get(path: str) -> Manifest:
    return {"httpGet": {"path": path, "port": 8080}}


def _limits(**limits: str) -> Edit:
    return lambda m: _app(m)["resources"].update(limits=limits)


def _rolling(surge: int | str, unavailable: int | str) -> Edit:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}
    return _deployment(strategy=strategy)


def _both(*edits: Edit) -> Edit:
    return lambda m: [edit(m) for edit in edits]


def _from_config_map(manifest: Manifest) -> None:
    _app(manifest)["envFrom"] = [{"configMapRef": {"name": "settings"}}]


def _sidecar(manifest: Manifest) -> None:
    resources = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "50m", "memory": "64Mi"}}
    sidecar = {"name": "sidecar", "image": "shop/sidecar:1.0.0", "resources": resources}
    _spec(manifest)["containers"].append(sidecar)


def _hardened(manifest: Manifest) -> None:
    _spec(manifest)["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    _app(manifest)["securityContext"] = {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip


_SLEEP = {"preStop": {"sleep": {"seconds": 5}}}

_RIGHT: dict[str, Edit] = {
    "reference": lambda _m: None,
    "startup-probe": _set(startupProbe=_get("/startupz") | {"periodSeconds": 2, "failureThreshold": 30}),
    "named-ports": _both(_asks("liveness", "/healthz", "http"), _asks("readiness", "/readyz", "http")),
    "sidecar": _sidecar,
    "hardened": _hardened,
    "init-container": _pod(
        initContainers=[{"name": "wait", "image": "shop/orders:1.0.0", "command": ["/bin/sh", "-c", "exit 0"]}]
    ),
    "pre-stop": _both(_set(lifecycle=_SLEEP), _pod(terminationGracePeriodSeconds=45)),
    "five-replicas": _deployment(replicas=5),
    "one-at-a-time": _rolling(1, 0),
    "min-ready": _deployment(minReadySeconds=5),
}

_EDITS: dict[str, Edit] = {
    "no-liveness": _without("livenessProbe"),
    "no-readiness": _without("readinessProbe"),
    "no-probes": _without("livenessProbe", "readinessProbe"),
    "liveness-asks-readiness": _asks("liveness", "/readyz"),
    "readiness-asks-health": _asks("readiness", "/healthz"),
    "swapped-probes": _both(_asks("liveness", "/readyz"), _asks("readiness", "/healthz")),
    "readiness-port-wrong": _asks("readiness", "/readyz", 80),
    "liveness-too-eager": _probe("liveness", periodSeconds=2, failureThreshold=2),
    "startup-too-short": _set(startupProbe=_get("/startupz") | {"periodSeconds": 2, "failureThreshold": 3}),
    "tcp-probes": _both(
        _set(livenessProbe={"tcpSocket": {"port": 8080}}), _set(readinessProbe={"tcpSocket": {"port": 8080}})
    ),
    "exec-liveness-true": _set(livenessProbe={"exec": {"command": ["/bin/true"]}}),
    "exec-readiness-missing": _set(readinessProbe={"exec": {"command": ["curl", "-f", "localhost:8080/readyz"]}}),
    "readiness-slow-to-notice": _probe("readiness", periodSeconds=30),
    "no-limits": lambda m: _app(m)["resources"].pop("limits"),
    "no-memory-limit": _limits(cpu="500m"),
    "no-resources": _without("resources"),
    "memory-limit-tiny": _both(
        _limits(cpu="500m", memory="16Mi"),
        lambda m: _app(m)["resources"].update(requests={"cpu": "100m", "memory": "16Mi"}),
    ),
    "cpu-limit-tiny": _both(
        _limits(cpu="20m", memory="512Mi"),
        lambda m: _app(m)["resources"].update(requests={"cpu": "20m", "memory": "128Mi"}),
    ),
    "more-cpu-than-a-node": _both(
        _limits(cpu="100", memory="512Mi"),
        lambda m: _app(m)["resources"].update(requests={"cpu": "100", "memory": "128Mi"}),
    ),
    "image-tag-missing": _set(image="shop/orders:9.9.9"),
    "image-latest": _set(image="shop/orders:latest"),
    "image-uppercase": _set(image="Shop/Orders:1.0.0"),
    "one-replica": _deployment(replicas=1),
    "no-replica": _deployment(replicas=0),
    "paused": _deployment(paused=True),
    "recreate": _deployment(strategy={"type": "Recreate"}),
    "all-unavailable": _rolling(0, "100%"),
    "one-unavailable": _rolling(0, 1),
    "grace-2": _pod(terminationGracePeriodSeconds=2),
    "grace-0": _pod(terminationGracePeriodSeconds=0),
    "pre-stop-longer-than-grace": _both(
        _set(lifecycle={"preStop": {"sleep": {"seconds": 12}}}), _pod(terminationGracePeriodSeconds=10)
    ),
    "command-overridden": _set(command=["sleep", "3600"]),
    "no-such-command": _set(command=["serve-orders"]),
    "memory-in-thousandths": lambda m: _app(m)["resources"].update(
        requests={"cpu": "100m", "memory": "128m"}, limits={"cpu": "500m", "memory": "512m"}
    ),
    "node-selector": _pod(nodeSelector={"disk": "ssd"}),
    "privileged": _set(securityContext={"privileged": True}),
    "host-network": _pod(hostNetwork=True),
    "host-path": _pod(volumes=[{"name": "host", "hostPath": {"path": "/etc"}}]),
    "host-port": lambda m: _app(m)["ports"][0].update(hostPort=8080),
    "root-forbidden-and-asked": _set(securityContext={"runAsNonRoot": True, "runAsUser": 0}),
    "liveness-with-a-grace-of-its-own": _probe("liveness", terminationGracePeriodSeconds=3),
}


def _generated() -> Iterator[Edit]:
    """Probe settings at random, always the same ones, none of them near a threshold."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    found = killed = 0
    while found < GENERATED:
        liveness = _settings(chance, periods=(2, 3, 5, 7, 10, 15, 20, 30), failures=(1, 2, 3, 4, 6))
        readiness = _settings(chance, periods=(1, 2, 3, 5, 8, 10, 15, 20), failures=(1, 2, 3, 5))
        startup = None
        if chance.random() < 0.35:
            startup = _settings(chance, periods=(1, 2, 3, 5), failures=(2, 4, 8, 12, 20))
        eager = _noticed(startup or liveness, first=True)[1] < RELEASES[SLOW].start
        if clear(liveness, readiness, startup) and (killed < KILLED_EARLY or not eager):
            found, killed = found + 1, killed + eager
            yield _probes(liveness, readiness, startup)


def _settings(chance: random.Random, periods: tuple[int, ...], failures: tuple[int, ...]) -> dict[str, int]:
    return {
        "initialDelaySeconds": chance.choice((0, 0, 0, 5, 12)),
        "periodSeconds": chance.choice(periods),
        "timeoutSeconds": chance.choice((1, 1, 2, 5)),
        "failureThreshold": chance.choice(failures),
    }


def _probes(liveness: dict[str, int], readiness: dict[str, int], startup: dict[str, int] | None) -> Edit:
    def edit(manifest: Manifest) -> None:
        _app(manifest)["livenessProbe"].update(liveness)
        _app(manifest)["readinessProbe"].update(readiness)
        if startup is not None:
            _app(manifest)["startupProbe"] = _get("/startupz") | copy.copy(startup)

    return edit


def clear(liveness: dict[str, int], readiness: dict[str, int], startup: dict[str, int] | None) -> bool:
    """Whether what comes of these settings is the same whatever the probes' phases, with ``MARGIN`` seconds to spare."""
    held = outage_seconds(
        *((s["periodSeconds"], s["failureThreshold"], s["timeoutSeconds"]) for s in (readiness, liveness))
    )
    back = readiness["periodSeconds"] + 1
    return (
        _one_side(RELEASES[SLOW].start + 1, *_noticed(startup or liveness, first=True))
        and (startup is None or _noticed(startup, first=True)[0] > 4 + MARGIN)
        and (startup is not None or _noticed(liveness, first=True)[0] > 4 + MARGIN)
        and _one_side(HANG_MOST - 8, *_noticed(liveness))
        and _noticed(readiness)[1] + MARGIN < held <= OUTAGE_MOST
        and back + MARGIN < RECOVERED_WITHIN
    )  # fmt: skip


def _noticed(settings: dict[str, int], *, first: bool = False) -> tuple[float, float]:
    """The earliest and the latest that a probe has failed often enough, in seconds after its first chance to."""
    period, failures = settings["periodSeconds"], settings["failureThreshold"]
    delay = settings["initialDelaySeconds"] if first else 0
    timeout = 0 if first else settings["timeoutSeconds"]
    return delay + period * (failures - 1) + timeout, delay + period * failures + timeout


def _one_side(threshold: float, earliest: float, latest: float) -> bool:
    return latest + MARGIN < threshold or earliest - MARGIN > threshold
