"""Why a pod isn't ready: recorded statuses and events, each of the contract's case with that name."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cluster.kind.observed import PodSeen
from cluster.kind.unready import MOST_EVENTS, Heard, PodObstacle, obstacles
from cluster.pods import obstacles as say

SEEN: dict[str, Any] = json.loads((Path(__file__).parent / "statuses.json").read_text(encoding="utf-8"))


def found(name: str, *, ready_too: bool = False, **status: Any) -> list[PodObstacle]:
    """What keeps the pod of a case from being ready, with a status that is changed."""
    seen = copy.deepcopy(SEEN[name])
    pod = {"metadata": {"name": "orders-1"}, "spec": seen["spec"], "status": seen["status"] | status}
    return list(obstacles(pod, [heard(*event) for event in seen["events"]], ready_too=ready_too))


def heard(reason: str, container: str, message: str) -> Heard:
    """An event as the API tells it, of a container or of the pod."""
    about = {"fieldPath": f"spec.containers{{{container}}}"} if container else {}
    return Heard.of({"reason": reason, "message": message, "involvedObject": about})


def test_every_status_is_tested() -> None:
    """No observed status is left out."""
    assert SEEN.keys() == REQUIREMENTS.keys()


_ABSENT = 'CreateContainerConfigError: configmap "absent" not found'
REQUIREMENTS: dict[str, tuple[list[str], bool]] = {
    "init-fails": ([say.init_fails("helper", 1)], True),
    "init-never-ends": ([say.init_runs_on("helper")], False),
    "init-is-a-server": ([say.init_runs_on("helper")], False),
    "init-image-missing": ([say.cant_start("helper", "ErrImagePull: shop/orders:9.9.9")], True),
    "init-config-map-missing": ([say.cant_start("helper", _ABSENT)], True),
    "sidecar-crashes": ([say.ends("helper", 1)], True),
    "sidecar-ends": ([say.ends("helper", 0)], True),
    "sidecar-never-ready": ([say.not_ready("helper")], False),
    "native-sidecar-crashes": ([say.ends("helper", 1)], True),
    "second-on-the-port": ([say.ends("orders", 1)], True),
    "port-elsewhere": ([say.killed("orders", "liveness")], False),
    "post-start-fails": ([say.hook_fails("orders")], True),
    "no-such-command": (
        [say.cant_start("orders", 'RunContainerError: exec: "serve-orders": executable file not found in $PATH')], True,
    ),
    "root-forbidden-and-asked": (
        [say.cant_start("orders", "CreateContainerConfigError: container's runAsUser breaks non-root policy")], True,
    ),
    "memory-in-thousandths": ([say.cant_start("orders", "FailedCreatePodSandBox: cannot allocate memory")], True),
    "storage-tiny": ([say.evicted("Pod ephemeral local storage usage exceeds the total limit of containers 1Ki.")], False),
    "scheduling-gate": ([say.scheduling_gate("shop.example/hold")], True),
    "scheduler-missing": ([say.no_scheduler("mine")], True),
    "node-missing": ([say.no_node("node-7")], True),
    "readiness-gate": ([say.readiness_gate("shop.example/approved")], True),
    # the scheduler's own words are an event of the timeline
    "gpu": ([""], True),
    "huge-pages": ([""], True),
    "storage-beyond-the-node": ([""], True),
    "claim-missing": ([""], True),
    "config-map-missing": ([say.cant_start("orders", _ABSENT)], True),
    "config-map-volume-missing": ([say.volume_missing("extra", "ConfigMap", "absent")], True),
    "secret-volume-missing": ([say.volume_missing("extra", "Secret", "absent")], True),
    "projected-volume-missing": (
        [say.volume_missing("extra", "ConfigMap", "absent"), say.volume_missing("extra", "Secret", "absent")], True,
    ),
    "key-missing": (
        [say.cant_start("orders", "CreateContainerConfigError: couldn't find key FAREWELL in ConfigMap run/settings")], True,
    ),
    "volume-key-missing": ([say.key_missing("extra", "FAREWELL", "ConfigMap", "settings")], True),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_what_keeps_a_pod_from_being_ready(name: str) -> None:
    """A pod's status and its events say what it waits for, and whether that can change."""
    sentences, lasting = REQUIREMENTS[name]
    assert [(o.sentence, o.lasting) for o in found(name)] == [(sentence, lasting) for sentence in sentences]


def test_only_the_shop_depends_on_its_release() -> None:
    """Another release of the shop can change a problem of the shop, and no other problem."""
    assert [o.of_shop for o in found("port-elsewhere")] == [True]
    assert [
        o.of_shop for name in ("sidecar-crashes", "gpu", "init-fails", "readiness-gate") for o in found(name)
    ] == 4 * [False]


READY = [{"type": name, "status": "True"} for name in ("PodScheduled", "ContainersReady", "Ready")]


def test_a_container_that_ends_again_and_again_is_ready_in_between() -> None:
    """A pod that is ready only for a moment is also reported, if its rollout never becomes complete."""
    running = {"name": "helper", "ready": True, "restartCount": 3, "state": {"running": {}}}
    last = {"terminated": {"exitCode": 1, "startedAt": "2026-11-28T22:00:00Z", "finishedAt": "2026-11-28T22:00:00Z"}}
    statuses = [running | {"lastState": last}]
    assert found("sidecar-crashes", conditions=READY, containerStatuses=statuses) == []
    told = found("sidecar-crashes", ready_too=True, conditions=READY, containerStatuses=statuses)
    assert [o.sentence for o in told] == [say.ends("helper", 1)]


def test_a_crash_that_may_pass_is_waited_for() -> None:
    """A container that ran for a while, or hasn't been restarted often, may become ready the next time."""
    end = {"exitCode": 1, "startedAt": "2026-11-28T22:00:00Z", "finishedAt": "2026-11-28T22:00:01Z"}
    for restarts, finished, lasting in ((3, "01Z", True), (2, "01Z", False), (3, "09Z", False)):
        ended = {"terminated": end | {"finishedAt": f"2026-11-28T22:00:{finished}"}}
        status = {"name": "helper", "ready": False, "restartCount": restarts, "state": ended}
        (told,) = found("sidecar-crashes", containerStatuses=[status])
        assert told == PodObstacle(say.ends("helper", 1), lasting)


def test_an_evicted_pod() -> None:
    """An evicted pod has ended: its event has the kubelet's words, and it no longer counts as alive."""
    words = "Pod ephemeral local storage usage exceeds the total limit of containers 1Ki."
    seen = PodSeen("orders-1")
    pod = {
        "metadata": {"name": "orders-1"},
        "spec": {},
        "status": {"phase": "Failed", "reason": "Evicted", "message": f"{words} "},
    }
    assert [(kind.value, detail) for kind, detail, _ in seen.changed(pod, "MODIFIED")] == [("Evicted", words)]
    assert list(seen.changed(pod, "MODIFIED")) == []
    assert seen.gone
    assert [o.sentence for o in seen.obstacles()] == [say.evicted(words)]


def test_an_evicted_pod_whose_process_ends_well() -> None:
    """An evicted pod whose process exits with 0 looks completed; only its event shows the eviction, and it is logged once."""
    seen = PodSeen("orders-1")
    pod = {"metadata": {"name": "orders-1"}, "spec": {}, "status": {"phase": "Succeeded"}}
    assert list(seen.changed(pod, "MODIFIED")) == []
    assert seen.gone
    told = [kind.value for _ in range(2) for kind, _, _ in seen.heard({"reason": "Evicted", "message": "too much"})]
    assert told == ["Evicted"]
    assert [o.sentence for o in seen.obstacles()] == [say.evicted("too much")]


def test_events_are_kept_within_a_bound() -> None:
    """Each event of a pod is kept once, and the number of events is bounded."""
    seen = PodSeen("orders-1")
    for number in range(2 * MOST_EVENTS):
        for _ in range(2):
            list(seen.heard({"reason": "FailedMount", "message": f"again, {number}"}))
    assert len(seen.events) == len(set(seen.events)) == MOST_EVENTS


def test_the_main_container_alone_speaks_for_the_shop() -> None:
    """A pod that leaves the endpoints because of another container hasn't failed its readiness probe."""
    for ready, told in ((True, ["NotReady"]), (False, ["Unhealthy", "NotReady"])):
        seen = PodSeen("orders-1")
        status = {"name": "orders", "ready": ready, "containerID": "one", "state": {"running": {}}}
        spec = {
            "containers": [
                {"name": "orders", "image": "shop/orders:1.0.0"},
                {"name": "helper", "image": "shop/sidecar:1.0.0"},
            ]
        }
        list(
            seen.changed(
                {"metadata": {"name": "orders-1"}, "spec": spec, "status": {"containerStatuses": [status]}}, "ADDED"
            )
        )
        list(seen.endpoint(ready=True))
        assert [kind.value for kind, _, _ in seen.endpoint(ready=False)] == told
