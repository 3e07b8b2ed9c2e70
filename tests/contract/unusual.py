"""Unusual Deployments that run in both worlds and lose no points."""

from __future__ import annotations

from typing import Any

from tests.contract.edits import (
    ROOMY,
    Edit,
    app,
    asks,
    before,
    beside,
    both,
    container,
    deployment,
    get,
    limits,
    mount,
    pod,
    probe,
    without,
    written,
)  # fmt: skip

_SETTINGS = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {GREETING: hello}
---
apiVersion: v1
kind: Secret
metadata: {name: settings}
stringData: {TOKEN: not-one}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: orders}
secrets: [{name: elsewhere}]
imagePullSecrets: [{name: elsewhere}]
"""

_SELECTS_NOTHING = """
---
apiVersion: v1
kind: Service
metadata: {name: orders}
spec: {selector: {app: order}, ports: [{port: 80, targetPort: 8080}]}
"""

_SCALER = """
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: orders}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  maxReplicas: 1
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
"""

_BUDGET = """
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: orders}
spec: {maxUnavailable: 0, selector: {matchLabels: {app: orders}}}
"""

_NEVER_APPLIED = """
---
apiVersion: v1
kind: Namespace
metadata: {name: mine}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nothing-goes}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: orders}
rules: [{apiGroups: [""], resources: [pods], verbs: [list]}]
"""


def cases() -> dict[str, str]:
    """Their manifests by name."""
    return {name: written(edit) for name, edit in _ALONE.items()} | {
        name: written(edit) + more for name, (edit, more) in _WITH_MORE.items()
    }


def _as_it_is(_manifest: dict[str, Any]) -> None:
    pass


def _resources_of_the_pod(manifest: dict[str, Any]) -> None:
    pod(resources=app(manifest).pop("resources"))(manifest)


def _variables(**variables: str) -> Edit:
    return container(env=[{"name": name, "value": value} for name, value in variables.items()])


_HEALTHY = {"httpGet": {"path": "/healthz", "port": 9000}, "periodSeconds": 2}
_ABSENT = {"name": "absent", "optional": True}

_ALONE: dict[str, Edit] = {
    "os-selector": pod(nodeSelector={"beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}),
    "paths-without-slash": both(asks("liveness", "healthz"), asks("readiness", "readyz")),
    "optional-references": both(
        container(envFrom=[{"configMapRef": _ABSENT}, {"secretRef": _ABSENT}]),
        mount({"secret": {"secretName": "absent", "optional": True}}),
    ),
    "pull-secret-missing": pod(imagePullSecrets=[{"name": "absent"}]),
    "native-sidecar": before(restartPolicy="Always", startupProbe=_HEALTHY, readinessProbe=_HEALTHY, livenessProbe=_HEALTHY),
    "sidecar-with-probes": beside(readinessProbe=_HEALTHY, livenessProbe=_HEALTHY),
    "sidecar-sleeps": beside(["sleep", "infinity"]),
    "init-true": before(["true"]),
    "init-sleeps": both(
        before(["sleep", "3"], resources=ROOMY), before(["true"], name="second", resources=ROOMY)
    ),
    "startup-probe-of-a-day": container(startupProbe=get("/startupz") | {"failureThreshold": 8640}),
    "grace-of-years": pod(terminationGracePeriodSeconds=100_000_000),
    "resources-of-the-pod": _resources_of_the_pod,
    "memory-requested-without-a-limit": container(resources={"requests": {"cpu": "100m", "memory": "1200Mi"}}),
    "port-and-probes-elsewhere": both(
        _variables(PORT="9999"), asks("liveness", "/healthz", 9999), asks("readiness", "/readyz", 9999)
    ),
    "release-of-its-own": _variables(SHOP_RELEASE="1.0.0"),
    "container-port-elsewhere": container(ports=[{"name": "http", "containerPort": 3000}]),
    "tcp-liveness": container(livenessProbe={"tcpSocket": {"port": 8080}}),
    "no-ports": without("ports"),
    "post-start-true": container(lifecycle={"postStart": {"exec": {"command": ["true"]}}}),
    "taken-for-a-hang": both(
        deployment(replicas=4),
        probe("liveness", periodSeconds=2, failureThreshold=2),
        limits(cpu="500m", memory="256Mi"),
        container(
            readinessProbe={"tcpSocket": {"port": 8080}, "periodSeconds": 5, "initialDelaySeconds": 15},
            startupProbe=get("/startupz") | {"periodSeconds": 3, "failureThreshold": 3},
            lifecycle={"preStop": {"exec": {"command": ["sleep", "2"]}}},
        ),
    ),
}  # fmt: skip

_WITH_MORE: dict[str, tuple[Edit, str]] = {
    "account-and-secret": (
        both(
            pod(serviceAccountName="orders"), mount({"secret": {"secretName": "settings"}}),
            container(envFrom=[{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "settings"}}]),
        ),
        _SETTINGS,
    ),
    "service-selects-nothing": (_as_it_is, _SELECTS_NOTHING),
    "scaler-to-one": (_as_it_is, _SCALER),
    "budget-of-none": (_as_it_is, _BUDGET),
    "never-applied": (_as_it_is, _NEVER_APPLIED),
}  # fmt: skip
