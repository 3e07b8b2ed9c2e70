"""The workbook's own kind cluster, visible only to the tests that need it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from cluster.kind.lifecycle import status

_VARIABLES = ("KUBECONFIG", "WORKBOOK_CONTEXT")
_OF_THIS_MACHINE = {name: os.environ.get(name) for name in _VARIABLES}


def hide_cluster() -> None:
    """Hide this machine's clusters from the tests: with a cluster, a check in a notebook takes minutes."""
    os.environ["KUBECONFIG"] = os.devnull
    os.environ.pop("WORKBOOK_CONTEXT", None)


@contextmanager
def cluster_in_sight() -> Iterator[None]:
    """The environment as this machine has it."""
    hidden = {name: os.environ.get(name) for name in _VARIABLES}
    _put(_OF_THIS_MACHINE)
    try:
        yield
    finally:
        _put(hidden)


@cache
def missing() -> str:
    """Why tests can't run on the cluster; empty if they can."""
    with cluster_in_sight():
        found = status()
    if not found.docker:
        return "Docker isn't here, so there is no kind cluster (docs/kind.md)"
    if not found.kind:
        return "kind isn't here, so there is no kind cluster (docs/kind.md)"
    if not found.ours or found.missing_images:
        return "no kind cluster of the workbook's is up (workbook cluster up)"
    return ""


def skip_without_cluster(items: list[pytest.Item], folder: Path) -> None:
    """Mark the tests of a folder, or a file, as skipped, with the reason, if there is no cluster."""
    inside = [item for item in items if folder in item.path.parents or item.path == folder]
    if inside and (reason := missing()):
        for item in inside:
            item.add_marker(pytest.mark.skip(reason=reason))


def _put(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
