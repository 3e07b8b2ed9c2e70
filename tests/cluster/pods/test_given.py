"""Objects that a pod refers to must be in the answer: a missing one keeps it from being created, scheduled or started."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster.manifests.documents import read
from cluster.pods import given
from cluster.pods.given import Given
from tests.support.said import says

BESIDE = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {PORT: "9999", GREETING: hello}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {TOKEN: t}
data: {CODED: eA==}
---
apiVersion: v1
kind: Secret
metadata: {name: pull}
type: kubernetes.io/dockerconfigjson
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: orders}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
"""
THERE = Given.of(read(BESIDE), ("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim"))


def environment(text: str) -> tuple[dict[str, str], str]:
    return given.environment(yaml.safe_load(text), THERE)


@pytest.mark.parametrize(
    ("container", "variables", "lost"),
    [
        ("env: [{name: A, value: b}]", {"A": "b"}, ""),
        ("envFrom: [{configMapRef: {name: settings}}]", {"PORT": "9999", "GREETING": "hello"}, ""),
        ("envFrom: [{prefix: X_, configMapRef: {name: settings}}]", {"X_PORT": "9999", "X_GREETING": "hello"}, ""),
        ("envFrom: [{secretRef: {name: keys}}]", {"TOKEN": "t", "CODED": ""}, ""),
        ("envFrom: [{configMapRef: {name: nowhere}}]", {}, 'configmap "nowhere" not found'),
        ("envFrom: [{configMapRef: {name: nowhere, optional: true}}]", {}, ""),
        ("envFrom: [{secretRef: {name: pull}}]", {}, ""),
        ("env: [{name: P, valueFrom: {configMapKeyRef: {name: settings, key: PORT}}}]", {"P": "9999"}, ""),
        ("env: [{name: P, valueFrom: {secretKeyRef: {name: nowhere, key: a}}}]", {}, 'secret "nowhere" not found'),
        (
            "env: [{name: P, valueFrom: {configMapKeyRef: {name: settings, key: port}}}]",
            {},
            "couldn't find key port in ConfigMap settings",
        ),
        ("env: [{name: P, valueFrom: {configMapKeyRef: {name: settings, key: port, optional: true}}}]", {}, ""),
        ("env: [{name: P, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]", {}, ""),
        (
            "envFrom: [{configMapRef: {name: settings}}]\nenv: [{name: PORT, value: '1'}]",
            {"PORT": "1", "GREETING": "hello"},
            "",
        ),
    ],
)
def test_variables(container: str, variables: dict[str, str], lost: str) -> None:
    """Variables come from the answer's own objects, later ones win, and a missing object is named as the kubelet names it."""
    assert environment(container) == (variables, lost)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("{}", ""),
        ("serviceAccountName: orders", ""),
        ("serviceAccountName: default", ""),
        ("serviceAccount: nobody", 'serviceaccount "nobody" not found'),
        ("serviceAccountName: nobody", 'serviceaccount "nobody" not found'),
        ("priorityClassName: high", "no PriorityClass with name high was found"),
        ("priorityClassName: system-node-critical", ""),
        ("runtimeClassName: gvisor", 'RuntimeClass "gvisor" not found'),
        ("priority: 0", ""),
        ("priority: 1000", "the integer value of priority (1000) must not be provided in pod spec"),
        ("preemptionPolicy: Never", "the string value of PreemptionPolicy (Never) must not be provided"),
        ("overhead: {cpu: 10m}", "Pod Overhead set without corresponding RuntimeClass"),
    ],
)
def test_what_creating_needs(spec: str, why: str) -> None:
    """A missing account or class is named as the API server names it."""
    said = given.uncreatable(yaml.safe_load(spec), THERE)
    assert says(said, why)


def volume(source: dict[str, Any], *, mounted: bool = True) -> dict[str, Any]:
    mounts = [{"name": "v", "mountPath": "/v"}] if mounted else []
    return {"containers": [{"name": "a", "volumeMounts": mounts}], "volumes": [{"name": "v", **source}]}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"emptyDir": {}}, ()),
        ({"configMap": {"name": "settings"}}, ()),
        ({"configMap": {"name": "nowhere"}}, ("“v”", "ConfigMap", "“nowhere”")),
        ({"configMap": {"name": "nowhere", "optional": True}}, ()),
        ({"secret": {"secretName": "tls"}}, ("Secret", "“tls”")),
        ({"projected": {"sources": [{"secret": {"name": "tls"}}]}}, ("Secret", "“tls”")),
        ({"configMap": {"name": "settings", "items": [{"key": "PORT", "path": "p"}]}}, ()),
        ({"configMap": {"name": "settings", "items": [{"key": "port", "path": "p"}]}}, ("“settings”", "“port”")),
        ({"configMap": {"name": "kube-root-ca.crt"}}, ()),
    ],
)
def test_volumes(source: dict[str, Any], said: tuple[str, ...]) -> None:
    """A volume that a container mounts needs its object; an unmounted volume needs nothing."""
    why = given.unmountable(volume(source), THERE)
    assert all(word in why for word in said)
    assert bool(why) == bool(said)
    assert given.unmountable(volume(source, mounted=False), THERE) == ""


def test_claims() -> None:
    """A claim that isn't in the answer is named as the scheduler names it, mounted or not."""
    lost = volume({"persistentVolumeClaim": {"claimName": "nowhere"}}, mounted=False)
    assert given.unbound_claim(lost, THERE) == 'persistentvolumeclaim "nowhere" not found'
    assert given.unbound_claim(volume({"persistentVolumeClaim": {"claimName": "data"}}), THERE) == ""


def test_odd_values() -> None:
    """Values of a wrong type, which another document of an answer may contain, are ignored."""
    odd: dict[str, Any] = {
        "envFrom": "x",
        "env": [1, {"valueFrom": []}],
        "volumes": {},
        "containers": None,
        "serviceAccountName": 7,
    }
    assert given.environment(odd, THERE) == ({}, "")
    assert given.unmountable(odd, THERE) == given.unbound_claim(odd, THERE) == ""
    assert '"7" not found' in given.uncreatable(odd, THERE)


def test_many_references_to_much_are_read_in_no_time() -> None:
    """A large ConfigMap is read once, however many containers refer to it, and the number of sources is bounded."""
    large = read(
        yaml.safe_dump({"kind": "ConfigMap", "metadata": {"name": "m"}, "data": {f"K{n}": "v" for n in range(2000)}})
    )
    there = Given.of(large, ("ConfigMap",))
    container = {"envFrom": [{"configMapRef": {"name": "m"}}] * 1000}
    assert len(given.environment(container, there)[0]) == 2000
    assert there.keys("ConfigMap", "m") is there.keys("ConfigMap", "m")
