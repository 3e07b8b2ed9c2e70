"""The simulated cluster does the same as the real one with every recorded Deployment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster import world
from cluster.kubernetes import CURRENT, displayed
from cluster.manifests.documents import read
from cluster.pods.obstacles import Obstacle, understood
from cluster.pods.podspec import read_deployment
from cluster.train.stops import ROLLOUT, SLOW_START, Scenario
from cluster.train.timeline import EventKind, Timeline
from graders.core.registry import exercise
from tests.contract.agreement import times, tolerance, verdicts
from tests.contract.cases import cases
from tests.contract.recording import FOLDER, Recording, Replayed

CASES = cases()
DEPLOYMENT = exercise("deployment")
EVERY = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda p: p.stem)


def test_every_case_is_recorded() -> None:
    """At least sixty cases have a current recording on the contract's version of Kubernetes."""
    recorded = {path.stem: Recording.read(path) for path in FOLDER.glob("*.json")}
    assert len(recorded) >= 60
    assert {name: r.manifest for name, r in recorded.items()} == CASES
    assert {r.version for r in recorded.values()} == {displayed(CURRENT)}


@EVERY
def test_verdicts_are_the_same(path: Path) -> None:
    """Both worlds reach the same verdict on every criterion."""
    recording = Recording.read(path)
    real = DEPLOYMENT.judge(recording.manifest, Replayed(recording))
    assert real.judged
    assert verdicts(DEPLOYMENT.judge(recording.manifest, world())) == verdicts(real)


def refusals(timeline: Timeline) -> set[str]:
    return {e.detail.partition("forbidden: ")[2] for e in timeline.events if e.kind is EventKind.FAILED_CREATE}


@EVERY
def test_refusals_are_worded_as_the_server_words_them(path: Path) -> None:
    """A pod that a namespace refuses is refused in both worlds, in the server's words."""
    recording = Recording.read(path)
    if recording.timeline is not None:
        simulated = world().run(Scenario(tuple(read(recording.manifest))))
        assert refusals(simulated) == refusals(recording.timeline)


def waits(timeline: Timeline, stop: str) -> list[str]:
    return [e.detail.rstrip() for e in timeline.of(stop, EventKind.WAITING)]


@EVERY
@pytest.mark.parametrize("stop", [ROLLOUT, SLOW_START])
def test_pods_wait_for_the_same(path: Path, stop: str) -> None:
    """Both worlds name the same obstacles in the same words; the real one may name more."""
    recording = Recording.read(path)
    if recording.timeline is not None:
        real, simulated = (
            waits(t, stop) for t in (recording.timeline, world().run(Scenario(tuple(read(recording.manifest)))))
        )
        assert set(simulated) <= set(real) | set(clashes(simulated, real))
        assert bool(simulated) == bool(real)


def clashes(simulated: list[str], real: list[str]) -> Iterator[str]:
    """Sentences on a port of two containers, where the real cluster saw one of the two end again and again.

    Which one ends is chance, and only its log has the reason.
    """
    ends = {told.names["container"] for one in real if (told := understood(one)) and told.obstacle is Obstacle.ENDS}
    for one in simulated:
        told = understood(one)
        if told and told.obstacle is Obstacle.PORT_TAKEN and ends & {told.names["container"], told.names["other"]}:
            yield one


@EVERY
def test_it_happens_at_the_same_time(path: Path) -> None:
    """The events that decide a verdict happen in both worlds, at times within the tolerance."""
    recording = Recording.read(path)
    if recording.timeline is None:
        return
    documents = tuple(read(recording.manifest))
    spec = read_deployment(next(d for d in documents if d.get("kind") == "Deployment"))
    real, simulated = times(recording.timeline), times(world().run(Scenario(documents)))
    assert real.keys() == simulated.keys()
    apart = {name: round(simulated[name] - at, 1) for name, at in real.items()}
    assert {name: by for name, by in apart.items() if abs(by) > tolerance(name, spec)} == {}
