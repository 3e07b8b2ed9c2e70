"""The simulated cluster behaves as measured on a real one: a kind cluster of one node with 2 CPUs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from cluster.manifests.documents import read
from cluster.simulated.driver import run
from cluster.train.stops import (
    BAD_RELEASE,
    HANG,
    LANES,
    LEAK,
    OUTAGE,
    ROLLOUT,
    SHUTDOWN,
    SLOW_START,
    UPDATE,
    Scenario,
    outage_seconds,
)
from cluster.train.timeline import Event, EventKind, Timeline
from tests.support.manifests import DEPLOYMENT

READY, LIVE = {"httpGet": {"path": "/readyz", "port": 8080}}, {"httpGet": {"path": "/healthz", "port": 8080}}


def train(*, pod: Mapping[str, Any] | None = None, spec: Mapping[str, Any] | None = None, **container: Any) -> Timeline:
    """The train for the solution with other fields in its container; None removes a field."""
    manifest = copy.deepcopy(yaml.safe_load(DEPLOYMENT))
    template = manifest["spec"]["template"]["spec"]
    for field, value in container.items():
        template["containers"][0][field] = value
    template.update(pod or {})
    manifest["spec"].update(spec or {})
    return run(Scenario(read(yaml.safe_dump(manifest))))


def first(timeline: Timeline, stop: str, kind: EventKind, after: float = -1.0) -> Event:
    event = next((e for e in timeline.of(stop, kind) if e.at > after), None)
    assert event is not None, f"no {kind} in {stop}"
    return event


def ready_at(timeline: Timeline, stop: str = ROLLOUT) -> float:
    return max(e.at for e in timeline.of(stop, EventKind.READY))


# What was measured of a toy that starts within half a second; the shop needs a second, which some rows show.
@pytest.mark.parametrize(
    ("readiness", "seconds"),
    [
        pytest.param(None, (1.3, 2.6), id="no probe"),
        pytest.param({**READY, "periodSeconds": 1}, (1.6, 2.9), id="period 1"),
        pytest.param(READY, (1.6, 2.9), id="default"),
        pytest.param({**READY, "initialDelaySeconds": 5, "periodSeconds": 1}, (5.8, 6.8), id="delay 5, period 1"),
        pytest.param({**READY, "initialDelaySeconds": 5, "periodSeconds": 5}, (7.8, 9.8), id="delay 5, period 5"),
        pytest.param({**READY, "initialDelaySeconds": 10}, (11.8, 13.8), id="delay 10"),
        pytest.param({**READY, "successThreshold": 3, "periodSeconds": 1}, (2.4, 5.0), id="three successes"),
    ],
)
def test_create_to_ready(readiness: dict[str, Any] | None, seconds: tuple[float, float]) -> None:
    """Three replicas are ready as soon as they were on a real node."""
    low, high = seconds
    assert low <= ready_at(train(readinessProbe=readiness)) <= high


@pytest.mark.parametrize(
    ("period", "failures", "seconds"), [(1, 1, (0.3, 1.0)), (1, 3, (2.3, 3.0)), (2, 3, (4.7, 5.5)), (5, 1, (2.5, 4.4)), (10, 3, (27.5, 28.7))]
)  # fmt: skip
def test_readiness_breaks(period: int, failures: int, seconds: tuple[float, float]) -> None:
    """A pod that becomes unready leaves the endpoints at the same time as a real pod."""
    timeline = train(readinessProbe={**READY, "periodSeconds": period, "failureThreshold": failures})
    fault = first(timeline, OUTAGE, EventKind.FAULT)
    left = first(timeline, OUTAGE, EventKind.NOT_READY, fault.at)
    assert seconds[0] <= round(left.at - fault.at, 2) <= seconds[1]
    assert not [e for e in timeline.of(OUTAGE, EventKind.STARTED) if e.value]


@pytest.mark.parametrize(
    ("period", "failures", "seconds"), [(1, 1, (0, 1)), (1, 3, (2, 3)), (5, 3, (13, 15)), (10, 3, (27, 30))]
)
def test_liveness_breaks(period: int, failures: int, seconds: tuple[float, float]) -> None:
    """A process that hangs is killed at the same time as a real one, at most a timeout after the last probe."""
    probe = {**LIVE, "periodSeconds": period, "failureThreshold": failures, "initialDelaySeconds": 2}
    timeline = train(livenessProbe=probe)
    fault = first(timeline, HANG, EventKind.FAULT)
    killed = first(timeline, HANG, EventKind.KILLING, fault.at)
    assert seconds[0] <= killed.at - fault.at - 1 <= seconds[1]


def test_default_outage_is_as_seen() -> None:
    """With the settings of the lesson a pod leaves within half a minute, comes back, and nothing restarts."""
    timeline = train()
    fault, over = first(timeline, OUTAGE, EventKind.FAULT), first(timeline, OUTAGE, EventKind.OVER)
    assert 25 <= first(timeline, OUTAGE, EventKind.NOT_READY, fault.at).at - fault.at <= 31
    assert over.at - fault.at >= 35
    assert first(timeline, OUTAGE, EventKind.READY, over.at).at - over.at <= 10


def test_default_hang_is_as_seen() -> None:
    """With the settings of the lesson a hung pod runs again after about 35 s."""
    timeline = train()
    fault = first(timeline, HANG, EventKind.FAULT)
    assert 31 <= first(timeline, HANG, EventKind.STARTED, fault.at).at - fault.at <= 38


def test_slow_start_survives_defaults() -> None:
    """A start of 20 s survives the default liveness probe and is ready after about 24.7 s."""
    timeline = train()
    assert not [e for e in timeline.of(SLOW_START, EventKind.STARTED) if e.value]
    assert ready_at(timeline, SLOW_START) == pytest.approx(24.7, abs=1.5)


def test_eager_liveness_kills_a_slow_start() -> None:
    """Liveness with period 1 and threshold 3 kills a slow start about 3 s after it began, again and again."""
    timeline = train(livenessProbe={**LIVE, "periodSeconds": 1})
    killed = [e.at for e in timeline.of(SLOW_START, EventKind.KILLING) if e.subject == "orders-1"]
    assert killed[0] == pytest.approx(4, abs=1)
    assert len(killed) >= 3


def test_startup_probe_holds_the_others_back() -> None:
    """With a generous startup probe, the same eager liveness probe kills nothing."""
    startup = {**LIVE, "periodSeconds": 1, "failureThreshold": 30}
    timeline = train(livenessProbe={**LIVE, "periodSeconds": 1}, startupProbe=startup)
    assert not [e for e in timeline.of(SLOW_START, EventKind.STARTED) if e.value]
    assert 21 <= ready_at(timeline, SLOW_START) <= 24


def test_impatient_startup_probe_kills() -> None:
    """A startup probe that gives up after 5 s kills a start of 20 s every time."""
    timeline = train(startupProbe={**LIVE, "periodSeconds": 1, "failureThreshold": 5})
    killed = [e.at for e in timeline.of(SLOW_START, EventKind.KILLING) if e.subject == "orders-1"]
    assert killed[0] == pytest.approx(6.4, abs=1.1)
    assert ready_at(timeline, ROLLOUT) < 10


def test_back_off_doubles() -> None:
    """The first restart comes at once; the next ones come after 10, 20 and 40 s."""
    timeline = train(livenessProbe={**LIVE, "periodSeconds": 1})
    waits = [e.value for e in timeline.of(SLOW_START, EventKind.BACK_OFF) if e.subject == "orders-1"]
    assert waits[:3] == [10, 20, 40]


def test_memory_over_the_limit() -> None:
    """A leak ends at the memory limit: OOMKilled, exit 137, restarted; the other pods aren't affected."""
    timeline = train()
    killed = first(timeline, LEAK, EventKind.OOM_KILLED)
    assert first(timeline, LEAK, EventKind.EXITED).value == 137
    assert first(timeline, LEAK, EventKind.STARTED).at > killed.at
    assert {e.subject for e in timeline.of(LEAK, EventKind.NOT_READY, EventKind.STARTED)} == {killed.subject}


def test_no_limit_no_end() -> None:
    """Without a memory limit nothing stops the leak."""
    timeline = train(resources={"requests": {"cpu": "100m", "memory": "128Mi"}})
    assert timeline.first(LEAK, EventKind.OOM_KILLED) is None


@pytest.mark.parametrize(("grace", "code", "seconds"), [(30, 0, (5, 7)), (5, 137, (4.9, 5.1)), (1, 137, (0.9, 1.1))])
def test_termination(grace: int, code: int, seconds: tuple[float, float]) -> None:
    """A deleted pod exits with 0 after draining, or with 137 when its grace period is over."""
    timeline = train(pod={"terminationGracePeriodSeconds": grace})
    deleted = first(timeline, SHUTDOWN, EventKind.FAULT)
    ended = next(e for e in timeline.of(SHUTDOWN, EventKind.EXITED) if e.subject == deleted.subject)
    assert ended.value == code
    assert seconds[0] <= ended.at - deleted.at <= seconds[1]


def test_no_grace_at_all() -> None:
    """Without a grace period a pod is deleted at once, and the server reports no exit."""
    timeline = train(pod={"terminationGracePeriodSeconds": 0})
    deleted = first(timeline, SHUTDOWN, EventKind.FAULT)
    seen = [e.kind for e in timeline.of(SHUTDOWN) if e.subject == deleted.subject]
    assert (EventKind.DELETED in seen, EventKind.EXITED in seen) == (True, False)


def test_terminating_pods_serve_if_no_other_does() -> None:
    """If every pod may be unavailable at once, terminating pods still serve, because the Service falls back to them."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "100%"}}
    assert first(train(spec={"strategy": strategy}), UPDATE, EventKind.REQUESTS_FAILED).value == 0


def test_a_cpu_limit_slows_down() -> None:
    """Under a CPU limit that is far too small, a start takes proportionally longer."""
    small = {"requests": {"cpu": "20m", "memory": "128Mi"}, "limits": {"cpu": "20m", "memory": "512Mi"}}
    assert ready_at(train(resources=small)) > ready_at(train()) + 8


def test_pre_stop_counts_as_grace() -> None:
    """A preStop hook sleeps before SIGTERM, within the grace period."""
    hook = {"preStop": {"sleep": {"seconds": 10}}}
    timeline = train(lifecycle=hook)
    deleted = first(timeline, SHUTDOWN, EventKind.FAULT)
    assert first(timeline, SHUTDOWN, EventKind.EXITED).at - deleted.at == pytest.approx(15.6, abs=0.5)
    short = train(lifecycle=hook, pod={"terminationGracePeriodSeconds": 12})
    assert first(short, SHUTDOWN, EventKind.EXITED).value == 137


def test_update_without_readiness_loses_requests() -> None:
    """Without a readiness probe, new pods get requests before they listen; with one, no request fails."""
    lossy = first(train(readinessProbe=None), UPDATE, EventKind.REQUESTS_FAILED)
    assert lossy.value is not None
    assert lossy.value > 10
    assert first(train(), UPDATE, EventKind.REQUESTS_FAILED).value == 0


def test_recreate_loses_requests() -> None:
    """With the strategy Recreate no pod serves between the old ones and the new ones."""
    lost = first(train(spec={"strategy": {"type": "Recreate"}}), UPDATE, EventKind.REQUESTS_FAILED).value
    assert lost is not None
    assert lost > 50


def test_bad_release_stalls() -> None:
    """A release that is never ready replaces no old pod."""
    assert first(train(), BAD_RELEASE, EventKind.OVER).value == 3
    assert first(train(readinessProbe=None), BAD_RELEASE, EventKind.FAULT).subject == "orders-7"


@pytest.mark.parametrize(
    ("image", "reason"),
    [("shop/orders:9.9.9", "ErrImagePull"), ("shop/orders", "ErrImagePull"), ("shop/order:1.0.0", "ErrImagePull"), ("shop/Orders:1.0.0", "InvalidImageName")],
)  # fmt: skip
def test_image_that_is_not_there(image: str, reason: str) -> None:
    """An image that can't be pulled is logged in Kubernetes' words, and no stop after the rollout runs."""
    timeline = train(image=image)
    assert first(timeline, ROLLOUT, EventKind.FAILED).detail.startswith(reason)
    assert timeline.first(OUTAGE, EventKind.SKIPPED) is not None


def test_more_than_a_node_has() -> None:
    """Pods that request more than the node has stay unscheduled."""
    timeline = train(resources={"requests": {"cpu": "100"}})
    assert first(timeline, ROLLOUT, EventKind.FAILED_SCHEDULING).detail == "Insufficient cpu"


@pytest.mark.parametrize(
    ("probes", "seconds"),
    [((), 35), (((10, 3, 1),), 36), (((1, 3, 1),), 35), (((10, 3, 1), (20, 3, 1)), 66), (((60, 3, 1),), 75)],
)
def test_outage_is_held_long_enough(probes: tuple[tuple[float, float, float], ...], seconds: float) -> None:
    """An outage lasts 35 s, or as long as a probe needs to notice it, at most 75 s."""
    assert outage_seconds(*probes) == seconds


def test_deterministic() -> None:
    """The same manifest always has the same timeline."""
    assert train() == train()


@pytest.mark.parametrize(
    "odd",
    [
        {"spec": {"replicas": 0}},
        {"spec": {"replicas": 1}},
        {"spec": {"replicas": 2}},
        {"spec": {"replicas": 100_000}},
        {"spec": {"paused": True}},
        {"spec": {"minReadySeconds": 30}},
        {"spec": {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "100%"}}}},
        {"spec": {"strategy": {"rollingUpdate": {"maxSurge": "999999999%", "maxUnavailable": 0}}}},
        {"livenessProbe": {"exec": {"command": ["curl", "localhost"]}, "periodSeconds": 1, "failureThreshold": 1}},
        {"readinessProbe": {"tcpSocket": {"port": "nowhere"}}},
        {"readinessProbe": {"grpc": {"port": 8080}}},
        {"command": ["sleep", "inf"]},
        {"livenessProbe": {**LIVE, "periodSeconds": 2**31 - 1}},
        {"readinessProbe": {**READY, "periodSeconds": 2**31 - 1}},
        {"startupProbe": {**LIVE, "periodSeconds": 2**31 - 1}},
        {"readinessProbe": {**READY, "initialDelaySeconds": 2**31 - 1}},
        {"spec": {"minReadySeconds": 2**31 - 2, "progressDeadlineSeconds": 2**31 - 1}},
        {"pod": {"terminationGracePeriodSeconds": 2**31 - 1}},
        {
            "pod": {"terminationGracePeriodSeconds": 2**31 - 1},
            "lifecycle": {"preStop": {"sleep": {"seconds": 2**31 - 1}}},
        },
        {"ports": None},
        {"resources": {"limits": {"memory": "1"}}},
        {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "sleep 100000"]}}}},
    ],
)
def test_anything_admitted_runs(odd: dict[str, Any]) -> None:
    """Every manifest that the API server admits gives a timeline in which every stop begins, or is skipped with a reason."""
    timeline = train(**odd)
    for lane in LANES:
        for stop in lane:
            is_started = timeline.first(stop, EventKind.BEGAN)
            skipped = timeline.first(stop, EventKind.SKIPPED)
            assert is_started or (skipped and skipped.detail)
    assert len(timeline.events) < 3000
