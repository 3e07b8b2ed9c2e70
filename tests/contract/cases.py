"""The Deployments that both worlds run: reference answers, one-edit mutations, and generated probe settings.

A generated case is kept only if nothing in it happens within ``MARGIN`` seconds of a threshold, so that both worlds have
one verdict to agree on, at any probe's phase.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator

from cluster.shop.releases import RELEASES, SLOW
from cluster.train.stops import HANG_MOST, OUTAGE_MOST, RECOVERED_WITHIN, outage_seconds
from tests.contract import obstructed, unusual
from tests.contract.edits import (
    Edit,
    Manifest,
    app,
    asks,
    both,
    container,
    deployment,
    get,
    helper,
    limits,
    pod,
    probe,
    rolling,
    spec,
    without,
    written,
)  # fmt: skip

MARGIN = 2.0
GENERATED, KILLED_EARLY = 22, 4
"""How many cases are generated, and how many of them at most whose slow start is taken for a hang: those take long."""

SEED = 20

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
    edited = {name: written(edit) for name, edit in {**_RIGHT, **_EDITS}.items()}
    edited["with-what-stands-beside-it"] = written(_from_config_map) + _BESIDE
    edited |= obstructed.cases() | unusual.cases()
    return edited | {f"probes-{number:02}": written(edit) for number, edit in enumerate(_generated(), 1)}


def _from_config_map(manifest: Manifest) -> None:
    app(manifest)["envFrom"] = [{"configMapRef": {"name": "settings"}}]


def _sidecar(manifest: Manifest) -> None:
    spec(manifest)["containers"].append(helper(name="sidecar"))


def _hardened(manifest: Manifest) -> None:
    spec(manifest)["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    app(manifest)["securityContext"] = {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip


_SLEEP = {"preStop": {"sleep": {"seconds": 5}}}

_RIGHT: dict[str, Edit] = {
    "reference": lambda _m: None,
    "startup-probe": container(startupProbe=get("/startupz") | {"periodSeconds": 2, "failureThreshold": 30}),
    "named-ports": both(asks("liveness", "/healthz", "http"), asks("readiness", "/readyz", "http")),
    "sidecar": _sidecar,
    "hardened": _hardened,
    "init-container": pod(
        initContainers=[{"name": "wait", "image": "shop/orders:1.0.0", "command": ["/bin/sh", "-c", "exit 0"]}]
    ),
    "pre-stop": both(container(lifecycle=_SLEEP), pod(terminationGracePeriodSeconds=45)),
    "five-replicas": deployment(replicas=5),
    "one-at-a-time": rolling(1, 0),
    "min-ready": deployment(minReadySeconds=5),
}

_EDITS: dict[str, Edit] = {
    "no-liveness": without("livenessProbe"),
    "no-readiness": without("readinessProbe"),
    "no-probes": without("livenessProbe", "readinessProbe"),
    "liveness-asks-readiness": asks("liveness", "/readyz"),
    "readiness-asks-health": asks("readiness", "/healthz"),
    "swapped-probes": both(asks("liveness", "/readyz"), asks("readiness", "/healthz")),
    "readiness-port-wrong": asks("readiness", "/readyz", 80),
    "liveness-too-eager": probe("liveness", periodSeconds=2, failureThreshold=2),
    "startup-too-short": container(startupProbe=get("/startupz") | {"periodSeconds": 2, "failureThreshold": 3}),
    "tcp-probes": both(
        container(livenessProbe={"tcpSocket": {"port": 8080}}), container(readinessProbe={"tcpSocket": {"port": 8080}})
    ),
    "exec-liveness-true": container(livenessProbe={"exec": {"command": ["/bin/true"]}}),
    "exec-readiness-missing": container(readinessProbe={"exec": {"command": ["curl", "-f", "localhost:8080/readyz"]}}),
    "readiness-slow-to-notice": probe("readiness", periodSeconds=30),
    "no-limits": lambda m: app(m)["resources"].pop("limits"),
    "no-memory-limit": limits(cpu="500m"),
    "no-resources": without("resources"),
    "memory-limit-tiny": both(
        limits(cpu="500m", memory="16Mi"),
        lambda m: app(m)["resources"].update(requests={"cpu": "100m", "memory": "16Mi"}),
    ),
    "cpu-limit-tiny": both(
        limits(cpu="20m", memory="512Mi"),
        lambda m: app(m)["resources"].update(requests={"cpu": "20m", "memory": "128Mi"}),
    ),
    "more-cpu-than-a-node": both(
        limits(cpu="100", memory="512Mi"),
        lambda m: app(m)["resources"].update(requests={"cpu": "100", "memory": "128Mi"}),
    ),
    "image-tag-missing": container(image="shop/orders:9.9.9"),
    "image-latest": container(image="shop/orders:latest"),
    "image-uppercase": container(image="Shop/Orders:1.0.0"),
    "one-replica": deployment(replicas=1),
    "no-replica": deployment(replicas=0),
    "paused": deployment(paused=True),
    "recreate": deployment(strategy={"type": "Recreate"}),
    "all-unavailable": rolling(0, "100%"),
    "one-unavailable": rolling(0, 1),
    "grace-2": pod(terminationGracePeriodSeconds=2),
    "grace-0": pod(terminationGracePeriodSeconds=0),
    "pre-stop-longer-than-grace": both(
        container(lifecycle={"preStop": {"sleep": {"seconds": 12}}}), pod(terminationGracePeriodSeconds=10)
    ),
    "command-overridden": container(command=["sleep", "3600"]),
    "no-such-command": container(command=["serve-orders"]),
    "memory-in-thousandths": lambda m: app(m)["resources"].update(
        requests={"cpu": "100m", "memory": "128m"}, limits={"cpu": "500m", "memory": "512m"}
    ),
    "node-selector": pod(nodeSelector={"disk": "ssd"}),
    "privileged": container(securityContext={"privileged": True}),
    "host-network": pod(hostNetwork=True),
    "host-path": pod(volumes=[{"name": "host", "hostPath": {"path": "/etc"}}]),
    "host-port": lambda m: app(m)["ports"][0].update(hostPort=8080),
    "root-forbidden-and-asked": container(securityContext={"runAsNonRoot": True, "runAsUser": 0}),
    "liveness-with-a-grace-of-its-own": probe("liveness", terminationGracePeriodSeconds=3),
}


def _generated() -> Iterator[Edit]:
    """Random probe settings with a fixed seed, none of them near a threshold."""
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
        app(manifest)["livenessProbe"].update(liveness)
        app(manifest)["readinessProbe"].update(readiness)
        if startup is not None:
            app(manifest)["startupProbe"] = get("/startupz") | copy.copy(startup)

    return edit


def clear(liveness: dict[str, int], readiness: dict[str, int], startup: dict[str, int] | None) -> bool:
    """Whether these settings lead to the same result at all probe phases, with ``MARGIN`` seconds to spare."""
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
    """The earliest and the latest time at which a probe has failed often enough, in seconds after it could first fail."""
    period, failures = settings["periodSeconds"], settings["failureThreshold"]
    delay = settings["initialDelaySeconds"] if first else 0
    timeout = 0 if first else settings["timeoutSeconds"]
    return delay + period * (failures - 1) + timeout, delay + period * failures + timeout


def _one_side(threshold: float, earliest: float, latest: float) -> bool:
    return latest + MARGIN < threshold or earliest - MARGIN > threshold
