"""Deployments that neither world has seen: probes, delays, strategies, hooks, resources and replicas at random.

A seed and a number always give the same Deployment. Its result may be near a threshold, where a probe's phase
decides; a second run on the real cluster shows that.
"""

from __future__ import annotations

import random
from typing import Any

import yaml

from tests.contract.edits import REFERENCE

Manifest = dict[str, Any]


def fresh(seed: int, number: int) -> str:
    """The manifest of that number."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  no secret
    manifest: Manifest = yaml.safe_load(REFERENCE)
    spec, pod = manifest["spec"], manifest["spec"]["template"]["spec"]
    app = pod["containers"][0]
    spec["replicas"] = chance.choice((1, 2, 3, 3, 3, 4))
    _probes(chance, app)
    _resources(chance, app)
    _strategy(chance, spec)
    _hooks(chance, app, pod)
    return str(yaml.safe_dump(manifest, sort_keys=False))


def _probes(chance: random.Random, app: Manifest) -> None:
    for field, paths in (
        ("livenessProbe", ("/healthz", "/healthz", "/readyz")),
        ("readinessProbe", ("/readyz", "/readyz", "/healthz")),
    ):
        if chance.random() < 0.1:
            del app[field]
        else:
            app[field] = _handler(chance, paths) | _settings(chance, (1, 2, 3, 5, 10, 15, 20), (1, 2, 3, 5))
    if chance.random() < 0.35:
        app["startupProbe"] = _handler(chance, ("/startupz", "/healthz")) | _settings(
            chance, (1, 2, 3, 5), (2, 5, 10, 20)
        )


def _handler(chance: random.Random, paths: tuple[str, ...]) -> Manifest:
    kind = chance.random()
    if kind < 0.15:
        return {"tcpSocket": {"port": 8080}}
    if kind < 0.22:
        return {"exec": {"command": ["true"]}}
    return {"httpGet": {"path": chance.choice(paths), "port": chance.choice((8080, "http"))}}


def _settings(chance: random.Random, periods: tuple[int, ...], failures: tuple[int, ...]) -> Manifest:
    return {
        "initialDelaySeconds": chance.choice((0, 0, 0, 3, 10)),
        "periodSeconds": chance.choice(periods),
        "timeoutSeconds": chance.choice((1, 1, 2, 4)),
        "failureThreshold": chance.choice(failures),
    }


def _resources(chance: random.Random, app: Manifest) -> None:
    memory = chance.choice(("64Mi", "128Mi", "256Mi", "512Mi"))
    limits = {"cpu": chance.choice(("250m", "500m", "1")), "memory": memory}
    app["resources"] = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": limits}
    if chance.random() < 0.15:
        del limits["memory"]


def _strategy(chance: random.Random, spec: Manifest) -> None:
    kind = chance.random()
    if kind < 0.15:
        spec["strategy"] = {"type": "Recreate"}
    elif kind < 0.55:
        surge, unavailable = chance.choice(((1, 0), (0, 1), (2, 0), ("50%", "50%"), ("100%", 0), (1, 1)))
        spec["strategy"] = {"rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}
    if chance.random() < 0.2:
        spec["minReadySeconds"] = chance.choice((2, 5, 8))


def _hooks(chance: random.Random, app: Manifest, pod: Manifest) -> None:
    if chance.random() < 0.4:
        seconds = chance.choice((1, 3, 5, 8))
        app["lifecycle"] = {
            "preStop": chance.choice(({"sleep": {"seconds": seconds}}, {"exec": {"command": ["sleep", str(seconds)]}}))
        }
    if chance.random() < 0.15:
        app.setdefault("lifecycle", {})["postStart"] = {"exec": {"command": ["sleep", "2"]}}
    if chance.random() < 0.25:
        pod["terminationGracePeriodSeconds"] = chance.choice((3, 10, 20, 45))
