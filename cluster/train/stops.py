"""The release train: its stops, their parameters, and the durations that depend on a manifest's settings.

Both worlds run this scenario. Times are in seconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cluster.manifests.documents import Document
from cluster.manifests.shapes import mapping
from cluster.shop.releases import FAULT_PORT

ROLLOUT, OUTAGE, HANG, LEAK, SHUTDOWN = "rollout", "outage", "hang", "leak", "shutdown"
SLOW_START, UPDATE, BAD_RELEASE = "slow-start", "update", "bad-release"
FAULT_STOPS = (ROLLOUT, OUTAGE, HANG, LEAK, SHUTDOWN)
RELEASE_STOPS = (SLOW_START, UPDATE, BAD_RELEASE)
LANES: tuple[tuple[str, ...], ...] = (FAULT_STOPS, RELEASE_STOPS)
"""The stops in order. The two lanes run at the same time, and so do outage and hang in the first lane."""

APPLIED = ("Deployment", "Service", "ConfigMap", "Secret", "ServiceAccount", "PodDisruptionBudget")
"""The kinds of documents that are applied. Nothing else reaches a cluster, nor does a Secret that isn't ``OPAQUE``.

A HorizontalPodAutoscaler isn't applied: it forces the replicas into its bounds at once, without any metric, and then
the answer's own number of replicas isn't judged.
"""

OPAQUE = "Opaque"
"""The type of the Secrets that are applied (also the default): other types have a meaning to the cluster."""

NO_FAULT_PORT = f"no pod answers on its fault port {FAULT_PORT}, by which the grader breaks things"
MOST_REASONS = 3
"""How many reasons for pods that aren't ready are reported at most when a rollout's time is over."""

BESIDE_A_JOB = ("ConfigMap", "Secret")
"""The kinds of an answer that are applied before a Job is started from its CronJob."""

JOB = "job"
"""The name of the only stop in a Job's timeline."""

JOB_WITHIN = 40.0
"""How long a started Job is watched, in seconds: a report needs one second, and a failed one is retried after ten."""

ROLLOUT_WITHIN = 120.0
OUTAGE_LEAST, OUTAGE_MOST, OUTAGE_MARGIN = 35.0, 75.0, 5.0
RECOVERED_WITHIN = 45.0
HANG_MOST = 90.0
LEAK_WITHIN = 30.0
SETTLED_WITHIN = 60.0
SHUTDOWN_MARGIN, SHUTDOWN_WATCHED = 5.0, 180.0
"""How long a pod's end is watched beyond its grace period, and at most in all, in seconds."""

BAD_RELEASE_WATCHED, BAD_RELEASE_MOST = 15.0, 60.0
REQUESTS_A_SECOND = 50


def is_applied(document: Document, kinds: Collection[str]) -> bool:
    """Whether a document is applied: it is of one of these kinds, and no Secret of a special type."""
    kind = document.get("kind")
    return kind in kinds and (kind != "Secret" or document.get("type") in (None, "", OPAQUE))


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to run: the admitted documents of an answer, among them one Deployment."""

    documents: tuple[Document, ...]

    @property
    def deployment(self) -> Document | None:
        """The Deployment among the documents."""
        return next((d for d in self.documents if d.get("kind") == "Deployment"), None)

    @property
    def pod(self) -> dict[str, Any]:
        """The spec of the Deployment's pods; empty without a Deployment."""
        found = self.deployment.get("spec", "template", "spec") if self.deployment else None
        return mapping(found)


def bad_release_seconds(delay: float) -> float:
    """How long a release that never becomes ready is watched, in seconds, given the readiness probe's initial delay.

    15 s and that delay, before which no probe could let the pod in by mistake; at most 60 s.
    """
    return min(BAD_RELEASE_WATCHED + delay, BAD_RELEASE_MOST)


def outage_seconds(*probes: tuple[float, float, float]) -> float:
    """How long the outage lasts, in seconds, given (period, failure threshold, timeout) of the readiness and liveness probes.

    35 s, or longer if a probe notices later: period x threshold + timeout + 5; at most 75 s.
    """
    needed = (period * threshold + timeout + OUTAGE_MARGIN for period, threshold, timeout in probes)
    return min(OUTAGE_MOST, max((OUTAGE_LEAST, *needed)))


def shutdown_seconds(grace: float) -> float:
    """How long the end of a deleted pod is watched, in seconds, given its grace period."""
    return min(max(grace, 1) + SHUTDOWN_MARGIN, SHUTDOWN_WATCHED)
