"""HorizontalPodAutoscalers and PodDisruptionBudgets: the allowed number of pods.

Source: pkg/apis/autoscaling/validation/validation.go and pkg/apis/policy/validation/validation.go; defaults are those
of pkg/apis/autoscaling/v2/defaults.go.
"""

from __future__ import annotations

from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, forbidden, invalid, required, unsupported
from cluster.admission.rules.metadata import go_selector, label_selector, object_meta
from cluster.admission.rules.resources import container_resource_name
from cluster.admission.rules.workloads import at_most_100_percent, int_or_percent
from cluster.manifests.documents import Path

SPEC: Path = ("spec",)
_MOST_WINDOW, _MOST_PERIOD = 3600, 1800
_METRICS = ("ContainerResource", "External", "Object", "Pods", "Resource")
_POLICIES, _SELECTIONS = ("Percent", "Pods"), ("Disabled", "Max", "Min")
_TARGETS = ("Utilization", "Value", "AverageValue")
_ORDER = ("object", "external", "pods", "resource", "containerResource")
_NOT_BOTH = "may not set both a target raw value and a target utilization"


def disruption_budget(obj: Object, minor: Minor) -> Problems:
    """ValidatePodDisruptionBudget; the metadata is checked only if nothing else is wrong."""
    problems = list(_budget(obj.get("spec", {}), minor))
    yield from problems or object_meta(obj.get("metadata", {}), name_rules.path_segment, minor, core=False)


def _budget(spec: Object, minor: Minor) -> Problems:
    if "minAvailable" in spec and "maxUnavailable" in spec:
        yield invalid(SPEC, _go_budget(spec), "minAvailable and maxUnavailable cannot be both set")
    for field in ("minAvailable", "maxUnavailable"):
        if field in spec:
            yield from int_or_percent(spec[field], (*SPEC, field))
            yield from at_most_100_percent(spec[field], (*SPEC, field))
    yield from label_selector(spec.get("selector"), (*SPEC, "selector"), minor)
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in ("AlwaysAllow", "IfHealthyBudget"):
        yield unsupported((*SPEC, "unhealthyPodEvictionPolicy"), policy, ("AlwaysAllow", "IfHealthyBudget"))


def _go_budget(spec: Object) -> dict[str, Any]:
    return {
        "MinAvailable": spec.get("minAvailable"), "Selector": go_selector(spec.get("selector")),
        "MaxUnavailable": spec.get("maxUnavailable"),
        "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
    }  # fmt: skip


def autoscaler(obj: Object, minor: Minor) -> Problems:
    """ValidateHorizontalPodAutoscaler, of autoscaling/v2."""
    yield from _metadata(obj, minor)
    spec = obj.get("spec", {})
    yield from _bounds(spec, minor)
    metrics = spec.get("metrics", [])
    for index, metric in enumerate(metrics):
        yield from _metric(metric, (*SPEC, "metrics", index), minor)
    if not {metric.get("type") for metric in metrics} & {"Object", "External"}:
        yield from _never_zero(spec)
    behavior = spec.get("behavior", {})
    for direction in ("scaleUp", "scaleDown"):
        if (rules := behavior.get(direction)) is not None:
            yield from _scaling(rules, (*SPEC, "behavior", direction))


def autoscaler_v1(obj: Object, minor: Minor) -> Problems:
    """ValidateHorizontalPodAutoscaler, of autoscaling/v1, which has only CPU."""
    yield from _metadata(obj, minor)
    spec = obj.get("spec", {})
    yield from _bounds(spec, minor)
    target = spec.get("targetCPUUtilizationPercentage")
    if target is not None and target < 1:
        where = (*SPEC, "metrics", 0, "resource", "target", "averageUtilization")
        yield invalid(where, target, "must be greater than 0")
    yield from _never_zero(spec)


def _never_zero(spec: Object) -> Problems:
    """Source: validateMetrics: metrics of pods need at least one pod."""
    if spec.get("minReplicas") == 0:
        words = "must specify at least one Object or External metric to support scaling to zero replicas"
        yield forbidden((*SPEC, "metrics"), words)


def _metadata(obj: Object, minor: Minor) -> Problems:
    kept = not minor.on("HPAGeneration")
    yield from object_meta(obj.get("metadata", {}), name_rules.dns_subdomain, minor, generation=kept)


def _bounds(spec: Object, minor: Minor) -> Problems:
    low, high = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    least = 0 if minor.on("HPAScaleToZero") else 1
    if low < least:
        yield invalid((*SPEC, "minReplicas"), low, f"must be greater than or equal to {least}")
    if high == 0 and minor.replicas_required:
        yield required((*SPEC, "maxReplicas"))
    elif high < 1:
        yield invalid((*SPEC, "maxReplicas"), high, minor.replicas_bound)
    if high < low:
        yield invalid((*SPEC, "maxReplicas"), high, "must be greater than or equal to `minReplicas`")
    yield from _reference(spec.get("scaleTargetRef", {}), (*SPEC, "scaleTargetRef"), grouped=True)


def _reference(reference: Object, path: Path, *, grouped: bool) -> Problems:
    """ValidateCrossVersionObjectReference; the scaled object must be in a group."""
    for field in ("kind", "name"):
        value = reference.get(field, "")
        if value:
            yield from each_invalid((*path, field), value, name_rules.path_segment(value))
        else:
            yield required((*path, field))
    version = reference.get("apiVersion", "")
    if version.count("/") > 1:
        yield invalid((*path, "apiVersion"), version, f"unexpected GroupVersion string: {version}")
    elif grouped and "/" not in version.strip("/"):
        yield invalid((*path, "apiVersion"), version, "apiVersion must specify API group")


def _metric(metric: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateMetricSpec."""
    kind = metric.get("type", "")
    if not kind:
        yield required((*path, "type"), "must specify a metric source type")
    if kind not in _METRICS:
        yield unsupported((*path, "type"), kind, _METRICS)
    present = [field for field in _ORDER if field in metric]
    if present:
        yield from _source(present[0], metric[present[0]], (*path, present[0]), minor)
    expected = kind[:1].lower() + kind[1:]
    if kind not in _METRICS:
        yield unsupported((*path, "type"), kind, _METRICS)
    elif expected not in metric:
        yield required((*path, expected), "must populate information for the given metric source")
    if len(present) != 1:
        for field in present:
            if field != expected:
                yield forbidden((*path, field), "must populate the given metric source only")


def _source(kind: str, source: Object, path: Path, minor: Minor) -> Problems:
    target = source.get("target", {})
    if kind in ("resource", "containerResource"):
        name = source.get("name", "")
        if not name:
            yield required((*path, "name"), "must specify a resource name")
        elif kind == "containerResource":
            yield from container_resource_name(name, (*path, "name"), minor)
        if kind == "containerResource":
            container = source.get("container", "")
            if container:
                yield from each_invalid((*path, "container"), container, name_rules.dns_label(container))
            else:
                yield required((*path, "container"), "must specify a container")
    else:
        if kind == "object":
            yield from _reference(source.get("describedObject", {}), (*path, "describedObject"), grouped=False)
        name = source.get("metric", {}).get("name", "")
        if name:
            yield from each_invalid((*path, "metric", "name"), name, name_rules.path_segment(name))
        else:
            yield required((*path, "metric", "name"), "must specify a metric name")
    yield from _target(target, (*path, "target"))
    yield from _values(kind, target, (*path, "target"))


def _target(target: Object, path: Path) -> Problems:
    """Source: validateMetricTarget."""
    kind = target.get("type", "")
    if not kind:
        yield required((*path, "type"), "must specify a metric target type")
    if kind not in _TARGETS:
        yield invalid((*path, "type"), kind, "must be either Utilization, Value, or AverageValue")
    for field in ("value", "averageValue"):
        if field in target and target[field].amount <= 0:
            yield invalid((*path, field), target[field], "must be positive")
    utilization = target.get("averageUtilization")
    if utilization is not None and utilization < 1:
        yield invalid((*path, "averageUtilization"), utilization, "must be greater than 0")


def _values(kind: str, target: Object, path: Path) -> Problems:
    """Check that a target has the value that its kind of metric needs."""
    has = {field for field in ("value", "averageValue", "averageUtilization") if field in target}
    if kind in ("resource", "containerResource"):
        if not has & {"averageValue", "averageUtilization"}:
            words = "must set either a target raw value or a target utilization"
            yield required((*path, "averageUtilization"), words)
        elif {"averageValue", "averageUtilization"} <= has:
            yield forbidden((*path, "averageValue"), _NOT_BOTH)
    elif kind == "pods":
        if "averageValue" not in has:
            yield required((*path, "averageValue"), "must specify a positive target averageValue")
    elif not has & {"value", "averageValue"}:
        words = (
            "a target value or averageValue" if kind == "object" else "a target value for metric or a per-pod target"
        )
        yield required((*path, "averageValue"), f"must set either {words}")
    elif kind == "external" and {"value", "averageValue"} <= has:
        words = "may not set both a target value for metric and a per-pod target"
        yield forbidden((*path, "value"), words)


def _scaling(rules: Object, path: Path) -> Problems:
    """Source: validateScalingRules; missing policies are the default ones."""
    window = rules.get("stabilizationWindowSeconds")
    here = (*path, "stabilizationWindowSeconds")
    if window is not None and window < 0:
        yield invalid(here, window, "must be greater than or equal to zero")
    if window is not None and window > _MOST_WINDOW:
        yield invalid(here, window, f"must be less than or equal to {_MOST_WINDOW}")
    select = rules.get("selectPolicy")
    if select is not None and select not in _SELECTIONS:
        yield unsupported((*path, "selectPolicy"), select, _SELECTIONS)
    if rules.get("policies") == []:
        yield required((*path, "policies"), "must specify at least one Policy")
    for index, policy in enumerate(rules.get("policies", [])):
        yield from _scaling_policy(policy, (*path, "policies", index))
    tolerance = rules.get("tolerance")
    if tolerance is not None and tolerance.amount < 0:
        yield invalid((*path, "tolerance"), tolerance, "must be greater than or equal to 0")


def _scaling_policy(policy: Object, path: Path) -> Problems:
    """Source: validateScalingPolicy."""
    kind, value, period = policy.get("type", ""), policy.get("value", 0), policy.get("periodSeconds", 0)
    if kind not in _POLICIES:
        yield unsupported((*path, "type"), kind, _POLICIES)
    if value <= 0:
        yield invalid((*path, "value"), value, "must be greater than zero")
    if period <= 0:
        yield invalid((*path, "periodSeconds"), period, "must be greater than zero")
    if period > _MOST_PERIOD:
        yield invalid((*path, "periodSeconds"), period, f"must be less than or equal to {_MOST_PERIOD}")
