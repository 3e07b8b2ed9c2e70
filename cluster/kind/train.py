"""The release train on a real cluster: the same stops as on the simulated one, with the same parameters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

from cluster.errors import WorldError
from cluster.kind.api import Answer
from cluster.kind.lane import Lane
from cluster.kind.observed import PodSeen
from cluster.pods.container import Probe
from cluster.shop.releases import BAD, LEAK_MOST, REQUEST_IN_FLIGHT, SLOW, release_of
from cluster.shop.releases import UPDATE as UPDATED
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
    NO_FAULT_PORT,
    OUTAGE,
    RECOVERED_WITHIN,
    REQUESTS_A_SECOND,
    ROLLOUT,
    SHUTDOWN,
    SHUTDOWN_TOLD,
    SHUTDOWN_WATCHED,
    SLOW_START,
    UNREADY_TOLD,
    UPDATE,
    bad_release_seconds,
    outage_seconds,
)
from cluster.train.timeline import Kind

FAULT_TAKEN_WITHIN = 10.0
"""How long it is waited for a pod to take a fault, in seconds: its container runs before its program listens."""

MIB = 2**20


class Faults(Lane):
    """Rollout; outage and hang side by side; leak; shutdown."""

    STOPS: ClassVar[tuple[str, ...]] = (ROLLOUT, OUTAGE, HANG, LEAK, SHUTDOWN)

    def ride(self) -> None:
        """The lane's stops."""
        self.record.begin()
        self.begin(ROLLOUT)
        self.start()
        rolled_out = self.rolled_out()
        self.over(ROLLOUT)
        if not rolled_out:
            self.skip("the rollout never finished", OUTAGE, HANG, LEAK, SHUTDOWN)
            return
        if not self._until(FAULT_TAKEN_WITHIN, lambda: any(self.faults(pod) for pod in self.ready())):
            self.sound()
            self.skip(NO_FAULT_PORT, OUTAGE, HANG, LEAK, SHUTDOWN)
            return
        self._outage_and_hang()
        for stop, watch in ((LEAK, self._leak), (SHUTDOWN, self._shutdown)):
            if self.settle():
                watch()
            else:
                self.skip("the pods never settled after the stop before", stop)

    def _outage_and_hang(self) -> None:
        pods = self.ready()
        out, hung = pods[0], pods[1 % len(pods)]
        if out is hung:
            self._outage(out)
            self.settle()
            self._begin_hang(hung)
            self._end_hang(hung, hung.restarts, HANG_MOST)
            return
        self.record.stop_of = {out.name: OUTAGE, hung.name: HANG}
        restarts = hung.restarts
        self._begin_hang(hung)
        began = self.record.now
        self._outage(out)
        self._end_hang(hung, restarts, max(HANG_MOST - (self.record.now - began), 0))
        self.settle()
        self.record.stop_of = {}

    def _outage(self, pod: PodSeen) -> None:
        self.begin(OUTAGE)
        restarts = pod.restarts
        self._break(pod, "outage")
        self.record.tell(pod.name, Kind.FAULT, UNREADY_TOLD, stop=OUTAGE)
        probes = (p for p in (self.spec.pod.readiness, self.spec.pod.liveness) if p is not None)
        self.record.wait(outage_seconds(*map(_settings, probes)), lambda: pod.restarts > restarts or pod.gone)
        self.fault("DELETE", pod, "outage")
        self.record.tell(pod.name, Kind.OVER, MENDED_TOLD, stop=OUTAGE)
        self.record.wait(RECOVERED_WITHIN, lambda: pod.ready or pod.gone)
        self.over(OUTAGE)

    def _begin_hang(self, pod: PodSeen) -> None:
        self.begin(HANG)
        self._break(pod, "hang")
        self.record.tell(pod.name, Kind.FAULT, HANG_TOLD, stop=HANG)

    def _end_hang(self, pod: PodSeen, restarts: int, seconds: float) -> None:
        self.record.wait(seconds, lambda: (pod.restarts > restarts and pod.ready) or pod.gone)
        if pod.restarts == restarts:
            # Nobody restarted it, so we let it go: the stops after this one are judged for themselves.
            self.sound()
            self.fault("DELETE", pod, "hang")
            self.record.tell(pod.name, Kind.OVER, HANG_ENDED_TOLD, stop=HANG)
        self.over(HANG)

    def _leak(self) -> None:
        self.begin(LEAK)
        pod = self.ready()[-1]
        restarts = pod.restarts
        pod.leaks = True
        self._break(pod, "leak")
        self.record.tell(pod.name, Kind.FAULT, LEAK_TOLD, stop=LEAK)
        killed = self.record.wait(LEAK_WITHIN, lambda: (pod.restarts > restarts and pod.ready) or pod.gone)
        taken = float(LEAK_MOST)
        if not killed:
            self.sound()
            if state := self.faults(pod):
                taken = float(state["leak"]["taken_bytes"])
            self.fault("DELETE", pod, "leak")
        pod.leaks = False
        self.record.tell(LEAK, Kind.OVER, "" if killed else f"{taken // MIB:.0f} MiB leaked", taken, stop=LEAK)
        self.over(LEAK)

    def _shutdown(self) -> None:
        self.begin(SHUTDOWN)
        pod = self.ready()[0]
        self._break(pod, "slow", seconds=REQUEST_IN_FLIGHT)
        answers: list[Answer | WorldError] = []
        asking = threading.Thread(target=self._ask_slowly, args=(pod, answers), daemon=True)
        asking.start()
        self._until(5.0, lambda: self._in_flight(pod))
        self.record.tell(pod.name, Kind.FAULT, SHUTDOWN_TOLD, stop=SHUTDOWN)
        self.delete(pod)
        self.record.wait(min(max(self.spec.pod.grace, 1) + 5, SHUTDOWN_WATCHED), lambda: pod.gone)
        asking.join(REQUEST_IN_FLIGHT + 5)
        finished = any(isinstance(a, Answer) and a.status == HTTPStatus.OK for a in answers)
        self.record.tell(SHUTDOWN, Kind.REQUESTS_FAILED, "1", float(not finished or not pod.gone), stop=SHUTDOWN)
        self.over(SHUTDOWN)

    def _ask_slowly(self, pod: PodSeen, answers: list[Answer | WorldError]) -> None:
        try:
            answers.append(self.orders(pod, REQUEST_IN_FLIGHT + 30))
        except WorldError as error:
            answers.append(error)

    def _in_flight(self, pod: PodSeen) -> bool:
        state = self.faults(pod)
        return state is not None and bool(state["slow"].get("waiting"))

    def _until(self, seconds: float, done: Callable[[], bool]) -> bool:
        until = self.record.now + seconds
        while not (found := done()) and self.record.now < until:
            self.record.wait(0.1)
        return found

    def _break(self, pod: PodSeen, name: str, **query: Any) -> None:
        """Have a pod take a fault. Without a readiness probe it is ready before its program listens."""
        self._until(FAULT_TAKEN_WITHIN, lambda: pod.gone or self.fault("PUT", pod, name, **query))


class Releases(Lane):
    """A slow start; an update under load; a bad release."""

    STOPS: ClassVar[tuple[str, ...]] = (SLOW_START, UPDATE, BAD_RELEASE)

    def ride(self) -> None:
        """The lane's stops."""
        self.record.begin()
        if release_of(self.spec.pod.image) is None or self.spec.paused:
            self.skip("the Deployment is paused" if self.spec.paused else "its image can't be had", *self.STOPS)
            return
        self.begin(SLOW_START)
        self.bring_load_client()
        self.start(SLOW)
        rolled_out = self.rolled_out()
        self.over(SLOW_START)
        if not rolled_out and self.any_release_could():
            self.replace("1.0.0")
            rolled_out = self.rolled_out()
        if not rolled_out:
            self.skip("there was nothing running to update", UPDATE, BAD_RELEASE)
            return
        self._update()
        if self.complete():
            self._bad_release()
        else:
            self.skip("the update before never finished", BAD_RELEASE)

    def _update(self) -> None:
        self.begin(UPDATE)
        self.begin_load(REQUESTS_A_SECOND)
        self.record.wait(1)
        self.update(UPDATED)
        self.rolled_out()
        self.record.wait(2)  # what happens to the last old pod is part of it
        sent, failed, reasons = self.end_load()
        self.record.tell(UPDATE, Kind.REQUESTS_FAILED, f"{sent} {reasons}".strip(), float(failed), stop=UPDATE)
        self.over(UPDATE)

    def _bad_release(self) -> None:
        self.begin(BAD_RELEASE)
        before = len(self.alive())
        self.update(BAD)
        readiness = self.spec.pod.readiness
        watched = bad_release_seconds(readiness.delay if readiness else 0)
        self.record.wait(watched, lambda: len(self._old()) < before)
        self.record.wait(1)
        serving = [p for p in self._old() if p.ready]
        new = [p for p in self.ready() if p.release == BAD]
        detail = f"{len(serving)} of {before} old pods serve, {len(new)} new ones do"
        self.record.tell(BAD_RELEASE, Kind.OVER, detail, float(len(serving)), stop=BAD_RELEASE)
        for pod in new:
            self.record.tell(pod.name, Kind.FAULT, "a pod that can't serve is in the Service", stop=BAD_RELEASE)
        self.over(BAD_RELEASE)

    def _old(self) -> list[PodSeen]:
        return [p for p in self.alive() if p.release != BAD]


def _settings(probe: Probe) -> tuple[float, float, float]:
    return probe.period, probe.failures, probe.timeout
