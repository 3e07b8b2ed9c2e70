"""A container that runs beside the main one: its starts and ends with back-off, and whether it is ready.

Its program and its probes are known from the manifest, so every run of it is the same.
"""

from __future__ import annotations

from collections.abc import Callable

from cluster.pods.container import Container
from cluster.simulated.clock import Clock

BACK_OFF_FIRST, BACK_OFF_MOST = 10.0, 300.0
READY_AFTER = 0.2
"""How long the kubelet takes to report a container without a readiness probe as ready, in seconds."""


class Sidecar:
    """One such container. ``changed`` is called when its readiness changes."""

    def __init__(self, spec: Container, clock: Clock, changed: Callable[[], None]) -> None:
        self.spec = spec
        self.ready = False
        self._clock = clock
        self._changed = changed
        self._restarts = 0
        self._over = False
        self._back_off = BACK_OFF_FIRST

    def start(self) -> None:
        """Start its process, and plan its readiness and its end."""
        if self._over:
            return
        spec, life = self.spec, self._restarts
        begins = spec.hook or 0.0
        for probe in (spec.startup, spec.readiness):
            begins += probe.delay if probe is not None else 0.0
        ends = spec.program.ends
        if spec.liveness is not None and spec.liveness.kills:
            ends = min(ends, begins + spec.liveness.noticed + spec.liveness.period / 2)

        def if_alive(action: Callable[[], None]) -> Callable[[], None]:
            return lambda: action() if self._restarts == life and not self._over else None

        self._clock.after(begins + READY_AFTER, if_alive(lambda: self._turn(ready=True)))
        if ends < float("inf"):
            self._clock.after(ends, if_alive(self._ended))

    def end(self) -> None:
        """End the container with its pod."""
        self._over = True

    def takes_to_end(self, grace: float) -> float:
        """Seconds from SIGTERM to its exit: a program that ignores the signal is killed after the grace period."""
        takes = self.spec.pre_stop if self.spec.program.stops else grace
        return min(takes, grace)

    def _ended(self) -> None:
        self._restarts += 1
        self._turn(ready=False)
        if self._restarts == 1:
            self._clock.after(0.3, self.start)
            return
        delay, self._back_off = self._back_off, min(self._back_off * 2, BACK_OFF_MOST)
        self._clock.after(delay, self.start)

    def _turn(self, *, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self._changed()
