"""Preparing an answer for a real cluster: the changes, the documents left out, and the cluster's protection."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from cluster.kind import guards, rewrite
from cluster.kind.capacity import need
from cluster.kind.unsupported import job_not_here, not_here
from cluster.manifests.documents import Document, read
from cluster.pods.requests import Amount
from tests.cluster.kind.foreign import OTHERS
from tests.support.manifests import CRON_JOB, DEPLOYMENT
from tests.support.said import says


def deployment(**pod: Any) -> Document:
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"]["template"]["spec"] |= pod
    return read(yaml.safe_dump(manifest))[0]


def with_container(**fields: Any) -> Document:
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"]["template"]["spec"]["containers"][0] |= fields
    return read(yaml.safe_dump(manifest))[0]


def test_only_three_things_are_changed() -> None:
    """A run changes only the namespace, the pull policy of shop images and the release in their tag, and not the answer itself."""
    document = with_container(imagePullPolicy="Always", env=[{"name": "A", "value": "b"}])
    before = copy.deepcopy(document.data)
    applied = rewrite.deployment(document, "ours", "1.1.0")
    assert document.data == before
    expected = copy.deepcopy(before)
    expected["metadata"]["namespace"] = "ours"
    container = expected["spec"]["template"]["spec"]["containers"][0]
    container |= {"imagePullPolicy": "IfNotPresent", "image": "shop/orders:1.1.0"}
    assert applied == expected


def test_only_named_kinds_are_applied_and_only_in_the_namespace() -> None:
    """Beside the Deployment, only the exercise's kinds reach the cluster, all in the run's namespace."""
    applied = list(rewrite.beside(tuple(read(DEPLOYMENT + OTHERS)), "ours"))
    assert [(path, thing["metadata"]["name"], thing["metadata"]["namespace"]) for path, thing in applied] == [
        ("/api/v1/namespaces/ours/services", "orders", "ours"),
        ("/api/v1/namespaces/ours/secrets", "taken", "ours"),
        ("/api/v1/namespaces/ours/serviceaccounts", "orders", "ours"),
    ]


def test_a_service_account_gets_no_token() -> None:
    """A service account of an answer is created without a token and without secrets, with any fields."""
    applied = [thing for _, thing in rewrite.beside(tuple(read(DEPLOYMENT + OTHERS)), "ours")]
    (account,) = (thing for thing in applied if thing["kind"] == "ServiceAccount")
    assert account == {
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "orders", "namespace": "ours"},
        "automountServiceAccountToken": False,
    }  # fmt: skip


def test_a_foreign_image_keeps_its_pull_policy() -> None:
    """A foreign image stays unchanged."""
    document = with_container(image="elsewhere.example/orders:1.0.0", imagePullPolicy="Always")
    container = rewrite.deployment(document, "ours", "1.1.0")["spec"]["template"]["spec"]["containers"][0]
    assert (container["image"], container["imagePullPolicy"]) == ("elsewhere.example/orders:1.0.0", "Always")


FOREIGN = {"name": "proxy", "image": "envoyproxy/envoy:v1.30"}
GIVEN = """
apiVersion: v1
kind: Secret
metadata: {name: tls}
type: kubernetes.io/tls
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: given}
"""
HOST, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
MINE, OTHERS_OWN = {"matchLabels": {"app": "orders"}}, {"matchLabels": {"app": "cache"}}
SPREAD = {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule"}


def affinity(kind: str, labels: dict[str, Any], topology: str) -> dict[str, Any]:
    term = {"labelSelector": labels, "topologyKey": topology}
    return {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (deployment(initContainers=[FOREIGN]), "envoyproxy/envoy"),
        (deployment(affinity=affinity("podAntiAffinity", MINE, HOST)), "podAntiAffinity"),
        (deployment(affinity=affinity("podAffinity", MINE, ZONE)), "podAffinity"),
        (deployment(topologySpreadConstraints=[SPREAD]), "topologySpreadConstraints"),
        (deployment(topologySpreadConstraints=[{**SPREAD, "topologyKey": HOST, "minDomains": 2}]), "topologySpread"),
        (deployment(volumes=[{"name": "a", "persistentVolumeClaim": {"claimName": "given"}}]), "Claim “given”"),
        (deployment(volumes=[{"name": "a", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}}]), "a claim of its own"),
        (deployment(volumes=[{"name": "a", "projected": {"sources": [{"secret": {"name": "tls"}}]}}]), "Secret “tls”"),
        (with_container(envFrom=[{"secretRef": {"name": "tls"}}]), "Secret “tls”"),
    ],
)
def test_what_one_node_cannot_run(document: Document, reason: str) -> None:
    """An answer that can't run on one node without registry and storage is simulated, and the note has the reason."""
    given = read(GIVEN)
    assert reason in not_here(document, (document, *given))


@pytest.mark.parametrize(
    "document",
    [
        deployment(),
        deployment(initContainers=[{"name": "a", "image": "shop/orders:1.0.0"}]),
        deployment(affinity={"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}),
        deployment(affinity=affinity("podAntiAffinity", OTHERS_OWN, HOST)),
        deployment(affinity=affinity("podAffinity", MINE, HOST)),
        deployment(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}),
        deployment(topologySpreadConstraints=[{**SPREAD, "whenUnsatisfiable": "ScheduleAnyway"}]),
        deployment(topologySpreadConstraints=[{**SPREAD, "topologyKey": HOST}]),
        deployment(serviceAccountName="orders"),
        deployment(priorityClassName="high"),
        deployment(runtimeClassName="gvisor"),
        deployment(nodeName="elsewhere"),
        deployment(volumes=[{"name": "a", "secret": {"secretName": "tls"}}]),
        deployment(volumes=[{"name": "a", "persistentVolumeClaim": {"claimName": "nowhere"}}]),
        with_container(envFrom=[{"configMapRef": {"name": "elsewhere"}}]),
        with_container(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "db", "key": "url"}}}]),
        with_container(args=["--listen=:8080"]),
    ],
)
def test_what_no_cluster_would_run_is_run_here(document: Document) -> None:
    """References to missing objects, and pods that fit no node, are applied unchanged, so that the pods show the obstacle."""
    assert not_here(document, (document,)) == ""


def test_leftovers_expire() -> None:
    """A run's namespace has an expiry time; only our expired namespaces are swept."""
    ours = guards.namespace("workbook-1", now=1000)
    assert not guards.expired(ours, 1000 + guards.LIVES)
    assert guards.expired(ours, 1001 + guards.LIVES)
    foreign = copy.deepcopy(ours)
    del foreign["metadata"]["labels"][guards.MANAGED]
    assert not guards.expired(foreign, 10**12)
    forever = copy.deepcopy(ours)
    forever["metadata"]["labels"][guards.EXPIRES] = "never"
    assert not guards.expired(forever, 10**12)


def test_the_surge_needs_room_too() -> None:
    """A lane needs room for its replicas, the surge, and the load client."""
    needed = need(deployment())
    assert needed.pod == Amount(0.1, 128 * 2**20, {"pods": 1})
    assert needed.at_once == Amount(4 * 0.1 + 0.02, (4 * 128 + 64) * 2**20, {"pods": 5})
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"]["strategy"] = {"type": "Recreate"}
    assert need(read(yaml.safe_dump(manifest))[0]).at_once.cpu == pytest.approx(3 * 0.1 + 0.02)


def test_a_job_is_the_cronjobs_own() -> None:
    """A Job is started as kubectl does: with the CronJob's template and owner, and nothing else; the CronJob is suspended."""
    written = yaml.safe_load(CRON_JOB)
    written["spec"]["jobTemplate"]["metadata"] = {"labels": {"a": "b"}, "annotations": {"c": "d"}}
    (document,) = read(yaml.safe_dump(written))
    applied = rewrite.cronjob(document, "run")
    expected = copy.deepcopy(written)
    expected["metadata"]["namespace"] = "run"
    expected["spec"]["suspend"] = True
    expected["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] = "IfNotPresent"
    assert applied == expected
    assert document.data == written
    job = rewrite.job(applied | {"metadata": {"name": "daily-report", "uid": "1"}})
    assert job["spec"] == expected["spec"]["jobTemplate"]["spec"]
    assert job["metadata"] == {
        "name": "daily-report-now", "labels": {"a": "b"},
        "annotations": {"c": "d", "cronjob.kubernetes.io/instantiate": "manual"},
        "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "daily-report", "uid": "1"}],
    }  # fmt: skip


BROUGHT = """\
---
apiVersion: v1
kind: Secret
metadata: {name: report, namespace: kube-system}
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", ""),
        ("envFrom: [{secretRef: {name: report}}]", 'secret "report" not found'),
        ("envFrom: [{secretRef: {name: report, optional: true}}]", ""),
        ("command: [curl]", ""),
    ],
)
def test_what_a_job_needs(more: str, said: str) -> None:
    """A Job that needs an object outside the answer isn't started; the answer's own objects are applied."""
    documents = read(f"{CRON_JOB}              {more}\n")
    assert says(job_not_here(documents[0], documents), said)
    brought = read(f"{CRON_JOB}              {more}\n{BROUGHT}")
    assert job_not_here(brought[0], brought) == ""
    ((path, thing),) = rewrite.beside_job(brought, "run")
    assert (path, thing["metadata"]["namespace"]) == ("/api/v1/namespaces/run/secrets", "run")


def test_a_job_of_somebody_elses() -> None:
    """The message names an image that isn't on the node, and a service account of the answer."""
    foreign = read(CRON_JOB.replace("v1.2.0", "v9"))
    assert "myapp/reporter:v9" in job_not_here(foreign[0], foreign)
    account = read(CRON_JOB.replace("restartPolicy", "serviceAccountName: boss\n          restartPolicy"))
    assert "boss" in job_not_here(account[0], account)


def test_a_scaler_stays_out_of_a_run() -> None:
    """A HorizontalPodAutoscaler isn't applied: its bounds would change the number of pods that the answer asks for."""
    scaler = (
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: orders}\nspec: {maxReplicas: 1}\n"
    )
    assert list(rewrite.beside(tuple(read(f"{DEPLOYMENT}\n---\n{scaler}")), "ours")) == []
