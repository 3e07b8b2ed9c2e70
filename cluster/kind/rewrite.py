"""Changes to an answer before it runs: the namespace, the pull policy of shop images, the release in the tag.

Besides, a service account gets no token and no secrets. The card lists the changes.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from cluster.kind.guards import MANAGED, OURS, Object
from cluster.manifests.documents import Document
from cluster.shop.releases import PORT, REPOSITORY, SIDECAR, release_of, with_release
from cluster.train.stops import APPLIED, BESIDE_A_JOB, is_applied

SERVICE, LOAD = "workbook", "workbook-load"
"""The names of our Service in front of the Deployment's pods, and of the client that sends it requests."""

LOAD_PORT = 8090
PATHS = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Service": "/api/v1/namespaces/{}/services",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "PodDisruptionBudget": "/apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "CronJob": "/apis/batch/v1/namespaces/{}/cronjobs",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
}


def beside(documents: tuple[Document, ...], namespace: str) -> Iterator[tuple[str, Object]]:
    """Yield the objects that are applied before the Deployment: the collection's path, and the object."""
    for document in documents:
        if document.get("kind") != "Deployment" and reaches_cluster(document):
            thing = _moved(document.data, namespace)
            yield PATHS[thing["kind"]].format(namespace), _without_token(thing)


def reaches_cluster(document: Document) -> bool:
    """Whether a document of an answer reaches the cluster. The default service account of a namespace doesn't."""
    default = document.get("kind") == "ServiceAccount" and document.get("metadata", "name") == "default"
    return isinstance(document.data, dict) and is_applied(document, APPLIED) and not default


def _without_token(thing: Object) -> Object:
    if thing["kind"] != "ServiceAccount":
        return thing
    kept = {key: value for key, value in thing.items() if key not in ("secrets", "imagePullSecrets")}
    return kept | {"automountServiceAccountToken": False}


def beside_job(documents: Sequence[Document], namespace: str) -> Iterator[tuple[str, Object]]:
    """Yield the objects that are applied before the CronJob."""
    for document in documents:
        if document.get("kind") in BESIDE_A_JOB and isinstance(document.data, dict):
            yield PATHS[document.data["kind"]].format(namespace), _moved(document.data, namespace)


def cronjob(document: Document, namespace: str) -> Object:
    """Return the CronJob to apply: suspended, so that its schedule doesn't start a second Job."""
    changed = _moved(document.data, namespace)
    changed["spec"]["suspend"] = True
    for container in _containers(changed["spec"]["jobTemplate"]["spec"]["template"]["spec"]):
        container["imagePullPolicy"] = "IfNotPresent"
    return changed


def job(created: Object) -> Object:
    """Return a Job from a created CronJob, as ``kubectl create job --from`` makes it."""
    template, name = created["spec"]["jobTemplate"], created["metadata"]["name"]
    about = template.get("metadata") or {}
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": name, "uid": created["metadata"]["uid"]}
    metadata = {
        "name": f"{name}-now", "labels": about.get("labels") or {}, "ownerReferences": [owner],
        "annotations": {**(about.get("annotations") or {}), "cronjob.kubernetes.io/instantiate": "manual"},
    }  # fmt: skip
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}


def _containers(spec: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return (*spec["containers"], *(spec.get("initContainers") or []))


def deployment(document: Document, namespace: str, release: str = "") -> Object:
    """Return the Deployment to apply; ``release``, if given, replaces the tag of the shop's image."""
    changed = _moved(document.data, namespace)
    spec = changed["spec"]["template"]["spec"]
    for container in _containers(spec):
        image = str(container.get("image") or "")
        if image != SIDECAR and release_of(image) is None:
            continue
        container["imagePullPolicy"] = "IfNotPresent"
        if release:
            container["image"] = with_release(image, release)
    return changed


def service(document: Document) -> Object:
    """Return our Service in front of the Deployment's pods: their readiness decides its endpoints."""
    labels = document.get("spec", "template", "metadata", "labels", default={})
    ports = [{"port": 80, "targetPort": PORT}]
    return {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": SERVICE, "labels": {MANAGED: OURS}},
        "spec": {"selector": labels, "ports": ports},
    }  # fmt: skip


def load_client() -> Object:
    """Return the pod that sends requests to our Service: the shop's image with another program."""
    container = {
        "name": "load", "image": f"{REPOSITORY}:1.0.0", "imagePullPolicy": "IfNotPresent", "args": ["shop.load"],
        "env": [{"name": "PORT", "value": str(LOAD_PORT)}, {"name": "SHOP_SERVES_ON", "value": "0"}],
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "readinessProbe": {"tcpSocket": {"port": LOAD_PORT}, "periodSeconds": 1},
    }  # fmt: skip
    metadata = {"name": LOAD, "labels": {MANAGED: OURS}}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 1, "automountServiceAccountToken": False}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _moved(data: dict[str, Any], namespace: str) -> Object:
    changed = copy.deepcopy(data)
    changed["metadata"]["namespace"] = namespace
    return changed
