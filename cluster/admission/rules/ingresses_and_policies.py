"""Ingresses and NetworkPolicies.

Source: pkg/apis/networking/validation/validation.go, in its order.
"""

from __future__ import annotations

import ipaddress

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, forbidden, invalid, required, unsupported
from cluster.admission.rules.metadata import label_selector, object_meta
from cluster.admission.rules.pod_network import cidr, is_ip, service_name
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)
CLASS = "kubernetes.io/ingress.class"
_PROTOCOLS, _POLICIES = ("TCP", "UDP", "SCTP"), ("Ingress", "Egress")
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDINGS = ("/..", "/.")


def ingress(obj: Object, minor: Minor) -> Problems:
    """ValidateIngressCreate."""
    metadata, spec = obj.get("metadata", {}), obj.get("spec", {})
    yield from object_meta(metadata, name_rules.dns_subdomain, minor)
    rules, backend = spec.get("rules", []), spec.get("defaultBackend")
    if not rules and backend is None:
        yield invalid(SPEC, spec.get("rules"), "either `defaultBackend` or `rules` must be specified")
    if backend is not None:
        yield from _backend(backend, (*SPEC, "defaultBackend"), minor)
    for index, rule in enumerate(rules):
        yield from _rule(rule, (*SPEC, "rules", index), minor)
    for index, tls in enumerate(spec.get("tls", [])):
        for position, host in enumerate(tls.get("hosts", [])):
            yield from each_invalid((*SPEC, "tls", index, "hosts", position), host, _host(host))
        if secret := tls.get("secretName", ""):
            yield from each_invalid((*SPEC, "tls", index, "secretName"), secret, name_rules.dns_subdomain(secret))
    name = spec.get("ingressClassName")
    if name is not None:
        yield from each_invalid((*SPEC, "ingressClassName"), name, name_rules.dns_subdomain(name))
        annotation = metadata.get("annotations", {}).get(CLASS, name)
        if annotation != name:
            words = "must match `ingressClassName` when both are specified"
            yield invalid(("annotations", CLASS), annotation, words)


def _host(host: str) -> list[str]:
    return name_rules.wildcard_subdomain(host) if "*" in host else name_rules.dns_subdomain(host)


def _rule(rule: Object, path: Path, minor: Minor) -> Problems:
    host, http = rule.get("host", ""), rule.get("http")
    if host:
        if is_ip(host):
            yield invalid((*path, "host"), host, "must be a DNS name, not an IP address")
        yield from each_invalid((*path, "host"), host, _host(host))
    if http is None:
        return
    if not http.get("paths"):
        yield required((*path, "http", "paths"))
    for index, one in enumerate(http.get("paths", [])):
        yield from _path(one, (*path, "http", "paths", index), minor)


def _path(written: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateHTTPIngressPath."""
    kind, target = written.get("pathType"), written.get("path", "")
    here = (*path, "path")
    if kind is None:
        yield required((*path, "pathType"), "pathType must be specified")
        return
    if kind in ("Exact", "Prefix"):
        if not target.startswith("/"):
            yield invalid(here, target, "must be an absolute path")
        for sequence in _BAD_SEQUENCES:
            if sequence in target:
                yield invalid(here, target, f"must not contain '{sequence}'")
        for ending in _BAD_ENDINGS:
            if target.endswith(ending):
                yield invalid(here, target, f"cannot end with '{ending}'")
    elif kind != "ImplementationSpecific":
        yield unsupported((*path, "pathType"), kind, _PATH_TYPES)
    elif target and not target.startswith("/"):
        yield invalid(here, target, "must be an absolute path")
    yield from _backend(written.get("backend", {}), (*path, "backend"), minor)


def _backend(backend: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateIngressBackend: a resource, or a service with one port."""
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        yield invalid(path, "", "cannot set both resource and service backends")
    elif resource is not None:
        yield from _resource(resource, (*path, "resource"))
    elif service is None:
        yield invalid(path, "", "resource or service backend is required")
    else:
        yield from _service(service, path, minor)


def _resource(resource: Object, path: Path) -> Problems:
    """Source: validateIngressTypedLocalObjectReference."""
    group = resource.get("apiGroup")
    if group is not None:
        yield from each_invalid((*path, "apiGroup"), group, name_rules.dns_subdomain(group))
    for field in ("kind", "name"):
        if value := resource.get(field, ""):
            yield from each_invalid((*path, field), value, name_rules.path_segment(value))
        else:
            yield required((*path, field))


def _service(service: Object, path: Path, minor: Minor) -> Problems:
    name, port = service.get("name", ""), service.get("port", {})
    if name:
        yield from each_invalid((*path, "service", "name"), name, service_name(minor)(name))
    else:
        yield required((*path, "service", "name"))
    number, port_name = port.get("number", 0), port.get("name", "")
    if number and port_name:
        yield invalid(path, "", "cannot set both port name & port number")
    elif port_name:
        yield from each_invalid((*path, "service", "port", "name"), port_name, name_rules.port_name(port_name))
    elif number:
        yield from each_invalid((*path, "service", "port", "number"), number, name_rules.port_number(number))
    else:
        yield required(path, "port name or number is required")


def network_policy(obj: Object, minor: Minor) -> Problems:
    """ValidateNetworkPolicy."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor)
    spec = obj.get("spec", {})
    yield from label_selector(spec.get("podSelector"), (*SPEC, "podSelector"), minor)
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction, [])):
            here = (*SPEC, direction, index)
            for position, port in enumerate(rule.get("ports", [])):
                yield from _port(port, (*here, "ports", position), minor)
            for position, peer in enumerate(rule.get(peers, [])):
                yield from _peer(peer, (*here, peers, position), minor)
    types = spec.get("policyTypes", [])
    if len(types) > len(_POLICIES):
        yield invalid((*SPEC, "policyTypes"), types, "may not specify more than two policyTypes")
        return
    for index, kind in enumerate(types):
        if kind not in _POLICIES:
            yield unsupported((*SPEC, "policyTypes", index), kind, _POLICIES)


def _port(written: Object, path: Path, minor: Minor) -> Problems:
    """Source: ValidateNetworkPolicyPort."""
    protocol, port, end = written.get("protocol", "TCP"), written.get("port"), written.get("endPort")
    if protocol not in _PROTOCOLS:
        yield unsupported((*path, "protocol"), protocol, _PROTOCOLS)
    if port is None:
        if end is not None:
            yield invalid((*path, "endPort"), end, "may not be specified when `port` is not specified")
    elif isinstance(port, str):
        if end is not None:
            yield invalid((*path, "endPort"), end, "may not be specified when `port` is non-numeric")
        yield from each_invalid((*path, "port"), port, name_rules.port_name(port))
    else:
        yield from each_invalid((*path, "port"), port, name_rules.port_number(port))
        if end is not None and end < port:
            yield invalid(
                (*path, "endPort"), end if minor.shows_end_port else port, "must be greater than or equal to `port`"
            )
        if end is not None:
            yield from each_invalid((*path, "endPort"), end, name_rules.port_number(end))


def _peer(peer: Object, path: Path, minor: Minor) -> Problems:
    """Source: ValidateNetworkPolicyPeer."""
    kinds = [kind for kind in ("podSelector", "namespaceSelector", "ipBlock") if kind in peer]
    for kind in kinds:
        if kind == "ipBlock":
            yield from _block(peer["ipBlock"], (*path, "ipBlock"), minor)
        else:
            yield from label_selector(peer[kind], (*path, kind), minor)
    if not kinds:
        yield required(path, "must specify a peer")
    elif len(kinds) > 1 and "ipBlock" in kinds:
        yield forbidden(path, "may not specify both ipBlock and another peer")


def _block(block: Object, path: Path, minor: Minor) -> Problems:
    """Source: ValidateIPBlock."""
    whole = block.get("cidr", "")
    if not whole:
        yield required((*path, "cidr"))
        return
    problems = list(cidr(whole, (*path, "cidr"), minor))
    yield from problems
    if problems:
        return
    for index, part in enumerate(block.get("except", [])):
        here = (*path, "except", index)
        wrong = list(cidr(part, here, minor))
        yield from wrong
        if not wrong and not _inside(part, whole):
            yield invalid(here, part, "must be a strict subset of `cidr`")


def _inside(part: str, whole: str) -> bool:
    inner, outer = ipaddress.ip_network(part, strict=False), ipaddress.ip_network(whole, strict=False)
    return inner.version == outer.version and inner.network_address in outer and inner.prefixlen > outer.prefixlen
