"""Timelines made by hand: what a world could tell of an answer, to see what a card makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from cluster.admission.response import Admission
from cluster.manifests.documents import Document
from cluster.simulated.world import SimulatedCluster
from cluster.train.stops import HANG, LANES, OUTAGE, ROLLOUT, ROLLOUT_WITHIN, Scenario
from cluster.train.timeline import Event, EventKind, Timeline, Watch
from graders.core.registry import exercise
from graders.core.report import Finding, Report

POD, OTHER = "orders-1", "orders-2"
STOPS = tuple(stop for lane in LANES for stop in lane)


class Telling(SimulatedCluster):
    """A world that admits like the simulated one, and returns a given timeline."""

    def __init__(self, *events: Event) -> None:
        super().__init__()
        self._events = events

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        named = {event.stop for event in self._events}
        skipped = (
            Event(0, stop, stop, EventKind.SKIPPED, "it isn't in this story") for stop in STOPS if stop not in named
        )
        return Timeline("simulated", self.version, (*self._events, *skipped))

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        return super().admit(documents)


def events(
    stop: str, *told: tuple[float, str, EventKind, str] | tuple[float, str, EventKind, str, float]
) -> tuple[Event, ...]:
    """The events of a stop, from tuples of time, subject, kind, detail and, where it has one, value."""
    return tuple(Event(one[0], stop, *one[1:]) for one in told)


def judged(text: str, *stories: tuple[Event, ...]) -> Report:
    """The report on a Deployment of which a world tells these stories."""
    return exercise("deployment").judge(text, Telling(*(event for story in stories for event in story)))


def finding(report: Report, criterion: str) -> Finding:
    """The finding on a criterion."""
    return next(f for f in report.findings if f.criterion == criterion)


def never_ready(*told: tuple[str, EventKind, str]) -> tuple[Event, ...]:
    """A rollout without a ready pod, with these events at its end: subject, kind and detail."""
    return events(
        ROLLOUT, (0, ROLLOUT, EventKind.BEGAN, ""), *((ROLLOUT_WITHIN, *one) for one in told),
        (ROLLOUT_WITHIN, ROLLOUT, EventKind.ENDED, ""),
    )  # fmt: skip


def waits(sentence: str) -> tuple[Event, ...]:
    """A rollout of which a pod waits for something to the end."""
    return never_ready((POD, EventKind.WAITING, sentence))


def hangs(*told: tuple[float, EventKind, str] | tuple[float, EventKind, str, float]) -> tuple[Event, ...]:
    """The stop ``hang``, with the events of the pod that hangs, in seconds after its fault."""
    return events(
        HANG, (10, HANG, EventKind.BEGAN, ""), (10, POD, EventKind.FAULT, "it hangs"),
        *((10 + at, POD, *rest) for at, *rest in told), (100, HANG, EventKind.ENDED, ""),
    )  # fmt: skip


def loses_its_database(*told: tuple[float, EventKind, str] | tuple[float, EventKind, str, float]) -> tuple[Event, ...]:
    """The stop ``outage``, held for 35 s, with the events of the pod, in seconds after its fault."""
    mine = sorted((*told, (35.0, EventKind.OVER, "its database is back")), key=lambda one: one[0])
    return events(
        OUTAGE, (10, OUTAGE, EventKind.BEGAN, ""), (10, POD, EventKind.FAULT, "its database is away"),
        *((10 + at, POD, *rest) for at, *rest in mine), (90, OUTAGE, EventKind.ENDED, ""),
    )  # fmt: skip
