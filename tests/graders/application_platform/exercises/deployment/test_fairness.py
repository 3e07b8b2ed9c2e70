"""Fairness to every style: however a right manifest is written it gets full marks, and one mistake costs only itself."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import world
from graders.application_platform.exercises.deployment.rubric import CORE, EXERCISE
from graders.core.report import State
from tests.support.manifests import DEPLOYMENT

Manifest = dict[str, Any]
Change = Callable[[Manifest], None]
CORE_NAMES = {c.name for c in CORE}


def spec(manifest: Manifest) -> Manifest:
    pod: Manifest = manifest["spec"]["template"]["spec"]
    return pod


def app(manifest: Manifest) -> Manifest:
    container: Manifest = next(c for c in spec(manifest)["containers"] if "orders" in c["image"])
    return container


def block(documents: list[Manifest]) -> str:
    return yaml.safe_dump_all(documents, sort_keys=False)


def as_json(documents: list[Manifest]) -> str:
    return "\n---\n".join(json.dumps(d) for d in documents)


def flow(documents: list[Manifest]) -> str:
    return yaml.safe_dump_all(documents, default_flow_style=True, width=10_000)


def quoted(documents: list[Manifest]) -> str:
    # JSON strings are YAML's double-quoted ones; numbers stay as they are.
    return "# by hand\n" + yaml.safe_dump_all(documents, default_style=None, explicit_start=True, explicit_end=True)


def indented(documents: list[Manifest]) -> str:
    return yaml.safe_dump_all(documents, indent=6, sort_keys=True)


def windows(documents: list[Manifest]) -> str:
    return block(documents).replace("\n", "\r\n")


@dataclass(frozen=True)
class Style:
    """A style of writing the same thing: a harmless change, documents beside it, and the notation."""

    change: Change = lambda _manifest: None
    beside: tuple[Manifest, ...] = ()
    dump: Callable[[list[Manifest]], str] = block
    before: bool = field(default=False)

    def write(self, edit: Change) -> str:
        manifest = yaml.safe_load(DEPLOYMENT)
        edit(manifest)
        self.change(manifest)
        documents = [copy.deepcopy(manifest)]
        return self.dump([*self.beside, *documents] if self.before else [*documents, *self.beside])


def respelled(manifest: Manifest) -> None:
    other = {"100m": 0.1, "500m": "0.5", "128Mi": 134217728, "512Mi": "0.5Gi"}
    for kind in app(manifest).get("resources", {}).values():
        for name, value in kind.items():
            kind[name] = other.get(value, value)


def numbered(manifest: Manifest) -> None:
    for name in ("livenessProbe", "readinessProbe"):
        get = app(manifest).get(name, {}).get("httpGet", {})
        if get.get("port") == "http":
            get["port"] = 8080
    app(manifest)["ports"] = [{"containerPort": 8080}]


def expressions(manifest: Manifest) -> None:
    manifest["spec"]["selector"] = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["orders", "x"]}]}


def with_sidecar(manifest: Manifest) -> None:
    probe = {"httpGet": {"path": "/healthz", "port": 9000}}
    resources = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "20m", "memory": "32Mi"}}
    spec(manifest)["containers"].insert(
        0, {"name": "proxy", "image": "shop/sidecar:1.0.0", "resources": resources, "livenessProbe": probe, "readinessProbe": probe}
    )  # fmt: skip


def with_init(manifest: Manifest) -> None:
    spec(manifest)["initContainers"] = [{"name": "wait", "image": "busybox:1.36", "command": ["true"]}]


def from_kubectl(manifest: Manifest) -> None:
    manifest["metadata"]["creationTimestamp"] = None
    manifest["spec"]["template"]["metadata"]["creationTimestamp"] = None
    manifest["spec"]["strategy"] = {}
    manifest["status"] = {}


def spelled_out(manifest: Manifest) -> None:
    manifest["spec"] |= {
        "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, "minReadySeconds": 0, "paused": False,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    }  # fmt: skip
    spec(manifest).update(restartPolicy="Always", terminationGracePeriodSeconds=30, dnsPolicy="ClusterFirst")
    app(manifest)["imagePullPolicy"] = "IfNotPresent"
    for name in ("livenessProbe", "readinessProbe"):
        if name in app(manifest):
            app(manifest)[name] |= {
                "periodSeconds": 10,
                "timeoutSeconds": 1,
                "successThreshold": 1,
                "failureThreshold": 3,
                "initialDelaySeconds": 0,
            }
            app(manifest)[name].get("httpGet", {}).setdefault("scheme", "HTTP")


def hardened(manifest: Manifest) -> None:
    spec(manifest)["securityContext"] = {"runAsNonRoot": True, "runAsUser": 10001}
    app(manifest)["securityContext"] = {"readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    app(manifest)["volumeMounts"] = [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108  a pod's own
    spec(manifest).setdefault("volumes", []).append({"name": "tmp", "emptyDir": {}})


def generous(manifest: Manifest) -> None:
    app(manifest)["startupProbe"] = {
        "httpGet": {"path": "/startupz", "port": 8080},
        "failureThreshold": 30,
        "periodSeconds": 2,
    }
    app(manifest)["lifecycle"] = {"preStop": {"sleep": {"seconds": 3}}}


SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "orders"}, "spec": {"selector": {"app": "orders"}, "ports": [{"port": 80, "targetPort": 8080}]}}  # fmt: skip
BUDGET = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "orders"}, "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "orders"}}}}  # fmt: skip
SETTINGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "orders"}, "data": {"LOG_LEVEL": "info"}}
SCALER = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "orders"}, "spec": {"maxReplicas": 9, "minReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"}}}  # fmt: skip

STYLES = {
    "block": Style(),
    "JSON": Style(dump=as_json),
    "flow": Style(dump=flow),
    "marked and sorted": Style(dump=quoted),
    "deep indentation": Style(dump=indented),
    "Windows line ends": Style(dump=windows),
    "other spellings of the figures": Style(respelled),
    "port by number": Style(numbered),
    "matchExpressions": Style(expressions),
    "a sidecar first": Style(with_sidecar),
    "an init container": Style(with_init),
    "a Service after": Style(beside=(SERVICE,)),
    "a Service before": Style(beside=(SERVICE,), before=True),
    "budget, settings and scaler": Style(beside=(BUDGET, SETTINGS, SCALER)),
    "kubectl's own": Style(from_kubectl),
    "defaults spelled out": Style(spelled_out),
    "hardened": Style(hardened),
    "startup probe and preStop": Style(generous),
}


def resource(kind: str, name: str, value: Any) -> Change:
    def edit(manifest: Manifest) -> None:
        if value is None:
            del app(manifest)["resources"][kind][name]
        else:
            app(manifest)["resources"][kind][name] = value

    return edit


def probe(name: str, **get: Any) -> Change:
    return lambda manifest: app(manifest)[name]["httpGet"].update(get)


def drop(*path: str) -> Change:
    def edit(manifest: Manifest) -> None:
        at = app(manifest)
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return edit


def handler(name: str, **handled: Any) -> Change:
    return lambda manifest: app(manifest).__setitem__(name, handled)


def volume(**source: Any) -> Change:
    return lambda manifest: spec(manifest).__setitem__("volumes", [{"name": "kept", **source}])


# One edit each, and the core criteria that it breaks.
EDITS: dict[str, tuple[Change, set[str]]] = {
    "right": (lambda _manifest: None, set()),
    "1 replica": (lambda m: m["spec"].update(replicas=1), {"replicas"}),
    "4 replicas": (lambda m: m["spec"].update(replicas=4), {"replicas"}),
    "no replicas": (lambda m: m["spec"].pop("replicas") and None, {"replicas"}),
    "no requests": (drop("resources", "requests"), {"requests"}),
    "no limits": (drop("resources", "limits"), {"limits"}),
    "no CPU request": (resource("requests", "cpu", None), {"requests"}),
    "no memory request": (resource("requests", "memory", None), {"requests"}),
    "no CPU limit": (resource("limits", "cpu", None), {"limits"}),
    "no memory limit": (resource("limits", "memory", None), {"limits"}),
    "no resources": (drop("resources"), {"requests", "limits", "figures"}),
    "50m": (resource("requests", "cpu", "50m"), {"figures"}),
    "64Mi": (resource("requests", "memory", "64Mi"), {"figures"}),
    "1 core": (resource("limits", "cpu", 1), {"figures"}),
    "1Gi": (resource("limits", "memory", "1Gi"), {"figures"}),
    "100 cores": (resource("limits", "cpu", 100), {"limits", "figures"}),
    "no liveness": (drop("livenessProbe"), {"liveness"}),
    "no readiness": (drop("readinessProbe"), {"readiness"}),
    "liveness asks /readyz": (probe("livenessProbe", path="/readyz"), {"liveness"}),
    "liveness asks /": (probe("livenessProbe", path="/"), {"liveness"}),
    "liveness by port 9090": (probe("livenessProbe", port=9090), {"liveness"}),
    "liveness by TCP": (handler("livenessProbe", tcpSocket={"port": 8080}), {"liveness"}),
    "liveness by exec": (handler("livenessProbe", exec={"command": ["true"]}), {"liveness"}),
    "readiness asks /healthz": (probe("readinessProbe", path="/healthz"), {"readiness"}),
    "readiness asks /ready": (probe("readinessProbe", path="/ready"), {"readiness"}),
    "readiness by HTTPS": (probe("readinessProbe", scheme="HTTPS"), {"readiness"}),
    "readiness by TCP": (handler("readinessProbe", tcpSocket={"port": 8080}), {"readiness"}),
    "a claim": (volume(persistentVolumeClaim={"claimName": "kept"}), {"stateless"}),
    "a host path": (volume(hostPath={"path": "/data"}), {"stateless"}),
    "a misspelled field": (lambda m: app(m).update(enviroment=[]), {"accepted"}),
    "a selector that matches nothing": (
        lambda m: m["spec"]["template"]["metadata"].update(labels={"app": "order"}),
        {"accepted"},
    ),
}


RIGHT, *MISTAKES = EDITS
TABLE = (
    *((RIGHT, style) for style in STYLES),
    *zip(MISTAKES, itertools.cycle(list(STYLES)[1:]), strict=False),
    *((mistake, "block") for mistake in MISTAKES),
)
"""Pairs of an edit and a style; test_equivalent_manifests mixes the others."""


def test_the_table_is_whole() -> None:
    """Every style is tried with the right answer and with a mistake, and every mistake in the plain style and in another."""
    assert {style for edit, style in TABLE if edit == RIGHT} == set(STYLES)
    assert {style for edit, style in TABLE if edit != RIGHT} == set(STYLES)
    assert len(set(TABLE)) == len(TABLE)
    assert {edit for edit, style in TABLE if style == "block"} == set(EDITS)
    assert {edit for edit, style in TABLE if style != "block"} == set(EDITS)


@pytest.mark.parametrize(("edit", "style"), TABLE)
def test_one_edit(edit: str, style: str) -> None:
    """In every style, a right answer gets full marks, and one mistake fails only its own core criteria."""
    change, expected = EDITS[edit]
    report = EXERCISE.judge(STYLES[style].write(change), world())
    failed = {f.criterion for f in report.findings if f.state is not State.PASS}
    assert report.judged
    assert not report.problem
    assert failed & CORE_NAMES == expected, [f.observed for f in report.findings if f.earned < f.points]
    if not expected:
        assert report.score == EXERCISE.points, [f.observed for f in report.findings if f.earned < f.points]


@settings(max_examples=25, deadline=None)
@given(
    styles=st.lists(
        st.sampled_from(sorted(n for n, s in STYLES.items() if not s.beside)), min_size=1, max_size=4, unique=True
    ),
    dump=st.sampled_from([block, as_json, flow, quoted, indented, windows]),
    edit=st.sampled_from(sorted(EDITS)),
    order=st.randoms(use_true_random=False),
)
def test_equivalent_manifests(styles: list[str], dump: Callable[[list[Manifest]], str], edit: str, order: Any) -> None:
    """Order, quoting, units and explicit defaults never change the score of the same manifest."""
    change, expected = EDITS[edit]
    manifest = yaml.safe_load(DEPLOYMENT)
    change(manifest)
    for style in styles:
        STYLES[style].change(manifest)
    report = EXERCISE.judge(dump([shuffled(manifest, order)]), world())
    plain = EXERCISE.judge(STYLES["block"].write(change), world())
    core = {f.criterion for f in report.findings if f.state is not State.PASS} & CORE_NAMES
    assert core == expected
    assert {f.criterion: f.earned for f in report.findings if f.criterion in CORE_NAMES} == {
        f.criterion: f.earned for f in plain.findings if f.criterion in CORE_NAMES
    }


def shuffled(value: Any, order: Any) -> Any:
    """The same value with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = sorted(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value
