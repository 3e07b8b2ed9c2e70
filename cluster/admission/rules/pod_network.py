"""A pod's names and addresses: DNS settings, host aliases, host names.

Source: validatePodDNSConfig, ValidateHostAliases and IsValidIPForLegacyField in pkg/apis/core/validation/.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid, required
from cluster.manifests.documents import Path

_MOST_SERVERS, _MOST_SEARCHES, _MOST_SEARCH_BYTES = 3, 32, 2048
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def is_ip(text: str) -> bool:
    """Whether a text is an address, by the lenient rules of old fields: leading zeros are decimal, no zones."""
    if "%" in text or text != text.strip():
        return False
    try:
        address_of(text)
    except ValueError:
        return False
    return True


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Parse an address; leading zeros are decimal. Raises ValueError if it isn't one."""
    return ipaddress.ip_address(text if ":" in text else _LEADING_ZEROS.sub("", text))


def service_name(minor: Minor) -> Callable[[str], list[str]]:
    """Return the check of a Service's name, also of a backend's in an Ingress."""
    return name_rules.dns_label if minor.on("RelaxedServiceNameValidation") else name_rules.dns_1035_label


def ip(text: str, path: Path, minor: Minor) -> Problems:
    """IsValidIPForLegacyField."""
    if not is_ip(text):
        yield invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
    elif minor.on("StrictIPCIDRValidation"):
        if _has_zeros(text):
            yield invalid(path, text, "must not have leading 0s")
        elif _is_mapped(text):
            yield invalid(path, text, "must not be an IPv4-mapped IPv6 address")


def cidr(text: str, path: Path, minor: Minor) -> Problems:
    """IsValidCIDRForLegacyField."""
    address, slash, bits = text.partition("/")
    most = 128 if ":" in address else 32
    if not slash or not is_ip(address) or not bits.isdecimal() or int(bits) > most:
        yield invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
    elif minor.on("StrictIPCIDRValidation"):
        if _is_mapped(address) and not _zeros_in(address, bits):
            yield invalid(path, text, "must not have an IPv4-mapped IPv6 address")
        elif is_odd_cidr(address, bits):
            yield invalid(path, text, "must not have leading 0s in IP or prefix length")
        elif address_of(address) != ipaddress.ip_network(text, strict=False).network_address:
            yield invalid(path, text, "must not have bits set beyond the prefix length")


def is_odd_cidr(address: str, bits: str) -> bool:
    """Whether newer libraries refuse the form of an address range: leading zeros, IPv4 inside IPv6."""
    return _zeros_in(address, bits) or _is_mapped(address)


def _zeros_in(address: str, bits: str) -> bool:
    return _has_zeros(address) or bits != str(int(bits))


def _has_zeros(address: str) -> bool:
    """Whether a part of an IPv4 address (also inside an IPv6 address) has leading zeros."""
    return "." in address and bool(_LEADING_ZEROS.search(address.rpartition(":")[2]))


def _is_mapped(address: str) -> bool:
    parsed = address_of(address)
    return isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None


def dns_config(config: Object | None, policy: str, path: Path, minor: Minor) -> Problems:
    """Source: validatePodDNSConfig."""
    servers = (config or {}).get("nameservers", [])
    if policy == "None" and config is None:
        yield required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
        return
    if policy == "None" and not servers:
        yield required((*path, "nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
        return
    if config is None:
        return
    if len(servers) > _MOST_SERVERS:
        yield invalid((*path, "nameservers"), servers, f"must not have more than {_MOST_SERVERS} nameservers")
    for index, server in enumerate(servers):
        yield from ip(server, (*path, "nameservers", index), minor)
    yield from _searches(config.get("searches", []), (*path, "searches"))
    for index, option in enumerate(config.get("options", [])):
        if not option.get("name"):
            yield required((*path, "options", index), "must not be empty")


def _searches(searches: Sequence[str], path: Path) -> Problems:
    if len(searches) > _MOST_SEARCHES:
        yield invalid(path, list(searches), f"must not have more than {_MOST_SEARCHES} search paths")
    if len(" ".join(searches)) > _MOST_SEARCH_BYTES:
        words = f"must not have more than {_MOST_SEARCH_BYTES} characters (including spaces) in the search list"
        yield invalid(path, list(searches), words)
    for index, search in enumerate(searches):
        if search != ".":
            bare = search.removesuffix(".")
            yield from each_invalid((*path, index), bare, name_rules.dns_subdomain_with_underscore(bare))


def host_aliases(aliases: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """ValidateHostAliases."""
    for index, alias in enumerate(aliases):
        yield from ip(alias.get("ip", ""), (*path, index, "ip"), minor)
        for position, name in enumerate(alias.get("hostnames", [])):
            yield from each_invalid((*path, index, "hostnames", position), name, name_rules.dns_subdomain(name))
