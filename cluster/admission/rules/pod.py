"""Pods.

Source: ValidatePodCreate in pkg/apis/core/validation/validation.go; SetDefaults_Pod copies a container's limits
to missing requests, and with hostNetwork its ports to host ports.
"""

from __future__ import annotations

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, forbidden, invalid
from cluster.admission.rules.metadata import METADATA, object_meta
from cluster.admission.rules.pods import pod_annotations, pod_spec
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)


def pod(obj: Object, minor: Minor) -> Problems:
    """ValidatePodCreate."""
    metadata, spec = obj.get("metadata", {}), _with_defaults(obj.get("spec", {}))
    yield from object_meta(metadata, name_rules.dns_subdomain, minor)
    yield from pod_annotations(metadata.get("annotations", {}), spec, (*METADATA, "annotations"))
    yield from pod_spec(spec, SPEC, minor)
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind, [])):
            image = container.get("image", "")
            if image != image.strip():
                words = "must not have leading or trailing whitespace"
                yield invalid((*SPEC, kind, index, "image"), image, words)
    if spec.get("ephemeralContainers"):
        yield forbidden((*SPEC, "ephemeralContainers"), "cannot be set on create")
    if spec.get("nodeName") and spec.get("schedulingGates"):
        yield forbidden((*SPEC, "nodeName"), "cannot be set until all schedulingGates have been cleared")


def _with_defaults(spec: Object) -> Object:
    defaulted = dict(spec)
    if spec.get("terminationGracePeriodSeconds", 1) < 0:
        defaulted["terminationGracePeriodSeconds"] = 1
    for kind in ("containers", "initContainers"):
        if kind in spec:
            defaulted[kind] = [_defaulted(container, host=bool(spec.get("hostNetwork"))) for container in spec[kind]]
    return defaulted


def _defaulted(container: Object, *, host: bool) -> Object:
    found = dict(container)
    resources = container.get("resources", {})
    if resources.get("limits"):
        found["resources"] = {**resources, "requests": {**resources["limits"], **resources.get("requests", {})}}
    if host and "ports" in container:
        found["ports"] = [
            {**port, "hostPort": port.get("hostPort") or port.get("containerPort", 0)} for port in container["ports"]
        ]
    return found
