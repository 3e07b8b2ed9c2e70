"""Differences between minor versions: both are recorded, and rules get them as data instead of comparing versions."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cluster import admission
from cluster.admission import admit_text, minor_named
from cluster.admission.minor import KNOWN, known
from cluster.admission.recording.gates import carried
from cluster.admission.response import Admission
from cluster.admission.schema import FOLDER, schema
from cluster.errors import UsageError
from cluster.kubernetes import CURRENT, MINORS
from cluster.simulated.world import SimulatedCluster

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: orders}
spec:
  containers:
    - name: orders
      image: shop/orders:1.0.0
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: report}
spec:
  template: {spec: {restartPolicy: Never, containers: [{name: report, image: shop/report:1}]}}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: 2orders}\nspec: {ports: [{port: 80}]}\n"
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: 2orders, port: {number: 80}}}}
"""
CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  concurrencyPolicy: Never
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: report, image: shop/report:1}]}}}}
"""
AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: orders}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  minReplicas: 0
  maxReplicas: 5
  metrics: [{type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "5"}}}]
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders}
spec:
  podSelector: {}
  ingress: [{ports: [{port: 90, endPort: 80}], from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]
"""
LABEL = "x" * 64


def said(text: str, minor: str) -> Admission:
    return admit_text(text, minor)[0]


def spec(more: str) -> str:
    return POD + f"  {more}\n"


def container(more: str) -> str:
    return POD + f"      {more}\n"


@pytest.mark.parametrize(
    ("text", "older", "newer"),
    [
        pytest.param(SERVICE, "a DNS-1035 label must consist of", "", id="a Service's name may begin with a digit"),
        pytest.param(INGRESS, "a DNS-1035 label must consist of", "", id="so may the Service of an Ingress"),
        pytest.param(
            container("readinessProbe: {httpGet: 5}"),
            "Go struct field Probe.spec.containers.readinessProbe.httpGet of type v1.HTTPGetAction",
            "Go struct field Probe.spec.containers.readinessProbe.ProbeHandler.httpGet of type v1.HTTPGetAction",
            id="the embedded struct of a probe",
        ),
        pytest.param(
            spec("volumes: [{name: a, emptyDir: {medium: 5}}]"),
            "Go struct field EmptyDirVolumeSource.spec.volumes.emptyDir.medium of type v1.StorageMedium",
            "Go struct field EmptyDirVolumeSource.spec.volumes.VolumeSource.emptyDir.medium of type v1.StorageMedium",
            id="the embedded struct of a volume, and what is in it",
        ),
        pytest.param(
            INGRESS.replace("{defaultBackend", "{rules: [{http: 5}], defaultBackend"),
            "Go struct field IngressRule.spec.rules.http of type",
            "Go struct field IngressRule.spec.rules.IngressRuleValue.http of type",
            id="the embedded struct of a rule",
        ),
        pytest.param(
            CRON_JOB,
            "[spec.schedule: Required value, spec.concurrencyPolicy: Unsupported value",
            'supported values: "Allow", "Forbid", "Replace", spec.schedule: Required value]',
            id="a schedule that is missing",
        ),
        pytest.param(
            AUTOSCALER.replace("maxReplicas: 5", "maxReplicas: 0"),
            "[spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, "
            "spec.maxReplicas: Invalid value: 0: must be greater than 0]",
            "spec.maxReplicas: Required value",
            id="no replica at most",
        ),
        pytest.param(
            AUTOSCALER.replace("maxReplicas: 5", "maxReplicas: -1").replace("name: queue", 'name: "a/b"'),
            "spec.maxReplicas: Invalid value: -1: must be greater than 0, spec.maxReplicas: Invalid value: -1: must be "
            "greater than or equal to `minReplicas`, spec.metrics[0].external.metric.name: Invalid value",
            "may not contain '/', spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1]",
            id="fewer than no replica",
        ),
        pytest.param(AUTOSCALER, "spec.minReplicas: Invalid value: 0", "", id="down to zero by an external metric"),
        pytest.param(
            AUTOSCALER.replace(re.findall(r"  metrics.*\n", AUTOSCALER)[0], ""),
            "spec.metrics: Forbidden: must specify at least one Object or External metric",
            "spec.metrics: Forbidden: must specify at least one Object or External metric",
            id="down to zero by the pods' own metrics",
        ),
        pytest.param(
            container("env: [{name: A, valueFrom: {fileKeyRef: {volumeName: e, path: a, key: A}}}]")
            + "  volumes: [{name: e, emptyDir: {}}]\n",
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
            "",
            id="a variable from a file",
        ),
        pytest.param(
            spec("tolerations: [{key: a, operator: Lt, value: '5'}]"),
            'Unsupported value: "Lt": supported values: "Equal", "Exists"',
            'Unsupported value: "Lt": supported values: "Equal", "Exists", "Lt", "Gt"',
            id="tolerations that compare numbers",
        ),
        pytest.param(
            container("readinessProbe: {httpGet: {port: 80, protocol: HTTP2}}"),
            'unknown field "spec.containers[0].readinessProbe.httpGet.protocol"',
            "",
            id="a field that the older server doesn't know",
        ),
        pytest.param(
            JOB.replace("spec:\n", "spec:\n  scheduling: {}\n"), 'unknown field "spec.scheduling"', "", id="a Job's gang"
        ),
        pytest.param(
            container("restartPolicy: Sometimes"), "", 'restartPolicy: Unsupported value: "Sometimes"',
            id="a container's own restart policy",
        ),
        pytest.param(
            POLICY,
            "spec.ingress[0].ports[0].endPort: Invalid value: 90: must be greater than or equal to `port`",
            "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`, "
            'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond',
            id="the end of a range of ports, and a range of addresses",
        ),
        pytest.param(
            POD.replace("name: orders}", f"name: orders, labels: {{a: {LABEL}, a/b/c: d}}}}", 1),
            "must be no more than 63 characters, metadata.labels: Invalid value: \"a/b/c\": a qualified name must",
            "must be no more than 63 bytes, metadata.labels: Invalid value: \"a/b/c\": a valid label key must",
            id="labels",
        ),
        pytest.param(
            POD.replace("name: orders}", "name: orders, ownerReferences: [{apiVersion: v1, kind: a, name: b}]}", 1),
            'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
            "metadata.ownerReferences[0].uid: Required value: must not be empty",
            id="owners",
        ),
        pytest.param(
            POD.replace("name: orders}", "name: orders, ownerReferences: [{apiVersion: a/b/c, kind: a, name: b, uid: c}]}", 1),
            'Pod "orders" is invalid: metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty',
            'metadata.ownerReferences[0].apiVersion: Invalid value: "a/b/c": must be <group>/<version> or <version>',
            id="owners-version",
        ),
        pytest.param(
            spec("shareProcessNamespace: true\n  hostPID: true"),
            "spec.securityContext.shareProcessNamespace: Invalid value: true",
            "spec.shareProcessNamespace: Invalid value: true",
            id="one process namespace",
        ),
        pytest.param(
            spec("hostAliases: [{ip: 010.0.0.1, hostnames: [a]}]"), "", "must not have leading 0s",
            id="an address with leading zeros",
        ),
    ],
)  # fmt: skip
def test_both_columns(text: str, older: str, newer: str) -> None:
    """Each minor version has its own server's message; an empty message means that it accepts."""
    for minor, words in (("1.34", older), ("1.37", newer)):
        verdict = said(text, minor)
        assert words in verdict.message
        assert verdict.accepted == (not words), verdict.message


@pytest.mark.parametrize(
    ("text", "field", "line", "gate"),
    [
        (container("readinessProbe: {httpGet: {port: 80, protocol: HTTP2}}"),
         "spec.containers[0].readinessProbe.httpGet.protocol", 8, ""),
        (container("readinessProbe: {grpc: {port: 80, mode: TLS}}"), "spec.containers[0].readinessProbe.grpc.mode", 8, ""),
        (spec("volumes: [{name: a, emptyDir: {mode: 511}}]"), "spec.volumes[0].emptyDir.mode", 8, " EmptyDirVolumeMode"),
        (spec("volumes: [{name: a, secret: {secretName: a, defaultUser: 5}}]"), "spec.volumes[0].secret.defaultUser", 8,
         " AtomicWriteVolumeUserFields"),
        (spec("volumes: [{name: a, configMap: {name: a, items: [{key: a, path: b, user: 5}]}}]"),
         "spec.volumes[0].configMap.items[0].user", 8, " AtomicWriteVolumeUserFields"),
        (container("volumeMounts: [{name: a, mountPath: /a, bindMountOptions: [noexec]}]") + "  volumes: [{name: a}]\n",
         "spec.containers[0].volumeMounts[0].bindMountOptions", 8, " VolumeBindMountOptions"),
        (spec("evictionResponders: [{name: a.b/c, priority: 5}]"), "spec.evictionResponders", 8, ""),
        (spec("schedulingGroup: {podGroupName: a}"), "spec.schedulingGroup", 8, ""),
        (JOB.replace("spec:\n", "spec:\n  scheduling: {schedulingPolicy: {basic: {}}}\n"), "spec.scheduling", 5,
         " WorkloadWithJob"),
    ],
)  # fmt: skip
def test_ignored(text: str, field: str, line: int, gate: str) -> None:
    """A field behind a disabled gate is accepted, and a note names it with its line; the server says nothing."""
    verdict = said(text, "1.37")
    assert (verdict.accepted, verdict.warnings) == (True, ())
    (cause,) = verdict.ignored
    assert (cause.field, cause.line) == (field, line)
    assert cause.message == f"Kubernetes 1.37 has this field, but its feature gate{gate} is off by default"


def test_ignored_is_not_judged() -> None:
    """An ignored field is decoded and not validated, because the server drops it in between."""
    assert said(container("lifecycle: {stopSignal: whatever}"), "1.37").accepted
    assert "of type v1.Signal" in said(container("lifecycle: {stopSignal: 5}"), "1.37").message


def test_ignored_along() -> None:
    """A volume with an ignored source is dropped with its mounts, and so are hooks that become empty."""
    mounted = container("volumeMounts: [{name: files, mountPath: /a}, {name: files, mountPath: /a}]")
    image = mounted + "  volumes: [{name: files, image: {reference: a}}, {name: No_Name, image: {}}]\n"
    assert said(image, "1.34").accepted
    assert [cause.field for cause in said(image, "1.34").ignored] == ["spec.volumes[0].image", "spec.volumes[1].image"]
    assert "spec.volumes[1].image.reference: Required value" in said(image, "1.37").message
    hooks = spec("initContainers: [{name: first, image: a, lifecycle: {stopSignal: SIGTERM}}]")
    assert said(hooks, "1.37").accepted
    assert "lifecycle: Forbidden" in said(hooks.replace("stopSignal: SIGTERM", ""), "1.37").message


def test_the_line_of_its_own_minor() -> None:
    """A cluster names its minor version, and each version judges by its own schema alone."""
    assert SimulatedCluster().version == f"v{CURRENT}"
    older, newer = SimulatedCluster("1.34"), SimulatedCluster("1.37")
    assert (older.version, newer.version) == ("v1.34", "v1.37")
    assert [cluster.admit_text(SERVICE)[0].accepted for cluster in (older, newer)] == [False, True]
    schema.cache_clear()
    newer.admit_text(SERVICE)
    assert schema.cache_info().currsize == 1


@pytest.mark.parametrize("text", ["1.34", "v1.34", "1.34.4", " v1.34.0 "])
def test_named(text: str) -> None:
    """A minor version can be written as people and as servers write it."""
    assert minor_named(text) == "1.34"


@pytest.mark.parametrize("text", ["1.36", "1.3", "2.0", "", "latest", "1.34.4.5", "1.34-alpha", "١.٣٤", "1.34\n1.37"])
def test_not_known(text: str) -> None:
    """The error on an unknown minor version lists the known ones."""
    with pytest.raises(UsageError, match="isn't supported") as raised:
        minor_named(text)
    assert raised.value.hint == "Supported versions: 1.34 and 1.37."


def test_pinned_minors_are_known() -> None:
    """Every minor that the workbook names is known and recorded, the oldest first."""
    assert set(MINORS) <= set(KNOWN)
    assert CURRENT in MINORS
    assert list(KNOWN) == sorted(KNOWN, key=lambda name: [int(part) for part in name.split(".")])
    assert all((FOLDER / name / "schema.json").exists() for name in KNOWN)


def test_a_minor_without_changes() -> None:
    """A minor that the table lacks has the rules of the minor before it; it becomes known once it is recorded and named."""
    newer = known(["1.36", "1.38"])
    assert list(newer) == ["1.34", "1.36", "1.37", "1.38"]
    assert newer["1.36"] == replace(KNOWN["1.34"], name="1.36")
    assert newer["1.38"] == replace(KNOWN["1.37"], name="1.38")


def test_rules_compare_no_versions() -> None:
    """No rule asks for the minor version; rules use only the recorded schema and the table."""
    for file in (Path(admission.__file__).parent).rglob("*.py"):
        if file.name == "minor.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                assert not re.search(r"minor\.name|\bCURRENT\b|\.version\b.*['\"]v?1\.", ast.unparse(node)), file
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.fullmatch(r"v?1\.\d\d", node.value), (file, node.value)


def test_gates_are_carried_on() -> None:
    """A gate that a newer server no longer has keeps its state."""
    assert carried({"New": False, "Both": True}, {"Both": False, "Gone": True}) == {
        "Both": True, "Gone": True, "New": False,
    }  # fmt: skip
    assert schema("1.37").gates["RelaxedServiceNameValidation"]
    assert not schema("1.34").gates["RelaxedServiceNameValidation"]
