"""Tests in several processes: all tests of a module run in one of them, and all tests of the cluster in one, in turn.

The tests that drive a browser are in one as well, because they share servers, a graded course and the browser.

Tests of the cluster wait most of the time, and they come first: together they take longer than all others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling


class Turns(LoadScopeScheduling):  # type: ignore[misc]
    """Distribute the tests, module by module."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        if needs_cluster(Path(self.config.rootpath, module)):
            return "cluster"
        return "browser" if module.startswith("tests/browser/") else module


@cache
def needs_cluster(module: Path) -> bool:
    """Whether a module's tests need the kind cluster."""
    return "live" in module.parts or "import cluster_in_sight" in module.read_text(encoding="utf-8")


def cluster_first(items: list[pytest.Item]) -> None:
    """Put the tests that need the cluster first, and keep the order otherwise."""
    items.sort(key=lambda item: not needs_cluster(item.path))
