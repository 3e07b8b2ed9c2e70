"""The driver that carries out the release train on virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cluster.kubernetes import CURRENT, displayed
from cluster.pods.podspec import DeploymentSpec, read_deployment
from cluster.shop.releases import LEAK_CPU, LEAK_MOST, LEAK_SECONDS, LEAK_STEP, RELEASES, REQUEST_IN_FLIGHT, release_of
from cluster.simulated.clock import Clock
from cluster.simulated.pod import Pod
from cluster.simulated.rollout import Rollout
from cluster.train.event_log import EventLog
from cluster.train.script import LANES
from cluster.train.stops import LEAK, OUTAGE, ROLLOUT_WITHIN, SHUTDOWN_WATCHED, Scenario
from cluster.train.timeline import Event, EventKind, Timeline

VERSION = displayed(CURRENT)
PHASE = 0.75
"""A fault begins this share of a period before the next probe: the middle of the values measured on kind."""

LONGEST_WAIT = 60.0
"""A fault waits at most this long for a probe's phase, in seconds."""


def run(scenario: Scenario) -> Timeline:
    """Run both lanes of the train for the scenario's Deployment; without a Deployment the timeline is empty."""
    document = scenario.deployment
    if document is None:
        return Timeline("simulated", VERSION)
    spec = read_deployment(document, scenario.documents)
    events: list[Event] = []
    for lane in LANES:
        driver = SimulatedDriver(spec)
        lane.run_stops(driver)
        events += sorted(driver.log.events, key=lambda e: e.at)
    return Timeline("simulated", VERSION, tuple(events))


class SimulatedDriver:
    """A Deployment on the simulated node, which no other run uses. Waiting advances the clock."""

    def __init__(self, spec: DeploymentSpec) -> None:
        self.spec = spec
        self._clock = Clock()
        self.log = EventLog(lambda: self._clock.now)
        self._rollout = Rollout(spec, self._clock, self.log.tell)
        self._taken: float | None = None  # leaked bytes; None while nothing leaks
        self._load: _Load | None = None

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Advance the clock by at most ``seconds`` until a condition holds; return whether it holds."""
        return self._clock.run(self._clock.now + seconds, until)

    # --- the Deployment

    def start(self, release: str = "") -> None:
        """Start every replica, with another release if one is named."""
        self._rollout.start(RELEASES[release] if release else release_of(self.spec.pod.image))

    def update(self, release: str) -> None:
        """Replace the pods by those of another release."""
        self._rollout.update(RELEASES[release])

    def replace(self, release: str) -> None:
        """Delete every pod, and start again with another release."""
        for pod in self.alive():
            pod.delete()
        self.wait(min(self.spec.pod.grace + 1, SHUTDOWN_WATCHED))
        self._rollout.current = []
        self.start(release)

    def wait_for_rollout(self) -> bool:
        """Wait for the rollout; return whether it is complete within its time."""
        return self.wait(ROLLOUT_WITHIN, self.complete)

    def complete(self) -> bool:
        """Whether every replica is of the newest release and available."""
        return self._rollout.complete()

    def obstacles(self) -> dict[str, str]:
        """What keeps pods from being ready, each sentence with the oldest pod that it applies to."""
        found: dict[str, str] = {}
        for pod in self.alive():
            if why := pod.waits_for():
                found.setdefault(why, pod.name)
        return found

    def any_release_could(self) -> bool:
        """True: trying costs nothing here."""
        return True

    def check_capacity(self) -> None:
        """Do nothing: no other run takes room here."""

    # --- the pods

    def alive(self) -> list[Pod]:
        """The pods that aren't being deleted, oldest first."""
        return self._rollout.alive()

    def ready(self) -> list[Pod]:
        """The alive pods that are ready."""
        return self._rollout.ready()

    def old(self) -> list[Pod]:
        """The alive pods of earlier releases."""
        return self._rollout.old()

    def takes_faults(self) -> bool:
        """Whether the program in the pods is the shop with its fault port."""
        return self.spec.pod.main.program.takes_faults

    def break_pod(self, pod: Pod, fault: str, detail: str) -> float:
        """Break a pod a share of a period before its next probe; return in how many seconds. A leak begins at once."""
        if fault == LEAK:
            self.log.tell(pod.name, EventKind.FAULT, detail)
            self._taken = 0.0
            self._leak(pod, pod.restarts)
            return 0.0

        def begin() -> None:
            _set_fault(pod, fault, broken=True)
            self.log.tell(pod.name, EventKind.FAULT, detail)

        delay = self._before_next_probe(pod, "readiness" if fault == OUTAGE else "liveness")
        self._clock.after(delay, begin)
        return delay

    def mend_pod(self, pod: Pod, fault: str) -> None:
        """Mend an outage or a hang."""
        _set_fault(pod, fault, broken=False)

    def end_leak(self, pod: Pod, *, restarted: bool) -> float | None:  # noqa: ARG002  here it is always known
        """Stop a leak; return the leaked bytes."""
        taken, self._taken = self._taken, None
        return taken

    def delete(self, pod: Pod) -> None:
        """Delete a pod; its ReplicaSet creates another in its place."""
        pod.delete()
        self._rollout.create(1)

    def _before_next_probe(self, pod: Pod, name: str) -> float:
        probe = self.spec.pod.readiness if name == "readiness" else self.spec.pod.liveness
        if probe is None:
            return 0.0
        return min((pod.next_tick(probe, name) - PHASE * probe.period) % probe.period, LONGEST_WAIT)

    def _leak(self, pod: Pod, restarts: int) -> None:
        """Leak one step more and plan the next, until the leak is stopped or the process ends."""
        if self._taken is None or self._taken >= LEAK_MOST or pod.restarts != restarts:
            return
        self._taken += LEAK_STEP
        pod.leak(LEAK_STEP)
        self._clock.after(LEAK_SECONDS + pod.takes(LEAK_CPU), partial(self._leak, pod, restarts))

    # --- requests

    def request_in_flight(self, pod: Pod) -> Callable[[], bool]:  # noqa: ARG002  only the elapsed time matters
        """Send a request that takes ``REQUEST_IN_FLIGHT``; return a function that says if enough time has passed for it."""
        sent_at = self.log.now
        return lambda: self.log.now - sent_at >= REQUEST_IN_FLIGHT

    def prepare_load(self) -> None:
        """Do nothing: a client needs no start here."""

    def begin_load(self, rate: float) -> None:
        """Send ``rate`` requests a second to the Service, beginning a second from now."""
        self.wait(1)
        self._load = _Load(self._clock, self._rollout, rate)
        self._load.send()

    def end_load(self) -> tuple[int, int, str]:
        """Stop the load; return how many requests were sent, and how many failed."""
        assert self._load is not None  # noqa: S101  for the type checker: it was begun
        self._load.ended = True
        return self._load.sent, self._load.failed, ""


@dataclass
class _Load:
    """Requests to the Service, one after the other, each to the next endpoint."""

    clock: Clock
    rollout: Rollout
    rate: float
    sent: int = 0
    failed: int = 0
    ended: bool = False

    def send(self) -> None:
        """Send one request, and plan the next."""
        if self.ended:
            return
        endpoints = self.rollout.endpoints()
        self.sent += 1
        self.failed += not (endpoints and endpoints[self.sent % len(endpoints)].serves_orders())
        self.clock.after(1 / self.rate, self.send)


def _set_fault(pod: Pod, fault: str, *, broken: bool) -> None:
    if fault == OUTAGE:
        pod.faults.unready = broken
    else:
        pod.faults.hung = broken
