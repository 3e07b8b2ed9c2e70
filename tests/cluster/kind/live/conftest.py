"""The cluster of the live tests, and their view of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.context import connect
from cluster.kind.world import own_namespace
from tests.cluster.kind.live.watching import awaited
from tests.support.live import cluster_in_sight, skip_without_cluster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the test if there is no cluster, with the reason."""
    skip_without_cluster(items, Path(__file__).parent)


@pytest.fixture(autouse=True)
def in_sight() -> Iterator[None]:
    """Make the cluster visible to these tests."""
    with cluster_in_sight():
        yield


@pytest.fixture(autouse=True)
def ready(in_sight: None) -> None:  # noqa: ARG001  after what makes the cluster visible
    """Begin each of these tests on a ready node, whatever the test before did to it."""
    with contextlib.suppress(WorldError):  # a test that has the API server away says so itself
        awaited(connect(), "/api/v1/nodes", is_ready)


@pytest.fixture
def api(in_sight: None) -> Api:  # noqa: ARG001  the connection is made with it
    """The API server of the workbook's own cluster."""
    return connect()


@pytest.fixture
def namespace(api: Api, request: pytest.FixtureRequest) -> Iterator[str]:
    """A run's namespace with its policies."""
    name = f"workbook-test-{abs(hash(request.node.name)) % 10**8}"
    with own_namespace(api, name):
        yield name


def is_ready(node: dict[str, Any]) -> bool:
    """Whether a node is ready."""
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"].get("conditions", []))
