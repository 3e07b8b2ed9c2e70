"""The release train on the simulated cluster: each stop breaks something, or brings a release, and is watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from cluster.kubernetes import CURRENT, displayed
from cluster.pods.container import Probe
from cluster.pods.podspec import DeploymentSpec, read_deployment
from cluster.shop.releases import (
    BAD,
    LEAK_CPU,
    LEAK_MOST,
    LEAK_SECONDS,
    LEAK_STEP,
    RELEASES,
    REQUEST_IN_FLIGHT,
    SLOW,
    release_of,
)
from cluster.shop.releases import UPDATE as UPDATED
from cluster.simulated.clock import Clock
from cluster.simulated.pod import Pod
from cluster.simulated.rollout import Rollout
from cluster.train.stops import (
    BAD_RELEASE,
    HANG,
    HANG_ENDED_TOLD,
    HANG_MOST,
    HANG_TOLD,
    LEAK,
    LEAK_TOLD,
    LEAK_WITHIN,
    MENDED_TOLD,
    MOST_REASONS,
    NO_FAULT_PORT,
    OUTAGE,
    RECOVERED_WITHIN,
    REQUESTS_A_SECOND,
    ROLLOUT,
    ROLLOUT_WITHIN,
    SETTLED_WITHIN,
    SHUTDOWN,
    SHUTDOWN_TOLD,
    SHUTDOWN_WATCHED,
    SLOW_START,
    UNREADY_TOLD,
    UPDATE,
    Scenario,
    bad_release_seconds,
    outage_seconds,
)
from cluster.train.timeline import Event, Kind, Timeline

VERSION = displayed(CURRENT)
PHASE = 0.75
"""A fault begins this share of a period before the next probe: the middle of what was measured on kind."""

LONGEST_WAIT = 60.0
"""A fault is never kept waiting longer than this for a probe's phase, in seconds."""


def run(scenario: Scenario) -> Timeline:
    """Both lanes of the train for the scenario's Deployment; without one, an empty timeline."""
    document = scenario.deployment
    if document is None:
        return Timeline("simulated", VERSION)
    spec = read_deployment(document, scenario.documents)
    events: list[Event] = []
    for lane in (_Faults, _Releases):
        events += lane(spec, scenario.stops).run()
    return Timeline("simulated", VERSION, tuple(sorted(events, key=lambda e: (e.stop in _Releases.STOPS, e.at))))


@dataclass
class _Lane:
    """What the two lanes share: a clock, a Deployment, and the record of what happens."""

    spec: DeploymentSpec
    stops: frozenset[str]
    events: list[Event] = field(default_factory=list)
    stop: str = ""
    stop_of: dict[str, str] = field(default_factory=dict)

    STOPS: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.rollout = Rollout(self.spec, self.clock, self._record)

    def _record(self, subject: str, kind: Kind, detail: str = "", value: float | None = None) -> None:
        stop = self.stop_of.get(subject, self.stop)
        self.events.append(Event(round(self.clock.now, 3), stop, subject, kind, detail, value))

    def _begin(self, stop: str) -> None:
        self.stop = stop
        self._record(stop, Kind.BEGAN)

    def _end(self, stop: str) -> None:
        self.events.append(Event(round(self.clock.now, 3), stop, stop, Kind.ENDED))

    def _skip(self, reason: str, *stops: str) -> None:
        for stop in stops:
            self.events.append(Event(round(self.clock.now, 3), stop, stop, Kind.SKIPPED, reason))

    def _tell_waiting(self) -> None:
        """What keeps the pods from being ready: each reason once, of the pod that it was seen at first."""
        reasons: dict[str, str] = {}
        for pod in self.rollout.alive():
            if why := pod.waits_for():
                reasons.setdefault(why, pod.name)
        for why, name in list(reasons.items())[:MOST_REASONS]:
            self._record(name, Kind.WAITING, why)

    def _run(self, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
        return self.clock.run(self.clock.now + seconds, done)

    def _settle(self) -> bool:
        return self._run(SETTLED_WITHIN, lambda: len(self.rollout.ready()) >= self.spec.replicas)


class _Faults(_Lane):
    """Rollout; outage and hang side by side; leak; shutdown."""

    STOPS: ClassVar[tuple[str, ...]] = (ROLLOUT, OUTAGE, HANG, LEAK, SHUTDOWN)

    def run(self) -> list[Event]:
        self._begin(ROLLOUT)
        self.rollout.start(release_of(self.spec.pod.image))
        rolled_out = self._run(ROLLOUT_WITHIN, self.rollout.complete)
        if not rolled_out:
            self._tell_waiting()
        self._end(ROLLOUT)
        if not rolled_out:
            self._skip("the rollout never finished", OUTAGE, HANG, LEAK, SHUTDOWN)
            return self.events
        if not self.spec.pod.main.program.takes_faults:
            self._skip(NO_FAULT_PORT, OUTAGE, HANG, LEAK, SHUTDOWN)
            return self.events
        self._outage_and_hang()
        for stop, watch in ((LEAK, self._leak), (SHUTDOWN, self._shutdown)):
            if self._settle():
                watch()
            else:
                self._skip("the pods never settled after the stop before", stop)
        return self.events

    def _outage_and_hang(self) -> None:
        pods = self.rollout.ready()
        out, hung = pods[0], pods[1 % len(pods)]
        if out is hung:
            self._outage(out, alone=True)
            self._settle()
            self._hang(hung)
            return
        self.stop_of = {out.name: OUTAGE, hung.name: HANG}
        restarts = hung.restarts
        self._begin(HANG)
        self._break(hung, self.spec.pod.liveness, "liveness", HANG_TOLD, _hang)
        began = self.clock.now
        self._outage(out, alone=False)
        left = HANG_MOST - (self.clock.now - began)
        if hung.restarts == restarts:
            self._run(left, lambda: hung.restarts > restarts and hung.ready)
        self._mend(hung, restarts)
        self._settle()
        self.stop_of = {}

    def _outage(self, pod: Pod, *, alone: bool) -> None:
        self._begin(OUTAGE)
        spec = self.spec.pod
        what = UNREADY_TOLD
        begins = self._break(pod, spec.readiness, "readiness", what, _unready)
        held = outage_seconds(*(_settings(p) for p in (spec.readiness, spec.liveness) if p is not None))
        self._run(begins + held)
        pod.faults.unready = False
        self._record(pod.name, Kind.OVER, MENDED_TOLD)
        self._run(RECOVERED_WITHIN, lambda: pod.ready)
        self._end(OUTAGE)
        if alone:
            self.stop_of = {}

    def _hang(self, pod: Pod) -> None:
        restarts = pod.restarts
        self._begin(HANG)
        self._break(pod, self.spec.pod.liveness, "liveness", HANG_TOLD, _hang)
        self._run(HANG_MOST, lambda: pod.restarts > restarts and pod.ready)
        self._mend(pod, restarts)

    def _mend(self, hung: Pod, restarts: int) -> None:
        # Nobody restarted it, so we let it go: the stops after this one are judged for themselves.
        if hung.restarts == restarts:
            hung.faults.hung = False
            self._record(hung.name, Kind.OVER, HANG_ENDED_TOLD)
        self._end(HANG)

    def _break(self, pod: Pod, probe: Probe | None, name: str, what: str, fault: Callable[[Pod], None]) -> float:
        """Break a pod a share of a period before its next probe; in how many seconds that is."""
        delay = 0.0
        if probe is not None:
            tick = pod.next_tick(probe, name)
            delay = min((tick - PHASE * probe.period) % probe.period, LONGEST_WAIT)

        def begin() -> None:
            fault(pod)
            self._record(pod.name, Kind.FAULT, what)

        self.clock.after(delay, begin)
        return delay

    def _leak(self) -> None:
        self._begin(LEAK)
        pod = self.rollout.ready()[-1]
        restarts = pod.restarts
        self._record(pod.name, Kind.FAULT, LEAK_TOLD)
        taken = 0

        def step() -> None:
            nonlocal taken
            if taken < LEAK_MOST and pod.restarts == restarts:
                taken += LEAK_STEP
                pod.leak(LEAK_STEP)
                self.clock.after(LEAK_SECONDS + pod.takes(LEAK_CPU), step)

        step()
        self._run(LEAK_WITHIN, lambda: pod.restarts > restarts and pod.ready)
        self._record(LEAK, Kind.OVER, f"{taken // 2**20} MiB leaked", float(taken))
        self._end(LEAK)

    def _shutdown(self) -> None:
        self._begin(SHUTDOWN)
        pod = self.rollout.ready()[0]
        began = self.clock.now
        self._record(pod.name, Kind.FAULT, SHUTDOWN_TOLD)
        pod.delete()
        self.rollout._create(1)  # noqa: SLF001  the ReplicaSet's replacement
        self._run(min(max(self.spec.pod.grace, 1) + 2, SHUTDOWN_WATCHED), lambda: pod.gone)
        cut = self.clock.now - began < REQUEST_IN_FLIGHT or not pod.gone
        self._record(SHUTDOWN, Kind.REQUESTS_FAILED, "1", float(cut))
        self._end(SHUTDOWN)


class _Releases(_Lane):
    """A slow start; an update under load; a bad release."""

    STOPS: ClassVar[tuple[str, ...]] = (SLOW_START, UPDATE, BAD_RELEASE)

    def run(self) -> list[Event]:
        if release_of(self.spec.pod.image) is None or self.spec.paused:
            self._skip("the Deployment is paused" if self.spec.paused else "its image can't be had", *self.STOPS)
            return self.events
        self._begin(SLOW_START)
        self.rollout.start(RELEASES[SLOW])
        rolled_out = self._run(ROLLOUT_WITHIN, self.rollout.complete)
        if not rolled_out:
            self._tell_waiting()
        self._end(SLOW_START)
        if not rolled_out:
            self._replace_all()
        if not self.rollout.complete():
            self._skip("there was nothing running to update", UPDATE, BAD_RELEASE)
            return self.events
        self._update()
        if self.rollout.complete():
            self._bad_release()
        else:
            self._skip("the update before never finished", BAD_RELEASE)
        return self.events

    def _replace_all(self) -> None:
        # A manifest that takes a slow start for a deadlock is still judged on its updates.
        for pod in self.rollout.alive():
            pod.delete()
        self._run(min(self.spec.pod.grace + 1, SHUTDOWN_WATCHED))
        self.rollout.current = []
        self.rollout.start(RELEASES["1.0.0"])
        self._run(ROLLOUT_WITHIN, self.rollout.complete)

    def _update(self) -> None:
        self._begin(UPDATE)
        sent, failed, turn = 0, 0, 0
        watching = True

        def request() -> None:
            nonlocal sent, failed, turn
            if not watching:
                return
            endpoints = self.rollout.endpoints()
            turn += 1
            sent += 1
            failed += not (endpoints and endpoints[turn % len(endpoints)].serves_orders())
            self.clock.after(1 / REQUESTS_A_SECOND, request)

        self._run(1)
        request()
        self.rollout.update(RELEASES[UPDATED])
        self._run(ROLLOUT_WITHIN, self.rollout.complete)
        self._run(2)  # what happens to the last old pod is part of it
        watching = False
        self._record(UPDATE, Kind.REQUESTS_FAILED, str(sent), float(failed))
        self._end(UPDATE)

    def _bad_release(self) -> None:
        self._begin(BAD_RELEASE)
        before = len(self.rollout.alive())
        self.rollout.update(RELEASES[BAD])
        readiness = self.spec.pod.readiness
        watched = bad_release_seconds(readiness.delay if readiness else 0)
        self._run(watched, lambda: len(self.rollout.old()) < before)
        self._run(1)
        old = [p for p in self.rollout.old() if p.ready]
        new = [p for p in self.rollout.current if p.in_endpoints]
        self._record(
            BAD_RELEASE,
            Kind.OVER,
            f"{len(old)} of {before} old pods serve, {len(new)} new ones do",
            float(len(old)),
        )
        for pod in new:
            self._record(pod.name, Kind.FAULT, "a pod that can't serve is in the Service")
        self._end(BAD_RELEASE)


def _settings(probe: Probe) -> tuple[float, float, float]:
    return probe.period, probe.failures, probe.timeout


def _hang(pod: Pod) -> None:
    pod.faults.hung = True


def _unready(pod: Pod) -> None:
    pod.faults.unready = True
