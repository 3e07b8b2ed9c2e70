"""A node's capacity and an answer's requests: every resource, counted as by the scheduler."""

from __future__ import annotations

from typing import Any

import pytest

from cluster.kind.capacity import FreeCapacity, Need
from cluster.pods.requests import NOTHING, Amount, requested

MIB = 2**20


def container(**fields: Any) -> dict[str, Any]:
    return {"name": "a", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}, **fields}


def asking(**amounts: str) -> dict[str, Any]:
    return {"name": "a", "resources": {"requests": amounts}}


@pytest.mark.parametrize(
    ("pod", "cpu", "memory"),
    [
        ({"containers": [container(), container()]}, 0.2, 128),
        ({"containers": [{"name": "a", "resources": {"limits": {"cpu": "1", "memory": "1Mi"}}}]}, 1.0, 1),
        ({"containers": [container()], "initContainers": [asking(cpu="1", memory="1Mi")]}, 1.0, 64),
        ({"containers": [container()], "initContainers": [container(restartPolicy="Always")]}, 0.2, 128),
        (
            {"containers": [asking()], "initContainers": [container(restartPolicy="Always"), asking(cpu="1")]},
            1.1, 64,
        ),
        ({"containers": [container()], "resources": {"requests": {"cpu": "2"}, "limits": {"memory": "1Gi"}}}, 2.0, 1024),
    ],
)  # fmt: skip
def test_a_pod_asks_for_what_the_scheduler_counts(pod: dict[str, Any], cpu: float, memory: float) -> None:
    """Containers' amounts add up, init containers run before them and sidecars beside them; the pod's own amounts take precedence."""
    asked = requested(pod)
    assert (round(asked.cpu, 3), asked.memory / MIB) == (cpu, memory)


def test_a_container_that_asks_for_nothing_is_given_the_least() -> None:
    """A container without requests counts with the namespace's defaults."""
    assert requested({"containers": [{"name": "a"}]}, Amount(0.02, 32 * MIB)) == Amount(0.02, 32 * MIB, {"pods": 1})


EMPTY = Amount(2.0, 1024 * MIB, {"pods": 110, "ephemeral-storage": 2**30, "hugepages-2Mi": 0})


@pytest.mark.parametrize(
    ("name", "amount", "could"),
    [
        ("nvidia.com/gpu", "1", False), ("hugepages-2Mi", "64Mi", False), ("ephemeral-storage", "100Ti", False),
        ("ephemeral-storage", "1Mi", True), ("cpu", "3", False), ("cpu", "1", True), ("memory", "2Gi", False),
    ],
)  # fmt: skip
def test_no_empty_node_has_it(name: str, amount: str, could: bool) -> None:
    """If even an empty node doesn't have enough of a resource, the cluster isn't called full."""
    pod = requested({"containers": [asking(**{name: amount})]})
    assert FreeCapacity(NOTHING, EMPTY, (EMPTY,)).could_hold(Need(pod, pod)) is could


def test_a_pod_runs_on_one_node() -> None:
    """A pod that fits on no single node can't run, however much all nodes have together."""
    pod = Amount(3.0, 64 * MIB)
    assert not FreeCapacity(NOTHING, EMPTY.times(2), (EMPTY, EMPTY)).could_hold(Need(pod, pod))
    assert FreeCapacity(NOTHING, EMPTY.times(2), (EMPTY, EMPTY)).could_hold(Need(pod.times(0.5), pod))
