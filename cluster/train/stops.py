"""The release train: its stops, their parameters, and what follows from a manifest's own settings.

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
LANES: tuple[tuple[str, ...], ...] = (
    (ROLLOUT, OUTAGE, HANG, LEAK, SHUTDOWN),
    (SLOW_START, UPDATE, BAD_RELEASE),
)
"""The stops in order; the two lanes run side by side, and in the first outage and hang do."""

APPLIED = ("Deployment", "Service", "ConfigMap", "Secret", "ServiceAccount", "PodDisruptionBudget")
"""The kinds of an answer that are applied; nothing else of it reaches a cluster, nor does a Secret that isn't ``OPAQUE``.

A HorizontalPodAutoscaler is left out: it holds the replicas to its bounds at once, though no metric asked for it, and then
the answer's own number isn't what is judged.
"""

OPAQUE = "Opaque"
"""The type of the Secrets that are applied, and of those that name none: other types have a meaning to the cluster."""

UNREADY_TOLD = "its database is away: /readyz answers 503"
MENDED_TOLD = "its database is back"
HANG_TOLD = "it hangs: every port but the fault port accepts and never answers"
HANG_ENDED_TOLD = "the grader ends the hang"
LEAK_TOLD = "it leaks memory, 32 MiB at a time"
SHUTDOWN_TOLD = "it is deleted with a 5 s request in flight"
"""What a stop breaks, in the words of both worlds' timelines."""

NO_FAULT_PORT = f"no pod answers on its fault port {FAULT_PORT}, by which the grader breaks things"
MOST_REASONS = 3
"""How many reasons are told at most for which pods aren't ready when a rollout's time is over."""

BESIDE_A_JOB = ("ConfigMap", "Secret")
"""The kinds of an answer that are applied before a Job is started from its CronJob."""

JOB = "job"
"""What a timeline of a Job calls its one stop."""

JOB_WITHIN = 40.0
"""How long a Job that was started is watched: a report needs a second, and a failed one is tried again after ten."""

ROLLOUT_WITHIN = 120.0
OUTAGE_LEAST, OUTAGE_MOST, OUTAGE_MARGIN = 35.0, 75.0, 5.0
RECOVERED_WITHIN = 45.0
HANG_MOST = 90.0
LEAK_WITHIN = 30.0
SETTLED_WITHIN = 60.0
SHUTDOWN_WATCHED = 180.0
"""How long the end of a pod is watched at most, whatever its grace period, in seconds."""

BAD_RELEASE_WATCHED, BAD_RELEASE_MOST = 15.0, 60.0
REQUESTS_A_SECOND = 50


def is_applied(document: Document, kinds: Collection[str]) -> bool:
    """Whether a document is applied where these kinds are: a Secret is, unless it is of a type of its own."""
    kind = document.get("kind")
    return kind in kinds and (kind != "Secret" or document.get("type") in (None, "", OPAQUE))


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to run: the admitted documents of an answer, among them one Deployment, and the stops to run it past."""

    documents: tuple[Document, ...]
    stops: frozenset[str] = frozenset(stop for lane in LANES for stop in lane)

    @property
    def deployment(self) -> Document | None:
        """The Deployment among the documents."""
        return next((d for d in self.documents if d.get("kind") == "Deployment"), None)

    @property
    def pod(self) -> dict[str, Any]:
        """The spec of the Deployment's pods; empty where there is none."""
        found = self.deployment.get("spec", "template", "spec") if self.deployment else None
        return mapping(found)


def bad_release_seconds(delay: float) -> float:
    """How long a release that never becomes ready is watched, for the initial delay of a readiness probe, in seconds.

    15 s, and the delay before a probe can let it in by mistake; at most 60 s.
    """
    return min(BAD_RELEASE_WATCHED + delay, BAD_RELEASE_MOST)


def outage_seconds(*probes: tuple[float, float, float]) -> float:
    """How long the outage is held, for the (period, failure threshold, timeout) of readiness and of liveness.

    35 s, or longer where a probe needs longer to notice: period x threshold + timeout + 5; at most 75 s.
    """
    needed = (period * threshold + timeout + OUTAGE_MARGIN for period, threshold, timeout in probes)
    return min(OUTAGE_MOST, max((OUTAGE_LEAST, *needed)))
