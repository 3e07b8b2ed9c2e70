"""The timeline of a run: events in order, in the same words for every world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event; pod events have the names that ``kubectl get events`` uses."""

    # a stop of the train: the subject is the stop's name
    BEGAN = "Began"
    ENDED = "Ended"
    SKIPPED = "Skipped"
    FAULT = "Fault"  # the grader broke something: the subject is the pod, the detail says what
    OVER = "Over"  # and mended it again
    # a pod: the subject is the pod's name
    FAILED_CREATE = "FailedCreate"
    FAILED_SCHEDULING = "FailedScheduling"
    SCHEDULED = "Scheduled"
    FAILED = "Failed"  # the image can't be pulled or the container can't be created: ErrImagePull, InvalidImageName, RunContainerError
    STARTED = "Started"  # a container's process started; value is the number of restarts so far
    UNHEALTHY = "Unhealthy"  # a probe failed often enough to count; the detail says which
    READY = "Ready"  # the pod is in the Service's endpoints
    NOT_READY = "NotReady"  # the pod left the endpoints
    KILLING = "Killing"  # the kubelet ends a container: SIGTERM, then SIGKILL after the grace period
    OOM_KILLED = "OOMKilled"
    EXITED = "Exited"  # value is the exit code
    BACK_OFF = "BackOff"  # value is the delay in seconds
    DELETED = "Deleted"
    WAITING = "Waiting"  # what a pod that isn't ready waits for, logged when a rollout's time is over; see cluster/pods/obstacles.py
    EVICTED = "Evicted"  # the kubelet ended the pod because it used more of the node than its limit
    LOGGED = "Logged"  # the last line that a container of a Job wrote: the detail
    # a client of the Service: the subject is the stop's name, value how many failed, the detail out of how many and why
    REQUESTS_FAILED = "RequestsFailed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened ``at`` seconds after its lane began, to ``subject``, during ``stop``."""

    at: float
    stop: str
    subject: str
    kind: EventKind
    detail: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of a run in order, and its world.

    ``live`` says that the run still goes on; ``note`` says what a reader should know about how it was run.
    """

    world: str
    version: str
    events: tuple[Event, ...] = ()
    live: bool = False
    note: str = ""

    def of(self, stop: str, *kinds: EventKind) -> Iterator[Event]:
        """The events of one stop of these kinds (by default of all)."""
        return (e for e in self.events if e.stop == stop and (not kinds or e.kind in kinds))

    def first(self, stop: str, *kinds: EventKind, subject: str | None = None) -> Event | None:
        """The first event of a stop with one of these kinds and this subject, or None."""
        return next((e for e in self.of(stop, *kinds) if subject is None or e.subject == subject), None)

    def over(self, stop: str) -> bool:
        """Whether a stop has ended or was left out."""
        return not self.live or self.first(stop, EventKind.ENDED, EventKind.SKIPPED) is not None


Watch = Callable[[Timeline], None]
"""Called with a run's timeline each time that it has grown."""
