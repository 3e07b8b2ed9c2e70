"""Pod templates and pod specs.

Source: ValidatePodTemplateSpec and ValidatePodSpec in pkg/apis/core/validation/validation.go, in their order; defaults
are those of pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    required,
    too_long,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.containers import PodContext, containers, ephemeral_containers, init_containers
from cluster.admission.rules.environment import file_key_volumes
from cluster.admission.rules.metadata import annotation_map, labels
from cluster.admission.rules.pod_network import dns_config, host_aliases
from cluster.admission.rules.resources import container_resources, pod_level_consistency, pod_resources
from cluster.admission.rules.scheduling import affinity, spread_constraints, tolerations
from cluster.admission.rules.security import pod_security
from cluster.admission.rules.volumes import volumes
from cluster.admission.rules.windows import host_process, operating_system
from cluster.manifests.documents import Path

RESTART_POLICIES = ("Always", "OnFailure", "Never")
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_PREEMPTION = ("PreemptLowerPriority", "Never")
_DEFAULT_GRACE = 30
_MOST_SECONDS = 2**31 - 1
_MOST_HOSTNAME = 64
_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"


def restart_policy(spec: Object) -> str:
    """The pod's restart policy, Always by default."""
    return spec.get("restartPolicy") or "Always"


def pod_template(template: Object, path: Path, minor: Minor) -> Problems:
    """ValidatePodTemplateSpec; only labels and annotations of the template's metadata are checked."""
    metadata, spec = template.get("metadata", {}), template.get("spec", {})
    yield from labels(metadata.get("labels"), (*path, "labels"), minor)
    yield from annotation_map(metadata.get("annotations"), (*path, "annotations"), minor)
    yield from pod_annotations(metadata.get("annotations", {}), spec, (*path, "annotations"))
    yield from pod_spec(spec, (*path, "spec"), minor)
    if spec.get("ephemeralContainers"):
        words = "ephemeral containers not allowed in pod template"
        yield forbidden((*path, "spec", "ephemeralContainers"), words)


def pod_annotations(written: Mapping[str, str], spec: Object, path: Path) -> Problems:
    """ValidatePodSpecificAnnotations, for annotations that still have an effect."""
    cost = written.get(_DELETION_COST)
    if cost is not None and not _is_int32(cost):
        yield invalid((*path, Key(_DELETION_COST)), cost, "must be a 32bit integer")
    for key, value in written.items():
        if not key.startswith(_APP_ARMOR):
            continue
        name = key.removeprefix(_APP_ARMOR)
        every = [*spec.get("containers", []), *spec.get("initContainers", [])]
        if not any(container.get("name") == name for container in every):
            yield invalid((*path, Key(key)), name, "container not found")
        if value not in ("", "runtime/default", "unconfined") and not value.startswith("localhost/"):
            yield invalid((*path, Key(key)), value, f'invalid AppArmor profile name: "{value}"')


def pod_spec(spec: Object, path: Path, minor: Minor) -> Problems:
    """ValidatePodSpec."""
    found, problems = volumes(spec.get("volumes", []), (*path, "volumes"), minor)
    yield from problems
    claims = spec.get("resourceClaims", [])
    yield from _claims(claims, (*path, "resourceClaims"))
    policy = restart_policy(spec)
    pod = PodContext(
        volumes=found, claims=frozenset(claim.get("name", "") for claim in claims) - {""},
        grace=spec.get("terminationGracePeriodSeconds", _DEFAULT_GRACE), restart_policy=policy,
        host_users=spec.get("hostUsers", True), host_network=bool(spec.get("hostNetwork")), minor=minor,
    )  # fmt: skip
    regular = spec.get("containers", [])
    yield from containers(regular, (*path, "containers"), pod)
    yield from init_containers(spec.get("initContainers", []), (*path, "initContainers"), pod, regular)
    others = [*regular, *spec.get("initContainers", [])]
    ephemeral = spec.get("ephemeralContainers", [])
    yield from ephemeral_containers(ephemeral, (*path, "ephemeralContainers"), pod, others)
    if (resources := spec.get("resources")) is not None:
        if "claims" in resources:
            words = "claims may not be set for Resources at pod-level"
            yield forbidden((*path, "resources", "claims"), words)
        yield from pod_resources(resources, (*path, "resources"), pod.claims, minor)
        yield from pod_level_consistency(resources, spec, (*path, "resources"))
    if pod.host_network:
        yield from _host_ports(regular, (*path, "containers"))
    if policy not in RESTART_POLICIES:
        yield unsupported((*path, "restartPolicy"), policy, RESTART_POLICIES)
    yield from _placement(spec, path, minor)
    yield from _identity(spec, path, minor)


def _placement(spec: Object, path: Path, minor: Minor) -> Problems:
    dns_policy = spec.get("dnsPolicy") or "ClusterFirst"
    if dns_policy not in _DNS_POLICIES:
        yield unsupported((*path, "dnsPolicy"), dns_policy, _DNS_POLICIES)
    yield from labels(spec.get("nodeSelector"), (*path, "nodeSelector"), minor)
    yield from pod_security(spec.get("securityContext", {}), spec, path, minor)
    yield from affinity(spec.get("affinity", {}), (*path, "affinity"), minor)
    yield from dns_config(spec.get("dnsConfig"), dns_policy, (*path, "dnsConfig"), minor)
    for index, gate in enumerate(spec.get("readinessGates", [])):
        condition = gate.get("conditionType", "")
        here = (*path, "readinessGates", index, "conditionType")
        yield from each_invalid(here, condition, minor.qualified_name(condition))
    yield from _scheduling_gates(spec.get("schedulingGates", []), (*path, "schedulingGates"), minor)
    yield from spread_constraints(
        spec.get("topologySpreadConstraints", []), (*path, "topologySpreadConstraints"), minor
    )
    yield from host_process(spec, path)
    if spec.get("hostUsers") is False:
        for field, shown in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
            if spec.get(field):
                yield forbidden((*path, shown), "when `hostUsers` is false")


def _identity(spec: Object, path: Path, minor: Minor) -> Problems:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount", "")
    for field, name, rule in (
        ("serviceAccountName", account, name_rules.dns_subdomain),
        ("nodeName", spec.get("nodeName", ""), name_rules.dns_subdomain),
    ):
        if name:
            yield from each_invalid((*path, field), name, rule(name))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= _MOST_SECONDS:
        yield invalid((*path, "activeDeadlineSeconds"), deadline, name_rules.between(1, _MOST_SECONDS))
    for field in ("hostname", "subdomain"):
        if name := spec.get(field, ""):
            yield from each_invalid((*path, field), name, name_rules.dns_label(name))
    yield from _hostname_override(spec, (*path, "hostnameOverride"))
    yield from tolerations(spec.get("tolerations", []), (*path, "tolerations"), minor)
    yield from host_aliases(spec.get("hostAliases", []), (*path, "hostAliases"), minor)
    if name := spec.get("priorityClassName", ""):
        yield from each_invalid((*path, "priorityClassName"), name, name_rules.dns_subdomain(name))
    if (name := spec.get("runtimeClassName")) is not None:
        yield from each_invalid((*path, "runtimeClassName"), name, name_rules.dns_subdomain(name))
    yield from _preemption(spec.get("preemptionPolicy"), (*path, "preemptionPolicy"))
    if (overhead := spec.get("overhead")) is not None:
        yield from container_resources({"limits": overhead}, (*path, "overhead"), (), minor)
    yield from operating_system(spec, path, minor)
    yield from file_key_volumes(spec, path)


def _hostname_override(spec: Object, path: Path) -> Problems:
    """Source: validatePodHostName."""
    name = spec.get("hostnameOverride")
    if name is None:
        return
    for field in ("setHostnameAsFQDN", "hostNetwork"):
        if spec.get(field):
            yield forbidden(path, f"may not be specified when {field} is true")
    if len(name.encode()) > _MOST_HOSTNAME:
        yield too_long(path, _MOST_HOSTNAME)
    yield from each_invalid(path, name, name_rules.dns_subdomain(name))


def _preemption(policy: str | None, path: Path) -> Problems:
    """Source: ValidatePreemptionPolicy."""
    if policy == "":
        yield required(path)
    elif policy is not None and policy not in _PREEMPTION:
        yield unsupported(path, policy, _PREEMPTION)


def _host_ports(written: Sequence[Object], path: Path) -> Problems:
    """Source: validatePodHostNetworkDeps."""
    for index, container in enumerate(written):
        for position, port in enumerate(container.get("ports", [])):
            host = port.get("hostPort", 0)
            if host and host != port.get("containerPort", 0):
                here = (*path, index, "ports", position, "hostPort")
                yield invalid(here, host, "must match `containerPort` when `hostNetwork` is true")


def _scheduling_gates(gates: Sequence[Object], path: Path, minor: Minor) -> Problems:
    seen: set[str] = set()
    for index, gate in enumerate(gates):
        name = gate.get("name", "")
        yield from each_invalid((*path, index), name, minor.qualified_name(name))
        if name in seen:
            yield duplicate((*path, index), name)
        seen.add(name)


def _claims(claims: Sequence[Object], path: Path) -> Problems:
    """Source: validatePodResourceClaim."""
    seen: set[str] = set()
    for index, claim in enumerate(claims):
        here = (*path, index)
        name = claim.get("name", "")
        if not name:
            yield required((*here, "name"))
        elif name in seen:
            yield duplicate((*here, "name"), name)
        else:
            yield from each_invalid((*here, "name"), name, name_rules.dns_label(name))
            seen.add(name)
        sources = [field for field in ("resourceClaimName", "resourceClaimTemplateName") if field in claim]
        shown = {
            "Name": name, "ResourceClaimName": claim.get("resourceClaimName"),
            "ResourceClaimTemplateName": claim.get("resourceClaimTemplateName"),
        }  # fmt: skip
        if len(sources) > 1:
            words = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            yield invalid(here, shown, words)
        elif not sources:
            words = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            yield invalid(here, shown, words)
        for field in sources:
            yield from each_invalid((*here, field), claim[field], name_rules.dns_subdomain(claim[field]))


def _is_int32(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isdecimal() and digits.isascii() and (digits == "0" or digits[0] != "0") and abs(int(text)) < 2**31
