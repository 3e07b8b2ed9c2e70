"""The Pod Security Standard “baseline”, which every run's namespace enforces: a pod that breaks it is never created.

Source: kubernetes.io/docs/concepts/security/pod-security-standards/, in the admission controller's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cluster.manifests.shapes import listing, mapping

Spec = dict[str, Any]

CAPABILITIES = frozenset((
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
))  # fmt: skip
SYSCTLS = frozenset((
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
))  # fmt: skip
SELINUX_TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"))


def refused(spec: Spec) -> str:
    """Return why the namespace refuses such a pod, in the words of its ReplicaSet's event; empty if it accepts it."""
    broken = [found for check in _CHECKS for found in check(spec)]
    return f'violates PodSecurity "baseline:latest": {", ".join(broken)}' if broken else ""


def _host_namespaces(spec: Spec) -> Iterator[str]:
    shared = [f"{name}=true" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name) is True]
    if shared:
        yield f"host namespaces ({', '.join(shared)})"


def _privileged(spec: Spec) -> Iterator[str]:
    named = [name for name, context in _contexts(spec) if context.get("privileged") is True]
    if named:
        yield f"privileged ({_containers(named)} must not set securityContext.privileged=true)"


def _capabilities(spec: Spec) -> Iterator[str]:
    named, added = [], set()
    for name, context in _contexts(spec):
        more = {str(c) for c in listing(mapping(context.get("capabilities")).get("add"))} - CAPABILITIES
        if more:
            named.append(name)
            added |= more
    if named:
        extra = ", ".join(f'"{one[:60]}"' for one in sorted(added))
        yield (
            f"non-default capabilities ({_containers(named)} must not include {extra} in securityContext.capabilities.add)"
        )


def _host_paths(spec: Spec) -> Iterator[str]:
    named = [str(v.get("name"))[:63] for v in listing(spec.get("volumes")) if mapping(v).get("hostPath") is not None]
    if named:
        yield f"hostPath volumes (volume{'s' * (len(named) > 1)} {_quoted(named)})"


def _host_ports(spec: Spec) -> Iterator[str]:
    named, ports = [], set()
    for container in _every(spec):
        # With hostNetwork the API's defaulting makes each container port a host port.
        field = "containerPort" if spec.get("hostNetwork") is True else "hostPort"
        mine = {p[field] for p in listing(container.get("ports")) if mapping(p).get(field)}
        if mine:
            named.append(str(container.get("name")))
            ports |= {str(port) for port in mine}
    if named:
        uses = "uses hostPort" if len(named) == 1 else "use hostPort"
        yield f"hostPort ({_containers(named)} {uses}{'s' * (len(ports) > 1)} {', '.join(sorted(ports))})"


def _profiles(spec: Spec) -> Iterator[str]:
    pod = mapping(spec.get("securityContext"))
    for name, context in (("pod", pod), *_contexts(spec)):
        where = "pod" if context is pod else _containers([name])
        if mapping(context.get("seccompProfile")).get("type") == "Unconfined":
            yield f'seccompProfile ({where} must not set securityContext.seccompProfile.type to "Unconfined")'
        if mapping(context.get("appArmorProfile")).get("type") == "Unconfined":
            yield f'forbidden AppArmor profile ({where} must not set AppArmor profile type to "Unconfined")'
        if context.get("procMount") not in (None, "Default"):
            yield f'procMount ({where} must not set securityContext.procMount to "{str(context["procMount"])[:40]}")'
        options = mapping(context.get("seLinuxOptions"))
        if options.get("type", "") not in SELINUX_TYPES or options.get("user") or options.get("role"):
            yield f"seLinuxOptions ({where} set forbidden securityContext.seLinuxOptions)"
        if mapping(context.get("windowsOptions")).get("hostProcess") is True:
            yield f"hostProcess ({where} must not set securityContext.windowsOptions.hostProcess=true)"


def _sysctls(spec: Spec) -> Iterator[str]:
    asked = (mapping(one).get("name") for one in listing(mapping(spec.get("securityContext")).get("sysctls")))
    more = [str(name)[:60] for name in asked if name not in SYSCTLS]
    if more:
        yield f"forbidden sysctls ({', '.join(more)})"


def _hosts_of_probes(spec: Spec) -> Iterator[str]:
    for container in _every(spec):
        handlers = [mapping(container.get(probe)) for probe in ("livenessProbe", "readinessProbe", "startupProbe")]
        handlers += [mapping(mapping(container.get("lifecycle")).get(hook)) for hook in ("postStart", "preStop")]
        hosts = [
            str(mapping(handler.get(way)).get("host"))
            for handler in handlers
            for way in ("httpGet", "tcpSocket")
            if mapping(handler.get(way)).get("host")
        ]
        if hosts:
            yield f"probe or lifecycle host ({_containers([str(container.get('name'))])} uses {_quoted(hosts)})"


_CHECKS: tuple[Callable[[Spec], Iterator[str]], ...] = (
    _capabilities, _host_namespaces, _host_paths, _host_ports, _privileged, _profiles, _sysctls, _hosts_of_probes,
)  # fmt: skip


def _every(spec: Spec) -> Iterator[Spec]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        yield from (c for c in listing(spec.get(kind)) if isinstance(c, dict))


def _contexts(spec: Spec) -> Iterator[tuple[str, Spec]]:
    return ((str(c.get("name")), mapping(c.get("securityContext"))) for c in _every(spec))


def _containers(names: list[str]) -> str:
    return f"container{'s' * (len(names) > 1)} {_quoted(names)}"


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name[:63]}"' for name in names)
