"""The API server's objects as events of the timeline."""

from __future__ import annotations

from typing import Any

import pytest

from cluster.kind.observed import PodSeen, complete, not_created, ready_pods
from cluster.train.timeline import EventKind


def pod(**container: Any) -> dict[str, Any]:
    """A pod with one container in that state, or without one."""
    status = {"containerStatuses": [{"name": "orders", "restartCount": 0, **container}]} if container else {}
    spec = {"containers": [{"name": "orders", "image": "shop/orders:1.0.0"}]}
    return {"metadata": {"name": "orders-1"}, "spec": spec, "status": status}


def with_condition(thing: dict[str, Any], **condition: str) -> dict[str, Any]:
    return thing | {"status": thing["status"] | {"conditions": [condition]}}


def deleted(thing: dict[str, Any]) -> dict[str, Any]:
    return thing | {"metadata": thing["metadata"] | {"deletionTimestamp": "now"}}


def told(*changes: tuple[str, dict[str, Any]]) -> list[tuple[str, float | None]]:
    seen = PodSeen("orders-1")
    return [(kind.value, value) for change, thing in changes for kind, _, value in seen.changed(thing, change)]


RUNNING: dict[str, Any] = {"containerID": "one", "state": {"running": {}}}
AGAIN: dict[str, Any] = {"containerID": "two", "restartCount": 1, "state": {"running": {}}}


def ended(code: int, reason: str = "Error", container: str = "one") -> dict[str, Any]:
    return {"terminated": {"exitCode": code, "reason": reason, "containerID": container}}


def test_a_pod_that_starts() -> None:
    """Scheduled and started are logged once each, however often the server reports them."""
    running = with_condition(pod(**RUNNING), type="PodScheduled", status="True")
    assert told(("ADDED", pod()), ("MODIFIED", running), ("MODIFIED", running)) == [("Scheduled", None), ("Started", 0)]


def test_a_pod_that_is_restarted() -> None:
    """A container that ended, with a new one in its place, is an exit and a restart, even in a single change."""
    both = pod(lastState=ended(0), **AGAIN)
    assert told(("ADDED", pod(**RUNNING)), ("MODIFIED", both)) == [("Started", 0), ("Exited", 0), ("Started", 1)]


def test_a_pod_over_its_memory() -> None:
    """An OOM kill is an event with its exit code, before the exit."""
    killed = pod(containerID="one", state=ended(137, "OOMKilled"))
    assert told(("ADDED", pod(**RUNNING)), ("MODIFIED", killed), ("MODIFIED", killed)) == [
        ("Started", 0), ("OOMKilled", 137), ("Exited", 137),
    ]  # fmt: skip


def test_a_leak_that_ends_with_sigkill() -> None:
    """If a runtime doesn't report an OOM kill, SIGKILL counts as the end of the leak, but only for a leaking container."""
    killed = pod(containerID="one", state=ended(137))
    for leaks, expected in ((True, ["OOMKilled", "Exited"]), (False, ["Exited"])):
        seen = PodSeen("orders-1", leaks=leaks)
        assert [kind.value for kind, _, _ in seen.changed(killed, "MODIFIED")] == expected
    stopped = PodSeen("orders-1", leaks=True)
    assert [kind.value for kind, _, _ in stopped.changed(pod(containerID="one", state=ended(0)), "MODIFIED")] == [
        "Exited"
    ]


@pytest.mark.parametrize(
    "reason", ["ErrImagePull", "InvalidImageName", "CreateContainerConfigError", "RunContainerError"]
)
def test_a_container_that_cannot_start(reason: str) -> None:
    """The reason why a container can't start is logged once."""
    waiting = pod(state={"waiting": {"reason": reason, "message": "because"}})
    assert told(("ADDED", waiting), ("MODIFIED", waiting)) == [("Failed", None)]


def test_a_container_that_waits_to_be_started_again() -> None:
    """The back-off of a restart is an event with its delay in seconds."""
    message = {"reason": "CrashLoopBackOff", "message": "back-off 1m20s restarting failed container=orders"}
    assert told(("ADDED", pod(restartCount=3, state={"waiting": message}))) == [("BackOff", 80)]


def test_a_pod_without_a_node() -> None:
    """A pod that fits on no node is one event, in the scheduler's words."""
    nowhere = with_condition(
        pod(), type="PodScheduled", status="False", reason="Unschedulable", message="Insufficient cpu"
    )
    seen = PodSeen("orders-1")
    assert list(seen.changed(nowhere, "ADDED")) == [(EventKind.FAILED_SCHEDULING, "Insufficient cpu", None)]
    assert list(seen.changed(nowhere, "MODIFIED")) == []


def test_a_pod_that_is_deleted() -> None:
    """A deleted pod first ends its container, and then itself."""
    gone = deleted(pod(state=ended(0), containerID="one"))
    assert told(("ADDED", pod(**RUNNING)), ("MODIFIED", deleted(pod(**RUNNING))), ("DELETED", gone)) == [
        ("Started", 0), ("Killing", None), ("Exited", 0), ("Deleted", None),
    ]  # fmt: skip


def test_endpoints_say_who_serves() -> None:
    """The pods behind a Service are those in its slices that aren't marked as unready."""
    endpoints = [
        {"targetRef": {"name": "a"}, "conditions": {"ready": True}},
        {"targetRef": {"name": "b"}, "conditions": {"ready": False}},
        {"targetRef": {"name": "c"}},
        {"conditions": {"ready": True}},
    ]
    assert ready_pods([{"endpoints": endpoints}, {"endpoints": None}]) == {"a", "c"}


@pytest.mark.parametrize(
    ("probe", "said"), [("Liveness", "liveness probe failed"), ("Startup", "startup probe failed")]
)
def test_a_kill_for_a_probe(probe: str, said: str) -> None:
    """The kubelet's event about a kill names the probe."""
    seen = PodSeen("orders-1")
    list(seen.changed(pod(**RUNNING), "ADDED"))
    event = {
        "reason": "Killing", "message": f"Container orders failed {probe.lower()} probe, will be restarted",
        "involvedObject": {"kind": "Pod", "name": "orders-1", "fieldPath": "spec.containers{orders}"},
    }  # fmt: skip
    assert list(seen.heard(event)) == [(EventKind.UNHEALTHY, said, None), (EventKind.KILLING, "", None)]
    assert list(seen.heard(event | {"message": "Stopping container orders"})) == []
    assert list(seen.heard(event | {"involvedObject": {"fieldPath": "spec.containers{beside}"}})) == []


def test_a_pod_that_is_never_created() -> None:
    """A ReplicaSet's event has the reason why its pods are refused."""
    assert not_created({"reason": "FailedCreate", "message": "pods are forbidden"}) == "pods are forbidden"
    assert not_created({"reason": "SuccessfulCreate", "message": "Created pod"}) == ""


@pytest.mark.parametrize(
    ("status", "done"),
    [
        ({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}, True),
        ({"observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}, False),
        ({"observedGeneration": 2, "replicas": 4, "updatedReplicas": 3, "availableReplicas": 3}, False),
        ({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 2}, False),
        ({"observedGeneration": 2}, False),
    ],
)
def test_a_rollout_is_complete(status: dict[str, Any], done: bool) -> None:
    """A rollout is complete when every replica is new and available, no old one is left, and the status is current."""
    deployment = {"metadata": {"generation": 2}, "spec": {"replicas": 3}, "status": status}
    assert complete(deployment) is done


def test_a_container_that_ends_twice() -> None:
    """Each exit of a container that ends twice is one event, however often it is reported."""
    once, twice = pod(state=ended(2)), pod(lastState=ended(2), state=ended(2, container="two"))
    assert told(("ADDED", once), ("MODIFIED", twice), ("MODIFIED", twice)) == [("Exited", 2), ("Exited", 2)]
