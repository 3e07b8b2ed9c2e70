"""The picture of a run: each thing that happens to a pod is drawn as what it is, and told in words."""

from __future__ import annotations

import itertools
import re

from cluster import world
from cluster.train.stops import HANG, LEAK, OUTAGE, ROLLOUT, SHUTDOWN, UPDATE
from cluster.train.timeline import Event, EventKind, Timeline
from graders.application_platform.exercises.deployment import figure as timeline
from graders.application_platform.exercises.deployment.figure import (
    AWAY,
    DOWN,
    ENDING,
    HUNG,
    MARKS,
    SERVING,
    STARTING,
    TITLES,
    WORDS,
)
from graders.application_platform.exercises.deployment.rubric import EXERCISE, DeploymentEvidence
from graders.present.svg.axis import Axis
from tests.graders.application_platform.exercises.deployment.timelines import OTHER, POD, events
from tests.support.manifests import DEPLOYMENT

Told = tuple[float, str, EventKind, str] | tuple[float, str, EventKind, str, float]
RUNNING: tuple[Told, ...] = (
    (0, POD, EventKind.SCHEDULED, ""),
    (1, POD, EventKind.STARTED, "", 0.0),
    (2, POD, EventKind.READY, ""),
)


def run(stop: str, *told: Told) -> Timeline:
    return Timeline("simulated", "v1", (*events(stop, *told), Event(100, stop, stop, EventKind.ENDED)))


SECONDS = Axis(timeline.LEFT, timeline.LEFT + 100, 100)
"""An axis on which a second is a pixel."""


def bars(stop: str, *told: Told) -> list[tuple[str, float, float]]:
    """The spans of the pod's time, as state, begin and end in seconds."""
    one = run(stop, *told)
    own = [e for e in one.events if e.subject == POD]
    drawn = timeline._bars(own, SECONDS)
    return [(b.state, b.x - timeline.LEFT, b.x - timeline.LEFT + b.width) for b in drawn]


def test_a_pod_that_hangs() -> None:
    """A pod hangs from the fault until the kubelet ends it, also while it leaves the Service; then it is terminating."""
    told = bars(
        HANG, *RUNNING, (10, POD, EventKind.FAULT, "it hangs"), (30, POD, EventKind.NOT_READY, ""), (40, POD, EventKind.UNHEALTHY, "liveness probe failed"),
        (40, POD, EventKind.KILLING, ""), (46, POD, EventKind.EXITED, "", 0.0), (47, POD, EventKind.STARTED, "", 1.0), (49, POD, EventKind.READY, ""),
    )  # fmt: skip
    assert told == [
        (STARTING, 0, 2), (SERVING, 2, 10), (HUNG, 10, 40), (ENDING, 40, 46), (DOWN, 46, 47), (STARTING, 47, 49), (SERVING, 49, 100),
    ]  # fmt: skip


def test_a_hang_that_the_grader_ends() -> None:
    """A pod that hung to the end returns to the Service or stays out of it, according to readiness."""
    fault, over = (10, POD, EventKind.FAULT, "it hangs"), (90, POD, EventKind.OVER, "")
    assert bars(HANG, *RUNNING, fault, over)[-1] == (SERVING, 90, 100)
    told = bars(HANG, *RUNNING, fault, (40, POD, EventKind.NOT_READY, ""), over, (95, POD, EventKind.READY, ""))
    assert told[-3:] == [(HUNG, 10, 90), (AWAY, 90, 95), (SERVING, 95, 100)]


def test_only_a_hang_hangs() -> None:
    """A pod without its database serves until readiness removes it from the Service."""
    told = bars(
        OUTAGE,
        *RUNNING,
        (10, POD, EventKind.FAULT, ""),
        (40, POD, EventKind.NOT_READY, ""),
        (50, POD, EventKind.OVER, ""),
        (55, POD, EventKind.READY, ""),
    )
    assert [state for state, _, _ in told] == [STARTING, SERVING, AWAY, SERVING]


def test_a_pod_on_its_way_out() -> None:
    """A deleted pod is terminating until it has ended, although it leaves the Service at once; then it isn't drawn."""
    told = bars(
        UPDATE,
        *RUNNING,
        (10, POD, EventKind.KILLING, ""),
        (10.1, POD, EventKind.NOT_READY, ""),
        (16, POD, EventKind.EXITED, "", 0.0),
        (17, POD, EventKind.DELETED, ""),
    )
    assert told == [(STARTING, 0, 2), (SERVING, 2, 10), (ENDING, 10, 16)]


def test_a_pod_on_its_way_out_comes_back_to_nothing() -> None:
    """A readiness probe that succeeds while its pod is terminating changes nothing."""
    told = bars(
        UPDATE,
        *RUNNING,
        (10, POD, EventKind.KILLING, ""),
        (11, POD, EventKind.NOT_READY, ""),
        (12, POD, EventKind.READY, ""),
        (16, POD, EventKind.EXITED, "", 0.0),
    )
    assert told[2:] == [(ENDING, 10, 16), (DOWN, 16, 100)]


def test_a_late_word_changes_nothing() -> None:
    """If the endpoints change after the container's end, the pod is shown as not running, and not as out of the Service."""
    told = bars(
        LEAK,
        *RUNNING,
        (10, POD, EventKind.OOM_KILLED, ""),
        (10, POD, EventKind.EXITED, "", 137.0),
        (10.5, POD, EventKind.NOT_READY, ""),
        (30, POD, EventKind.STARTED, "", 1.0),
    )
    assert told[2:] == [(DOWN, 10, 30), (STARTING, 30, 100)]


def glyphs(one: Timeline) -> list[tuple[float, str]]:
    return [(mark.x - timeline.LEFT, mark.glyph) for mark in timeline._marks(one.events, SECONDS)]


def test_marks() -> None:
    """An OOM kill and a restart have their own marks, side by side if they happen together."""
    one = run(
        LEAK,
        *RUNNING,
        (10, POD, EventKind.FAULT, "it leaks"),
        (40, POD, EventKind.OOM_KILLED, ""),
        (40.3, POD, EventKind.STARTED, "", 1.0),
        (60, POD, EventKind.EVICTED, "full"),
    )
    assert [glyph for _, glyph in glyphs(one)] == ["⚡", "✖", "↻", "▼"]
    places = [x for x, _ in glyphs(one)]
    assert all(after - before >= timeline.GLYPH for before, after in itertools.pairwise(places))


def test_a_lane_has_a_title() -> None:
    """Both lanes have a title, and every state and mark has its pattern or glyph and its word in the legend."""
    report = EXERCISE.judge(DEPLOYMENT, world())
    assert isinstance(report.evidence, DeploymentEvidence)
    assert report.evidence.timeline is not None
    drawn = timeline.svg(report.evidence.timeline)
    assert all(title in drawn for title in TITLES)
    used = {state for state in WORDS if re.search(rf"url\(#{state}\)", drawn)}
    assert {HUNG, ENDING, AWAY, STARTING} <= used
    assert all(f">{WORDS[state]}</text>" in drawn for state in used)
    assert all(f'<pattern id="{state}"' in drawn for state in WORDS if state != SERVING)
    assert all(f">{word}</text>" in drawn for glyph, word in MARKS.values() if f">{glyph}<" in drawn)
    assert MARKS[EventKind.EVICTED][1] not in drawn


def test_the_patterns_differ() -> None:
    """No two states differ only by color: without colors, their patterns still differ."""
    drawn = timeline.svg(run(HANG, *RUNNING))
    patterns = re.findall(r'<pattern id="(\w+)"(.*?)</pattern>', drawn)
    colorless = {re.sub(r'fill(-opacity)?="[^"]*"', "", body) for _, body in patterns}
    assert len(colorless) == len(patterns) == len(WORDS) - 1


def test_in_words() -> None:
    """The picture's text says lane by lane what happened to which pod, and leaves out usual events."""
    one = Timeline("simulated", "v1", (
        *events(ROLLOUT, *RUNNING),
        *events(HANG, (10, POD, EventKind.FAULT, ""), (40, POD, EventKind.KILLING, ""), (46, POD, EventKind.EXITED, "", 0.0), (46, POD, EventKind.STARTED, "", 1.0), (48, POD, EventKind.READY, "")),
        *events(SHUTDOWN, (60, POD, EventKind.FAULT, ""), (60, POD, EventKind.KILLING, ""), (60, POD, EventKind.NOT_READY, ""), (66, POD, EventKind.EXITED, "", 0.0)),
        *events(UPDATE, (30, OTHER, EventKind.KILLING, ""), (30, OTHER, EventKind.NOT_READY, "")),
    ))  # fmt: skip
    assert timeline.alt(one) == (
        "Timeline of the pods. Faults: what breaks, and how the pods react: orders-1 hung at 10.0 s; orders-1 was ended by the kubelet at "
        "40.0 s; orders-1 restarted at 46.0 s; orders-1 was back in the Service at 48.0 s; orders-1 was deleted with a request in flight at 60.0 s."
    )
    assert timeline.alt(run(ROLLOUT, *RUNNING)) == "Timeline of the pods. No fault, and no restart."


def test_many_events_in_words() -> None:
    """The text of a lane has a bounded length."""
    many = run(HANG, *((float(n), POD, EventKind.STARTED, "", float(n)) for n in range(1, 30)))
    assert timeline.alt(many).count("restarted") == timeline.MOST_TOLD
    assert timeline.alt(many).endswith("and 21 more.")


def test_a_hostile_name() -> None:
    """A name with markup is text in the picture."""
    drawn = timeline.svg(
        Timeline(
            "simulated",
            "v1",
            events(HANG, (1, "<script>", EventKind.FAILED_CREATE, "<b>"), (5, "<script>", EventKind.FAULT, "<i>")),
        )
    )
    assert "<script>" not in drawn
    assert "<i>" not in drawn
