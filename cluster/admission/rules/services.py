"""Services.

Source: ValidateServiceCreate and what it calls in pkg/apis/core/validation/validation.go, in its order; defaults are
SetDefaults_Service's, and clusterIPs follows clusterIP as in the registry's strategy.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

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
    unsupported,
)  # fmt: skip
from cluster.admission.rules.addresses import allocation, cluster_ips, health_check_port
from cluster.admission.rules.containers import PROTOCOLS
from cluster.admission.rules.metadata import labels, object_meta
from cluster.admission.rules.pod_network import address_of, cidr, ip, service_name
from cluster.admission.rules.probes import port_number_or_name
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)
_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_TRAFFIC = ("Cluster", "Local")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
_LONGEST_AFFINITY = 86400
_LINK_LOCAL = (ipaddress.ip_network("224.0.0.0/24"), ipaddress.ip_network("ff02::/16"))
_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"


def service(obj: Object, minor: Minor) -> Problems:
    """ValidateServiceCreate, after addresses and node ports were allocated."""
    metadata, spec = obj.get("metadata", {}), obj.get("spec", {})
    kind = spec.get("type") or "ClusterIP"
    unallocated = list(allocation(spec, kind, minor))
    if unallocated:
        yield from unallocated
        return
    yield from object_meta(metadata, service_name(minor), minor, generation=True)
    addresses = cluster_ips(spec)
    headless = addresses == ["None"]
    ports = spec.get("ports", [])
    if not ports and not headless and kind != "ExternalName":
        yield required((*SPEC, "ports"))
    yield from _by_type(kind, spec, addresses)
    yield from _ports(ports, minor)
    yield from labels(spec.get("selector"), (*SPEC, "selector"), minor)
    yield from _affinity(spec)
    for index, address in enumerate(spec.get("externalIPs", [])):
        yield from _external_ip(address, (*SPEC, "externalIPs", index), minor)
    if kind not in _TYPES:
        yield unsupported((*SPEC, "type"), kind, _TYPES)
    yield from _port_pairs(spec, kind)
    yield from _balancer(metadata, spec, kind, minor)
    yield from _traffic(spec, kind)


def _by_type(kind: str, spec: Object, addresses: Sequence[str]) -> Problems:
    if kind in ("LoadBalancer", "NodePort"):
        if addresses == ["None"]:
            yield invalid((*SPEC, "clusterIPs", 0), "None", f"may not be set to 'None' for {kind} services")
        return
    if kind != "ExternalName":
        return
    if addresses:
        yield forbidden((*SPEC, "clusterIPs"), "may not be set for ExternalName services")
    for field in ("ipFamilies", "ipFamilyPolicy"):
        if spec.get(field):
            yield forbidden((*SPEC, field), "may not be set for ExternalName services")
    name = spec.get("externalName", "").removesuffix(".")
    if name:
        yield from each_invalid((*SPEC, "externalName"), name, name_rules.dns_subdomain(name))
    else:
        yield required((*SPEC, "externalName"))


def _ports(ports: Sequence[Object], minor: Minor) -> Problems:
    """Source: validateServicePort; a missing targetPort equals the port."""
    seen: set[str] = set()
    for index, port in enumerate(ports):
        here = (*SPEC, "ports", index)
        name, number = port.get("name", ""), port.get("port", 0)
        if not name and len(ports) > 1:
            yield required((*here, "name"))
        elif name:
            yield from each_invalid((*here, "name"), name, name_rules.dns_label(name))
            if name in seen:
                yield duplicate((*here, "name"), name)
            seen.add(name)
        yield from each_invalid((*here, "port"), number, name_rules.port_number(number))
        protocol = port.get("protocol") or "TCP"
        if protocol not in PROTOCOLS:
            yield unsupported((*here, "protocol"), protocol, PROTOCOLS)
        yield from port_number_or_name(port.get("targetPort") or number, (*here, "targetPort"))
        if (protocol := port.get("appProtocol")) is not None:
            yield from each_invalid((*here, "appProtocol"), protocol, minor.qualified_name(protocol))


def _affinity(spec: Object) -> Problems:
    affinity = spec.get("sessionAffinity") or "None"
    if affinity not in ("ClientIP", "None"):
        yield unsupported((*SPEC, "sessionAffinity"), affinity, ("ClientIP", "None"))
    if affinity != "ClientIP":
        return
    seconds = spec.get("sessionAffinityConfig", {}).get("clientIP", {}).get("timeoutSeconds", 10800)
    if not 0 < seconds <= _LONGEST_AFFINITY:
        where = (*SPEC, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
        yield invalid(where, seconds, f"must be greater than 0 and less than {_LONGEST_AFFINITY}")


def _external_ip(address: str, path: Path, minor: Minor) -> Problems:
    """IsValidIPForLegacyField, then ValidateEndpointIP: no loopback or link-local address."""
    wrong = list(ip(address, path, minor))
    if wrong:
        yield from wrong
        return
    parsed = address_of(address)
    if parsed.is_unspecified:
        yield invalid(path, address, "may not be unspecified (0.0.0.0)")
    if parsed.is_loopback:
        yield invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if parsed.is_link_local:
        yield invalid(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if parsed.is_multicast and any(parsed in network for network in _LINK_LOCAL):
        words = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        yield invalid(path, address, words)


def _port_pairs(spec: Object, kind: str) -> Problems:
    """Node ports only for types that have them; no node port and no port twice with one protocol.

    Only written node ports count. In a dry run a server allocates one node port for ports of one number and then
    reports a duplicate, with a number that isn't in the manifest.
    """
    ports: Sequence[Object] = spec.get("ports", [])
    if kind == "ClusterIP":
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                words = "may not be used when `type` is 'ClusterIP'"
                yield forbidden((*SPEC, "ports", index, "nodePort"), words)
    seen: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        key = port.get("protocol") or "TCP", port.get("nodePort", 0)
        if key[1] and key in seen:
            yield duplicate((*SPEC, "ports", index, "nodePort"), key[1])
        seen.add(key)
    seen = set()
    for index, port in enumerate(ports):
        key = port.get("protocol") or "TCP", port.get("port", 0)
        if key in seen:
            shown = {
                "Name": "", "Protocol": key[0], "AppProtocol": None, "Port": key[1], "TargetPort": 0, "NodePort": 0,
            }  # fmt: skip
            yield duplicate((*SPEC, "ports", index), shown)
        seen.add(key)


def _balancer(metadata: Object, spec: Object, kind: str, minor: Minor) -> Problems:
    ranges = spec.get("loadBalancerSourceRanges", [])
    annotation = metadata.get("annotations", {}).get(_RANGES)
    if ranges:
        where: Path = (*SPEC, "LoadBalancerSourceRanges")
        if kind != "LoadBalancer":
            yield forbidden(where, _ONLY_BALANCED)
        for index, written in enumerate(ranges):
            yield from cidr(written.strip(), (*where, index), minor)
    elif annotation is not None:
        where = ("metadata", "annotations", Key(_RANGES))
        if kind != "LoadBalancer":
            yield forbidden(where, _ONLY_BALANCED)
        if annotation.strip():
            for written in annotation.split(","):
                yield from cidr(written.strip(), where, minor)
    if "allocateLoadBalancerNodePorts" in spec and kind != "LoadBalancer":
        yield forbidden((*SPEC, "allocateLoadBalancerNodePorts"), _ONLY_BALANCED)
    yield from _balancer_class(spec.get("loadBalancerClass"), kind, minor)


def _balancer_class(balancer: str | None, kind: str, minor: Minor) -> Problems:
    """Source: validateLoadBalancerClassField."""
    if balancer is not None and kind == "LoadBalancer":
        yield from each_invalid((*SPEC, "loadBalancerClass"), balancer, minor.qualified_name(balancer))
    elif balancer is not None:
        yield forbidden((*SPEC, "loadBalancerClass"), _ONLY_BALANCED)


def _traffic(spec: Object, kind: str) -> Problems:
    external = spec.get("externalTrafficPolicy", "")
    reachable = kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))
    if not reachable:
        if external:
            words = "may only be set for externally-accessible services"
            yield invalid((*SPEC, "externalTrafficPolicy"), external, words)
    elif external and external not in _TRAFFIC:
        yield unsupported((*SPEC, "externalTrafficPolicy"), external, _TRAFFIC)
    health = spec.get("healthCheckNodePort", 0)
    if kind == "LoadBalancer" and external == "Local":
        health = health_check_port(spec, kind)
        yield from each_invalid((*SPEC, "healthCheckNodePort"), health, name_rules.port_number(health))
    elif health:
        words = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield invalid((*SPEC, "healthCheckNodePort"), health, words)
    internal = spec.get("internalTrafficPolicy")
    if internal is not None and internal not in _TRAFFIC:
        yield unsupported((*SPEC, "internalTrafficPolicy"), internal, _TRAFFIC)
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in _DISTRIBUTIONS:
        yield unsupported((*SPEC, "trafficDistribution"), distribution, _DISTRIBUTIONS)
