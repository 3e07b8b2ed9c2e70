"""Rare cases, found by random edits on real servers and missing in the corpora, with the messages of both minor versions."""

from __future__ import annotations

import pytest

from cluster.admission import admit_text
from cluster.admission.minor import KNOWN
from tests.support.said import says

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: a%s}]\n%s"
JOB = (
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  completions: 5\n  parallelism: 1\n"
    "  completionMode: Indexed\n  successPolicy: {rules: [{%s}]}\n"
    "  template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}\n"
)
CLAIM = (
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec:\n"
    "  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n  %s\n"
)
SECRETS = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n%s\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a%s}\nspec: {finalizers: [%s]}\n"
LEVEL = ", labels: {pod-security.kubernetes.io/%s}"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {%s}\n"
POLICY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
    "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '%s'}}]}]}\n"
)


@pytest.mark.parametrize("minor", KNOWN)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (JOB % "succeededIndexes: '0,2-4', succeededCount: 4", ""),
        (JOB % "succeededIndexes: '0,2-4', succeededCount: 5",
         "must be less than or equal to 4 (the number of indexes in the specified succeededIndexes field)"),
        (NAMESPACE % ("", "kubernetes, a.b/c"), ""),
        (NAMESPACE % ("", "Foo"), "spec.finalizers: Invalid value: \"Foo\": name is neither a standard finalizer name nor is it"),
        (NAMESPACE % ("", "a_b, null"), "spec.finalizers: Invalid value: \"\": name part must be non-empty"),
        (NAMESPACE % (LEVEL % "enforce: baseline", ""), ""),
        (NAMESPACE % (LEVEL % "warn-version: v1.30", ""), ""),
        (NAMESPACE % (LEVEL % "enforce: Baseline", ""),
         "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"Baseline\": must be one of privileged, baseline"),
        (NAMESPACE % (LEVEL % "audit-version: v1.x", ""), "Invalid value: \"v1.x\": must be \"latest\" or \"v1.x\""),
        (JOB % "succeededIndexes: 0-a", 'cannot convert string to integer for index: "a"'),
        (JOB % "succeededIndexes: 3-5", 'too large index: "5"'),
        (JOB % "succeededIndexes: '2,1'", "non-increasing order, previous: 2, current: 1"),
        (JOB % "succeededIndexes: 3-3", "non-increasing order, previous: 3, current: 3"),
        (JOB % "succeededIndexes: 1-2-3", 'the fragment "1-2-3" violates the requirement that an index interval'),
        (JOB.replace("template: {", "template: {metadata: {labels: {a: b/c}}, ") % "succeededCount: 1",
         'metadata.labels: Invalid value: "b/c"'),
        (CLAIM % "dataSource: {kind: X, name: a}", ""),
        (CLAIM % "dataSource: {kind: X, name: a}\n  dataSourceRef: {apiGroup: a.b, kind: X, name: a}",
         "spec.dataSource: Invalid value: \"X\": must be 'PersistentVolumeClaim' when referencing the default apiGroup"),
        (CLAIM.replace("name: a}", "name: a, generation: -1}") % "", "metadata.generation: Invalid value: -1"),
        (SECRETS % "data: {a: [1, 255, null]}", ""),
        (POD % ("", "  terminationGracePeriodSeconds: -1\n"), ""),
        (SECRETS % "data: {a: [1, 256]}", "cannot unmarshal number 256 into Go struct field Secret.data of type uint8"),
        (SERVICE % "type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 65535}]",
         "spec.healthCheckNodePort: Invalid value: 65536: must be between 1 and 65535, inclusive"),
        (POD % (", resources: {limits: {cpu: 1, hugepages-2Mi: 100m}}", ""), "100m is not positive integer multiple of"),
        (POD.replace("name: a}", "name: a, ownerReferences: [{apiVersion: v1, kind: Event, name: a, uid: a}]}", 1) % ("", ""),
         "/v1, Kind=Event is disallowed from being an owner"),
    ],
)  # fmt: skip
def test_refused(text: str, words: str, minor: str) -> None:
    """A refusal has the server's words; an empty text means that the server accepts."""
    verdict = admit_text(text, minor)[0]
    assert says(verdict.message, words)
    assert (verdict.accepted, verdict.warnings) == (not words, ()), verdict.message


@pytest.mark.parametrize("minor", KNOWN)
@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (POD.replace("name: a}", "name: a.b}", 1) % ("", ""),
         "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is "
         "recommended: [must not contain dots]"),
        (POD % ("", "  volumes: [{name: v, gitRepo: {repository: a}}]\n"),
         "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"),
        (POD % ("", "  volumes: [{name: v, configMap: {name: c, items: [{key: a, path: x}, {key: b, path: x/y}]}}]\n"),
         'volume "v" (ConfigMap "c"): overlapping paths: "x/y" with "x"'),
        (POD % ("", "  volumes: [{name: v, projected: {sources: [{secret: {name: s, items: [{key: a, path: x}]}}, "
                    "{downwardAPI: {items: [{path: x/y, fieldRef: {fieldPath: metadata.name}}]}}]}}]\n"),
         'volume "v" (Projected): overlapping paths: "x/y" (DownwardAPI) with "x" (Secret "s")'),
        (POD % ("", "  volumes: [{name: v, projected: {sources: [{}]}}]\n"), 'volume "v" (Projected) has no sources provided'),
        (POD.replace("name: a}", "name: a, annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}}", 1) % ("", ""),
         "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "
         '"priorityClassName" field instead'),
        (POD % ("", "  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: "
                    "{matchExpressions: [{key: beta.kubernetes.io/os, operator: In, values: [linux]}]}}]}}\n"),
         "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: "
         'beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead'),
        (SECRETS % "type: kubernetes.io/tls\nstringData: {tls.crt: a, tls.key: b}",
         "tls: failed to find any PEM data in certificate input"),
        ("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {kubernetes.io/ingress.class: a}}\n"
         "spec: {defaultBackend: {service: {name: a, port: {number: 80}}}}\n",
         "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"),
        (POLICY % "FE80::/64",
         'spec.ingress[0].from[0].ipBlock.cidr: IPv6 CIDR value "FE80::/64" should be in RFC 5952 canonical format '
         '("fe80::/64")'),
        ("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  serviceName: a\n  selector: {matchLabels: {a: b}}\n"
         "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}\n"
         "  volumeClaimTemplates: [{metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], resources: {requests: "
         "{storage: 100m}}}}]\n",
         'spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer'),
    ],
)  # fmt: skip
def test_warned(text: str, warning: str, minor: str) -> None:
    """A manifest that the server accepts with a warning has that warning, word for word."""
    verdict = admit_text(text, minor)[0]
    assert (verdict.accepted, verdict.warnings) == (True, (warning,)), verdict.message


@pytest.mark.parametrize(
    ("text", "older", "newer"),
    [
        (SERVICE % "ports: [{port: 80}], externalIPs: [10.0.0.1]", (),
         ("spec.externalIPs is deprecated and may no longer be implemented in some clusters",)),
        (SERVICE % "ports: [{port: 80}], trafficDistribution: PreferClose", (),
         ('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',)),
        (SERVICE % "type: LoadBalancer, ports: [{port: 80}], loadBalancerIP: 010.0.0.1",
         ('spec.loadBalancerIP: non-standard IP address "010.0.0.1" will be considered invalid in a future Kubernetes '
          'release: use "10.0.0.1"',),
         ('spec.loadBalancerIP: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"',)),
    ],
)  # fmt: skip
def test_warned_otherwise(text: str, older: tuple[str, ...], newer: tuple[str, ...]) -> None:
    """Warnings can differ between minor versions."""
    assert [admit_text(text, minor)[0].warnings for minor in ("1.34", "1.37")] == [older, newer]


def test_many_files_of_a_volume() -> None:
    """A volume with thousands of files is checked in bounded time."""
    items = ", ".join(f"{{key: a, path: f{number}}}" for number in range(1_000))
    text = POD % ("", f"  volumes: [{{name: v, configMap: {{name: c, items: [{items}]}}}}]\n")
    assert admit_text(text)[0].accepted
