"""Deployments whose pods don't start or don't become ready, one for each possible obstacle."""

from __future__ import annotations

from tests.contract.edits import ROOMY, Edit, before, beside, container, mount, pod, resources, written

_SETTINGS = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {GREETING: hello}
"""

_ABSENT = {"name": "absent"}
_NOTHING_ANSWERS = {"tcpSocket": {"port": 9999}, "periodSeconds": 2}


def cases() -> dict[str, str]:
    """Their manifests by name."""
    return {name: written(edit) for name, edit in _ALONE.items()} | {
        name: written(edit) + _SETTINGS for name, edit in _WITH_SETTINGS.items()
    }


def _fed_by(source: str) -> Edit:
    return container(envFrom=[{source: _ABSENT}])


def _variable(source: str, name: str, key: str) -> Edit:
    return container(env=[{"name": "GREETING", "valueFrom": {source: {"name": name, "key": key}}}])


_ALONE: dict[str, Edit] = {
    # other containers
    "init-fails": before(["false"]),
    "init-never-ends": before(["sleep", "infinity"]),
    "init-is-a-server": before(),
    "init-image-missing": before(image="shop/orders:9.9.9"),
    "sidecar-crashes": beside(["false"]),
    "sidecar-ends": beside(["true"]),
    "sidecar-never-ready": beside(readinessProbe={"httpGet": {"path": "/nothing", "port": 9000}}),
    "native-sidecar-crashes": before(["false"], restartPolicy="Always"),
    "native-sidecar-never-started": before(restartPolicy="Always", startupProbe=_NOTHING_ANSWERS),
    "native-sidecar-never-ready": before(restartPolicy="Always", readinessProbe=_NOTHING_ANSWERS),
    # It starts sooner than the shop, always; of two shops chance would decide which one gets the port.
    "second-on-the-port": beside(env=[{"name": "PORT", "value": "8080"}], resources=ROOMY),
    # the shop's own
    "port-elsewhere": container(env=[{"name": "PORT", "value": "9999"}]),
    "post-start-fails": container(lifecycle={"postStart": {"exec": {"command": ["false"]}}}),
    "ends-at-once": container(command=["true"]),
    # scheduling
    "scheduling-gate": pod(schedulingGates=[{"name": "shop.example/hold"}]),
    "scheduler-missing": pod(schedulerName="mine"),
    "node-missing": pod(nodeName="node-7"),
    "readiness-gate": pod(readinessGates=[{"conditionType": "shop.example/approved"}]),
    "gpu": resources("nvidia.com/gpu", "1"),
    "huge-pages": resources("hugepages-2Mi", "64Mi"),
    "storage-beyond-the-node": resources("ephemeral-storage", "100Ti"),
    "storage-tiny": resources("ephemeral-storage", "1Ki"),
    # what isn't in the answer
    "config-map-missing": _fed_by("configMapRef"),
    "secret-missing": _variable("secretKeyRef", "absent", "url"),
    "config-map-volume-missing": mount({"configMap": _ABSENT}),
    "secret-volume-missing": mount({"secret": {"secretName": "absent"}}),
    "projected-volume-missing": mount({"projected": {"sources": [{"configMap": _ABSENT}, {"secret": _ABSENT}]}}),
    "claim-missing": mount({"persistentVolumeClaim": {"claimName": "absent"}}),
    "account-missing": pod(serviceAccountName="absent"),
    "priority-missing": pod(priorityClassName="absent"),
    "runtime-missing": pod(runtimeClassName="absent"),
    "init-config-map-missing": before(["true"], envFrom=[{"configMapRef": _ABSENT}]),
}  # fmt: skip

_WITH_SETTINGS: dict[str, Edit] = {
    "key-missing": _variable("configMapKeyRef", "settings", "FAREWELL"),
    "volume-key-missing": mount({"configMap": {"name": "settings", "items": [{"key": "FAREWELL", "path": "a"}]}}),
}
