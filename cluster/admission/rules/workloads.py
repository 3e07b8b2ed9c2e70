"""Deployments, ReplicaSets, StatefulSets and DaemonSets.

Source: pkg/apis/apps/validation/validation.go, in its order; defaults are those of pkg/apis/apps/v1/defaults.go.
"""

from __future__ import annotations

from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, forbidden, invalid, required, unsupported
from cluster.admission.rules.claims import claim_spec
from cluster.admission.rules.metadata import (
    annotation_map,
    empty_selector,
    go_selector,
    label_selector,
    labels,
    matches,
    nonnegative,
    object_meta,
    template_labels_problem,
    usable,
)  # fmt: skip
from cluster.admission.rules.pods import pod_annotations, pod_template, restart_policy
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)
TEMPLATE: Path = ("spec", "template")
_QUARTER = "25%"
_DEADLINE = 600
_MOST_PERCENT = 100


def deployment(obj: Object, minor: Minor) -> Problems:
    """ValidateDeployment."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor)
    spec = obj.get("spec", {})
    yield from nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    yield from _selector_and_template(spec, "deployment", "ReplicaSet", "invalid label selector", minor)
    yield from _strategy(spec.get("strategy", {}), (*SPEC, "strategy"))
    ready = spec.get("minReadySeconds", 0)
    yield from nonnegative(ready, (*SPEC, "minReadySeconds"))
    yield from nonnegative(spec.get("revisionHistoryLimit"), (*SPEC, "revisionHistoryLimit"))
    deadline = spec.get("progressDeadlineSeconds", _DEADLINE)
    yield from nonnegative(deadline, (*SPEC, "progressDeadlineSeconds"))
    if deadline <= ready:
        yield invalid((*SPEC, "progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds")


def replica_set(obj: Object, minor: Minor) -> Problems:
    """ValidateReplicaSet."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor)
    spec = obj.get("spec", {})
    yield from nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    yield from nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    yield from _selector_and_template(spec, "deployment", "ReplicaSet", "invalid label selector", minor)


def stateful_set(obj: Object, minor: Minor) -> Problems:
    """ValidateStatefulSet."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_label, minor)
    spec = obj.get("spec", {})
    policy = spec.get("podManagementPolicy") or "OrderedReady"
    if policy not in ("OrderedReady", "Parallel"):
        yield invalid((*SPEC, "podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'")
    yield from _stateful_strategy(spec.get("updateStrategy", {}), (*SPEC, "updateStrategy"))
    for field in ("whenDeleted", "whenScaled"):
        retention = spec.get("persistentVolumeClaimRetentionPolicy", {}).get(field) or "Retain"
        if retention not in ("Retain", "Delete"):
            where = (*SPEC, "persistentVolumeClaimRetentionPolicy", field)
            yield unsupported(where, retention, ("Retain", "Delete"))
    templates = spec.get("volumeClaimTemplates", [])
    for index, template in enumerate(templates):
        yield from claim_spec(template.get("spec", {}), (*SPEC, "volumeClaimTemplates", index, "spec"), minor)
    yield from nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    yield from nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    yield from nonnegative(spec.get("ordinals", {}).get("start"), (*SPEC, "ordinals.start"))
    if name := spec.get("serviceName", ""):
        yield from each_invalid((*SPEC, "serviceName"), name, name_rules.dns_label(name))
    yield from _selector_and_template(_with_claimed_volumes(spec), "statefulset", "StatefulSet", "", minor)


def daemon_set(obj: Object, minor: Minor) -> Problems:
    """ValidateDaemonSet."""
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor)
    spec = obj.get("spec", {})
    selector, template = spec.get("selector"), spec.get("template", {})
    written = template.get("metadata", {}).get("labels")
    yield from label_selector(selector, (*SPEC, "selector"), minor)
    if usable(selector, minor) and not matches(selector, written or {}):
        yield template_labels_problem(TEMPLATE, written)
    if selector is not None and empty_selector(selector):
        yield invalid((*SPEC, "selector"), go_selector(selector), "empty selector is invalid for daemonset")
    yield from pod_template(template, TEMPLATE, minor)
    yield from _always_restarting(template, "DaemonSet")
    yield from nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    yield from _daemon_strategy(spec.get("updateStrategy", {}), (*SPEC, "updateStrategy"))
    yield from nonnegative(spec.get("revisionHistoryLimit"), (*SPEC, "revisionHistoryLimit"))


def int_or_percent(value: int | str, path: Path) -> Problems:
    """ValidatePositiveIntOrPercent."""
    if isinstance(value, str):
        yield from each_invalid(path, value, name_rules.percent(value))
    else:
        yield from nonnegative(value, path)


def at_most_100_percent(value: int | str, path: Path) -> Problems:
    """IsNotMoreThan100Percent."""
    if isinstance(value, str) and not name_rules.percent(value) and int(value[:-1]) > _MOST_PERCENT:
        yield invalid(path, value, "must not be greater than 100%")


def _amount(value: int | str) -> int:
    """getIntOrPercentValue: a string that isn't a percentage is parsed by Atoi."""
    if isinstance(value, int):
        return value
    if not name_rules.percent(value):
        return int(value[:-1])
    return int(value) if value.isascii() and value.removeprefix("-").isdecimal() else 0


def _selector_and_template(spec: Object, kind: str, owner: str, unusable: str, minor: Minor) -> Problems:
    selector, template = spec.get("selector"), spec.get("template", {})
    if selector is None:
        yield required((*SPEC, "selector"))
    else:
        yield from label_selector(selector, (*SPEC, "selector"), minor)
        if empty_selector(selector):
            yield invalid((*SPEC, "selector"), go_selector(selector), f"empty selector is invalid for {kind}")
    if not usable(selector, minor):
        yield invalid((*SPEC, "selector"), go_selector(selector), unusable)
        if owner == "StatefulSet":
            yield from _always_restarting(template, owner)
        return
    metadata = template.get("metadata", {})
    written = metadata.get("labels")
    if not (selector is not None and empty_selector(selector)) and not matches(selector, written or {}):
        yield template_labels_problem(TEMPLATE, written)
    yield from pod_template(template, TEMPLATE, minor)
    if owner == "StatefulSet":  # upstream checks the template's metadata twice
        yield from labels(written, (*TEMPLATE, "labels"), minor)
        yield from annotation_map(metadata.get("annotations"), (*TEMPLATE, "annotations"), minor)
        yield from pod_annotations(
            metadata.get("annotations", {}), template.get("spec", {}), (*TEMPLATE, "annotations")
        )
    yield from _always_restarting(template, owner)


def _always_restarting(template: Object, owner: str) -> Problems:
    spec = template.get("spec", {})
    if (policy := restart_policy(spec)) != "Always":
        yield unsupported((*TEMPLATE, "spec", "restartPolicy"), policy, ("Always",))
    if "activeDeadlineSeconds" in spec:
        words = f"activeDeadlineSeconds in {owner} is not Supported"
        yield forbidden((*TEMPLATE, "spec", "activeDeadlineSeconds"), words)


def _strategy(strategy: Object, path: Path) -> Problems:
    """ValidateDeploymentStrategy."""
    kind, rolling = strategy.get("type") or "RollingUpdate", strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            yield forbidden((*path, "rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'")
        return
    if kind != "RollingUpdate":
        shown: dict[str, Any] = {"Type": kind, "RollingUpdate": _as_go(rolling)}
        yield unsupported(path, shown, ("Recreate", "RollingUpdate"))
        return
    rolling = rolling or {}
    unavailable, surge = rolling.get("maxUnavailable", _QUARTER), rolling.get("maxSurge", _QUARTER)
    here, there = (*path, "rollingUpdate", "maxUnavailable"), (*path, "rollingUpdate", "maxSurge")
    yield from int_or_percent(unavailable, here)
    yield from int_or_percent(surge, there)
    if _amount(unavailable) == 0 and _amount(surge) == 0:
        yield invalid(here, unavailable, "may not be 0 when `maxSurge` is 0")
    yield from at_most_100_percent(unavailable, here)


def _as_go(rolling: Object | None) -> dict[str, Any] | None:
    if rolling is None:
        return None
    return {"MaxUnavailable": rolling.get("maxUnavailable", 0), "MaxSurge": rolling.get("maxSurge", 0)}


def _daemon_strategy(strategy: Object, path: Path) -> Problems:
    """ValidateDaemonSetUpdateStrategy."""
    kind, rolling = strategy.get("type") or "RollingUpdate", strategy.get("rollingUpdate")
    if kind == "OnDelete":
        return
    if kind != "RollingUpdate":
        shown = {"Type": kind, "RollingUpdate": _as_go(rolling)}
        yield unsupported(path, shown, ("RollingUpdate", "OnDelete"))
        return
    rolling = rolling or {}
    unavailable, surge = rolling.get("maxUnavailable", 1), rolling.get("maxSurge", 0)
    here, there = (*path, "rollingUpdate", "maxUnavailable"), (*path, "rollingUpdate", "maxSurge")
    yield from int_or_percent(unavailable, here)
    yield from int_or_percent(surge, there)
    yield from at_most_100_percent(unavailable, here)
    yield from at_most_100_percent(surge, there)
    if _amount(unavailable) and _amount(surge):
        yield invalid(there, surge, "may not be set when maxUnavailable is non-zero")
    elif not _amount(unavailable) and not _amount(surge):
        yield required(here, "cannot be 0 when maxSurge is 0")


def _stateful_strategy(strategy: Object, path: Path) -> Problems:
    kind, rolling = strategy.get("type") or "RollingUpdate", strategy.get("rollingUpdate")
    here = (*path, "rollingUpdate")
    if kind == "OnDelete":
        if rolling is not None:
            shown = _as_go_partition(rolling)
            yield invalid(here, shown, "only allowed for updateStrategy 'RollingUpdate'")
    elif kind == "RollingUpdate":
        yield from nonnegative((rolling or {}).get("partition"), (*here, "partition"))
        if (unavailable := (rolling or {}).get("maxUnavailable")) is not None:
            where = (*here, "maxUnavailable")
            yield from int_or_percent(unavailable, where)
            if _amount(unavailable) == 0:
                yield invalid(where, unavailable, "cannot be 0")
            yield from at_most_100_percent(unavailable, where)
    else:
        inner = None if rolling is None else _as_go_partition(rolling)
        yield invalid(path, {"Type": kind, "RollingUpdate": inner}, "must be 'RollingUpdate' or 'OnDelete'")


def _as_go_partition(rolling: Object) -> dict[str, Any]:
    return {"Partition": rolling.get("partition", 0), "MaxUnavailable": rolling.get("maxUnavailable")}


def _with_claimed_volumes(spec: Object) -> Object:
    """Return the spec as upstream validates it: the claims' volumes first, and no host names, which the set itself assigns."""
    claims = {claim.get("metadata", {}).get("name", ""): claim for claim in spec.get("volumeClaimTemplates", [])}
    template = spec.get("template", {})
    pod = {k: v for k, v in template.get("spec", {}).items() if k not in ("hostname", "subdomain")}
    if claims:
        own = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims]
        pod["volumes"] = own + [v for v in pod.get("volumes", []) if v.get("name", "") not in claims]
    return {**spec, "template": {**template, "spec": pod}}
