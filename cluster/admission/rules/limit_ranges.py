"""LimitRanges: the resources of each limit, and the order of its amounts.

Source: ValidateLimitRange in pkg/apis/core/validation/validation.go, SetDefaults_LimitRangeItem in
pkg/apis/core/v1/defaults.go, and PrepareForCreate in pkg/registry/core/limitrange/strategy.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_UP, Decimal

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
)  # fmt: skip
from cluster.admission.rules.metadata import object_meta
from cluster.admission.rules.resources import container_resource_name, overcommits, resource_name
from cluster.manifests.documents import Path
from cluster.manifests.quantity import Quantity, milli

Amounts = Mapping[str, Quantity]

_POD, _CONTAINER, _CLAIM = "Pod", "Container", "PersistentVolumeClaim"
TYPES = (_POD, _CONTAINER, _CLAIM)
"""The standard types of limits."""

_AMOUNTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_DRAWN = "00000000-0000-0000-0000-000000000000"
_MOST_MILLI = (2**63 - 1) // 1000
"""The largest amount that the server still counts in thousandths."""

_ORDERED = (
    ("min", "max", "min", "min", "min value {} is greater than max value {}"),
    ("min", "defaultRequest", "defaultRequest", "defaultRequest", "min value {} is greater than default request value {}"),
    ("defaultRequest", "max", "defaultRequest", "defaultRequest", "default request value {} is greater than max value {}"),
    ("defaultRequest", "default", "defaultRequest", "defaultRequest", "default request value {} is greater than default limit value {}"),
    ("min", "default", "default", "min", "min value {} is greater than default value {}"),
    ("default", "max", "default", "max", "default value {} is greater than max value {}"),
)  # fmt: skip
"""The lower and the upper field, the field that is named, the field whose amount is shown, and the message."""


def limit_range(obj: Object, minor: Minor) -> Problems:
    """ValidateLimitRange; the server adds a missing name."""
    metadata = obj.get("metadata", {})
    if not metadata.get("name") and not metadata.get("generateName"):
        metadata = metadata | {"name": _DRAWN}
    yield from object_meta(metadata, name_rules.dns_subdomain, minor, generation=True)
    seen: set[str] = set()
    for index, limit in enumerate(obj.get("spec", {}).get("limits", [])):
        path: Path = ("spec", "limits", index)
        kind = limit.get("type", "")
        yield from _type(kind, (*path, "type"), minor)
        if kind in seen:
            yield duplicate((*path, "type"), kind)
        seen.add(kind)
        yield from _limit(kind, _defaulted(limit, kind), path, minor)


def _type(kind: str, path: Path, minor: Minor) -> Problems:
    """Source: validateLimitRangeTypeName."""
    complaints = minor.qualified_name(kind)
    yield from each_invalid(path, kind, complaints)
    if not complaints and "/" not in kind and kind not in TYPES:
        yield invalid(path, kind, "must be a standard limit type or fully qualified")


def _defaulted(limit: Object, kind: str) -> dict[str, Amounts]:
    """Return the amounts of a limit by field; missing amounts of a container's limit come from its other fields."""
    found: dict[str, Amounts] = {field: limit.get(field, {}) for field in _AMOUNTS}
    if kind == _CONTAINER:
        found["default"] = {**found["max"], **found["default"]}
        found["defaultRequest"] = {**found["min"], **found["default"], **found["defaultRequest"]}
    return {field: {name: milli(amounts[name]) for name in sorted(amounts)} for field, amounts in found.items()}


def _limit(kind: str, amounts: Mapping[str, Amounts], path: Path, minor: Minor) -> Problems:
    shown = dict(amounts)
    yield from _names(kind, shown, ("max", "min"), path, minor)
    if kind == _POD:
        for field in ("default", "defaultRequest"):
            if shown.pop(field):
                yield forbidden((*path, field), "may not be specified when `type` is 'Pod'")
    else:
        yield from _names(kind, shown, ("default", "defaultRequest"), path, minor)
    if kind == _CLAIM and "storage" not in shown["min"] and "storage" not in shown["max"]:
        words = "either minimum or maximum storage value is required, but neither was provided"
        yield required((*path, "limits"), words)
    yield from _names(kind, shown, ("maxLimitRequestRatio",), path, minor)
    for name in sorted({name for field in shown.values() for name in field}):
        yield from _contradictions(name, {field: one[name] for field, one in shown.items() if name in one}, path)


def _names(kind: str, amounts: Mapping[str, Amounts], fields: Sequence[str], path: Path, minor: Minor) -> Problems:
    """Source: validateLimitRangeResourceName."""
    rule = container_resource_name if kind in (_POD, _CONTAINER) else resource_name
    for field in fields:
        for name in amounts[field]:
            yield from rule(name, (*path, field, Key(name)), minor)


def _contradictions(name: str, of: Amounts, path: Path) -> Problems:
    """Yield the contradictions between a resource's amounts, by field."""
    key = Key(name)
    for low, high, field, shown, words in _ORDERED:
        if low in of and high in of and of[low].amount > of[high].amount:
            yield invalid((*path, field, key), of[shown], words.format(of[low].text, of[high].text))
    ratio = of.get("maxLimitRequestRatio")
    if ratio is not None:
        here = (*path, "maxLimitRequestRatio", key)
        if ratio.amount < 1:
            yield invalid(here, ratio, f"ratio {ratio.text} is less than 1")
        if "min" in of and "max" in of and (most := _above(ratio, of["min"], of["max"])):
            yield invalid(here, ratio, f"ratio {ratio.text} is greater than max/min = {most}")
    default, request = of.get("default"), of.get("defaultRequest")
    if not overcommits(name) and default is not None and request is not None and default.amount != request.amount:
        words = f"default value {default.text} must equal to defaultRequest value {request.text} in {name}"
        yield invalid((*path, "defaultRequest", key), request, words)


def _above(ratio: Quantity, low: Quantity, high: Quantity) -> str:
    """Return the ratio of the bounds, as the server writes it, if the written ratio is above it; empty otherwise."""
    three = [ratio.amount, low.amount, high.amount]
    if any(abs(amount) >= _MOST_MILLI for amount in three):
        three = [amount.quantize(Decimal(1), ROUND_UP) for amount in three]
    given, least, most = map(float, three)
    if not least:
        return ""
    return f"{most / least:f}" if given > most / least else ""
