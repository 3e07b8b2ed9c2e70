"""A Service's addresses and node ports, which are allocated before anything else is checked.

The cluster has only IPv4, with kind's own range of addresses. In a dry run node ports may be any number.

Source: pkg/registry/core/service/storage/alloc.go, and ValidateServiceClusterIPsRelatedFields in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, duplicate, invalid, unsupported
from cluster.admission.rules.pod_network import address_of, ip, is_ip
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)
RANGE = ipaddress.ip_network("10.96.0.0/16")
"""The range of Services' addresses, as kind sets it."""

_FAMILIES = ("IPv4", "IPv6")
_FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
_MOST = 2
_FIRST_FREE = 32769


def cluster_ips(spec: Object) -> list[str]:
    """Return clusterIPs as the server sets it from clusterIP."""
    written: list[str] = spec.get("clusterIPs", [])
    one = spec.get("clusterIP", "")
    return written or ([one] if one else [])


def allocation(spec: Object, kind: str, minor: Minor) -> Problems:
    """Yield what keeps a Service from getting its addresses and node ports; stop after the first step with a problem."""
    steps = () if kind == "ExternalName" else (lambda spec: _related(spec, minor), _families_of_cluster, _addresses)
    for step in steps:
        problems = list(step(spec))
        if problems:
            yield from problems
            return
    if kind in ("NodePort", "LoadBalancer"):
        yield from _node_ports(spec.get("ports", []), given=spec.get("allocateLoadBalancerNodePorts", True))


def with_node_ports(spec: Object, kind: str) -> list[Object]:
    """Return the ports with the node ports that a dry run allocates, if the type has any: ports of one number share one."""
    ports: Sequence[Object] = spec.get("ports", [])
    if kind not in ("NodePort", "LoadBalancer") or not spec.get("allocateLoadBalancerNodePorts", True):
        return list(ports)
    named = {port.get("port", 0): port["nodePort"] for port in reversed(ports) if port.get("nodePort")}
    given: dict[int, int] = {}
    free = _FIRST_FREE
    found: list[Object] = []
    for port in ports:
        number = port.get("port", 0)
        if number not in given:
            given[number] = named.get(number) or free
        node_port = port.get("nodePort") or given[number]
        free = max(free, node_port + 1) if found else node_port + 1
        found.append({**port, "nodePort": node_port})
    return found


def health_check_port(spec: Object, kind: str) -> int:
    """Return the node port for health checks: the written one, or the one that a dry run allocates after the others."""
    taken = [port.get("nodePort", 0) for port in with_node_ports(spec, kind)]
    free = max(taken) + 1 if any(taken) else _FIRST_FREE
    return spec.get("healthCheckNodePort", 0) or (free + 2**31) % 2**32 - 2**31


def _related(spec: Object, minor: Minor) -> Problems:
    """Source: ValidateServiceClusterIPsRelatedFields."""
    here, addresses = (*SPEC, "clusterIPs"), cluster_ips(spec)
    one = spec.get("clusterIP", "")
    if one and addresses[0] != one:
        yield invalid(here, addresses, "first value must match `clusterIP`")
    elif not one and addresses:
        yield invalid(here, addresses, "must be empty when `clusterIP` is not specified")
    families = spec.get("ipFamilies", [])
    for index, family in enumerate(families):
        if family not in _FAMILIES:
            yield unsupported((*SPEC, "ipFamilies", index), family, _FAMILIES)
        if family in families[:index]:
            yield duplicate((*SPEC, "ipFamilies", index), family)
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in _FAMILY_POLICIES:
        yield unsupported((*SPEC, "ipFamilyPolicy"), policy, _FAMILY_POLICIES)
    wrong = list(_each(addresses, here, minor))
    yield from wrong
    if len(addresses) > _MOST:
        yield invalid(here, addresses, f"may only hold up to {_MOST} values")
    if not wrong and addresses != ["None"]:
        yield from _against_families(addresses, families, here)


def _each(addresses: list[str], path: Path, minor: Minor) -> Problems:
    for index, address in enumerate(addresses):
        if index == 0 and address == "None":
            if len(addresses) > 1:
                yield invalid(path, addresses, "'None' must be the first and only value")
        else:
            yield from ip(address, (*path, index), minor)


def _against_families(addresses: list[str], families: Sequence[str], path: Path) -> Problems:
    if len(addresses) > 1 and len({":" in address for address in addresses}) == 1:
        yield invalid(path, addresses, "may specify no more than one IP for each IP family")
    for index, (address, family) in enumerate(zip(addresses, families, strict=False)):
        if family in _FAMILIES and (family == "IPv6") != (":" in address):
            words = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
            yield invalid((*path, index), address, words)


def _families_of_cluster(spec: Object) -> Problems:
    """Source: initIPFamilyFields, on a cluster with only IPv4."""
    addresses, families = cluster_ips(spec), spec.get("ipFamilies", [])
    everywhere = spec.get("clusterIP") == "None" and not spec.get("selector")
    policy = spec.get("ipFamilyPolicy") or ("RequireDualStack" if everywhere else "SingleStack")
    problems = []
    where = (*SPEC, "ipFamilyPolicy")
    if policy == "SingleStack":
        for given, what in ((addresses, "cluster IPs"), (families, "IP families")):
            if len(given) > 1:
                words = f"must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified"
                problems.append(invalid(where, policy, words))
    for index, address in enumerate(addresses[len(families) :], len(families)):
        if ":" in address:
            words = "IPv6 is not configured on this cluster"
            problems.append(invalid((*SPEC, "clusterIPs", index), addresses, words))
    yield from problems
    if problems or everywhere:
        return
    if policy == "RequireDualStack":
        yield invalid(where, policy, "this cluster is not configured for dual-stack services")
    for index, family in enumerate(families):
        if family != "IPv4":
            yield invalid((*SPEC, "ipFamilies", index), family, "not configured on this cluster")


def _addresses(spec: Object) -> Problems:
    """Source: allocIPs."""
    addresses = cluster_ips(spec)
    for address in addresses:
        if is_ip(address) and address_of(address) not in RANGE:
            words = (
                f"failed to allocate IP {address}: the provided IP ({address_of(address)}) is not in the valid range. "
                f"The range of valid IPs is {RANGE}"
            )
            yield invalid((*SPEC, "clusterIPs"), addresses, words)


def _node_ports(ports: Sequence[Object], *, given: bool) -> Problems:
    """Source: initNodePorts: one node port for all ports of one number, none allocated twice."""
    taken: set[int] = set()
    by_port: dict[int, int] = {}
    named = {port.get("port", 0): port["nodePort"] for port in reversed(ports) if port.get("nodePort")}
    for index, port in enumerate(ports):
        number, wanted = port.get("port", 0), port.get("nodePort", 0)
        if not wanted and not given:
            continue
        if number not in by_port:
            wanted = by_port[number] = named.get(number, 0)
        elif wanted in (0, by_port[number]):
            continue
        if wanted and wanted in taken:
            yield invalid((*SPEC, "ports", index, "nodePort"), wanted, "provided port is already allocated")
            return
        taken.add(wanted)
