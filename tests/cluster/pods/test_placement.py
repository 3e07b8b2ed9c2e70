"""Whether a node can take a pod follows from its manifest, as in the scheduler."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster.pods.placement import held, selects, unschedulable
from tests.support.said import says

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def node_affinity(*expressions: dict[str, Any]) -> dict[str, Any]:
    terms = [{"matchExpressions": [expression]} for expression in expressions]
    return {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": terms}}}}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("{}", ""),
        ("schedulingGates: []", ""),
        ("schedulingGates: [{name: shop.example/hold}]", "scheduling gate “shop.example/hold”"),
        ("schedulerName: default-scheduler", ""),
        ("schedulerName: mine", "no scheduler is called “mine”"),
        ("nodeName: worker-7", "no node called “worker-7”"),
        ("nodeName: workbook-control-plane", ""),
        ("{nodeName: workbook-control-plane, schedulerName: mine}", ""),
    ],
)
def test_what_holds_a_pod(spec: str, said: str) -> None:
    """Scheduling gates, a missing scheduler and a missing node keep a pod from being scheduled, and each is named."""
    why = held(yaml.safe_load(spec))
    assert says(why, said)


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ({"kubernetes.io/os": "linux"}, True),
        ({"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64"}, True),
        ({"kubernetes.io/hostname": "workbook-control-plane"}, True),
        ({"node-role.kubernetes.io/control-plane": ""}, True),
        ({"kubernetes.io/os": "windows"}, False),
        ({"disktype": "ssd"}, False),
        ({"kubernetes.io/os": None}, False),
        ({"node-role.kubernetes.io/control-plane": None}, True),
        ({"kubernetes.io/os": "linux", "disktype": "ssd"}, False),
    ],
)
def test_node_selectors(selector: dict[str, str], fits: bool) -> None:
    """The node has the labels of a kubelet and kubeadm and no others; a missing label is named."""
    why = unschedulable({"nodeSelector": selector})
    assert (why == "") == fits
    assert fits or "no node has the label" in why


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ({"key": "kubernetes.io/os", "operator": "In", "values": ["linux", "windows"]}, True),
        ({"key": "kubernetes.io/os", "operator": "NotIn", "values": ["linux"]}, False),
        ({"key": "disktype", "operator": "NotIn", "values": ["hdd"]}, True),
        ({"key": "disktype", "operator": "Exists"}, False),
        ({"key": "disktype", "operator": "DoesNotExist"}, True),
        ({"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["a"]}, False),
        ({"key": "cores", "operator": "Gt", "values": ["3"]}, False),
    ],
)
def test_node_affinity(expression: dict[str, Any], fits: bool) -> None:
    """A required affinity is checked with the node's labels; one of several terms is enough."""
    assert (unschedulable(node_affinity(expression)) == "") == fits
    assert unschedulable(node_affinity(expression, {"key": "kubernetes.io/os", "operator": "Exists"})) == ""


def test_pods_that_must_be_near() -> None:
    """A pod that must be near pods like itself finds a node; a pod that must be near others waits forever."""
    near = {"affinity": {"podAffinity": {REQUIRED: [{"labelSelector": {"matchLabels": {"app": "cache"}}}]}}}
    assert unschedulable(near, {"app": "cache"}) == ""
    assert "podAffinity" in unschedulable(near, {"app": "orders"})
    apart = {"affinity": {"podAntiAffinity": near["affinity"]["podAffinity"]}}
    assert unschedulable(apart, {"app": "cache"}) == ""


@pytest.mark.parametrize(
    ("resources", "lacks"),
    [
        ({"limits": {"nvidia.com/gpu": 1}}, "nvidia.com/gpu"),
        ({"requests": {"hugepages-2Mi": "64Mi"}}, "hugepages-2Mi"),
        ({"limits": {"nvidia.com/gpu": 0}}, ""),
        ({"requests": {"ephemeral-storage": "1Gi"}}, ""),
        ({"requests": {"ephemeral-storage": "1Pi"}}, "ephemeral-storage"),
        ({"requests": {"cpu": "100", "memory": "1Ti"}}, ""),
    ],
)
def test_other_resources(resources: dict[str, Any], lacks: str) -> None:
    """A resource that no node has is named as the scheduler names it; CPU and memory are counted in another module."""
    said = f"Insufficient {lacks}" if lacks else ""
    for field in ("containers", "initContainers"):
        assert unschedulable({field: [{"name": "a", "resources": resources}]}) == said
    assert unschedulable({"resources": resources}) == said


def test_selectors() -> None:
    """An empty selector selects everything, a missing one selects nothing, and all parts of a selector must match."""
    assert selects({}, {"a": "b"})
    assert not selects(None, {"a": "b"})
    assert selects(
        {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "DoesNotExist"}]}, {"a": "b"}
    )
    assert not selects(
        {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "Exists"}]}, {"a": "b"}
    )
