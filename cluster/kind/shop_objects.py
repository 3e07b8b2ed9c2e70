"""The shop as objects of a cluster: for each part a pod, a Service, and a NetworkPolicy for its callers.

All objects are ours: from a learner's drawing come only the set of parts and who calls whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.kind.guards import MANAGED, OURS, Object
from cluster.shop.releases import NATS, POSTGRES, REDIS, REPOSITORY
from cluster.shop.wiring import API, BROKER, CACHE, DATABASE, RELAY, WORKER, Wiring

SINK, VISITOR = "sink", "visitor"
IMAGE = f"{REPOSITORY}:1.0.0"
PORT, SMTP_PORT, CONTROL_PORT = 8080, 2525, 8081
PART = "workbook/part"
"""The label with a pod's part of the shop."""

PROGRAMS: Mapping[str, str] = {
    API: "shop.api", WORKER: "shop.worker", RELAY: "shop.outbox", SINK: "shop.sink", VISITOR: "shop.visitor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EngineOf:
    """An engine's image and port, and the address for its clients."""

    image: str
    port: int
    url: str
    variable: str


ENGINES: Mapping[str, EngineOf] = {
    DATABASE: EngineOf(POSTGRES, 5432, "postgresql://postgres:{password}@{at}:5432/postgres", "DATABASE_URL"),
    CACHE: EngineOf(REDIS, 6379, "redis://:{password}@{at}:6379/0", "REDIS_URL"),
    BROKER: EngineOf(NATS, 4222, "nats://shop:{password}@{at}:4222", "NATS_URL"),
}


def ports(part: str) -> tuple[int, ...]:
    """Return the ports on which a part listens for the others."""
    if part in ENGINES:
        return (ENGINES[part].port,)
    return (PORT, SMTP_PORT) if part == SINK else (PORT,)


def service(part: str) -> Object:
    """Return the Service in front of a part."""
    every = [{"name": f"p{port}", "port": port, "targetPort": port} for port in ports(part)]
    return _object("v1", "Service", part, spec={"selector": {PART: part}, "ports": every})


def policy(part: str, callers: Iterable[str]) -> Object:
    """Who may call a part: only those with an arrow to it."""
    peers = [{"podSelector": {"matchLabels": {PART: caller}}} for caller in sorted(callers)]
    spec: Object = {"podSelector": {"matchLabels": {PART: part}}, "policyTypes": ["Ingress"], "ingress": []}
    if peers:
        spec["ingress"] = [{"from": peers, "ports": [{"port": port} for port in ports(part)]}]
    return _object("networking.k8s.io/v1", "NetworkPolicy", part, spec=spec)


def callers(part: str, wiring: Wiring) -> set[str]:
    """Return who calls a part: the parts with an arrow to it, the worker for the mail server, and always our visitor."""
    drawn = {caller for caller, called in wiring.connections if called == part}
    return drawn | {VISITOR} | ({WORKER} if part == SINK else set())


def engine_pod(part: str, password: str) -> Object:
    """Return an engine's pod."""
    engine = ENGINES[part]
    container = {
        "name": part, "image": engine.image, "imagePullPolicy": "IfNotPresent",
        "env": [{"name": "ENGINE_PASSWORD", "value": password}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
        "readinessProbe": {"tcpSocket": {"port": engine.port}, "periodSeconds": 1, "failureThreshold": 1},
        **_small("96Mi", "384Mi"),
    }  # fmt: skip
    volumes = [{"name": name, "emptyDir": {"sizeLimit": "512Mi"}} for name in ("data", "tmp")]
    return _pod(part, container, volumes=volumes, securityContext={"fsGroup": 10001})


def program_pod(part: str, given: Mapping[str, str], prefix: str) -> Object:
    """A program's pod; ``given`` are the addresses that it gets."""
    said = {"PORT": str(PORT), "SHOP_SERVES_ON": "0", "SHOP_PREFIX": prefix, **given}
    path = "/readyz" if part in (API, WORKER, RELAY) else ""
    probe: Object = {"httpGet": {"path": path, "port": PORT}} if path else {"tcpSocket": {"port": PORT}}
    container = {
        "name": part, "image": IMAGE, "imagePullPolicy": "IfNotPresent", "args": [PROGRAMS[part]],
        "env": [{"name": name, "value": value} for name, value in sorted(said.items())],
        "readinessProbe": {**probe, "periodSeconds": 1},
        **_small("64Mi", "256Mi"),
    }  # fmt: skip
    return _pod(part, container)


def _small(memory: str, most: str) -> Object:
    context = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    return {
        "resources": {"requests": {"cpu": "20m", "memory": memory}, "limits": {"memory": most}},
        "securityContext": context,
    }


def _pod(part: str, container: Object, **rest: Any) -> Object:
    spec = {
        "containers": [container], "restartPolicy": "Never", "terminationGracePeriodSeconds": 5,
        "automountServiceAccountToken": False, "enableServiceLinks": False, **rest,
    }  # fmt: skip
    made = _object("v1", "Pod", part, spec=spec)
    made["metadata"]["labels"][PART] = part
    return made


def _object(version: str, kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": {MANAGED: OURS}}, **rest}
