"""What two worlds must agree on: every criterion's verdict, and the times of the events that decide it.

A probe's phase on a real node is random, so events that a probe causes may differ by its period; the rest of the
tolerance is the time that a node takes to start and end containers.
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster.pods.container import Probe
from cluster.pods.podspec import DeploymentSpec
from cluster.train.stops import HANG, LEAK, OUTAGE, ROLLOUT, SHUTDOWN, SLOW_START
from cluster.train.timeline import Event, EventKind, Timeline
from graders.core.report import Report

NODE = 6.0
"""What starting and ending containers may add on a node of two cores that runs two trains at once, in seconds."""


def verdicts(report: Report) -> dict[str, tuple[str, float]]:
    """Each criterion's state and points."""
    return {f.criterion: (f.state.value, f.earned) for f in report.findings}


def times(timeline: Timeline) -> dict[str, float]:
    """The times of the deciding events, in seconds after their causes."""
    return dict(_times(timeline))


def tolerance(name: str, spec: DeploymentSpec) -> float:
    """The allowed difference between the worlds, in seconds."""
    pod = spec.pod
    first = pod.startup or pod.liveness
    decided_by: dict[str, tuple[Probe | None, ...]] = {
        "rollout": (pod.readiness, pod.startup),
        "outage noticed": (pod.readiness,), "outage ended in": (pod.readiness,),
        "outage restarted": (pod.liveness, pod.startup),
        "hung pod restarted": (pod.liveness, pod.startup), "leaking pod killed": (),
        "deleted pod ended": (), "slow start ready": (pod.readiness, pod.startup), "slow start killed": (first,),
    }  # fmt: skip
    return NODE + sum(probe.period for probe in decided_by[name] if probe is not None)


def _times(timeline: Timeline) -> Iterator[tuple[str, float]]:
    began = {stop: event.at for stop in (ROLLOUT, SLOW_START) if (event := timeline.first(stop, EventKind.BEGAN))}
    if timeline.first(OUTAGE, EventKind.FAULT):
        yield "rollout", max(e.at for e in timeline.of(ROLLOUT, EventKind.READY)) - began[ROLLOUT]
    out, over = timeline.first(OUTAGE, EventKind.FAULT), timeline.first(OUTAGE, EventKind.OVER)
    left = timeline.first(OUTAGE, EventKind.NOT_READY)
    if out and (again := _restarted(timeline, OUTAGE, out)):
        yield "outage restarted", again.at - out.at
    elif over and left and left.at < over.at:
        yield from _since(timeline, "outage noticed", OUTAGE, EventKind.FAULT, EventKind.NOT_READY)
        yield from _since(timeline, "outage ended in", OUTAGE, EventKind.OVER, EventKind.READY)
    fault = timeline.first(HANG, EventKind.FAULT)
    if fault and (again := _restarted(timeline, HANG, fault)):
        yield "hung pod restarted", again.at - fault.at
    yield from _since(timeline, "leaking pod killed", LEAK, EventKind.FAULT, EventKind.OOM_KILLED)
    yield from _since(timeline, "deleted pod ended", SHUTDOWN, EventKind.FAULT, EventKind.EXITED)
    ended = timeline.first(SLOW_START, EventKind.ENDED)
    until = ended.at if ended else 0.0
    killed = next((e for e in timeline.of(SLOW_START, EventKind.KILLING) if e.at < until), None)
    ready = [e.at for e in timeline.of(SLOW_START, EventKind.READY) if e.at <= until]
    if killed:
        yield "slow start killed", killed.at - began[SLOW_START]
    elif ready and not timeline.first(SLOW_START, EventKind.WAITING):
        yield "slow start ready", max(ready) - began[SLOW_START]


def _since(
    timeline: Timeline, name: str, stop: str, cause: EventKind, effect: EventKind
) -> Iterator[tuple[str, float]]:
    caused = timeline.first(stop, cause)
    if caused is None:
        return
    found = (e for e in timeline.of(stop, effect) if e.at >= caused.at and e.subject == caused.subject)
    event = next(found, None)
    if event is not None:
        yield name, event.at - caused.at


def _restarted(timeline: Timeline, stop: str, fault: Event) -> Event | None:
    started = (
        e for e in timeline.of(stop, EventKind.STARTED) if e.subject == fault.subject and e.value and e.at > fault.at
    )
    return next(started, None)
