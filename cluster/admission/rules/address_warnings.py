"""Warnings about addresses and ranges in an unusual form.

Source: GetWarningsForIP and GetWarningsForCIDR in apimachinery's pkg/util/validation/ip.go.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from cluster.admission.decode import dotted
from cluster.admission.minor import Minor
from cluster.admission.rules.pod_network import address_of, cidr, is_ip, is_odd_cidr
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted


def address_warnings(text: str, path: Path, minor: Minor) -> Iterator[str]:
    """Source: GetWarningsForIP."""
    if not is_ip(text):
        return
    canonical = str(address_of(text))
    if canonical == text:
        return
    if ":" in text:
        yield f"{dotted(path)}: IPv6 address {quoted(text)} should be in RFC 5952 canonical format ({quoted(canonical)})"
    else:
        yield f"{dotted(path)}: non-standard IP address {quoted(text)} {minor.odd_address}: use {quoted(canonical)}"


def cidr_warnings(text: str, path: Path, minor: Minor) -> Iterator[str]:
    """Source: GetWarningsForCIDR."""
    if any(problem.value == text for problem in cidr(text, path, minor)):
        return
    address, _, bits = text.partition("/")
    network = ipaddress.ip_network(f"{address_of(address)}/{int(bits)}", strict=False)
    ambiguous = address_of(address) != network.network_address
    if ambiguous:
        single = f"{address_of(address)}/{network.max_prefixlen}"
        both = f"{quoted(str(network))} or {quoted(single)}"
        yield f"{dotted(path)}: CIDR value {quoted(text)} is ambiguous in this context (should be {both}?)"
    if is_odd_cidr(address, bits):
        yield f"{dotted(path)}: non-standard CIDR value {quoted(text)} {minor.odd_address}: use {quoted(str(network))}"
    elif not ambiguous and ":" in text and str(network) != text:
        words = f"should be in RFC 5952 canonical format ({quoted(str(network))})"
        yield f"{dotted(path)}: IPv6 CIDR value {quoted(text)} {words}"
