"""One pod and its kubelet: start, probes, restarts with back-off, the end.

Timing is as measured on a real node (kind; `tests/contract/` checks it): a container runs 1.4 s after its pod is
created; readiness is probed early and often until its first tick; the other probes tick from the pod's
creation, not from the container's start. Documented behavior: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from cluster.pods import obstacles
from cluster.pods.container import Probe
from cluster.pods.podspec import IMAGE, SIGKILLED, PodSpec
from cluster.shop.releases import CLOSE_CPU, DRAIN, PORT, READYZ, RELEASES, START_CPU, Release
from cluster.simulated.clock import Clock
from cluster.simulated.side_container import BACK_OFF_FIRST, BACK_OFF_MOST, Sidecar
from cluster.train.timeline import EventKind

Record = Callable[[str, EventKind, str, float | None], None]

SCHEDULED, RUNNING = 0.2, 1.4
EARLY = (0.3, 0.8, 1.3)
"""When readiness is probed after a container's start before its ticks begin, in seconds: status updates trigger it."""
READINESS_PHASE = 2.4
ENDPOINTS = 0.02
"""How long a change of a pod's condition takes to reach the Service's endpoints, in seconds."""
PULL_FAILED, PULL_BACK_OFF = 2.7, 14.0
MOST_BESIDE = 20
"""How many containers beside the main one are simulated; no honest pod has more."""

NORMAL_START = 1.0
"""The longest time from a process' start to an open port in a healthy release, in seconds."""


@dataclass
class ProcessFaults:
    """What the grader has broken in a process."""

    unready: bool = False
    hung: bool = False
    leaked: float = 0.0


@dataclass
class Pod:
    """A pod on the simulated node. ``record`` is called with everything that happens to it."""

    name: str
    spec: PodSpec
    release: Release | None
    clock: Clock
    record: Record
    faults: ProcessFaults = field(default_factory=ProcessFaults)
    ready: bool = False
    ready_since: float = 0.0
    in_endpoints: bool = False
    restarts: int = 0
    deleted: bool = False
    gone: bool = False
    exit_code: int | None = None

    def __post_init__(self) -> None:
        self._created = self.clock.now
        self._started: float | None = None
        self._run = 0  # number of the container's run; actions planned for an earlier run are dropped
        self._terminating: float | None = None
        self._term_seen: float | None = None
        self._startup_passed = False
        self._back_off = BACK_OFF_FIRST
        self._main_ready = False
        self._killed_by = ""
        self._placed = False
        self._program = self.spec.main.program
        # A pod that can't become ready in any case reports that once.
        others = () if self.spec.unready else self.spec.beside[:MOST_BESIDE]
        self._beside = [Sidecar(one, self.clock, self._turn) for one in others]
        if self.release is not None and self._program.release:
            self.release = RELEASES.get(self._program.release, Release(self._program.release))

    # --- the beginning

    def create(self) -> None:
        """Schedule the pod on the node and start its containers."""
        if self.spec.held:
            return
        if self.spec.impossible:
            self._tell(EventKind.FAILED_SCHEDULING, self.spec.impossible)
            return
        self._placed = True
        self.clock.after(SCHEDULED, lambda: self._tell(EventKind.SCHEDULED))
        if self.spec.unstarted:
            return
        if self.spec.unstartable:
            self.clock.after(RUNNING, lambda: self._tell(EventKind.FAILED, self.spec.unstartable))
            return
        if self.release is None:
            reason = "ErrImagePull" if IMAGE.fullmatch(self.spec.image[:500]) else "InvalidImageName"
            self.clock.after(PULL_FAILED, lambda: self._tell(EventKind.FAILED, f"{reason}: {self.spec.image[:120]}"))
            if reason == "ErrImagePull":
                self.clock.after(
                    PULL_BACK_OFF, lambda: self._tell(EventKind.BACK_OFF, "ImagePullBackOff", BACK_OFF_FIRST)
                )
            return
        for one in self._beside:
            self.clock.after(RUNNING + (0.0 if one.spec.native else self.spec.init), one.start)
        self.clock.after(RUNNING + self.spec.init, self._start)

    def waits_for(self) -> str:
        """The obstacle to the pod's readiness; empty if the pod is ready, or if an event already says why not."""
        spec, name = self.spec, self.spec.main.name
        if self.ready or self.deleted:
            return ""
        if spec.held or not self._placed:
            return spec.held
        if known := spec.unstarted or spec.unready:
            return known
        if spec.unstartable:
            return obstacles.cant_start(name, spec.unstartable)
        if self.release is None:
            return ""
        if self._killed_by:
            return obstacles.killed(name, self._killed_by)
        if self.restarts and self.exit_code is not None:
            return obstacles.ends(name, self.exit_code)
        other = next((one.spec.name for one in self._beside if not one.ready), "")
        return obstacles.not_ready(other if self._main_ready and other else name)

    def _start(self) -> None:
        if self.deleted:
            return
        self._run += 1
        self.faults = ProcessFaults()
        self._started, self._terminating, self._term_seen = self.clock.now, None, None
        self._startup_passed = self.spec.startup is None
        self._tell(EventKind.STARTED, "", float(self.restarts))
        main = self.spec.main
        if main.memory_limit is not None and main.memory_limit < self._program.needs:
            self._later(0.1, self._out_of_memory)
            return
        if self._program.ends < math.inf:
            self._later(self._program.ends, lambda: self._exited(self._program.code))
        if main.hook is None:
            return
        self._later(main.hook, self._watch_first)

    def _watch_first(self) -> None:
        if self.spec.startup is not None:
            self._watch(self.spec.startup, "startup", self._first_tick(self.spec.startup))
        else:
            self._watch_the_rest()

    def _watch_the_rest(self) -> None:
        if self.spec.liveness is not None:
            self._watch(self.spec.liveness, "liveness", self._first_tick(self.spec.liveness))
        if self.spec.readiness is not None:
            self._watch(self.spec.readiness, "readiness", self._readiness_ticks(self.spec.readiness))
        else:
            self._later(0.2, lambda: self._set_ready(True))

    # --- the process' answers

    def serving(self) -> bool:
        """Whether a new connection to the program's port is accepted."""
        if self._started is None or self._program.listens is None or self.release is None or self.gone:
            return False
        ended = self._terminating is not None and self.clock.now >= self._terminating
        starts = max(self.release.start, self.takes(START_CPU)) if self._program.shop else 0.0
        return not ended and self.clock.now >= self._started + starts

    def serves_orders(self) -> bool:
        """Whether a request through the Service is answered."""
        return (
            self.serving() and self._program.shop is not None and self._program.listens == PORT and not self.faults.hung
        )

    def takes(self, cpu: float) -> float:
        """How long work of ``cpu`` CPU seconds takes under the CPU limit, in seconds."""
        return cpu / min(self.spec.main.cpu_limit or 1.0, 1.0)

    def serves_while_ending(self) -> bool:
        """Whether the pod is terminating and was ready when that began."""
        return self.deleted and not self.gone and self.ready

    def answers(self, path: str) -> bool:
        """Whether GET ``path`` is answered with 200 in time."""
        if not self.serving() or self.faults.hung or path not in self._program.answers:
            return False
        if path == READYZ and self._program.shop is not None:
            ready = self.release is not None and self.release.ready and self._program.shop.database is None
            return ready and not self.faults.unready and self._term_seen is None
        return True

    def _succeeds(self, probe: Probe) -> bool:
        if probe.asks is not None:
            return self.answers(probe.asks)
        if probe.always is not None:
            return probe.always
        return self.serving()

    # --- probes

    def _ticks(self, probe: Probe) -> float:
        # Ticks count from the pod's creation; the first that a running container sees is the next one.
        since = self.clock.now - self._created
        return probe.period - since % probe.period

    def _first_tick(self, probe: Probe) -> float:
        # On a real node the phase is random, so the first tick may come before the port is open. The next tick always finds
        # it open, so we don't count an early failure.
        first = self._ticks(probe)
        return first + probe.period if first < NORMAL_START else first

    def _readiness_ticks(self, probe: Probe) -> float:
        since = self.clock.now - (self._started or 0.0)
        return (READINESS_PHASE - since) % probe.period or probe.period

    def next_tick(self, probe: Probe, name: str) -> float:
        """Seconds from now until the next probe."""
        return self._readiness_ticks(probe) if name == "readiness" else self._ticks(probe)

    def _watch(self, probe: Probe, name: str, first: float) -> None:
        seen = _Seen()
        if name == "readiness":
            for early in EARLY:
                if early < first or probe.period > READINESS_PHASE:
                    self._later(early, lambda: self._ask(probe, name, seen))

        def tick() -> None:
            self._ask(probe, name, seen)
            if not seen.over:
                self._later(probe.period, tick)

        self._later(first, tick)

    def _ask(self, probe: Probe, name: str, seen: _Seen) -> None:
        if seen.over or self._terminating is not None or self._started is None:
            return
        if probe.unasked or self.clock.now - self._started < probe.delay:
            return
        if self._succeeds(probe):
            seen.good, seen.bad = seen.good + 1, 0
            if seen.good >= probe.successes:
                self._passed(name, seen)
            return
        seen.good, seen.bad = 0, seen.bad + 1
        if seen.bad >= probe.failures:
            # A probe of a hung process fails only after its timeout.
            late = probe.timeout if self.faults.hung and probe.asks is not None else 0.0
            self._later(late, lambda: self._failed(probe, name, seen))

    def _passed(self, name: str, seen: _Seen) -> None:
        if name == "startup":
            seen.over = self._startup_passed = True
            self._watch_the_rest()
        elif name == "readiness":
            self._set_ready(True)

    def _failed(self, probe: Probe, name: str, seen: _Seen) -> None:
        if seen.over or self._terminating is not None:
            return
        if name == "readiness":
            if self.ready:
                self._tell(EventKind.UNHEALTHY, "readiness probe failed")
            self._set_ready(False)
            return
        seen.over, self._killed_by = True, name
        self._tell(EventKind.UNHEALTHY, f"{name} probe failed")
        self._kill(probe.grace if probe.grace is not None else self.spec.grace)

    # --- the end of a container, and of the pod

    def _kill(self, grace: float) -> None:
        self._tell(EventKind.KILLING)
        exits = self._exits_after(grace)
        self._terminating = self.clock.now + exits
        code = float(SIGKILLED) if exits >= grace else 0.0
        self._later(min(self.spec.main.pre_stop, grace), self._sigterm)
        self._later(exits, lambda: self._exited(int(code)))

    def _sigterm(self) -> None:
        self._term_seen = self.clock.now

    def _exits_after(self, grace: float) -> float:
        # At SIGTERM the shop becomes unready, serves on, then drains. A program without a handler is killed in the end.
        pre_stop, shop = self.spec.main.pre_stop, self._program.shop
        close = DRAIN + self.takes(CLOSE_CPU)
        if shop is None:
            return min(pre_stop, grace) if self._program.stops else grace
        serves = shop.serves_on if self.serving() or self._started is None else 0.0
        return min(pre_stop + serves + close, grace)

    def _pod_ends_after(self, grace: float) -> float:
        return max([self._exits_after(grace), *(one.takes_to_end(grace) for one in self._beside)])

    def _exited(self, code: int) -> None:
        self._started = None
        self.exit_code = code
        self._set_ready(False)
        self._tell(EventKind.EXITED, "", float(code))
        self._restart()

    def _out_of_memory(self) -> None:
        self._tell(EventKind.OOM_KILLED, "memory over the limit", float(SIGKILLED))
        self._run += 1
        self._exited(SIGKILLED)

    def _restart(self) -> None:
        if self.deleted:
            return
        self.restarts += 1
        if self.restarts == 1:
            self._later(0.3, self._start)
            return
        delay, self._back_off = self._back_off, min(self._back_off * 2, BACK_OFF_MOST)
        self._tell(EventKind.BACK_OFF, "CrashLoopBackOff", delay)
        self._later(delay, self._start)

    def leak(self, amount: float) -> None:
        """Leak ``amount`` bytes more; over its memory limit the process is OOM-killed."""
        self.faults.leaked += amount
        limit = self.spec.main.memory_limit
        if limit is not None and self._program.needs + self.faults.leaked > limit and self._started is not None:
            self._out_of_memory()

    def delete(self) -> None:
        """Delete the pod: it leaves the endpoints, and its container is ended within the grace period."""
        if self.deleted:
            return
        self.deleted = True
        self.clock.after(ENDPOINTS, self._leave)
        if self._started is None:
            self.gone = True
            self._tell(EventKind.DELETED)
            return
        grace = self.spec.grace
        self._tell(EventKind.KILLING)
        exits, ends = self._exits_after(grace), self._pod_ends_after(grace)
        self._terminating = self.clock.now + exits
        self.clock.after(min(self.spec.main.pre_stop, grace), self._sigterm)
        self.clock.after(ends, lambda: self._end(SIGKILLED if exits >= grace else 0))

    def _end(self, code: int) -> None:
        self._run += 1
        self.exit_code, self.gone, self._started, self.ready = code, True, None, False
        for one in self._beside:
            one.end()
        if self.spec.grace:  # with a grace period of 0 the server drops the pod before its end is reported
            self._tell(EventKind.EXITED, "", float(code))
        self._tell(EventKind.DELETED)

    # --- readiness

    def _set_ready(self, ready: bool) -> None:
        self._main_ready = ready
        self._turn()

    def _turn(self) -> None:
        ready = self._main_ready and not self.spec.unready and all(one.ready for one in self._beside)
        if (ready and (self.deleted or self._started is None)) or ready == self.ready or self.gone:
            return
        self.ready = ready
        if ready:
            self.ready_since = self.clock.now
        self._tell(EventKind.READY if ready else EventKind.NOT_READY)
        self.clock.after(ENDPOINTS, self._publish)

    def _publish(self) -> None:
        self.in_endpoints = self.ready and not self.deleted

    def _leave(self) -> None:
        if self.in_endpoints:
            self.in_endpoints = False
        if self.ready:
            self._tell(EventKind.NOT_READY)

    # --- the rest

    def _later(self, delay: float, action: Callable[[], None]) -> None:
        run = self._run
        self.clock.after(delay, lambda: action() if self._run == run and not self.gone else None)

    def _tell(self, kind: EventKind, detail: str = "", value: float | None = None) -> None:
        self.record(self.name, kind, detail, value)


@dataclass
class _Seen:
    """A probe's successes and failures in a row."""

    good: int = 0
    bad: int = 0
    over: bool = False
