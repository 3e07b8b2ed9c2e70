"""The release train's script: the stops, their order, and the log, for every world."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.manifests.documents import read
from cluster.pods.podspec import DeploymentSpec, read_deployment
from cluster.simulated.driver import run
from cluster.train.event_log import EventLog
from cluster.train.script import FAULTS, LANES, RELEASES, Lane
from cluster.train.stops import (
    BAD_RELEASE,
    HANG,
    LEAK,
    NO_FAULT_PORT,
    OUTAGE,
    ROLLOUT,
    SHUTDOWN,
    SLOW_START,
    UPDATE,
    Scenario,
)
from cluster.train.timeline import EventKind, Timeline
from tests.support.manifests import DEPLOYMENT

CLUSTER = Path(__file__).parents[3] / "cluster"


@dataclass
class OnePod:
    """A pod of the world below."""

    name: str
    ready: bool = True
    restarts: int = 0
    gone: bool = False


class Pretended:
    """A world in which every condition holds at once, except those that a test names; it logs its calls."""

    def __init__(self, spec: DeploymentSpec, fails: tuple[str, ...] = ()) -> None:
        self.spec = spec
        self.log = EventLog(lambda: 0.0)
        self.pods = [OnePod(f"orders-{number}") for number in range(3)]
        self.asked: list[str] = []
        self._fails = fails

    def _does(self, what: str) -> bool:
        self.asked.append(what)
        return what not in self._fails

    def wait(self, _seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        return until()

    def start(self, release: str = "") -> None:
        self.asked.append(f"start {release}".strip())

    def update(self, release: str) -> None:
        self.asked.append(f"update {release}")

    def replace(self, release: str) -> None:
        self.asked.append(f"replace {release}")

    def wait_for_rollout(self) -> bool:
        return self._does("second rollout" if "replace 1.0.0" in self.asked else "rollout")

    def complete(self) -> bool:
        return self._does("complete")

    def obstacles(self) -> dict[str, str]:
        return {f"it lacks {what}": "orders-0" for what in ("bread", "butter", "salt", "wine")}

    def any_release_could(self) -> bool:
        return self._does("another release")

    def check_capacity(self) -> None:
        self.asked.append("capacity")

    def alive(self) -> list[OnePod]:
        return self.pods

    def ready(self) -> list[OnePod]:
        return self.pods if self._does("ready") else self.pods[:2]

    def old(self) -> list[OnePod]:
        return self.pods

    def takes_faults(self) -> bool:
        return self._does("faults")

    def break_pod(self, pod: OnePod, fault: str, detail: str) -> float:
        self.asked.append(f"break {pod.name}: {fault}")
        self.log.tell(pod.name, EventKind.FAULT, detail)
        return 0.0

    def mend_pod(self, pod: OnePod, fault: str) -> None:
        self.asked.append(f"mend {pod.name}: {fault}")

    def end_leak(self, _pod: OnePod, *, restarted: bool) -> float | None:
        return None if restarted else 64.0 * 2**20

    def delete(self, pod: OnePod) -> None:
        pod.gone = True

    def request_in_flight(self, _pod: OnePod) -> Callable[[], bool]:
        return lambda: self._does("request")

    def prepare_load(self) -> None:
        self.asked.append("prepare load")

    def begin_load(self, rate: float) -> None:
        self.asked.append(f"load {rate:.0f}")

    def end_load(self) -> tuple[int, int, str]:
        return 500, 3, "3 refused"


def driven(lane: Lane, *fails: str, **spec: Any) -> Pretended:
    """Run a lane for the solution with changed fields, in a world that fails at the named steps."""
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"].update(spec)
    (document,) = read(yaml.safe_dump(manifest))
    driver = Pretended(read_deployment(document), fails)
    lane.run_stops(driver)
    return driver


def stops(driver: Pretended) -> dict[str, str]:
    """Each stop that ended, or the reason for its skip."""
    return {e.stop: e.detail for e in driver.log.events if e.kind in (EventKind.ENDED, EventKind.SKIPPED)}


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
def test_every_stop_runs(lane: Lane) -> None:
    """If every stop passes, each stop of a lane begins and ends once."""
    events = driven(lane).log.events
    for kind in (EventKind.BEGAN, EventKind.ENDED):
        assert sorted(e.subject for e in events if e.kind is kind) == sorted(lane.stops)
    assert not [e for e in events if e.kind is EventKind.SKIPPED]


UNFINISHED, UNSETTLED = "the rollout never finished", "the pods never settled after the stop before"
NOTHING, PAUSED = "there was nothing running to update", "the Deployment is paused"


@pytest.mark.parametrize(
    ("lane", "fails", "spec", "skipped"),
    [
        (FAULTS, ("rollout",), {}, dict.fromkeys((OUTAGE, HANG, LEAK, SHUTDOWN), UNFINISHED)),
        (FAULTS, ("faults",), {}, dict.fromkeys((OUTAGE, HANG, LEAK, SHUTDOWN), NO_FAULT_PORT)),
        (FAULTS, ("ready",), {}, dict.fromkeys((LEAK, SHUTDOWN), UNSETTLED)),
        (RELEASES, (), {"paused": True}, dict.fromkeys((SLOW_START, UPDATE, BAD_RELEASE), PAUSED)),
        (RELEASES, ("rollout", "another release"), {}, dict.fromkeys((UPDATE, BAD_RELEASE), NOTHING)),
        (RELEASES, ("complete",), {}, {BAD_RELEASE: "the update before never finished"}),
    ],
)
def test_what_leaves_stops_out(
    lane: Lane, fails: tuple[str, ...], spec: dict[str, Any], skipped: dict[str, str]
) -> None:
    """After a failure the stops that depend on it are skipped with a reason; the others run."""
    told = stops(driven(lane, *fails, **spec))
    assert told == dict.fromkeys(lane.stops, "") | skipped


def test_a_slow_start_that_failed_is_replaced() -> None:
    """A release that never became ready is replaced by a good one, if that can help, and the updates run."""
    driver = driven(RELEASES, "rollout")
    assert [a for a in driver.asked if re.match("start|replace|update", a)] == [
        "start 1.1.0", "replace 1.0.0", "update 1.0.1", "update 1.2.0",
    ]  # fmt: skip
    assert stops(driver) == dict.fromkeys(RELEASES.stops, "")


def test_what_waits_is_told_once_a_stop() -> None:
    """Obstacles are logged once for each stop, at most three, after the world's capacity was checked."""
    driver = driven(RELEASES, "rollout", "second rollout")
    waiting = [e.detail for e in driver.log.events if e.kind is EventKind.WAITING]
    assert waiting == ["it lacks bread", "it lacks butter", "it lacks salt"]
    assert driver.asked.index("capacity") > driver.asked.index("rollout")


def test_outage_and_hang_have_a_pod_each() -> None:
    """Outage and hang run at the same time on two pods, and each pod's events belong to its own stop."""
    driver = driven(FAULTS)
    assert [a for a in driver.asked if a.startswith(("break", "mend"))] == [
        "break orders-1: hang", "break orders-0: outage", "mend orders-0: outage", "mend orders-1: hang", "break orders-2: leak",
    ]  # fmt: skip
    assert [e.stop for e in driver.log.events if e.kind is EventKind.FAULT] == [HANG, OUTAGE, LEAK, SHUTDOWN]


def test_what_the_load_lost_is_told() -> None:
    """One event of the update has the numbers of sent and failed requests, and their target."""
    (lost,) = (e for e in driven(RELEASES).log.events if e.kind is EventKind.REQUESTS_FAILED)
    assert (lost.stop, lost.value, lost.detail) == (UPDATE, 3, "500 3 refused")


def simulated(**container: Any) -> Timeline:
    """The train for the solution with these fields in its container, on virtual time."""
    manifest = copy.deepcopy(yaml.safe_load(DEPLOYMENT))
    manifest["spec"]["template"]["spec"]["containers"][0].update(container)
    return run(Scenario(tuple(read(yaml.safe_dump(manifest)))))


def test_an_outage_ends_with_a_restart() -> None:
    """A pod that is restarted in its outage has a new process, which ends the outage, as on a real cluster."""
    timeline = simulated(livenessProbe={"httpGet": {"path": "/readyz", "port": 8080}})
    over, exited = timeline.first(OUTAGE, EventKind.OVER), timeline.first(OUTAGE, EventKind.EXITED)
    assert over is not None
    assert exited is not None
    assert over.at == pytest.approx(exited.at, abs=1)


def test_a_hang_ends_when_the_pod_is_ready() -> None:
    """The train waits until a hung pod that was restarted during the outage is ready again."""
    timeline = simulated(livenessProbe={"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 9})
    ended, fault = timeline.first(HANG, EventKind.ENDED), timeline.first(HANG, EventKind.FAULT)
    assert ended is not None
    assert fault is not None
    ready = [e.at for e in timeline.of(HANG, EventKind.READY) if e.subject == fault.subject and e.at > fault.at]
    assert min(ready) <= ended.at


def test_a_slow_leak_ends_with_its_stop() -> None:
    """If a CPU limit makes a leak slower than its stop, the leak takes no more memory after the stop."""
    small = {"requests": {"cpu": "10m", "memory": "128Mi"}, "limits": {"cpu": "10m", "memory": "512Mi"}}
    timeline = simulated(resources=small, livenessProbe=None)
    assert timeline.first(ROLLOUT, EventKind.WAITING) is None
    assert timeline.first(LEAK, EventKind.ENDED) is not None
    assert not [e for e in timeline.events if e.kind is EventKind.OOM_KILLED]


@pytest.mark.parametrize("world", ["simulated", "kind"])
def test_no_driver_begins_stops(world: str) -> None:
    """Only the script begins and ends stops; no driver does, or knows their order."""
    text = (CLUSTER / world / "driver.py").read_text(encoding="utf-8")
    assert re.findall(r"Kind\.(?:BEGAN|ENDED|SKIPPED|OVER|REQUESTS_FAILED|WAITING)|(?:begin|end|skip)_stop", text) == []
    assert re.findall(r"\b(?:ROLLOUT|HANG|SHUTDOWN|SLOW_START|BAD_RELEASE)\b", text) == []
