"""Security contexts of pods and containers.

Source: ValidateSecurityContext and validatePodSpecSecurityContext in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    duplicate,
    invalid,
    required,
    too_long,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.volume_paths import descending
from cluster.admission.rules.windows import windows_options
from cluster.manifests.documents import Path

_MOST_ID = 2**31 - 1
_MOST_SYSCTL = 253
_MOST_PROFILE = 4095
_PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
_SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_sysctl = re.compile(_SYSCTL)
_NO_ESCALATION = "cannot set `allowPrivilegeEscalation` to false and "
_GO_WINDOWS = (
    ("GMSACredentialSpecName", "gmsaCredentialSpecName"), ("GMSACredentialSpec", "gmsaCredentialSpec"),
    ("RunAsUserName", "runAsUserName"), ("HostProcess", "hostProcess"),
)  # fmt: skip
_GO_FIELDS = (
    ("Capabilities", "capabilities"), ("Privileged", "privileged"), ("SELinuxOptions", "seLinuxOptions"),
    ("WindowsOptions", "windowsOptions"), ("RunAsUser", "runAsUser"), ("RunAsGroup", "runAsGroup"),
    ("RunAsNonRoot", "runAsNonRoot"), ("ReadOnlyRootFilesystem", "readOnlyRootFilesystem"),
    ("AllowPrivilegeEscalation", "allowPrivilegeEscalation"), ("ProcMount", "procMount"),
    ("SeccompProfile", "seccompProfile"), ("AppArmorProfile", "appArmorProfile"),
)  # fmt: skip


def container_security(context: Object, path: Path, *, host_users: bool) -> Problems:
    """ValidateSecurityContext; ``host_users`` says whether the pod shares the host's users."""
    yield from _id(context, "runAsUser", path)
    yield from _id(context, "runAsGroup", path)
    mount = context.get("procMount")
    if mount is not None:
        if mount not in ("Default", "Unmasked"):
            yield unsupported((*path, "procMount"), mount, ("Default", "Unmasked"))
        if host_users and mount == "Unmasked":
            yield invalid((*path, "procMount"), mount, "`hostUsers` must be false to use `Unmasked`")
    yield from _seccomp(context.get("seccompProfile"), (*path, "seccompProfile"))
    if context.get("allowPrivilegeEscalation") is False:
        if context.get("privileged"):
            yield invalid(path, _as_go(context), _NO_ESCALATION + "`privileged` to true")
        for capability in context.get("capabilities", {}).get("add", []):
            if capability == "CAP_SYS_ADMIN":
                yield invalid(path, _as_go(context), _NO_ESCALATION + "`capabilities.Add` CAP_SYS_ADMIN")
    yield from windows_options(context.get("windowsOptions"), (*path, "windowsOptions"))
    yield from _app_armor(context.get("appArmorProfile"), (*path, "appArmorProfile"))


def pod_security(context: Object, spec: Object, pod: Path, minor: Minor) -> Problems:
    """Source: validatePodSpecSecurityContext, and validateShareProcessNamespace; ``pod`` is the path of the pod's spec."""
    path = (*pod, "securityContext")
    for name in ("fsGroup", "runAsUser", "runAsGroup"):
        yield from _id(context, name, path)
    for index, group in enumerate(context.get("supplementalGroups", [])):
        yield from _number(group, (*path, "supplementalGroups", index))
    if not minor.process_namespace_last:
        yield from _process_namespace(spec, path)
    yield from _sysctls(context, spec, (*path, "sysctls"))
    policy = context.get("fsGroupChangePolicy")
    if policy is not None and policy not in ("Always", "OnRootMismatch"):
        yield unsupported((*path, "fsGroupChangePolicy"), policy, ("Always", "OnRootMismatch"))
    yield from _seccomp(context.get("seccompProfile"), (*path, "seccompProfile"))
    yield from windows_options(context.get("windowsOptions"), (*path, "windowsOptions"))
    yield from _app_armor(context.get("appArmorProfile"), (*path, "appArmorProfile"))
    policy = context.get("supplementalGroupsPolicy")
    if policy is not None and policy not in ("Merge", "Strict"):
        yield unsupported((*path, "supplementalGroupsPolicy"), policy, ("Merge", "Strict"))
    policy = context.get("seLinuxChangePolicy")
    known = ("MountOption", "Recursive") if minor.on("SELinuxMount") else ("Recursive",)
    if policy is not None and policy not in known:
        yield unsupported((*path, "seLinuxChangePolicy"), policy, known)
    if minor.process_namespace_last:
        yield from _process_namespace(spec, pod)


def _process_namespace(spec: Object, path: Path) -> Problems:
    """Source: validateShareProcessNamespace."""
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        words = "ShareProcessNamespace and HostPID cannot both be enabled"
        yield invalid((*path, "shareProcessNamespace"), value=True, detail=words)


def _id(context: Object, name: str, path: Path) -> Problems:
    value = context.get(name)
    if value is not None:
        yield from _number(value, (*path, name))


def _number(value: int, path: Path) -> Problems:
    """IsValidUserID and IsValidGroupID."""
    if not 0 <= value <= _MOST_ID:
        yield invalid(path, value, name_rules.between(0, _MOST_ID))


def _sysctls(context: Object, spec: Object, path: Path) -> Problems:
    """Source: validateSysctls and ValidateHostSysctl."""
    seen: set[str] = set()
    for index, sysctl in enumerate(context.get("sysctls", [])):
        here = (*path, index, "name")
        name = sysctl.get("name", "")
        if not name:
            yield required(here)
        elif len(name) > _MOST_SYSCTL or not _sysctl.fullmatch(name):
            yield invalid(here, name, f"must have at most {_MOST_SYSCTL} characters and match regex ^{_SYSCTL}$")
        elif name in seen:
            yield duplicate(here, name)
        seen.add(name)
        dotted = name.replace("/", ".")
        if spec.get("hostNetwork") and dotted.startswith("net."):
            yield invalid(here, name, "may not be specified when 'hostNetwork' is true")
        elif spec.get("hostIPC") and dotted.startswith(("kernel.shm", "kernel.msg", "fs.mqueue.", "kernel.sem")):
            yield invalid(here, name, "may not be specified when 'hostIPC' is true")


def _seccomp(profile: Object | None, path: Path) -> Problems:
    """Source: validateSeccompProfileField."""
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    if not kind:
        yield required((*path, "type"), "type is required when seccompProfile is set")
    elif kind not in _PROFILES:
        yield unsupported((*path, "type"), kind, _PROFILES)
    if kind != "Localhost":
        if local is not None:
            shown: Any = {"Type": kind, "LocalhostProfile": local}
            yield invalid((*path, "localhostProfile"), shown, "can only be set when seccomp type is Localhost")
    elif local is None:
        yield required((*path, "localhostProfile"), "must be set when seccomp type is Localhost")
    else:
        yield from descending(local, (*path, "localhostProfile"))


def _app_armor(profile: Object | None, path: Path) -> Problems:
    """ValidateAppArmorProfileField."""
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    here = (*path, "localhostProfile")
    if kind == "Localhost":
        if local is None or not local:
            yield required(here, "must be set when AppArmor type is Localhost")
        elif local.strip() != local:
            yield invalid(here, local, "must not be padded with whitespace")
        if local is not None and len(local) > _MOST_PROFILE:
            yield too_long(here, _MOST_PROFILE)
    elif kind in _PROFILES:
        if local is not None:
            yield invalid(here, local, "can only be set when AppArmor type is Localhost")
    elif not kind:
        yield required((*path, "type"), "type is required when appArmorProfile is set")
    else:
        yield unsupported((*path, "type"), kind, _PROFILES)


def _as_go(context: Object) -> dict[str, Any]:
    """Return the container's context as the server shows it: with Go's field names and with nulls."""
    shown = {go: context.get(name) for go, name in _GO_FIELDS}
    if (capabilities := context.get("capabilities")) is not None:
        shown["Capabilities"] = {"Add": capabilities.get("add"), "Drop": capabilities.get("drop")}
    for go, fields in (
        ("SELinuxOptions", ("User", "Role", "Type", "Level")), ("SeccompProfile", ("Type", "LocalhostProfile")),
        ("AppArmorProfile", ("Type", "LocalhostProfile")),
    ):  # fmt: skip
        if (inner := shown[go]) is not None:
            shown[go] = {f: inner.get(f[0].lower() + f[1:], None if f == "LocalhostProfile" else "") for f in fields}
    if (windows := context.get("windowsOptions")) is not None:
        shown["WindowsOptions"] = {go: windows.get(name) for go, name in _GO_WINDOWS}
    return shown
