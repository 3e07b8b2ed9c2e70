"""The cluster that the live tests run on, and how they look at it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import WorldError
from cluster.kind import guards
from cluster.kind.api import Api
from cluster.kind.context import connect
from cluster.kind.world import own_namespace
from tests.support.live import cluster_in_sight, skip_without_cluster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where there is no cluster, and say so."""
    skip_without_cluster(items, Path(__file__).parent)


@pytest.fixture(autouse=True)
def in_sight() -> Iterator[None]:
    """These tests see the cluster."""
    with cluster_in_sight():
        yield


@pytest.fixture(autouse=True)
def ready(in_sight: None) -> None:  # noqa: ARG001  after what makes the cluster visible
    """Each of these tests begins on a node that is ready, whatever the one before did to it."""
    with contextlib.suppress(WorldError):  # a test that has the API server away says so itself
        awaited(connect(), "/api/v1/nodes", is_ready)


@pytest.fixture
def api(in_sight: None) -> Api:  # noqa: ARG001  the connection is made with it
    """The API server of the workbook's own cluster."""
    return connect()


@pytest.fixture
def namespace(api: Api, request: pytest.FixtureRequest) -> Iterator[str]:
    """A run's namespace with its fences."""
    name = f"workbook-test-{abs(hash(request.node.name)) % 10**8}"
    with own_namespace(api, name):
        yield name


def is_ready(node: dict[str, Any]) -> bool:
    """Whether a node is ready."""
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"].get("conditions", []))


def namespaces(api: Api) -> set[str]:
    """The namespaces of runs that aren't on their way out."""
    every = api.get("/api/v1/namespaces", labelSelector=guards.SELECTOR)["items"]
    return {n["metadata"]["name"] for n in every if n["status"].get("phase") != "Terminating"}


def awaited(
    api: Api, path: str, done: Callable[[dict[str, Any]], bool], seconds: float = 60.0, **query: str
) -> dict[str, Any]:
    """The first object of a collection of which something holds, now or within so many seconds."""
    until = time.monotonic() + seconds
    listing = api.get(path, **query)
    for item in listing["items"]:
        if done(item):
            found: dict[str, Any] = item
            return found
    since = listing["metadata"]["resourceVersion"]
    while time.monotonic() < until:
        for change in api.watch(path, since, **query):
            since = change["object"]["metadata"].get("resourceVersion", since)
            if change["type"] != "BOOKMARK" and done(change["object"]):
                return dict(change["object"])
    raise AssertionError(f"nothing in {path} came to that within {seconds} s")
