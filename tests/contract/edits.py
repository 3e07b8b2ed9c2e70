"""Edits of the reference Deployment, for the contract's cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from tests.support.manifests import DEPLOYMENT

Manifest = dict[str, Any]
Edit = Callable[[Manifest], Any]

REFERENCE = DEPLOYMENT.replace("port: http", "port: 8080")
"""The reference answer with its probes' port by number, as it was recorded."""


def written(edit: Edit) -> str:
    """The reference with an edit, as YAML."""
    manifest = yaml.safe_load(REFERENCE)
    edit(manifest)
    return str(yaml.safe_dump(manifest, sort_keys=False))


def spec(manifest: Manifest) -> Manifest:
    """The spec of the pods."""
    found: Manifest = manifest["spec"]["template"]["spec"]
    return found


def app(manifest: Manifest) -> Manifest:
    """The container that runs the shop."""
    found: Manifest = spec(manifest)["containers"][0]
    return found


def container(**fields: Any) -> Edit:
    return lambda m: app(m).update(fields)


def without(*fields: str) -> Edit:
    return lambda m: [app(m).pop(field) for field in fields]


def pod(**fields: Any) -> Edit:
    return lambda m: spec(m).update(fields)


def deployment(**fields: Any) -> Edit:
    return lambda m: m["spec"].update(fields)


def probe(which: str, **fields: Any) -> Edit:
    return lambda m: app(m)[f"{which}Probe"].update(fields)


def asks(which: str, path: str, port: int | str = 8080) -> Edit:
    return probe(which, httpGet={"path": path, "port": port})


def get(path: str) -> Manifest:
    return {"httpGet": {"path": path, "port": 8080}}


def limits(**limits: str) -> Edit:
    return lambda m: app(m)["resources"].update(limits=limits)


def rolling(surge: int | str, unavailable: int | str) -> Edit:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}
    return deployment(strategy=strategy)


def both(*edits: Edit) -> Edit:
    return lambda m: [edit(m) for edit in edits]


def resources(name: str, amount: str) -> Edit:
    """Set the main container's resources, with requests equal to limits."""
    return lambda m: [part.update({name: amount}) for part in app(m)["resources"].values()]


ROOMY = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "500m", "memory": "64Mi"}}
"""Resources of a container that has to start without delay."""


def helper(command: list[str] | None = None, **fields: Any) -> Manifest:
    """Another container of the pod: the sidecar's image, or a command in it."""
    amounts = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "50m", "memory": "64Mi"}}
    made = {"name": "helper", "image": "shop/sidecar:1.0.0", "resources": amounts, **fields}
    return made | ({"command": command} if command else {})


def beside(command: list[str] | None = None, **fields: Any) -> Edit:
    """Add a container beside the shop's."""
    return lambda m: spec(m)["containers"].append(helper(command, **fields))


def before(command: list[str] | None = None, **fields: Any) -> Edit:
    """Add an init container; with ``restartPolicy`` Always it is a sidecar."""
    return lambda m: spec(m).setdefault("initContainers", []).append(helper(command, **fields))


def mount(source: Manifest) -> Edit:
    """Mount a volume of that source in the main container."""
    return both(
        pod(volumes=[{"name": "extra", **source}]), container(volumeMounts=[{"name": "extra", "mountPath": "/extra"}])
    )
