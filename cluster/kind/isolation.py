"""Isolation of learners' runs: by network policies if the network enforces them, or else one run after the other.

Every run's namespace has a NetworkPolicy that lets its pods reach only one another. Not every network
enforces it (kind's own does since v0.24), and a learner's program must not reach another learner's pods. So if other
runs have pods, a canary tests the network.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from cluster.errors import WorldError
from cluster.kind import rewrite
from cluster.kind.api import Api
from cluster.kind.guards import SELECTOR
from cluster.kind.rewrite import LOAD, LOAD_PORT

Namespace = Callable[[Api, str], contextlib.AbstractContextManager[None]]
"""Creates a protected namespace, and deletes it at the end."""

GONE_WITHIN = 6.0
"""How long pods may still exist after their run, in seconds."""

ANSWERED_WITHIN = 30.0


def await_alone(api: Api, enforced: Callable[[], bool], seconds: float, tidy: Callable[[], object]) -> None:
    """Wait until no other run has pods, or return at once if the network isolates runs. Raises WorldError after ``seconds``.

    ``tidy`` is called repeatedly; it deletes the expired namespaces of killed runs.
    """
    again, began = threading.Event(), time.monotonic()  # never set: others' pods aren't watched
    canary: bool | None = None
    while others := running(api):
        waited = time.monotonic() - began
        if waited > GONE_WITHIN and canary is None:
            canary = enforced()
        if canary:
            return
        if waited > seconds:
            raise WorldError(
                f"Another run is in progress ({others[0]}), and this cluster's network doesn't isolate runs.",
                "Try again when it is over; `workbook cluster status` lists the runs.",
            )
        again.wait(1)
        tidy()


def running(api: Api) -> tuple[str, ...]:
    """Return the namespaces of runs with pods."""
    ours = {str(n["metadata"]["name"]) for n in api.get("/api/v1/namespaces", labelSelector=SELECTOR)["items"]}
    return tuple(sorted({str(p["metadata"]["namespace"]) for p in api.get("/api/v1/pods")["items"]} & ours))


def enforces(api: Api, namespace: Namespace) -> bool:
    """Whether the network enforces policies: a client tries to reach a pod in another namespace and one in its own."""
    name = f"workbook-canary-{secrets.token_hex(4)}"
    with namespace(api, f"{name}-a"), namespace(api, f"{name}-b"):
        for where in ("a", "b"):
            api.create(f"/api/v1/namespaces/{name}-{where}/pods", rewrite.load_client())
        addresses = [_address(api, f"{name}-{where}") for where in ("a", "b")]
        own, foreign = (_reached(api, f"{name}-a", address) for address in addresses)
    return own and not foreign


def _address(api: Api, namespace: str) -> str:
    """Return the address of the canary's pod once it runs."""
    for pod in _looks(api, f"/api/v1/namespaces/{namespace}/pods/{LOAD}"):
        status = pod.get("status", {})
        if status.get("podIP") and status.get("phase") == "Running":
            return str(status["podIP"])
    raise WorldError("The canary that tests the network never started.", "`workbook cluster status` shows more.")


def _reached(api: Api, namespace: str, address: str) -> bool:
    """Whether the namespace's client gets any answer from the load client's port at an address."""
    path = f"/api/v1/namespaces/{namespace}/pods/{LOAD}:{LOAD_PORT}/proxy/load"
    query = {"host": address, "port": LOAD_PORT, "rate": 2}
    for _ in _looks(api, path):
        if api.ask("PUT", path, query=query).good:
            break
    # It has no /orders: a 404 is an answer, a timeout or a refusal isn't. Stopping waits for open requests.
    for state in _looks(api, path):
        if int(state.get("sent", 0)) >= 2:  # noqa: PLR2004
            break
    answer = api.ask("DELETE", path)
    return answer.good and "404" in answer.body["reasons"]


def _looks(api: Api, path: str) -> Iterator[dict[str, Any]]:
    """Yield the object's state repeatedly for a while; skip it while it doesn't exist."""
    again, until = threading.Event(), time.monotonic() + ANSWERED_WITHIN
    while time.monotonic() < until:
        answer = api.ask("GET", path)
        yield answer.body if answer.good and isinstance(answer.body, dict) else {}
        again.wait(0.3)
