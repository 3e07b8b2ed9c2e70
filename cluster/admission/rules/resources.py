"""Requests and limits of containers and pods.

Source: validateResourceRequirements and the resource names in pkg/apis/core/helper/helpers.go; requests default to
limits by SetDefaults_Pod only in pods, so a template's missing request isn't compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from functools import partial
from math import ceil

from cluster.admission import name_rules
from cluster.admission.decode import Key, Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problems,
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    not_found,
    required,
    unsupported,
)  # fmt: skip
from cluster.manifests.documents import Path
from cluster.manifests.quantity import ZERO, Quantity, QuantityError, milli, parse, plain, whole

_HUGE_PAGES = "hugepages-"
CONTAINER = ("cpu", "memory", "ephemeral-storage")
"""The standard resources of containers (with huge pages of any size)."""

STANDARD = frozenset((
    *CONTAINER, *(f"{kind}.{name}" for kind in ("requests", "limits") for name in CONTAINER), "storage",
    "requests.storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
))  # fmt: skip
"""The standard resources (with huge pages of any size)."""

IN_QUOTAS = STANDARD - {"storage"}
"""The standard resources that a quota counts: for storage only the requests."""

_COUNTED = frozenset((
    "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims",
    "services.nodeports", "services.loadbalancers",
))  # fmt: skip
_POD_LEVEL = ("cpu", "hugepages-", "memory")

NameRule = Callable[[str, Path], Problems]


def container_resources(resources: Object, path: Path, claims: Collection[str], minor: Minor) -> Problems:
    """ValidateContainerResourceRequirements; ``claims`` are the pod's resource claims."""
    return _requirements(resources, path, claims, partial(container_resource_name, minor=minor))


def pod_resources(resources: Object, path: Path, claims: Collection[str], minor: Minor) -> Problems:
    """Source: validatePodResourceRequirements."""
    return _requirements(resources, path, claims, partial(_pod_resource_name, minor=minor))


def pod_level_consistency(resources: Object, spec: Object, path: Path) -> Problems:
    """Source: validatePodResourceConsistency: a pod's requests are at least the sum of its containers', and its limits bound them all."""
    requests, limits = resources.get("requests", {}), resources.get("limits", {})
    for name, total in _aggregate(spec).items():
        if name in requests and total > requests[name].amount:
            words = f"must be greater than or equal to aggregate container requests of {plain(total).text}"
            yield invalid((*path, "requests", Key(name)), requests[name], words)
    for index, container in enumerate(spec.get("containers", [])):
        for name, amount in container.get("resources", {}).get("limits", {}).items():
            if name in limits and amount.amount > limits[name].amount:
                where = (*path, "containers", index, Key(name), "limits")
                yield invalid(where, amount, f"must be less than or equal to pod limits of {limits[name].text}")


def _aggregate(spec: Object) -> dict[str, Decimal]:
    """Source: AggregateContainerRequests: containers and sidecars together, or the largest init container."""
    running: dict[str, Decimal] = {}
    largest: dict[str, Decimal] = {}
    for container in spec.get("initContainers", []):
        sidecar = container.get("restartPolicy") == "Always"
        for name, amount in container.get("resources", {}).get("requests", {}).items():
            if sidecar:
                running[name] = running.get(name, Decimal(0)) + amount.amount
            largest[name] = max(largest.get(name, Decimal(0)), amount.amount + (0 if sidecar else running.get(name, 0)))
    for container in spec.get("containers", []):
        for name, amount in container.get("resources", {}).get("requests", {}).items():
            running[name] = running.get(name, Decimal(0)) + amount.amount
    return {name: max(running.get(name, Decimal(0)), largest.get(name, Decimal(0))) for name in {**running, **largest}}


def resource_name(name: str, path: Path, minor: Minor) -> Problems:
    """Source: validateResourceName: standard or fully qualified."""
    complaints = minor.qualified_name(name)
    yield from each_invalid(path, name, complaints)
    if not complaints and "/" not in name and not _is_standard(name):
        yield invalid(path, name, "must be a standard resource type or fully qualified")


def quota_amount(name: str, amount: Quantity, path: Path, minor: Minor) -> Problems:
    """Source: ValidateResourceQuotaResourceName and ValidateResourceQuantityValue."""
    yield from _amount(name, amount, path, partial(_quota_resource_name, minor=minor))


def _quota_resource_name(name: str, path: Path, minor: Minor) -> Problems:
    yield from resource_name(name, path, minor)
    if "/" not in name and not in_quotas(name):
        yield invalid(path, name, "must be a standard resource for quota")


def in_quotas(name: str) -> bool:
    """IsStandardQuotaResourceName."""
    return name in IN_QUOTAS or _is_huge_pages(name)


def container_resource_name(name: str, path: Path, minor: Minor) -> Problems:
    """Source: validateContainerResourceName."""
    yield from resource_name(name, path, minor)
    if "/" not in name:
        if name not in CONTAINER and not name.startswith(_HUGE_PAGES):
            yield invalid(path, name, "must be a standard resource for containers")
    elif not _is_native(name) and not _is_extended(name):
        yield invalid(path, name, "doesn't follow extended resource name standard")


def _pod_resource_name(name: str, path: Path, minor: Minor) -> Problems:
    problems = list(resource_name(name, path, minor))
    yield from problems
    if not problems and not name.startswith(_POD_LEVEL):
        yield unsupported(path, name, ("cpu", "hugepages-", "memory"))


def _requirements(resources: Object, path: Path, claims: Collection[str], name_rule: NameRule) -> Problems:
    limits = {name: milli(amount) for name, amount in resources.get("limits", {}).items()}
    requests = {name: milli(amount) for name, amount in resources.get("requests", {}).items()}
    for name, amount in limits.items():
        yield from _amount(name, amount, (*path, "limits", Key(name)), name_rule)
        yield from _whole_pages(name, amount, (*path, "limits", Key(name)))
    for name, amount in requests.items():
        yield from _amount(name, amount, (*path, "requests", Key(name)), name_rule)
        yield from _against_limit(name, amount, limits, path)
        yield from _whole_pages(name, amount, (*path, "requests", Key(name)))
    everything = {*limits, *requests}
    if any(name.startswith(_HUGE_PAGES) for name in everything) and not everything & {"cpu", "memory"}:
        yield forbidden(path, "HugePages require cpu or memory")
    yield from _claims(resources.get("claims", []), (*path, "claims"), claims)


def _amount(name: str, amount: Quantity, path: Path, name_rule: NameRule) -> Problems:
    """ValidateResourceQuantityValue."""
    yield from name_rule(name, path)
    if amount.amount < 0:
        yield invalid(path, amount, "must be greater than or equal to 0")
    if (name in _COUNTED or _is_extended(name)) and not whole(amount):
        yield invalid(path, amount, "must be an integer")


def _against_limit(name: str, amount: Quantity, limits: dict[str, Quantity], path: Path) -> Problems:
    limit = limits.get(name)
    overcommit = overcommits(name)
    if limit is None:
        if not overcommit:
            yield required((*path, "limits"), "Limit must be set for non overcommitable resources")
    elif amount.amount != limit.amount and not overcommit:
        yield invalid((*path, "requests"), amount, f"must be equal to {name} limit of {limit.text}")
    elif amount.amount > limit.amount:
        yield invalid((*path, "requests"), amount, f"must be less than or equal to {name} limit of {limit.text}")


def _claims(written: Sequence[Object], path: Path, claims: Collection[str]) -> Problems:
    """Source: validateResourceClaimNames."""
    seen: set[str] = set()
    for index, claim in enumerate(written):
        here = (*path, index)
        name, request = claim.get("name", ""), claim.get("request", "")
        if not name:
            yield required(here)
            continue
        key = f"{name}/{request}" if request else name
        if request:
            yield from each_invalid((*here, "request"), request, name_rules.dns_label(request))
        if name in seen or key in seen or (not request and any(one.startswith(f"{name}/") for one in seen)):
            yield duplicate(here, key)
        seen.add(key)
        if name not in claims:
            known = f": {', '.join(sorted(claims))}" if claims else " which is empty"
            yield not_found(here, name, f"must be one of the names in pod.spec.resourceClaims{known}")


def overcommits(name: str) -> bool:
    """IsOvercommitAllowed: whether a resource's limit may exceed its request."""
    return _is_native(name) and not name.startswith(_HUGE_PAGES)


def _is_standard(name: str) -> bool:
    return name in STANDARD or _is_huge_pages(name)


def _is_huge_pages(name: str) -> bool:
    """IsQuotaHugePageResourceName."""
    return name.startswith((_HUGE_PAGES, f"requests.{_HUGE_PAGES}"))


def _is_native(name: str) -> bool:
    return "/" not in name or "kubernetes.io/" in name


def _is_extended(name: str) -> bool:
    return (
        not _is_native(name) and not name.startswith("requests.") and not name_rules.qualified_name(f"requests.{name}")
    )


def _whole_pages(name: str, amount: Quantity, path: Path) -> Problems:
    """Source: validateResourceQuantityHugePageValue."""
    if not name.startswith(_HUGE_PAGES):
        return
    try:
        size = parse(name.removeprefix(_HUGE_PAGES))
    except QuantityError:
        size = ZERO
    if size.amount <= 0 or not whole(size) or ceil(amount.amount) % int(size.amount):
        yield invalid(path, amount, f"{amount.text} is not positive integer multiple of {name}")
