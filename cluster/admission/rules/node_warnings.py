"""Warnings about the node labels in selectors and affinities.

Source: pkg/api/node/util.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster.admission.decode import Object, dotted
from cluster.admission.minor import Minor
from cluster.manifests.documents import Path

FORMER_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
"""Deprecated node labels, and the server's message on each."""

TERMS = ("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution")
"""The fields of an affinity with its terms."""


def node_affinity(affinity: Object, path: Path, minor: Minor) -> Iterator[str]:
    """Warnings about a pod's affinity to nodes."""
    required, preferred = TERMS
    yield from node_selector(affinity.get(required, {}), (*path, required), minor)
    for index, weighted in enumerate(affinity.get(preferred, [])):
        yield from _term(weighted.get("preference", {}), (*path, preferred, index, "preference"), minor, values=True)


def node_selector(selector: Object, path: Path, minor: Minor) -> Iterator[str]:
    """Warnings about required terms."""
    for index, term in enumerate(selector.get("nodeSelectorTerms", [])):
        yield from _term(term, (*path, "nodeSelectorTerms", index), minor, values=False)


def _term(term: Object, path: Path, minor: Minor, *, values: bool) -> Iterator[str]:
    """Source: GetWarningsForNodeSelectorTerm."""
    for index, expression in enumerate(term.get("matchExpressions", [])):
        here, key = (*path, "matchExpressions", index), expression.get("key", "")
        if key in FORMER_LABELS:
            yield f"{dotted((*here, 'key'))}: {key} is {FORMER_LABELS[key]}"
        for position, value in enumerate(expression.get("values", []) if values else ()):
            for complaint in minor.label_value(value):
                yield f"{dotted((*here, 'values', position))}: {value} is invalid, {complaint}"
