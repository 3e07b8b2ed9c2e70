"""Windows pods: the fields that they may not set, and those that only they may set.

Source: validateWindows, validateLinux, validateWindowsHostProcessPod and validateWindowsSecurityContextOptions in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, forbidden, invalid, required, unsupported
from cluster.manifests.documents import Path

_NOT_HERE = "cannot be set for a windows pod"
_POD_FIELDS = (
    ("securityContext", "appArmorProfile"), ("securityContext", "seLinuxOptions"), ("hostUsers",), ("hostPID",),
    ("hostIPC",), ("securityContext", "seccompProfile"), ("securityContext", "fsGroup"),
    ("securityContext", "fsGroupChangePolicy"), ("securityContext", "sysctls"), ("shareProcessNamespace",),
    ("securityContext", "runAsUser"), ("securityContext", "runAsGroup"), ("securityContext", "supplementalGroups"),
    ("securityContext", "supplementalGroupsPolicy"), ("securityContext", "seLinuxChangePolicy"),
)  # fmt: skip
_TRUTHY = (("hostPID",), ("hostIPC",), ("securityContext", "sysctls"))
_CONTAINER_FIELDS = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip
_MOST_SPEC = 64 * 1024
_MOST_DOMAIN, _MOST_USER = 256, 104
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NETBIOS = re.compile(r'[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}')
_DNS = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*")
_DOTS = re.compile(r"[\. ]+")
_BAD_USER = re.compile(r'["/\\:;|=,\+\*\?<>@\[\]]')


def containers_of(spec: Object) -> Iterator[tuple[Object, Path]]:
    """VisitContainersWithPath: init containers, containers, ephemeral ones, with their paths in the pod's spec."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind, [])):
            yield container, (kind, index)


def operating_system(spec: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateOS, and the fields that each system excludes."""
    system = spec.get("os")
    if system is None:
        return
    name = system.get("name", "")
    if not name:
        yield required((*path, "os", "name"))
    elif name == "linux":
        yield from _linux(spec, path)
    elif name == "windows":
        yield from _windows(spec, path, minor)
    else:
        yield unsupported((*path, "os"), name, ("linux", "windows"))


def host_process(spec: Object, path: Path) -> Problems:
    """Source: validateWindowsHostProcessPod."""
    pod = spec.get("securityContext", {}).get("windowsOptions", {}).get("hostProcess")
    processes = 0
    containers = list(containers_of(spec))
    for container, where in containers:
        own = container.get("securityContext", {}).get("windowsOptions", {}).get("hostProcess")
        if pod is not None and own is not None and pod != own:
            words = f"pod hostProcess value must be identical if both are specified, was {str(pod).lower()}"
            yield invalid((*path, *where, "securityContext", "windowsOptions", "hostProcess"), own, words)
        processes += bool(pod if own is None else own)
    if not processes:
        return
    if processes != len(containers):
        words = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
        yield invalid(path, "", words)
    if not spec.get("hostNetwork"):
        words = "hostNetwork must be true if pod contains any hostProcess containers"
        yield invalid((*path, "hostNetwork"), value=False, detail=words)


def windows_options(options: Object | None, path: Path) -> Problems:
    """Source: validateWindowsSecurityContextOptions."""
    if options is None:
        return
    name = options.get("gmsaCredentialSpecName")
    if name is not None:
        yield from each_invalid((*path, "gmsaCredentialSpecName"), name, name_rules.dns_subdomain(name))
    spec = options.get("gmsaCredentialSpec")
    if spec is not None and not spec:
        yield invalid((*path, "gmsaCredentialSpec"), spec, "gmsaCredentialSpec cannot be an empty string")
    elif spec is not None and len(spec) > _MOST_SPEC:
        yield invalid((*path, "gmsaCredentialSpec"), spec, "gmsaCredentialSpec size must be under 64 KiB")
    user = options.get("runAsUserName")
    if user is not None:
        yield from each_invalid((*path, "runAsUserName"), user, _user_name(user))


def _user_name(written: str) -> Iterator[str]:
    if not written:
        yield "runAsUserName cannot be an empty string"
        return
    if _CONTROL.search(written):
        yield "runAsUserName cannot contain control characters"
        return
    parts = written.split("\\")
    if len(parts) > 2:  # noqa: PLR2004
        yield "runAsUserName cannot contain more than one backslash"
        return
    if len(parts) == 2:  # noqa: PLR2004
        yield from _domain(parts[0])
    yield from _user(parts[-1])


def _domain(domain: str) -> Iterator[str]:
    if len(domain) >= _MOST_DOMAIN:
        yield f"runAsUserName's Domain length must be under {_MOST_DOMAIN} characters"
    if not _NETBIOS.fullmatch(domain) and not _DNS.fullmatch(domain):
        yield "runAsUserName's Domain doesn't match the NetBios nor the DNS format"


def _user(user: str) -> Iterator[str]:
    if not user:
        yield "runAsUserName's User cannot be empty"
    elif len(user) > _MOST_USER:
        yield f"runAsUserName's User length must not be longer than {_MOST_USER} characters"
    if _DOTS.fullmatch(user):
        yield "runAsUserName's User cannot contain only periods or spaces"
    if _BAD_USER.search(user):
        yield "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]"


def _linux(spec: Object, path: Path) -> Problems:
    words = "windows options cannot be set for a linux pod"
    if "windowsOptions" in spec.get("securityContext", {}):
        yield forbidden((*path, "securityContext", "windowsOptions"), words)
    for container, where in containers_of(spec):
        if "windowsOptions" in container.get("securityContext", {}):
            yield forbidden((*path, *where, "securityContext", "windowsOptions"), words)


def _windows(spec: Object, path: Path, minor: Minor) -> Problems:
    fields = sorted(_POD_FIELDS, key=_is_of_host) if minor.host_fields_last else _POD_FIELDS
    for field in fields:
        owner = spec if len(field) == 1 else spec.get(field[0], {})
        value = owner.get(field[-1])
        if value or (value is not None and field not in _TRUTHY):
            yield forbidden((*path, *field), _NOT_HERE)
    for container, where in containers_of(spec):
        for name in _CONTAINER_FIELDS:
            if name in container.get("securityContext", {}):
                yield forbidden((*path, *where, "securityContext", name), _NOT_HERE)


def _is_of_host(field: tuple[str, ...]) -> bool:
    return field[0] != "securityContext"
