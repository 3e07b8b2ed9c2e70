"""The warnings of servers of both minors: old node labels, volumes, and quotas."""

from __future__ import annotations

import pytest

from cluster.admission import admit_text
from cluster.kubernetes import MINORS

BOTH = pytest.mark.parametrize("minor", MINORS)
VOLUME = (
    "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk, annotations: {%s}}\n"
    "spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], %s}\n"
)
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}], %s}\n"
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: team}\nspec: {hard: {%s}}\n"
LABELS = {
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}


def warned(text: str, minor: str) -> list[str]:
    (verdict,) = admit_text(text, minor)
    assert verdict.accepted, verdict.message
    return list(verdict.warnings)


@BOTH
@pytest.mark.parametrize("label", LABELS)
def test_former_labels_of_nodes(label: str, minor: str) -> None:
    """A pod or a volume with a deprecated node label gets a warning that names the new one."""
    assert warned(POD % f"nodeSelector: {{{label}: ''}}", minor) == [f"spec.nodeSelector[{label}]: {LABELS[label]}"]
    term = f"nodeSelectorTerms: [{{matchExpressions: [{{key: {label}, operator: Exists}}]}}]"
    where = "nodeSelectorTerms[0].matchExpressions[0].key"
    affinity = f"affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{{term}}}}}}}"
    assert warned(POD % affinity, minor) == [
        f"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.{where}: {label} is {LABELS[label]}"
    ]
    local = f"local: {{path: /b}}, nodeAffinity: {{required: {{{term}}}}}"
    assert warned(VOLUME % ("", local), minor) == [f"spec.nodeAffinity.required.{where}: {label} is {LABELS[label]}"]


@BOTH
def test_volumes(minor: str) -> None:
    """A volume gets a warning for old annotations, for recycling, and for storage systems that no longer work."""
    assert warned(VOLUME % ("", "nfs: {server: a, path: /b}"), minor) == []
    assert warned(VOLUME % ("volume.beta.kubernetes.io/storage-class: fast", "hostPath: {path: /b}"), minor) == [
        "metadata.annotations[volume.beta.kubernetes.io/storage-class]: "
        'deprecated since v1.8; use "storageClassName" attribute instead'
    ]
    options = "volume.beta.kubernetes.io/mount-options: ro"
    assert warned(
        VOLUME % (options, "rbd: {monitors: [a], image: b}, persistentVolumeReclaimPolicy: Recycle"), minor
    ) == [
        "metadata.annotations[volume.beta.kubernetes.io/mount-options]: "
        'deprecated since v1.31; use "mountOptions" attribute instead',
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to "
        "use dynamic provisioning.",
        "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
    ]
    assert warned(VOLUME % ("", "storageos: {volumeName: a}"), minor) == [
        "spec.storageOS: deprecated in v1.22, non-functional in v1.25+"
    ]
    assert warned(VOLUME % ("", "quobyte: {registry: 'a:1', volume: b}"), minor) == []


@BOTH
def test_quotas(minor: str) -> None:
    """In a minor after 1.34, a quota that allows more requests than limits gets a warning."""
    now = minor != "1.34"
    text = QUOTA % "requests.cpu: 4, limits.cpu: 2, memory: 1.5Gi, limits.memory: 1Gi, requests.ephemeral-storage: 1"
    assert warned(text, minor) == now * [
        "ResourceQuota requests.cpu (4) should be less than limits.cpu (2)",
        "ResourceQuota memory (1536Mi) should be less than limits.memory (1Gi)",
    ]
    assert warned(QUOTA % "requests.cpu: 2, cpu: 4, limits.cpu: 2, limits.ephemeral-storage: 1", minor) == []
