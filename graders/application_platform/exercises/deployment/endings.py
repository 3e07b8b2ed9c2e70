"""The end of a pod's container in a stop of the train, and its reason, from the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from cluster.train.timeline import Event, EventKind, Timeline

_TOLD_TO_END = (0, 137)
_ENDS = (EventKind.KILLING, EventKind.OOM_KILLED, EventKind.EXITED)


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a container: ``at`` is when it began to end, ``exited`` its exit, ``started`` its next start.

    ``probe`` is the failed probe (``liveness`` or ``startup``) for which the kubelet ended it, or empty. Times are in seconds
    from the lane's start; None means that it didn't happen in the stop.
    """

    at: float
    probe: str = ""
    out_of_memory: bool = False
    exited: float | None = None
    code: int | None = None
    started: float | None = None
    waits: float | None = None

    @property
    def killed(self) -> bool:
        """Whether the kubelet ended it because a probe failed.

        A real cluster may lose that event; but the shop exits with 0 or by SIGKILL only after a signal.
        """
        return bool(self.probe) or (self.code in _TOLD_TO_END and not self.out_of_memory)


def ending(timeline: Timeline, stop: str, pod: str, since: float) -> Ending | None:
    """Return the first end of a pod's container after ``since`` in a stop; None if it continued to run."""
    events = [e for e in timeline.of(stop) if e.subject == pod and e.at >= since]
    first = next((e for e in events if e.kind in _ENDS), None)
    if first is None:
        return None
    after = events[events.index(first) :]
    exited = _first(after, EventKind.EXITED)
    started = next((e for e in after if e.kind is EventKind.STARTED and e.value), None)
    waits = _first([e for e in after if started is None or e.at <= started.at], EventKind.BACK_OFF)
    return Ending(
        at=first.at,
        probe=_probe(events, first) if first.kind is EventKind.KILLING else "",
        out_of_memory=first.kind is EventKind.OOM_KILLED or any(
            e.kind is EventKind.OOM_KILLED and (exited is None or e.at <= exited.at) for e in after
        ),
        exited=exited.at if exited else None,
        code=int(exited.value) if exited and exited.value is not None else None,
        started=started.at if started else None,
        waits=waits.value if waits else None,
    )  # fmt: skip


def _first(events: list[Event], kind: EventKind) -> Event | None:
    return next((e for e in events if e.kind is kind), None)


def _probe(events: list[Event], killing: Event) -> str:
    """Return the probe that had failed when the kubelet began to end the container."""
    said = [e.detail for e in events if e.kind is EventKind.UNHEALTHY and e.at <= killing.at]
    return next(
        (name for said_last in reversed(said) for name in ("liveness", "startup") if said_last.startswith(name)), ""
    )
