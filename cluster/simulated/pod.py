"""One pod and its kubelet: start, probes, restarts with back-off, the end.

Phases are those seen on a real node (kind; `tests/contract/` holds them): a container runs 1.4 s after its pod is
created; a readiness probe is asked early and often until the first ticks; the other probes tick from the pod's
creation, not from the container's start. Documented behaviour: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cluster.podspec import PodSpec, Probe
from cluster.shop.releases import CLOSE_CPU, DRAIN, HEALTHZ, MEMORY, PATHS, READYZ, SERVES_ON, START_CPU, Release
from cluster.simulated.clock import Clock
from cluster.timeline import Kind

Record = Callable[[str, Kind, str, float | None], None]

SCHEDULED, RUNNING, INIT = 0.2, 1.4, 1.0
EARLY = (0.3, 0.8, 1.3)
"""When readiness is asked after a container's start before its ticks begin: status updates trigger it."""
READINESS_PHASE = 2.4
ENDPOINTS = 0.02
"""What it takes from a pod's condition to the Service's endpoints."""
PULL_FAILED, PULL_BACK_OFF = 2.7, 14.0
BACK_OFF_FIRST, BACK_OFF_MOST = 10.0, 300.0
SIGKILLED = 137


@dataclass
class Faults:
    """What the grader has broken in a process."""

    unready: bool = False
    hung: bool = False
    leaked: float = 0.0


@dataclass
class Pod:
    """A pod on the simulated node. ``record`` is told of everything that happens to it."""

    name: str
    spec: PodSpec
    release: Release | None
    clock: Clock
    record: Record
    faults: Faults = field(default_factory=Faults)
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
        self._run = 0  # which run of the container it is; what was planned for an earlier one is void
        self._terminating: float | None = None
        self._term_seen: float | None = None
        self._startup_passed = False
        self._back_off = BACK_OFF_FIRST

    # --- the beginning

    def create(self) -> None:
        """Schedule the pod on the node and have its container started."""
        if self.spec.impossible:
            self._tell(Kind.FAILED_SCHEDULING, self.spec.impossible)
            return
        self.clock.after(SCHEDULED, lambda: self._tell(Kind.SCHEDULED))
        if self.spec.unstartable:
            self.clock.after(RUNNING, lambda: self._tell(Kind.FAILED, self.spec.unstartable))
            return
        if self.release is None:
            reason = "InvalidImageName" if self.spec.image != self.spec.image.lower() else "ErrImagePull"
            self.clock.after(PULL_FAILED, lambda: self._tell(Kind.FAILED, f"{reason}: {self.spec.image[:120]}"))
            if reason == "ErrImagePull":
                self.clock.after(PULL_BACK_OFF, lambda: self._tell(Kind.BACK_OFF, "ImagePullBackOff", BACK_OFF_FIRST))
            return
        self.clock.after(RUNNING + INIT * self.spec.init, self._start)

    def _start(self) -> None:
        if self.deleted:
            return
        self._run += 1
        self.faults = Faults()
        self._started, self._terminating, self._term_seen = self.clock.now, None, None
        self._startup_passed = self.spec.startup is None
        self._tell(Kind.STARTED, "", float(self.restarts))
        if self.spec.memory_limit is not None and self.spec.memory_limit < MEMORY:
            self._later(0.1, self._out_of_memory)
            return
        if self.spec.startup is not None:
            self._watch(self.spec.startup, "startup", self._ticks(self.spec.startup))
        else:
            self._watch_the_rest()

    def _watch_the_rest(self) -> None:
        if self.spec.liveness is not None:
            self._watch(self.spec.liveness, "liveness", self._ticks(self.spec.liveness))
        if self.spec.readiness is not None:
            self._watch(self.spec.readiness, "readiness", self._readiness_ticks(self.spec.readiness))
        else:
            self._later(0.2, lambda: self._set_ready(True))

    # --- what the process answers

    def serving(self) -> bool:
        """Whether a new connection to the application's port is answered."""
        if self._started is None or not self.spec.runs_shop or self.release is None or self.gone:
            return False
        ended = self._terminating is not None and self.clock.now >= self._terminating
        starts = max(self.release.start, self.takes(START_CPU))
        return not ended and self.clock.now >= self._started + starts

    def takes(self, cpu: float) -> float:
        """How long work of so many CPU seconds takes under the CPU limit, in seconds."""
        return cpu / min(self.spec.cpu_limit or 1.0, 1.0)

    def serves_while_ending(self) -> bool:
        """Whether the pod is on its way out, and was ready when that began."""
        return self.deleted and not self.gone and self.ready

    def answers(self, path: str) -> bool:
        """Whether GET ``path`` is answered with 200 in time."""
        if not self.serving() or path not in PATHS:
            return False
        if path == READYZ:
            ready = self.release is not None and self.release.ready
            return ready and not self.faults.unready and self._term_seen is None
        return not (path == HEALTHZ and self.faults.hung)

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

    def _readiness_ticks(self, probe: Probe) -> float:
        since = self.clock.now - (self._started or 0.0)
        return (READINESS_PHASE - since) % probe.period or probe.period

    def next_tick(self, probe: Probe, name: str) -> float:
        """Seconds from now until a probe is asked next."""
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
        if self.clock.now - self._started < probe.delay:
            return
        if self._succeeds(probe):
            seen.good, seen.bad = seen.good + 1, 0
            if seen.good >= probe.successes:
                self._passed(name, seen)
            return
        seen.good, seen.bad = 0, seen.bad + 1
        if seen.bad >= probe.failures:
            # A hung process is known to be so only when the time-out is over.
            late = probe.timeout if self.faults.hung and probe.asks == HEALTHZ else 0.0
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
                self._tell(Kind.UNHEALTHY, "readiness probe failed")
            self._set_ready(False)
            return
        seen.over = True
        self._tell(Kind.UNHEALTHY, f"{name} probe failed")
        self._kill(probe.grace if probe.grace is not None else self.spec.grace)

    # --- the end of a container, and of the pod

    def _kill(self, grace: float) -> None:
        self._tell(Kind.KILLING)
        exits = self._exits_after(grace)
        self._terminating = self.clock.now + exits
        code = float(SIGKILLED) if exits >= grace else 0.0
        self._later(min(self.spec.pre_stop, grace), self._sigterm)
        self._later(exits, lambda: self._exited(int(code)))

    def _sigterm(self) -> None:
        self._term_seen = self.clock.now

    def _exits_after(self, grace: float) -> float:
        # The shop turns not ready at SIGTERM, serves on, drains. What isn't the shop is taken to ignore SIGTERM.
        close = DRAIN + self.takes(CLOSE_CPU)
        own = self.spec.pre_stop + SERVES_ON + close if self.spec.runs_shop else grace
        if self._started is not None and self.release is not None and not self.serving():
            own = self.spec.pre_stop + close
        return min(own, grace)

    def _exited(self, code: int) -> None:
        self._started = None
        self.exit_code = code
        self._set_ready(False)
        self._tell(Kind.EXITED, "", float(code))
        self._restart()

    def _out_of_memory(self) -> None:
        self._tell(Kind.OOM_KILLED, "memory over the limit", float(SIGKILLED))
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
        self._tell(Kind.BACK_OFF, "CrashLoopBackOff", delay)
        self._later(delay, self._start)

    def leak(self, amount: float) -> None:
        """Have the process take more memory, in bytes; over its limit it is OOM-killed."""
        self.faults.leaked += amount
        limit = self.spec.memory_limit
        if limit is not None and MEMORY + self.faults.leaked > limit and self._started is not None:
            self._out_of_memory()

    def delete(self) -> None:
        """Delete the pod: it leaves the endpoints, and its container is ended within the grace period."""
        if self.deleted:
            return
        self.deleted = True
        self.clock.after(ENDPOINTS, self._leave)
        if self._started is None:
            self.gone = True
            self._tell(Kind.DELETED)
            return
        grace = self.spec.grace
        self._tell(Kind.KILLING)
        exits = self._exits_after(grace)
        self._terminating = self.clock.now + exits
        self.clock.after(min(self.spec.pre_stop, grace), self._sigterm)
        self.clock.after(exits, lambda: self._end(SIGKILLED if exits >= grace else 0))

    def _end(self, code: int) -> None:
        self._run += 1
        self.exit_code, self.gone, self._started, self.ready = code, True, None, False
        if self.spec.grace:  # without one the pod is gone from the server before its end is told
            self._tell(Kind.EXITED, "", float(code))
        self._tell(Kind.DELETED)

    # --- readiness

    def _set_ready(self, ready: bool) -> None:
        if ready and (self.deleted or self._started is None):
            return
        if ready == self.ready:
            return
        self.ready = ready
        if ready:
            self.ready_since = self.clock.now
        self._tell(Kind.READY if ready else Kind.NOT_READY)
        self.clock.after(ENDPOINTS, self._publish)

    def _publish(self) -> None:
        self.in_endpoints = self.ready and not self.deleted

    def _leave(self) -> None:
        if self.in_endpoints:
            self.in_endpoints = False
        if self.ready:
            self._tell(Kind.NOT_READY)

    # --- the rest

    def _later(self, delay: float, action: Callable[[], None]) -> None:
        run = self._run
        self.clock.after(delay, lambda: action() if self._run == run and not self.gone else None)

    def _tell(self, kind: Kind, detail: str = "", value: float | None = None) -> None:
        self.record(self.name, kind, detail, value)


@dataclass
class _Seen:
    """What a probe has seen in a row."""

    good: int = 0
    bad: int = 0
    over: bool = False
