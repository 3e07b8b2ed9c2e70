"""Warnings about objects without pods, and about a StatefulSet's claims.

Source: the strategies' WarningsOnCreate in pkg/registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cluster.admission.decode import Key, Object, dotted
from cluster.admission.minor import Minor
from cluster.admission.rules.address_warnings import cidr_warnings
from cluster.admission.rules.configuration import secret_data
from cluster.admission.rules.ingresses_and_policies import CLASS
from cluster.admission.rules.node_warnings import node_selector
from cluster.admission.rules.volume_warnings import claim_fractions, plugin_warnings
from cluster.manifests.quantity import milli

_FORMER_ANNOTATIONS = {
    "volume.beta.kubernetes.io/storage-class": 'deprecated since v1.8; use "storageClassName" attribute instead',
    "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
}
_PLUGINS = ("cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd")
_COMPARED: Mapping[str, Sequence[str]] = {
    "limits.cpu": ("requests.cpu", "cpu"), "limits.memory": ("requests.memory", "memory"),
    "limits.ephemeral-storage": ("requests.ephemeral-storage",),
}  # fmt: skip
"""A quota's limits, and the requests of the same resource; the first existing one counts."""

_PEM = re.compile(rb"-----BEGIN [^-\n]{1,80}-----")


def claim_templates(spec: Object) -> Iterator[str]:
    """Warnings about a StatefulSet's claims and its revision history."""
    for index, template in enumerate(spec.get("volumeClaimTemplates", [])):
        yield from claim_fractions(template.get("spec", {}), ("spec", "volumeClaimTemplates", index))
    if spec.get("revisionHistoryLimit", 0) < 0:
        words = "a negative value retains all historical revisions; a value >= 0 is recommended"
        yield f"spec.revisionHistoryLimit: {words}"


def ingress(obj: Object, _minor: Minor) -> Iterator[str]:
    """Warnings about an Ingress: its class as an annotation."""
    annotations = obj.get("metadata", {}).get("annotations", {})
    if CLASS in annotations and "ingressClassName" not in obj.get("spec", {}):
        yield f"annotation \"{CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"


def network_policy(obj: Object, minor: Minor) -> Iterator[str]:
    """Warnings about a NetworkPolicy: ranges in an unusual form."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(obj.get("spec", {}).get(direction, [])):
            for position, peer in enumerate(rule.get(peers, [])):
                here = ("spec", direction, index, peers, position, "ipBlock")
                block = peer.get("ipBlock", {})
                yield from cidr_warnings(block.get("cidr", ""), (*here, "cidr"), minor)
                for number, part in enumerate(block.get("except", [])):
                    yield from cidr_warnings(part, (*here, "except", number), minor)


def persistent_volume(obj: Object, minor: Minor) -> Iterator[str]:
    """Warnings about a PersistentVolume: former annotations, labels and plugins. Source: pkg/api/persistentvolume/util.go."""
    annotations, spec = obj.get("metadata", {}).get("annotations", {}), obj.get("spec", {})
    for key, words in _FORMER_ANNOTATIONS.items():
        if key in annotations:
            yield f"{dotted(('metadata', 'annotations', Key(key)))}: {words}"
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        yield (
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended "
            "approach is to use dynamic provisioning."
        )
    required = spec.get("nodeAffinity", {}).get("required", {})
    yield from node_selector(required, ("spec", "nodeAffinity", "required"), minor)
    yield from plugin_warnings(spec, ("spec",), _PLUGINS)


def resource_quota(obj: Object, minor: Minor) -> Iterator[str]:
    """Warnings about a ResourceQuota: requests that may be above the limits. Source: the strategy of its registry."""
    hard = obj.get("spec", {}).get("hard", {}) if minor.compares_quotas else {}
    for limited, requests in _COMPARED.items():
        asked = next((name for name in requests if name in hard), "")
        if asked and limited in hard and hard[asked].amount > hard[limited].amount:
            request, limit = milli(hard[asked]).text, milli(hard[limited]).text
            yield f"ResourceQuota {asked} ({request}) should be less than {limited} ({limit})"


def secret(obj: Object, _minor: Minor) -> Iterator[str]:
    """A warning if a Secret for TLS has no certificate or no key. Their content isn't checked."""
    if obj.get("type") != "kubernetes.io/tls":
        return
    data = secret_data(obj)
    for key, what in (("tls.crt", "certificate"), ("tls.key", "key")):
        if not _PEM.search(data.get(key, b"")):
            yield f"tls: failed to find any PEM data in {what} input"
            return
