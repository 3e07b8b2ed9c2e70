"""The release train's criteria: the expected behavior at each stop, read from the timeline alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Protocol

from cluster.manifests.documents import Path
from cluster.manifests.quantity import quantity
from cluster.train.stops import (
    BAD_RELEASE,
    HANG,
    LEAK,
    NO_FAULT_PORT,
    OUTAGE,
    ROLLOUT,
    SHUTDOWN,
    SLOW_START,
    UPDATE,
)
from cluster.train.timeline import Event, EventKind, Timeline
from graders.application_platform.contract import LIMITS, PORT, READINESS
from graders.application_platform.exercises.deployment import environment, noticing, probes, turned_away
from graders.application_platform.exercises.deployment.endings import ending
from graders.application_platform.exercises.deployment.unready import unready
from graders.core.exercise import Criterion, Verdict, failed, follows, partly, passed, waiting
from graders.families.manifest.deployment import Manifest
from graders.families.manifest.refusals import ONCE
from graders.reading.text import shown

PROBES = "kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"
DEPLOYMENTS = "kubernetes.io/docs/concepts/workloads/controllers/deployment/"
TERMINATION = "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/"
MEMORY = "kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/"


class Ran(Protocol):
    """Evidence of a run: its timeline, or None if the API server refused the Deployment."""

    @property
    def timeline(self) -> Timeline | None:
        """The events of the run."""
        ...


def rollout(answer: Manifest, evidence: Ran) -> Verdict:
    """Every replica is ready within 120 s."""
    timeline = evidence.timeline
    if timeline is None:
        return _refused()
    ready = {e.subject: e.at for e in timeline.of(ROLLOUT, EventKind.READY)}
    if _skipped(timeline, OUTAGE) is None and ready and timeline.first(ROLLOUT, EventKind.WAITING) is None:
        return passed(f"{len(ready)} pods were ready after {max(ready.values()):.1f} s")
    return unready(answer, timeline, ROLLOUT)


def outage(answer: Manifest, evidence: Ran) -> Verdict:
    """The pod that lost its database leaves the endpoints and comes back; nothing restarts."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, OUTAGE):
        return _not_reached(timeline, OUTAGE)
    fault, over = timeline.first(OUTAGE, EventKind.FAULT), timeline.first(OUTAGE, EventKind.OVER)
    if fault is None or over is None:
        return failed("no pod ran long enough to lose its database")
    pod = fault.subject
    ended = ending(timeline, OUTAGE, pod, fault.at)
    if ended and (ended.started or (ended.killed and ended.at <= over.at)):
        return noticing.restarted_in_outage(answer, pod, ended, fault.at)
    left = _after(timeline, OUTAGE, EventKind.NOT_READY, pod, fault.at)
    if left is None or left.at > over.at:
        return noticing.stayed(answer, pod, over.at - fault.at)
    back = _after(timeline, OUTAGE, EventKind.READY, pod, over.at)
    if back is None:
        return partly(
            0.5, f"{pod} left the Service {left.at - fault.at:.1f} s into the outage and didn't come back",
            "Lower periodSeconds of the readiness probe, so that the pod is back soon after its database.",
            line=answer.line("readinessProbe"),
        )  # fmt: skip
    return passed(
        f"{pod} left the Service {left.at - fault.at:.1f} s after its database went down, was back {back.at - over.at:.1f} s "
        "after it returned, and nothing restarted"
    )


def hang(answer: Manifest, evidence: Ran) -> Verdict:
    """A pod whose process hangs is restarted within the time that the manifest implies, at most 90 s."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, HANG):
        return _not_reached(timeline, HANG)
    fault = timeline.first(HANG, EventKind.FAULT)
    if fault is None:
        return failed("no pod ran long enough to hang")
    pod, ended = fault.subject, ending(timeline, HANG, fault.subject, fault.at)
    if ended is None:
        return noticing.unnoticed(answer, pod)
    if ended.started is None:
        return noticing.still_ending(answer, pod, ended, fault.at)
    if always := probes.failing(answer, "livenessProbe"):
        return passed(f"{pod} ran again {ended.started - fault.at:.1f} s later, but {noticing.again_and_again(always)}")
    return passed(f"{pod} hung and was running again {ended.started - fault.at:.1f} s later")


def leak(answer: Manifest, evidence: Ran) -> Verdict:
    """A leaking pod is OOM-killed at its limit and restarted; other pods are not affected."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, LEAK):
        return _not_reached(timeline, LEAK)
    fault, over = timeline.first(LEAK, EventKind.FAULT), timeline.first(LEAK, EventKind.OVER)
    killed = fault and _after(timeline, LEAK, EventKind.OOM_KILLED, fault.subject, fault.at)
    if fault and killed:
        return passed(
            f"{fault.subject} was killed at its memory limit after {killed.at - fault.at:.1f} s and restarted; the others continued to serve"
        )
    taken = (over.detail if over else "") or "700 MiB leaked"
    limit = answer.of("resources", "limits", "memory")
    figure = quantity(limit)
    if fault and figure is not None and over is not None and figure < (over.value or 0):
        return failed(
            f"{fault.subject} was gone before it reached its memory limit",
            "Look at the timeline: what happened to the pod?",
        )
    if limit is not None:
        return failed(
            f"{taken}, which is below the memory limit of {shown(limit)}, so nothing stopped it",
            f"Set the memory limit to the contract's {LIMITS['memory']}.", line=answer.line("resources", "limits", "memory"),
        )  # fmt: skip
    return failed(
        f"{taken}, and no memory limit stopped it: it took memory from the node's other pods",
        "Set the contract's memory limit on the container.", line=answer.line("resources"),
    )  # fmt: skip


def shutdown(answer: Manifest, evidence: Ran) -> Verdict:
    """A deleted pod finishes the request in flight and exits with 0 within its grace period."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, SHUTDOWN):
        return _not_reached(timeline, SHUTDOWN)
    fault, cut = timeline.first(SHUTDOWN, EventKind.FAULT), timeline.first(SHUTDOWN, EventKind.REQUESTS_FAILED)
    pod = fault.subject if fault else ""
    ended = timeline.first(SHUTDOWN, EventKind.EXITED, subject=pod)
    line = answer.deployment.line("spec", "template", "spec", "terminationGracePeriodSeconds")
    if fault and ended is None and timeline.first(SHUTDOWN, EventKind.DELETED, subject=pod):
        return failed(
            f"{pod} ended at once when it was deleted, so the request in flight was cut off",
            "The contract gives requests in flight 30 s: leave terminationGracePeriodSeconds at its default.", line=line,
        )  # fmt: skip
    if fault is None or ended is None:
        return failed("the deleted pod never ended", "Look at terminationGracePeriodSeconds.", line=line)
    took = ended.at - fault.at
    if ended.value == 0 and not (cut and cut.value):
        return passed(f"{pod} finished its request and exited with 0 after {took:.1f} s")
    if ended.value == 0 and (always := probes.failing(answer, "livenessProbe")):
        return follows(noticing.again_and_again(always))
    if ended.value == 0:
        return failed(f"{pod} exited with 0 after {took:.1f} s, but the request in flight got no answer",
                      f"Requests come to port {PORT}: check the port at which the shop listens.", line=answer.line("ports"))  # fmt: skip
    lost = "the request in flight was cut off" if cut and cut.value else "it was still draining"
    observed = f"{pod} was killed {took:.1f} s after its deletion (exit code {ended.value or 0:.0f}): {lost}"
    if answer.of("lifecycle", "preStop") is not None:
        return failed(observed, "The preStop hook counts as part of the grace period: shorten it, or raise terminationGracePeriodSeconds.",
                      line=answer.line("lifecycle", "preStop"))  # fmt: skip
    return failed(
        observed, "The contract gives requests in flight 30 s: leave terminationGracePeriodSeconds at its default, or raise it.",
        line=line,
    )  # fmt: skip


def slow_start(answer: Manifest, evidence: Ran) -> Verdict:
    """A release that needs 20 s to initialize isn't restarted."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, SLOW_START):
        return _not_reached(timeline, SLOW_START)
    ended = timeline.first(SLOW_START, EventKind.ENDED)
    until = ended.at if ended else math.inf  # later events belong to the next release
    restarts = [e for e in timeline.of(SLOW_START, EventKind.STARTED) if e.value and e.at <= until]
    ready = [e.at for e in timeline.of(SLOW_START, EventKind.READY) if e.at <= until]
    # If another container ends again and again, its pod is ready for a moment each time.
    never = not ready or timeline.first(SLOW_START, EventKind.WAITING) is not None
    if (never or restarts) and _never_ran(timeline):
        return follows(NEVER_READY)
    if restarts:
        return noticing.restarted_at_start(answer, timeline, restarts[0].subject)
    if never:
        return unready(answer, timeline, SLOW_START)
    return passed(f"1.1.0 needs 20 s to initialize; it was ready after {max(ready):.1f} s and nothing restarted")


def update(answer: Manifest, evidence: Ran) -> Verdict:
    """While 1.0.1 rolls out, no request fails."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, UPDATE):
        return _not_reached(timeline, UPDATE)
    requests = timeline.first(UPDATE, EventKind.REQUESTS_FAILED)
    sent, _, why = requests.detail.partition(" ") if requests else ("0", "", "")
    lost = int(requests.value or 0) if requests else 0
    if lost and _skipped(timeline, OUTAGE) not in (None, NO_FAULT_PORT):
        return follows("the pods don't stay ready")
    if not lost:
        return passed(f"none of {sent} requests failed while 1.0.1 rolled out")
    if (always := probes.failing(answer, "livenessProbe")) and always.asked:
        # Restarts during the update are chance; they cost points at the stop where they always happen.
        return passed(
            f"{lost} of {sent} requests failed because pods were restarted: {always.observed}; this costs no points here"
        )
    hint, path = _loses_requests(answer)
    of_what = f" ({why})" if why else ""
    return failed(
        f"{lost} of {sent} requests failed while 1.0.1 rolled out{of_what}", hint, line=answer.deployment.line(*path)
    )


def _loses_requests(answer: Manifest) -> tuple[str, Path]:
    """Return the next step and the field for requests that fail in an update."""
    strategy = ("spec", "strategy")
    if answer.deployment.get(*strategy, "type") == "Recreate":
        hint = "The strategy Recreate ends every old pod before it starts a new one; delete the strategy."
        return hint, (*strategy, "type")
    listens, said = environment.port(answer)
    if said is not None and listens != PORT:
        return f"Requests come to port {PORT}, but PORT makes the shop listen at {listens}: delete PORT.", said.path
    if answer.of("readinessProbe") is None:
        return (
            f"New pods got requests before they listened: add a readiness probe that requests {READINESS}.",
            answer.path,
        )
    hint = "Keep enough old pods until new ones can serve: look at readiness, the strategy and the grace period."
    return hint, strategy if answer.deployment.get(*strategy) else (*answer.path, "readinessProbe")


def bad_release(answer: Manifest, evidence: Ran) -> Verdict:
    """1.2.0 is alive but never ready: its rollout stalls, and the old pods continue to serve."""
    timeline = evidence.timeline
    if timeline is None or _skipped(timeline, BAD_RELEASE):
        return _not_reached(timeline, BAD_RELEASE)
    over, exposed = timeline.first(BAD_RELEASE, EventKind.OVER), timeline.first(BAD_RELEASE, EventKind.FAULT)
    if exposed is not None:
        has_one = answer.of("readinessProbe") is not None
        return failed(
            f"{exposed.subject} of the bad release got traffic, and an old pod was removed for it",
            f"A rollout waits only for readiness: "
            f"{'let the readiness probe request' if has_one else 'add a readiness probe that requests'} {READINESS}.",
            line=answer.line("readinessProbe"),
        )  # fmt: skip
    if over is None or not over.value:
        return failed(
            "no old pod was left to serve, and the bad release never became ready",
            "Replace pods step by step: a rolling update with a small maxUnavailable.", line=answer.deployment.line("spec", "strategy"),
            hints=(
                "How many old pods may stop before a new one is ready?",
                "The Deployment's strategy decides: its type, and maxUnavailable.",
                "With the defaults, an update of three pods stops no pod before a new one is ready.",
            ),
        )  # fmt: skip
    return passed(f"the rollout stalled as it should: {over.detail}")


def _refused() -> Verdict:
    return follows(ONCE)


def _not_reached(timeline: Timeline | None, stop: str) -> Verdict:
    if timeline is None:
        return _refused()
    if _never_ran(timeline):
        return follows(NEVER_READY)
    return follows(f"the train didn't reach this stop: {_skipped(timeline, stop)}")


NEVER_READY = "the rollout never completes, so no later stop can run"
"""The message for all stops if the rollout of neither lane completed."""


def _never_ran(timeline: Timeline) -> bool:
    return all(_skipped(timeline, stop) not in (None, NO_FAULT_PORT) for stop in (OUTAGE, UPDATE))


def _skipped(timeline: Timeline, stop: str) -> str | None:
    event = timeline.first(stop, EventKind.SKIPPED)
    return event.detail if event else None


def _after(timeline: Timeline, stop: str, kind: EventKind, pod: str, since: float) -> Event | None:
    return next((e for e in timeline.of(stop, kind) if e.subject == pod and e.at >= since), None)


def _unless_evicted(criterion: Criterion[Manifest, Ran]) -> Criterion[Manifest, Ran]:
    """Return the criterion; if it fails and the kubelet evicted pods, the eviction is the reason."""

    def judge(answer: Manifest, evidence: Ran) -> Verdict:
        verdict, timeline = criterion.judge(answer, evidence), evidence.timeline
        if verdict.share == 1 or verdict.follows or timeline is None:
            return verdict
        event = timeline.first(criterion.name, EventKind.EVICTED)
        if event is None or criterion.name == ROLLOUT:
            return verdict
        blame = turned_away.evicted(answer, event.subject, event.detail)
        return replace(blame.verdict(answer), share=verdict.share)

    return replace(criterion, judge=judge)


def _when_over(criterion: Criterion[Manifest, Ran]) -> Criterion[Manifest, Ran]:
    """Return the criterion, which waits until its stop is over. A stop's criterion has the stop's name."""

    def judge(answer: Manifest, evidence: Ran) -> Verdict:
        timeline = evidence.timeline
        if timeline is None or timeline.over(criterion.name):
            return criterion.judge(answer, evidence)
        return waiting("it is happening now" if timeline.first(criterion.name, EventKind.BEGAN) else "it comes later")

    return replace(criterion, judge=judge)


_STOPS: tuple[Criterion[Manifest, Ran], ...] = (
    Criterion(
        name=ROLLOUT, points=2, title="Train: it rolls out", judge=rollout,
        expected="every replica ready within 120 s",
        why="Until its pods are ready, a Deployment can't serve requests.",
        docs_url=DEPLOYMENTS,
        hints=(
            "Which pod failed first, and at which step? The timeline shows it.",
            "A pod needs an image that exists, a node with room, and a readiness probe that succeeds.",
            "Compare image, port and probe paths with the exercise's text, one by one.",
        ),
    ),
    Criterion(
        name=OUTAGE, points=1.5, title="Train: a database goes down", judge=outage,
        expected="the pod leaves the Service, comes back, and nothing restarts",
        why="While its database is down, a pod can't serve. It should leave the Service, but not restart: restarts make an outage worse.",
        docs_url=PROBES,
        hints=(
            "Which probe should fail while the database is down? Which one shouldn't?",
            "Readiness takes a pod out of the Service; liveness restarts it.",
            "The contract has two paths: one checks the database, the other only the process. Which probe "
            "requests which path?",
        ),
    ),
    Criterion(
        name=HANG, points=1.5, title="Train: a process hangs", judge=hang,
        expected="the pod is restarted within the time that its liveness probe implies, at most 90 s",
        why="A process that hangs doesn't exit. Only a liveness probe notices, and only a restart helps.",
        docs_url=PROBES,
        hints=(
            "What notices that a process hangs, if it doesn't exit?",
            "Multiply your liveness probe's period by its failure threshold: after that time the kubelet acts.",
            "An httpGet probe with the health path and the default settings restarts it after about half a minute.",
        ),
    ),
    Criterion(
        name=LEAK, points=1, title="Train: a pod leaks memory", judge=leak,
        expected="the pod is OOM-killed at its limit and restarted; other pods are not affected",
        why="Without a limit the leak continues until the node is out of memory, and then the kernel kills some process.",
        docs_url=MEMORY,
        hints=(
            "What stops a leak before the node is out of memory?",
            "The kernel enforces one part of the container's resources.",
            "It is the memory figure under limits.",
        ),
    ),
    Criterion(
        name=SHUTDOWN, points=0.5, title="Train: a pod is shut down", judge=shutdown,
        expected="the request in flight finishes, and the pod exits with 0 within its grace period",
        why="Every update and every drained node stops pods; customers shouldn't notice.",
        docs_url=TERMINATION,
        hints=(
            "How long may a pod take to end?",
            "The pod's field terminationGracePeriodSeconds says that. Its default is 30.",
            "After SIGTERM the shop serves for 5 s, and then finishes its requests. The grace period must be longer than that. A "
            "preStop hook needs additional time.",
        ),
    ),
    Criterion(
        name=SLOW_START, points=1, title="Train: a release starts slowly", judge=slow_start,
        expected="a start of 20 s, without a restart",
        why="A liveness probe that acts too soon kills every pod before it has started, again and again.",
        docs_url=PROBES,
        hints=(
            "What does your liveness probe do with a process that is still starting?",
            "The liveness probe's delay, plus its period times its threshold, must be longer than a start of 20 s. A startup probe "
            "delays the other probes.",
            "The default settings are enough. For shorter ones, add a startupProbe with a high failureThreshold.",
        ),
    ),
    Criterion(
        name=UPDATE, points=1, title="Train: an update under load", judge=update,
        expected="no request fails while 1.0.1 rolls out",
        why="Teams that can update without failed requests update often, and in small steps.",
        docs_url=DEPLOYMENTS,
        hints=(
            "When does a new pod get its first request? Can it serve by then?",
            "Readiness decides when a new pod counts; the strategy decides how many old pods may stop before that.",
            "Request /readyz for readiness, and keep the default strategy. It starts a new pod before it stops an old one.",
        ),
    ),
    Criterion(
        name=BAD_RELEASE, points=0.5, title="Train: a bad release", judge=bad_release,
        expected="the rollout stalls, and the old pods continue to serve",
        why="A release that never becomes ready shouldn't affect customers.",
        docs_url=DEPLOYMENTS,
        hints=(
            "How does a rollout know that the new pods don't work?",
            "It waits for their readiness before it stops old pods.",
            "With a readiness probe that requests the readiness path, the rollout stalls by itself.",
        ),
    ),
)  # fmt: skip

CRITERIA: tuple[Criterion[Manifest, Ran], ...] = tuple(_when_over(_unless_evicted(stop)) for stop in _STOPS)
