"""The release train on a real cluster, where what it does depends on the pods' answers: here they are ours."""

from __future__ import annotations

from typing import Any, cast

from cluster.kind.api import Answer, Api
from cluster.kind.observed import PodSeen
from cluster.kind.record import Record
from cluster.kind.train import Faults
from cluster.manifests import read
from cluster.scenario import Scenario
from tests.graders.exercises.test_deployment import SOLUTION


class Starting:
    """An API server whose pods' programs listen from the third request on."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, method: str, path: str, *_: Any, **__: Any) -> Answer:
        self.asked.append((method, path.rpartition("/proxy")[2]))
        return Answer(200, {}) if len(self.asked) > 2 else Answer(503, {"message": "connect: connection refused"})


def test_a_fault_waits_until_the_program_listens() -> None:
    """A pod that is ready before its program listens gets its fault once it does."""
    server = Starting()
    lane = Faults(cast("Api", server), "run", Scenario(tuple(read(SOLUTION))), Record(lambda: None))
    lane._break(PodSeen("orders-1"), "hang")
    assert server.asked == 3 * [("PUT", "/faults/hang")]


def test_a_pod_that_is_gone_gets_no_fault() -> None:
    """A pod that is gone isn't waited for."""
    server, pod = Starting(), PodSeen("orders-1")
    pod.gone = True
    lane = Faults(cast("Api", server), "run", Scenario(tuple(read(SOLUTION))), Record(lambda: None))
    lane._break(pod, "hang")
    assert server.asked == []


def pod(scheduled: str, reason: str = "") -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": scheduled, "reason": reason, "message": "0/1 nodes are available"}
    spec = {"containers": [{"name": "orders", "image": "shop/orders:1.0.0"}]}
    return {"metadata": {"name": "orders-1"}, "spec": spec, "status": {"conditions": [condition]}}


def later(lane: Faults) -> bool:
    """Whether the lane gives its rollout up a minute from now."""
    lane.record.began -= 60
    return lane._hopeless()


def test_a_pod_that_found_its_node_late_is_waited_for() -> None:
    """A rollout is given up while a pod has no node, and no longer once others made room for it."""
    lane = Faults(cast("Api", Starting()), "run", Scenario(tuple(read(SOLUTION))), Record(lambda: None))
    assert not later(lane)
    lane._pod("ADDED", pod("False", "Unschedulable"))
    assert not lane._hopeless()
    assert later(lane)
    lane._pod("MODIFIED", pod("True"))
    assert not later(lane)


def test_a_pod_that_is_gone_is_not_waited_for() -> None:
    """What kept a pod from starting that is deleted since doesn't end the rollout of those after it."""
    lane = Faults(cast("Api", Starting()), "run", Scenario(tuple(read(SOLUTION))), Record(lambda: None))
    lane._pod("ADDED", pod("False", "Unschedulable"))
    gone = pod("False", "Unschedulable")
    gone["metadata"]["deletionTimestamp"] = "now"
    lane._pod("MODIFIED", gone)
    assert not later(lane)
