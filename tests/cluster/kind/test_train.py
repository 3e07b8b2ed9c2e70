"""The release train on a real cluster, with pods' answers made by the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from cluster.errors import WorldError
from cluster.kind.api import Answer, Api
from cluster.kind.driver import KindDriver
from cluster.kind.event_log import SharedLog
from cluster.kind.observed import TINY_STORAGE, UNTIL_CRASHED, UNTIL_EVICTED, PodSeen
from cluster.manifests.documents import read
from cluster.pods import obstacles as say
from cluster.train import script
from cluster.train.stops import HANG, Scenario
from cluster.train.timeline import Event, EventKind
from tests.support.manifests import DEPLOYMENT


class Starting:
    """An API server whose pods' programs listen from the third request on."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, method: str, path: str, *_: Any, **__: Any) -> Answer:
        self.asked.append((method, path.rpartition("/proxy")[2]))
        return Answer(200, {}) if len(self.asked) > 2 else Answer(503, {"message": "connect: connection refused"})


def test_a_fault_waits_until_the_program_listens() -> None:
    """A pod that is ready before its program listens gets its fault once the program listens."""
    server = Starting()
    lane = KindDriver(cast("Api", server), "run", Scenario(tuple(read(DEPLOYMENT))), SharedLog(lambda: None))
    lane.break_pod(PodSeen("orders-1"), HANG, "it hangs")
    assert server.asked == 3 * [("PUT", "/faults/hang")]


def test_a_pod_that_is_gone_gets_no_fault() -> None:
    """The train doesn't wait for a deleted pod."""
    server, pod = Starting(), PodSeen("orders-1")
    pod.gone = True
    lane = KindDriver(cast("Api", server), "run", Scenario(tuple(read(DEPLOYMENT))), SharedLog(lambda: None))
    lane.break_pod(pod, HANG, "it hangs")
    assert server.asked == []


def pod(scheduled: str, reason: str = "") -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": scheduled, "reason": reason, "message": "0/1 nodes are available"}
    spec = {"containers": [{"name": "orders", "image": "shop/orders:1.0.0"}]}
    return {"metadata": {"name": "orders-1"}, "spec": spec, "status": {"conditions": [condition]}}


def later(lane: KindDriver) -> bool:
    """Whether the lane gives its rollout up a minute from now."""
    lane.log.began -= 60
    return lane._hopeless()


def test_a_pod_that_found_its_node_late_is_waited_for() -> None:
    """A rollout is given up while a pod has no node, but not after other pods made room for it."""
    lane = KindDriver(cast("Api", Starting()), "run", Scenario(tuple(read(DEPLOYMENT))), SharedLog(lambda: None))
    assert not later(lane)
    lane._pod("ADDED", pod("False", "Unschedulable"))
    assert not lane._hopeless()
    assert later(lane)
    lane._pod("MODIFIED", pod("True"))
    assert not later(lane)


def test_a_pod_that_is_gone_is_not_waited_for() -> None:
    """A reason that kept a deleted pod from starting doesn't end the rollout of later pods."""
    lane = KindDriver(cast("Api", Starting()), "run", Scenario(tuple(read(DEPLOYMENT))), SharedLog(lambda: None))
    lane._pod("ADDED", pod("False", "Unschedulable"))
    gone = pod("False", "Unschedulable")
    gone["metadata"]["deletionTimestamp"] = "now"
    lane._pod("MODIFIED", gone)
    assert not later(lane)


SEEN: dict[str, Any] = json.loads((Path(__file__).parent / "statuses.json").read_text(encoding="utf-8"))


class OneNode:
    """An API server with one empty node of 2 CPUs and 4 GiB."""

    def get(self, path: str, **_: Any) -> dict[str, Any]:
        allocatable = {"cpu": "2", "memory": "4Gi", "pods": "110", "hugepages-2Mi": "0"}
        node = {
            "metadata": {"name": "node"}, "spec": {},
            "status": {"allocatable": allocatable, "conditions": [{"type": "Ready", "status": "True"}]},
        }  # fmt: skip
        return {"items": [node] if path.endswith("nodes") else []}


def lane_on_one_node(**resources: str) -> KindDriver:
    """A lane whose answer requests this much more than the solution."""
    manifest = yaml.safe_load(DEPLOYMENT)
    for part in manifest["spec"]["template"]["spec"]["containers"][0]["resources"].values():
        part.update(resources)
    scenario = Scenario(tuple(read(yaml.safe_dump(manifest))))
    return KindDriver(cast("Api", OneNode()), "run", scenario, SharedLog(lambda: None))


def see(lane: KindDriver, case: str, name: str = "orders-1") -> None:
    """Show the lane the pod of a contract's case, and its events."""
    seen = SEEN[case]
    lane._pod("ADDED", {"metadata": {"name": name}, "spec": seen["spec"], "status": seen["status"]})
    for reason, container, message in seen["events"]:
        about = {"kind": "Pod", "name": name, "fieldPath": f"spec.containers{{{container}}}" if container else ""}
        lane._event("ADDED", {"reason": reason, "message": message, "involvedObject": about})


def waiting(lane: KindDriver) -> list[tuple[str, str]]:
    script.tell_obstacles(lane)
    return [(e.subject, e.detail) for e in lane.log.events if e.kind is EventKind.WAITING]


@pytest.mark.parametrize(
    "case",
    [
        "scheduling-gate", "scheduler-missing", "node-missing", "readiness-gate", "config-map-missing", "gpu", "init-fails",
        "config-map-volume-missing", "init-config-map-missing", "sidecar-crashes", "post-start-fails", "init-image-missing",
    ],
)  # fmt: skip
def test_what_nothing_will_change_is_given_up(case: str) -> None:
    """A rollout with a lasting obstacle is given up before its time is over."""
    lane = lane_on_one_node()
    see(lane, case)
    assert not lane._hopeless()
    assert later(lane)


@pytest.mark.parametrize("case", ["init-never-ends", "sidecar-never-ready", "port-elsewhere"])
def test_what_may_come_is_waited_for(case: str) -> None:
    """A running container may end or become ready until the rollout's time is over."""
    lane = lane_on_one_node()
    see(lane, case)
    assert not later(lane)


def test_a_crash_is_told_also_between_two() -> None:
    """If a rollout is incomplete although its pods are ready at this moment, the log names the crashing container."""
    lane = lane_on_one_node()
    see(lane, "sidecar-crashes")
    pod = lane.pods["orders-1"].latest
    conditions = [{"type": name, "status": "True"} for name in ("PodScheduled", "ContainersReady", "Ready")]
    lane._pod("MODIFIED", pod | {"status": pod["status"] | {"conditions": conditions}})
    assert waiting(lane) == [("orders-1", say.ends("helper", 1))]


def test_each_sentence_is_told_once() -> None:
    """Each obstacle is logged once, for the oldest pod; at most three are logged."""
    lane = lane_on_one_node()
    for name in ("orders-1", "orders-2"):
        see(lane, "projected-volume-missing", name)
    for number, case in enumerate(("init-fails", "readiness-gate"), 3):
        see(lane, case, f"orders-{number}")
    assert waiting(lane) == [
        ("orders-1", say.volume_missing("extra", "ConfigMap", "absent")),
        ("orders-1", say.volume_missing("extra", "Secret", "absent")),
        ("orders-3", say.init_fails("helper", 1)),
    ]


def test_the_runs_namespace_is_in_no_sentence() -> None:
    """The kubelet's words name the object without the run's namespace."""
    lane = lane_on_one_node()
    see(lane, "key-missing")
    lost = "CreateContainerConfigError: couldn't find key FAREWELL in ConfigMap settings"
    assert waiting(lane) == [("orders-1", say.cant_start("orders", lost))]
    assert [e.detail for e in lane.log.events if e.kind is EventKind.FAILED] == [lost]


@pytest.mark.parametrize(
    ("case", "could"),
    [("port-elsewhere", True), ("sidecar-crashes", False), ("gpu", False), ("config-map-missing", False)],
)
def test_another_release_is_tried_where_it_could_do_better(case: str, could: bool) -> None:
    """A slow start that failed for a reason outside the shop isn't tried again with another release."""
    lane = lane_on_one_node()
    see(lane, case)
    assert lane.any_release_could() is could


def test_pods_that_are_never_created_have_no_better_release() -> None:
    """Pods that the namespace refuses are refused in every release."""
    lane = lane_on_one_node()
    lane._event(
        "ADDED", {"reason": "FailedCreate", "message": "is forbidden", "involvedObject": {"kind": "ReplicaSet"}}
    )
    assert not lane.any_release_could()


def unscheduled(lane: KindDriver, why: str) -> KindDriver:
    lane.pods["orders-1"] = PodSeen("orders-1")
    lane.log.events.append(
        Event(1.0, "rollout", "orders-1", EventKind.FAILED_SCHEDULING, f"0/1 nodes are available: 1 {why}.")
    )
    return lane


@pytest.mark.parametrize(
    "asked", [{"nvidia.com/gpu": "1"}, {"hugepages-2Mi": "64Mi"}, {"ephemeral-storage": "100Ti"}, {"memory": "64Gi"}]
)
def test_what_no_empty_node_has_is_a_finding(asked: dict[str, str]) -> None:
    """A pod that doesn't fit on an empty node isn't blamed on a full cluster, for any resource."""
    (name,) = asked
    unscheduled(lane_on_one_node(**asked), f"Insufficient {name}").check_capacity()


@pytest.mark.parametrize("why", ["Insufficient cpu", "Insufficient memory", "Too many pods"])
def test_a_full_cluster_gives_no_verdict(why: str) -> None:
    """If a pod that fits on an empty node finds no room, the answer isn't judged."""
    with pytest.raises(WorldError, match="The cluster is full"):
        unscheduled(lane_on_one_node(), why).check_capacity()


COMPLETE = {
    "metadata": {"name": "orders", "generation": 1}, "spec": {"replicas": 3},
    "status": {"observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3},
}  # fmt: skip
PROBED = {
    "name": "orders",
    "image": "shop/orders:1.0.0",
    "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080}},
}


def rolled_out(lane: KindDriver, containers: list[dict[str, Any]], restarts: int = 0) -> KindDriver:
    """The lane of a Deployment that is done, with three such pods."""
    lane._deployed("ADDED", COMPLETE)
    for number in range(3):
        pod = lane.pods.setdefault(f"orders-{number}", PodSeen(f"orders-{number}"))
        pod.latest, pod.ready, pod.restarts = {"spec": {"containers": containers}}, True, restarts
    return lane


@pytest.mark.parametrize(
    ("containers", "restarts", "at_once"),
    [
        ([PROBED], 0, True), ([PROBED], 1, False), ([{"name": "orders", "image": "shop/orders:1.0.0"}], 0, False),
        ([PROBED, {"name": "helper", "image": "shop/sidecar:1.0.0"}], 0, False),
    ],
)  # fmt: skip
def test_a_rollout_that_is_done_for_a_moment(containers: list[dict[str, Any]], restarts: int, at_once: bool) -> None:
    """If a container is ready only between two crashes, its rollout is complete once it has stayed ready for a while."""
    lane = rolled_out(lane_on_one_node(), containers, restarts)
    assert lane.stays_complete() is at_once
    lane.log.began -= UNTIL_CRASHED
    assert lane.stays_complete()
    lane.pods["orders-1"].ready = False
    assert not lane.stays_complete()
    lane.pods["orders-1"].ready = True
    assert lane.stays_complete() is at_once


@pytest.mark.parametrize(
    ("limit", "steady"), [("1Ki", UNTIL_EVICTED), (str(TINY_STORAGE - 1), UNTIL_EVICTED), ("1Mi", 0.0), ("2Gi", 0.0)]
)
def test_a_rollout_with_little_storage_waits_for_the_kubelet(limit: str, steady: float) -> None:
    """If a container may write almost nothing to disk, its rollout is complete once the kubelet has measured its files."""
    container = PROBED | {"resources": {"limits": {"ephemeral-storage": limit}}}
    lane = rolled_out(lane_on_one_node(), [container])
    assert lane.stays_complete() is (steady == 0)
    lane.log.began -= steady
    assert lane.stays_complete()


def test_an_evicted_pod_has_no_better_release() -> None:
    """An evicted pod doesn't count as alive, and would be evicted in every release."""
    lane = lane_on_one_node()
    see(lane, "port-elsewhere")
    assert lane.any_release_could()
    about = {"kind": "Pod", "name": "orders-1"}
    lane._event("ADDED", {"reason": "Evicted", "message": "too much", "involvedObject": about})
    assert not lane.any_release_could()
    assert lane.alive() == []
    assert waiting(lane) == [("orders-1", say.evicted("too much"))]


@pytest.mark.parametrize(("variables", "port"), [([], 8080), ([{"name": "PORT", "value": "9999"}], 9999)])
def test_a_pod_is_asked_where_it_listens(variables: list[dict[str, str]], port: int) -> None:
    """The request in flight goes to the port on which the answer makes the shop listen."""
    manifest = yaml.safe_load(DEPLOYMENT)
    manifest["spec"]["template"]["spec"]["containers"][0]["env"] = variables
    asked: list[str] = []

    class Asked(Starting):
        def ask(self, method: str, path: str, *_: Any, **__: Any) -> Answer:
            asked.append(path)
            return Answer(200, {})

    scenario = Scenario(tuple(read(yaml.safe_dump(manifest))))
    KindDriver(cast("Api", Asked()), "run", scenario, SharedLog(lambda: None)).orders(PodSeen("orders-1"), 1)
    assert asked == [f"/api/v1/namespaces/run/pods/orders-1:{port}/proxy/orders"]


def test_a_leak_ends_in_the_memory_limit() -> None:
    """A leaking pod that ends with SIGKILL was killed at its memory limit, with any name from the runtime."""
    spec = {"containers": [PROBED]}

    class Leaky(Starting):
        def ask(self, method: str, path: str, *_: Any, **__: Any) -> Answer:
            if method == "PUT":
                ended = {"terminated": {"exitCode": 137, "reason": "Error", "containerID": "one"}}
                again = {
                    "name": "orders",
                    "ready": True,
                    "restartCount": 1,
                    "containerID": "two",
                    "state": {"running": {}},
                }
                status = {"containerStatuses": [again | {"lastState": ended}]}
                lane._pod("MODIFIED", {"metadata": {"name": "orders-1"}, "spec": spec, "status": status})
            return Answer(200, {})

    lane = KindDriver(cast("Api", Leaky()), "run", Scenario(tuple(read(DEPLOYMENT))), SharedLog(lambda: None))
    pod = lane.pods.setdefault("orders-1", PodSeen("orders-1", ready=True))
    lane._endpoints("ADDED", {"metadata": {"name": "a"}, "endpoints": [{"targetRef": {"name": "orders-1"}}]})
    script._leak(lane)
    kinds = [e.kind for e in lane.log.events if e.subject == "orders-1"]
    assert kinds == [EventKind.OOM_KILLED, EventKind.EXITED, EventKind.STARTED, EventKind.FAULT]
    assert not pod.leaks
