"""A learner's pod is isolated: it can't access the node, the API, or another learner's pods."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster.errors import WorldError
from cluster.kind import isolation, rewrite
from cluster.kind.api import Api
from cluster.kind.world import KindCluster, own_namespace
from graders.core.registry import exercise
from graders.core.report import State
from tests.cluster.kind.foreign import OTHERS
from tests.cluster.kind.live.watching import awaited, namespaces
from tests.support.manifests import DEPLOYMENT


def pod(name: str, spec: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    main = {"name": "main", "image": "shop/orders:1.0.0", "imagePullPolicy": "IfNotPresent", **container}
    body = {"restartPolicy": "Never", "containers": [main], **(spec or {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body}


@pytest.mark.parametrize(
    ("spec", "container", "said"),
    [
        ({}, {"securityContext": {"privileged": True}}, "privileged"),
        ({"hostNetwork": True}, {}, "host namespaces (hostNetwork=true)"),
        ({"hostPID": True}, {}, "host namespaces (hostPID=true)"),
        ({"volumes": [{"name": "host", "hostPath": {"path": "/"}}]}, {}, "hostPath volumes"),
        ({}, {"ports": [{"containerPort": 80, "hostPort": 80}]}, "hostPort"),
        ({}, {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}, "non-default capabilities"),
        ({}, {"livenessProbe": {"httpGet": {"host": "10.0.0.1", "port": 80}}}, "host"),
    ],
    ids=["privileged", "host-network", "host-pid", "host-path", "host-port", "capability", "probe-host"],
)
def test_the_node_is_out_of_reach(
    spec: dict[str, Any], container: dict[str, Any], said: str, api: Api, namespace: str
) -> None:
    """A pod that accesses the node is refused before it is created."""
    answer = api.ask("POST", f"/api/v1/namespaces/{namespace}/pods", pod("greedy", spec, **container))
    assert answer.status == 403
    assert 'violates PodSecurity "baseline:latest"' in answer.message
    assert said in answer.message


@pytest.mark.parametrize(
    ("verb", "resource", "where"),
    [
        ("get", "pods", "own"), ("list", "secrets", "own"), ("create", "pods", "own"), ("get", "pods", "other"),
        ("create", "pods/exec", "other"), ("get", "pods/log", "other"), ("list", "namespaces", ""), ("get", "nodes", ""),
    ],
)  # fmt: skip
def test_the_api_is_out_of_reach(verb: str, resource: str, where: str, api: Api, namespace: str) -> None:
    """The service account of a learner's pod has no rights, in its own namespace or in another one."""
    what, _, sub = resource.partition("/")
    asked = {"verb": verb, "resource": what, "subresource": sub, "namespace": {"own": namespace, "other": "kube-system"}.get(where, "")}  # fmt: skip
    account = {"user": f"system:serviceaccount:{namespace}:default", "resourceAttributes": asked}
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"]
    review = {
        "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {**account, "groups": groups},
    }  # fmt: skip
    answer = api.ask("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
    assert answer.status == 201
    assert answer.body["status"]["allowed"] is False


def test_a_pod_has_no_token(api: Api, namespace: str) -> None:
    """A learner's pod has no credential for the API."""
    look = ["/bin/sh", "-c", "ls /var/run/secrets/kubernetes.io/serviceaccount 2>&1; exit 0"]
    inside = f"/api/v1/namespaces/{namespace}/pods"
    assert api.ask("POST", inside, pod("curious", command=look)).good
    awaited(api, inside, lambda p: p["status"].get("phase") == "Succeeded")
    said = api.ask("GET", f"{inside}/curious/log")
    assert "No such file" in str(said.body)


def test_a_namespace_holds_only_so_much(api: Api, namespace: str) -> None:
    """The quota allows no node ports, no load balancers, no volumes, and only a few Services."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}]}}
    service["spec"] |= {"type": "NodePort"}  # type: ignore[operator]
    refused = api.ask("POST", f"/api/v1/namespaces/{namespace}/services", service)
    assert (refused.status, "exceeded quota" in refused.message) == (403, True)
    claim = {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }  # fmt: skip
    refused = api.ask("POST", f"/api/v1/namespaces/{namespace}/persistentvolumeclaims", claim)
    assert (refused.status, "exceeded quota" in refused.message) == (403, True)


def test_runs_are_kept_apart(api: Api, namespace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another run has pods, a run begins only if the canary shows that the network isolates them."""
    inside = f"/api/v1/namespaces/{namespace}/pods"
    assert api.ask("POST", inside, rewrite.load_client()).good
    awaited(api, inside, lambda p: p["status"].get("phase") == "Running")
    monkeypatch.setattr(isolation, "GONE_WITHIN", 0.0)
    with pytest.raises(WorldError, match="doesn't isolate runs"):
        isolation.await_alone(api, lambda: False, 0.0, lambda: None)
    isolation.await_alone(api, lambda: True, 0.0, lambda: None)
    assert isolation.enforces(api, own_namespace) in (True, False)
    assert namespaces(api) == {namespace}


def test_only_the_exercise_is_applied(api: Api) -> None:
    """A privileged Deployment never gets a pod, kinds outside the exercise are never applied, and nothing is left behind."""
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    report = exercise("deployment").judge(yaml.safe_dump(manifest) + OTHERS, KindCluster())
    rollout = next(f for f in report.findings if f.criterion == "rollout")
    assert (report.judged, rollout.state) == (True, State.FAIL)
    assert "must not set securityContext.privileged=true" in rollout.observed
    assert api.ask("GET", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/everything").status == 404
    assert api.ask("GET", "/api/v1/namespaces/mine").status == 404
    assert api.ask("GET", "/api/v1/namespaces/kube-system/services/orders").status == 404
    assert namespaces(api) == set()
