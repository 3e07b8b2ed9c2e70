"""The server's warnings about accepted objects.

Source: pkg/api/pod/warnings.go, pkg/api/service/warnings.go, and the strategies' WarningsOnCreate. Warnings about
annotations for seccomp and AppArmor aren't modeled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object, dotted
from cluster.admission.minor import Minor
from cluster.admission.rules.address_warnings import address_warnings, cidr_warnings
from cluster.admission.rules.node_warnings import FORMER_LABELS, TERMS, node_affinity
from cluster.admission.rules.object_warnings import claim_templates
from cluster.admission.rules.volume_warnings import claim_fractions, volume_warnings
from cluster.admission.rules.windows import containers_of
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted
from cluster.manifests.quantity import milli, whole

Warnings = Iterator[str]

_FORMER_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": "priorityClassName",
    "security.alpha.kubernetes.io/sysctls": "sysctls",
    "security.alpha.kubernetes.io/unsafe-sysctls": "sysctls",
}
_NO_POD = "a null labelSelector results in matching no pod"
_NEIGHBORS = 20
_WHOLE_BYTES = ("memory", "ephemeral-storage")
_TEMPLATE: Path = ("spec", "template")


def named_for_pods(obj: Object) -> Warnings:
    """Warn about a name that isn't a DNS label although pods will have it."""
    complaints = name_rules.dns_label(obj.get("metadata", {}).get("name", "") or "generated")
    if complaints:
        yield (
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(complaints)}]"
        )


def workload(obj: Object, minor: Minor) -> Warnings:
    """Warnings about a Deployment, ReplicaSet or Job."""
    yield from named_for_pods(obj)
    yield from template(obj.get("spec", {}).get("template", {}), _TEMPLATE, minor)


def templated(obj: Object, minor: Minor) -> Warnings:
    """Warnings about a DaemonSet: its template's."""
    yield from template(obj.get("spec", {}).get("template", {}), _TEMPLATE, minor)


def stateful_set(obj: Object, minor: Minor) -> Warnings:
    """Warnings about a StatefulSet."""
    yield from templated(obj, minor)
    yield from claim_templates(obj.get("spec", {}))


def pod(obj: Object, minor: Minor) -> Warnings:
    """Warnings about a Pod."""
    if complaints := name_rules.dns_label(obj.get("metadata", {}).get("name", "") or "generated"):
        yield (
            "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(complaints)}]"
        )
    spec = obj.get("spec", {})  # the grace period isn't checked: a negative one is replaced before
    spec = {field: value for field, value in spec.items() if field != "terminationGracePeriodSeconds"}
    yield from template({**obj, "spec": spec}, (), minor)


def cron_job(obj: Object, minor: Minor) -> Warnings:
    """Warnings about a CronJob."""
    yield from named_for_pods(obj)
    job = obj.get("spec", {}).get("jobTemplate", {}).get("spec", {})
    yield from template(job.get("template", {}), ("spec", "jobTemplate", "spec", "template"), minor)


def template(written: Object, path: Path, minor: Minor) -> Warnings:
    """Source: warningsForPodSpecAndMeta."""
    spec = written.get("spec", {})
    here = (*path, "spec")
    yield from _places(spec, here, minor)
    yield from _annotations(written.get("metadata", {}).get("annotations", {}), (*path, "metadata", "annotations"))
    yield from volume_warnings(spec.get("volumes", []), (*here, "volumes"))
    yield from _repeated(spec.get("hostAliases", []), "ip", (*here, "hostAliases"))
    secrets = spec.get("imagePullSecrets", [])
    yield from _repeated(secrets, "name", (*here, "imagePullSecrets"))
    for index, secret in enumerate(secrets):
        if not secret.get("name"):
            yield f'{dotted((*here, "imagePullSecrets", index, "name"))}: invalid empty name ""'
    yield from _fractions_of(spec.get("overhead", {}), (*here, "overhead"))
    every = [(container, (*here, *where)) for container, where in containers_of(spec)]
    for container, where in every:
        yield from _fractions(container.get("resources", {}), (*where, "resources"))
        yield from _hidden(container.get("env", []), (*where, "env"))
    yield from _ports(every)
    yield from _port_names(every)
    if spec.get("terminationGracePeriodSeconds", 0) < 0:
        words = "must be >= 0; negative values are invalid and will be treated as 1"
        yield f"{dotted((*here, 'terminationGracePeriodSeconds'))}: {words}"
    yield from _affinity(spec.get("affinity", {}), (*here, "affinity"))
    for index, server in enumerate(spec.get("dnsConfig", {}).get("nameservers", [])):
        yield from address_warnings(server, (*here, "dnsConfig", "nameservers", index), minor)
    for index, alias in enumerate(spec.get("hostAliases", [])):
        yield from address_warnings(alias.get("ip", ""), (*here, "hostAliases", index, "ip"), minor)


def volume_claim(obj: Object, _minor: Minor) -> Warnings:
    """Warnings about a claim of storage: a fraction of a byte."""
    yield from claim_fractions(obj.get("spec", {}), ("spec",))


def service(obj: Object, minor: Minor) -> Warnings:
    """Source: GetWarningsForService."""
    spec = obj.get("spec", {})
    kind, address = spec.get("type") or "ClusterIP", spec.get("clusterIP", "")
    if address and address != "None":
        yield from address_warnings(address, ("spec", "clusterIPs", 0), minor)
    if kind == "ClusterIP" and address == "None":
        yield from _headless(spec)
    for index, written in enumerate(spec.get("loadBalancerSourceRanges", [])):
        yield from cidr_warnings(written, ("spec", "loadBalancerSourceRanges", index), minor)
    if spec.get("externalIPs"):
        yield from _external(spec, kind, minor, headless=address == "None")
    if spec.get("loadBalancerIP"):
        yield from address_warnings(spec["loadBalancerIP"], ("spec", "loadBalancerIP"), minor)
    if kind != "ExternalName" and spec.get("externalName"):
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if minor.deprecated_service_fields and spec.get("trafficDistribution") == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def _headless(spec: Object) -> Warnings:
    for field in ("loadBalancerIP", "externalIPs"):
        if spec.get(field):
            yield f"spec.{field} is ignored for headless services"
    if spec.get("sessionAffinity", "None") != "None":
        yield "spec.SessionAffinity is ignored for headless services"


def _external(spec: Object, kind: str, minor: Minor, *, headless: bool) -> Warnings:
    for index, address in enumerate(spec["externalIPs"]):
        yield from address_warnings(address, ("spec", "externalIPs", index), minor)
    if kind == "ExternalName":
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    elif minor.deprecated_service_fields and not headless:
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"


def _annotations(written: Object, path: Path) -> Warnings:
    for key, field in _FORMER_ANNOTATIONS.items():
        if key in written:
            since = "v1.16+" if field == "priorityClassName" else "v1.11+"
            yield f'{dotted((*path, Key(key)))}: non-functional in {since}; use the "{field}" field instead'


def _places(spec: Object, path: Path, minor: Minor) -> Warnings:
    for key in spec.get("nodeSelector", {}):
        if key in FORMER_LABELS:
            yield f"{dotted((*path, 'nodeSelector', Key(key)))}: {FORMER_LABELS[key]}"
    yield from node_affinity(
        spec.get("affinity", {}).get("nodeAffinity", {}), (*path, "affinity", "nodeAffinity"), minor
    )
    for index, constraint in enumerate(spec.get("topologySpreadConstraints", [])):
        here = (*path, "topologySpreadConstraints", index)
        key = constraint.get("topologyKey", "")
        if key in FORMER_LABELS:
            yield f"{dotted((*here, 'topologyKey'))}: {key} is {FORMER_LABELS[key]}"
        if "labelSelector" not in constraint:
            yield f"{dotted((*here, 'labelSelector'))}: {_NO_POD}"


def _repeated(items: Sequence[Object], field: str, path: Path) -> Warnings:
    seen: set[str] = set()
    for index, item in enumerate(items):
        value = item.get(field, "")
        if value in seen:
            yield f"{dotted((*path, index, field))}: duplicate {field} {quoted(value)}"
        seen.add(value)


def _fractions(resources: Object, path: Path) -> Warnings:
    for kind in ("limits", "requests"):
        yield from _fractions_of(resources.get(kind, {}), (*path, kind))


def _fractions_of(amounts: Object, path: Path) -> Warnings:
    for name in _WHOLE_BYTES:
        amount = amounts.get(name)
        if amount is not None and not whole(milli(amount)):
            words = f"fractional byte value {quoted(milli(amount).text)} is invalid, must be an integer"
            yield f"{dotted((*path, Key(name)))}: {words}"


def _hidden(variables: Sequence[Object], path: Path) -> Warnings:
    """Warn about a variable that replaces another of its name without referring to it."""
    seen: set[str] = set()
    for index, variable in enumerate(variables):
        name, value = variable.get("name", ""), variable.get("value", "")
        reference = f"$({name})"
        if name in seen and ("valueFrom" in variable or value == reference or reference not in value):
            words = f"hides previous definition of {quoted(name)}, which may be dropped when using apply"
            yield f"{dotted((*path, index))}: {words}"
        seen.add(name)


def _ports(every: Sequence[tuple[Object, Path]]) -> Warnings:
    seen: dict[tuple[int, str], list[tuple[Path, Object]]] = {}
    for container, where in every:
        for index, port in enumerate(container.get("ports", [])):
            here = (*where, "ports", index)
            if port.get("hostIP") and not port.get("hostPort"):
                shown = (
                    f"{{Name:{port.get('name', '')} HostPort:0 ContainerPort:{port.get('containerPort', 0)} "
                    f"Protocol:{port.get('protocol') or 'TCP'} HostIP:{port['hostIP']}}}"
                )
                yield f"{dotted(here)}: hostIP set without hostPort: {shown}"
            others = seen.setdefault((port.get("containerPort", 0), port.get("protocol") or "TCP"), [])
            for other_path, other in others[-_NEIGHBORS:]:
                if what := _overlap(port, other):
                    yield f"{dotted(here)}: {what} port definition with {dotted(other_path)}"
            others.append((here, port))


def _overlap(port: Object, other: Object) -> str:
    host, other_host = port.get("hostPort", 0), other.get("hostPort", 0)
    address, other_address = port.get("hostIP", ""), other.get("hostIP", "")
    if (host, address) == (other_host, other_address):
        return "duplicate"
    if not host or not other_host:
        return "overlapping"
    return "dangerously ambiguous" if host == other_host and bool(address) != bool(other_address) else ""


def _port_names(every: Sequence[tuple[Object, Path]]) -> Warnings:
    seen: dict[str, str] = {}
    for container, where in every:
        for index, port in enumerate(container.get("ports", [])):
            name, here = port.get("name", ""), dotted((*where, "ports", index))
            if name in seen:
                yield (
                    f"{here}: duplicate port name {quoted(name)} with {seen[name]}, services and probes that select "
                    f"ports by name will use {seen[name]}"
                )
            elif name:
                seen[name] = here


def _affinity(affinity: Object, path: Path) -> Warnings:
    for kind in ("podAffinity", "podAntiAffinity"):
        for terms in TERMS:
            for index, term in enumerate(affinity.get(kind, {}).get(terms, [])):
                weighted = terms == TERMS[1]
                inner = term.get("podAffinityTerm", {}) if weighted else term
                step = ("podAffinityTerm", "labelSelector") if weighted else ("labelSelector",)
                if "labelSelector" not in inner:
                    yield f"{dotted((*path, kind, terms, index, *step))}: {_NO_POD}"
