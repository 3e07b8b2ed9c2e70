"""Containers and init containers.

Source: validateContainers, validateInitContainers and validateContainerCommon in
pkg/apis/core/validation/validation.go, in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    not_found,
    required,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.environment import env, env_from
from cluster.admission.rules.mounts import devices, mounts
from cluster.admission.rules.probes import lifecycle, probes
from cluster.admission.rules.resources import container_resources
from cluster.admission.rules.restarts import restarts
from cluster.admission.rules.security import container_security
from cluster.admission.rules.volumes import PULL_POLICIES
from cluster.manifests.documents import Path

PROTOCOLS = ("SCTP", "TCP", "UDP")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_RESIZABLE = ("cpu", "memory")
_RESIZE_POLICIES = ("NotRequired", "RestartContainer")
_NOT_EPHEMERAL = (
    "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe",
    "startupProbe", "lifecycle",
)  # fmt: skip
_RESTARTS = ("restartPolicy", "restartPolicyRules")
_ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"


@dataclass(frozen=True, slots=True)
class PodContext:
    """The pod's data that rules for containers need: its volumes, claims, grace period in seconds, and so on."""

    volumes: Mapping[str, Object]
    claims: frozenset[str]
    grace: int
    restart_policy: str
    host_users: bool
    host_network: bool
    minor: Minor


def containers(written: Sequence[Object], path: Path, pod: PodContext) -> Problems:
    """Source: validateContainers: at least one, each with a unique name.

    While its gate is off, a container's own restartPolicy is dropped before validation; so are those of init containers
    other than Always.
    """
    if not written:
        yield required(path)
        return
    seen: set[str] = set()
    for index, container in enumerate(written):
        here = (*path, index)
        yield from _common(container, here, pod)
        name = container.get("name", "")
        if name in seen:
            yield duplicate((*here, "name"), name)
        seen.add(name)
        yield from lifecycle(container.get("lifecycle", {}), (*here, "lifecycle"), pod.grace)
        yield from probes(container, here, pod.grace)
        if pod.minor.on("ContainerRestartRules"):
            yield from restarts(container, here, pod.minor)
    yield from _host_port_conflicts(written, path)


def init_containers(written: Sequence[Object], path: Path, pod: PodContext, regular: Sequence[Object]) -> Problems:
    """Source: validateInitContainers: hooks and probes are only for sidecars, which always restart."""
    seen = {container.get("name", "") for container in regular}
    for index, container in enumerate(written):
        here = (*path, index)
        yield from _common(container, here, pod)
        if pod.minor.on("ContainerRestartRules"):
            yield from restarts(container, here, pod.minor, init=True)
        name = container.get("name", "")
        if name in seen:
            yield duplicate((*here, "name"), name)
        elif name:
            seen.add(name)
        yield from _host_port_conflicts([container], path)
        if container.get("restartPolicy") == "Always":
            yield from lifecycle(container.get("lifecycle", {}), (*here, "lifecycle"), pod.grace)
            yield from probes(container, here, pod.grace)
            continue
        for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
            if field in container:
                yield forbidden((*here, field), _ONLY_SIDECARS)
        for position, policy in enumerate(container.get("resizePolicy", [])):
            if policy.get("restartPolicy") == "RestartContainer" and not pod.minor.init_containers_resize:
                words = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                yield invalid((*here, "resizePolicy", position, "restartPolicy"), "RestartContainer", words)


def ephemeral_containers(written: Sequence[Object], path: Path, pod: PodContext, others: Sequence[Object]) -> Problems:
    """Source: validateEphemeralContainers, only its first part: templates refuse them in any case."""
    named = {container.get("name", "") for container in others}
    seen = set(named)
    for index, container in enumerate(written):
        here = (*path, index)
        yield from _common(container, here, pod)
        image, name = container.get("image", ""), container.get("name", "")
        target = container.get("targetContainerName")
        if image != image.strip():
            yield invalid((*here, "image"), image, "must not have leading or trailing whitespace")
        if name in seen:
            yield duplicate((*here, "name"), name)
        seen.add(name)
        if target and target not in named:
            yield not_found((*here, "targetContainerName"), target)
        for field in _NOT_EPHEMERAL:
            if _is_set(container, field, pod.minor):
                yield forbidden((*here, field), "cannot be set for an Ephemeral Container")
        for position, mount in enumerate(container.get("volumeMounts", [])):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    words = "cannot be set for an Ephemeral Container"
                    yield forbidden((*here, "volumeMounts", position, field), words)


def _is_set(container: Object, field: str, minor: Minor) -> bool:
    """Whether a field exists during validation: a restart policy is dropped before it while its gate is off."""
    if field in _RESTARTS and not minor.on("ContainerRestartRules"):
        return False
    return field in container and (field != "resources" or bool(container[field]))


def _common(container: Object, path: Path, pod: PodContext) -> Problems:
    name = container.get("name", "")
    if name:
        yield from each_invalid((*path, "name"), name, name_rules.dns_label(name))
    else:
        yield required((*path, "name"))
    if not container.get("image"):
        yield required((*path, "image"))
    policy = container.get("terminationMessagePolicy") or "File"
    if policy not in _MESSAGE_POLICIES:
        yield unsupported((*path, "terminationMessagePolicy"), policy, _MESSAGE_POLICIES)
    yield from _ports(container.get("ports", []), (*path, "ports"))
    yield from env(container.get("env", []), (*path, "env"), pod.minor)
    yield from env_from(container.get("envFrom", []), (*path, "envFrom"))
    yield from mounts(container, (*path, "volumeMounts"), pod.volumes)
    yield from devices(container, (*path, "volumeDevices"), pod.volumes)
    policy = container.get("imagePullPolicy") or "Always"
    if policy not in PULL_POLICIES:
        yield unsupported((*path, "imagePullPolicy"), policy, PULL_POLICIES)
    yield from container_resources(container.get("resources", {}), (*path, "resources"), pod.claims, pod.minor)
    yield from _resize(container.get("resizePolicy", []), (*path, "resizePolicy"), pod)
    if (context := container.get("securityContext")) is not None:
        yield from container_security(context, (*path, "securityContext"), host_users=pod.host_users)


def _ports(ports: Sequence[Object], path: Path) -> Problems:
    """Source: validateContainerPorts. Two ports of one number are allowed; the server only warns."""
    seen: set[str] = set()
    for index, port in enumerate(ports):
        here = (*path, index)
        name = port.get("name", "")
        if name:
            complaints = name_rules.port_name(name)
            yield from each_invalid((*here, "name"), name, complaints)
            if not complaints and name in seen:
                yield duplicate((*here, "name"), name)
            seen.add(name)
        number = port.get("containerPort", 0)
        if number:
            yield from each_invalid((*here, "containerPort"), number, name_rules.port_number(number))
        else:
            yield required((*here, "containerPort"))
        if host := port.get("hostPort", 0):
            yield from each_invalid((*here, "hostPort"), host, name_rules.port_number(host))
        protocol = port.get("protocol") or "TCP"
        if protocol not in PROTOCOLS:
            yield unsupported((*here, "protocol"), protocol, PROTOCOLS)


def _resize(policies: Sequence[Object], path: Path, pod: PodContext) -> Problems:
    """Source: validateResizePolicy."""
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        resource, restart = policy.get("resourceName", ""), policy.get("restartPolicy", "")
        if resource in seen:
            yield duplicate((*path, index), resource)
        seen.add(resource)
        for value, known in ((resource, _RESIZABLE), (restart, _RESIZE_POLICIES)):
            if not value:
                yield required(path)
            elif value not in known:
                yield unsupported(path, value, known)
        if pod.restart_policy == "Never" and restart != "NotRequired":
            yield invalid(path, restart, pod.minor.never_resized)


def _host_port_conflicts(written: Sequence[Object], path: Path) -> Problems:
    """Source: checkHostPortConflicts."""
    seen: set[str] = set()
    for index, container in enumerate(written):
        for position, port in enumerate(container.get("ports", [])):
            if not port.get("hostPort"):
                continue
            key = f"{port.get('protocol') or 'TCP'}/{port.get('hostIP', '')}/{port['hostPort']}"
            if key in seen:
                yield duplicate((*path, index, "ports", position, "hostPort"), key)
            seen.add(key)
