"""Projected volumes: several sources in one directory.

Source: validateProjectionSources in pkg/apis/core/validation/validation.go. Sources whose gate is off are dropped before
validation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    each_invalid,
    forbidden,
    invalid,
    required,
    too_long,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.metadata import annotation_map, go_selector, label_selector
from cluster.admission.rules.providers import Rule
from cluster.admission.rules.volume_paths import not_reserved
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted

_SHORTEST, _LONGEST = 600, 2**32
_HOUR = 3600
_DAY = 24 * _HOUR
_CONFLICT = "conflicting duplicate paths"
_KINDS = ("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")
_KEYS = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
_MOST_CERTIFICATE, _MOST_KUBERNETES_CERTIFICATE = 91 * _DAY, _DAY
_FILES = ("credentialBundlePath", "keyPath", "certificateChainPath")
_MOST_DOMAIN, _MOST_SIGNER = 253, 253 + 253 + 63 + 2


def projected(source: Object, path: Path, minor: Minor, key_to_path: Rule, downward_file: Rule) -> Problems:
    """A projected volume's sources: each is complete and of one kind, and no path occurs twice."""
    seen: set[str] = set()
    for index, one in enumerate(source.get("sources", [])):
        here = (*path, "sources", index)
        for kind in ("secret", "configMap"):
            if kind in one and not one[kind].get("name"):
                yield required((*here, kind, "name"))
            for position, item in enumerate(one.get(kind, {}).get("items", [])):
                yield from key_to_path(item, (*here, kind, "items", position), minor)
                yield from _file(item, one[kind].get("name", ""), path, seen)
        for item in one.get("downwardAPI", {}).get("items", []):
            yield from downward_file(item, (*here, "downwardAPI"), minor)
            yield from _file(item, item.get("path", ""), path, seen)
        for kind, rule in _OTHERS.items():
            if kind in one:
                yield from rule(one[kind], (*here, kind), path, seen, minor)
        if sum(kind in one for kind in _KINDS) > 1:
            yield forbidden(here, "may not specify more than 1 volume type per source")


def _file(item: Object, shown: str, path: Path, seen: set[str]) -> Problems:
    if target := item.get("path"):
        yield from _once(target, shown, path, seen)


def _once(target: str, shown: str, path: Path, seen: set[str]) -> Problems:
    if target in seen:
        yield invalid(path, shown, _CONFLICT)
    seen.add(target)


def _token(token: Object, path: Path, whole: Path, _seen: set[str], _minor: Minor) -> Problems:
    seconds = token.get("expirationSeconds", _HOUR)
    if seconds < _SHORTEST:
        yield invalid((*path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes")
    if seconds > _LONGEST:
        yield invalid((*path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds")
    target = token.get("path", "")
    if target:
        yield from not_reserved(target, (*whole, "path"))
    else:
        yield required((*whole, "path"))


def _trust_bundle(bundle: Object, path: Path, whole: Path, seen: set[str], minor: Minor) -> Problems:
    name, signer, selector = bundle.get("name"), bundle.get("signerName"), bundle.get("labelSelector")
    if name is not None and signer is not None:
        yield invalid(path, _go_bundle(bundle), "only one of name and signerName may be used")
    elif name is not None:
        if not name:
            yield required((*path, "name"), "must be a valid object name")
        for complaint in _bundle_name(name):
            yield invalid((*path, "name"), name, f"not a valid clustertrustbundlename: {complaint}")
        if selector is not None:
            words = "labelSelector must be unset if name is specified"
            yield invalid((*path, "labelSelector"), go_selector(selector), words)
    elif signer is not None:
        if not signer:
            yield required((*path, "signerName"), "must be a valid signer name")
        yield from _signer_name(signer, (*path, "signerName"))
        yield from label_selector(selector, (*path, "labelSelector"), minor)
    else:
        yield required(path, "either name or signerName must be specified")
    target = bundle.get("path", "")
    if not target:
        yield required((*path, "path"))
    yield from not_reserved(target, (*path, "path"))
    yield from _once(target, target, whole, seen)


def _go_bundle(bundle: Object) -> dict[str, Any]:
    return {
        "Name": bundle.get("name"), "SignerName": bundle.get("signerName"),
        "LabelSelector": go_selector(bundle.get("labelSelector")), "Optional": bundle.get("optional"),
        "Path": bundle.get("path", ""), "User": None,
    }  # fmt: skip


def _bundle_name(name: str) -> list[str]:
    """ValidateClusterTrustBundleName: a name with colons begins with its signer's name, so that part is always valid."""
    return name_rules.dns_subdomain(name.rpartition(":")[2])


def _signer_name(name: str, path: Path) -> Problems:
    """ValidateSignerName: a domain, a slash, and a path of labels."""
    if not name:
        yield required(path)
        return
    if name.count("/") != 1:
        yield invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
        return
    domain, rest = name.split("/")
    if len(domain.encode()) > _MOST_DOMAIN:
        yield too_long(path, _MOST_DOMAIN)
    yield from _labels(domain, path, name_rules.dns_label)
    if "." not in domain:
        yield invalid(path, domain, "should be a domain with at least two segments separated by dots")
    yield from _labels(rest, path, name_rules.dns_subdomain)
    if len(name.encode()) > _MOST_SIGNER:
        yield too_long(path, _MOST_SIGNER)


def _labels(text: str, path: Path, rule: Callable[[str], list[str]]) -> Problems:
    """The complaints about the first invalid part between dots."""
    for label in text.split("."):
        if complaints := rule(label):
            yield from each_invalid(path, text, (f"validating label {quoted(label)}: {words}" for words in complaints))
            return


def _certificate(certificate: Object, path: Path, whole: Path, seen: set[str], minor: Minor) -> Problems:
    signer = certificate.get("signerName", "")
    yield from _signer_name(signer, (*path, "signerName"))
    yield from _user_annotations(certificate.get("userAnnotations"), (*path, "userAnnotations"), minor)
    kind = certificate.get("keyType", "")
    if kind not in _KEYS:
        yield unsupported((*path, "keyType"), kind, _KEYS)
    seconds = certificate.get("maxExpirationSeconds")
    if seconds is not None:
        host = signer.partition("/")[0]
        own = host == "kubernetes.io" or host.endswith(".kubernetes.io")
        most = _MOST_KUBERNETES_CERTIFICATE if own else _MOST_CERTIFICATE
        here = (*path, "maxExpirationSeconds")
        if seconds < _HOUR:
            yield invalid(here, seconds, f"if provided, maxExpirationSeconds must be >= {_HOUR}")
        if seconds > most:
            yield invalid(here, seconds, f"if provided, maxExpirationSeconds must be <= {most}")
    targets = {field: certificate[field] for field in _FILES if certificate.get(field)}
    for field, target in targets.items():
        yield from not_reserved(target, (*path, field))
        yield from _once(target, target, whole, seen)
    if not targets:
        words = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath"
        yield required(path, words)


def _user_annotations(written: Object | None, path: Path, minor: Minor) -> Problems:
    """ValidateUserAnnotations: keys with a domain as prefix."""
    for key in written or {}:
        lower = key.lower()
        complaints = minor.qualified_name(lower) if lower else []
        if not lower:
            yield required(path)
        elif complaints:
            yield from each_invalid(path, lower, complaints)
        elif "/" not in lower:
            yield invalid(path, lower, 'must be a domain-prefixed key (such as "acme.io/foo")')
    yield from (problem for problem in annotation_map(written, path, minor) if problem.reason == "FieldValueTooLong")


_OTHERS = {"serviceAccountToken": _token, "clusterTrustBundle": _trust_bundle, "podCertificate": _certificate}
"""The sources with one file or a few, with their rules."""
